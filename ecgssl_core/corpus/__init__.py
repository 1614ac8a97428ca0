"""Many ECGs: a folder of records, its pack, folds, labels and leaks."""
