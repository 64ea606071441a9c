"""``make wheel``: the addon as a wheel; and the proof that it works where it is installed.

The proof needs no download: a virtual environment of its own looks into the packages of
the developers' one, gets the wheel from pip, and Odoo installs the addon from there.
"""

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

from . import database, debian, javascript, paths, postgres, say, venv
from .say import Stop

DIST = paths.ROOT / "dist"
DATABASE = "tp_wheel"


def build(target: Path = DIST) -> Path:
    """Build the wheel and return its path."""
    javascript.prepare()
    # setuptools would take files of an earlier build along
    shutil.rmtree(paths.ROOT / "build", ignore_errors=True)
    target.mkdir(parents=True, exist_ok=True)
    pip = [venv.python(), "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    with say.step("Building the wheel"):
        say.run(
            [*pip, "-q", "--disable-pip-version-check", "-w", target, paths.ROOT],
            "Building the wheel",
        )
    shutil.rmtree(paths.ROOT / "build", ignore_errors=True)
    return max(target.glob("*.whl"), key=lambda path: path.stat().st_mtime)


def check() -> None:
    """Install the wheel beside Odoo, away from the checkout, and the addon from it."""
    place = paths.state("wheel")
    shutil.rmtree(place)
    path = build(place)
    with zipfile.ZipFile(path) as archive:
        size = sum(info.file_size for info in archive.infolist())
    with say.step(f"Installing {path.name} ({size / 1e6:.1f} MB unpacked)"):
        python = venv.overlay(place / "venv")
        pip = [python, "-m", "pip", "--disable-pip-version-check"]
        # its requirements are there, so pip must not look for anything
        say.run([*pip, "install", "--no-index", path], "Installing the wheel")
    with postgres.running():
        database.fresh(DATABASE)
        with say.step("Installing the addon from the wheel"):
            _install(python, place)
        if not database.has_module(DATABASE):
            raise Stop("Odoo does not find the addon in the installed wheel.")
        database.drop(DATABASE)


def _install(python: Path, place: Path) -> None:
    env = database.odoo_environment()
    # neither this checkout's addon nor the folder we are in
    env["PYTHONPATH"] = str(debian.odoo().python_path)
    options = ["-d", DATABASE, "-i", paths.NAME, "--stop-after-init", "--no-http"]
    output = say.run(
        [python, "-m", "odoo", *options],
        "Installing the addon from the wheel",
        env=env,
        cwd=place,
    )
    where = subprocess.run(
        [
            python,
            "-c",
            f"import odoo.addons.{paths.NAME} as addon; print(addon.__file__)",
        ],
        env=env,
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    if not where.startswith(os.fspath(place)):
        raise Stop(
            f"The addon was not taken from the wheel but from {where or 'nowhere'}."
        )
    if wrong := [line for line in output.splitlines() if " ERROR " in line]:
        raise Stop(f"Odoo logged an error: {wrong[0]}")
