"""What is learned from: prototypes, masked frames, other records, or nothing at all."""

from typing import Literal

from .part import Part, setting


class DistillationSettings(Part):
    """Self-distillation as in DINO (Caron et al. 2021), as Phan et al. 2022 use it."""

    objective: Literal["prototypes", "coding_rate"] = setting(
        "prototypes", "Cross-entropy over prototypes (DINO), or agreement and coding rate without any (SimDINO)"
    )
    coding_rate: float = setting(1.0, "Weight of the coding rate, which keeps records apart", ge=0, le=100)
    prototypes: int = setting(2048, "Number of prototypes K", ge=8, le=131072)
    hidden: int = setting(512, "Width of the projection head", ge=32, le=4096)
    bottleneck: int = setting(128, "Width of the normalised bottleneck before the prototypes", ge=16, le=1024)
    student_temperature: float = setting(0.1, "Temperature of the student's softmax", gt=0, le=1)
    teacher_temperature: float = setting(0.04, "Temperature of the teacher's softmax", gt=0, le=1)
    balance: Literal["centre", "sinkhorn"] = setting(
        "centre", "What keeps the prototypes in use: a running centre (DINO), or Sinkhorn-Knopp on each batch (DINOv2)"
    )
    koleo: float = setting(0.0, "Weight of the KoLeo term, which keeps features of different records apart", ge=0, le=1)
    collapse_epochs: int = setting(
        5, "Epochs in a row that look collapsed, after which training stops; 0 never stops", ge=0, le=1000
    )
    centre_momentum: float = setting(0.9, "Share of the old centre that is kept at each step", ge=0, le=1)
    teacher_momentum: float = setting(0.99, "Share of the teacher that is kept at each step, at the start", ge=0, le=1)
    teacher_momentum_end: float = setting(1.0, "The same share at the end of training (cosine between)", ge=0, le=1)
    freeze_prototypes_epochs: int = setting(1, "Epochs in which the prototypes are not trained", ge=0, le=100)


class LocalContextSettings(Part):
    """Telling masked frames from others of the same record (wav2vec 2.0, Baevski et al. 2020; Oh et al. 2022)."""

    mask_share: float = setting(0.65, "Length of all masked spans together, as a share of the frames", ge=0.05, le=0.95)
    mask_frames: int = setting(10, "Length of a masked span", "frames", ge=1, le=100)
    mask_count: Literal["least of batch", "fixed"] = setting(
        "least of batch", "Cut all masks to the smallest of the batch, as published, or mask the same share always"
    )
    negatives: int = setting(100, "Other masked frames that each is told from", ge=1, le=1000)
    temperature: float = setting(0.1, "Temperature of the choice among frames", gt=0, le=1)
    groups: int = setting(2, "Codebooks", ge=1, le=8)
    entries: int = setting(320, "Entries of a codebook", ge=2, le=4096)
    code_width: int = setting(256, "Width of a code, all groups together", ge=8, le=2048)
    choice_start: float = setting(2.0, "Temperature of the choice of entries at the start", gt=0, le=10)
    choice_end: float = setting(0.5, "Lowest temperature of the choice of entries", gt=0, le=10)
    choice_decay: float = setting(
        0.999995, "Factor of that temperature at each step; 1 goes from start to end over the training", gt=0, le=1
    )
    diversity: float = setting(0.1, "Weight of the term that keeps all entries in use", ge=0, le=100)
    penalty: float = setting(10.0, "Weight of the mean square of the frames", ge=0, le=1000)
    all_leads: bool = setting(False, "Targets come from all leads, also from those that lead masking took away")


class ContrastSettings(Part):
    """Telling records apart by their views (CMSC, SimCLR, 3KG), or agreeing without telling (BYOL)."""

    temperature: float = setting(0.1, "Temperature of the choice among records", gt=0, le=1)
    weight: float = setting(1.0, "Weight of this term beside the local one", ge=0, le=100)
    true_cosine: bool = setting(False, "Let gradients pass through the lengths of the vectors; published code does not")
    same: Literal["record", "patient"] = setting("record", "Whose views belong together")
    gather: bool = setting(False, "Tell records apart from those of all processes")
    hidden: int = setting(0, "Width of a projection head; 0 is none", ge=0, le=4096)
    momentum: float = setting(0.99, "Share of the slow copy that is kept at each step (BYOL)", ge=0, le=1)
    ahead: int = setting(12, "Frames that are foretold (contrastive predictive coding)", "frames", ge=1, le=100)


class IdentitySettings(Part):
    """Telling persons apart (ArcFace, Deng et al. 2019, as Oh et al. 2022 use it)."""

    persons: int = setting(0, "Persons of the training; counted when it begins", ge=0, le=10_000_000)
    scale: float = setting(192.0, "Scale of the cosines", gt=0, le=1000)
    margin: float = setting(1.0, "Angle by which the own person must be nearer", "rad", ge=0, le=1.5)
    deciding_folds: int = setting(4, "Folds after the test fold on whose persons thresholds are chosen", ge=1, le=20)
    dates: str = setting("", "CSV that says when recordings were made; without it they stand in the order of names")


class BaselineSettings(Part):
    """What a network must beat; needs none."""

    kind: Literal["inactive", "silent", "all-one", "best-constant", "prevalence", "age-sex", "features"] = setting(
        "features", "Constant answers, prevalence in training, or logistic regression on age and sex or on features"
    )
    penalty: float = setting(
        0.0, "Penalty on large weights of the regression; 0: validation records choose 1, 10, 100 or 1000", ge=0, le=1e6
    )
