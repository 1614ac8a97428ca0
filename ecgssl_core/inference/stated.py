"""What a finding is called in words: the same on the page, on the printed sheet and on the command line.

A class is stated where its status is `positive`: it is then likely or possible. `negative` is called below.
"""

from collections.abc import Sequence

from .prediction import Finding

EVEN = 0.5  # a probability from which a stated class is called likely
SEEN_IN_TRAINING = (
    "The model was trained on this very recording: what it says here does not tell how it does on new ones."
)


def word_of(status: str, probability: float) -> str:
    """Give in a word or two what the model's output says of a class."""
    if status == "positive":
        return "likely" if probability >= EVEN else "possible"
    return "below" if status == "negative" else status


def stated_word(finding: Finding) -> str:
    """Give in a word or two what a finding says."""
    return word_of(finding.status, finding.probability)


def by_height(findings: Sequence[Finding]) -> list[Finding]:
    """Give findings by probability over threshold, the highest first; what is not assessed stands last."""
    return sorted(findings, key=lambda one: (one.status == "not assessed", -one.probability / max(one.threshold, 1e-9)))


def how_many_stated(count: int, of: int) -> str:
    """Give how many classes are stated."""
    return f"{count or 'None'} of {of} classes {'is' if count < 2 else 'are'} stated"


def rounded_said(probability: float) -> str:
    """Give a probability with two digits, and never as a certainty that it is not."""
    return {"0.00": "< 0.01", "1.00": "> 0.99"}.get(text := f"{probability:.2f}", text)


def unsupported(findings: Sequence[Finding]) -> list[str]:
    """Give the sentences on stated classes that a measured interval does not support, in the order given."""
    return [one.unsupported for one in findings if one.unsupported is not None]
