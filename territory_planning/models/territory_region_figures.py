import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import geo, regions
from . import _bulk

LEADERS = "sales_team.group_sale_salesman_all_leads"
# Roads are longer than great circles: the usual factor where no road map says better.
CIRCUITY = 1.3
KM_PER_HOUR = 60.0
# name -> whether the figures of several regions are told apart by their balance
COMPARED = (
    "accounts",
    "hours",
    "revenue",
    "pipeline",
    "travel_km",
    "shadow_price",
)
STORED = {
    "accounts": "figure_accounts",
    "hours": "figure_hours",
    "hours_optimal": "figure_hours_optimal",
    "revenue": "figure_revenue",
    "pipeline": "figure_pipeline",
    "travel_km": "figure_travel_km",
    "capacity": "figure_capacity",
    "shadow_price": "figure_shadow_price",
}


class TerritoryRegion(models.Model):
    """What regions are compared by.

    On the map they are computed as the user may see them; the stored ones, over all
    accounts, are for lists, pivots and graphs of those who lead, and say of when they
    are.
    """

    _inherit = "territory.region"

    currency_id = fields.Many2one(related="company_id.currency_id")
    figures_date = fields.Datetime(
        string="Figures As Of", readonly=True, copy=False, groups=LEADERS
    )
    figure_accounts = fields.Integer(
        string="Accounts in It",
        readonly=True,
        copy=False,
        groups=LEADERS,
        help="Without those of its parts, as all figures here: each account counts once.",
    )
    figure_hours = fields.Float(
        string="Workload (Hours a Month)",
        readonly=True,
        copy=False,
        groups=LEADERS,
        help="Today's visits a month times the hours each takes.",
    )
    figure_hours_optimal = fields.Float(
        string="Workload, Optimal (Hours a Month)",
        readonly=True,
        copy=False,
        groups=LEADERS,
    )
    figure_capacity = fields.Float(
        string="Hours Available",
        readonly=True,
        copy=False,
        groups=LEADERS,
        help="The reps' visiting hours a month of the latest plan; those of a rep in "
        "several regions are shared as the plan shares them.",
    )
    figure_revenue = fields.Monetary(
        string="Revenue, 12 Months", readonly=True, copy=False, groups=LEADERS
    )
    figure_pipeline = fields.Monetary(
        string="Weighted Pipeline",
        readonly=True,
        copy=False,
        groups=LEADERS,
        help="Expected revenue of open leads times their probability.",
    )
    figure_travel_km = fields.Float(
        string="Travel (km a Month)",
        readonly=True,
        copy=False,
        groups=LEADERS,
        help="From the reps' starts to each account and back for each of today's "
        "visits: great circle times 1.3. Less where visits share a trip; accounts "
        "whose rep has no start are left out.",
    )
    figure_shadow_price = fields.Monetary(
        string="Worth of One More Hour",
        readonly=True,
        copy=False,
        aggregator="avg",
        groups=LEADERS,
        help="Contribution one more visiting hour a month would bring, in the latest "
        "plan, over the region's reps by their hours.",
    )

    # ---------------------------------------------------------------- computing
    def _figures(self):
        """The figures of these regions over the accounts the user may see.

        One query for each source, however many regions there are: accounts, latest
        plan, homes.

        :return: name -> array ``(n,)`` in the order of the records. NaN where a figure
            is not known: no start for travel, no plan for capacity and shadow price.
        """
        row_of = {region.id: row for row, region in enumerate(self)}
        found = {
            "accounts": np.zeros(len(self)),
            **self._account_figures(row_of),
            **self._plan_figures(row_of),
        }
        return found

    def _account_figures(self, row_of):
        accounts = self.env["territory.account"]
        names = (
            "region_id",
            "user_id",
            "latitude",
            "longitude",
            "revenue_12m",
            "pipeline",
            "visits_today",
            "visits_optimal",
            "hours_per_visit",
        )
        # in an order of their own, so that sums are the same to the last digit
        query = accounts._search([("region_id", "in", self.ids)], order="id")
        rows = []
        if not query.is_empty():
            columns = [SQL.identifier(accounts._table, name) for name in names]
            rows = self.env.execute_query(
                query.select(
                    *columns,
                    SQL(
                        "%s = 'given'",
                        SQL.identifier(accounts._table, "location_quality"),
                    ),
                )
            )
        columns = zip(*rows, strict=True) if rows else [[]] * (len(names) + 1)
        data = dict(zip((*names, "placed"), columns, strict=True))
        region = np.array([row_of[key] for key in data["region_id"]], dtype=int)
        number = {
            name: np.nan_to_num(np.array(data[name], dtype=float)) for name in names[2:]
        }
        usual = np.array([r.company_id.territory_hours_per_visit for r in self])
        hours = number["hours_per_visit"]
        hours = np.where(hours > 0, hours, usual[region] if len(region) else hours)

        def total(values=None):
            return np.bincount(region, values, minlength=len(self)).astype(float)

        return {
            "accounts": total(),
            "revenue": total(number["revenue_12m"]),
            "pipeline": total(number["pipeline"]),
            "hours": total(number["visits_today"] * hours),
            "hours_optimal": total(number["visits_optimal"] * hours),
            "travel_km": self._travel(region, data, number),
        }

    def _travel(self, region, data, number):
        """km a month between homes and accounts; NaN where no home is known."""
        homes = self._homes()
        owner = [r.user_id.id for r in self]
        rep = [
            user or owner[row]
            for user, row in zip(data["user_id"], region.tolist(), strict=True)
        ]
        nowhere = (np.nan, np.nan)
        home = np.array([homes.get(user, nowhere) for user in rep]).reshape(-1, 2)
        placed = np.array(data["placed"], dtype=bool)
        known = placed & np.isfinite(home[:, 0])
        lat, lon = number["latitude"][known], number["longitude"][known]
        km = geo.distance_km(home[known, 0], home[known, 1], lat, lon)
        km = 2 * CIRCUITY * km * number["visits_today"][known]
        total = np.bincount(region[known], km, minlength=len(self)).astype(float)
        some = np.bincount(region[known], minlength=len(self))
        return np.where(some > 0, total, np.nan)

    def _homes(self):
        """user id -> (latitude, longitude) of where the user's days begin."""
        domain = [("territory_start_latitude", "!=", 0)]
        if not self.env.user.has_group(LEADERS):
            # Where others live must not be worked out from their kilometres.
            domain.append(("user_id", "=", self.env.uid))
        # sudo: starts are closed to reps, who get sums of their own drives only
        members = self.env["crm.team.member"].sudo().search(domain)
        return {
            member.user_id.id: (
                member.territory_start_latitude,
                member.territory_start_longitude,
            )
            for member in members
        }

    def _plan_figures(self, row_of):
        """Hours available and the worth of one more, of each region's latest plan."""
        capacity = np.full(len(self), np.nan)
        price = np.full(len(self), np.nan)
        groups = self.env["territory.plan.region"]._read_group(
            [("region_id", "in", self.ids), ("plan_id.computed_on", "!=", False)],
            ["region_id", "plan_id", "user_id"],
            ["date_from:max", "hours_capacity:sum", "shadow_price:max"],
        )
        latest = {}
        for region, _plan, _user, date, *_values in groups:
            latest[region.id] = max(date, latest.get(region.id, date))
        hours, worth = {}, {}
        for region, _plan, user, date, available, value in groups:
            if date == latest[region.id] and user:
                hours[region.id] = hours.get(region.id, 0.0) + available
                weight = max(available, 1e-9)
                worth.setdefault(region.id, []).append((weight, value))
        for key, available in hours.items():
            capacity[row_of[key]] = available
            weights, values = zip(*worth[key], strict=True)
            price[row_of[key]] = np.average(values, weights=weights)
        return {"capacity": capacity, "shadow_price": price}

    # ------------------------------------------------------------------ storing
    @api.model
    def _store_figures(self, company):
        """Keep the figures of a company's regions for lists and pivots.

        :return: how many regions have figures now
        """
        # sudo: the stored figures are over all accounts and closed to reps by field
        found = self.sudo()._in_force(company)
        if not found:
            return 0
        figures = found._figures()
        columns = {field: figures[name] for name, field in STORED.items()}
        columns["figure_accounts"] = figures["accounts"].astype(int)
        columns["figures_date"] = [fields.Datetime.now()] * len(found)
        _bulk.update(self, found.ids, columns)
        return len(found)

    # ---------------------------------------------------------------- comparing
    @api.model
    @api.readonly
    def get_comparison(self):
        """Regions side by side, over the accounts the user may see.

        A region's figures include those of its parts; how even they are is said of
        the regions without parts, so that nothing counts twice.

        :return: dict of ``regions`` (id, name, rep, number of parts, and each figure or None),
            ``figures`` (name, label, unit, help), ``balance`` (figure -> a sentence),
            ``currency_id``, ``as_of``, ``own_only``
        """
        self.browse().check_access("read")
        company = self.env.company
        found = self._in_force(company).sorted("complete_name")
        own = found._figures()
        figures, parts = found._figures_with_parts(own)
        # Each account once: a region is told apart from others without parts.
        single = found.browse(
            key for key, count in zip(found.ids, parts, strict=True) if not count
        )
        (as_of,) = self.env["territory.account"]._read_group(
            [("company_id", "=", company.id)], [], ["data_date:min"]
        )[0]
        plain = {
            name: [None if value != value else value for value in values.tolist()]
            for name, values in figures.items()
        }
        return {
            "regions": [
                {
                    "id": region.id,
                    "name": region.name,
                    "complete_name": region.complete_name,
                    "rep": region.user_id.name or "",
                    "parts": int(parts[row]),
                    **{name: values[row] for name, values in plain.items()},
                }
                for row, region in enumerate(found)
            ],
            "figures": self._compared_figures(),
            "balance": {
                name: single._balance_sentence(own[name][parts == 0])
                for name in COMPARED
                if name != "shadow_price"
            },
            "currency_id": company.currency_id.id,
            "as_of": as_of and fields.Datetime.to_string(as_of),
            "own_only": not self.env.user.has_group(LEADERS),
        }

    def _compared_figures(self):
        units = {"hours": "h", "travel_km": "km"}
        money = ("revenue", "pipeline", "shadow_price")
        answer = []
        for name in COMPARED:
            # the field's text, not its values: those are closed to reps
            field = self._fields[STORED[name]]
            answer.append(
                {
                    "name": name,
                    "label": field._description_string(self.env),
                    "help": field._description_help(self.env) or "",
                    "unit": "money" if name in money else units.get(name, ""),
                    # a price of an hour is not to be divided by hours again
                    "per_hour": name != "shadow_price",
                }
            )
        return answer

    def _balance_sentence(self, values):
        """How evenly a figure is spread, in words."""
        told = regions.balance(values)
        if told["cv"] is None:
            return ""
        cv = round(told["cv"] * 100)
        if cv < 15:
            sentence = self.env._("Evenly spread: regions differ by ±%s %%.", cv)
        elif cv < 40:
            sentence = self.env._("Somewhat uneven: regions differ by ±%s %%.", cv)
        else:
            sentence = self.env._("Very uneven: regions differ by ±%s %%.", cv)
        for side, text in (
            ("high", self.env._("Far above the others")),
            ("low", self.env._("Far below the others")),
        ):
            if rows := told[side]:
                names = [self._outlier(row, values, told) for row in rows[:5]]
                sentence += f" {text}: {', '.join(names)}."
        return sentence

    def _outlier(self, row, values, told):
        """A region with how far it is from the middle, which outliers do not move."""
        name = self[row].name
        if not told["median"]:
            return name
        return self.env._(
            "%(region)s (%(share)s × the median)",
            region=name,
            share=f"{values[row] / told['median']:.1f}",
        )
