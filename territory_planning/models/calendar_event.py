from odoo import api, fields, models

TIMES = {"start", "stop", "start_date", "stop_date", "allday", "duration"}


class CalendarEvent(models.Model):
    """Meetings that a trip has made, or keeps to."""

    _inherit = "calendar.event"

    territory_trip_id = fields.Many2one(
        "territory.trip",
        string="Trip",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="sales_team.group_sale_salesman",
    )
    territory_stop_ids = fields.One2many(
        "territory.trip.stop",
        "event_id",
        string="Stops",
        groups="sales_team.group_sale_salesman",
    )
    territory_drive = fields.Char(
        string="Drive",
        compute="_compute_territory_drive",
        groups="sales_team.group_sale_salesman",
        help="When to leave for this visit.",
    )

    @api.depends("territory_stop_ids.drive_minutes", "territory_stop_ids.arrival")
    def _compute_territory_drive(self):
        for event in self:
            stop = event.territory_stop_ids[:1]
            event.territory_drive = stop._told_drive() if stop else False

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals or TIMES & vals.keys():
            self._tell_stops(vals)
        return result

    def unlink(self):
        stops = self._stops_to_tell()
        result = super().unlink()
        stops._meeting_cancelled()
        return result

    @api.model
    def _get_activity_excluded_models(self):
        """A visit of a trip is in the calendar: it is no task beside that as well."""
        excluded = super()._get_activity_excluded_models()
        if self.env.context.get("territory_in_step"):
            return [*excluded, "res.partner"]
        return excluded

    def _stops_to_tell(self):
        """sudo: whoever may move a meeting moves the visit, which is the same thing."""
        if self.env.context.get("territory_in_step"):
            return self.env["territory.trip.stop"]
        return (
            self.env["territory.trip.stop"]
            .sudo()
            .search([("event_id", "in", self.ids)])
        )

    def _tell_stops(self, vals):
        stops = self._stops_to_tell()
        if not stops:
            return
        if "active" in vals and not vals["active"]:
            stops._meeting_cancelled()
            return
        if vals.get("active"):
            stops._meeting_back()
        if TIMES & vals.keys():
            stops._follow_meeting()
