"""``make test``: checks, engine tests, Odoo tests; one closing line adds all of them up.

The Odoo tests run on a fresh copy of the template database, with browser tests (tours,
Hoot) in Chromium. They fail on failed tests, and also on errors in Odoo's log, on warnings
of the addon itself, and when there are test files but no test ran.
"""

import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from . import (
    database,
    debian,
    javascript,
    life,
    lint,
    paths,
    postgres,
    say,
    server,
    venv,
    wheel,
)
from .say import Stop

PARTS = ("lint", "engine", "wheel", "life", "odoo")
DATABASE = "tp_test"
TESTS = paths.ADDON / "tests"
LOG = paths.LOGS / "odoo-tests.log"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LOG_LINE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ "
    r"(?P<level>[A-Z]+) \S+ (?P<logger>[^:]+): (?P<text>.*)",
    re.DOTALL,
)
RESULT = re.compile(
    r"(?P<failed>\d+) failed, (?P<errors>\d+) error\(s\) of (?P<tests>\d+) tests"
)
STARTED = re.compile(r"Starting (?P<name>\S+) \.\.\.")
SKIPPED = re.compile(r"skipped (?P<name>\S+) : ")
HOOT = re.compile(r"\[HOOT\] (Passed|Failed) \d+ tests?.*")
#: The page goes on loading when its test has ended well, and is then cut off.
HARMLESS = "Error received after termination"
#: Error lines by which Odoo reports failed tests, which are counted already.
COUNTED = re.compile(
    r"(FAIL|ERROR): \S|.*\d+ failures?, \d+ errors? of \d+|" + RESULT.pattern
)


@dataclass
class Count:
    """How many tests passed, failed, and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
        )

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def run(parts: list[str], tags: str, pytest_arguments: list[str]) -> int:
    """Run the named parts, all if none is named; return the exit code."""
    suites: dict[str, Callable[[], Count]] = {
        "lint": _lint,
        "engine": lambda: engine(pytest_arguments),
        "wheel": _wheel,
        "life": _life,
        "odoo": lambda: odoo(tags),
    }
    if unknown := set(parts) - set(suites):
        raise Stop(f"There is no part {unknown.pop()}; there are: {', '.join(suites)}.")
    total = Count()
    for name in parts or suites:
        say.line(f"\n── {name} " + "─" * (70 - len(name)))
        begin = time.monotonic()
        try:
            count = suites[name]()
        except Stop as stop:
            say.line(f"✗ {stop}")
            count = Count(failed=1)
        say.line(f"  {name}: {count} in {time.monotonic() - begin:.0f} s")
        total += count
    say.line()
    print(total, flush=True)
    return 1 if total.failed or not total.passed else 0


def _lint() -> Count:
    good, bad = lint.run()
    return Count(passed=good, failed=bad)


def _wheel() -> Count:
    wheel.check()
    return Count(passed=1)


def _life() -> Count:
    passed, skipped = life.check()
    return Count(passed=passed, skipped=skipped)


# -- engine and packaging: pytest, without a database ------------------------------------


def engine(arguments: list[str]) -> Count:
    """Run pytest on tests/."""
    if not any(paths.ROOT.glob("tests/**/test_*.py")):
        return Count()
    javascript.prepare()
    report = paths.state("logs") / "pytest.xml"
    report.unlink(missing_ok=True)
    done = subprocess.run(
        [
            venv.python(),
            "-m",
            "pytest",
            f"--junitxml={report}",
            *(arguments or ["tests"]),
        ],
        cwd=paths.ROOT,
        env=venv.environment(),
        check=False,
    )
    if not report.exists():
        raise Stop(f"pytest ended without a report (exit code {done.returncode}).")
    count = _read_report(ElementTree.parse(report).getroot())
    if done.returncode and not count.failed:
        count.failed = 1
    return count


def _read_report(root: ElementTree.Element) -> Count:
    total = Count()
    for suite in root.iter("testsuite"):
        number = {
            name: int(suite.get(name, 0))
            for name in ("tests", "failures", "errors", "skipped")
        }
        failed = number["failures"] + number["errors"]
        passed = number["tests"] - failed - number["skipped"]
        total += Count(max(passed, 0), failed, number["skipped"])
    return total


# -- Odoo --------------------------------------------------------------------------------


@dataclass
class OdooRun:
    """What Odoo's log has told so far."""

    started: int = 0
    skipped: int = 0
    result: Count | None = None
    #: What else must not be in the log.
    faults: list[str] = field(default_factory=list)
    slow: list[tuple[float, str]] = field(default_factory=list)

    def read(self, record: str) -> None:
        """Take in one record of the log, which may have several lines."""
        match = LOG_LINE.match(record)
        if not match:
            return
        level, logger, text = match["level"], match["logger"], match["text"]
        if started := STARTED.match(text):
            self.started += 1
            _progress(f"{self.started:4} {started['name']}")
        elif SKIPPED.match(text):
            self.skipped += 1
            _progress("", final=f"  {text}")
        elif level == "INFO" and logger == "odoo.modules.loading" and "Loading" in text:
            _progress(text)
        if result := RESULT.match(text):
            failed = int(result["failed"]) + int(result["errors"])
            tests = int(result["tests"])
            passed = max(tests - failed - self.skipped, 0)
            self.result = Count(passed, failed, self.skipped)
        if hoot := HOOT.search(text):
            _progress("", final=f"  {hoot[0]}")
        if text.startswith(HARMLESS):
            return
        if level in ("ERROR", "CRITICAL"):
            _progress("", final=record)
            # a browser's console fails the test that it belongs to
            if not COUNTED.match(text) and not logger.endswith(".browser"):
                self.faults.append(f"{level} {logger}: {text.splitlines()[0]}")
        elif (
            level == "WARNING"
            and paths.NAME in logger + text
            and ".browser" not in logger
        ):
            _progress("", final=record)
            self.faults.append(f"WARNING {logger}: {text.splitlines()[0]}")


def odoo(tags: str = "") -> Count:
    """Install the addon in a fresh database and run its Odoo tests."""
    files = list(TESTS.glob("test_*.py"))
    if any(
        re.search(r"HttpCase|browser_js|start_tour", path.read_text()) for path in files
    ):
        need_browser()
    javascript.prepare()
    tags = tags or f"/{paths.NAME}"
    with postgres.running():
        database.fresh(DATABASE)
        seen, code = _run_odoo(tags)
    count = seen.result or Count()
    if seen.faults:
        say.line("  Odoo's log has what it must not have:")
        for fault in dict.fromkeys(seen.faults):
            say.line(f"    {fault}")
        count.failed += 1
    if not seen.result and files:
        say.line(f"  No Odoo test ran, though there are {len(files)} files of them.")
        count.failed += 1
    if code and not count.failed:
        say.line(f"  Odoo ended with exit code {code}.")
        count.failed += 1
    if count.failed:
        say.line(f"  The whole log: {LOG.relative_to(paths.ROOT)}")
    return count


def _run_odoo(tags: str) -> tuple[OdooRun, int]:
    command = [
        *database.odoo_command(),
        *("-d", DATABASE, "-i", paths.NAME, "--stop-after-init"),
        *("--test-tags", tags, f"--http-port={server.free_port(8169)}"),
        # a scheduled action must not run in the middle of a test
        "--max-cron-threads=0",
    ]
    seen = OdooRun()
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    with (
        open(LOG, "w") as log,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=database.odoo_environment(),
        ) as process,
    ):
        assert process.stdout
        with say.ended(process):
            for record in _records(process.stdout, log.write):
                seen.read(record)
    _progress("", final="")
    return seen, process.returncode


def _records(lines: Iterator[str], write: Callable[[str], object]) -> Iterator[str]:
    """Join the lines of each log record: a traceback belongs to the line before it."""
    record = ""
    for line in lines:
        write(line)
        if LOG_LINE.match(line) and record:
            yield record.rstrip()
            record = ""
        record += line
    if record:
        yield record.rstrip()


def _progress(text: str, final: str | None = None) -> None:
    """Show what is running, in place on a terminal; ``final`` lines stay."""
    live = sys.stderr.isatty()
    if live:
        width = shutil.get_terminal_size().columns - 1
        print(f"\r\x1b[K{text[:width]}", end="", file=sys.stderr, flush=True)
    elif text:
        say.line(f"  {text}")
    if final:
        say.line(final)


def need_browser() -> None:
    """Have a Chromium for tours and Hoot."""
    if not any(shutil.which(name) for name in BROWSERS):
        # without any font it draws no text
        debian.install(["chromium", "fonts-dejavu-core"], "Testing in a browser")
