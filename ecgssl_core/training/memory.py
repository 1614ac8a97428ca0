"""How the C library hands out memory: kept between steps, not given back to the system and asked for again."""

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # names of glibc's mallopt
_LARGEST_MMAP_THRESHOLD = 1 << 25


def keep_memory() -> None:
    """Let glibc keep what is freed: each step asks for the same blocks, and fresh pages cost as much as their use.

    Elsewhere than on Linux with glibc nothing changes.
    """
    if not sys.platform.startswith("linux"):
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "gnu_get_libc_version"):
        library.mallopt(_MMAP_THRESHOLD, _LARGEST_MMAP_THRESHOLD)
        library.mallopt(_TRIM_THRESHOLD, (1 << 31) - 1)
