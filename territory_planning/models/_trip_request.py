"""What is asked of a trip, made safe: whose, from where to where, when, how far off."""

import math
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo.exceptions import UserError

from . import _client_values as client
from .res_company import LEADERS

#: days of one trip, accounts named in one request
MOST_DAYS, MOST_NAMED = 14, 200
PRIORITIES = ("value", "potential", "risk")
NIGHTS = ("home", "out")
#: lunch begins between these hours of the day
LUNCH = (11.5, 13.5)


@dataclass(frozen=True)
class Place:
    """Somewhere on earth, with the name people know it by."""

    name: str
    latitude: float
    longitude: float
    account_id: int | None = None

    @property
    def point(self):
        """Latitude and longitude."""
        return self.latitude, self.longitude


@dataclass
class TripRequest:
    """What a trip is planned from; times of day are hours in ``tz``."""

    company: object
    user: object
    start: Place
    end: Place
    home: Place | None
    dates: list[date]
    tz: str
    hour_from: float = 8.0
    hour_to: float = 17.0
    lunch_minutes: int = 30
    night: str = "home"
    priority: str = "value"
    max_detour_km: float = 30.0
    must: list[int] = field(default_factory=list)
    without: list[int] = field(default_factory=list)
    chosen_only: bool = False
    round_trip: bool = True
    #: accounts that come before all others, wherever they are: agreed for the month
    first: list[int] = field(default_factory=list)

    @property
    def env(self):
        """That of whoever asks."""
        return self.company.env


def clean(env, data):
    """Make a request from what a browser sends.

    :raises UserError: naming what is wrong and what to do
    :rtype: TripRequest
    """
    data = client.mapping(env, data, env._("Trip"))
    company = _company(env, data.get("company_id"))
    user = _user(env, company, data.get("user_id"))
    home = home_of(company, user)
    start = _place(env, company, data.get("start") or {"kind": "home"}, user, home)
    back = data.get("end") or {"kind": "back"}
    round_trip = isinstance(back, dict) and back.get("kind") == "back"
    end = start if round_trip else _place(env, company, back, user, home, end=True)
    hour_from, hour_to = _hours(env, data)
    return TripRequest(
        company=company,
        user=user,
        start=start,
        end=end,
        home=home,
        dates=_dates(env, data),
        tz=user.tz or company._territory_timezone(),
        hour_from=hour_from,
        hour_to=hour_to,
        lunch_minutes=int(
            client.number(
                env, data.get("lunch_minutes", 30), env._("Lunch Break"), 0, 240
            )
        ),
        night=client.choice(env, data.get("night", "home"), env._("Nights"), NIGHTS),
        priority=client.choice(
            env, data.get("priority", "value"), env._("Worth by"), PRIORITIES
        ),
        max_detour_km=client.number(
            env, data.get("max_detour_km", 30), env._("Detour, at Most"), 0, 1000
        ),
        must=_accounts(env, data.get("must"), env._("Must be visited")),
        without=_accounts(env, data.get("without"), env._("Left out")),
        chosen_only=bool(data.get("chosen_only") is True),
        round_trip=round_trip,
    )


def home_of(company, user):
    """Where a rep's days begin, or None: of the teams of this company."""
    # sudo: where a rep lives is closed to other reps; whoever plans a rep's trip
    # (the rep, or a leader) may know where it starts
    members = (
        company.env["crm.team.member"]
        .sudo()
        .search(
            [
                ("user_id", "=", user.id),
                ("crm_team_id.company_id", "in", [company.id, False]),
            ],
            order="id",
        )
    )
    for member in members:
        place = member.territory_start_latitude, member.territory_start_longitude
        if place != (0.0, 0.0):
            name = member.territory_start_name or company.env._("Start")
            return Place(name, *place)
    return None


def clock(tz, day, hour):
    """The moment in UTC, without a zone, of an hour of a day in a time zone."""
    hour = min(max(hour, 0.0), 24.0)
    local = datetime.combine(day, time()) + timedelta(minutes=round(hour * 60))
    return local.replace(tzinfo=ZoneInfo(tz)).astimezone(UTC).replace(tzinfo=None)


def hour_of(tz, moment):
    """The hour of the day in a time zone of a moment in UTC."""
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(tz))
    return local.hour + local.minute / 60 + local.second / 3600


def time_text(tz, moment):
    """The time of day in a time zone of a moment in UTC, like 08:45."""
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(tz))
    return f"{local:%H:%M}"


def day_of(tz, moment):
    """The date in a time zone of a moment in UTC."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(tz)).date()


# --------------------------------------------------------------------- parts
def _company(env, value):
    if not value:
        return env.company
    number = client.record_id(env, value, env._("Company"))
    if number not in env.companies.ids:
        raise UserError(
            env._("“Company” is none of yours. Choose one you are working in.")
        )
    return env["res.company"].browse(number)


def _user(env, company, value):
    if not value or value == env.uid:
        return env.user
    number = client.record_id(env, value, env._("Rep"))
    if not env.user.has_group(LEADERS):
        raise UserError(
            env._("“Rep” is somebody else. You can plan trips of your own only.")
        )
    # sudo: which colleagues work for one's own company is no secret to a sales leader
    user = env["res.users"].sudo().search([("id", "=", number)])
    if not user or user.share or company not in user.company_ids:
        raise UserError(
            env._(
                "“Rep” does not work for %(company)s. Choose another one.",
                company=company.display_name,
            )
        )
    return user.sudo(False)


def _place(env, company, data, user, home, end=False):
    label = env._("Ends at") if end else env._("Starts at")
    data = client.mapping(env, data, label)
    kind = client.choice(env, data.get("kind"), label, ("home", "account", "point"))
    if kind == "home":
        if not home:
            raise UserError(
                env._(
                    "Where %(rep)s starts from is not known. Choose a town or an "
                    "account for “%(label)s”, or have “Starts From” entered under "
                    "Sales Teams.",
                    rep=user.name,
                    label=label,
                )
            )
        return home
    if kind == "account":
        number = client.record_id(env, data.get("id"), label)
        account = env["territory.account"].search(
            [("id", "=", number), ("company_id", "=", company.id)]
        )
        if not account:
            raise UserError(
                env._(
                    "“%(label)s” is an account that is gone or not yours. Choose "
                    "another one.",
                    label=label,
                )
            )
        if account.location_quality != "given":
            raise UserError(
                env._(
                    "“%(account)s” has no place on the map, so no trip can go there. "
                    "Fix its address under Places, or choose something else for "
                    "“%(label)s”.",
                    account=account.name,
                    label=label,
                )
            )
        return Place(account.name, account.latitude, account.longitude, account.id)
    name = client.text(env, data.get("name"), label, 200)
    latitude = client.number(env, data.get("lat"), label, -90, 90)
    longitude = client.number(env, data.get("lon"), label, -180, 180)
    return Place(name or f"{latitude:.3f}, {longitude:.3f}", latitude, longitude)


def _dates(env, data):
    first = client.day(env, data.get("date"), env._("First Day"))
    last = data.get("date_end")
    last = client.day(env, last, env._("Last Day")) if last else first
    if last < first:
        raise UserError(
            env._(
                "“Last Day” is before “First Day”. Choose %(first)s or later.",
                first=first,
            )
        )
    count = (last - first).days + 1
    if count > MOST_DAYS:
        raise UserError(
            env._(
                "A trip has %(most)s days at most, and these are %(count)s. Choose an "
                "earlier “Last Day”.",
                most=MOST_DAYS,
                count=count,
            )
        )
    return [first + timedelta(days=number) for number in range(count)]


def _hours(env, data):
    begin = client.number(env, data.get("hour_from", 8), env._("Day Begins"), 0, 24)
    finish = client.number(env, data.get("hour_to", 17), env._("Day Ends"), 0, 24)
    check_hours(env, begin, finish)
    return begin, finish


def check_hours(env, begin, finish):
    """A day ends after it begins, and before midnight.

    :raises UserError: if not
    """
    if not math.isfinite(begin + finish) or finish <= begin:
        raise UserError(
            env._(
                "“Day Ends” is not after “Day Begins”. A day of a trip cannot go past "
                "midnight: end it by 24:00, and go on the next day."
            )
        )


def _accounts(env, value, label):
    return client.record_ids(env, value or [], label, MOST_NAMED)
