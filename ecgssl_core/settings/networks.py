"""The networks: what reads the series, and what stands on its features."""

from typing import Literal

from .part import Part, setting

Modality = Literal["time", "spectrogram"]


class EncoderSettings(Part):
    """The network that reads the series; that of the spectrogram is always an SE-ResNet34."""

    series: Literal["xresnet1d50", "wav2vec"] = setting(
        "xresnet1d50", "Residual network (Phan et al. 2022), or frames and a transformer (Oh et al. 2022)"
    )
    presence: bool = setting(False, "Tell the network which leads are there; a missing one is exactly ignored")
    frame_width: int = setting(256, "Filters of the convolutions that make frames", ge=16, le=1024)
    width: int = setting(768, "Width of the transformer", ge=16, le=4096)
    layers: int = setting(12, "Layers of the transformer", ge=1, le=48)
    heads: int = setting(12, "Heads of each attention", ge=1, le=64)
    feed_forward: int = setting(3072, "Width of the network on each frame", ge=16, le=16384)
    position_kernel: int = setting(128, "Frames that tell a frame where it stands", ge=2, le=512)
    position_groups: int = setting(16, "Groups of that convolution", ge=1, le=64)
    causal: bool = setting(False, "Each frame sees those before it only (contrastive predictive coding)")
    dropout: float = setting(0.1, "Dropout between the parts of the transformer", ge=0, le=0.9)
    attention_dropout: float = setting(0.1, "Dropout of attention", ge=0, le=0.9)
    activation_dropout: float = setting(0.0, "Dropout within the network on each frame", ge=0, le=0.9)
    layer_drop: float = setting(0.0, "Probability that a layer is passed over in training", ge=0, le=0.9)
    frame_gradient: float = setting(
        0.1, "Share of the gradient that reaches the convolutions; 0 leaves them as they are", ge=0, le=1
    )


class ClassifierSettings(Part):
    """The supervised network: which modalities, how they are joined, what is trained."""

    modalities: tuple[Modality, ...] = setting(("time", "spectrogram"), "Encoders of the network")
    fusion: Literal["gate", "concatenate"] = setting(
        "gate", "How two modalities are joined (TSG: gate, TSC: concatenate)"
    )
    probe: Literal["none", "linear", "attention"] = setting(
        "none", "Leave the encoders as they are, and train only a linear layer on them, or one behind attention"
    )
    head: Literal["two layers", "one layer"] = setting(
        "two layers", "What stands on the features: two layers (Phan et al. 2022), or one (Oh et al. 2022)"
    )
    hidden_activation: bool = setting(False, "ReLU between the classifier's two layers (the paper has none)")
    dropout: float = setting(0.0, "Dropout before the classifier's layers", ge=0, le=0.9)
    take: Literal["student", "teacher"] = setting(
        "student", "Which network of a pretraining is taken over: the student as in the paper, the teacher as in DINO"
    )
    frozen: tuple[Modality, ...] = setting((), "Pretrained encoders that stay as they are; all of them: a linear probe")
    encoder_rate: float = setting(1.0, "Learning rate of the encoders, as a share of the classifier's", ge=0, le=1)
    windows: int = setting(1, "Windows of a record in one training step", ge=1, le=10)
    augment: bool = setting(True, "Apply the cut-outs, noise and lead masking of the views to training windows")
    mix: float = setting(
        0.0, "Largest share of another record's window that is mixed into a training window, its labels too", ge=0, le=1
    )
    average_weights: float = setting(
        0.0, "Score a running average of the weights that keeps this share; 0 is off", ge=0, lt=1
    )
