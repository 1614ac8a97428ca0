"""One file a kind of corpus: its NAME, whether it is GENERAL, and the functions `takes` and `entries`."""
