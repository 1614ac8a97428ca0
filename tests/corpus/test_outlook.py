"""What is known of a folder before it is packed, beside what its pack then says."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.corpus.outlook import outlook
from ecgssl_core.corpus.source import open_source
from ecgssl_core.corpus.summary import prevalence
from ecgssl_core.corpus.survey import survey_folder
from ecgssl_core.corpus.together import co_occurrence


def test_a_published_corpus_is_known_before_it_is_packed(real: Callable[[str], Path]) -> None:
    found = outlook(open_source(None, real("ptbxl_layout")))
    assert found.records == 40
    assert sum(found.folds.values()) == 40
    assert all(found.patients.values())
    assert set(found.names) <= {"NORM", "MI", "STTC", "CD", "HYP"}


def test_records_that_were_looked_at_speak_for_a_folder_without_a_table(
    write_record: Callable[..., object], tmp_path: Path
) -> None:
    codes = ["426783006", "164889003", "164889003,426783006", "59118001", "164889003,713427006"]
    for number, dx in enumerate(codes):
        write_record(f"{'ab'[number % 2]}/r{number}", lines=[f"# Dx: {dx}"], seed=number)
    source = open_source("cinc2020", tmp_path / "corpus")
    assert outlook(source).names == ()
    found = outlook(source, survey_folder(source).seen)
    pack, classes = build_pack(source, tmp_path / "pack"), load_label_set("cinc2020")
    names, together = co_occurrence(pack, classes)
    assert found.names == names
    np.testing.assert_array_equal(found.together, together)
    table = prevalence(pack, classes).set_index("class").loc[list(names)]
    assert found.by_source == {name: table[name].tolist() for name in ("a", "b")}
    assert found.patients == {"a": None, "b": None}
