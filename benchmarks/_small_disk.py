"""A disk with little room, for PostgreSQL to run out of it honestly.

A file system in memory with a tablespace on it, which takes the right to mount one: where
that is missing, :func:`small_disk` yields False and nothing is tried.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from dev import postgres

SPACE = "tp_small_disk"


@contextlib.contextmanager
def small_disk(kilobytes):
    """Yield whether there is a tablespace ``SPACE`` of that size now."""
    folder = Path(tempfile.mkdtemp(prefix="tp-small-"))
    mounted = not postgres.is_own() and os.geteuid() == 0
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    mounted = mounted and not subprocess.run(mount, check=False).returncode
    if not mounted:
        folder.rmdir()
        yield False
        return
    try:
        shutil.chown(folder, "nobody", "nogroup")  # whom the server runs as
        folder.chmod(0o700)
        as_superuser(f"CREATE TABLESPACE {SPACE} LOCATION '{folder}'")
        as_superuser(f"GRANT CREATE ON TABLESPACE {SPACE} TO PUBLIC")
        try:
            yield True
        finally:
            as_superuser(f"DROP TABLESPACE {SPACE}")
    finally:
        subprocess.run(["umount", str(folder)], check=False)
        with contextlib.suppress(OSError):
            folder.rmdir()


def move(table, database, to=SPACE):
    """Put a table, but not its indexes, on a tablespace."""
    as_superuser(f"ALTER TABLE {table} SET TABLESPACE {to}", database)


def as_superuser(text, database="postgres"):
    """Run one statement as the server's own superuser."""
    environment = {**os.environ, **postgres.environment(), "PGUSER": "postgres"}
    subprocess.run(
        [postgres.program("psql"), "-Xq", "-v", "ON_ERROR_STOP=1"]
        + ["-d", database, "-c", text],
        env=environment,
        check=True,
    )
