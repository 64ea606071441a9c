"""The services, asked over real HTTP: what each says becomes the same answer."""

import importlib.util
import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from odoo.addons.territory_planning.geocoders import SERVICES, Address, Trouble

ADDON = Path(__file__).resolve().parent.parent / "territory_planning"
NAMES = sorted(SERVICES)
MUNICH = Address("Marienplatz 1", "80331", "München", "Bayern", "DE", "Germany")
KEY = "s3cret-key"


def load_fake() -> ModuleType:
    """The addon's own fake, without the package of its tests, which needs Odoo."""
    path = ADDON / "tests" / "fake_geocoder.py"
    spec = importlib.util.spec_from_file_location("fake_geocoder", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def fake() -> Iterator:
    with load_fake().fake_geocoder() as fake:
        yield fake


def service(name: str, fake, **options):
    settings = {"key": KEY, "user_agent": "test/1 (a@b.example)", "timeout": 5.0}
    return SERVICES[name](url=fake.url, **(settings | options))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("street", "precision"),
    [("Marienplatz 1", "rooftop"), ("Rathausmarkt", "street"), ("", "city")],
)
def test_an_address_is_found(name: str, fake, street: str, precision: str) -> None:
    asked = Address(street, "80331", "München", "Bayern", "DE", "Germany")
    answer = service(name, fake).find(asked)
    assert (round(answer.latitude, 4), round(answer.longitude, 4)) == (48.1372, 11.5755)
    assert (answer.precision, answer.country) == (precision, "DE")
    assert "München" in answer.label


@pytest.mark.parametrize("name", NAMES)
def test_who_asks_says_so(name: str, fake) -> None:
    service(name, fake).find(MUNICH)
    ((_path, _asked, headers),) = fake.requests
    assert headers["User-Agent"] == "test/1 (a@b.example)"


@pytest.mark.parametrize("name", NAMES)
def test_what_nobody_knows_is_none(name: str, fake) -> None:
    fake.mode = "empty"
    assert service(name, fake).find(MUNICH) is None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("mode", "kind", "stops"),
    [
        ("html", "garbage", False),
        ("shape", "garbage", False),
        ("limit", "limit", True),
        ("403", "refused", True),
        ("401", "key", True),
        ("402", "quota", True),
        ("500", "error", False),
        ("503", "slow", False),
    ],
)
def test_a_bad_day_has_a_kind(
    name: str, fake, mode: str, kind: str, stops: bool
) -> None:
    fake.mode = mode
    with pytest.raises(Trouble) as trouble:
        service(name, fake).find(MUNICH)
    assert (trouble.value.kind, trouble.value.stops) == (kind, stops)
    assert len(fake.requests) == 1  # whether to ask again is decided elsewhere
    if mode == "limit":
        # geopy keeps no heading of HERE's answers
        assert trouble.value.retry_after == (None if name == "here" else 120)


def test_slow_is_given_up_and_nobody_there_is_said(fake) -> None:
    fake.mode = "slow"
    with pytest.raises(Trouble, match="slow"):
        service("nominatim", fake, timeout=0.2).find(MUNICH)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    nobody = SERVICES["nominatim"](
        url=f"http://127.0.0.1:{port}", user_agent="x", timeout=5.0
    )
    with pytest.raises(Trouble, match="unreachable"):
        nobody.find(MUNICH)


@pytest.mark.parametrize("name", ["opencage", "here", "googlemap", "pelias"])
def test_a_key_is_nowhere_to_be_read(name: str, fake, caplog) -> None:
    """Neither in what is raised, nor in geopy's log."""
    caplog.set_level(logging.DEBUG, logger="odoo")
    for mode in ("403", "html", "ok"):
        fake.mode = mode
        try:
            service(name, fake).find(MUNICH)
        except Trouble as trouble:
            assert KEY not in repr(trouble)
            assert trouble.__suppress_context__
    assert KEY in str([asked for _path, asked, _headers in fake.requests])
    assert KEY not in caplog.text


def test_google_says_no_in_words(fake) -> None:
    fake.mode = "denied"
    with pytest.raises(Trouble, match="refused"):
        service("googlemap", fake).find(MUNICH)


def test_photon_cannot_be_told_the_country_so_the_answer_is_chosen(fake) -> None:
    """A namesake elsewhere comes first, and the right one is taken."""
    assert service("photon", fake).find(MUNICH).country == "DE"
    fake.mode = "abroad"
    assert (
        service("photon", fake).find(MUNICH).country == "NG"
    )  # for the caller to judge


def test_settings_that_make_no_service(fake) -> None:
    options = {"user_agent": "x", "timeout": 1.0}
    for url in ("", "ftp://example.com", "javascript:alert(1)", "https://"):
        with pytest.raises(Trouble, match="url"):
            SERVICES["nominatim"](url=url, **options)
    with pytest.raises(Trouble, match="key"):
        SERVICES["opencage"](**options)


def test_only_the_shared_server_has_a_pace_of_its_own(fake) -> None:
    assert SERVICES["openstreetmap"](user_agent="x", timeout=1).interval == 1.0
    assert service("openstreetmap", fake).interval == 0.0


def test_an_address_is_asked_with_less_and_less() -> None:
    asked = [(q.street, q.zip, q.city) for q in MUNICH.questions()]
    assert asked == [
        ("Marienplatz 1", "80331", "München"),
        ("", "80331", "München"),
        ("", "", "München"),
    ]
    assert [q.zip for q in Address(zip="80331", country="DE").questions()] == ["80331"]
    assert Address(street="Marienplatz 1", country="DE").questions() == []
