from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from . import _client_values as client
from . import _trip_request as requests
from ._week_balance import balance
from .res_company import LEADERS

#: reps planned at once
MOST_REPS = 200
#: how far off home a week's customers may be, as the crow flies and back
REACH_KM = 300.0
WORKDAYS = 5


class TerritoryTripWeek(models.Model):
    """One rep's week: where they are heading and why, and what the week before brought.

    Planned in the background, rep after rep, each with the rep's own rights, so that no
    customer is on two trips. On Monday the team leader goes through these rows.
    """

    _name = "territory.trip.week"
    _description = "Week of a Rep"
    _order = "date desc, user_id"
    _rec_name = "user_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Rep",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date = fields.Date(string="Week Of", required=True, readonly=True, index=True)
    state = fields.Selection(
        [
            ("waiting", "Being planned"),
            ("planned", "Planned"),
            ("failed", "Not planned"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    error = fields.Char(
        string="Why Not", readonly=True, help="Why there is no plan of this week."
    )
    trip_id = fields.Many2one(
        "territory.trip",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    trip_state = fields.Selection(related="trip_id.state", string="State of the Trip")
    places = fields.Char(related="trip_id.places", string="Heading")
    stop_count = fields.Integer(related="trip_id.stop_count", string="Stops")
    expected_value = fields.Monetary(related="trip_id.expected_value")
    distance_km = fields.Float(related="trip_id.distance_km")
    drive_hours = fields.Float(related="trip_id.drive_hours")
    why = fields.Char(compute="_compute_why", help="The stops that bring most.")
    planned_visits = fields.Integer(
        string="Planned, Last Week",
        compute="_compute_last_week",
        help="Stops of trips that were visited in the week before.",
    )
    dropped_visits = fields.Integer(
        string="Dropped, Last Week",
        compute="_compute_last_week",
        help="Stops of accepted trips that were not visited in the week before.",
    )
    reactive_visits = fields.Integer(
        string="Other Visits, Last Week",
        compute="_compute_last_week",
        help="Visits in the week before that were on no trip.",
    )
    expected_before = fields.Monetary(
        string="Expected of Them",
        compute="_compute_last_week",
        help="What the visited stops were expected to bring, in the long run.",
    )
    brought = fields.Monetary(
        string="Orders Since",
        compute="_compute_last_week",
        help="Confirmed orders of the customers visited in the week before, from then "
        "until today. Not all of them are there because of the visit.",
    )

    _one_per_rep = models.Constraint(
        "UNIQUE (company_id, user_id, date)", "A rep has each week only once."
    )

    # ---------------------------------------------------------------- computed
    @api.depends("trip_id.stop_ids.value", "trip_id.stop_ids.partner_id")
    def _compute_why(self):
        for week in self:
            stops = week.trip_id.stop_ids.sorted("value", reverse=True)[:3]
            week.why = "; ".join(
                f"{stop.partner_id.display_name}: {stop.reason or ''}" for stop in stops
            )

    @api.depends("date", "user_id")
    def _compute_last_week(self):
        for (company, date), weeks in self.grouped(
            lambda week: (week.company_id, week.date)
        ).items():
            found = balance(
                company, weeks.user_id, fields.Date.add(date, days=-7), date
            )
            for week in weeks:
                week.update(found[week.user_id.id])

    # ------------------------------------------------------------------ asked for
    @api.model
    def plan_week(self, date=False, user_ids=False):
        """Have weeks planned in the background.

        :param date: a day of the week; the coming one from Friday on, else the current
        :param user_ids: whose; oneself if empty. Only leaders may plan others'.
        :return: an action that shows the weeks
        :raises UserError: naming what is wrong
        """
        self.check_access("read")
        company = self.env.company
        monday = self._monday(company, date)
        users = self._reps(company, user_ids)
        # sudo: rows are results of a computation, which nobody types in; whose they may
        # be was checked
        rows = self.sudo()
        known = rows.search(
            [
                ("company_id", "=", company.id),
                ("date", "=", monday),
                ("user_id", "in", users.ids),
            ]
        )
        known.write({"state": "waiting", "error": False})
        rows.create(
            [
                {"company_id": company.id, "user_id": user.id, "date": monday}
                for user in users - known.user_id
            ]
        )
        self.env["territory.run"]._start("week", company)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "territory_planning.territory_trip_week_action"
        )
        return {**action, "target": "main"}

    def action_plan_mine(self):
        """The button of a rep: plan my week."""
        return self.plan_week()

    def action_plan_team(self):
        """The button of a leader: the weeks of everybody who has customers and a start."""
        if not self.env.user.has_group(LEADERS):
            raise UserError(self.env._("You can plan your own week only."))
        members = self.env["crm.team.member"].search(
            [
                ("crm_team_id.company_id", "in", [self.env.company.id, False]),
                "|",
                ("territory_start_latitude", "!=", 0),
                ("territory_start_longitude", "!=", 0),
            ]
        )
        if not members:
            raise UserError(
                self.env._(
                    "No rep has a start. Enter “Starts From” under Sales Teams first."
                )
            )
        return self.plan_week(user_ids=members.user_id.ids[:MOST_REPS])

    def action_open_trip(self):
        self.ensure_one()
        if not self.trip_id:
            raise UserError(
                self.env._(
                    "There is no trip in this week yet. %(why)s", why=self.error or ""
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "territory.trip",
            "res_id": self.trip_id.id,
            "views": [(False, "form")],
        }

    @api.model
    def _monday(self, company, date):
        today = company._territory_today()
        if date:
            today = client.day(self.env, date, self.env._("Week Of"))
        elif today.weekday() >= 4:
            today += timedelta(days=7)
        return today - timedelta(days=today.weekday())

    @api.model
    def _reps(self, company, user_ids):
        if not user_ids or user_ids == [self.env.uid]:
            return self.env.user
        ids = client.record_ids(self.env, user_ids, self.env._("Reps"), MOST_REPS)
        if not self.env.user.has_group(LEADERS):
            raise UserError(self.env._("You can plan your own week only."))
        users = self.env["res.users"].search(
            [
                ("id", "in", ids),
                ("share", "=", False),
                ("company_ids", "in", company.ids),
            ]
        )
        if len(users) < len(ids):
            raise UserError(
                self.env._(
                    "%(count)s of the reps do not work for %(company)s. Choose again.",
                    count=len(ids) - len(users),
                    company=company.display_name,
                )
            )
        return users

    # ------------------------------------------------------------------- planning
    @api.model
    def _plan_next(self, company):
        """Plan the next week that waits; whether there are more.

        A week that cannot be planned says why and is no trouble to the others.
        """
        waiting = self.search(
            [("company_id", "=", company.id), ("state", "=", "waiting")],
            order="date, id",
        )
        week = waiting[:1]
        if not week:
            return False
        try:
            with self.env.cr.savepoint():
                trip = week._plan()
                week.write({"state": "planned", "trip_id": trip.id, "error": False})
        except UserError as error:
            week.write({"state": "failed", "error": str(error)})
        return len(waiting) > 1

    def _plan(self):
        """Plan the week as the rep would, with the rep's rights."""
        self.ensure_one()
        company, user = self.company_id, self.user_id
        trips = (
            self.env["territory.trip"]
            .with_user(user)
            .with_company(company)
            .with_context(allowed_company_ids=company.ids, lang=user.lang)
        )
        company, user = company.with_env(trips.env), user.with_env(trips.env)
        home = requests.home_of(company, user)
        if not home:
            raise UserError(
                self.env._(
                    "Where %(rep)s starts from is not known. Enter “Starts From” under "
                    "Sales Teams.",
                    rep=user.name,
                )
            )
        trip = trips.browse(self.trip_id.id if self.trip_id.state == "draft" else [])
        dates = self._free_dates(trips, user, trip)
        usual = trips.search(
            [("user_id", "=", user.id), ("id", "not in", trip.ids)], limit=1
        )
        defaults = trips.default_get(["hour_from", "hour_to", "lunch_minutes"])
        hours = usual.read(list(defaults))[0] if usual else defaults
        request = requests.TripRequest(
            company=company,
            user=user,
            start=home,
            end=home,
            home=home,
            dates=dates,
            tz=user.tz or company._territory_timezone(),
            hour_from=hours["hour_from"],
            hour_to=hours["hour_to"],
            lunch_minutes=hours["lunch_minutes"],
            max_detour_km=REACH_KM,
            first=trips._agreed_accounts(company, dates[0]),
        )
        planned = trip._plan(request)
        if not trip:
            planned.name = self.env._("Week of %(date)s", date=self.date)
        return planned

    def _free_dates(self, trips, user, but):
        """The working days on which the rep is on no accepted trip, from today on."""
        today = self.company_id._territory_today()
        dates = [fields.Date.add(self.date, days=day) for day in range(WORKDAYS)]
        dates = [day for day in dates if day >= today]
        days = trips.env["territory.trip.day"].search(
            [
                ("user_id", "=", user.id),
                ("date", "in", dates),
                ("trip_id.state", "in", ["planned", "done"]),
                ("trip_id", "not in", but.ids),
            ]
        )
        taken = set(days.mapped("date"))
        dates = [day for day in dates if day not in taken]
        if not dates:
            raise UserError(
                self.env._(
                    "Every day left of this week has an accepted trip, or is over."
                )
            )
        return dates
