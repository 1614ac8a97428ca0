"""What a network reads, and how views of it are made."""

from typing import Literal

from pydantic import Field

from .part import Part, setting


class InputSettings(Part):
    """What a network reads: how a record is cut and turned into numbers."""

    rate: float = setting(100.0, "Samples a second; a pack of another rate is resampled", "Hz", ge=50, le=1000)
    window: int = setting(250, "Length of a window", "samples", ge=50, le=10000)
    stride: int = setting(125, "Step between the windows of a record when it is scored", "samples", ge=10, le=10000)
    standardise: bool = setting(True, "Bring each lead to mean 0 and deviation 1, as measured over training records")
    fewer_leads: bool = setting(
        False, "Read records that lack leads: what is missing is silent, and the model is told or learns to ignore it"
    )
    highpass_hz: float = setting(0.0, "Zero-phase high-pass filter; 0 leaves the record as it is", "Hz", ge=0, le=2)
    stft_window: int = setting(25, "Length of the Hann window of the spectrogram", "samples", ge=8, le=100)
    stft_overlap: int = setting(12, "Overlap of neighbouring spectrogram frames", "samples", ge=0, le=99)
    log_spectrogram: bool = setting(
        False, "Use log(1 + 100 x) of the magnitudes, in place of the magnitudes themselves"
    )


class TimeViews(Part):
    """Views of the time series (Phan et al. 2022, T1 = Time Cutout and Gaussian noise)."""

    source: int = setting(
        500, "Stretch of the record that all views of one step are cut from", "samples", ge=50, le=10000
    )
    global_samples: int = setting(250, "Length of a global view", "samples", ge=25, le=10000)
    local_samples: int = setting(100, "Length of a local view", "samples", ge=25, le=10000)
    adjacent: bool = setting(
        False, "Global views follow one another without a gap, unstretched (contrastive segments, Oh et al. 2022)"
    )
    stretch: bool = setting(
        False, "Crop a random share and stretch it to the view's length, which changes the heart rate"
    )
    stretch_uneven: bool = setting(
        False, "When stretching, space the samples unevenly, as the published code of Phan et al. does"
    )
    global_low: float = setting(0.5, "Smallest share of the source in a global view, when stretching", ge=0.01, le=1)
    global_high: float = setting(1.0, "Largest share of the source in a global view, when stretching", ge=0.01, le=1)
    local_low: float = setting(0.1, "Smallest share of the source in a local view, when stretching", ge=0.01, le=1)
    local_high: float = setting(0.5, "Largest share of the source in a local view, when stretching", ge=0.01, le=1)
    cutout: bool = setting(True, "Time Cutout: set one span of the view to zero")
    cutout_low: float = setting(0.0, "Shortest cut span, as a share of the view", ge=0, le=0.9)
    cutout_high: float = setting(0.5, "Longest cut span, as a share of the view", ge=0, le=0.9)
    cutout_per_lead: bool = setting(False, "Draw the cut span anew for each lead")
    noise: bool = setting(True, "Gaussian noise, white, one strength for the whole view")
    noise_low_mv: float = setting(0.005, "Weakest noise (standard deviation)", "mV", ge=0, le=1)
    noise_high_mv: float = setting(0.025, "Strongest noise (standard deviation)", "mV", ge=0, le=1)


class SpectrogramViews(Part):
    """Views of the spectrogram (Phan et al. 2022, T2 = Time Cutout and Frequency Cutout)."""

    source: int = setting(
        250, "Stretch of the record whose spectrogram the views are cut from", "samples", ge=50, le=1000
    )
    global_low: float = setting(0.6, "Smallest share of the frames in a global view", ge=0.05, le=1)
    global_high: float = setting(1.0, "Largest share of the frames in a global view", ge=0.05, le=1)
    local_low: float = setting(0.3, "Smallest share of the frames in a local view", ge=0.05, le=1)
    local_high: float = setting(0.5, "Largest share of the frames in a local view", ge=0.05, le=1)
    frequency_cutout: bool = setting(True, "Frequency Cutout: set neighbouring bins to the fill value in all frames")
    frequency_bins: int = setting(1, "Number of neighbouring bins that Frequency Cutout removes", ge=1, le=6)
    cutout: bool = setting(True, "Time Cutout: set neighbouring frames to the fill value in all bins")
    cutout_low: float = setting(0.1, "Fewest cut frames, as a share of the crop", ge=0, le=0.9)
    cutout_high: float = setting(0.35, "Most cut frames, as a share of the crop", ge=0, le=0.9)
    cutout_per_lead: bool = setting(True, "Draw both cut-outs anew for each lead")
    rectangle: bool = setting(False, "Cut only where the cut bins and the cut frames cross: a rectangle")
    fill: Literal["silence", "mean"] = setting("silence", "Value written where a view has no signal")


class DisturbanceSettings(Part):
    """Disturbances of the series: the augmentations that Oh et al. 2022 compare with, and their spans and leads."""

    rotate: bool = setting(False, "Turn and scale the vectorcardiogram (3KG, Gopal et al. 2021)")
    rotate_deg: float = setting(45.0, "Largest turn of the vectorcardiogram about each axis", "degrees", ge=0, le=180)
    rotate_scale: float = setting(1.5, "Largest stretch of the vectorcardiogram along each axis; 1 is none", ge=1, le=3)
    hum: bool = setting(False, "Power-line hum: one sine, the same in all leads")
    hum_hz: Literal["50 or 60", "50", "60"] = setting("50 or 60", "Frequency of the hum", "Hz")
    hum_high_mv: float = setting(0.1, "Strongest hum (amplitude)", "mV", ge=0, le=1)
    muscle: bool = setting(False, "Muscle noise: white, of another strength in each lead")
    muscle_high_mv: float = setting(0.1, "Strongest muscle noise (standard deviation)", "mV", ge=0, le=1)
    shift: bool = setting(False, "Baseline shift: about a fifth of the view is raised or lowered")
    shift_high_mv: float = setting(0.1, "Largest baseline shift", "mV", ge=0, le=2)
    wander: bool = setting(False, "Baseline wander: three slow waves, 0.01 to 0.2 Hz, of another size in each lead")
    wander_high_mv: float = setting(0.1, "Largest baseline wander (amplitude of a wave)", "mV", ge=0, le=2)
    keep_limb_leads: bool = setting(
        True, "After hum, muscle noise, shift and wander, work out III, aVR, aVL and aVF from I and II again"
    )
    span_masking: bool = setting(False, "Span masking: set spans of all leads to zero (wav2vec 2.0, in Oh et al. 2022)")
    span_masking_share: float = setting(
        0.65, "Length of all masked spans together, as a share of the view; they may overlap", ge=0.01, le=0.95
    )
    span_masking_samples: int = setting(32, "Length of a masked span", "samples", ge=2, le=250)
    lead_spans: bool = setting(False, "Lead spans: set one stretch of each lead to zero, another in each (3KG)")
    lead_spans_share: float = setting(0.5, "Length of that stretch, as a share of the view", ge=0.01, le=0.95)


class ViewSettings(Part):
    """How two global and several local views are made of one record."""

    globals: int = setting(2, "Global views of a record", ge=1, le=4)
    locals: int = setting(8, "Local views of a record", ge=0, le=16)
    lead_masking: bool = setting(False, "Random lead masking (Oh et al. 2022): set whole leads to zero")
    lead_keep: float = setting(0.5, "Probability that a lead stays under lead masking", gt=0, le=1)
    lead_count: Literal["each", "uniform"] = setting(
        "each", "Draw for each lead whether it stays, or first how many stay, any number as likely as another"
    )
    lead_least: int = setting(1, "Leads that stay at least under lead masking", ge=0, le=1)
    time: TimeViews = Field(default_factory=TimeViews)
    disturb: DisturbanceSettings = Field(default_factory=DisturbanceSettings)
    spectrogram: SpectrogramViews = Field(default_factory=SpectrogramViews)
