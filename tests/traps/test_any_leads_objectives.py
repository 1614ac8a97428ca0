"""Traps of published pretraining on any set of leads: presets that cannot run, silent segments, means, normalisers."""

import math

import pytest
import torch

from ecgssl_core.errors import SettingsError
from ecgssl_core.methods.cmsc import contrast_segments
from ecgssl_core.methods.frame_contrast import FrameContrast, frame_logits
from ecgssl_core.methods.frame_masks import draw_frame_masks
from ecgssl_core.methods.method import Batch, Method
from ecgssl_core.methods.pretraining import Pretraining
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.models.wav2vec import Wav2Vec
from ecgssl_core.settings import EncoderSettings, LocalContextSettings, Settings, load_preset, override, preset_names
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.training.finetune import start
from ecgssl_core.training.pretrain import input_spec, new_method
from ecgssl_core.training.recordings import leads_given

OF_OH = [name for name in preset_names() if name.startswith("oh2022")]
NARROW = [
    *("encoder.width=32", "encoder.layers=1", "encoder.heads=4", "encoder.feed_forward=64", "encoder.frame_width=16"),
    *("encoder.position_kernel=8", "local.entries=16", "local.negatives=20", "identity.persons=3"),
]
PERSONS = torch.tensor([0, 1, 2, 1])


def narrow(name: str, *changes: str) -> Settings:
    return override(load_preset(name), [*NARROW, *changes])


def method_of(settings: Settings) -> Method:
    torch.manual_seed(0)
    spec = input_spec(settings)
    if settings.method == "supervised":
        return start(settings, spec, 3, [])[0].train()
    return new_method(settings, spec).train()


def batch_of(method: Method, rows: int = 4) -> Batch:
    source = torch.randn(rows, 12, method.source_samples, generator=torch.Generator().manual_seed(1))
    return Batch(source, torch.randint(0, 2, (rows, 3), dtype=torch.int8), True, PERSONS[:rows])


@pytest.mark.parametrize("name", OF_OH)
def test_every_preset_makes_a_step_as_it_ships_though_a_segment_lost_all_its_leads(name: str) -> None:
    method = method_of(narrow(name))
    batch = batch_of(method)
    batch.source[0] = 0
    loss, health = method.loss(batch, Chance.of(0, 0, torch.arange(4)))
    loss.backward()
    assert loss.isfinite()
    assert all(value.isfinite().all() for value in health.values())
    gradients = [one.grad for one in method.parameters() if one.grad is not None]
    assert gradients
    assert all(one.isfinite().all() for one in gradients)


@pytest.mark.parametrize("count", ["each", "uniform"])
@pytest.mark.parametrize("least", [0, 1])
def test_every_form_of_lead_masking_can_be_asked_for(count: str, least: int) -> None:
    method = method_of(narrow("oh2022-w2v", f"views.lead_count='{count}'", f"views.lead_least={least}"))
    assert isinstance(method, Pretraining)
    batch = batch_of(method)
    whole, masked = method.segments(batch.source, Chance.of(0, 0, torch.arange(4)))
    stays = masked.any(dim=3)
    assert 0 < int(stays.sum()) < stays.numel()
    assert torch.equal(masked[stays], whole[stays])


@pytest.mark.parametrize("count", ["fixed", "least of batch"])
@pytest.mark.parametrize("groups", [1, 2])
def test_every_form_of_the_local_task_takes_a_step(count: str, groups: int) -> None:
    words = [f"local.mask_count='{count}'", f"local.groups={groups}", f"local.all_leads={str(groups == 1).lower()}"]
    method = method_of(narrow("oh2022-w2v", *words))
    loss, _ = method.loss(batch_of(method), Chance.of(0, 0, torch.arange(4)))
    assert loss.isfinite()


@pytest.mark.parametrize("name", ["", "-w2v", "-cmsc", "-simclr", "-byol", "-cpc"])
def test_every_objective_reads_series_through_the_same_norm_of_each_lead(name: str) -> None:
    # series in other units, with statistics in those units, are the same to each of them
    quiet = ["hum", "muscle", "shift", "wander"]
    words = ["views.lead_masking=false", *(f"views.disturb.{one}=false" for one in quiet)]
    method = method_of(narrow(f"oh2022-small{name}", *words)).eval()
    assert isinstance(method, Pretraining)
    batch = batch_of(method)

    def loss_of(batch: Batch) -> torch.Tensor:
        return method.loss(batch, Chance.of(0, 0, torch.arange(4)))[0]  # of new chance each time, for it is used up

    # no product below is rounded: which code is nearest must not hang on that
    batch = Batch(torch.round(batch.source * 256) / 256, None, True, PERSONS)
    loss = loss_of(batch)
    factor, offset = 2.0 ** torch.arange(-6, 6), torch.arange(12) / 8 - 1
    for encoder in method.encoders():
        encoder.std.copy_(factor * encoder.std)
        encoder.mean.copy_(factor * encoder.mean + offset)
    other = Batch(batch.source * factor[:, None] + offset[:, None], None, True, PERSONS)
    torch.testing.assert_close(loss_of(other), loss, atol=1e-5, rtol=1e-5)
    assert not torch.allclose(loss_of(batch), loss, atol=1e-4, rtol=1e-4)


def test_what_is_disturbed_hangs_on_a_switch_and_not_on_a_name() -> None:
    plain = narrow("oh2022-small-dx", "classifier.augment=false", "encoder.activation_dropout=0")
    renamed = plain.model_copy(update={"preset": "train"})
    masked = override(plain, ["classifier.augment=true"])
    losses = []
    for settings in (plain, renamed, masked):
        method = method_of(settings)
        torch.manual_seed(1)
        losses.append(method.loss(batch_of(method), Chance.of(0, 0, torch.arange(4)))[0].item())
    assert losses[0] == losses[1] != losses[2]


@pytest.mark.parametrize("words", ["0", "__import__('os')", "I II", "i"])
def test_leads_are_names_and_nothing_else_is_made_of_them(words: str) -> None:
    settings = override(load_preset("oh2022-dx"), [f'data.leads=["{words}"]'])
    with pytest.raises(SettingsError, match="There is no lead"):
        leads_given(settings, InputSpec())


def test_a_few_leads_keep_their_own_statistics() -> None:
    spec = InputSpec(time_mean=tuple(range(12)), time_std=tuple(range(1, 13)))
    encoder = Encoder("time", spec, EncoderSettings(series="wav2vec", presence=True, width=32, heads=4))
    given = leads_given(override(load_preset("oh2022-dx"), ["data.leads=['V1', 'V2']"]), spec)
    assert given is not None
    values = torch.full((1, 12, 64), 20.0) * torch.tensor([lead in given for lead in spec.leads])[None, :, None]
    standard, present = encoder.ready(values)
    assert present is not None
    assert present[0].nonzero().flatten().tolist() == [6, 7]
    assert standard[0, [6, 7], 0].tolist() == pytest.approx([14 / 7, 13 / 8])


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_features_are_the_mean_over_frames_whatever_their_values(dropout: float) -> None:
    torch.manual_seed(0)
    sizes = {"width": 32, "layers": 1, "heads": 4, "feed_forward": 64, "position_kernel": 8}
    network = Wav2Vec(3, EncoderSettings(series="wav2vec", **sizes, dropout=dropout)).train()
    values = torch.randn(2, 3, 800)
    values[1] = 0
    torch.manual_seed(1)
    maps = network.maps(values)
    torch.manual_seed(1)
    features = network(values)
    torch.testing.assert_close(features, maps.sum(dim=2) / maps.shape[2])
    assert features.isfinite().all()


@pytest.mark.parametrize(
    ("frames", "counts", "share"),
    [(156, {10, 11}, 0.86), (312, {20, 21}, 0.72), (31, {2, 3}, 0.985), (20, {2}, 1.0)],
)
def test_spans_are_as_many_as_published(frames: int, counts: set[int], share: float) -> None:
    # spans of one frame, a tenth of the share long, cannot overlap: each masked frame is one
    settings = LocalContextSettings(mask_frames=1, mask_share=0.065)
    masks = [draw_frame_masks(Chance.of(0, epoch, torch.arange(1)), frames, settings)[0] for epoch in range(1000)]
    spans = torch.stack(masks).sum(dim=1)
    assert set(spans.tolist()) == counts
    assert (spans == min(counts)).float().mean().item() == pytest.approx(share, abs=0.035)


def test_frames_that_cannot_be_told_apart_cost_the_logarithm_of_all_choices() -> None:
    context, codes = torch.ones(1, 5, 4), torch.ones(1, 5, 4)
    choice = torch.arange(5).reshape(1, 5, 1)
    negatives = torch.randint(0, 5, (1, 5, 100))
    negatives = torch.where(negatives == torch.arange(5)[None, :, None], (negatives + 1) % 5, negatives)
    logits = frame_logits(context, codes, choice, negatives, 0.1)
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), torch.zeros(5, dtype=torch.int64))
    assert loss.item() == pytest.approx(4.61512, abs=1e-5)


@pytest.mark.parametrize(("used", "term"), [(320, 0.0), (160, 0.05), (1, 0.0996875)])
def test_codes_that_go_unused_cost_a_tenth_of_their_share(used: int, term: float) -> None:
    torch.manual_seed(0)
    sizes = {"width": 32, "layers": 1, "heads": 4, "feed_forward": 64, "position_kernel": 8}
    network = Wav2Vec(2, EncoderSettings(series="wav2vec", **sizes)).eval()
    task = FrameContrast(network, LocalContextSettings(penalty=0.0)).eval()
    with torch.no_grad():
        task.quantiser.logits.weight.zero_()
        bias = torch.full((2, 320), -1e4)
        bias[:, :used] = 0
        task.quantiser.logits.bias.copy_(bias.flatten())
        loss, _, health = task(network, *[torch.randn(2, 2, 2500)] * 2, None, Chance.of(0, 0, torch.arange(2)))
    assert (loss - health["local_loss"]).item() == pytest.approx(term, abs=1e-5)


def test_the_whole_loss_begins_near_the_logarithms_of_its_choices() -> None:
    settings = narrow("oh2022", "local.negatives=100", "local.entries=320")
    method = method_of(settings)
    batch = batch_of(method)
    source = torch.randn(16, 12, 5000)
    _, health = method.loss(Batch(source, None, True, None), Chance.of(0, 0, torch.arange(16)))
    assert batch.source.shape[-1] == 5000
    assert float(health["local_loss"]) == pytest.approx(math.log(101), rel=0.03)
    assert float(health["global_loss"]) == pytest.approx(math.log(16), rel=0.15)


def test_features_of_one_direction_cost_the_logarithm_of_the_pairs() -> None:
    features = torch.ones(64, 2, 8)
    loss, _ = contrast_segments(features, torch.arange(64), load_preset("oh2022"), watched=False)
    assert loss.item() == pytest.approx(4.1589, abs=1e-4)
