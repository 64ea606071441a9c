from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TerritoryTripStop(models.Model):
    """A customer to visit on a trip."""

    _name = "territory.trip.stop"
    _description = "Stop of a Trip"
    _order = "trip_id, sequence, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    trip_id = fields.Many2one(
        "territory.trip", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="trip_id.company_id", store=True, index=True)
    user_id = fields.Many2one(related="trip_id.user_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    account_id = fields.Many2one(
        "territory.account",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="cascade",
    )
    city = fields.Char(related="partner_id.city")
    phone = fields.Char(related="partner_id.phone")
    last_visit_date = fields.Date(related="account_id.last_visit_date")
    note = fields.Char(string="What For")
    # What is planned. Times are stored in UTC and shown in the trip's time zone.
    day_id = fields.Many2one(
        "territory.trip.day", index="btree_not_null", ondelete="set null"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    latitude = fields.Float(digits=(10, 7), readonly=True)
    longitude = fields.Float(digits=(10, 7), readonly=True)
    arrival = fields.Datetime(readonly=True, copy=False)
    departure = fields.Datetime(readonly=True, copy=False)
    service_hours = fields.Float(string="Time There")
    drive_minutes = fields.Float(readonly=True, digits=(16, 1))
    drive_km = fields.Float(readonly=True, digits=(16, 1))
    wait_minutes = fields.Float(readonly=True, digits=(16, 1))
    appointment = fields.Datetime(
        help="A time agreed with the customer: the trip keeps to it."
    )
    opens = fields.Float(string="Open From", help="Hour of the day; 0: any time.")
    closes = fields.Float(string="Open Until", help="Hour of the day; 0: any time.")
    must_visit = fields.Boolean(help="Visited whatever it costs.")
    locked = fields.Boolean(help="Stays on its day and at its place in the order.")
    value = fields.Monetary(
        string="Expected Contribution",
        readonly=True,
        help="What this visit is expected to bring. It is the sum of what the visit "
        "sells and of what it keeps.",
    )
    value_visit = fields.Monetary(string="Sells", readonly=True)
    value_risk = fields.Monetary(string="Keeps", readonly=True)
    detour_minutes = fields.Float(
        readonly=True,
        digits=(16, 1),
        aggregator="sum",
        help="What the trip is longer for this stop, the time there included.",
    )
    value_per_minute = fields.Float(readonly=True, aggregator=None)
    reason = fields.Char(readonly=True, help="Why this stop is on the trip.")
    # What happened
    event_id = fields.Many2one(
        "calendar.event",
        string="Meeting",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("there", "There"),
            ("done", "Done"),
            ("skipped", "Skipped"),
        ],
        default="planned",
        required=True,
        copy=False,
    )
    check_in = fields.Datetime(copy=False)
    check_out = fields.Datetime(copy=False)
    check_in_latitude = fields.Float(digits=(10, 7), copy=False)
    check_in_longitude = fields.Float(digits=(10, 7), copy=False)
    check_in_accuracy = fields.Float(string="Accuracy, m", copy=False, aggregator=None)
    outcome = fields.Selection(
        [
            ("order", "Order"),
            ("promise", "Promise"),
            ("talk", "Good talk"),
            ("nobody", "Nobody there"),
            ("refused", "Not interested"),
        ],
        copy=False,
    )
    outcome_note = fields.Char(copy=False)

    _customer_uniq = models.UniqueIndex(
        "(trip_id, partner_id)", "This customer is on the trip already."
    )

    @api.depends("account_id")
    def _compute_partner_id(self):
        for stop in self:
            stop.partner_id = stop.account_id.partner_id or stop.partner_id

    @api.constrains("account_id", "partner_id")
    def _check_account(self):
        for stop in self.filtered("account_id"):
            if stop.account_id.partner_id != stop.partner_id:
                raise ValidationError(
                    self.env._(
                        "Stop “%(stop)s” of trip “%(trip)s”: “Account” is that of "
                        "another customer, %(account)s.",
                        stop=stop.partner_id.display_name,
                        trip=stop.trip_id.name,
                        account=stop.account_id.display_name,
                    )
                )

    # -------------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        self._check_accounts_open(vals_list)
        stops = super().create([self._with_account(vals) for vals in vals_list])
        return stops

    def write(self, vals):
        self._check_accounts_open([vals])
        return super().write(vals)

    @api.model
    def _check_accounts_open(self, vals_list):
        """An id in a call is not the right to read what is behind it."""
        ids = [vals["account_id"] for vals in vals_list if vals.get("account_id")]
        self.env["territory.account"].browse(ids).check_access("read")

    @api.model
    def _with_account(self, vals):
        """Values whose account is that of their customer, if the user may see one."""
        if not vals.get("partner_id") or vals.get("account_id"):
            return vals
        trip = self.env["territory.trip"].browse(vals.get("trip_id"))
        account = self.env["territory.account"].search(
            [
                ("partner_id", "=", vals["partner_id"]),
                ("company_id", "=", trip.company_id.id or self.env.company.id),
            ],
            limit=1,
        )
        return vals | {"account_id": account.id}
