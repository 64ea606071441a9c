from odoo import api, fields, models


class TerritoryTripDay(models.Model):
    """One day of a trip: when and where it begins and ends, and what it costs."""

    _name = "territory.trip.day"
    _description = "Day of a Trip"
    _order = "trip_id, date, id"
    _rec_name = "date"

    trip_id = fields.Many2one(
        "territory.trip", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="trip_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="trip_id.user_id", store=True, index=True)
    date = fields.Date(required=True, index=True)
    time_from = fields.Datetime(string="Leaves", help="When the day's way begins.")
    time_to = fields.Datetime(string="Back", help="When the day's way ends.")
    start_name = fields.Char(string="Starts At")
    start_latitude = fields.Float(digits=(10, 7))
    start_longitude = fields.Float(digits=(10, 7))
    end_name = fields.Char(string="Ends At")
    end_latitude = fields.Float(digits=(10, 7))
    end_longitude = fields.Float(digits=(10, 7))
    night_out = fields.Boolean(
        string="Night on the Road", help="The day ends at a town near its last stop."
    )
    lunch_from = fields.Datetime()
    lunch_to = fields.Datetime()
    stop_ids = fields.One2many("territory.trip.stop", "day_id", string="Stops")
    back_km = fields.Float(string="Last Leg, km", digits=(16, 1), aggregator="sum")
    back_minutes = fields.Float(string="Last Leg, Minutes", digits=(16, 1))
    distance_km = fields.Float(string="Way, km", digits=(16, 1))
    drive_hours = fields.Float(string="Driving")
    visit_hours = fields.Float(string="With Customers")
    expected_value = fields.Monetary(
        string="Expected Contribution",
        help="What the day's visits are expected to bring.",
    )
    geometry = fields.Json(
        help="The way along the roads as a GeoJSON line; empty: straight lines."
    )

    _one_per_date = models.UniqueIndex(
        "(trip_id, date)", "A trip has each day only once."
    )

    @api.depends("date")
    def _compute_display_name(self):
        for day in self:
            day.display_name = (
                fields.Date.to_string(day.date) if day.date else self.env._("New")
            )

    def _recount(self):
        """Sum up way and worth of the stops, after some of them have changed."""
        for day in self:
            stops = day.stop_ids
            drive = sum(stops.mapped("drive_minutes")) + day.back_minutes
            day.write(
                {
                    "distance_km": sum(stops.mapped("drive_km")) + day.back_km,
                    "drive_hours": drive / 60.0,
                    "visit_hours": sum(stops.mapped("service_hours")),
                    "expected_value": sum(stops.mapped("value")),
                }
            )
