from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

MOST = 200  # stops that can be added at once: no trip is longer


class TerritorySelectionTrip(models.TransientModel):
    """Add the selected accounts to an open trip or to a new one."""

    _name = "territory.selection.trip"
    _inherit = "territory.selection.mixin"
    _description = "Add Selected Accounts to a Trip"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.user
    )
    trip_id = fields.Many2one(
        "territory.trip",
        domain="[('state', 'in', ('draft', 'planned')), "
        "('company_id', '=', company_id), ('user_id', '=', user_id)]",
        help="Empty: a new one.",
    )
    name = fields.Char(string="New Trip")
    date = fields.Date(string="Day", default=fields.Date.context_today)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "trip_id" in fields:
            # The draft worked on last, however old its day.
            values["trip_id"] = (
                self.env["territory.trip"]
                .search(
                    [
                        ("state", "=", "draft"),
                        ("user_id", "=", self.env.uid),
                        ("company_id", "=", self.env.company.id),
                    ],
                    order="write_date desc, id desc",
                    limit=1,
                )
                .id
            )
        return values

    def action_add(self):
        self.ensure_one()
        accounts = self._accounts()
        if len(accounts) > MOST:
            raise UserError(
                self.env._(
                    "%(count)s accounts are too many for a trip. Select at most "
                    "%(most)s.",
                    count=len(accounts),
                    most=MOST,
                )
            )
        trip = self.trip_id or self._new_trip()
        trip.check_access("write")
        new = trip._add_accounts(accounts)
        return self._close(
            trip=trip.id,
            trip_name=trip.name,
            message=self._sentence(trip, len(new), len(accounts) - len(new)),
        )

    def _new_trip(self):
        date = self.date or fields.Date.context_today(self)
        return self.env["territory.trip"].create(
            {
                "name": self.name
                or self.env._("Trip of %(date)s", date=format_date(self.env, date)),
                "date": date,
                "user_id": self.user_id.id,
                "company_id": self.company_id.id,
            }
        )

    def _sentence(self, trip, new, there):
        values = {"trip": trip.name, "new": new, "there": there}
        if not new:
            return self.env._("All of them are on “%(trip)s” already.", **values)
        if there:
            return self.env._(
                "%(new)s stops added to “%(trip)s”; %(there)s were on it already.",
                **values,
            )
        if new == 1:
            return self.env._("1 stop added to “%(trip)s”.", **values)
        return self.env._("%(new)s stops added to “%(trip)s”.", **values)
