"""Get Odoo 19 from its Debian package, as any user; install system packages if root.

``odoo-19`` is in Debian's unstable suite. ``apt-get download`` reads it through lists of
our own, so the machine's apt configuration is neither used nor touched, and the package
is unpacked (never installed) below the user's cache folder. ``ODOO_PATH`` takes an Odoo
of one's own instead.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from . import paths, say
from .say import Stop

SUITE = "sid"
#: Odoo, and what its web client links to: without jquery every page is an error 500.
PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
)
#: Odoo names files of Font Awesome 4.7, which newer suites no longer carry.
OLDER_SUITE = "trixie"
OLDER_PACKAGES = ("fonts-font-awesome",)
#: Named by mail's assets (video backgrounds) but left out of the package: its absence is
#: an error in the browser's console, and any of those fails every browser test.
EMPTY_FILES = (
    "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js",
)
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
DIST = Path("usr/lib/python3/dist-packages")


class Odoo:
    """An Odoo tree: what goes on Python's path, and its addons folders."""

    def __init__(self, python_path: Path, addons: list[Path]):
        self.python_path = python_path
        self.addons = addons

    @property
    def version(self) -> str:
        """What tells this Odoo from another one, for names of databases made with it."""
        release = (self.python_path / "odoo" / "release.py").read_bytes()
        return paths.digest(str(self.python_path), release)


def odoo() -> Odoo:
    """Return the Odoo to use, fetching it first if need be."""
    own = os.environ.get("ODOO_PATH")
    if own:
        return own_odoo(Path(own).expanduser().resolve())
    return Odoo(_fetched() / DIST, [])


def own_odoo(path: Path) -> Odoo:
    """Return someone's own Odoo: a source checkout, or a folder holding the package."""
    if not (path / "odoo" / "release.py").is_file():
        raise Stop(
            f"ODOO_PATH={path} holds no odoo/release.py: set it to an Odoo 19 source "
            "checkout, or to the folder in which the Python package 'odoo' lies."
        )
    release = (path / "odoo" / "release.py").read_text()
    if not re.search(r"version_info = \(19,", release):
        raise Stop(f"ODOO_PATH={path} is not Odoo 19.")
    addons = path / "addons"
    is_source = (addons / "web" / "static").is_dir()
    return Odoo(path, [addons] if is_source else [])


def _fetched() -> Path:
    """Return the folder of the unpacked packages, downloading what is missing."""
    key = paths.digest(*PACKAGES, *OLDER_PACKAGES, *EMPTY_FILES, OLDER_SUITE)
    target = paths.CACHE / f"odoo-19-{key}"
    if target.is_dir():
        return target
    with paths.locked("odoo"):
        if target.is_dir():
            return target
        _need_apt()
        paths.room(paths.CACHE, 2.5)
        downloads = paths.CACHE / "downloads"
        _download(downloads)
        with say.step("Unpacking Odoo 19"):
            _unpack(downloads, target)
        shutil.rmtree(downloads)
    return target


def _need_apt() -> None:
    for tool in ("apt-get", "dpkg"):
        if not shutil.which(tool):
            raise Stop(
                f"{tool} is missing, so Odoo cannot be fetched from Debian: set ODOO_PATH "
                "to a checkout of Odoo 19 instead."
            )
    if not KEYRING.exists():
        raise Stop(
            f"{KEYRING} is missing: install the package debian-archive-keyring, or set "
            "ODOO_PATH to a checkout of Odoo 19."
        )


def mirror() -> str:
    """Return the Debian mirror that this machine's own apt uses."""
    if os.environ.get("DEBIAN_MIRROR"):
        return os.environ["DEBIAN_MIRROR"]
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    for address in listed:
        if re.search(r"\bdebian(\.list)?/?$", address):
            return address.rstrip("/")
    raise Stop(
        "This machine's apt sources name no Debian mirror: set DEBIAN_MIRROR to the "
        "address of one, or ODOO_PATH to a checkout of Odoo 19."
    )


def _download(folder: Path) -> None:
    """Download the packages; complete files of an interrupted run are kept."""
    for name in ("lists/partial", "cache/archives/partial", "packages"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    sources = folder / "sources.list"
    address = mirror()
    sources.write_text(
        "".join(
            f"deb [signed-by={KEYRING}] {address} {suite} main\n"
            for suite in (SUITE, OLDER_SUITE)
        )
    )
    options = [
        f"-oDir::Etc::SourceList={sources}",
        "-oDir::Etc::SourceParts=/dev/null",
        f"-oDir::State::Lists={folder / 'lists'}",
        f"-oDir::Cache={folder / 'cache'}",
        "-oAcquire::Languages=none",
        "-oAcquire::Retries=3",
        # else apt looks whether the user _apt may write here, and complains
        f"-oAPT::Sandbox::User={'root' if os.geteuid() == 0 else ''}",
    ]
    with say.step("Reading Debian's package lists"):
        # apt-get update warns and returns 0 when it reaches nothing
        say.run(
            ["apt-get", *options, "-oAPT::Update::Error-Mode=any", "update", "-q"],
            "Reading Debian's package lists",
        )
    wanted = [*PACKAGES, *(f"{name}/{OLDER_SUITE}" for name in OLDER_PACKAGES)]
    packages = folder / "packages"

    def fetched() -> str:
        size = sum(path.stat().st_size for path in packages.rglob("*.deb*"))
        return f"{size / 1e6:.0f} MB"

    with say.step("Downloading Odoo 19 (130 MB)"):
        say.run(
            ["apt-get", *options, "download", "-q", *wanted],
            "Downloading Odoo 19",
            cwd=packages,
            watch=fetched,
        )


def _unpack(downloads: Path, target: Path) -> None:
    """Unpack next to the target and rename: the target exists only when complete."""
    partial = target.with_suffix(".part")
    shutil.rmtree(partial, ignore_errors=True)
    for package in sorted((downloads / "packages").glob("*.deb")):
        say.run(["dpkg", "-x", package, partial], f"Unpacking {package.name}")
    dist = partial / DIST
    for name in EMPTY_FILES:
        path = dist / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    # a second, partial copy of odoo/addons that the package carries by mistake
    shutil.rmtree(dist / "addons", ignore_errors=True)
    partial.rename(target)


def install(packages: list[str], what_for: str) -> None:
    """Install system packages if that needs no password, else say what to install."""
    names = " ".join(packages)
    if os.geteuid() == 0:
        become: list[str] = []
    elif _sudo_without_password():
        become = ["sudo", "-n"]
    else:
        raise Stop(f"{what_for}: install {names} ('sudo apt-get install {names}').")
    if not shutil.which("apt-get"):
        raise Stop(f"{what_for}: install {names} with your package manager.")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = [*become, "apt-get", "-q", "-y"]
    with say.step(f"Installing {names} ({what_for})"):
        say.run([*apt, "update"], "apt-get update", env=env)
        say.run(
            [*apt, "install", "--no-install-recommends", *packages],
            f"Installing {names}",
            env=env,
        )


def _sudo_without_password() -> bool:
    if not shutil.which("sudo"):
        return False
    tried = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return tried.returncode == 0
