"""Training of the small network that marks the waves of a beat, on LUDB by folds."""
