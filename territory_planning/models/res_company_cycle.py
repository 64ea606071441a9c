from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models

SATURDAY = 5
FARTHEST = 62  # days within which any calendar has a few working days


class ResCompany(models.Model):
    """When the month's plan opens, and how long reps have for their view."""

    _inherit = "res.company"

    territory_open_days = fields.Integer(
        string="Open the Plan Before the Month",
        default=0,
        required=True,
        help="How many working days before a month begins its plan opens; 0: on the "
        "first day of the month.",
    )
    territory_collect_days = fields.Integer(
        string="Days for the Reps' Views",
        default=5,
        required=True,
        help="Working days that reps have to give their view of the month, from the "
        "day they are asked. Whoever has not given it by then is late.",
    )

    @api.constrains("territory_open_days", "territory_collect_days")
    def _check_territory_cycle(self):
        bounds = {"territory_open_days": (0, 15), "territory_collect_days": (1, 20)}
        self._check_territory_within(bounds)

    def _territory_working_days(self, first, last):
        """The days of work from ``first`` to ``last``, both included, in order.

        Those of the company's working hours and holidays; Monday to Friday where it
        has none.
        """
        self.ensure_one()
        zone = pytz.timezone(self._territory_timezone())
        start = zone.localize(datetime.combine(first, time.min))
        stop = zone.localize(datetime.combine(last, time.max))
        # sudo: working hours are no secret, and a scheduled action asks for them
        calendar = self.sudo().resource_calendar_id
        found = set()
        if calendar:
            intervals = calendar._work_intervals_batch(start, stop)[False]
            found = {begin.astimezone(zone).date() for begin, _end, _by in intervals}
        if not found:
            days = (last - first).days + 1
            found = {first + timedelta(days=n) for n in range(days)}
            found = {day for day in found if day.weekday() < SATURDAY}
        return sorted(found)

    def _territory_open_day(self, month):
        """The day on which the plan of the month that begins at ``month`` opens."""
        self.ensure_one()
        if not self.territory_open_days:
            return month
        before = self._territory_working_days(
            month - timedelta(days=FARTHEST), month - timedelta(days=1)
        )
        return before[-self.territory_open_days :][0] if before else month

    def _territory_due_day(self, asked):
        """The last day for the views of reps who are asked on the day ``asked``."""
        self.ensure_one()
        after = self._territory_working_days(
            asked + timedelta(days=1), asked + timedelta(days=FARTHEST)
        )
        return after[: self.territory_collect_days][-1] if after else asked
