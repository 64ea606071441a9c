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
        self.home = None
        self.outside = []  # addresses asked for that are not at home
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
            if message.get("method") == "Network.requestWillBeSent":
                self._notice(message["params"]["request"]["url"])
            if message.get("id") == self.last:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]

    def _notice(self, url):
        known = ("data:", "blob:", "about:", "chrome", self.home or "http")
        if not url.startswith(known):
            self.outside.append(url)

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

    def be_a_phone(self, width=390, height=844, slower=4):
        """Have a phone's window and touch, and a processor slower by a factor."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2,
            mobile=True,
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=5)
        self.call("Emulation.setCPUThrottlingRate", rate=slower)

    def finger(self, *way, steps=12):
        """Put a finger down at the first place, go on to the others, and lift it."""
        at = way[0]
        self._touch("touchStart", at)
        for there in way[1:]:
            for step in range(1, steps + 1):
                part = step / steps
                self._touch(
                    "touchMove",
                    [a + (b - a) * part for a, b in zip(at, there, strict=True)],
                )
            at = there
        self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def _touch(self, kind, place):
        x, y = place
        self.call("Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": x, "y": y}])

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
