"""Readers of file formats, one a file: each has NAME, GENERAL, `takes(name, content)` and `read(name, files)`."""
