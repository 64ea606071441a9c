from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .test_trip_drive import DriveCase


class TodayTourCase(DriveCase, HttpCase):
    """A rep with a settled trip of today: two stops ahead, in the rep's own zone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep.tz = cls.trip.tz = "UTC"
        cls.third.unlink()
        # the day may be nearly over where the test runs
        start = fields.Datetime.now().replace(hour=0, minute=30, second=0)
        for rank, stop in enumerate((cls.first, cls.second)):
            arrival = start + timedelta(minutes=60 * rank)
            stop.write(
                {
                    "arrival": arrival,
                    "departure": arrival + timedelta(minutes=30),
                    "drive_minutes": 20.0,
                }
            )

    def _drive(self):
        self.start_tour("/odoo/territory-today", "territory_today", login="rep")
        self.assertEqual(self.first.state, "done")
        self.assertEqual(self.first.outcome, "order")
        self.assertEqual(self.first.check_in_latitude, 0.0)
        self.assertEqual(self.second.state, "skipped")
        self.assertEqual(self.second.skip_reason, "Closed today")
        self.assertFalse(self.second.event_id.active)


@tagged("post_install", "-at_install")
class TestTodayTourDesk(TodayTourCase):
    def test_today(self):
        self._drive()


@tagged("post_install", "-at_install")
class TestTodayTourPhone(TodayTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_today(self):
        self._drive()
