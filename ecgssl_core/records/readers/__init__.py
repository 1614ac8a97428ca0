"""Readers of file formats: each has NAME, `takes(name, data)` and `read(name, files)`."""
