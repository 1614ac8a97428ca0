"""The house as a visitor sees it: what stands where, how large a page is, and what is never written."""

import ast
import subprocess
from pathlib import Path

import pytest

from ecgssl_core.settings import load_preset, parse_settings, preset_names, settings_text

ROOT = Path(__file__).parents[2]
TOP = """
    .ci .gitignore .pre-commit-config.yaml .streamlit CHANGELOG.md CITATION.cff CONTRIBUTING.md LICENSE Makefile
    README.md app.py benchmarks checkpoints constraints.txt docs ecgssl_core examples pages pyproject.toml
    requirements-dev.txt requirements.txt tests
"""
PAGES = {"inspect", "compare", "views", "corpora", "train", "results", "models", "settings", "terms"}
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "tools"}
NEVER_IMPORTED = {"pickle", "cPickle", "dill", "joblib", "marshal", "shelve", "xml"}
NEVER_CALLED = {"eval", "exec", "os.system", "yaml.load", "zlib.decompress", "gzip.decompress", "tempfile.mktemp"}
NEVER_SAID = {"shell=True", "unsafe_allow_html=True"}
NEVER_ENDING = (".extractall", ".read_pickle", ".to_pickle")
MUST_SAY = {
    "torch.load": "weights_only=True",
    "np.load": "allow_pickle=False",
    "numpy.load": "allow_pickle=False",
    "np.lib.format.read_array": "allow_pickle=False",
}


def code() -> list[Path]:
    folders = ("ecgssl_core", "pages", "benchmarks")
    found = [ROOT / "app.py", *(path for folder in folders for path in (ROOT / folder).rglob("*.py"))]
    return sorted(path for path in found if path.exists())


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tracked() -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so what is tracked is not known")
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.rstrip("\0").split("\0")


def test_the_top_level_holds_what_the_plan_of_the_house_says() -> None:
    assert {path.split("/")[0] for path in tracked()} == set(TOP.split())


def test_nothing_large_is_tracked_but_the_released_models() -> None:
    large = [path for path in tracked() if (ROOT / path).exists() and (ROOT / path).stat().st_size > 2**20]
    assert [path for path in large if not path.startswith("checkpoints/")] == []


def test_no_file_is_a_drawer_for_whatever_is_left() -> None:
    places = [*code(), *(ROOT / "tests").rglob("*.py")]
    assert [shown(path) for path in places if DRAWERS & {*path.relative_to(ROOT).parts[:-1], path.stem}] == []


def test_the_pages_are_those_of_the_plan() -> None:
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == PAGES


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.stem)
def test_a_page_is_thin_and_has_no_ceremony(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 100
    assert "def main" not in text
    assert "__name__" not in text


def test_caches_stand_in_one_file() -> None:
    caching = [path for path in (ROOT / "pages").rglob("*.py") if "st.cache_" in path.read_text()]
    assert {shown(path) for path in caching} <= {"pages/parts/cache.py"}


def test_a_room_opens_with_a_docstring_and_names_only() -> None:
    for path in (ROOT / "ecgssl_core").rglob("__init__.py"):
        docstring, *rest = ast.parse(path.read_text()).body
        assert isinstance(docstring, ast.Expr), shown(path)
        for node in rest:
            constant = isinstance(node, ast.Assign) and isinstance(ast.literal_eval(node.value), str | list | tuple)
            assert constant or isinstance(node, ast.ImportFrom), f"{shown(path)}:{node.lineno}"


def test_every_file_says_in_one_sentence_what_is_in_it() -> None:
    silent = [
        path for path in code() if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert [shown(path) for path in silent] == []


def unsafe(tree: ast.AST) -> list[tuple[int, str]]:
    """The (line, words) of everything in a file that runs or unpacks what a stranger may have written."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            found += [(node.lineno, name) for name in names if name.split(".")[0] in NEVER_IMPORTED]
        if isinstance(node, ast.Call):
            called, words = ast.unparse(node.func), {ast.unparse(word) for word in node.keywords}
            if (
                called in NEVER_CALLED
                or called.endswith(NEVER_ENDING)
                or {"shell=True", "unsafe_allow_html=True"} & words
            ):
                found.append((node.lineno, called))
            if called in MUST_SAY and MUST_SAY[called] not in words:
                found.append((node.lineno, f"{called} without {MUST_SAY[called]}"))
    return found


def test_nothing_runs_or_unpacks_what_a_stranger_may_have_written() -> None:
    wrong = {shown(path): unsafe(ast.parse(path.read_text())) for path in code()}
    assert {path: words for path, words in wrong.items() if words} == {}


@pytest.mark.parametrize(
    "line", ["import pickle", "torch.load(path)", "np.load(path)", "run(x, shell=True)", "a.extractall()"]
)
def test_the_check_above_sees_what_it_looks_for(line: str) -> None:
    assert unsafe(ast.parse(line))


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_loads_and_survives_being_written(name: str) -> None:
    settings = load_preset(name)
    assert parse_settings(settings_text(settings)) == settings
