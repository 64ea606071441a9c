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
