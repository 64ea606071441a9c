"""What all services have in common: question, answer, and what may go wrong."""

import math
from dataclasses import dataclass, replace
from functools import cached_property, partial
from urllib.parse import urlsplit

from babel.core import get_global
from geopy import exc
from geopy.adapters import RequestsAdapter

#: From the most precise answer to the least.
PRECISIONS = ("rooftop", "street", "postcode", "city", "country")

#: geopy's exceptions, the particular ones first -> kind of trouble
KINDS = (
    (exc.GeocoderRateLimited, "limit"),
    (exc.GeocoderQuotaExceeded, "quota"),
    (exc.GeocoderAuthenticationFailure, "key"),
    (exc.GeocoderInsufficientPrivileges, "refused"),
    (exc.ConfigurationError, "key"),
    (exc.GeocoderQueryError, "question"),
    (exc.GeocoderTimedOut, "slow"),
    (exc.GeocoderUnavailable, "unreachable"),
    (exc.GeocoderParseError, "garbage"),
    (exc.GeocoderServiceError, "error"),
)


class Trouble(Exception):
    """The service did not answer the question.

    :param kind: "limit", "quota", "key", "refused" (ask no more), "slow",
        "unreachable", "garbage", "error" (may be tried again), "question" (it does
        not like this one)
    :param retry_after: seconds the service asks to wait, or None

    Says nothing of the request: its address holds the key.
    """

    STOPS = frozenset({"limit", "quota", "key", "refused"})

    def __init__(self, kind, retry_after=None):
        super().__init__(kind)
        self.kind = kind
        self.retry_after = retry_after

    @property
    def stops(self):
        return self.kind in self.STOPS


@dataclass(frozen=True)
class Address:
    """An address, as a question; ``country`` is the two-letter ISO code.

    ``free`` is one whose parts are not known: it is asked as it stands.
    """

    street: str = ""
    zip: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    country_name: str = ""
    free: str = ""

    @property
    def text(self):
        """The address in a line, as services that take free text want it."""
        if self.free:
            return self.free
        town = f"{self.zip} {self.city}".strip()
        parts = (self.street, town, self.state, self.country_name or self.country)
        return ", ".join(part for part in parts if part)

    def questions(self):
        """What to ask one after the other until there is an answer."""
        if self.free:
            return [self]
        asked = []
        for question in (
            self,
            replace(self, street=""),
            replace(self, street="", zip="") if self.city else None,
        ):
            if question and (question.zip or question.city):
                if question not in asked:
                    asked.append(question)
        return asked


@dataclass(frozen=True)
class Answer:
    """A place: degrees, one of ``PRECISIONS``, ISO code of its country, its name."""

    latitude: float
    longitude: float
    precision: str
    country: str = ""
    label: str = ""


class Service:
    """One service. Subclasses say how to ask it and how to read what it says."""

    name = ""  # technical name of the provider
    label = ""
    url = ""  # where it is, unless the settings say otherwise
    needs_key = False
    needs_url = False
    attribution = ""  # what it asks to be shown with its answers
    terms = ""  # where its rules are
    public_host = ""  # a server that is shared by all the world ...
    public_interval = 1.0  # ... and may be asked once in so many seconds
    cache_days = 180  # how long an answer may be kept

    def __init__(self, *, url="", key="", user_agent, timeout):
        self.address = (url or self.url).rstrip("/")
        self.key = key
        self.user_agent = user_agent
        self.timeout = timeout
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Trouble("url")
        if self.needs_key and not key:
            raise Trouble("key")
        self.scheme = parts.scheme
        self.domain = parts.netloc + parts.path
        self.interval = (
            self.public_interval if parts.hostname == self.public_host else 0.0
        )

    def find(self, address):
        """Ask once.

        :param address: an ``Address``
        :return: the best ``Answer`` in the country of the address, else the best one
            anywhere, else None
        :raises Trouble: if there was no answer
        """
        try:
            raws = self._ask(address) or []
            answers = [self._read(location) for location in raws]
        except exc.GeopyError as error:
            kind = next((k for cls, k in KINDS if isinstance(error, cls)), "error")
            wait = getattr(error, "retry_after", None)
            # not "from error": its text holds the request, key and all
            raise Trouble(kind, wait) from None
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            # JSON, but not what this service is known to say
            raise Trouble("garbage") from None
        answers = [answer for answer in answers if _on_earth(answer)]
        at_home = [a for a in answers if not a.country or a.country == address.country]
        return next(iter(at_home or answers), None)

    def _options(self):
        return {
            "user_agent": self.user_agent,
            "timeout": self.timeout,
            "scheme": self.scheme,
            # geopy would try again by itself, and sleep as long as the service says
            "adapter_factory": partial(RequestsAdapter, max_retries=0),
        }

    @cached_property
    def client(self):
        """geopy's geocoder: one connection for all questions of a batch."""
        return self._connect()

    def _connect(self):
        """Make geopy's geocoder."""
        raise NotImplementedError

    def _ask(self, address):
        """One request through geopy; a list of its locations."""
        raise NotImplementedError

    def _read(self, location):
        """A location of geopy as an ``Answer``."""
        raise NotImplementedError

    def _answer(self, location, precision, country):
        country = str(country or "").upper()
        if len(country) == 3:
            country = next(iter(get_global("territory_aliases").get(country, ())), "")
        return Answer(
            latitude=float(location.latitude),
            longitude=float(location.longitude),
            precision=precision,
            country=country,
            label=str(location.address or "")[:255],
        )


def _on_earth(answer):
    latitude, longitude = answer.latitude, answer.longitude
    return (
        math.isfinite(latitude)
        and math.isfinite(longitude)
        and abs(latitude) <= 90
        and abs(longitude) <= 180
        and (latitude or longitude)
    )
