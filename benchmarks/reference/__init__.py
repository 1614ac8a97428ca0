"""Every step as the paper and its authors' code do it, in plain loops: what our speed is measured against."""
