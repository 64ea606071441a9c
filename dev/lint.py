"""``make lint`` and ``make format``: the checks of an OCA repository.

ruff and pylint-odoo for Python, eslint for JavaScript, prettier for JavaScript, styles and
XML. ``.pre-commit-config.yaml`` runs the same commands as hooks.
"""

import subprocess
from pathlib import Path

from . import javascript, paths, say, venv
from .say import Stop

#: What there may be to check; some of it comes and goes.
PYTHON = (paths.NAME, "dev", "tests", "benchmarks", "docs", "setup.py")
SCRIPTS = (f"{paths.NAME}/static/src", f"{paths.NAME}/static/tests", "dev/*.mjs")
PRETTY = (
    f"{paths.NAME}/**/*.xml",
    *(f"{paths.NAME}/static/{name}/**/*.{{js,css,scss}}" for name in ("src", "tests")),
    "dev/*.mjs",
    "*.mjs",
)
#: Lines of a check that fails: enough to start with.
SHOWN = 60
PROGRAMS = paths.ROOT / "node_modules" / ".bin"


def checks(fix: bool = False) -> dict[str, list[str | Path]]:
    """Return the commands by name; with ``fix``, those that can repair."""
    tools = venv.venv() / "bin"
    python = [name for name in PYTHON if (paths.ROOT / name).exists()]
    scripts = [name for name in SCRIPTS if any(paths.ROOT.glob(name))]
    eslint = [PROGRAMS / "eslint", "--max-warnings=0", "--no-warn-ignored"]
    eslint.append("--no-error-on-unmatched-pattern")
    prettier = [
        PROGRAMS / "prettier",
        "--log-level=warn",
        "--no-error-on-unmatched-pattern",
    ]
    if fix:
        return {
            "ruff": [tools / "ruff", "check", "--fix", "-q", *python],
            "ruff format": [tools / "ruff", "format", "-q", *python],
            "eslint": [*eslint, "--fix", *scripts],
            "prettier": [*prettier, "--write", *PRETTY],
        }
    return {
        "ruff": [tools / "ruff", "check", "-q", "--output-format=concise", *python],
        "ruff format": [tools / "ruff", "format", "--check", *python],
        "pylint-odoo": [tools / "pylint", "--rcfile=.pylintrc", "--jobs=2", paths.NAME],
        "eslint": [*eslint, *scripts],
        "prettier": [*prettier, "--check", *PRETTY],
    }


def run(fix: bool = False, names: list[str] | None = None) -> tuple[int, int]:
    """Run the checks; return how many passed and how many failed."""
    env = {**venv.environment(), "NO_COLOR": "1"}
    javascript.npm_packages()
    javascript.need_node(strict=True)
    good = bad = 0
    for name, command in checks(fix).items():
        if names and name not in names:
            continue
        done = subprocess.run(
            list(map(str, command)),
            cwd=paths.ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            bad += 1
            say.line(f"✗ {name}")
            output = (done.stdout + done.stderr).strip()
            lines = output.splitlines()
            say.line("\n".join(f"    {line}" for line in lines[:SHOWN]))
            if len(lines) > SHOWN:
                say.line(f"    … and {len(lines) - SHOWN} lines more")
        else:
            good += 1
            say.line(f"✓ {name}")
    return good, bad


def lint(fix: bool = False, names: list[str] | None = None) -> None:
    """Run the checks and stop if one fails."""
    _good, bad = run(fix, names)
    if bad:
        hint = "" if fix else " 'make format' repairs what can be repaired."
        raise Stop(f"{bad} of the checks failed.{hint}")
