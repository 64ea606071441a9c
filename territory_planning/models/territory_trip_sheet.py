from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError

from . import _client_values as client
from .territory_trip import OPEN
from .territory_trip_calendar import SETTLED

#: a rep who is later than this does not replan the day but gives it up
LATEST = 12 * 60


class TerritoryTrip(models.Model):
    """The day's sheet of a rep: where to go next, what happened, what if it gets late."""

    _inherit = "territory.trip"

    @api.model
    @api.readonly
    def get_territory_today(self, day=None):
        """What a rep drives on a day, in one answer a phone can keep.

        :param day: ``YYYY-MM-DD``; none: today where the rep is
        :return: ``day, tz, computed_at``; ``trips`` with their way and their name;
            ``stops`` in the order of their times, those without a time last;
            ``meetings``, what else is in the rep's calendar; ``outcomes``; ``drafts``,
            trips of that day that are not settled yet
        """
        date = self._sheet_day(day)
        trips = self._trips_of_day(date)
        stops = trips._stops_of_day(date)
        trips = stops.trip_id | trips.filtered(lambda trip: trip._covers(date))
        tz = trips[:1].tz or self._sheet_tz()
        settled = trips.filtered(lambda trip: trip.state in SETTLED)
        outcomes = self.env["territory.trip.stop"]._fields["outcome"]
        return {
            "day": client.as_text(date),
            "tz": tz,
            "computed_at": client.as_text(fields.Datetime.now()),
            "trips": [trip._sheet_trip(date) for trip in settled],
            "stops": [stop._sheet_stop() for stop in stops if stop.trip_id in settled],
            "meetings": self._sheet_meetings(date, tz),
            "outcomes": [
                {"value": value, "label": label}
                for value, label in outcomes._description_selection(self.env)
            ],
            "drafts": [
                {"id": trip.id, "name": trip.name}
                for trip in trips.filtered(lambda trip: trip.state == "draft")
            ],
        }

    def running_late(self, minutes=0):
        """Plan what is left of today anew, from in so many minutes on.

        :param minutes: until the rep can go on, from now; 0: now
        :return: ``late``, what became of it in a sentence; ``dropped`` with the names
            and reasons of those that no longer fit; ``sheet``, the day as it is now
        """
        self.ensure_one()
        minutes = client.number(self.env, minutes, self.env._("Minutes"), 0, LATEST)
        self.check_access("write")
        if self.state not in OPEN:
            raise UserError(
                self.env._(
                    "Trip “%(trip)s” is over, so there is nothing left to plan anew.",
                    trip=self.name,
                )
            )
        free = fields.Datetime.now() + timedelta(minutes=minutes)
        date = self._local_date(free)
        begins = self.day_ids.filtered(lambda day: day.date == date).time_from
        free = max(free, begins or free)  # nobody is late before the day begins
        before = {stop: stop.arrival for stop in self.stop_ids}
        dropped = self._replan_rest(free)
        moved = [
            stop
            for stop, arrival in before.items()
            if stop.state == "planned" and stop.arrival and stop.arrival != arrival
        ]
        return {
            "late": self._told_late(len(moved), len(dropped)),
            "dropped": [
                {"name": stop.partner_id.display_name, "reason": stop.reason or ""}
                for stop in dropped
            ],
            "sheet": self.get_territory_today(client.as_text(date)),
        }

    def _told_late(self, moved, dropped):
        if not moved and not dropped:
            return self.env._("You are in time: nothing has changed.")
        if not dropped:
            return self.env._("%(moved)s visits have new times.", moved=moved)
        return self.env._(
            "%(moved)s visits have new times, %(dropped)s no longer fit today.",
            moved=moved,
            dropped=dropped,
        )

    # ---------------------------------------------------------------- what counts
    @api.model
    def _sheet_tz(self):
        return self.env.user.tz or self.env.company.partner_id.tz or "UTC"

    @api.model
    def _sheet_day(self, day):
        if day:
            return client.day(self.env, day, self.env._("Day"))
        return fields.Date.context_today(self.with_context(tz=self._sheet_tz()))

    @api.model
    def _trips_of_day(self, date):
        """One's own trips that may have something on a day."""
        around = datetime.combine(date, time())
        return self.search(
            [
                ("user_id", "=", self.env.uid),
                ("state", "in", [*SETTLED, "draft"]),
                "|",
                "&",
                ("date", "<=", date),
                "|",
                ("date_end", ">=", date),
                "&",
                ("date_end", "=", False),
                ("date", "=", date),
                "&",
                # wherever on earth the trip is
                ("stop_ids.arrival", ">=", around - timedelta(hours=14)),
                ("stop_ids.arrival", "<", around + timedelta(hours=38)),
            ],
            order="date, id",
        )

    def _covers(self, date):
        return self.date <= date <= (self.date_end or self.date)

    def _stops_of_day(self, date):
        """Their stops on a day: by time, then those that have none."""
        timed = self.stop_ids.filtered(
            lambda stop: stop.arrival and stop.trip_id._local_date(stop.arrival) == date
        )
        loose = self.stop_ids.filtered(
            lambda stop: (
                not stop.arrival
                and (
                    stop.day_id.date == date
                    or (not stop.day_id and stop.trip_id._covers(date))
                )
            )
        )
        return timed.sorted(lambda stop: (stop.arrival, stop.sequence)) + loose.sorted(
            lambda stop: (stop.trip_id.id, stop.sequence)
        )

    # ----------------------------------------------------------------- in values
    def _sheet_trip(self, date):
        day = self.day_ids.filtered(lambda one: one.date == date)[:1]
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "revision": self.calendar_revision,
            "note": self.note or "",
            "time_from": client.as_text(day.time_from),
            "time_to": client.as_text(day.time_to),
            "lunch_from": client.as_text(day.lunch_from),
            "lunch_to": client.as_text(day.lunch_to),
            "start": _place(day, "start"),
            "end": _place(day, "end"),
            "night_out": day.night_out,
            "back_km": day.back_km,
            "back_minutes": day.back_minutes,
            "distance_km": day.distance_km or self.distance_km,
            "travel_note": self.travel_note or "",
        }

    @api.model
    def _sheet_meetings(self, date, tz):
        """What else is in the rep's own calendar that day."""
        begin, end = (
            datetime.combine(date + timedelta(days=days), time(), ZoneInfo(tz))
            .astimezone(ZoneInfo("UTC"))
            .replace(tzinfo=None)
            for days in (0, 1)
        )
        events = self.env["calendar.event"].search(
            [
                ("partner_ids", "in", self.env.user.partner_id.ids),
                ("start", "<", end),
                ("stop", ">", begin),
                ("territory_stop_ids", "=", False),
            ],
            order="start, id",
            limit=50,
        )
        return [
            {
                "id": event.id,
                "name": event.name,
                "start": False if event.allday else client.as_text(event.start),
                "stop": False if event.allday else client.as_text(event.stop),
                "location": event.location or "",
            }
            for event in events
        ]


def _place(day, end):
    return {
        "name": day[f"{end}_name"] or "",
        "latitude": day[f"{end}_latitude"],
        "longitude": day[f"{end}_longitude"],
    }
