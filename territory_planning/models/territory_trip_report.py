from odoo import models
from odoo.tools import format_date

from .territory_trip import time_of_trip


class TerritoryTrip(models.Model):
    """A trip on paper."""

    _inherit = "territory.trip"

    def _report_days(self):
        """The days of a trip with their stops, times where the trip is.

        Stops without a day come last; a trip that was never planned has only those.
        """
        self.ensure_one()
        rows = []
        for day in [*self.day_ids.sorted("date"), self.day_ids.browse()]:
            stops = self.stop_ids.filtered(lambda stop, day=day: stop.day_id == day)
            if not stops and not day:
                continue
            ordered = stops.sorted(
                lambda stop: (stop.arrival or stop.create_date, stop.sequence)
            )
            rows.append(
                {
                    "date": format_date(self.env, day.date) if day else "",
                    "from": self._report_time(day.time_from),
                    "to": self._report_time(day.time_to),
                    "start": day.start_name or "",
                    "end": day.end_name or "",
                    "stops": [
                        {
                            "stop": stop,
                            "time": self._report_time(stop.check_in or stop.arrival),
                        }
                        for stop in ordered
                    ],
                }
            )
        return rows

    def _report_time(self, moment):
        return time_of_trip(self.tz, moment) if moment else ""
