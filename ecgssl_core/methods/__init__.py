"""Training objectives, one a file; they know neither files nor packs, nor the loop, the device or any log."""
