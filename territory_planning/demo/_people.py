"""Who there is in the demo company: reps with their zones, accounts, products."""

import csv
import re
from pathlib import Path

import numpy as np

from . import _words as words

PLACES = Path(__file__).parent / "places.csv"
CUSTOMER, PROSPECT, LOST = "customer", "prospect", "lost"
_KM_PER_DEGREE = 111.2


class Places:
    """German towns: ``name, zip, lat, lon, population``, arrays ``(p,)``; ``zone``:
    the first two digits of the postal code."""

    def __init__(self, rows):
        self.name = np.array([row["name"] for row in rows])
        self.zip = np.array([row["zip"] for row in rows])
        self.zone = self.zip.astype("U2")
        self.lat = np.array([float(row["latitude"]) for row in rows])
        self.lon = np.array([float(row["longitude"]) for row in rows])
        self.population = np.array([float(row["population"]) for row in rows])

    def index(self, name):
        """The largest place of that name."""
        found = np.flatnonzero(self.name == name)
        return found[np.argmax(self.population[found])]


def read_places(path=PLACES):
    with open(path, encoding="utf-8") as file:
        return Places(list(csv.DictReader(line for line in file if line[0] != "#")))


def _km(lat1, lon1, lat2, lon2):
    """Good enough within one country."""
    east = (lon1 - lon2) * np.cos(np.radians((lat1 + lat2) / 2))
    return _KM_PER_DEGREE * np.hypot(lat1 - lat2, east)


# ------------------------------------------------------------------------ reps
def staff(places, reps, teams, rng):
    """Reps and the postal zones they look after.

    Each zone goes to the rep whose home is nearest, as some reps count distance
    generously and others do not: territories grew, nobody planned them.

    :return: one tuple for each rep, the fields of ``company.Rep``
    """
    chosen = words.REPS[:reps]
    home = np.array([places.index(town) for _name, town, _team, _hours in chosen])
    zones = np.unique(places.zone)
    centre = np.array(
        [
            (places.lat[members].mean(), places.lon[members].mean())
            for members in (places.zone == zone for zone in zones)
        ]
    )
    far = _km(centre[:, :1], centre[:, 1:], places.lat[home], places.lon[home])
    owner = np.argmin(far * rng.uniform(0.75, 1.35, reps), axis=1)
    owner[np.searchsorted(zones, places.zone[home])] = np.arange(reps)
    return [
        (
            name,
            town,
            float(places.lat[home[rep]]),
            float(places.lon[home[rep]]),
            team % teams,
            hours,
            tuple(zones[owner == rep].tolist()),
        )
        for rep, (name, town, team, hours) in enumerate(chosen)
    ]


# -------------------------------------------------------------------- accounts
def accounts(places, staff, count, frame):
    """Customers and prospects.

    :return: dict of the fields of ``company.Accounts``, and ``level (n,)``: sales a
        month that would be usual for each account
    """
    rng = frame.rng("accounts")
    weight = np.minimum(places.population, 8e5) ** 0.6
    place = rng.choice(len(places.name), count, p=weight / weight.sum())
    zones = [zone for rep in staff for zone in rep[-1]]
    owners = [number for number, rep in enumerate(staff) for _zone in rep[-1]]
    order = np.argsort(zones)
    row = np.searchsorted(np.array(zones)[order], places.zone[place])
    territory = np.array(owners)[order][row]
    industry = _draw(rng, [branch.share for branch in words.INDUSTRIES], count)
    size = _draw(rng, [share for _name, share, *_bounds in words.SIZES], count)
    bounds = np.array([bounds for _name, _share, *bounds in words.SIZES], dtype=float)
    low, high = np.log(bounds[size]).T
    employees = np.exp(rng.uniform(low, high)).astype(int)
    kind = np.array([CUSTOMER, PROSPECT, LOST])[_draw(rng, (0.76, 0.17, 0.07), count)]
    branch_size = np.array([branch.size for branch in words.INDUSTRIES])[industry]
    level = (
        1350 * branch_size * (employees / 60) ** 0.45 * rng.lognormal(0, 0.75, count)
    )
    lat, lon = _scatter(rng, places, place)
    lat, lon, wrong = _misplace(rng, lat, lon)
    fields = {
        "name": _names(frame.rng("names"), places.name[place], industry),
        "street": _streets(rng, count),
        "zip": places.zip[place],
        "city": places.name[place],
        "phone": _phones(rng, count),
        "lat": lat,
        "lon": lon,
        "wrong": wrong,
        "kind": kind,
        "industry": industry,
        "size": size,
        "employees": employees,
        "pricelist": _pricelists(rng, level, kind),
        "rep": _salespersons(rng, territory, staff),
        "territory": territory,
    }
    return fields, level


def _draw(rng, share, count):
    share = np.asarray(share, dtype=float)
    return rng.choice(len(share), count, p=share / share.sum())


def _scatter(rng, places, place):
    """Somewhere in the town, the larger the further out, on no point twice."""
    km = np.clip(0.25 * np.sqrt(places.population[place] / 1000), 0.5, 4.0)
    north, east = rng.normal(0, km, (2, len(place)))
    lat = places.lat[place] + north / _KM_PER_DEGREE
    lon = places.lon[place] + east / _KM_PER_DEGREE / np.cos(np.radians(lat))
    return np.round(lat, 6), np.round(lon, 6)


def _misplace(rng, lat, lon):
    """About ten addresses whose coordinates are wrong in the usual ways."""
    wrong = np.full(len(lat), "", dtype="U10")
    unlucky = rng.choice(len(lat), min(10, len(lat) // 5), replace=False)
    kinds = ("missing", "zero", "impossible", "abroad")
    for number, account in enumerate(unlucky):
        kind = kinds[number % len(kinds)]
        wrong[account] = kind
        lat[account], lon[account] = {
            "missing": (np.nan, np.nan),
            "zero": (0.0, 0.0),
            "impossible": (1000.0, 1000.0),
            "abroad": words.NAMESAKES[number // len(kinds) % len(words.NAMESAKES)],
        }[kind]
    return lat, lon, wrong


def _pricelists(rng, level, kind):
    """The more an account buys, the better its price list; mostly."""
    rank = np.argsort(np.argsort(level * rng.lognormal(0, 0.4, len(level))))
    rank = rank / len(level)
    pricelist = (rank > 0.6).astype(int) + (rank > 0.88)
    return np.where(kind == PROSPECT, 0, pricelist)


def _salespersons(rng, territory, staff):
    """The rep of the zone, but for old acquaintances of one next door, and accounts
    of nobody."""
    lat, lon = np.array([rep[2:4] for rep in staff]).T
    far = _km(lat[:, None], lon[:, None], lat, lon)
    neighbour = np.argsort(far, axis=1)[:, 1:3]
    luck = rng.random(len(territory))
    rep = territory.copy()
    if len(staff) > 2:
        other = neighbour[territory, rng.integers(0, 2, len(rep))]
        rep = np.where(luck < 0.03, other, rep)
    return np.where(luck > 0.98, -1, rep)


def _names(rng, city, industry):
    """Names of companies, each only once."""
    names = {}
    legal = _draw(rng, words.LEGAL_SHARE, len(city)).tolist()
    for row, town in enumerate(city.tolist()):
        town = re.split(r"[/(]| am | an der ", town)[0].strip()
        name, form = _name(rng, town, words.INDUSTRIES[industry[row]].words)
        form = form or words.LEGAL[legal[row]]
        full, number = f"{name} {form}", 1
        while full in names:
            number += 1
            full = f"{name} {town if number == 2 else f'{town} {number}'} {form}"
        names[full] = row
    return np.array(list(names))


def _name(rng, town, trades):
    """A name, and its legal form where it can have but one."""

    def one(choices):
        return choices[rng.integers(len(choices))]

    trade, pattern = one(trades), rng.integers(10)
    if trade in words.PUBLIC:
        return f"{trade} {town}", words.PUBLIC[trade]
    if pattern == 0:
        return f"{trade} {town}", None
    if pattern < 6:
        return f"{one(words.SURNAMES)} {trade}", None
    if pattern == 6:
        return f"{one(words.SURNAMES)} & Söhne {trade}", None
    if pattern == 7:
        return f"{one(words.SURNAMES)} & {one(words.SURNAMES)} {trade}", None
    return f"{one(words.COINED)} {trade}", None


def _streets(rng, count):
    street = np.array(words.STREETS)[rng.integers(0, len(words.STREETS), count)]
    number = rng.integers(1, 120, count).astype(str)
    return np.char.add(np.char.add(street, " "), number)


def _phones(rng, count):
    pattern = rng.integers(0, len(words.PHONES), count).tolist()
    number = rng.integers(0, 1000, count).tolist()
    return np.array(
        [words.PHONES[p].format(n) for p, n in zip(pattern, number, strict=True)]
    )


# -------------------------------------------------------------------- products
def products():
    """``(name, category, price, cost)`` of each product."""
    return [
        (name, category, float(price), float(cost))
        for category, (_name, items) in enumerate(words.CATALOGUE)
        for name, price, cost in items
    ]
