"""Traps of published training on any set of leads: how records are read, resampled, tied and cut into pairs."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.corpus.source import open_source
from ecgssl_core.errors import CorpusError, SettingsError
from ecgssl_core.records import Record, gather, read_records
from ecgssl_core.settings import load_preset, override, parse_settings
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.leads import LEADS
from ecgssl_core.signals.resample import resample
from ecgssl_core.signals.views import make_time_views
from ecgssl_core.training.loader import Loader
from ecgssl_core.training.pretrain import input_spec
from ecgssl_core.training.recordings import Recordings
from tests.traps.made import made_ecg, write_record


def write_header(
    path: Path, leads: Sequence[str], gains: Sequence[str], counts: np.ndarray, lines: Sequence[str] = ()
) -> Path:
    """Write a record of counts (leads, samples), each with its gain and offset as a header has them."""
    head = f"{path.name} {len(leads)} 500 {counts.shape[1]}"
    rows = [
        f"{path.name}.dat 16 {gain}/mV 16 0 {int(row[0])} {int(row.sum()) % 65536} 0 {lead}"
        for lead, gain, row in zip(leads, gains, counts, strict=True)
    ]
    path.with_suffix(".hea").write_text("\n".join([head, *rows, *lines]) + "\n")
    path.with_suffix(".dat").write_bytes(counts.T.astype("<i2").tobytes())
    return path.with_suffix(".hea")


def read_one(header: Path) -> Record:
    """Give the record of a header."""
    (record,) = read_records(gather([header])[0]).records
    return record


def pack_of(folder: Path) -> Path:
    build_pack(open_source(None, folder), folder.parent / "pack")
    return folder.parent / "pack"


def test_a_gap_in_the_counts_is_no_voltage_and_a_gain_of_nought_no_infinity(tmp_path: Path) -> None:
    folder = tmp_path / "corpus" / "records"
    folder.mkdir(parents=True)
    lines = ["# Age: 50", "# Sex: Male", "# Dx: 426783006"]
    for number, gain in enumerate(["1000", "1000", "0"]):
        signal = np.rint(made_ecg(500, 6, number) * 1000)
        if number == 1:
            signal[3, 700:760] = -32768  # what the format writes where nothing was recorded
        write_header(folder / f"R{number}", LEADS, [gain] * 12, signal, lines)
    whole = open_pack(pack_of(folder.parent))
    signals = [whole.signal(row) for row in range(len(whole))]
    assert list(whole.table["key"].str[-2:])[:1] == ["R0"]
    assert all(np.isfinite(signal).all() and np.abs(signal).max() < 10 for signal in signals)
    assert len(signals) + whole.manifest["refused"] == 3


def test_leads_go_by_name_offsets_are_taken_off_and_what_is_known_stands_on_any_line(tmp_path: Path) -> None:
    signal = np.rint(made_ecg(500, 6, 3) * 1000)
    order = [11, 4, 0, 7, 2, 9, 1, 3, 5, 6, 8, 10]
    leads, gains = [LEADS[lead] for lead in order], [f"1000({offset})" for offset in range(12)]
    offsets = np.arange(12)[:, None]
    comments = ["# made for a test", "# Sex: Unknown", "# another line", "# Dx: 426783006", "# Age: 61"]
    turned = read_one(write_header(tmp_path / "T1", leads, gains, signal[order] + offsets, comments))
    assert turned.leads == LEADS
    np.testing.assert_allclose(turned.signal, signal / 1000, atol=1e-6)
    two = write_header(tmp_path / "T2", ["V2", "I"], ["1000"] * 2, signal[[7, 0]], comments)
    few = read_one(two)
    assert dict(zip(few.leads, few.signal[:, 100].tolist(), strict=True)) == pytest.approx(
        {"I": signal[0, 100] / 1000, "V2": signal[7, 100] / 1000}
    )


def test_a_sex_that_nobody_knows_is_not_female(tmp_path: Path) -> None:
    folder = tmp_path / "corpus" / "records"
    for number, sex in enumerate(["Unknown", "Female", "Male"]):
        lines = ["# more", f"# Sex: {sex}", "# Dx: 426783006", f"# Age: {40 + number}"]
        write_record(folder / f"R{number}", made_ecg(500, 6, number), 500, lines)
    table = open_pack(pack_of(folder.parent)).table
    assert table["sex"].fillna("nobody knows").tolist() == ["nobody knows", "female", "male"]
    assert table["age"].tolist() == [40, 41, 42]


def test_a_tone_above_half_the_new_rate_vanishes_and_a_beat_stays_where_it_was() -> None:
    seconds = np.arange(8000) / 1000
    tone = resample(np.sin(2 * np.pi * 400 * seconds)[None].astype(np.float32), 1000, 500)
    assert np.abs(tone[:, 200:-200]).max() < 0.01  # a straight line between samples would make 100 Hz of it
    for rate, target in ((1000, 500), (400, 500), (300, 500), (250, 500)):
        beat = np.exp(-((np.arange(8 * rate) / rate - 2.0) ** 2) / (2 * 0.01**2))[None].astype(np.float32)
        found = resample(beat, rate, target)[0]
        near = np.arange(-10, 11) + int(2.0 * target)
        centre = (found[near] * near).sum() / found[near].sum()
        assert abs(centre - 2.0 * target) < 0.5


def test_segments_of_a_pair_are_neighbours_and_cover_what_was_cut() -> None:
    settings = load_preset("oh2022-small").views.model_copy(update={"lead_masking": False})
    source = torch.arange(5000.0).expand(6, 12, 5000).contiguous()
    views = make_time_views(source, settings, Chance.of(0, 0, torch.arange(6)), 500.0).global_views.values
    assert views.shape == (6, 2, 12, 2500)
    assert torch.equal(views[:, 1, :, 0] - views[:, 0, :, -1], torch.ones(6, 12))


@pytest.fixture
def recordings(tmp_path: Path) -> Recordings:
    """Give made records of 4, 6, 9 and 12 s, the last two of one person, at 100 Hz."""
    folder = tmp_path / "corpus" / "records"
    for number, seconds in enumerate((4, 6, 9, 12)):
        write_record(folder / f"R{number}", made_ecg(100, seconds, number), 100, ["# Age: 50", "# Dx: 426783006"])
    whole = open_pack(pack_of(folder.parent))
    whole.table["patient"] = [None, None, "one", "one"]
    return Recordings.of([(whole, np.arange(4))], input_spec(load_preset("quick-time")))


def test_pairs_come_from_records_long_enough_for_both_segments(recordings: Recordings) -> None:
    long = recordings.at_least(700)
    assert long.length.tolist() == [900, 1200]
    found = long.stretches(torch.arange(2), 700, Chance.of(0, 0, torch.arange(2)))
    assert found[:, 0].abs().amin(dim=1).shape == (2,)
    assert (found[:, :, -1] != 0).any()  # no zeros behind a record that is too short
    with pytest.raises(CorpusError, match="No record is 5000 samples long"):
        recordings.at_least(5000)


def test_records_of_one_person_have_one_number_and_those_of_nobody_one_each(recordings: Recordings) -> None:
    first, second, third, fourth = recordings.patients.tolist()
    assert third == fourth
    assert len({first, second, third}) == 3


def test_no_batch_is_a_single_pair_and_what_is_left_over_waits(recordings: Recordings) -> None:
    batches = [batch for epoch in range(3) for batch, _ in Loader(recordings, None, 3, 100, 0).batches(epoch)]
    assert [len(batch.source) for batch in batches] == [3, 3, 3]
    with pytest.raises(SettingsError, match=r"training\.batch is 1"):
        override(load_preset("oh2022"), ["training.batch=1"])


@pytest.mark.parametrize("word", ["false", "False", "off", "no"])
def test_a_switch_that_is_written_off_is_off(word: str) -> None:
    assert override(load_preset("oh2022"), [f"views.lead_masking={word}"]).views.lead_masking is False


@pytest.mark.parametrize("word", ["views.lead_masking=maybe", "views.bucket_leads=true", "data.leads=I"])
def test_what_is_no_setting_or_no_value_of_it_is_refused(word: str) -> None:
    with pytest.raises(SettingsError):
        override(load_preset("oh2022"), [word])


def test_a_preset_with_a_setting_that_nobody_reads_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"no setting 'views\.bucket_leads'"):
        parse_settings('like = "oh2022"\n[views]\nbucket_leads = true')
