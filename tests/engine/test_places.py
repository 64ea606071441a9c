"""Whether places can be right, on squares whose answers are known."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine import places

# a country of its own: latitudes 40 to 50, longitudes 5 to 15
AREAS = {"XX": shapely.box(5, 40, 15, 50), "YY": shapely.box(-80, -10, -70, 0)}


@pytest.mark.parametrize(
    ("lat", "lon", "country", "problem"),
    [
        (45, 10, "XX", ""),
        (50.1, 10, "XX", ""),  # a harbour, beyond the coarse coast
        (52, 10, "XX", "country"),
        (10, 45, "XX", "swapped"),
        (-45, 10, "XX", "sign"),
        (45, -10, "XX", "sign"),
        (5, -75, "YY", "sign"),
        (-75, -5, "YY", "swapped"),
        (0, 0, "XX", "none"),
        (1000, 1000, "XX", "impossible"),
        (-75, 200, None, "impossible"),
        (0, 10, "XX", "country"),  # on the equator is somewhere
        (52, 10, None, ""),  # no country to compare with
        (52, 10, "ZZ", ""),  # a country without an outline
        (np.nan, np.nan, "XX", "none"),
        (np.inf, 10, "XX", "impossible"),
    ],
)
def test_each_way_to_be_wrong(lat, lon, country, problem):
    assert places.problems([lat], [lon], [country], AREAS).tolist() == [problem]


def test_swapped_is_seen_where_the_swap_leaves_the_earth():
    """A longitude above 90 cannot be a latitude, and that is the hint."""
    areas = {"AU": shapely.box(113, -39, 154, -11)}
    assert places.problems([151.2], [-33.9], ["AU"], areas).tolist() == ["swapped"]


@given(
    st.lists(
        st.tuples(
            st.floats(-100, 100),
            st.floats(-200, 200),
            st.sampled_from(["XX", "YY", None]),
        ),
        max_size=30,
    )
)
def test_many_at_once_equal_one_by_one(rows):
    lat, lon, country = (
        (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    )
    together = places.problems(lat, lon, country, AREAS).tolist()
    alone = [
        places.problems([a], [b], [c], AREAS).item()
        for a, b, c in zip(lat, lon, country, strict=True)
    ]
    assert together == alone


def test_fingerprint_knows_an_address_in_any_spelling_of_it():
    one = places.fingerprint("Marienplatz 1", "80331", "München", "BY", "DE")
    assert one == places.fingerprint(
        " marienplatz  1.", "80331", "MÜNCHEN,", "BY", "DE"
    )
    # the same letter, composed of two characters
    assert one == places.fingerprint(
        "Marienplatz 1", "80331", "Mu\u0308nchen", "BY", "DE"
    )
    assert one != places.fingerprint("Marienplatz 11", "80331", "München", "BY", "DE")
    # nothing moves from one part into the next
    assert places.fingerprint("a b", "", "") != places.fingerprint("a", "b", "")
    assert places.fingerprint("", None, False) == ""


def test_a_stray_is_far_from_where_its_group_is():
    lat = [48.1, 48.2, 48.1, 52.5, 48.1, 60.0]
    lon = [11.5, 11.6, 11.5, 13.4, 11.4, 10.0]
    group = [0, 0, 0, 0, 0, -1]
    assert places.strays(lat, lon, group).tolist() == [False] * 3 + [True, False, False]
    # three do not make a place
    assert not places.strays(lat[1:4], lon[1:4], group[1:4]).any()


def test_centres_are_medians_of_each_group():
    lat = [48.0, 48.2, 60.0, 53.5, 1.0]
    lon = [11.0, 11.2, 11.1, 10.0, 1.0]
    found = places.centres(lat, lon, [7, 7, 7, 2, -1])
    assert found == {7: (48.2, 11.1), 2: (53.5, 10.0)}
    assert places.centres([], [], []) == {}
