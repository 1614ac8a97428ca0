"""How well the checks of a signal tell good records from bad ones, and how their frozen numbers were fitted."""
