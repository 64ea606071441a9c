from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models.res_partner import _tz_get

OPEN = ("draft", "planned")


def time_of_trip(tz, moment, date=False):
    """A moment in UTC as the clock on the trip shows it, with its day if asked."""
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(tz or "UTC"))
    return f"{local:%Y-%m-%d %H:%M}" if date else f"{local:%H:%M}"


class TerritoryTrip(models.Model):
    """A road trip: whom a rep visits, on which day, in which order."""

    _name = "territory.trip"
    _description = "Trip"
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Rep",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        ondelete="restrict",
    )
    date = fields.Date(
        string="First Day", required=True, default=fields.Date.context_today, index=True
    )
    date_end = fields.Date(string="Last Day", help="Empty: a trip of one day.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("planned", "Planned"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    start_place = fields.Char(
        string="Starts At", help="A town or an address. Empty: where the rep starts."
    )
    start_partner_id = fields.Many2one("res.partner", string="Starts At Contact")
    end_place = fields.Char(
        string="Ends At", help="A town or an address. Empty: back at the start."
    )
    end_partner_id = fields.Many2one("res.partner", string="Ends At Contact")
    start_latitude = fields.Float(digits=(10, 7))
    start_longitude = fields.Float(digits=(10, 7))
    end_latitude = fields.Float(digits=(10, 7))
    end_longitude = fields.Float(digits=(10, 7))
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        default=lambda self: self.env.user.tz or self.env.company.partner_id.tz,
        help="Hours of this trip are those of this time zone.",
    )
    hour_from = fields.Float(string="Day Begins", default=8.0)
    hour_to = fields.Float(string="Day Ends", default=17.0)
    lunch_minutes = fields.Integer(string="Lunch Break, Minutes", default=30)
    night = fields.Selection(
        [("home", "Home every night"), ("out", "Nights on the road")],
        string="Nights",
        default="home",
        required=True,
    )
    priority = fields.Selection(
        [
            ("value", "What a visit brings"),
            ("potential", "Potential"),
            ("risk", "Risk of losing them"),
        ],
        string="Worth by",
        default="value",
        required=True,
        help="What decides whom to visit on the way.",
    )
    max_detour_km = fields.Float(string="Detour, at Most (km)", default=30.0)
    day_ids = fields.One2many("territory.trip.day", "trip_id", string="Days")
    stop_ids = fields.One2many("territory.trip.stop", "trip_id", string="Stops")
    currency_id = fields.Many2one(related="company_id.currency_id")
    expected_value = fields.Monetary(
        string="Expected Contribution",
        readonly=True,
        help="What the visits are expected to bring, the way not taken off.",
    )
    distance_km = fields.Float(string="Way, km", readonly=True, digits=(16, 1))
    drive_hours = fields.Float(string="Driving", readonly=True)
    visit_hours = fields.Float(string="With Customers", readonly=True)
    value_per_minute = fields.Float(
        string="Worth of a Minute",
        readonly=True,
        aggregator=None,
        help="What the least worthwhile stop brings per minute it takes: whoever "
        "brings less is not on the trip.",
    )
    gap = fields.Float(
        readonly=True,
        aggregator=None,
        help="At most this share of the value is missing to the best possible trip.",
    )
    travel_source = fields.Char(
        string="Travel Times From", readonly=True, help="Roads, or straight lines ±."
    )
    travel_note = fields.Char(readonly=True, help="What is uncertain about the way.")
    planned_at = fields.Datetime(string="Computed", readonly=True, copy=False)
    left_out = fields.Json(
        readonly=True,
        copy=False,
        help="Who was near and is not on the trip: account, value, detour, why.",
    )
    stop_count = fields.Integer(string="Number of Stops", compute="_compute_stop_count")
    places = fields.Char(
        compute="_compute_places", help="The towns of the stops, in order."
    )
    note = fields.Text()

    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date)",
        "A trip cannot end before it begins: look at “First Day” and “Last Day”.",
    )

    # ---------------------------------------------------------------- computed
    @api.depends("stop_ids")
    def _compute_stop_count(self):
        counts = dict(
            self.env["territory.trip.stop"]._read_group(
                [("trip_id", "in", self.ids)], ["trip_id"], ["__count"]
            )
        )
        for trip in self:
            trip.stop_count = counts.get(trip._origin, 0)

    @api.depends("stop_ids.sequence", "stop_ids.partner_id.city")
    def _compute_places(self):
        for trip in self:
            towns = [city for city in trip.stop_ids.mapped("partner_id.city") if city]
            trip.places = " → ".join(dict.fromkeys(towns))

    def _local_date(self, moment):
        """The day on which a moment in UTC is on this trip."""
        zone = ZoneInfo(self.tz or "UTC")
        return moment.replace(tzinfo=UTC).astimezone(zone).date()

    # ----------------------------------------------------------------- actions
    def action_plan(self):
        """The trip is settled: these stops, on this day."""
        for trip in self:
            if not trip.stop_ids:
                raise UserError(
                    self.env._(
                        "Trip “%(trip)s” has no stops. Add the accounts to visit "
                        "first, from the map or in the list of stops.",
                        trip=trip.name,
                    )
                )
        self.state = "planned"

    def action_done(self):
        self.state = "done"

    def action_cancel(self):
        self.state = "cancelled"

    def action_draft(self):
        self.state = "draft"

    # ------------------------------------------------------------------- stops
    def _add_accounts(self, accounts):
        """Put accounts at the end of the trip, each once.

        :return: the stops that are new; accounts that were there already have none
        """
        self.ensure_one()
        if self.state not in OPEN:
            raise UserError(
                self.env._(
                    "Trip “%(trip)s” is over. Choose an open one, or a new one.",
                    trip=self.name,
                )
            )
        foreign = accounts.filtered(lambda a: a.company_id != self.company_id)
        if foreign:
            raise UserError(
                self.env._(
                    "Trip “%(trip)s” is one of %(company)s, but %(account)s belongs "
                    "to %(owner)s.",
                    trip=self.name,
                    company=self.company_id.display_name,
                    account=foreign[0].display_name,
                    owner=foreign[0].company_id.display_name,
                )
            )
        new = accounts.filtered(
            lambda account: account.partner_id not in self.stop_ids.partner_id
        )
        last = max(self.stop_ids.mapped("sequence"), default=0)
        return self.env["territory.trip.stop"].create(
            [
                {
                    "trip_id": self.id,
                    "account_id": account.id,
                    "sequence": last + rank,
                }
                for rank, account in enumerate(new, 1)
            ]
        )
