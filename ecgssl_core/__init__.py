"""Self-supervised learning from electrocardiograms: read, pack, pretrain, fine-tune, score, release, predict."""

__version__ = "0.1.0"
