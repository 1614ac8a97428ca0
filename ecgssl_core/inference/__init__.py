"""A bundle applied to records: predictions, scores of a pack, a warm process that serves a page."""
