"""A headless Chromium, driven over its DevTools protocol."""

import base64
import contextlib
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import websocket

START_WITHIN = 30
OPEN_WITHIN = 90
ANSWER_WITHIN = 240


class Page:
    """One tab."""

    def __init__(self, address):
        self.socket = websocket.create_connection(
            address, timeout=ANSWER_WITHIN, suppress_origin=True
        )
        self.last = 0
        self.errors = []
        for domain in ("Page", "Runtime", "Performance", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method, **params):
        """Call a method and return its result; notice errors of the page meanwhile."""
        self.last += 1
        self.socket.send(
            json.dumps({"id": self.last, "method": method, "params": params})
        )
        while True:
            message = json.loads(self.socket.recv())
            if message.get("method") == "Runtime.exceptionThrown":
                self.errors.append(message["params"]["exceptionDetails"]["text"])
            if message.get("id") == self.last:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]

    def run(self, expression):
        """Run JavaScript, wait for its promise and return its value."""
        result = self.call(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            thrown = details.get("exception", {})
            raise RuntimeError(
                thrown.get("description") or thrown.get("value") or details["text"]
            )
        return result["result"].get("value")

    def open(self, url, ready):
        """Go to a page and wait until an expression is true there."""
        self.call("Page.navigate", url=url)
        deadline = time.monotonic() + OPEN_WITHIN
        while time.monotonic() < deadline:
            with contextlib.suppress(RuntimeError):
                if self.run(f"location.href !== 'about:blank' && Boolean({ready})"):
                    return
            time.sleep(0.1)
        raise RuntimeError(f"{url} did not become ready: {ready}")

    def mouse(self, kind, x, y, **params):
        """Move, press or release the mouse, as a person's hand would."""
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **params)

    def heap(self):
        """Return the bytes of JavaScript's heap after a garbage collection."""
        self.call("HeapProfiler.collectGarbage")
        return self.call("Runtime.getHeapUsage")["usedSize"]

    def screenshot(self, path):
        """Save what is seen as a PNG."""
        data = self.call("Page.captureScreenshot", format="png")["data"]
        Path(path).write_bytes(base64.b64decode(data))


@contextlib.contextmanager
def chromium(*options: str) -> Iterator[Page]:
    """Start a browser with a profile of its own, and end it."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        raise SystemExit("Chromium is missing: install the package chromium.")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [
                program,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--enable-unsafe-swiftshader",
                "--no-first-run",
                "--disable-dev-shm-usage",
                "--remote-debugging-port=0",
                f"--user-data-dir={profile}",
                "--window-size=1440,900",
                *options,
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield Page(_address(Path(profile), process))
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            if process.poll() is None:
                process.kill()


def _address(profile, process):
    deadline = time.monotonic() + START_WITHIN
    port_file = profile / "DevToolsActivePort"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, ValueError, IndexError):
            port = port_file.read_text().splitlines()[0]
            with opener.open(f"http://127.0.0.1:{port}/json/list", timeout=5) as answer:
                pages = json.load(answer)
            for page in pages:
                if page["type"] == "page":
                    return page["webSocketDebuggerUrl"]
        time.sleep(0.1)
    raise SystemExit("Chromium does not start.")
