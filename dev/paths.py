"""Where things are: the checkout, its private folder, and the cache that checkouts share."""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from .say import Stop, note

ROOT = Path(__file__).resolve().parent.parent
NAME = "territory_planning"
ADDON = ROOT / NAME
#: Everything of this checkout that git ignores: databases, logs, file store, links.
STATE = ROOT / ".dev"
LOGS = STATE / "logs"
LOCK_FILE = ROOT / "dev" / "requirements.lock"
#: What two checkouts may share: Odoo itself and the virtual environments.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / NAME


def digest(*parts: str | bytes) -> str:
    """Return a short name that changes when any of the parts does."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.encode() if isinstance(part, str) else part)
        total.update(b"\0")
    return total.hexdigest()[:10]


def tree_digest(folder: Path, *skip: str) -> str:
    """Return a digest over all files of a folder, but for those below a skipped name."""
    skipped = {"__pycache__", *skip}
    parts: list[str | bytes] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not skipped.intersection(name.parts):
            parts += [str(name), path.read_bytes()]
    return digest(*parts)


def manifest() -> dict:
    """Return the addon's manifest, or the part that the tooling needs while there is none."""
    import ast

    path = ADDON / "__manifest__.py"
    if not path.exists():
        raise Stop(f"{NAME}/__manifest__.py is missing: is this a complete checkout?")
    return ast.literal_eval(path.read_text())


def state(*parts: str) -> Path:
    """Return a folder below .dev, made if need be."""
    folder = STATE.joinpath(*parts)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def room(folder: Path, gigabytes: float) -> None:
    """Stop before a long download whose result would not fit on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise Stop(
            f"{folder} has {free:.1f} GB left and needs {gigabytes:.1f} GB: free some "
            "space, or set XDG_CACHE_HOME to a folder on a larger disk."
        )


@contextlib.contextmanager
def locked(name: str, folder: Path = CACHE) -> Iterator[None]:
    """Hold a lock among all processes of this user, so that each thing is made only once."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(
        folder / f".{re.sub(r'[^a-z0-9]+', '-', name.lower())}.lock", "w"
    ) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note(f"waiting for another process that is preparing the same ({name})")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
