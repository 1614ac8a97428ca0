"""How long, how fast, and on what data a training runs."""

from typing import Literal

from .part import Part, setting


class OptimiserSettings(Part):
    """AdamW with linear warm-up and a fall of the rate."""

    rate: float = setting(5e-4, "Peak learning rate", gt=0, le=1)
    final_rate: float = setting(1e-6, "Learning rate at the end", ge=0, le=1)
    course: Literal["cosine", "three stages"] = setting(
        "cosine",
        "How the rate goes: warm-up and a cosine; or 10 % of the steps rising, 20 % at the peak, 70 % falling evenly",
    )
    warmup_epochs: int = setting(10, "Epochs of linear warm-up", ge=0, le=1000)
    weight_decay: float = setting(0.04, "Decoupled weight decay at the start, on matrices and kernels only", ge=0, le=1)
    final_weight_decay: float = setting(0.04, "Weight decay at the end (cosine between)", ge=0, le=1)
    second_moment: float = setting(0.999, "Share of the mean square of gradients that is kept at each step", ge=0, lt=1)
    epsilon: float = setting(1e-8, "Added to the root of that mean square", gt=0, le=1e-2)
    clip: float = setting(0.0, "Largest norm of the whole gradient; 0 does not clip", ge=0, le=1000)


class TrainingSettings(Part):
    """The loop: how long, how much at a time, on what."""

    epochs: int = setting(30, "Passes over the training records", ge=1, le=10000)
    batch: int = setting(64, "Records in a step", ge=2, le=8192)
    seed: int = setting(0, "Seed of everything random", ge=0, le=2**31 - 1)
    device: Literal["auto", "cpu", "cuda"] = setting("auto", "Where to train")
    precision: Literal["fp32", "bf16"] = setting("fp32", "Arithmetic of the forward pass")
    threads: int = setting(0, "Processor threads; 0 takes all cores", ge=0, le=256)
    probe_epochs: int = setting(5, "Epochs between two k-NN probes of a pretraining; 0 is never", ge=0, le=1000)
    checkpoint_epochs: int = setting(5, "Epochs between checkpoints", ge=1, le=1000)


class DataSettings(Part):
    """What to train on; paths are the only machine-dependent settings."""

    pack: str = setting("", "Pack folder")
    unlabelled: tuple[str, ...] = setting((), "Further packs, used in pretraining only")
    probe: str = setting(
        "", "Labelled pack whose training records judge the features of a pretraining now and then; empty: the pack"
    )
    label_share: float = setting(1.0, "Share of the training patients whose labels are used", gt=0, le=1)
    fold: int = setting(
        0, "Fold that nothing may see before it is scored; -1 holds none back (pretraining)", ge=-1, le=99
    )
    source: str = setting("", "Source that is held out as a whole, in place of the fold (leave-one-source-out)")
    exposure: Literal["fold_pure", "transductive", "external_pure"] = setting(
        "fold_pure", "What pretraining may see of the pack: its training folds, all of it, or nothing of it"
    )
    leads: tuple[str, ...] = setting((), "Leads that a fine-tuning reads, the others being silent; empty: all")
    classes: str = setting("cinc2020", "Label set")
    encoders: tuple[str, ...] = setting((), "Pretraining runs whose encoders are taken over")
    begun: str = setting("", "What tables call their pretraining, where there are several kinds")
