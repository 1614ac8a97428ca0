"""What is said of parts of a record is what the network says where the rest is gone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ecgssl_core.errors import BundleError
from ecgssl_core.inference import along
from ecgssl_core.inference.along import embedding, timeline
from ecgssl_core.inference.card import default_model
from ecgssl_core.inference.explained import Span
from ecgssl_core.inference.partial import forced, lead_sets, occluded
from ecgssl_core.inference.predict import predict
from ecgssl_core.inference.seen import seen_by
from ecgssl_core.inference.statements import findings
from ecgssl_core.inference.windows import score_windows
from ecgssl_core.models.bundle import Bundle, load_bundle
from ecgssl_core.records import Record, gather, read_isolated
from ecgssl_core.signals.spec import arrange, prepare

EXAMPLE = Path(__file__).parents[2] / "examples" / "HR00009.hea"


@pytest.fixture(scope="module")
def record() -> Record:
    return read_isolated(gather([EXAMPLE])[0]).records[0]


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    torch.set_num_threads(1)
    return load_bundle(default_model())


def test_a_forced_gate_gives_the_head_one_modality_alone(bundle: Bundle, record: Record) -> None:
    found = forced(bundle, record)
    assert list(found) == ["time", "spectrogram"]
    windows = torch.from_numpy(prepare(record.signal, record.rate, record.leads, bundle.input))
    with torch.no_grad():
        time, image = bundle.model.parts(bundle.model.views(windows))
        alone = bundle.model.head(torch.cat([torch.zeros_like(time), image], dim=1))
    wanted = findings(bundle.manifest, alone.double().numpy())
    assert [one.probability for one in found["spectrogram"]] == pytest.approx([one.probability for one in wanted])
    assert {one.status for one in found["time"]} == {"not assessed"}


def test_all_leads_say_what_the_record_says_and_fewer_are_marked(bundle: Bundle, record: Record) -> None:
    sets = lead_sets(bundle, record)
    assert [len(one.leads) for one in sets] == [12, 6, 4, 3, 2, 1, 1]
    assert [one.tested for one in sets] == [True] + [False] * 6
    # what is measured stands against what the record says only
    said = [replace(one, unsupported=None) for one in predict(bundle, record).findings]
    assert list(sets[0].findings) == said
    # the limb leads all follow from I and II
    limb, two = ([one.probability for one in sets[place].findings] for place in (1, 4))
    assert limb == pytest.approx(two, abs=0.02)
    signal = arrange(record.signal, record.rate, record.leads, bundle.input)
    only = dict.fromkeys(bundle.input.leads, 0.0) | {"I": 1.0}
    silenced = signal * np.array(list(only.values()), np.float32)[:, None]
    wanted = findings(
        bundle.manifest, score_windows(bundle.model, prepare(silenced, 100.0, bundle.input.leads, bundle.input)).logits
    )
    assert [one.probability for one in sets[5].findings] == [one.probability for one in wanted]


def test_muted_stretches_are_held_at_their_leads_median(bundle: Bundle, record: Record) -> None:
    assert [one.probability for one in occluded(bundle, record, []).findings] == [
        one.probability for one in predict(bundle, record).findings
    ]
    signal = arrange(record.signal, record.rate, record.leads, bundle.input)
    signal[bundle.input.leads.index("V2"), 100:250] = np.median(signal[bundle.input.leads.index("V2")])
    wanted = findings(
        bundle.manifest, score_windows(bundle.model, prepare(signal, 100.0, bundle.input.leads, bundle.input)).logits
    )
    found = occluded(bundle, record, [Span("V2", 1.0, 2.5)])
    assert [one.probability for one in found.findings] == [one.probability for one in wanted]
    assert found.despite is not None
    silent = occluded(bundle, record, [Span(None, 0.0, 99.0)])
    assert {(one.low, one.high) for one in silent.findings} == {
        (one.probability, one.probability) for one in silent.findings
    } or all(one.high - one.low < 1e-9 for one in silent.findings)


def test_a_timeline_holds_each_window_and_of_a_long_record_every_second(
    bundle: Bundle, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = predict(bundle, record)
    whole = timeline(bundle, record)
    assert whole.starts_s == said.window_starts_s
    assert whole.probabilities.min(axis=0) == pytest.approx([one.low for one in said.findings], abs=1e-6)
    assert whole.probabilities.max(axis=0) == pytest.approx([one.high for one in said.findings], abs=1e-6)
    assert whole.gates is not None
    assert said.gates is not None
    assert whole.gates == pytest.approx(np.array(said.gates.windows), abs=1e-6)
    monkeypatch.setattr(along, "MOST_WINDOWS", 4)
    half = timeline(bundle, record)
    assert half.starts_s == whole.starts_s[::2]
    assert np.array_equal(half.probabilities, whole.probabilities[::2])


def test_features_are_those_that_the_head_reads(bundle: Bundle, record: Record) -> None:
    found = embedding(bundle, record)
    windows = prepare(record.signal, record.rate, record.leads, bundle.input)
    assert found.shape == (1024,)
    assert np.array_equal(found, score_windows(bundle.model, windows).features.mean(axis=0))


def test_what_is_seen_is_what_the_windows_are_cut_from_and_says_how(bundle: Bundle, record: Record) -> None:
    seen = seen_by(bundle.manifest, record)
    assert np.array_equal(seen.signal, arrange(record.signal, record.rate, record.leads, bundle.input))
    assert seen.what == "resampled from 500 to 100 Hz, no filter"
    two = replace(record, signal=record.signal[:2], leads=record.leads[:2], lsb_mv=record.lsb_mv[:2])
    with pytest.raises(BundleError, match="V1"):
        seen_by(bundle.manifest, two)
    eight = [row for row, lead in enumerate(record.leads) if lead in ("I", "II") or lead.startswith("V")]
    fewer = replace(
        record,
        signal=record.signal[eight],
        leads=tuple(record.leads[row] for row in eight),
        lsb_mv=tuple(record.lsb_mv[row] for row in eight),
    )
    assert "III, aVR, aVL, aVF derived from I and II" in seen_by(bundle.manifest, fewer).what


def test_a_record_that_quality_forbids_is_predicted_when_told_to_and_marked(bundle: Bundle, record: Record) -> None:
    signal = record.signal.copy()
    signal[3] = np.nan
    broken = replace(record, signal=signal)
    refused = predict(bundle, broken)
    assert refused.abstained is not None
    said = predict(bundle, broken, anyway=True)
    assert said.abstained is None
    assert said.despite == refused.abstained
    assert {(one.status, one.reason) for one in said.findings} == {("not assessed", said.despite)}
    assert all(0 <= one.probability <= 1 for one in said.findings)


def test_a_record_unlike_the_known_ones_is_not_assessed(bundle: Bundle, record: Record) -> None:
    assert bundle.manifest.distribution is not None
    narrow = bundle.manifest.distribution.model_copy(update={"limit": 0.0})
    strict = replace(bundle, manifest=bundle.manifest.model_copy(update={"distribution": narrow}))
    refused = predict(strict, record)
    assert refused.findings == ()
    assert refused.abstained is not None
    assert "unlike the records that the model knows" in refused.abstained
    said = predict(strict, record, anyway=True)
    assert said.despite == refused.abstained
    assert [one.probability for one in said.findings] == [one.probability for one in predict(bundle, record).findings]
