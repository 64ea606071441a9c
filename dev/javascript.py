"""Third-party JavaScript and the basemap: from npm into ``static/lib``, not into git.

``package.json`` pins the versions. The addon's manifest and code name these files, so
their names carry no version (Odoo's bundles are addressed by their content anyway)::

    territory_planning/static/lib/
        leaflet/leaflet.js  leaflet.css  images/          (window.L)
        terra-draw/terra-draw.umd.js                      (window.terraDraw)
        terra-draw/terra-draw-leaflet-adapter.umd.js      (window.terraDrawLeafletAdapter)
        basemap/basemap.json                              (see dev/basemap.mjs)

Each folder also holds the library's licence, because the wheel ships it.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

from . import debian, paths, say
from .say import Stop

LIB = paths.ADDON / "static" / "lib"
MODULES = paths.ROOT / "node_modules"
LOCK = paths.ROOT / "package-lock.json"
#: From node_modules to static/lib.
COPIES = {
    "leaflet/dist/leaflet.js": "leaflet/",
    "leaflet/dist/leaflet.css": "leaflet/",
    "leaflet/dist/images": "leaflet/images",
    "leaflet/LICENSE": "leaflet/",
    "terra-draw/dist/terra-draw.umd.js": "terra-draw/",
    "terra-draw-leaflet-adapter/dist/terra-draw-leaflet-adapter.umd.js": "terra-draw/",
}
BASEMAP_SCRIPT = paths.ROOT / "dev" / "basemap.mjs"
OLDEST_NODE = (18, 18)


def prepare() -> None:
    """Have the libraries and the basemap in static/lib, as pinned."""
    wanted = paths.digest(
        LOCK.read_bytes(), BASEMAP_SCRIPT.read_bytes(), json.dumps(COPIES)
    )
    # not in static/lib itself, which goes into the wheel as it is
    stamp = paths.state() / "javascript"
    if LIB.is_dir() and stamp.exists() and stamp.read_text() == wanted:
        return
    with paths.locked("javascript", paths.STATE):
        npm_packages()
        with say.step("Preparing the map's libraries and basemap"):
            _fill()
        stamp.write_text(wanted)


def npm_packages() -> None:
    """Have node_modules as package-lock.json says."""
    stamp = MODULES / ".from-lock"
    wanted = paths.digest(LOCK.read_bytes())
    if stamp.exists() and stamp.read_text() == wanted:
        return
    need_node()
    with say.step("Installing JavaScript packages"):
        say.run(
            ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            "Installing JavaScript packages (npm ci)",
            cwd=paths.ROOT,
        )
    stamp.write_text(wanted)


def need_node(strict: bool = False) -> None:
    """Have npm and, for linting, a recent Node.js; or say what to install."""
    if not shutil.which("npm") or not shutil.which("node"):
        debian.install(["npm"], "The map's JavaScript libraries")
    if not strict:
        return
    version = subprocess.run(
        ["node", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    parts = tuple(int(part) for part in version.lstrip("v").split(".")[:2])
    if parts < OLDEST_NODE:
        wanted = ".".join(map(str, OLDEST_NODE))
        raise Stop(
            f"eslint needs Node.js {wanted} or newer and this is {version}: update it."
        )


def _fill() -> None:
    """Build static/lib aside and swap it in: it is there only when complete."""
    partial = LIB.with_name("lib.part")
    shutil.rmtree(partial, ignore_errors=True)
    for source, target in COPIES.items():
        _copy(MODULES / source, partial / target, into=target.endswith("/"))
    # Terra Draw's packages carry no licence file: their package.json names it
    for name in ("terra-draw", "terra-draw-leaflet-adapter"):
        about = json.loads((MODULES / name / "package.json").read_text())
        text = f"{name} {about['version']}, by {about['author']}, licence {about['license']}\n"
        with open(partial / "terra-draw" / "LICENSE", "a") as licence:
            licence.write(text)
    basemap = partial / "basemap" / "basemap.json"
    say.run(["node", BASEMAP_SCRIPT, basemap], "Preparing the basemap")
    shutil.rmtree(LIB, ignore_errors=True)
    LIB.parent.mkdir(parents=True, exist_ok=True)
    os.replace(partial, LIB)


def _copy(source: Path, target: Path, into: bool) -> None:
    if not source.exists():
        raise Stop(
            f"{source} is missing: the package's files have moved, see {__file__}."
        )
    if source.is_dir():
        shutil.copytree(source, target)
        return
    if into:
        target = target / source.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
