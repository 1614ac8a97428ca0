"""Paired differences: those that were announced, on the records that both have, corrected for their number."""

import numpy as np
import pytest

from ecgssl_core.evaluation import auroc, delong, holm, mcnemar
from ecgssl_core.report.cross_checks import cross_check
from ecgssl_core.report.differences import announced, compare_arms, differences_section
from tests.made_runs import RECORDS
from tests.report.conftest import Make
from tests.report.studies import TIME, arms_of_time, pretrained, small_study


def test_the_announced_comparisons_are_made_and_no_others(made: Make) -> None:
    study = small_study(arms_of_time(made))
    assert [(first.label, second.label) for first, second in announced(study)] == [
        ("T", "random-T-linear"),
        ("SSL-T", "T"),
        ("SSL-T", "random-T-linear"),
    ]


def test_fused_arms_and_transductive_ones_meet_their_opponents(made: Make) -> None:
    encoder = pretrained(made)
    leaky = {"protocol": {"pretraining": "transductive"}}
    runs = [
        made(),
        made('classifier.fusion="concatenate"'),
        made(TIME),
        made(TIME, encoder),
        made(TIME, encoder, **leaky),
        made(encoder),
        made(TIME, encoder, "data.label_share=0.1"),
        made(TIME, "data.label_share=0.1"),
    ]
    pairs = {(first.title, second.title) for first, second in announced(small_study(runs))}
    assert pairs == {
        ("TSG", "T"),
        ("TSG", "TSC"),
        ("SSL-T", "T"),
        ("SSL-T (transductive)", "T"),
        ("SSL-T (transductive)", "SSL-T"),
        ("SSL-TSG", "TSG"),
        ("SSL-TSG", "SSL-T"),
        ("SSL-T · 10% of labels", "T · 10% of labels"),
    }


def test_a_difference_is_taken_on_common_records_seed_by_seed(made: Make) -> None:
    study = small_study(arms_of_time(made))
    first, second = study.find("SSL-T"), study.find("T")
    assert first
    assert second
    found = compare_arms(study, first, second)
    assert found is not None
    assert [len(one) for one, _ in found.pairs] == [2 * RECORDS] * 2
    by_hand = []
    for one, other in found.pairs:
        enough = (one.labels == 1).sum(axis=0) >= 10
        by_hand.append((auroc(one.labels, one.scores) - auroc(other.labels, other.scores))[enough].mean())
    assert found.found["auroc"].value == pytest.approx(sum(by_hand) / 2)


def test_an_arm_of_one_seed_stands_against_each_seed_of_the_other(made: Make) -> None:
    study = small_study(arms_of_time(made))
    probe, scratch = study.find("random-T-linear"), study.find("T")
    assert probe
    assert scratch
    found = compare_arms(study, scratch, probe)
    assert found is not None
    assert len(found.pairs) == 2


def test_the_table_corrects_for_all_its_comparisons(made: Make) -> None:
    study = small_study(arms_of_time(made), replicates=400)
    section = differences_section(study)
    assert section is not None
    table = section.tables[""]
    assert len(table) == 6
    assert "correction over all 6 of this table" in section.sentences[0]
    raw = [compare_arms(study, first, second) for first, second in announced(study)]
    p_values = {f"{each.title} {name}": each.found[name].p for each in raw if each for name in ("auroc", "auprc")}
    assert table["p, Holm"].tolist() == [f"{value:.3f}" for value in holm(p_values).values()]
    assert set(table["holds up"]) == {"yes"}


def test_too_few_replicates_for_any_claim_are_named(made: Make) -> None:
    section = differences_section(small_study(arms_of_time(made), replicates=20))
    assert section is not None
    assert "20 replicates cannot show that any of 6 holds up" in section.sentences[1]
    assert set(section.tables[""]["holds up"]) == {"no"}


def test_the_spread_over_folds_is_that_of_the_folds_own_figures(made: Make) -> None:
    def test_of(value: float) -> dict[str, object]:
        return {"value": value, "low": None, "high": None}

    names = ("auroc", "auprc", "accuracy", "f_measure", "f_beta_2", "g_beta_2", "challenge_metric")
    runs = []
    for fold, (fused, bare) in enumerate([(0.80, 0.70), (0.75, 0.71), (0.90, 0.80)]):
        runs.append(made(f"data.fold={fold}", test=dict.fromkeys(names, test_of(fused))))
        runs.append(made(TIME, f"data.fold={fold}", test=dict.fromkeys(names, test_of(bare))))
    section = differences_section(small_study(runs))
    assert section is not None
    # differences 0.10, 0.04, 0.10
    assert section.tables[""]["mean ± sd over folds (spread)"][0] == "+0.080 ± 0.035"


def test_one_arm_alone_has_no_differences(made: Make) -> None:
    assert differences_section(small_study([made()])) is None


def test_cross_checks_take_one_record_a_patient_of_the_first_seeds(made: Make) -> None:
    study = small_study(arms_of_time(made))
    section = differences_section(study)
    assert section is not None
    table = list(section.tables.values())[1].set_index("comparison")
    first, second = study.find("SSL-T"), study.find("T")
    assert first
    assert second
    one, other = first.pools[0], second.pools[0].only(first.pools[0].keys)
    rows = np.arange(0, 2 * RECORDS, 2)  # a made patient has two records, one after the other
    exact = mcnemar(one.labels[rows], one.outputs[rows], other.outputs[rows])
    found = delong(one.labels[rows], one.scores[rows], other.scores[rows])
    corrected = np.array(list(holm({str(place): p for place, p in enumerate(found.p)}).values()))
    row = table.loc["SSL-T − T"]
    assert row["records, one a patient"] == str(RECORDS)
    assert (row["all right in the first only"], row["in the second only"]) == (exact.only_first, exact.only_second)
    assert row["p, exact matches (McNemar)"] == f"{exact.p:.3f}"
    assert row["classes tested (DeLong)"] == (~np.isnan(found.p)).sum() < 24
    assert row["AUROC higher, Holm"] == ((corrected < 0.05) & (found.difference > 0)).sum()
    assert row["AUROC lower, Holm"] == ((corrected < 0.05) & (found.difference < 0)).sum()


def test_classes_that_differ_are_counted_on_their_side(made: Make) -> None:
    runs = [made(TIME, f"data.fold={fold}", signal=0.0) for fold in range(3)]
    runs += [made(f"data.fold={fold}", signal=4.0) for fold in range(3)]
    study = small_study(runs)
    fused, bare = study.find("TSG"), study.find("T")
    assert fused
    assert bare
    better, worse = cross_check(fused.pools[0], bare.pools[0]), cross_check(bare.pools[0], fused.pools[0])
    assert (better.higher, better.lower) == (worse.lower, worse.higher)
    assert better.higher > 5
    assert better.lower == 0
    with pytest.raises(ValueError, match="same records"):
        cross_check(fused.pools[0], bare.pools[0].only(bare.pools[0].keys[:9]))
