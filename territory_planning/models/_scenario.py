"""Between the records of a scenario and the arrays of the engine.

``gather`` reads everything once into plain values, which are kept with the scenario: what
was solved can be seen, and solved again, later. ``ScenarioArrays`` turns them into the
engine's problem. All money is a year's.
"""

from functools import cached_property

import numpy as np

from odoo.exceptions import UserError

from ..engine import alignment, visit_time
from ..engine.calibration import HALF_VISIT
from . import _towns

NOBODY = -1
MONTHS = 12
#: accounts that keep still for a reason, named in a sentence up to so many
NAMED = 5
NUMBERS = (
    "latitude",
    "longitude",
    "revenue_12m",
    "margin_rate",
    "pipeline",
    "hours_per_visit",
    "visits_12m",
    "visits_optimal",
    "potential",
)
OTHERS = (
    "name",
    "city",
    "user_id",
    "partner_id",
    "country_id",
    "zip",
    "region_id",
    "segment",
    "location_quality",
    "plan_line_id",
)


# --------------------------------------------------------------------------- gather
def gather(scenario):
    """Read what a scenario asks for into values that can be kept as JSON.

    :raises UserError: naming what is missing and where to enter it
    """
    reps = _reps(scenario)
    accounts = scenario._accounts()
    rows = accounts.read([*NUMBERS, *OTHERS], load=None)
    lines = _lines(scenario, rows)
    rows, current, left_out = _taking_part(scenario, rows, reps)
    if not rows:
        raise UserError(
            scenario.env._(
                "No account can take part in “%(scenario)s”: %(count)s match its "
                "filter, but none has both a place and a salesperson who is one of "
                "its reps, or none at all. Look at “Accounts” and “Reps”.",
                scenario=scenario.name,
                count=len(accounts),
            )
        )
    company = scenario.company_id
    columns = {name: [row[name] or 0.0 for row in rows] for name in NUMBERS}
    line_of = [lines.get(row["plan_line_id"]) for row in rows]
    visits = [
        max(line and row["visits_optimal"] or row["visits_12m"] / MONTHS, HALF_VISIT)
        for row, line in zip(rows, line_of, strict=True)
    ]
    hours = [
        (line and line["hours_per_visit"])
        or row["hours_per_visit"]
        or company.territory_hours_per_visit
        for row, line in zip(rows, line_of, strict=True)
    ]
    relation = [
        # open deals of a customer, or of a prospect, are as much in the hands of one person
        scenario.relation_loss
        * (max(row["revenue_12m"], 0.0) + row["pipeline"])
        * row["margin_rate"]
        for row in rows
    ]
    inputs = {
        "account": [row["id"] for row in rows],
        "name": [row["name"] or "" for row in rows],
        "city": [row["city"] or "" for row in rows],
        "lat": columns["latitude"],
        "lon": columns["longitude"],
        "visits": visits,
        "hours": hours,
        "revenue": [max(value, 0.0) for value in columns["revenue_12m"]],
        "potential": [max(value, 0.0) for value in columns["potential"]],
        "margin": [
            row["margin_rate"] * (max(row["revenue_12m"], 0.0) + row["pipeline"])
            for row in rows
        ],
        "elasticity": _elasticity(company, line_of, columns["revenue_12m"]),
        "relation": relation,
        "current": current,
        "unit": _units(scenario, rows),
        "locked": _locked(scenario, rows, current),
        "forbidden": _forbidden(scenario, rows, reps),
        "reps": reps,
        "left_out": left_out,
        "settings": _settings(scenario),
    }
    _check_measure(scenario, inputs)
    return inputs


def _settings(scenario):
    company = scenario.company_id
    own = (
        "unit",
        "balance",
        "band",
        "objective",
        "profit_weight",
        "hour_cost",
        "contiguous",
        "max_moves",
        "max_moves_revenue",
        "disruption",
        "seed",
        "time_limit",
    )
    return {
        **{name: scenario[name] for name in own},
        "weights": scenario._index_weights(),
        "service": company.territory_service_hours,
        "speed": company.territory_average_speed,
        "circuity": company.territory_circuity,
        "day": company.territory_day_hours,
    }


def _reps(scenario):
    """The reps as plain values; one without home or hours is named."""
    env = scenario.env
    reps = []
    if not scenario.rep_ids.filtered(lambda rep: not rep.leaving):
        raise UserError(
            env._(
                "“%(scenario)s” has nobody to look after the accounts. Enter those who "
                "stay or come under “Reps”.",
                scenario=scenario.name,
            )
        )
    for rep in scenario.rep_ids:
        _check_rep(scenario, rep)
        placed = bool(rep.home_latitude or rep.home_longitude)
        reps.append(
            {
                "id": rep.id,
                "user": rep.user_id.id or 0,
                "name": rep.name,
                "leaving": rep.leaving,
                "hours": 0.0 if rep.leaving else rep.hours,
                # who is still to be hired has none today
                "hours_today": rep.hours if rep.user_id else 0.0,
                # whoever is still to be hired may live where it is best
                "homeless": not (placed or rep.user_id or rep.leaving),
                "lat": rep.home_latitude if placed else None,
                "lon": rep.home_longitude if placed else None,
                "langs": rep.lang_ids.mapped("code"),
                "skills": rep.skill_tag_ids.ids,
                "never": rep.forbidden_account_ids.ids,
            }
        )
    return reps


def _check_rep(scenario, rep):
    env = scenario.env
    if rep.leaving:
        return
    if rep.user_id and not rep.user_id.active:
        raise UserError(
            env._(
                "%(rep)s is archived. Tick “Leaving” for %(rep)s under “Reps”, or remove "
                "the line; then solve again.",
                rep=rep.name,
            )
        )
    if not rep.home_latitude and not rep.home_longitude:
        if rep.home_name:
            lat, lon, how = _towns.locate(
                scenario.company_id, [(False, False, rep.home_name)]
            )
            if how[0]:
                rep.sudo().write(  # sudo: the setup is closed while it is solved
                    {"home_latitude": lat[0], "home_longitude": lon[0]}
                )
                return
        elif not rep.user_id:
            return  # the best town is looked for
        raise UserError(
            env._(
                "%(rep)s has no home in “%(scenario)s”. Enter the town, or latitude and "
                "longitude, under “Reps”; for good under Sales Teams.",
                rep=rep.name,
                scenario=scenario.name,
            )
        )
    if rep.hours <= 0:
        raise UserError(
            env._(
                "%(rep)s has 0 visiting hours a month in “%(scenario)s”. Enter them "
                "under “Reps”, or tick “Leaving”.",
                rep=rep.name,
                scenario=scenario.name,
            )
        )


def _taking_part(scenario, rows, reps):
    """Rows that take part, their rep's index, and how many do not, by reason."""
    index = {rep["user"]: number for number, rep in enumerate(reps) if rep["user"]}
    users = scenario.env["res.users"].browse(
        {row["user_id"] for row in rows if row["user_id"]}
    )
    working = set(users.filtered("active").ids)
    kept, current = [], []
    left_out = {"no_place": [], "other_rep": []}
    for row in rows:
        user = row["user_id"]
        if row["location_quality"] != "given":
            left_out["no_place"].append(row["id"])
        elif user in index or user not in working:  # who has left looks after nobody
            kept.append(row)
            current.append(index.get(user, NOBODY))
        else:
            left_out["other_rep"].append(row["id"])
    return kept, current, left_out


def _lines(scenario, rows):
    """What the latest plan knows of the accounts, by line."""
    ids = [row["plan_line_id"] for row in rows if row["plan_line_id"]]
    lines = scenario.env["territory.plan.line"].browse(ids)
    return {line["id"]: line for line in lines.read(["hours_per_visit", "elasticity"])}


def _elasticity(company, line_of, revenue):
    """One elasticity for all: that of the plan's lines, weighted by revenue."""
    pairs = [
        (line["elasticity"], max(amount, 0.0))
        for line, amount in zip(line_of, revenue, strict=True)
        if line and line["elasticity"] > 0
    ]
    weight = sum(amount for _value, amount in pairs)
    if weight <= 0:
        return company.territory_prior_elasticity
    mean = sum(value * amount for value, amount in pairs) / weight
    return min(max(mean, 0.05), 0.9)


def _units(scenario, rows):
    """For each account the number of the unit it moves with."""
    if scenario.unit == "account":
        return list(range(len(rows)))
    keys = {}
    unit = []
    for row in rows:
        if scenario.unit == "region":
            key = row["region_id"]
        else:
            code = "".join((row["zip"] or "").split()).upper()
            key = code and (row["country_id"], code[: scenario.zip_digits])
        # an account of no area is one of its own
        unit.append(keys.setdefault(key or ("alone", row["id"]), len(keys)))
    return unit


def _locked(scenario, rows, current):
    """Indices of accounts that stay with whoever looks after them."""
    chosen = set(scenario.lock_account_ids.ids)
    return [
        number
        for number, row in enumerate(rows)
        if current[number] != NOBODY
        and (
            row["id"] in chosen
            or (scenario.lock_key_accounts and row["segment"] == "a")
            or (scenario.lock_visits and row["visits_12m"] >= scenario.lock_visits)
        )
    ]


def _forbidden(scenario, rows, reps):
    """For each rep the indices of accounts the rep may not look after."""
    env = scenario.env
    partners = env["res.partner"].browse([row["partner_id"] for row in rows])
    tags = {tag for rep in reps for tag in rep["skills"]}
    needed = {}
    if tags:
        tagged = partners.search(
            [("id", "in", partners.ids), ("category_id", "in", list(tags))]
        )
        needed = {p.id: tags & set(p.category_id.ids) for p in tagged}
    langs = {}
    if any(rep["langs"] for rep in reps):
        langs = {p["id"]: p["lang"] for p in partners.read(["lang"], load=None)}
    found = []
    for rep in reps:
        never, skills = set(rep["never"]), set(rep["skills"])
        found.append(
            [
                number
                for number, row in enumerate(rows)
                if row["id"] in never
                or needed.get(row["partner_id"], set()) - skills
                or (
                    rep["langs"]
                    and langs.get(row["partner_id"])
                    and langs[row["partner_id"]] not in rep["langs"]
                )
            ]
        )
    return found


def _check_measure(scenario, inputs):
    arrays = ScenarioArrays(inputs)
    if arrays.load.sum() <= 0:
        raise UserError(
            scenario.env._(
                "The accounts of “%(scenario)s” have no %(measure)s at all, so there is "
                "nothing to share out fairly. Choose another measure under “Fair "
                "Shares”, or refresh the figures first.",
                scenario=scenario.name,
                measure=dict(
                    scenario._fields["balance"]._description_selection(scenario.env)
                )[scenario.balance].lower(),
            )
        )


# ------------------------------------------------------------------------- problems
class ScenarioArrays:
    """What was gathered, as the engine wants it: ``n`` accounts, ``k`` reps.

    ``problem`` is what is solved, by unit; ``detail`` the same account by account, for
    figures, reasons and prices.
    """

    def __init__(self, inputs):
        self.inputs = inputs
        self.settings = inputs["settings"]
        self.reps = inputs["reps"]
        for name in ("lat", "lon", "visits", "hours", "revenue", "potential"):
            setattr(self, name, np.array(inputs[name], dtype=float))
        self.relation = np.array(inputs["relation"], dtype=float)
        self.current = np.array(inputs["current"], dtype=int)
        self.unit = np.array(inputs["unit"], dtype=int)
        self.size = len(self.current)

    @cached_property
    def load(self):
        """``(n,)`` in the measure that is balanced; workload in hours a month."""
        measures = {
            "workload": self.visits * self.hours,
            "revenue": self.revenue,
            "potential": self.potential,
            "accounts": np.ones(self.size),
        }
        if self.settings["balance"] != "index":
            return measures[self.settings["balance"]]
        table = np.column_stack(list(measures.values()))
        weights = np.where(table.sum(axis=0) > 0, self.settings["weights"], 0.0)
        if not weights.any():
            return np.zeros(self.size)
        return alignment.index(table, weights)

    @cached_property
    def share(self):
        """``(k,)`` visiting hours of each rep, 0 for who leaves."""
        return np.array([rep["hours"] for rep in self.reps], dtype=float)

    @cached_property
    def hours_today(self):
        """``(k,)`` visiting hours there are today."""
        return np.array([rep["hours_today"] for rep in self.reps], dtype=float)

    @cached_property
    def band(self):
        """Lower and upper load of each rep, ``(k,)`` each."""
        low, high = alignment.band(
            self.load, len(self.reps), self.settings["band"], self.share
        )
        return low.reshape(-1), high.reshape(-1)

    @cached_property
    def drive(self):
        """``(n, k)`` hours of driving that belong to one visit by each rep."""
        return self._drive_from([(rep["lat"], rep["lon"]) for rep in self.reps])

    def _drive_from(self, places):
        """Hours of driving that belong to one visit from each place, ``(n, p)``.

        :param places: latitude and longitude; None where nobody knows: the middle of all
        """
        starts = np.array(
            [[np.nan if end is None else end for end in place] for place in places]
        )
        drive, distance = visit_time.from_starts(
            self.lat,
            self.lon,
            self.visits,
            start_lat=starts[:, 0],
            start_lon=starts[:, 1],
            service=self.settings["service"],
            speed=self.settings["speed"],
            circuity=self.settings["circuity"],
            day=self.settings["day"],
        )
        # farther than the longest tour: there and back for it alone
        alone = 2 * distance * self.settings["circuity"] / self.settings["speed"]
        return np.where(np.isfinite(drive), drive, alone)

    @cached_property
    def travel(self):
        """``(n, k)`` hours of driving a year."""
        return self.drive * (self.visits * MONTHS)[:, None]

    def travel_from(self, places):
        """``(n, p)`` hours of driving a year from other places."""
        return self._drive_from(places) * (self.visits * MONTHS)[:, None]

    @cached_property
    def _weights(self):
        """Of travel and contribution; each counts once where both count alike."""
        share = {"travel": 0.0, "profit": 1.0, "mix": self.settings["profit_weight"]}
        profit = share[self.settings["objective"]]
        if profit in (0.0, 1.0):
            return 1.0 - profit, profit
        return 2 * (1 - profit), 2 * profit

    @cached_property
    def _size_of_profit(self):
        """``(n,)`` contribution a year at one hour a month with the customer."""
        hours = np.maximum(self.visits * self.settings["service"], 1e-6)
        margin = np.maximum(np.array(self.inputs["margin"], dtype=float), 0.0)
        return margin / hours ** self.inputs["elasticity"]

    def costa_for(self, hours):
        """What territories earn with so many hours of each rep ``(k,)`` a month."""
        return alignment.Costa(
            size=self._size_of_profit,
            elasticity=self.inputs["elasticity"],
            hours=hours,
            travel_ratio=self.drive / self.settings["service"],
        )

    @cached_property
    def _forbidden(self):
        forbidden = np.zeros((self.size, len(self.reps)), dtype=bool)
        for number, rows in enumerate(self.inputs["forbidden"]):
            forbidden[rows, number] = True
        return forbidden

    @cached_property
    def _locked(self):
        locked = np.zeros(self.size, dtype=bool)
        locked[self.inputs["locked"]] = True
        return locked

    def _limits(self):
        low, high = self.band
        return {
            "lower": low,
            "upper": high,
            "max_moves": self.settings["max_moves"] or None,
            "max_revenue": self.settings["max_moves_revenue"] or None,
            "disruption": self.settings["disruption"],
            "travel_weight": self._weights[0],
            "profit_weight": self._weights[1],
        }

    @cached_property
    def detail(self):
        """The problem account by account."""
        return alignment.Problem(
            load=self.load,
            cost=self.travel * self.settings["hour_cost"],
            lat=self.lat,
            lon=self.lon,
            current=self.current,
            handover_cost=self.relation,
            locked=self._locked,
            forbidden=self._forbidden,
            revenue=self.revenue,
            contiguous=self.settings["contiguous"],
            profit=self.costa_for(self.share) if self._weights[1] else None,
            **self._limits(),
        )

    @cached_property
    def problem(self):
        """The problem that is solved: accounts, or areas that move as a whole."""
        if self.settings["unit"] == "account":
            return self.detail
        return self._by_area()

    def _by_area(self):
        unit, k = self.unit, len(self.reps)
        count = int(unit.max()) + 1

        def total(values):
            return np.bincount(unit, weights=values, minlength=count)

        def table(values):
            return np.column_stack([total(column) for column in values.T])

        held = np.zeros((count, k))
        known = self.current >= 0
        np.add.at(held, (unit[known], self.current[known]), self.load[known] + 1e-9)
        current = np.where(held.any(axis=1), held.argmax(axis=1), NOBODY)
        # An area that several reps share is the largest one's; what the others' accounts
        # cost to hand over belongs to each rep's own cost.
        minor = known & (self.current != current[unit])
        cost = table(self.travel) * self.settings["hour_cost"]
        travel_weight = self._weights[0] or 1.0
        extra = np.zeros((count, k))
        relation = np.where(minor, self.relation, 0.0) * self.settings["disruption"]
        np.add.at(extra, unit[minor], relation[minor, None])
        np.subtract.at(extra, (unit[minor], self.current[minor]), relation[minor])
        locked = total(self._locked) > 0
        weight = np.maximum(self.load, 1e-9)
        return alignment.Problem(
            load=total(self.load),
            cost=self._weights[0] * cost / travel_weight + extra / travel_weight,
            lat=total(self.lat * weight) / total(weight),
            lon=total(self.lon * weight) / total(weight),
            current=current,
            handover_cost=total(np.where(known & ~minor, self.relation, 0.0)),
            locked=locked & (current >= 0),
            forbidden=table(self._forbidden.astype(float)) > 0,
            revenue=total(np.where(known, self.revenue, 0.0)),
            contiguous=self.settings["contiguous"],
            profit=self._costa_by_area(table, total) if self._weights[1] else None,
            **{**self._limits(), "travel_weight": travel_weight},
        )

    def _costa_by_area(self, table, total):
        """One size and ratio for each area that attract what its accounts do together."""
        b = self.inputs["elasticity"]
        power = 1 / (1 - b)
        scale = max(self._size_of_profit.max(initial=0.0), 1e-300)
        single = (self._size_of_profit / scale) ** power
        ratio = self.drive / self.settings["service"]
        there = table(single[:, None] * (1 + ratio) ** (-b * power))
        size = total(single)
        with np.errstate(divide="ignore", invalid="ignore"):
            together = (size[:, None] / there) ** ((1 - b) / b) - 1
        return alignment.Costa(
            size=scale * size ** (1 - b),
            elasticity=b,
            hours=self.share,
            travel_ratio=np.where(there > 0, np.maximum(together, 0.0), 0.0),
        )

    # -------------------------------------------------------------------- answers
    def expand(self, rep_of_unit):
        """The rep of each account, ``(n,)``, from that of each unit."""
        rep = np.asarray(rep_of_unit, dtype=int)
        return rep if self.settings["unit"] == "account" else rep[self.unit]

    def evaluated(self, rep, prices, bound):
        """A plan, solved or changed by hand, with its prices and reasons by account.

        :param prices: ``(k,)`` of one more unit of load at each rep
        """
        rep = np.asarray(rep, dtype=int)
        travel, relation, profit = self.detail.parts(rep)
        return alignment.Alignment(
            problem=self.detail,
            rep=rep,
            travel=travel,
            relation=relation,
            profit=profit,
            bound=bound,
            prices=np.asarray(prices, dtype=float).reshape(len(self.reps), -1),
            disconnected=np.empty(0, int),
            clashes=(),
        )
