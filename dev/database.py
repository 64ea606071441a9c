"""Databases: a template with all that the addon depends on, made once, then copied.

Installing the modules on which the addon depends takes a minute; copying a database takes
a second. The template is named by what it was made from, so it is made anew by itself.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path

from . import debian, paths, postgres, say, venv
from .say import Stop

DATA_DIR = paths.STATE / "odoo"
FILES = DATA_DIR / "filestore"
CONFIG = paths.STATE / "odoo.conf"


def odoo_environment() -> dict[str, str]:
    """Return the environment in which Odoo runs: Python's path, database, settings."""
    env = {**venv.environment(), **postgres.environment(), "ODOO_RC": str(CONFIG)}
    settings = {
        "data_dir": str(DATA_DIR),
        # the administrator's password is "admin": only this machine may reach it
        "http_interface": "127.0.0.1",
        "list_db": "True",
        "max_cron_threads": "1",
        # demo company and tests compute for longer than a web server should
        "limit_time_real": "1200",
        "limit_time_cpu": "1200",
    }
    if env["DEV_ADDONS"]:
        settings["addons_path"] = env["DEV_ADDONS"]
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{key} = {value}\n" for key, value in settings.items())
    CONFIG.write_text(f"[options]\n{lines}")
    return env


def odoo_command() -> list[str]:
    """Return the command line that is Odoo's own ``odoo``."""
    return [str(venv.python()), "-m", "odoo"]


def run_odoo(
    arguments: list[str], doing: str, env: dict[str, str] | None = None
) -> str:
    """Run Odoo to its end, silently, and return its log.

    ``env`` stands for :func:`odoo_environment`, to have other addons.
    """
    return say.run([*odoo_command(), *arguments], doing, env=env or odoo_environment())


def exists(name: str) -> bool:
    """Whether there is a database of that name."""
    return bool(postgres.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))


def copy(source: str, target: str) -> None:
    """Copy a database and its files."""
    if exists(target):
        raise Stop(f"The database {target} exists already: drop it first.")
    with paths.locked("copy", paths.STATE):
        postgres.sql(
            f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY'
        )
    if (FILES / source).is_dir():
        # a file store never changes a file, so links do
        shutil.copytree(
            FILES / source, FILES / target, copy_function=os.link, dirs_exist_ok=True
        )


def drop(name: str) -> None:
    """Drop a database and its files, if they exist."""
    for attempt in range(20):
        try:
            postgres.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            break
        except Stop as stop:
            # PostgreSQL's own vacuum is in it, and we may not end that
            if "permission denied to terminate" not in str(stop) or attempt == 19:
                raise
            time.sleep(0.5)
    shutil.rmtree(FILES / name, ignore_errors=True)


def rename(name: str, to: str) -> None:
    """Rename a database and its files."""
    if (FILES / name).is_dir():
        shutil.rmtree(FILES / to, ignore_errors=True)
        (FILES / name).rename(FILES / to)
    postgres.sql(f'ALTER DATABASE "{name}" RENAME TO "{to}"')


def comment(name: str) -> str:
    """Return the comment of a database: it says from which code the demo was made."""
    rows = postgres.sql(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        f"WHERE datname = '{name}'"
    )
    return rows[0] if rows else ""


def set_comment(name: str, text: str) -> None:
    """Set the comment of a database."""
    postgres.sql(f"COMMENT ON DATABASE \"{name}\" IS '{text}'")


def create_empty(name: str) -> None:
    """Create a database as Odoo would.

    Odoo would also try to add pg_trgm, which the embedded server does not carry, and log
    an error that means nothing: Odoo works without it.
    """
    postgres.sql(
        f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0"
    )


def template() -> str:
    """Return the name of the template database, making it first if need be."""
    depends = sorted(paths.manifest()["depends"])
    lock = paths.LOCK_FILE.read_bytes()
    name = f"tp_deps_{paths.digest(debian.odoo().version, ' '.join(depends), lock)}"
    if exists(name):
        return name
    with paths.locked("template", paths.STATE):
        if exists(name):
            return name
        partial = f"{name}_part"
        with say.step(f"Installing {', '.join(depends)} in a template database"):
            drop(partial)
            create_empty(partial)
            run_odoo(
                [
                    "-d",
                    partial,
                    "-i",
                    ",".join(depends),
                    "--stop-after-init",
                    "--no-http",
                ],
                "Installing the modules that the addon depends on",
            )
            rename(partial, name)
            # an open connection would be in the way of each copy
            postgres.sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            if not postgres.is_own():  # other checkouts may use that one
                _drop_older(name)
    return name


def _drop_older(name: str) -> None:
    for old in databases("tp_deps_%"):
        if old != name:
            drop(old)


def databases(like: str = "%") -> list[str]:
    """Return the names of the databases here, but for PostgreSQL's own."""
    return postgres.sql(
        "SELECT datname FROM pg_database WHERE datname LIKE "
        f"'{like}' AND datname NOT IN ('postgres', 'template0', 'template1') ORDER BY 1"
    )


def fresh(name: str) -> str:
    """Make a database that holds just what the addon depends on; drop what was there."""
    source = template()
    drop(name)
    copy(source, name)
    return name


def odoo(arguments: list[str]) -> None:
    """Become Odoo, on this checkout; a database that does not exist is made first."""
    postgres.hold()
    env = odoo_environment()
    for name in _named_databases(arguments):
        if not exists(name):
            say.line(f"· The database {name} is new: copied from the template.")
            copy(template(), name)
    command = odoo_command()
    os.execve(command[0], [*command, *arguments], env)


def _named_databases(arguments: list[str]) -> list[str]:
    """Return the databases that a command line of Odoo names."""
    if "db" in arguments[:1]:
        return []
    names: list[str] = []
    for here, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if here in ("-d", "--database"):
            names += following.split(",")
        elif here.startswith("--database="):
            names += here.partition("=")[2].split(",")
    return [name for name in names if name]


def has_module(name: str, module: str = paths.NAME) -> bool:
    """Whether an addon is installed in a database."""
    query = f"SELECT 1 FROM ir_module_module WHERE name = '{module}' AND state = 'installed'"
    return bool(postgres.sql(query, database=name))


def shell(name: str, code: str, doing: str, env: dict[str, str] | None = None) -> None:
    """Run Python in Odoo's shell (``env`` is there), its output shown as it comes.

    The parameter ``env`` is that of :func:`run_odoo`.
    """
    script = Path(paths.state("tmp")) / "shell.py"
    script.write_text(code)
    with open(script) as stdin:
        done = subprocess.run(
            [*odoo_command(), "shell", "-d", name, "--no-http", "--log-level=warn"],
            stdin=stdin,
            env=env or odoo_environment(),
            check=False,
        )
    if done.returncode:
        raise Stop(f"{doing} failed: see above.")
