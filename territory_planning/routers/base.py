"""What all road engines have in common: how they are asked, and what may go wrong."""

import json
import time
from urllib.parse import urlsplit

import numpy as np
import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError, ReadTimeoutError

#: How one drives, in each engine's own word.
PROFILES = ("car", "truck")

#: An answer may be so large: a table of 10,000 pairs has 300 kB.
MOST_BYTES = 20_000_000
#: Farther from a road than this, the engine's map does not have the place, km
OFF_MAP_KM = 10.0
#: No drive takes longer, seconds; nor is any farther, km
MOST_SECONDS, MOST_KM = 30 * 86_400, 40_000
TRIES = 3
BACK_OFF = 0.3


class Trouble(Exception):
    """The road engine did not answer.

    :param kind: "url", "key", "refused", "limit", "quota", "slow", "unreachable",
        "garbage", "large", "moved", "error", "question"
    :param detail: what it says itself, in a few plain characters; may be empty

    Says nothing of the request: its heading holds the key.
    """

    #: what may be over in a moment
    PASSING = frozenset({"slow", "unreachable", "error", "limit"})

    def __init__(self, kind, detail=""):
        super().__init__(kind)
        self.kind = kind
        self.detail = detail


class Router:
    """One road engine. Subclasses say how to ask it and how to read what it says.

    :param url: where it is; http or https. Set by administrators only: this server asks
        whatever is there
    :param key: for those that want one
    :param profile: one of ``PROFILES``
    :param timeout: seconds for one request, from its start to the end of its answer
    :param patience: seconds for all requests of this object together
    :raises Trouble: if these do not make one
    """

    name = ""
    label = ""
    url = ""  # where it is, unless the settings say otherwise
    needs_key = False
    attribution = "© OpenStreetMap contributors"
    most_places = 100
    most_pairs = 2500
    profiles = {}  # one of PROFILES -> the engine's own word

    def __init__(
        self, *, url="", key="", profile="car", user_agent, timeout=10.0, patience=60.0
    ):
        self.address = (url or self.url).rstrip("/")
        self.key = key
        self.profile = self.profiles[profile]
        self.user_agent = user_agent
        self.timeout = timeout
        self.patience = patience
        self.deadline = None
        self.requests = 0
        if not good_address(self.address):
            raise Trouble("url")
        if self.needs_key and not key:
            raise Trouble("key")
        self.session = requests.Session()
        # no passwords out of a .netrc; proxies of the server's own are asked for below
        self.session.trust_env = False
        self.session.headers.update(
            {"User-Agent": user_agent, "Accept-Encoding": "identity"}
        )
        self.session.proxies = get_environ_proxies(self.address)

    def table(self, sources, targets):
        """Times and distances from each source to each target.

        :param sources, targets: ``(a, 2)``, ``(b, 2)`` degrees, latitude and longitude
        :return: seconds and km, ``(a, b)`` each; infinite where there is no road, NaN
            where the engine's map does not have a place
        :raises Trouble: if there was no answer that is one
        """
        raise NotImplementedError

    # ------------------------------------------------------------------ asking
    def _get(self, path):
        return self._ask("GET", path)

    def _post(self, path, body, kind=dict, **headers):
        return self._ask("POST", path, kind, json=body, headers=headers)

    def _ask(self, method, path, kind=dict, **content):
        """One request, again if what went wrong may be over in a moment; its JSON."""
        if self.deadline is None:
            self.deadline = time.monotonic() + self.patience
        for attempt in range(TRIES):
            try:
                code, body = self._once(method, path, **content)
                return self._understood(code, body, kind)
            except Trouble as trouble:
                pause = BACK_OFF * 2**attempt
                late = time.monotonic() + pause > self.deadline
                if trouble.kind not in trouble.PASSING or attempt == TRIES - 1 or late:
                    raise
            time.sleep(pause)
        raise AssertionError("not reached")

    def _once(self, method, path, **content):
        """Status and body."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Trouble("slow")
        seconds = min(self.timeout, left)
        self.requests += 1
        try:
            with self.session.request(
                method,
                self.address + path,
                timeout=seconds,
                allow_redirects=False,  # it might lead into this server's own network
                stream=True,
                **content,
            ) as response:
                deadline = time.monotonic() + seconds
                return response.status_code, _read(response, deadline)
        except (requests.Timeout, ReadTimeoutError):
            raise Trouble("slow") from None
        except (requests.RequestException, HTTPError, UnicodeError, OSError):
            # not "from error": its text holds the request
            raise Trouble("unreachable") from None

    def _understood(self, code, body, kind):
        answer = _json(body)
        if code == 200 and isinstance(answer, kind):
            return answer
        if 300 <= code < 400:
            raise Trouble("moved")
        detail = _plain(self._complaint(answer) if isinstance(answer, dict) else "")
        kinds = {401: "key", 402: "quota", 403: "refused", 404: "url", 429: "limit"}
        if code == 400 and isinstance(answer, dict):
            raise Trouble("question", detail)
        if code >= 500:
            raise Trouble("error", detail)
        raise Trouble(kinds.get(code, "garbage"), detail)

    def _complaint(self, answer):
        """What an engine says is wrong."""
        return answer.get("message", "")

    # ----------------------------------------------------------------- reading
    def _numbers(self, rows, shape, scale, most):
        """A list of lists as an array; null is infinite. Anything else is garbage."""
        if not isinstance(rows, list) or len(rows) != shape[0]:
            raise Trouble("garbage")
        for row in rows:
            if not isinstance(row, list) or len(row) != shape[1]:
                raise Trouble("garbage")
            if not all(value is None or _is_number(value) for value in row):
                raise Trouble("garbage")
        values = np.array(
            [[np.inf if value is None else value for value in row] for row in rows],
            dtype=float,
        ).reshape(shape)
        given = np.array([[v is not None for v in row] for row in rows]).reshape(shape)
        values = values * scale
        if not ((values[given] >= 0) & (values[given] <= most)).all():
            raise Trouble("garbage")
        return values

    def _tables(self, seconds, lengths, shape, scale):
        """Both tables of an answer, no road in one being none in the other."""
        duration = self._numbers(seconds, shape, 1.0, MOST_SECONDS)
        distance = self._numbers(lengths, shape, scale, MOST_KM)
        none = np.isinf(duration) | np.isinf(distance)
        return np.where(none, np.inf, duration), np.where(none, np.inf, distance)


def good_address(url):
    """Whether something is the address of a server, in http or https."""
    try:
        parts = urlsplit(url)
        port = parts.port  # raises on one that is none
    except ValueError:
        return False
    whole = not (parts.query or parts.fragment or parts.username or parts.password)
    # where the machines of a cloud are told their secrets
    secret = (parts.hostname or "").startswith(("169.254.", "[fe80", "fe80"))
    web = parts.scheme in ("http", "https") and parts.hostname and port != 0
    return bool(web and whole and not secret)


def _read(response, deadline):
    """The body, if it is neither too large nor too slow in coming."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise Trouble("garbage")  # not asked for: who knows what it swells to
    length = response.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > MOST_BYTES:
        raise Trouble("large")
    # what is there, however little: one that trickles must not hold us for hours
    read = getattr(response.raw, "read1", None)
    parts, size = [], 0
    while part := read(65_536) if read else response.raw.read(512):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise Trouble("large")
        if time.monotonic() > deadline:
            raise Trouble("slow")
    return b"".join(parts)


def _json(body):
    """What it says, or None if it is not JSON (NaN and infinity are not)."""

    def refuse(word):
        raise ValueError(word)

    try:
        return json.loads(body, parse_constant=refuse)
    except (ValueError, RecursionError):
        return None


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(text):
    text = text if isinstance(text, str) else ""
    return "".join(c for c in text if c.isprintable() and c not in "<>")[:120].strip()
