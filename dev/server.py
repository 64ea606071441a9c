"""The Odoo server of a person: on a free port, in the foreground, until Ctrl-C."""

import contextlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from . import database, paths, say
from .say import Stop

FIRST_PORT = 8069
LOG = paths.LOGS / "server.log"
#: Odoo's first start reads 70 modules.
READY_WITHIN = 120


def free_port(first: int = FIRST_PORT, tries: int = 50) -> int:
    """Return the first port from there that nothing listens on."""
    for port in range(first, first + tries):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise Stop(
        f"The ports {first} to {first + tries - 1} are all taken: name one (--port)."
    )


@contextlib.contextmanager
def serving(name: str, port: int, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Serve a database, wait until it answers, and stop it at the end."""
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    command = [*database.odoo_command(), "-d", name, f"--http-port={port}", *options]
    with open(LOG, "wb") as log:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=database.odoo_environment(),
            # in a session of its own: Ctrl-C is for us, and we stop it in order
            start_new_session=True,
        )
    try:
        with say.step("Starting Odoo"):
            _wait_until_ready(server, port)
        yield server
    finally:
        _stop(server)


def serve(name: str, port: int | None, banner: str, *options: str) -> None:
    """Serve a database until Ctrl-C."""
    wanted = port or FIRST_PORT
    used = free_port(wanted)
    if used != wanted:
        say.note(f"port {wanted} is taken, so this is on {used}")
    with serving(name, used, *options) as server:
        say.line(banner.format(address=f"http://localhost:{used}"))
        try:
            server.wait()
        except KeyboardInterrupt:
            say.line("\n· Stopping Odoo …")
            return
    raise Stop(f"Odoo has stopped by itself; its log is {LOG.relative_to(paths.ROOT)}.")


def _wait_until_ready(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN
    address = f"http://127.0.0.1:{port}/web/health"
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Stop(say.explain("Starting Odoo", LOG.read_text(errors="replace")))
        with contextlib.suppress(urllib.error.URLError, OSError):
            # not through a proxy: it is this machine
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(address, timeout=5):
                return
        time.sleep(0.2)
    raise Stop(f"Odoo does not answer after {READY_WITHIN} s; its log is {LOG}.")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """Stop Odoo in order; after ten seconds, or at a second Ctrl-C, at once."""
    if server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)
    try:
        server.wait(10)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        server.kill()
        server.wait()
