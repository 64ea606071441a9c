from datetime import timedelta

from odoo import api, models

from .territory_trip import time_of_trip

#: what a meeting shows of its stop
SHOWN = {
    "arrival",
    "check_in",
    "check_out",
    "departure",
    "partner_id",
    "state",
    "trip_id",
}
USUAL = timedelta(hours=1)
SHORTEST = timedelta(minutes=5)


class TerritoryTripStop(models.Model):
    """A stop and its meeting: moved together, cancelled together."""

    _inherit = "territory.trip.stop"

    @api.model_create_multi
    def create(self, vals_list):
        stops = super().create(vals_list)
        stops._sync_with_meetings()
        return stops

    def write(self, vals):
        result = super().write(vals)
        if SHOWN & vals.keys():
            self._sync_with_meetings()
        return result

    def unlink(self):
        """A visit that is dropped is a meeting that is cancelled."""
        for trip in self.trip_id:
            stops = self & trip.stop_ids
            meetings = trip._own_meetings() & stops.event_id.sudo()
            meetings = meetings.filtered("active")
            if meetings:
                trip._quietly(meetings).active = False
                trip.calendar_revision += 1
        return super().unlink()

    def _sync_with_meetings(self):
        if not self.env.context.get("territory_in_step"):
            self.trip_id._sync_meetings(self)

    def _meeting_times(self):
        """When the meeting begins and ends: as planned, then as it was."""
        self.ensure_one()
        length = USUAL
        if self.departure and self.departure > self.arrival:
            length = self.departure - self.arrival
        start = self.check_in or self.arrival
        if self.check_in and self.check_out:
            return start, max(self.check_out, start + SHORTEST)
        return start, start + length

    def _told_address(self):
        """Where the customer is, in a line."""
        lines = self.partner_id._display_address(without_company=True).splitlines()
        return ", ".join(line.strip() for line in lines if line.strip())

    def _place(self):
        """Latitude and longitude as planned with, else the customer's; zeros for none."""
        if self.latitude or self.longitude:
            return self.latitude, self.longitude
        partner = self.partner_id
        return partner.partner_latitude, partner.partner_longitude

    def _told_drive(self):
        """When to leave for this stop, in a sentence; empty if it is not known."""
        self.ensure_one()
        if not self.arrival or not self.drive_minutes:
            return ""
        leave = self.arrival - timedelta(minutes=self.drive_minutes)
        return self.env._(
            "Leave by %(time)s: %(minutes)s minutes, %(km)s km.",
            time=time_of_trip(self.trip_id.tz, leave),
            minutes=round(self.drive_minutes),
            km=round(self.drive_km),
        )

    # ------------------------------------------------------- told by the meeting
    def _follow_meeting(self):
        """The meeting was moved: the visit is then, and the trip keeps to it."""
        for stop in self.with_context(territory_in_step=True):
            event = stop.event_id
            if event.allday or not event.start or stop.state != "planned":
                continue
            day = stop.trip_id.day_ids.filtered(
                lambda day, event=event, trip=stop.trip_id: (
                    day.date == trip._local_date(event.start)
                )
            )
            stop.write(
                {
                    "arrival": event.start,
                    "departure": max(event.stop, event.start + SHORTEST),
                    "appointment": event.start,
                    "drive_minutes": 0.0,
                    "drive_km": 0.0,
                    "wait_minutes": 0.0,
                    "day_id": day.id or False,
                }
            )
        for trip in self.trip_id:
            trip.calendar_revision += 1
            ordered = trip.stop_ids.sorted(
                lambda stop: (not stop.arrival, stop.arrival or 0, stop.sequence)
            )
            for rank, stop in enumerate(ordered, 1):
                if stop.sequence != rank:
                    stop.sequence = rank

    def _meeting_cancelled(self):
        """Somebody has cancelled the meeting: there is no visit then."""
        stops = self.filtered(lambda stop: stop.state == "planned")
        stops.with_context(territory_in_step=True).write(
            {
                "state": "skipped",
                "skip_reason": self.env._("The meeting was cancelled in the calendar."),
            }
        )
        for trip in stops.trip_id:
            trip.calendar_revision += 1

    def _meeting_back(self):
        """The meeting is on again."""
        stops = self.filtered(
            lambda stop: stop.state == "skipped" and not stop.postponed_to
        )
        stops.with_context(territory_in_step=True).write(
            {"state": "planned", "skip_reason": False}
        )
