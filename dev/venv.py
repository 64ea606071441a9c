"""The virtual environment: one per lock file and Python, shared between checkouts.

Odoo and the addon are not in it but on PYTHONPATH (see ``environment``): Odoo may be
someone's own, and each checkout has its own addon.
"""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from . import debian, paths, say

#: Sourced by the launchers (dev/python and the like) as long as nothing in dev/ is newer.
STAMP = paths.STATE / "env"
LINKS = paths.STATE / "path"


def venv(lock: Path = paths.LOCK_FILE, name: str = "venv") -> Path:
    """Return the virtual environment of a lock file, making it first if need be."""
    version = "{}.{}.{}".format(*sys.version_info)
    key = paths.digest(lock.read_bytes(), version, os.path.realpath(sys.executable))
    target = paths.CACHE / f"{name}-{key}"
    done = target / "complete"
    if done.exists():
        return target
    with paths.locked(target.name):
        if done.exists():
            return target
        paths.room(paths.CACHE, 2)
        need_venv()
        with say.step(f"Installing Python packages ({name})"):
            make_venv(target)
            pip = [target / "bin" / "python", "-m", "pip", "install", "-q"]
            packages = target / "lib"
            say.run(
                [*pip, "--disable-pip-version-check", "-r", lock],
                "Installing Python packages",
                watch=lambda: (
                    f"{len(list(packages.glob('*/*/*.dist-info')))} installed"
                ),
            )
        done.touch()
    return target


def make_venv(target: Path) -> None:
    """Make an empty virtual environment, over whatever an interrupted run has left."""
    say.run(
        [sys.executable, "-m", "venv", "--clear", target],
        "Making a virtual environment",
    )


def lock() -> None:
    """Choose the newest packages that requirements.in allows and write the lock file.

    To be run with the oldest Python that is supported: newer ones take its versions too.
    """
    source = paths.LOCK_FILE.with_suffix(".in")
    with tempfile.TemporaryDirectory() as folder, say.step("Choosing packages"):
        make_venv(Path(folder))
        python = Path(folder) / "bin" / "python"
        say.run(
            [python, "-m", "pip", "install", "-q", "-r", source], "Choosing packages"
        )
        freeze = [python, "-m", "pip", "freeze", "--all", "--exclude", "pip"]
        # not say.run: pip's warnings do not belong in the file
        frozen = subprocess.run(
            freeze, capture_output=True, text=True, check=True
        ).stdout
    header = "# Written by 'python3 -m dev lock' from requirements.in: do not edit.\n"
    paths.LOCK_FILE.write_text(header + frozen)


def overlay(target: Path) -> Path:
    """Make an environment that sees this one's packages; return its interpreter.

    Packages can be added to it without touching the one that checkouts share.
    """
    base = venv()
    need_venv()
    make_venv(target)
    (site,) = target.glob("lib/python*/site-packages")
    (packages,) = base.glob("lib/python*/site-packages")
    (site / "base.pth").write_text(f"{packages}\n")
    return target / "bin" / "python"


def need_venv() -> None:
    """Debian splits venv off Python: install it, or say so."""
    try:
        import ensurepip  # noqa: F401
        import venv as _venv  # noqa: F401
    except ImportError:
        package = "python{}.{}-venv".format(*sys.version_info)
        debian.install([package], "Python's virtual environments")


def environment() -> dict[str, str]:
    """Prepare everything Python needs and return the variables that lead to it."""
    odoo = debian.odoo()
    folder = venv()
    _link_addon()
    values = {
        "DEV_VENV": str(folder),
        "DEV_ODOO": str(odoo.python_path),
        "DEV_ADDONS": ",".join(map(str, odoo.addons)),
        "DEV_ODOO_PATH": os.environ.get("ODOO_PATH", ""),
        "PYTHONPATH": f"{LINKS}:{odoo.python_path}",
        # the engine must not outrun the machine when several workers compute
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "2"),
    }
    text = "".join(
        f"export {key}={shlex.quote(value)}\n" for key, value in values.items()
    )
    paths.STATE.mkdir(exist_ok=True)
    partial = STAMP.with_suffix(f".{os.getpid()}")
    partial.write_text(text)
    partial.replace(STAMP)
    return {**os.environ, **values}


def python() -> Path:
    """Return the interpreter of the virtual environment."""
    return venv() / "bin" / "python"


def _link_addon() -> None:
    """Make this checkout's addon importable as ``odoo.addons.territory_planning``.

    Both ``odoo`` and ``odoo.addons`` are namespace packages, so a folder on Python's path
    adds to them; Odoo then finds the addon without an addons path.
    """
    link = LINKS / "odoo" / "addons" / paths.NAME
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink() or link.resolve() != paths.ADDON:
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(paths.ADDON, link.parent))
