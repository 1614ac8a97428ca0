"""Imports point down: the rooms' table, held over late and typing imports too."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = "ecgssl_core"

# a room and all that it may import beside errors; what is not here is no room
MAY_IMPORT = {
    "errors": "",
    "durable": "",
    "cores": "",
    "settings": "",
    "signals": "settings",
    "evaluation": "",
    "plots": "",
    "runs": "durable settings",
    "records": "signals",
    "corpus": "durable cores signals records",
    "models": "durable settings signals",
    "methods": "settings signals models",
    "inference": "durable cores settings signals evaluation runs records corpus models",
    "printed": "durable records plots inference",
    "report": "durable settings evaluation plots runs corpus",
    "training": "durable settings signals evaluation runs corpus models methods inference report",
    "jobs": "durable cores settings runs",
    "pages": "cores settings signals evaluation plots runs records corpus inference printed report jobs",
    "cli": "settings signals evaluation plots runs records corpus models methods inference printed report training "
    "jobs",
}
COMMAND_LINE = {"__main__", "cli", "words", "doctor", "demo"}
WITHOUT_TORCH = (
    "errors",
    "durable",
    "cores",
    "settings",
    "evaluation",
    "plots",
    "runs",
    "records",
    "corpus",
    "printed",
    "report",
    "jobs",
    "pages",
)
# what a room must not know, by the outside packages that would tell it
FORBIDDEN = {
    "signals": {"pathlib", "wfdb", "pandas"},
    "plots": {"pathlib", "wfdb"},
    "evaluation": {"wfdb"},
    "report": {"torch", "streamlit", "wfdb"},
    "methods": {"pathlib", "logging", "wfdb"},
}


def sources() -> list[Path]:
    found = [*(ROOT / CORE).rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]
    return sorted(path for path in found if path.exists())


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    first, *rest = module.split(".")
    if first in {"app", "pages"}:
        return "pages"
    if first != CORE or not rest:
        return ""
    return "cli" if rest[0] in COMMAND_LINE else rest[0]


@cache
def modules() -> dict[str, Path]:
    return {module_name(path): path for path in sources()}


def named(node: ast.AST, package: str) -> Iterator[str]:
    """Every dotted name that an import statement, or a call of import_module, may load."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        base = ".".join([*above, *filter(None, [node.module])])
        yield base
        yield from (f"{base}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
        yield from (word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str))


@cache
def imports(path: Path) -> tuple[tuple[int, str], ...]:
    """The (line, dotted name) of every import in a file, wherever it stands."""
    name = module_name(path)
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    tree = ast.parse(path.read_text())
    return tuple((node.lineno, word) for node in ast.walk(tree) for word in named(node, package))  # type: ignore[attr-defined]


@cache
def inner(path: Path) -> frozenset[str]:
    """The modules of the project that a file imports itself, without the packages that these lie in."""
    found = {word for _, word in imports(path) if word in modules()}
    own_parts = {word.rpartition(".")[0] for word in found if word.rpartition(".")[0]}
    return frozenset(word for word in found if word not in own_parts or modules()[word].name != "__init__.py")


def reached(module: str) -> set[str]:
    """A module, and all that it imports directly or through others."""
    seen, waiting = {module}, [module]
    while waiting:
        for word in inner(modules()[waiting.pop()]) - seen:
            seen.add(word)
            waiting.append(word)
    return seen


def outside(path: Path) -> set[str]:
    return {word.split(".")[0] for _, word in imports(path)} - {CORE, "pages", "app"}


def test_every_file_lies_in_a_room_of_the_table() -> None:
    strays = [str(path) for name, path in modules().items() if name != CORE and room_of(name) not in MAY_IMPORT]
    assert strays == []


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_the_rooms_below_it(room: str) -> None:
    allowed = {room, "", "errors", *MAY_IMPORT[room].split()}
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {word}"
        for name, path in modules().items()
        if room_of(name) == room
        for line, word in imports(path)
        if word.split(".")[0] in {CORE, "pages", "app"}
        if room_of(word) in MAY_IMPORT and room_of(word) not in allowed
    ]
    assert wrong == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    knots = [name for name in modules() if any(name in reached(word) for word in inner(modules()[name]) - {name})]
    assert knots == []


@pytest.mark.parametrize("room", ["records", "corpus", "evaluation", "plots", "jobs", "runs", "report"])
def test_a_room_without_torch_names_no_module_that_reaches_it(room: str) -> None:
    heavy = {name for name, path in modules().items() if "torch" in outside(path)}
    wrong = [name for name in modules() if room_of(name) == room and reached(name) & heavy]
    assert wrong == []


def test_the_pages_name_torch_only_where_a_view_is_made() -> None:
    wrong = [name for name, path in modules().items() if room_of(name) == "pages" and "torch" in outside(path)]
    assert wrong == []


def test_the_core_knows_no_streamlit() -> None:
    assert [name for name, path in modules().items() if room_of(name) != "pages" and "streamlit" in outside(path)] == []


@pytest.mark.parametrize("room", FORBIDDEN)
def test_a_room_does_not_know_what_the_table_keeps_from_it(room: str) -> None:
    wrong = {name: sorted(outside(path) & FORBIDDEN[room]) for name, path in modules().items() if room_of(name) == room}
    assert {name: words for name, words in wrong.items() if words} == {}


def run(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("room", [room for room in WITHOUT_TORCH if room != "pages"])
def test_importing_a_room_without_torch_loads_no_torch(room: str) -> None:
    names = [name for name in modules() if room_of(name) == room and not name.endswith("__main__")]
    run(f"import sys, importlib\nfor name in {names}: importlib.import_module(name)\nassert 'torch' not in sys.modules")


def test_the_first_page_is_painted_without_torch() -> None:
    run(
        "import sys\nfrom streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('app.py', default_timeout=60).run()\n"
        "assert not app.exception, app.exception\nassert 'torch' not in sys.modules"
    )


def test_the_requirements_are_exactly_what_is_imported() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pinned = {line.split("==")[0].replace("-", "_").lower() for line in lines if "==" in line}
    used = {word for path in modules().values() for word in outside(path)} - set(sys.stdlib_module_names)
    # called by others without our naming them: pandas reads Parquet, Streamlit logs in, torch exports
    assert used | {"pyarrow", "authlib", "httpx", "onnxscript"} == pinned
