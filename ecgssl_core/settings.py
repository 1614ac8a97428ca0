"""Presets in TOML to frozen, typed settings with descriptions and limits; what a value means is not known here."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Self

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo

from ecgssl_core.errors import SettingsError, nearest

Modality = Literal["time", "spectrogram"]


def _field(default: Any, text: str, unit: str = "", **limits: Any) -> Any:
    return Field(default, description=text, json_schema_extra={"unit": unit}, **limits)


def unit_of(field: FieldInfo) -> str:
    """Give the unit of a setting, or an empty text."""
    extra = field.json_schema_extra
    return str(extra.get("unit", "")) if isinstance(extra, dict) else ""


class Part(BaseModel):
    """A frozen group of settings in which an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class InputSettings(Part):
    """What a network reads: how a record is cut and turned into numbers."""

    window: int = _field(250, "Length of a window", "samples at 100 Hz", ge=50, le=1000)
    stride: int = _field(125, "Step between the windows of a record when it is scored", "samples", ge=10, le=1000)
    highpass_hz: float = _field(0.0, "Zero-phase high-pass filter; 0 leaves the record as it is", "Hz", ge=0, le=2)
    stft_window: int = _field(25, "Length of the Hann window of the spectrogram", "samples", ge=8, le=100)
    stft_overlap: int = _field(12, "Overlap of neighbouring spectrogram frames", "samples", ge=0, le=99)
    log_spectrogram: bool = _field(False, "Use log(1 + 100 x) of the magnitudes, in place of the magnitudes themselves")


class TimeViews(Part):
    """Views of the time series (Phan et al. 2022, T1 = Time Cutout and Gaussian noise)."""

    source: int = _field(
        500, "Stretch of the record that all views of one step are cut from", "samples", ge=50, le=1000
    )
    global_samples: int = _field(250, "Length of a global view", "samples", ge=25, le=1000)
    local_samples: int = _field(100, "Length of a local view", "samples", ge=25, le=1000)
    adjacent: bool = _field(
        False, "Global views follow one another without a gap, unstretched (contrastive segments, Oh et al. 2022)"
    )
    stretch: bool = _field(
        False, "Crop a random share and stretch it to the view's length, which changes the heart rate"
    )
    stretch_uneven: bool = _field(
        False, "When stretching, space the samples unevenly, as the published code of Phan et al. does"
    )
    global_low: float = _field(0.5, "Smallest share of the source in a global view, when stretching", ge=0.01, le=1)
    global_high: float = _field(1.0, "Largest share of the source in a global view, when stretching", ge=0.01, le=1)
    local_low: float = _field(0.1, "Smallest share of the source in a local view, when stretching", ge=0.01, le=1)
    local_high: float = _field(0.5, "Largest share of the source in a local view, when stretching", ge=0.01, le=1)
    cutout: bool = _field(True, "Time Cutout: set one span of the view to zero")
    cutout_low: float = _field(0.0, "Shortest cut span, as a share of the view", ge=0, le=0.9)
    cutout_high: float = _field(0.5, "Longest cut span, as a share of the view", ge=0, le=0.9)
    cutout_per_lead: bool = _field(False, "Draw the cut span anew for each lead")
    noise: bool = _field(True, "Gaussian noise, white, one strength for the whole view")
    noise_low_mv: float = _field(0.005, "Weakest noise (standard deviation)", "mV", ge=0, le=1)
    noise_high_mv: float = _field(0.025, "Strongest noise (standard deviation)", "mV", ge=0, le=1)


class SpectrogramViews(Part):
    """Views of the spectrogram (Phan et al. 2022, T2 = Time Cutout and Frequency Cutout)."""

    source: int = _field(
        250, "Stretch of the record whose spectrogram the views are cut from", "samples", ge=50, le=1000
    )
    global_low: float = _field(0.6, "Smallest share of the frames in a global view", ge=0.05, le=1)
    global_high: float = _field(1.0, "Largest share of the frames in a global view", ge=0.05, le=1)
    local_low: float = _field(0.3, "Smallest share of the frames in a local view", ge=0.05, le=1)
    local_high: float = _field(0.5, "Largest share of the frames in a local view", ge=0.05, le=1)
    frequency_cutout: bool = _field(True, "Frequency Cutout: set neighbouring bins to the fill value in all frames")
    frequency_bins: int = _field(1, "Number of neighbouring bins that Frequency Cutout removes", ge=1, le=6)
    cutout: bool = _field(True, "Time Cutout: set neighbouring frames to the fill value in all bins")
    cutout_low: float = _field(0.1, "Fewest cut frames, as a share of the crop", ge=0, le=0.9)
    cutout_high: float = _field(0.35, "Most cut frames, as a share of the crop", ge=0, le=0.9)
    cutout_per_lead: bool = _field(True, "Draw both cut-outs anew for each lead")
    rectangle: bool = _field(False, "Cut only where the cut bins and the cut frames cross: a rectangle")
    fill: Literal["silence", "mean"] = _field("silence", "Value written where a view has no signal")


class DisturbanceSettings(Part):
    """Disturbances of the series: the augmentations that Oh et al. 2022 compare with, and their spans and leads."""

    rotate: bool = _field(False, "Turn and scale the vectorcardiogram (3KG, Gopal et al. 2021)")
    rotate_deg: float = _field(45.0, "Largest turn of the vectorcardiogram about each axis", "degrees", ge=0, le=180)
    rotate_scale: float = _field(1.5, "Largest stretch of the vectorcardiogram along each axis; 1 is none", ge=1, le=3)
    hum: bool = _field(False, "Power-line hum: one sine, the same in all leads")
    hum_hz: Literal["50 or 60", "50", "60"] = _field("50 or 60", "Frequency of the hum", "Hz")
    hum_high_mv: float = _field(0.1, "Strongest hum (amplitude)", "mV", ge=0, le=1)
    muscle: bool = _field(False, "Muscle noise: white, of another strength in each lead")
    muscle_high_mv: float = _field(0.1, "Strongest muscle noise (standard deviation)", "mV", ge=0, le=1)
    shift: bool = _field(False, "Baseline shift: about a fifth of the view is raised or lowered")
    shift_high_mv: float = _field(0.1, "Largest baseline shift", "mV", ge=0, le=2)
    wander: bool = _field(False, "Baseline wander: three slow waves, 0.01 to 0.2 Hz, of another size in each lead")
    wander_high_mv: float = _field(0.1, "Largest baseline wander (amplitude of a wave)", "mV", ge=0, le=2)
    keep_limb_leads: bool = _field(
        True, "After hum, muscle noise, shift and wander, work out III, aVR, aVL and aVF from I and II again"
    )
    span_masking: bool = _field(False, "Span masking: set spans of all leads to zero (wav2vec 2.0, in Oh et al. 2022)")
    span_masking_share: float = _field(
        0.65, "Length of all masked spans together, as a share of the view; they may overlap", ge=0.01, le=0.95
    )
    span_masking_samples: int = _field(32, "Length of a masked span", "samples", ge=2, le=250)
    lead_spans: bool = _field(False, "Lead spans: set one stretch of each lead to zero, another in each (3KG)")
    lead_spans_share: float = _field(0.5, "Length of that stretch, as a share of the view", ge=0.01, le=0.95)


class ViewSettings(Part):
    """How two global and several local views are made of one record."""

    globals: int = _field(2, "Global views of a record", ge=2, le=4)
    locals: int = _field(8, "Local views of a record", ge=0, le=16)
    lead_masking: bool = _field(False, "Random lead masking (Oh et al. 2022): set whole leads to zero")
    lead_keep: float = _field(0.5, "Probability that a lead stays under lead masking", gt=0, le=1)
    time: TimeViews = Field(default_factory=TimeViews)
    disturb: DisturbanceSettings = Field(default_factory=DisturbanceSettings)
    spectrogram: SpectrogramViews = Field(default_factory=SpectrogramViews)


class DistillationSettings(Part):
    """Self-distillation as in DINO (Caron et al. 2021), as Phan et al. 2022 use it."""

    objective: Literal["prototypes", "coding_rate"] = _field(
        "prototypes", "Cross-entropy over prototypes (DINO), or agreement and coding rate without any (SimDINO)"
    )
    coding_rate: float = _field(1.0, "Weight of the coding rate, which keeps records apart", ge=0, le=100)
    prototypes: int = _field(2048, "Number of prototypes K", ge=8, le=131072)
    hidden: int = _field(512, "Width of the projection head", ge=32, le=4096)
    bottleneck: int = _field(128, "Width of the normalised bottleneck before the prototypes", ge=16, le=1024)
    student_temperature: float = _field(0.1, "Temperature of the student's softmax", gt=0, le=1)
    teacher_temperature: float = _field(0.04, "Temperature of the teacher's softmax", gt=0, le=1)
    balance: Literal["centre", "sinkhorn"] = _field(
        "centre", "What keeps the prototypes in use: a running centre (DINO), or Sinkhorn-Knopp on each batch (DINOv2)"
    )
    koleo: float = _field(0.0, "Weight of the KoLeo term, which keeps features of different records apart", ge=0, le=1)
    collapse_epochs: int = _field(
        5, "Epochs in a row that look collapsed, after which training stops; 0 never stops", ge=0, le=1000
    )
    centre_momentum: float = _field(0.9, "Share of the old centre that is kept at each step", ge=0, le=1)
    teacher_momentum: float = _field(0.99, "Share of the teacher that is kept at each step, at the start", ge=0, le=1)
    teacher_momentum_end: float = _field(1.0, "The same share at the end of training (cosine between)", ge=0, le=1)
    freeze_prototypes_epochs: int = _field(1, "Epochs in which the prototypes are not trained", ge=0, le=100)


class ClassifierSettings(Part):
    """The supervised network: which modalities, how they are joined, what is trained."""

    modalities: tuple[Modality, ...] = _field(("time", "spectrogram"), "Encoders of the network")
    fusion: Literal["gate", "concatenate"] = _field(
        "gate", "How two modalities are joined (TSG: gate, TSC: concatenate)"
    )
    probe: Literal["none", "linear", "attention"] = _field(
        "none", "Leave the encoders as they are, and train only a linear layer on them, or one behind attention"
    )
    hidden_activation: bool = _field(False, "ReLU between the classifier's two layers (the paper has none)")
    dropout: float = _field(0.0, "Dropout before the classifier's layers", ge=0, le=0.9)
    take: Literal["student", "teacher"] = _field(
        "student", "Which network of a pretraining is taken over: the student as in the paper, the teacher as in DINO"
    )
    frozen: tuple[Modality, ...] = _field((), "Pretrained encoders that stay as they are; all of them: a linear probe")
    encoder_rate: float = _field(1.0, "Learning rate of the encoders, as a share of the classifier's", ge=0, le=1)
    windows: int = _field(1, "Windows of a record in one training step", ge=1, le=10)
    augment: bool = _field(True, "Apply the cut-outs, noise and lead masking of the views to training windows")
    mix: float = _field(
        0.0, "Largest share of another record's window that is mixed into a training window, its labels too", ge=0, le=1
    )
    average_weights: float = _field(
        0.0, "Score a running average of the weights that keeps this share; 0 is off", ge=0, lt=1
    )


class BaselineSettings(Part):
    """What a network must beat; needs none."""

    kind: Literal["inactive", "silent", "all-one", "best-constant", "prevalence", "age-sex", "features"] = _field(
        "features", "Constant answers, prevalence in training, or logistic regression on age and sex or on features"
    )
    penalty: float = _field(
        0.0, "Penalty on large weights of the regression; 0: validation records choose 1, 10, 100 or 1000", ge=0, le=1e6
    )


class OptimiserSettings(Part):
    """AdamW with linear warm-up and cosine decay."""

    rate: float = _field(5e-4, "Peak learning rate", gt=0, le=1)
    final_rate: float = _field(1e-6, "Learning rate at the end", ge=0, le=1)
    warmup_epochs: int = _field(10, "Epochs of linear warm-up", ge=0, le=1000)
    weight_decay: float = _field(0.04, "Decoupled weight decay at the start, on matrices and kernels only", ge=0, le=1)
    final_weight_decay: float = _field(0.04, "Weight decay at the end (cosine between)", ge=0, le=1)
    clip: float = _field(0.0, "Largest norm of the whole gradient; 0 does not clip", ge=0, le=1000)


class TrainingSettings(Part):
    """The loop: how long, how much at a time, on what."""

    epochs: int = _field(30, "Passes over the training records", ge=1, le=10000)
    batch: int = _field(64, "Records in a step", ge=2, le=8192)
    seed: int = _field(0, "Seed of everything random", ge=0, le=2**31 - 1)
    device: Literal["auto", "cpu", "cuda"] = _field("auto", "Where to train")
    precision: Literal["fp32", "bf16"] = _field("fp32", "Arithmetic of the forward pass")
    threads: int = _field(0, "Processor threads; 0 takes all cores", ge=0, le=256)
    probe_epochs: int = _field(5, "Epochs between two k-NN probes of a pretraining; 0 is never", ge=0, le=1000)
    checkpoint_epochs: int = _field(5, "Epochs between checkpoints", ge=1, le=1000)


class DataSettings(Part):
    """What to train on; paths are the only machine-dependent settings."""

    pack: str = _field("", "Pack folder")
    unlabelled: tuple[str, ...] = _field((), "Further packs, used in pretraining only")
    probe: str = _field(
        "", "Labelled pack whose training records judge the features of a pretraining now and then; empty: the pack"
    )
    label_share: float = _field(1.0, "Share of the training patients whose labels are used", gt=0, le=1)
    fold: int = _field(
        0, "Fold that nothing may see before it is scored; -1 holds none back (pretraining)", ge=-1, le=99
    )
    source: str = _field("", "Source that is held out as a whole, in place of the fold (leave-one-source-out)")
    exposure: Literal["fold_pure", "transductive"] = _field("fold_pure", "Whether pretraining may see held-out folds")
    classes: str = _field("cinc2020", "Label set")
    encoders: tuple[str, ...] = _field((), "Pretraining runs whose encoders are taken over")


class Settings(Part):
    """Everything that decides a run; the merged whole is written into the run folder."""

    preset: str = _field("", "Preset that the settings began with")
    method: Literal["self_distillation", "supervised", "baseline"] = _field("self_distillation", "Training objective")
    modality: Modality = _field("time", "Modality that is pretrained")
    data: DataSettings = Field(default_factory=DataSettings)
    input: InputSettings = Field(default_factory=InputSettings)
    views: ViewSettings = Field(default_factory=ViewSettings)
    distillation: DistillationSettings = Field(default_factory=DistillationSettings)
    classifier: ClassifierSettings = Field(default_factory=ClassifierSettings)
    baseline: BaselineSettings = Field(default_factory=BaselineSettings)
    optimiser: OptimiserSettings = Field(default_factory=OptimiserSettings)
    training: TrainingSettings = Field(default_factory=TrainingSettings)

    @model_validator(mode="after")
    def _ranges_are_ordered(self) -> Self:
        for part in (self.views.time, self.views.spectrogram):
            for name in type(part).model_fields:
                low, high = getattr(part, name), getattr(part, name.replace("_low", "_high"))
                if "_low" in name and low > high:
                    raise ValueError(f"{name} is {low}, above {name.replace('_low', '_high')}, {high}")
        if max(self.views.time.global_samples, self.views.time.local_samples) > self.views.time.source:
            raise ValueError("a view cannot be longer than views.time.source")
        if self.views.time.adjacent and self.views.globals * self.views.time.global_samples > self.views.time.source:
            raise ValueError("the adjacent global views together are longer than views.time.source")
        if self.input.stft_overlap >= self.input.stft_window:
            raise ValueError("input.stft_overlap must be shorter than input.stft_window")
        return self

    @property
    def scored_on(self) -> str:
        """What is held out, in words."""
        if self.data.source:
            return f"without {self.data.source}"
        return f"fold {self.data.fold}" if self.data.fold >= 0 else "no fold held back"

    @property
    def arm(self) -> str:
        """The name of the run in tables: T, S, TSC, TSG as in Phan et al. 2022, with SSL- for pretrained encoders.

        A probe ends in -linear or -attention, and begins with random- where nothing was pretrained.
        """
        if self.method == "baseline":
            return self.baseline.kind
        if self.method != "supervised":
            return f"pretrain-{self.modality}"
        one = {"time": "T", "spectrogram": "S"}
        kind = self.classifier.modalities
        name = one[kind[0]] if len(kind) == 1 else "TSG" if self.classifier.fusion == "gate" else "TSC"
        if self.classifier.probe == "none":
            return f"SSL-{name}" if self.data.encoders else name
        return f"{'SSL' if self.data.encoders else 'random'}-{name}-{self.classifier.probe}"


def preset_names() -> list[str]:
    """List the presets that come with the program."""
    folder = files("ecgssl_core") / "presets"
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def load_preset(name: str) -> Settings:
    """Give the settings of a preset by its name, or of a TOML file by its path.

    Raises:
        SettingsError: there is no such preset, or it holds an unknown key or a value out of its limits.
    """
    if name.endswith(".toml"):
        return read_settings(Path(name))
    if name not in preset_names():
        raise SettingsError(f"There is no preset {name!r}: {nearest(name, preset_names())}")
    return parse_settings((files("ecgssl_core") / "presets" / f"{name}.toml").read_text(), name)


def read_settings(path: Path) -> Settings:
    """Give the settings in a TOML file.

    Raises:
        SettingsError: the file is missing, is no TOML, or holds an unknown key or a value out of its limits.
    """
    try:
        return parse_settings(path.read_text(), path.stem)
    except OSError as error:
        raise SettingsError(f"The settings file {path.name} cannot be read ({error.strerror}).") from error


def parse_settings(text: str, name: str = "") -> Settings:
    """Give the settings in a TOML text; what it leaves out keeps its default.

    Raises:
        SettingsError: the text is no TOML, or holds an unknown key or a value out of its limits.
    """
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{name or 'The text'} is not TOML: {error}.") from error
    return _checked({"preset": name, **tree})


def settings_text(settings: Settings) -> str:
    """Give the whole of the settings as TOML."""
    return tomli_w.dumps(settings.model_dump(mode="json"))


def override(settings: Settings, words: list[str]) -> Settings:
    """Give the settings with values replaced by words of the form `part.name=value`.

    Raises:
        SettingsError: a word has no `=`, names no setting, or its value is out of limits.
    """
    tree = settings.model_dump()
    for word in words:
        key, equals, text = word.partition("=")
        if not equals:
            raise SettingsError(f"{word!r} is not of the form part.name=value.")
        *parts, name = key.split(".")
        place: Any = tree
        for part in parts:
            if part not in place:
                raise SettingsError(f"There is no setting {key!r}: {nearest(key, setting_names())}")
            place = place[part]
        if not isinstance(place, dict) or name not in place or isinstance(place[name], dict):
            raise SettingsError(f"There is no setting {key!r}: {nearest(key, setting_names())}")
        place[name] = _value(text)
    return _checked(tree)


def setting_names(part: type[BaseModel] = Settings, prefix: str = "") -> list[str]:
    """List every setting in its dotted form, such as `views.time.noise_high_mv`."""
    names = []
    for name, field in part.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += setting_names(kind, f"{prefix}{name}.")
        else:
            names.append(f"{prefix}{name}")
    return names


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


_WHOLE, _NUMBER, _SWITCH = "it is not a whole number", "it is not a number", "it is neither true nor false"
# what the library that checks them would say in its own words
_PLAIN = {
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("float_parsing", "float_type", "finite_number"), _NUMBER),
    **dict.fromkeys(("bool_parsing", "bool_type"), _SWITCH),
    **dict.fromkeys(("list_type", "tuple_type"), "it is not a list, as in [1, 2]"),
    "string_type": "it is not a text",
    "literal_error": "it may be {expected}",
    "greater_than_equal": "it must be at least {ge:g}",
    "greater_than": "it must be more than {gt:g}",
    "less_than_equal": "it may be at most {le:g}",
    "less_than": "it must be less than {lt:g}",
}


def _checked(tree: dict[str, Any]) -> Settings:
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            raise SettingsError(f"There is no setting {key!r}: {nearest(key, setting_names())}") from error
        text = _PLAIN.get(first["type"], first["msg"].removeprefix("Value error, ")).format(**first.get("ctx", {}))
        what = f"The setting {key} is {first['input']!r}: " if key else "The settings do not fit together: "
        raise SettingsError(f"{what}{text[0].lower()}{text[1:]}.") from error
