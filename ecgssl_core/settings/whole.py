"""Everything that decides a run."""

from typing import Self

from pydantic import Field, model_validator

from .networks import ClassifierSettings, EncoderSettings, Modality
from .objectives import BaselineSettings, ContrastSettings, DistillationSettings, IdentitySettings, LocalContextSettings
from .part import Part, setting
from .reading import InputSettings, ViewSettings
from .running import DataSettings, OptimiserSettings, TrainingSettings


class Settings(Part):
    """Everything that decides a run; the merged whole is written into the run folder."""

    preset: str = setting("", "Preset that the settings began with")
    method: str = setting("self_distillation", "Training objective: the name of a file of methods, or baseline")
    modality: Modality = setting("time", "Modality that is pretrained")
    data: DataSettings = Field(default_factory=DataSettings)
    input: InputSettings = Field(default_factory=InputSettings)
    views: ViewSettings = Field(default_factory=ViewSettings)
    encoder: EncoderSettings = Field(default_factory=EncoderSettings)
    distillation: DistillationSettings = Field(default_factory=DistillationSettings)
    local: LocalContextSettings = Field(default_factory=LocalContextSettings)
    contrast: ContrastSettings = Field(default_factory=ContrastSettings)
    identity: IdentitySettings = Field(default_factory=IdentitySettings)
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
    def pretrains(self) -> bool:
        """Whether the objective needs no labels, so that what remains is an encoder."""
        return self.method not in {"supervised", "baseline", "arcface"}

    @property
    def scored_on(self) -> str:
        """What is held out, in words."""
        if self.data.source:
            return f"without {self.data.source}"
        return f"fold {self.data.fold}" if self.data.fold >= 0 else "no fold held back"

    @property
    def arm(self) -> str:
        """The name of the run in tables: T, S, TSC, TSG as in Phan et al. 2022, with SSL- for pretrained encoders.

        A probe ends in -linear or -attention, and begins with random- where nothing was pretrained. Which pretraining
        and which leads follow where they were named.
        """
        if self.method == "baseline":
            return self.baseline.kind
        if self.method == "arcface":
            return "identify"
        if self.method != "supervised":
            known = self.method == "self_distillation"
            return f"pretrain-{self.modality}" if known else f"pretrain-{self.method}"
        one = {"time": "T", "spectrogram": "S"}
        kind = self.classifier.modalities
        name = one[kind[0]] if len(kind) == 1 else "TSG" if self.classifier.fusion == "gate" else "TSC"
        if self.classifier.probe == "none":
            name = f"SSL-{name}" if self.data.encoders else name
        else:
            name = f"{'SSL' if self.data.encoders else 'random'}-{name}-{self.classifier.probe}"
        leads = f"on {','.join(self.data.leads)}" if self.data.leads else ""
        return " ".join(filter(None, [name, self.data.begun, leads]))
