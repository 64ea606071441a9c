"""Who is near the way of a trip, and what a visit to each of them is worth.

A box of the corridor is looked up under the reader's rights, the exact detour computed
by the engine, and of those within it the ones with the most worth per minute are kept.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import geo, visit_value
from ..engine.calibration import Prior

#: candidates kept for one day and for more; more does not help the trip
KEPT = {1: 200}
KEPT_WEEK = 300
#: accounts of a corridor that are looked at closely; beyond it those of most revenue
LOOKED_AT = 20_000
#: months whose visits count
MEMORY = 24
#: a meeting within so many days after the trip makes a visit on it superfluous
AHEAD = 14
DAYS_A_MONTH = 30.0


@dataclass
class Candidates:
    """Accounts near a way as columns, all of one length, by worth per minute.

    ``value_visit, value_risk``: money a visit sells and keeps. ``worth``: what decides
    who is visited, money too (see ``priority``). ``service, detour`` in minutes.
    ``why``: code of a reason not to visit now, "" for none. ``total``: how many there
    are; ``planned``: whether a month's plan says what visits sell; ``effect_known``:
    whether the effect of visits on losing customers is.
    """

    id: np.ndarray
    name: list
    city: list
    latitude: np.ndarray
    longitude: np.ndarray
    detour_km: np.ndarray
    detour: np.ndarray
    service: np.ndarray
    value_visit: np.ndarray
    value_risk: np.ndarray
    worth: np.ndarray
    potential_gap: np.ndarray
    churn_money: np.ndarray
    churn_risk: np.ndarray
    days_since: np.ndarray
    partner_id: list
    why: list
    total: int = 0
    planned: bool = True
    effect_known: bool = True

    def __len__(self):
        return len(self.id)

    @property
    def value(self):
        """What a visit brings."""
        return self.value_visit + self.value_risk

    @property
    def per_minute(self):
        """Worth per minute of detour and time there."""
        return self.worth / np.maximum(self.service + self.detour, 1.0)

    def take(self, rows):
        """Only some rows, in that order."""
        rows = np.asarray(rows, dtype=int)
        columns = {
            name: (
                values[rows]
                if isinstance(values, np.ndarray)
                else [values[row] for row in rows.tolist()]
                if isinstance(values, list)
                else values
            )
            for name, values in vars(self).items()
        }
        return Candidates(**columns)


def gather(request, *, first=(), limit=None):
    """Find the candidates of a trip, best first.

    :param request: a ``TripRequest``
    :param first: ids of accounts that are kept wherever they are and come first
    :param limit: how many are kept; by the number of days if None
    :rtype: Candidates
    """
    first = list(first)
    near = [] if request.chosen_only else _near(request)
    ids = list(dict.fromkeys([*first, *near]))
    found = _columns(request, ids)
    order = np.argsort(-found.per_minute, kind="stable")
    must = np.isin(found.id[order], first)
    order = np.concatenate([order[must], order[~must]])
    keep = limit or KEPT.get(len(request.dates), KEPT_WEEK)
    found.total = len(order)
    return found.take(order[: max(keep, len(first))])


def placeless(request, most=20):
    """Accounts of the rep that have no place on the map: how many, and the largest.

    :return: count, and a list of (id, name)
    """
    domain = _whose(request) & Domain("location_quality", "!=", "given")
    accounts = request.env["territory.account"]
    count = accounts.search_count(domain)
    rows = accounts.search(domain, order="revenue_12m DESC, id", limit=most)
    return count, [(row.id, row.name) for row in rows]


def _whose(request):
    """Accounts a rep may visit: own ones, and those nobody looks after."""
    return Domain("company_id", "=", request.company.id) & (
        Domain("user_id", "=", request.user.id)
        | Domain("user_id", "=", False)
        & (
            Domain("region_id", "=", False)
            | Domain("region_id.user_id", "in", [request.user.id, False])
        )
    )


def _near(request):
    """Ids of accounts within the detour, the most revenue first if they are too many."""
    start, end = request.start.point, request.end.point
    boxes = geo.corridor_boxes(start, end, request.max_detour_km)
    inside = Domain.OR(
        Domain("latitude", ">=", south)
        & Domain("latitude", "<=", north)
        & Domain("longitude", ">=", west)
        & Domain("longitude", "<=", east)
        for west, south, east, north in boxes
    )
    accounts = request.env["territory.account"]
    query = accounts._search(
        _whose(request) & Domain("location_quality", "=", "given") & inside
    )
    names = ("id", "latitude", "longitude", "revenue_12m")
    table = accounts._table
    rows = request.env.execute_query(
        query.select(*(SQL.identifier(table, name) for name in names))
    )
    if not rows:
        return []
    ids, lat, lon, revenue = np.array(rows, dtype=float).T
    here, _detour = geo.corridor(lat, lon, start, end, request.max_detour_km)
    if len(here) > LOOKED_AT:
        most = np.argsort(-np.nan_to_num(revenue[here]), kind="stable")
        here = here[most[:LOOKED_AT]]
    ends = {request.start.account_id, request.end.account_id}
    return [number for number in ids[here].astype(int).tolist() if number not in ends]


def _columns(request, ids):
    """All columns of some accounts, under the reader's rights, in two queries."""
    env, company = request.env, request.company
    accounts = env["territory.account"]
    query = accounts._search(
        Domain("id", "in", ids)
        & Domain("company_id", "=", company.id)
        & Domain("location_quality", "=", "given")
    )
    query.order = SQL.identifier(accounts._table, "id")
    # what the latest plan says of an account that may be read is shown on its card
    line = query.left_join(
        accounts._table, "plan_line_id", "territory_plan_line", "id", "line"
    )

    def own(name):
        return SQL.identifier(accounts._table, name)

    def planned(name):
        return SQL("COALESCE(%s, 0)::float8", SQL.identifier(line, name))

    def number(name):
        return SQL("COALESCE(%s, 0)::float8", own(name))

    rows = env.execute_query(
        query.select(
            own("id"),
            own("name"),
            own("city"),
            own("partner_id"),
            number("latitude"),
            number("longitude"),
            number("hours_per_visit"),
            number("pipeline"),
            number("margin_rate"),
            number("potential_gap"),
            number("churn_money"),
            number("churn_risk"),
            own("segment"),
            own("last_visit_date"),
            own("next_visit_date"),
            number("visits_max"),
            SQL("%s -> 'visits'", own("history")),
            SQL("%s IS NOT NULL", SQL.identifier(line, "id")),
            planned("revenue_expected"),
            planned("elasticity"),
            planned("visits_today"),
            planned("hours_per_visit"),
            planned("drive_hours"),
        )
    )
    names = (
        *("id", "name", "city", "partner", "lat", "lon", "own_hours", "pipeline"),
        *("margin", "gap", "at_risk", "risk", "segment", "last", "next"),
        *("most", "visits", "planned"),
        *("sales", "elasticity", "effort", "hours", "drive"),
    )
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    table = dict(zip(names, columns, strict=True))
    return _worth(request, table)


def _worth(request, table):
    company, size = request.company, len(table["id"])

    def array(name):
        return np.array(table[name], dtype=float)

    lat, lon = array("lat"), array("lon")
    today = company._territory_today()
    month = today.replace(day=1)
    since = np.array(
        [
            (today - day).days if day and day <= today else np.inf
            for day in table["last"]
        ]
    )
    this_month = [bool(day and month <= day <= today) for day in table["last"]]
    sells = visit_value.sells(
        sales=array("sales"),
        effort_now=array("effort"),
        elasticity=array("elasticity"),
        margin_rate=array("margin"),
        visits=_history(table["visits"]),
        this_period=np.array(this_month, dtype=float),
        carry_over=company.territory_carry_over,
        damping=(company.territory_damping_low, company.territory_damping_high),
        pipeline=array("pipeline") / 12,  # as in the month's plan
        prior=Prior(
            mean=company.territory_prior_elasticity, sd=company.territory_prior_sd
        ),
    )
    extra, reach, known = _effects(request, table["segment"])
    at_risk = np.maximum(array("at_risk") * array("margin"), 0.0)
    keeps = visit_value.keeps(at_risk, extra, since, reach_days=reach)
    detour_km = geo.distance_km(*request.start.point, lat, lon)
    detour_km = detour_km + geo.distance_km(lat, lon, *request.end.point)
    detour_km = np.maximum(
        detour_km - geo.distance_km(*request.start.point, *request.end.point), 0.0
    )
    beeline = request.env["territory.travel"]._beeline(company)
    gap = np.maximum(array("gap"), 0.0)
    worth = {
        "value": sells + keeps,
        "potential": gap * np.maximum(array("margin"), 0.0),
        "risk": at_risk,
    }[request.priority]
    return Candidates(
        id=np.array(table["id"], dtype=int),
        name=list(table["name"]),
        city=list(table["city"]),
        latitude=lat,
        longitude=lon,
        detour_km=detour_km * beeline.circuity,
        detour=detour_km * beeline.circuity / beeline.speed_kmh * 60.0,
        service=60.0 * _service(company, table),
        value_visit=sells,
        value_risk=keeps,
        worth=worth,
        potential_gap=gap,
        churn_money=array("at_risk"),
        churn_risk=array("risk"),
        days_since=since,
        partner_id=list(table["partner"]),
        why=_why_not_now(request, table, today, since),
        total=size,
        planned=not size or any(table["planned"]),
        effect_known=known,
    )


def _why_not_now(request, table, today, since):
    """Codes of why an account is not to be visited now; "" for who may be."""
    last = max(request.dates)
    soon = last + timedelta(days=AHEAD)
    reasons = []
    for row, meeting in enumerate(table["next"]):
        most = table["most"][row]
        away = (min(request.dates) - today).days
        if meeting and today <= meeting <= soon:
            reasons.append("planned")
        elif most and since[row] + away < DAYS_A_MONTH / most:
            reasons.append("interval")
        else:
            reasons.append("")
    return reasons


def _service(company, table):
    """Hours at each customer, the drive apart.

    The plan's hours less the driving in them; of an account's own hours, which include
    the drive, the share that the company's usual hours have.
    """
    hours, drive, own = (
        np.array(table[name], dtype=float) for name in ("hours", "drive", "own_hours")
    )
    usual = company.territory_service_hours
    share = min(usual / company.territory_hours_per_visit, 1.0)
    worked_out = np.where((drive > 0) & (hours > drive), hours - drive, usual)
    return np.where(own > 0, own * share, worked_out)


def _history(values):
    """Visits by month, ``(n, MEMORY)``, the last column being last month."""
    found = np.zeros((len(values), MEMORY))
    for row, months in enumerate(values):
        if isinstance(months, list) and months:
            recent = months[-MEMORY:]
            found[row, -len(recent) :] = recent
    return np.maximum(np.nan_to_num(found), 0.0)


def _effects(request, segments):
    """Orders a visit adds by segment, the days it works, and whether that is known."""
    effects = request.env["territory.visit.effect"].search(
        [("company_id", "=", request.company.id), ("status", "=", "scored")]
    )
    known = {effect.segment: effect.extra_orders for effect in effects}
    whole = known.get("all", np.nan)
    extra = np.array([known.get(segment, whole) for segment in segments], dtype=float)
    reach = max((effect.reach for effect in effects), default=0) or 4
    return extra, 7.0 * reach, bool(known)
