"""The command line: one function a verb, each reading its words, calling the core once, and printing."""

from .verbs import VERBS, main

__all__ = ["VERBS", "main"]
