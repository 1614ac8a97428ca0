"""What the documents promise is there: verbs, options, presets, links, versions, and the ten lines of Python."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import ecgssl_core
from ecgssl_core.settings import preset_names

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("[bce]*/*.md")])
COMMAND = re.compile(r"^\s*python -m ecgssl_core (\S+)(.*)$", re.MULTILINE)


def commands() -> list[tuple[str, str]]:
    return sorted({found for page in PAGES for found in COMMAND.findall(page.read_text())})


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)


def run(*words: str) -> str:
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_documents_show_commands() -> None:
    assert {"predict", "pack", "folds", "pretrain", "finetune", "release"} <= {verb for verb, _ in commands()}


@pytest.mark.parametrize("verb", sorted({verb for verb, _ in commands()}))
def test_every_verb_and_option_in_the_documents_exists(verb: str) -> None:
    text = run("-m", "ecgssl_core", verb, "--help")
    options = {word for other, rest in commands() if other == verb for word in re.findall(r"--[a-z]+", rest)}
    assert options <= set(re.findall(r"--[a-z]+", text))


def test_every_preset_in_the_documents_exists() -> None:
    named = {name for _, rest in commands() for name in re.findall(r"--preset (\S+)", rest)}
    assert {name for name in named if not name.endswith(".toml")} <= set(preset_names())


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {name for page in PAGES for name in re.findall(r"`make ([a-z]+)`", page.read_text())} <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", prose)
    inside = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in inside if not (page.parent / target).exists()] == []


def test_places_in_the_table_of_the_house_exist() -> None:
    table = (ROOT / "README.md").read_text().partition("## Where things live")[2].partition("\n## ")[0]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    assert [place for row in rows for place in re.findall(r"`([^`]+)`", row) if not (ROOT / place).exists()] == []


def test_the_ten_lines_of_python_work_as_they_stand() -> None:
    (code,) = blocks(ROOT / "README.md", "python")
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    assert re.search(r": [01]\.\d{3}, threshold", run("-c", code))


def test_the_method_that_the_documents_add_trains(tmp_path: Path) -> None:
    page = ROOT / "docs" / "add-a-method.md"
    (code,), (preset,) = blocks(page, "python"), blocks(page, "toml")
    (tmp_path / "variance_covariance.py").write_text(code)
    (tmp_path / "quick-variance.toml").write_text(preset)
    step = f"""
import torch
import ecgssl_core.methods
from ecgssl_core.methods.method import Batch
from ecgssl_core.settings import load_preset
from ecgssl_core.signals.chance import Chance
from ecgssl_core.training.pretrain import input_spec, new_method

ecgssl_core.methods.__path__.append({str(tmp_path)!r})  # as if the file lay in that folder
torch.manual_seed(0)
settings = load_preset({str(tmp_path / "quick-variance.toml")!r})
method = new_method(settings, input_spec(settings)).train()
source = torch.randn(3, 12, method.source_samples)
losses = []
optimiser = torch.optim.SGD(method.parameters(), 1e-4)
for _ in range(3):
    loss, health = method.loss(Batch(source, None), Chance.of(0, 0, torch.arange(3)))
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    losses.append(loss.item())
assert losses[-1] < losses[0], losses
assert health["smallest_spread"] > 0
"""
    run("-c", step)


def test_the_version_is_the_same_wherever_it_stands() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text()
    assert "## [Unreleased]" in changes or f"## [{ecgssl_core.__version__}]" in changes
    assert f"\nversion: {ecgssl_core.__version__}\n" in (ROOT / "CITATION.cff").read_text()
