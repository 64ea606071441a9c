"""Say what is going on: steps with their time, and errors as one sentence."""

import contextlib
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

#: What package managers print when they cannot reach anything, and when the disk is full.
NO_NETWORK = (
    "Temporary failure",
    "Could not resolve",
    "Could not connect",
    "Connection failed",
    "Name or service not known",
    "Failed to establish a new connection",
    "Network is unreachable",
    "ENOTFOUND",
    "ECONNREFUSED",
    "EAI_AGAIN",
    "ETIMEDOUT",
)
NO_SPACE = ("No space left on device", "ENOSPC")


class Stop(Exception):
    """An expected failure; its message is one sentence that says what to do."""


def line(text: str = "") -> None:
    """Print to stderr, so that stdout stays free for a command's own output."""
    print(text, file=sys.stderr, flush=True)


def note(text: str) -> None:
    """Print a remark below the current step."""
    line(f"  {text}")


@contextlib.contextmanager
def step(text: str, *, talks: bool = False) -> Iterator[None]:
    """Announce a piece of work that takes time, and how long it took.

    :param talks: it prints lines of its own meanwhile
    """
    begin = time.monotonic()
    live = sys.stderr.isatty() and not talks
    print(f"· {text} …", end="" if live else "\n", file=sys.stderr, flush=True)
    try:
        yield
    except BaseException:
        if live:
            line()
        raise
    seconds = time.monotonic() - begin
    if live:
        line(f"\r✓ {text} ({seconds:.0f} s)\x1b[K")
    elif seconds >= 2:
        line(f"  done in {seconds:.0f} s")


def run(
    cmd: Sequence[str | Path],
    doing: str,
    *,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    watch: Callable[[], str] | None = None,
) -> str:
    """Run a command silently and return its output; on failure show the end of it.

    :param doing: what it does, for the error: "doing" failed.
    :param watch: called twice a second on a terminal; its text is shown behind the step.
    """
    with subprocess.Popen(
        [str(part) for part in cmd],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=env,
        cwd=cwd,
    ) as process:
        with ended(process):
            if watch and sys.stderr.isatty():
                output = _follow(process, watch)
            else:
                output, _ = process.communicate()
    if process.returncode:
        raise Stop(explain(doing, output))
    return output


@contextlib.contextmanager
def ended(process: "subprocess.Popen[str]") -> Iterator[None]:
    """Leave no child behind when we are interrupted."""
    try:
        yield
    except BaseException:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        raise


def _follow(process: "subprocess.Popen[str]", watch: Callable[[], str]) -> str:
    while True:
        try:
            return process.communicate(timeout=0.5)[0]
        except subprocess.TimeoutExpired:
            text = f" {watch()}"
            # and back to where the step's own text ended: the next one overwrites it
            end = f"\x1b[K\x1b[{len(text)}D"
            print(text, end=end, file=sys.stderr, flush=True)


def explain(doing: str, output: str) -> str:
    """Turn a failed command's output into one sentence, its last lines only if needed."""
    if any(mark in output for mark in NO_SPACE):
        return f"{doing} failed because the disk is full: free some space, then run it again."
    if any(mark in output for mark in NO_NETWORK):
        return (
            f"{doing} failed because the network could not be reached: check the connection "
            "(and proxy settings), then run the same command again; it goes on where it stopped."
        )
    # of Odoo's log, what it only mentions is in the way of what went wrong
    lines = [
        text
        for text in output.strip().splitlines()
        if " INFO " not in text and text.strip(" ^~")
    ]
    tail = "\n".join(f"    {text[:200]}" for text in lines[-15:])
    return f"{doing} failed; the last lines it printed:\n{tail}"


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """Turn expected exceptions into a sentence and an exit code, without a traceback."""
    # being ended by another program is to tidy up as Ctrl-C does
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except Stop as stop:
        line(f"✗ {stop}")
        sys.exit(1)
    except KeyboardInterrupt:
        line("\nStopped; run the same command again to go on.")
        sys.exit(130)
    except BrokenPipeError:
        # whoever read our output went away (as with "| head"): nothing is left to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        where = error.filename or "an open file"
        line(f"✗ The disk is full (at {where}): free some space, then run it again.")
        sys.exit(1)
