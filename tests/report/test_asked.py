"""What a page asks of runs: against a chosen arm, one class, confusion, gates beside the ablation, and by wire."""

import json

import numpy as np
import pandas as pd
import pytest

from ecgssl_core.errors import RunError
from ecgssl_core.evaluation import Interval
from ecgssl_core.evaluation.reliability_bins import reliability_bins
from ecgssl_core.report.against import against_section
from ecgssl_core.report.confusion import commonest, confusion_section
from ecgssl_core.report.curves import MACRO, curves_section
from ecgssl_core.report.latex import table_latex
from ecgssl_core.report.lead_sets import lead_section, without_leads
from ecgssl_core.report.leaning import AGREE, APART, OPEN, ablate, judge, leaning_section
from ecgssl_core.report.operating import operating_points, together
from ecgssl_core.report.pooling import Pool
from ecgssl_core.report.questions import QUESTIONS, answer
from ecgssl_core.report.reliable import reliability_section
from ecgssl_core.report.said import said_of, verdicts
from ecgssl_core.report.service import ReportService
from ecgssl_core.report.settings_table import settings_differences
from ecgssl_core.report.wire import decode_section, encode_section
from ecgssl_core.settings import load_preset, override
from tests.made_runs import CLASSES
from tests.report.conftest import Make
from tests.report.studies import TIME, small_study

IMAGE = 'classifier.modalities=["spectrogram"]'


def pool_of(labels: list[list[int]], outputs: list[list[int]]) -> Pool:
    """Records whose scores are their outputs, at thresholds of one half."""
    count = len(labels)
    names = np.array([str(at) for at in range(count)])
    scores = np.array(outputs, dtype=np.float64)
    truth = np.array(labels, dtype=np.int8)
    return Pool(names, names, names, np.zeros(count, np.int64), truth, scores, np.full(scores.shape, 0.5), None)


def test_what_thresholds_make_of_two_classes_worked_by_hand() -> None:
    pool = pool_of([[1, 0], [1, 1], [0, 1], [0, -1]], [[1, 1], [0, 1], [1, 0], [0, 1]])
    found = operating_points(pool, [0, 1])
    assert found.recall == pytest.approx((1 / 2 + 1 / 2) / 2)
    assert found.specificity == pytest.approx((1 / 2 + 0) / 2)
    assert found.precision == pytest.approx((1 / 2 + 1 / 2) / 2)
    assert (found.called, found.positives) == (4, 4)  # what is called where nobody knows is counted nowhere


def test_classes_that_stand_together_are_no_confusion() -> None:
    # the first record has both and is called both; the second has one and is called both
    pool = pool_of([[1, 1], [1, 0], [0, 1]], [[1, 1], [1, 1], [0, 1]])
    found = together(pool, [0, 1])
    assert found.called[0].tolist() == [1.0, 1.0]
    assert found.there[0].tolist() == [1.0, 0.5]
    assert found.beyond[0, 1] == 1.0
    assert np.isnan(found.beyond[0, 0])  # who has a class cannot be called it falsely
    assert found.records.tolist() == [2, 2]


def test_every_arm_is_compared_with_the_chosen_one_on_common_records(made: Make) -> None:
    runs = [made(TIME, f"data.fold={fold}") for fold in (0, 1)] + [made(IMAGE, "data.fold=0", signal=2.0)]
    section = against_section(small_study(runs), "T", ["auroc", "f_measure"])
    table = section.tables[""]
    assert table["comparison"].tolist() == ["S − T", "S − T"]
    assert table["metric"].tolist() == ["AUROC", "F1"]
    assert table["records"].tolist() == ["60", "60"]
    assert "with the scores in sight" in section.sentences[0]
    assert "take more of them" in section.sentences[1]  # 20 replicates cannot show anything


def test_a_baseline_that_is_not_there_is_refused_by_name(made: Make) -> None:
    with pytest.raises(RunError, match="no arm SSL-S"):
        against_section(small_study([made()]), "SSL-S", ["auroc"])


def test_curves_of_one_class_and_of_the_mean_have_a_mark_and_the_prevalence(made: Make) -> None:
    study = small_study([made(f"data.fold={fold}") for fold in (0, 1)])
    (arm,) = study.arms
    one = curves_section(study, CLASSES.codes[0], [arm])
    assert one.title == CLASSES.names[0]
    pool = next(iter(arm.pools.values()))
    prevalence = float((pool.labels[:, 0] == 1).mean())
    assert list(one.drawings[1].figure.data[0].y) == [prevalence] * 2
    mean = curves_section(study, MACRO, [arm])
    assert "mean over" in mean.title
    for section in (one, mean):
        marks = [trace for drawing in section.drawings for trace in drawing.figure.data if trace.mode == "markers"]
        row = section.tables[""].iloc[0]
        assert [float(mark.y[0]) for mark in marks] == pytest.approx(
            [float(row["recall"]), float(row["precision"])], abs=5e-4
        )
        assert 1 - marks[0].x[0] == pytest.approx(float(row["specificity"]), abs=5e-4)


def test_confusion_stands_for_the_commonest_classes_and_those_chosen(made: Make) -> None:
    study = small_study([made()])
    assert len(commonest(study, study.arms[0])) == 12
    section = confusion_section(study, study.arms[0], list(CLASSES.codes[:3]))
    assert len(section.tables[""]) == 6
    assert [drawing.name for drawing in section.drawings] == ["confusion_called", "confusion_there", "confusion_beyond"]


def test_the_bins_of_a_reliability_curve_have_intervals_over_patients() -> None:
    random = np.random.default_rng(0)
    found = random.random((400, 1))
    labels = (random.random((400, 1)) < found).astype(np.int8)
    bins = reliability_bins(labels, found, np.arange(400) // 2, bins=5, replicates=200)
    assert bins.count.tolist() == [80] * 5
    assert (bins.low <= bins.observed).all()
    assert (bins.observed <= bins.high).all()
    # about 1.96 standard errors of a share of 80
    error = np.sqrt(bins.observed * (1 - bins.observed) / 80)
    assert (bins.high - bins.low) / 2 == pytest.approx(1.96 * error, rel=0.35)
    with pytest.raises(ValueError, match="0 bins"):
        reliability_bins(labels, found, np.arange(400), bins=0)


def test_reliability_of_a_class_counts_its_positives(made: Make) -> None:
    study = small_study([made()])
    section = reliability_section(study, CLASSES.codes[0], list(study.arms))
    pool = next(iter(study.arms[0].pools.values()))
    assert section.tables[""]["positives"][0] == str((pool.labels[:, 0] == 1).sum())


@pytest.mark.parametrize(
    ("weight", "low", "high", "said"),
    [(0.8, 0.1, 0.3, AGREE), (0.8, -0.3, -0.1, APART), (0.2, -0.3, -0.1, AGREE), (0.8, -0.1, 0.1, OPEN)],
)
def test_gate_and_ablation_agree_where_they_point_the_same_way(
    weight: float, low: float, high: float, said: str
) -> None:
    assert judge(weight, Interval((low + high) / 2, low, high)) == said


def test_gates_stand_beside_the_ablation_where_both_arms_were_run(made: Make) -> None:
    gated = [made(f"data.fold={fold}") for fold in (0, 1)]
    alone = small_study(gated)
    section = leaning_section(alone, alone.arms[0])
    assert "T and S are not among these runs" in section.sentences[1]
    # the made gate gives the series 0.7 on fold 0 and 0.5 on fold 1
    assert section.tables[""]["lowest to highest fold"][0] == "0.50 to 0.70"
    runs = gated + [made(words, f"data.fold={f}", signal=s) for words, s in ((TIME, 0.1), (IMAGE, 3.0)) for f in (0, 1)]
    study = small_study(runs)
    arm = next(arm for arm in study.arms if arm.base == "TSG")
    found = ablate(study, arm)
    assert found is not None
    common = found.positives >= 10
    assert (found.time_over_spectrogram[2, common] < 0).all()  # the spectrogram alone was made the better
    table = leaning_section(study, arm).tables[""].set_index("class")
    assert table.loc[CLASSES.names[0], "gate and ablation"] == "disagree"


def test_what_was_said_of_a_record_is_told_by_class(made: Make) -> None:
    study = small_study([made()])
    said = verdicts(study, study.arms[0], CLASSES.codes[0])
    assert len(said) == 60
    assert set(said.values()) <= {"found", "missed", "false alarm", "rightly quiet"}
    rows = said_of(study, study.arms[0], "made/0-000")
    assert len(rows) == len(CLASSES)
    assert rows[0]["probability"] >= rows[1]["probability"]
    with pytest.raises(RunError, match="not scored on this record"):
        said_of(study, study.arms[0], "made/9-000")


def test_fewer_leads_are_a_section_once_a_run_was_scored_with_them(made: Make) -> None:
    runs = [made(f"data.fold={fold}") for fold in (0, 1)]
    study = small_study(runs)
    assert lead_section(study) is None
    assert without_leads(study) == [run.name for run in study.arms[0].runs]
    for run in runs:
        frame = run.predictions()
        assert frame is not None
        scores = frame[["key", *(f"p_{code}" for code in CLASSES.codes)]]
        worse = scores.assign(**{f"p_{code}": 0.5 for code in CLASSES.codes})
        about = [scores.assign(leads=12, set="12 leads", names="I, II"), worse.assign(leads=1, set="1 lead", names="I")]
        run.write_lead_scores(pd.concat(about, ignore_index=True))
    study = small_study(runs)
    section = lead_section(study)
    assert section is not None
    table = section.tables[""]
    whole = study.estimate(study.arms[0]).metrics["auroc"]
    assert table["AUROC"][0].startswith(f"{whole.value:.3f} [")
    assert table["AUROC"][1].startswith("0.500 [")
    assert without_leads(study) == []


def test_a_section_travels_as_json_and_comes_back_whole(made: Make) -> None:
    study = small_study([made()])
    for question, words in (("leaning", {"arm": "TSG"}), ("arms", {})):
        tree = json.loads(json.dumps(answer(study, question, words)))
        section = decode_section(tree)
        assert encode_section(section)["tables"] == tree["tables"]
        assert section.drawings[0].figure.data


def test_every_question_has_an_answer_that_json_can_hold(made: Make) -> None:
    study = small_study([made(TIME), made()])
    one = {"arm": "TSG", "arms": ["T"], "code": CLASSES.codes[0], "codes": None, "baseline": "T", "metric": "auroc"}
    one |= {"metrics": ["auroc"], "name": "Figure 3", "key": "made/0-000"}
    for name, question in QUESTIONS.items():
        if name != "report":
            words = question.__code__.co_varnames[1 : question.__code__.co_argcount]
            json.dumps(answer(study, name, {word: one[word] for word in words}), allow_nan=True)


def test_answers_come_from_another_process_and_errors_as_their_sentence(made: Make) -> None:
    service, run = ReportService(), made()
    try:
        facts = service.ask([run], 20, "facts")
        assert facts["arms"] == ["TSG"]
        with pytest.raises(RunError, match="no arm nobody"):
            service.ask([run], 20, "leaning", arm="nobody")
    finally:
        service.close()


def test_settings_are_shown_as_far_as_they_differ() -> None:
    one, other = load_preset("quick-tsg"), override(load_preset("quick-tsg"), ["data.fold=3", "training.seed=7"])
    table = settings_differences({"a": one, "b": other})
    assert table["setting"].tolist() == ["data.fold", "training.seed"]
    assert table["b"].tolist() == ["3", "7"]
    assert settings_differences({"a": one, "b": one}).empty


def test_latex_means_nothing_by_the_letters_of_a_cell() -> None:
    text = table_latex(pd.DataFrame({"arm": ["a_b & 50% \\input{x}"], "AUROC": ["0.8 ± 0.1"]}), "100 %")
    assert r"a\_b \& 50\% \textbackslash{}input\{x\}" in text
    assert r"0.8 $\pm$ 0.1 \\" in text
    assert r"\begin{tabular}{lc}" in text
