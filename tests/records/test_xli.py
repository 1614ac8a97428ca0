"""Philips' compression: what is written comes back, damage does not, and nothing grows beyond what is declared."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import sierraecg
from hypothesis import given, settings
from hypothesis import strategies as st

from ecgssl_core.errors import BrokenFile
from ecgssl_core.records import xli
from ecgssl_core.records.xml_tree import parse
from ecgssl_core.records.xml_values import packed
from ecgssl_core.signals.leads import LEADS
from tests.records import made_xml

Real = Callable[[str], Path]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 400), st.sampled_from([2, 90, 4000, 32768]))
def test_what_is_compressed_comes_back_though_differences_leave_the_sixteen_bits(
    seed: int, samples: int, size: int
) -> None:
    rows = np.random.default_rng(seed).integers(-size, size, (2, samples))
    found = xli.decode("a.xml", made_xml.xli(rows, limb=False), 2, samples)
    np.testing.assert_array_equal(np.stack(found), rows)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([3, 300, 12000]))
def test_limb_leads_come_back_from_their_differences(seed: int, size: int) -> None:
    rows = np.random.default_rng(seed).integers(-size, size, (12, 50))
    found = xli.decode("a.xml", made_xml.xli(rows), 12, 50)
    whole = xli.restore_limb_leads(dict(zip(LEADS, found, strict=True)))
    np.testing.assert_array_equal(np.stack([whole[lead] for lead in LEADS]), rows)


def test_real_files_give_the_counts_that_sierraecg_gives(real: Real) -> None:
    paths = [path for path in (real("formats") / "philips").iterdir() if path.suffix.lower() == ".xml"]
    assert len(paths) == 4
    for path in paths:
        strip = parse(path.name, path.read_bytes(), "restingecgdata").at("waveforms", "parsedwaveforms")
        assert strip is not None
        rows = xli.decode(path.name, packed(path.name, "all leads", strip.text), 12, 5500)
        whole = xli.restore_limb_leads(dict(zip(LEADS, rows, strict=True)))
        for lead in sierraecg.read_file(str(path)).leads:
            np.testing.assert_array_equal(whole[lead.label], lead.samples)


ROWS = made_xml.eight(100)
GOOD = made_xml.xli(ROWS, limb=False)


@pytest.mark.parametrize(
    ("content", "leads", "samples"),
    [
        (GOOD, 8, 99),
        (GOOD, 8, 101),
        (GOOD, 9, 100),
        (GOOD[:-3], 8, 100),
        (GOOD + b"\0" * 7, 8, 100),
        (b"\xff\xff\xff\xff" + GOOD[4:], 8, 100),
        (b"", 8, 100),
        (GOOD[:8] + b"\xff" * (len(GOOD) - 8), 8, 100),
        (b"\0" * 8 * 33, 8, 100),
        (b"\x02\0\0\0\1\0\0\0" + b"\x40\x00", 1, 100),
    ],
    ids=["longer", "shorter", "missing", "cut", "rest", "overrun", "empty", "ended", "many", "undefined"],
)
def test_damaged_blocks_are_broken(content: bytes, leads: int, samples: int) -> None:
    with pytest.raises(BrokenFile) as caught:
        xli.decode("a.xml", content, leads, samples)
    assert len(caught.value.sentence.split()) <= 25


def test_a_block_that_would_unpack_to_much_is_left_at_what_was_declared() -> None:
    bomb = made_xml.xli(np.zeros((1, 200_000), dtype=np.int64), limb=False)
    assert len(bomb) < 3000
    with pytest.raises(BrokenFile):
        xli.decode("a.xml", bomb, 1, 100)
