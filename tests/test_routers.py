"""The road engines, asked over real HTTP: what each says becomes the same table."""

import importlib.util
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from odoo.addons.territory_planning.engine import travel
from odoo.addons.territory_planning.routers import ROUTERS, Trouble

ADDON = Path(__file__).resolve().parent.parent / "territory_planning"
NAMES = sorted(ROUTERS)
TOWNS = np.array([[48.14, 11.58], [49.45, 11.08], [53.55, 9.99]])


def load_fake() -> ModuleType:
    """The addon's own fake, without the package of its tests, which needs Odoo."""
    path = ADDON / "tests" / "fake_router.py"
    spec = importlib.util.spec_from_file_location("fake_router", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FAKE = load_fake()


@pytest.fixture
def fake() -> Iterator:
    with FAKE.fake_router() as fake:
        yield fake


def router(name: str, fake, **options):
    settings = {"key": FAKE.KEY, "user_agent": "test/1 (a@b.example)", "timeout": 5.0}
    return ROUTERS[name](**({"url": fake.url} | settings | options))


def expected(sources, targets):
    table = [[FAKE.road_km(one, other) for other in targets] for one in sources]
    return np.array(table, dtype=float)


@pytest.mark.parametrize("name", NAMES)
def test_a_table(name: str, fake) -> None:
    seconds, km = router(name, fake).table(TOWNS, TOWNS[:2])
    np.testing.assert_allclose(km, expected(TOWNS, TOWNS[:2]))
    np.testing.assert_allclose(seconds, km * 60)
    ((_path, _body, headers),) = fake.requests
    assert headers["User-Agent"] == "test/1 (a@b.example)"


@pytest.mark.parametrize("name", NAMES)
def test_a_matrix_in_several_requests(name: str, fake) -> None:
    rng = np.random.default_rng(1)
    points = np.column_stack([rng.uniform(47, 51, 120), rng.uniform(7, 11, 120)])
    found = travel.matrix(points.round(5), router(name, fake))
    np.testing.assert_allclose(
        found.distance_km, expected(points.round(5), points.round(5))
    )
    assert len(fake.requests) == 9
    assert found.source == name


@pytest.mark.parametrize("name", NAMES)
def test_no_road_is_infinite_and_off_the_map_is_unknown(name: str, fake) -> None:
    points = [*TOWNS, (38.0, 10.0), (70.0, 20.0)]
    seconds, km = router(name, fake).table(points, points)
    assert np.isinf(seconds[3, :3]).all() and np.isinf(km[:3, 3]).all()
    assert np.isnan(seconds[4]).all() and np.isnan(km[:, 4]).all()
    np.testing.assert_allclose(km[:3, :3], expected(TOWNS, TOWNS))
    found = travel.matrix(points, router(name, fake))
    assert np.isfinite(found.duration_s[4, :3]).all() and found.estimated[4, 0]


def test_valhalla_is_asked_in_halves_for_what_is_too_far_apart(fake) -> None:
    points = np.array([(45.0, 0.0), (46.0, 0.0), (45.0, 12.0), (46.0, 12.0)])
    seconds, km = router("valhalla", fake).table(points, points)
    whole = expected(points, points)
    np.testing.assert_allclose(km, np.where(whole > 1000, np.nan, whole))
    assert np.isnan(seconds).sum() == 8
    assert len(fake.requests) < 30


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("mode", "kind", "requests"),
    [
        ("html", "garbage", 1),
        ("short", "garbage", 1),
        ("wide", "garbage", 1),
        ("negative", "garbage", 1),
        ("words", "garbage", 1),
        ("true", "garbage", 1),
        ("nan", "garbage", 1),
        ("forever", "garbage", 1),
        ("packed", "garbage", 1),
        ("moved", "moved", 1),
        ("huge", "large", 1),
        ("400", "question", 1),
        ("401", "key", 1),
        ("402", "quota", 1),
        ("403", "refused", 1),
        ("404", "url", 1),
        ("429", "limit", 3),
        ("500", "error", 3),
    ],
)
def test_a_bad_day_has_a_kind(
    name: str, fake, mode: str, kind: str, requests: int, monkeypatch
) -> None:
    monkeypatch.setattr(FAKE.time, "sleep", lambda seconds: None)
    fake.mode = mode
    with pytest.raises(Trouble) as trouble:
        router(name, fake).table(TOWNS, TOWNS)
    assert trouble.value.kind == kind
    assert len(fake.requests) == requests
    assert FAKE.KEY not in repr(trouble.value)
    # nor is there a chain of exceptions that would be logged with it
    assert trouble.value.__context__ is None or trouble.value.__suppress_context__


@pytest.mark.parametrize("name", NAMES)
def test_what_may_be_over_in_a_moment_is_tried_again(name: str, fake) -> None:
    fake.mode = "once"
    _seconds, km = router(name, fake).table(TOWNS, TOWNS)
    np.testing.assert_allclose(km, expected(TOWNS, TOWNS))
    assert len(fake.requests) == 2


def test_an_answer_without_end_is_cut_off(fake) -> None:
    fake.mode = "endless"
    with pytest.raises(Trouble, match="large"):
        router("osrm", fake).table(TOWNS, TOWNS)


@pytest.mark.parametrize("mode", ["slow", "trickle"])
def test_patience_has_an_end(fake, mode: str) -> None:
    """Whether it is silent or says one character after the other."""
    fake.mode = mode
    begin = time.monotonic()
    with pytest.raises(Trouble, match="slow"):
        router("osrm", fake, timeout=0.2, patience=0.6).table(TOWNS, TOWNS)
    assert time.monotonic() - begin < 3


def test_nobody_there_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    nobody = ROUTERS["osrm"](
        url=f"http://127.0.0.1:{port}", user_agent="x", timeout=5.0
    )
    with pytest.raises(Trouble, match="unreachable"):
        nobody.table(TOWNS, TOWNS)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "ftp://example.com",
        "javascript:alert(1)",
        "osrm.example.com",
        "http://",
        "http://a:99999",
        "http://user:pass@example.com",
        "http://example.com/?key=1",
        "http://169.254.169.254/latest",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Trouble, match="url"):
        ROUTERS["osrm"](url=url, user_agent="x")


def test_the_key_goes_into_a_heading_and_only_where_one_is_wanted(fake) -> None:
    for name in NAMES:
        fake.requests.clear()
        router(name, fake).table(TOWNS, TOWNS)
        ((path, body, headers),) = fake.requests
        assert FAKE.KEY not in path + str(body)
        assert (FAKE.KEY in str(headers)) == (name == "openrouteservice")
    with pytest.raises(Trouble, match="key"):
        ROUTERS["openrouteservice"](user_agent="x")
    ROUTERS["openrouteservice"](user_agent="x", url=fake.url)  # one's own needs none
