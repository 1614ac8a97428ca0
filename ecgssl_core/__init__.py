"""Self-supervised learning from electrocardiograms: read, pack, pretrain, fine-tune, score, release, predict."""

__version__ = "0.1.0"

PURPOSE = "For research and teaching; not a medical device; do not use for the care of a patient."
