"""Paired differences between arms that were announced beforehand, with Holm's correction over all of them."""

from collections.abc import Iterator

import pandas as pd

from ecgssl_core.plots.differences import difference_figure
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.compared import Compared, compare_arms, compared_rows, too_few
from ecgssl_core.report.cross_checks import LEVEL, cross_check
from ecgssl_core.report.finished import PURE
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import chance

COMPARED = ("auroc", "auprc")  # the metrics that hang on no threshold
_CHECKS = (
    "Cross-checks on one record of each patient, first seeds alone: exact matches, and in how many classes the AUROC "
    "differs after Holm's correction over the classes"
)
# beside each SSL- arm against its twin from scratch, and each arm against the probe of a random encoder
_PAIRS = (("TSG", "T"), ("TSG", "TSC"), ("SSL-TSG", "SSL-T"), ("SSL-TSG", "SSL-TSC"))


def differences_section(study: Study) -> Section | None:
    """Give the announced comparisons that these runs allow; None without any."""
    compared = [each for first, second in announced(study) if (each := compare_arms(study, first, second))]
    if not compared:
        return None
    rows, marks = compared_rows(compared, COMPARED)
    count = len(rows)
    sentences = [
        "Each difference is taken on the records that both arms have, seed by seed, in the same replicates. It counts "
        f"as one where p stays below {LEVEL} after Holm's correction over all {count} of this table, announced before "
        "any was computed: each SSL- arm against its twin from scratch, TSG against T and TSC, SSL-TSG against SSL-T "
        "and SSL-TSC, each against the linear probe of a random encoder, a transductive arm against its fold-pure twin."
    ]
    drawing = Drawing("differences", "Each difference with its interval.", difference_figure(marks), 640)
    tables = {"": rows, _CHECKS: pd.DataFrame([_check_row(each) for each in compared])}
    sentences += too_few(count, study)
    return Section("differences", "Paired differences", tuple(sentences), tables, (drawing,))


def announced(study: Study) -> Iterator[tuple[Arm, Arm]]:
    """Give the pairs of arms that the protocol compares, where both were run."""
    for arm in study.arms:
        for base in _opponents(arm.base):
            second = study.find(base, arm.share)
            if second and second is not arm:
                yield arm, second
        if arm.exposure not in PURE and (twin := study.find(arm.base, arm.share)):
            yield arm, twin


def _opponents(base: str) -> list[str]:
    modalities = base.removeprefix("SSL-").partition("-")[0]
    found = [second for first, second in _PAIRS if first == base]
    if base.startswith("SSL-"):
        bare = base.removeprefix("SSL-")
        found.insert(0, f"random-{bare}" if "-" in bare else bare)
    if not base.startswith("random-"):
        found.append(f"random-{modalities}-linear")
    return list(dict.fromkeys(found))


def _check_row(each: Compared) -> dict[str, object]:
    """Give both cross-checks of the first pair of seeds."""
    checks = cross_check(*each.pairs[0])
    return {
        "comparison": each.title,
        "records, one a patient": f"{checks.records:,}",
        "all right in the first only": checks.exact.only_first,
        "in the second only": checks.exact.only_second,
        "p, exact matches (McNemar)": chance(checks.exact.p),
        "classes tested (DeLong)": checks.tested,
        "AUROC higher, Holm": checks.higher,
        "AUROC lower, Holm": checks.lower,
        "least p of a class, Holm": chance(min((p for p in checks.corrected if p == p), default=float("nan"))),
    }
