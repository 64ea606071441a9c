"""Who may call whom: what docs/architecture says, as tests over the syntax trees."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ADDON = ROOT / "territory_planning"
ENGINE = sorted((ADDON / "engine").rglob("*.py"))

#: Modules that read a clock, a file, the network or the machine's state.
CLOCKS = {"time", "datetime"}
NETWORK = {
    "aiohttp",
    "ftplib",
    "http",
    "httpx",
    "requests",
    "socket",
    "urllib",
    "urllib3",
}
FILES = {"os", "io", "pathlib", "shutil", "subprocess", "tempfile"}
#: A time limit needs a clock, but never the time of day.
STOPWATCHES = {"monotonic", "perf_counter", "process_time"}
TIMED = {"trip", "alignment"}


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Each imported name with its line: ``a.b`` of ``import a.b`` and ``from a import b``.

    Imports within functions count too; relative ones begin with a dot.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (f"{node.module}." if node.module else "")
            for alias in node.names:
                yield base + alias.name, node.lineno


def part(path: Path) -> str:
    """The part of the engine that a file belongs to: ``trip`` of ``trip/search.py``.

    A leading underscore does not make another part: ``_trip_search`` belongs to ``trip``.
    """
    first = path.relative_to(ADDON / "engine").parts[0]
    return first.removesuffix(".py").strip("_").split("_")[0]


def offences(path: Path, forbidden: set[str]) -> list[str]:
    """The imports of a file whose top-level package is forbidden."""
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for name, line in imports(ast.parse(path.read_text()))
        if name.split(".")[0] in forbidden
    ]


def named(path: Path) -> str:
    return str(path.relative_to(ADDON))


@pytest.mark.parametrize("path", ENGINE, ids=named)
def test_engine_knows_no_odoo(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert not offences(path, {"odoo", "openerp", "psycopg2"})
    # nor does it reach out of engine/ by a relative import
    depth = len(path.relative_to(ADDON / "engine").parts)
    for name, line in imports(tree):
        dots = len(name) - len(name.lstrip("."))
        assert dots <= depth, (
            f"{path.name}:{line} imports {name} from outside the engine"
        )


@pytest.mark.parametrize("path", ENGINE, ids=named)
def test_engine_reads_no_clock(path: Path) -> None:
    tree = ast.parse(path.read_text())
    # a date given as an argument may be of a type of datetime; asking for the time may not
    asked = {"now", "today", "utcnow", "localtime", "gmtime", "time_ns", "ctime"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            of_clock = node.value.id in CLOCKS | {"date"}
            assert not (of_clock and node.attr in asked), f"{path.name}:{node.lineno}"
            assert (node.value.id, node.attr) != ("time", "time"), (
                f"{path.name}:{node.lineno}"
            )
    for name, line in imports(tree):
        if name.split(".")[0] == "time":
            assert part(path) in TIMED, f"{path.name}:{line} imports {name}"
            assert name == "time" or name.split(".")[1] in STOPWATCHES, name


@pytest.mark.parametrize("path", ENGINE, ids=named)
def test_engine_reads_no_file(path: Path) -> None:
    assert not offences(path, FILES)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "open", f"{path.name}:{node.lineno} opens a file"


@pytest.mark.parametrize("path", ENGINE, ids=named)
def test_engine_uses_no_network(path: Path) -> None:
    assert not offences(path, NETWORK)


@pytest.mark.parametrize("path", sorted(ADDON.rglob("*.py")), ids=named)
def test_addon_needs_nothing_of_the_repository(path: Path) -> None:
    """What is installed is territory_planning/ alone."""
    assert not offences(path, {"dev", "benchmarks", "tests", "hypothesis", "pytest"})


def test_the_engine_was_looked_at() -> None:
    assert ENGINE, "territory_planning/engine has moved: these tests looked at nothing"
