"""The tables of a card: the paper's numbers beside ours, arms beside each other, ablation, shares, protocol."""

import pandas as pd
import pytest

from ecgssl_core.evaluation import delong
from ecgssl_core.report.ablation import ablation_section, share_section
from ecgssl_core.report.classes import class_table, delong_table
from ecgssl_core.report.make import card_of
from ecgssl_core.report.overview import overview_section
from ecgssl_core.report.paper import published
from ecgssl_core.report.paper_tables import paper_section
from ecgssl_core.report.protocol import facts, gaps, runs_section
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import chance, ranges
from tests.made_runs import RECORDS
from tests.report.conftest import Make
from tests.report.studies import TIME, arms_of_time, pretrained, small_study


def test_the_papers_tables_are_whole() -> None:
    first, second = published("I"), published("II")
    assert [row.setup for row in second] == ["T", "S", "TSC", "TSG", "SSL-T", "SSL-S", "SSL-TSC", "SSL-TSG"]
    assert len(first) == 12
    assert second[-1].values["auprc"] == 65.84
    # what the paper says in words of its own table: pretraining gives TSG +0.42 and +1.62
    gains = {name: second[-1].values[name] - second[3].values[name] for name in ("auroc", "auprc")}  # type: ignore[operator]
    assert gains == pytest.approx({"auroc": 0.42, "auprc": 1.62})
    rounded = {row.setup: row.values for row in first if not row.is_quoted}
    for row in second:
        for name, value in rounded.get(row.setup, {}).items():
            assert abs(value - row.values[name]) <= 0.0500001  # type: ignore[operator]


def paper_table(study: Study, name: str) -> dict[str, pd.DataFrame]:
    section = paper_section(study, name)
    assert section is not None
    return dict(section.tables)


def test_networks_of_another_paper_stand_beside_none_of_its_numbers(made: Make) -> None:
    words = ('encoder.series="wav2vec"', "encoder.width=32", "encoder.heads=4", 'classifier.modalities=["time"]')
    other = small_study([made(*words)])
    assert other.papers == ("Oh et al. 2022",)
    assert paper_section(other, "II") is None
    both = small_study([made(*words), made("data.fold=1")])
    assert both.papers == ("Phan et al. 2022", "Oh et al. 2022")
    assert card_of(both).title == "Reproduction card: Phan et al. 2022 and Oh et al. 2022 on this corpus"


def test_table_ii_has_paper_ours_difference_interval_and_protocol(made: Make) -> None:
    study = small_study(arms_of_time(made))
    table = paper_table(study, "II")[""].set_index(["setup", "metric"])
    row = table.loc[("SSL-T", "AUROC")]
    arm = study.find("SSL-T")
    assert arm
    ours = 100 * study.estimate(arm).metrics["auroc"].value
    assert row["paper"] == "95.70"
    assert row["ours"] == f"{ours:.2f}"
    assert row["difference"] == f"{ours - 95.70:+.2f}".replace("-", "−")
    assert row["95 % interval of ours"].startswith("[")
    assert row["protocol"].startswith("another corpus/size, patient folds 0–1, seeds 0–1")
    assert row["protocol"].endswith("fold-pure")
    assert table.loc[("S", "AUROC"), "protocol"] == "not run"
    assert table.loc[("S", "AUROC"), "ours"] == "–"


def test_table_i_keeps_what_the_paper_quotes_apart(made: Make) -> None:
    tables = list(paper_table(small_study([made()]), "I").values())
    assert set(tables[0]["setup"]) == {"SSL-T", "SSL-S", "SSL-TSG"}
    assert tables[1].set_index("setup").loc["[31]"].tolist() == ["–"] * 6 + ["23.6"]


def test_transductive_arms_carry_the_word_in_their_cells(made: Make) -> None:
    run = made(TIME, pretrained(made), protocol={"pretraining": "transductive"})
    table = paper_table(small_study([run]), "II")[""]
    cells = table[table["ours"] != "–"]
    assert set(cells["setup"]) == {"SSL-T (transductive)"}
    assert all("transductive" in cell for cell in cells["protocol"])


def test_arms_stand_in_the_papers_order_with_intervals_and_spreads(made: Make) -> None:
    section = overview_section(small_study(arms_of_time(made)))
    pooled, folds, seeds = section.tables.values()
    assert pooled["arm"].tolist() == ["T", "SSL-T", "random-T-linear"]
    assert pooled["records"].tolist() == [str(3 * RECORDS), str(2 * RECORDS), str(3 * RECORDS)]
    assert "[" in pooled["AUROC"][0]
    # with ten positives or more, hardly a replicate goes without
    assert pooled["replicates lacking a class"].tolist() == ["0.0%"] * 3
    # the made runs' own figures are 0.50, 0.51 and 0.52 on folds 0, 1 and 2
    assert folds["AUROC"].tolist() == ["0.510 ± 0.010", "0.505 ± 0.007", "0.510 ± 0.010"]
    assert seeds["arm"].tolist() == ["T", "SSL-T"]


def test_the_share_of_replicates_without_a_class_stands_beside_its_intervals(made: Make) -> None:
    study = small_study([made(TIME)], replicates=100)
    table = class_table(study, "auroc")
    lacking = study.estimate(study.arms[0]).lacking
    assert table["replicates lacking it"].tolist() == [f"{share:.1%}" for share in lacking]
    assert table["replicates lacking it"][int(table["positives"].argmax())] == "0.0%"
    assert lacking[(table["positives"] > 0) & (table["positives"] <= 2)].min() > 0.05


def test_delongs_test_of_the_main_claim_is_that_of_one_record_a_patient(made: Make) -> None:
    encoder = pretrained(made)
    study = small_study([made(encoder, signal=3.0), made(TIME, encoder, signal=0.5)])
    table = delong_table(study)
    assert table is not None
    both = [study.find(name) for name in ("SSL-TSG", "SSL-T")]
    first, second = (arm.pools[0] for arm in both if arm)
    rows = slice(None, None, 2)  # a made patient has two records, one after the other
    found = delong(first.labels[rows], first.scores[rows], second.scores[rows])
    assert table["p"].tolist() == [chance(float(p)) for p in found.p]
    assert "yes" in set(table["holds up"])
    assert delong_table(small_study([made()])) is None


def test_the_ablation_stands_in_the_figures_order_on_common_records(made: Make) -> None:
    switches = {
        "T1": [],
        "GN": ["views.time.cutout=false"],
        "none": ["views.time.cutout=false", "views.time.noise=false"],
    }
    runs = []
    for place, (name, words) in enumerate(switches.items()):
        encoder = pretrained(made, *words)
        folds = (0, 1) if name == "GN" else (0,)
        runs += [made(TIME, encoder, f"data.fold={fold}", signal=2 - 0.7 * place, salt=name) for fold in folds]
    section = ablation_section(small_study(runs, replicates=100))
    assert section is not None
    table = section.tables[""]
    assert table["transformations"].tolist() == ["none", "GN", "T1"]
    assert table["records"].tolist() == [str(RECORDS)] * 3
    assert table["AUROC less that of none"][0] == "–"
    assert all(text.startswith("+") for text in table["AUROC less that of none"][1:])
    assert table["paper"].tolist() == ["lowest, no number", "between, no number", "highest, no number"]


def test_one_set_of_transformations_is_no_ablation(made: Make) -> None:
    assert ablation_section(small_study(arms_of_time(made))) is None


def test_shares_of_the_labels_stand_beside_the_whole(made: Make) -> None:
    runs = [made(TIME, f"data.label_share={share}", signal=share) for share in (0.1, 0.3, 1.0)]
    section = share_section(small_study([*runs, made()]))
    assert section is not None
    assert section.tables[""]["labels"].tolist() == ["10%", "30%", "100%"]
    assert set(section.tables[""]["arm"]) == {"T"}
    assert share_section(small_study([made()])) is None


def test_what_was_not_run_is_named(made: Make) -> None:
    said = gaps(small_study(arms_of_time(made)))
    assert said[:2] == ["SSL-T, seed 0: fold 2 not run.", "SSL-T, seed 1: fold 2 not run."]
    assert "Fewer than three seeds" in said[2]


def test_where_no_arm_has_all_folds_the_records_tell(made: Make) -> None:
    said = gaps(small_study([made(records={"train": 500, "validation": 40, "test": 60})]))
    assert said[0] == "TSG, seed 0: only fold 0 run, 60 of 600 labelled records."


def test_what_must_stand_beside_a_number_stands_there(made: Make) -> None:
    found = facts(small_study(arms_of_time(made)))
    assert "180 records of 90 patients scored: made 180" in found["corpus"]
    assert "one division" in found["folds"]
    assert found["exposure in pretraining"] == "none: T, random-T-linear; fold-pure: SSL-T"
    assert found["seeds"] == "0–1: T, SSL-T; 0: random-T-linear"
    assert found["macro means"].startswith("over the 22 of 24 classes with at least 10 positives")
    assert "20 bootstrap replicates" in found["intervals"]


def test_runs_of_several_presets_in_one_arm_are_named(made: Make) -> None:
    section = runs_section(small_study([made(), made("data.fold=1", 'preset="other"')]))
    assert "TSG pools runs of several presets: other, quick-tsg." in section.sentences


@pytest.mark.parametrize(("folds", "text"), [([0], "0"), ([2, 0, 1, 5], "0–2, 5"), ([], "")])
def test_ranges(folds: list[int], text: str) -> None:
    assert ranges(folds) == text
