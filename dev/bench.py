"""``make bench``: run each benchmarks/*.py that has a main().

They compare the addon with its peers, which are installed in an environment of their own
(benchmarks/requirements.txt), so that neither the addon nor its tests come to need them.
"""

import ast
import os
import subprocess
from pathlib import Path

from . import paths, say, venv
from .say import Stop

FOLDER = paths.ROOT / "benchmarks"
REQUIREMENTS = FOLDER / "requirements.txt"


def bench(names: list[str], arguments: list[str]) -> None:
    """Run the named benchmarks, all if none is named."""
    scripts = [path for path in sorted(FOLDER.glob("*.py")) if _has_main(path)]
    if names:
        known = {path.stem: path for path in scripts}
        if missing := [name for name in names if name not in known]:
            raise Stop(
                f"There is no benchmark {missing[0]}; there are: {', '.join(known)}."
            )
        scripts = [known[name] for name in names]
    if not scripts:
        raise Stop("There is no benchmark in benchmarks/ yet.")
    env = venv.environment()
    env["PYTHONPATH"] = os.pathsep.join([env["PYTHONPATH"], str(paths.ROOT)])
    python = _python()
    failed = []
    for script in scripts:
        say.line(f"\n── {script.stem} " + "─" * (70 - len(script.stem)))
        command = [python, "-m", f"benchmarks.{script.stem}", *arguments]
        if subprocess.run(command, cwd=paths.ROOT, env=env, check=False).returncode:
            failed.append(script.stem)
    if failed:
        raise Stop(f"{len(failed)} of {len(scripts)} failed: {', '.join(failed)}.")


def _has_main(path: Path) -> bool:
    tree = ast.parse(path.read_text())
    return any(
        isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body
    )


def _python() -> Path:
    """Return an interpreter that also has the peers."""
    if not REQUIREMENTS.exists():
        return venv.python()
    base = venv.venv()
    key = paths.digest(base.name, REQUIREMENTS.read_bytes())
    target = paths.CACHE / f"bench-{key}"
    done = target / "complete"
    python = target / "bin" / "python"
    with paths.locked(target.name):
        if not done.exists():
            with say.step("Installing the benchmarks' peers"):
                venv.overlay(target)
                # the addon's own packages stay as they are locked
                pip = [python, "-m", "pip", "install", "-q", "-c", paths.LOCK_FILE]
                say.run([*pip, "-r", REQUIREMENTS], "Installing the benchmarks' peers")
            done.touch()
    return python
