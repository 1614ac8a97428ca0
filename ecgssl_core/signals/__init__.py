"""Arithmetic on arrays and tensors: preparing a signal for a network, and the views that pretraining compares."""
