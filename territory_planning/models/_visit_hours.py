"""Hours per visit: an account's own, worked out from places, or the company's usual."""

import numpy as np

from ..engine import visit_time

#: months whose visits say where the tours go
RECENT = 12


def gather(company, table, visits, group, reps, capacity):
    """Return hours per visit and the share of driving in them, ``(n,)`` each.

    An account's own figure counts as it is, the drive included. Else, where the company
    wants it, the account has a place and somebody looks after it: time at the customer
    and a share of the driving of that rep's tours. Else the company's usual time. The
    share is 0 where it was not worked out.

    :param table: columns of the accounts; ``visits (n, t)`` per month, oldest first
    :param group: ``(n,)`` index of the rep in ``reps``, −1 for nobody
    :param capacity: ``(g,)`` visiting hours a month of each rep
    """
    own = table["hours_per_visit"]
    usual = np.where(own > 0, own, company.territory_hours_per_visit)
    drive = np.zeros(len(usual))
    if not company.territory_compute_drive or not reps or not len(usual):
        return usual, drive
    latitude, longitude = table["latitude"], table["longitude"]
    # 0, 0 is how an empty place is kept, numbers off the globe how others mark one
    placed = (latitude != 0) | (longitude != 0)
    placed &= (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180)
    effort = visits[:, -RECENT:].mean(axis=1)
    start_lat, start_lon = _starts(company, reps)
    found = visit_time.estimate(
        np.where(placed, latitude, np.nan),
        np.where(placed, longitude, np.nan),
        np.maximum(effort, table["visits_min"]),
        group=group,
        start_lat=start_lat,
        start_lon=start_lon,
        service=company.territory_service_hours,
        fixed=np.where(own > 0, own, np.nan),
        capacity=capacity,
        speed=company.territory_average_speed,
        circuity=company.territory_circuity,
        day=company.territory_day_hours,
    )
    known = np.isfinite(found.drive) & (own <= 0)
    drive = np.where(known, found.drive, 0.0)
    return np.where(known, company.territory_service_hours + drive, usual), drive


def _starts(company, reps):
    """Latitude and longitude each rep starts from, ``(g,)`` each, NaN if not given."""
    # sudo: where a rep lives is closed to other reps, its effect on a plan is not
    rows = (
        company.env["crm.team.member"]
        .sudo()
        .search_fetch(
            [
                ("user_id", "in", reps),
                ("crm_team_id.company_id", "in", [company.id, False]),
            ],
            ["user_id", "territory_start_latitude", "territory_start_longitude"],
            order="id",
        )
    )
    known = {}
    for member in rows:
        place = (member.territory_start_latitude, member.territory_start_longitude)
        if place != (0.0, 0.0):
            known.setdefault(member.user_id.id, place)
    nowhere = (np.nan, np.nan)
    places = np.array([known.get(rep, nowhere) for rep in reps], dtype=float)
    return places[:, 0], places[:, 1]
