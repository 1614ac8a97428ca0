"""One file a kind of corpus: its NAME, its PLACE, its LABELS, and the functions `takes` and `entries`."""
