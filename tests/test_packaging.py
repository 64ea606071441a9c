"""The wheel carries what the addon needs where it is installed, and nothing else.

That Odoo installs the addon from it is proven by ``python3 -m dev wheel --check``.
"""

import ast
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

PREFIX = "odoo/addons/territory_planning/"


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel from a copy of what git would know of the checkout."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "dev", "wheel", "--into", str(target)]
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (path,) = target.glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def names(wheel: zipfile.ZipFile) -> set[str]:
    """What is in the wheel of the addon, relative to it."""
    return {
        name.removeprefix(PREFIX)
        for name in wheel.namelist()
        if name.startswith(PREFIX)
    }


def test_every_file_of_the_addon_is_in(addon: Path, names: set[str]) -> None:
    files = [path.relative_to(addon) for path in addon.rglob("*") if path.is_file()]
    # what tools leave behind begins with a dot
    made = [
        path
        for path in files
        if "__pycache__" not in path.parts and "/." not in f"/{path}"
    ]
    assert {str(path) for path in made} - names == set()


@pytest.mark.parametrize(
    "name",
    [
        "__manifest__.py",
        "engine/__init__.py",
        "models/__init__.py",
        "security/ir.model.access.csv",
        "static/lib/leaflet/leaflet.js",
        "static/lib/terra-draw/terra-draw.umd.js",
        "static/lib/basemap/basemap.json",
    ],
)
def test_what_it_cannot_do_without(name: str, names: set[str]) -> None:
    assert name in names


def test_data_files_of_the_manifest(addon: Path, names: set[str]) -> None:
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
    assert set(manifest["data"]) | set(manifest.get("demo", [])) <= names


def test_no_leftovers(wheel: zipfile.ZipFile) -> None:
    for name in wheel.namelist():
        assert "__pycache__" not in name and not name.endswith(
            (".pyc", ".orig", ".part")
        )
        assert "node_modules" not in name
        assert name.startswith((PREFIX, "odoo_addon_territory_planning-")), name


def test_namespace_packages_stay_open(wheel: zipfile.ZipFile) -> None:
    """An ``odoo/__init__.py`` would hide the real Odoo."""
    assert not {"odoo/__init__.py", "odoo/addons/__init__.py"} & set(wheel.namelist())


def test_metadata(addon: Path, wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith("/METADATA"))
    metadata = Parser().parsestr(wheel.read(name).decode())
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
    assert metadata["Version"] == manifest["version"]
    assert metadata["Name"] == "odoo-addon-territory_planning"
    required = {
        text.split(";")[0].strip().split(">")[0].lower()
        for text in metadata.get_all("Requires-Dist", [])
        if "extra ==" not in text
    }
    declared = {name.lower() for name in manifest["external_dependencies"]["python"]}
    assert declared <= required
    assert "odoo" not in required


def test_size(names: set[str], wheel: zipfile.ZipFile) -> None:
    """A picture too many is easily added and never taken out again."""
    packed = sum(info.compress_size for info in wheel.infolist())
    assert packed < 8_000_000
