"""Lengths of time as people say them."""


def spoken(seconds: float) -> str:
    """Give a length of time in its largest fitting unit, such as `3 min` or `1.5 h`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.1f} days"
