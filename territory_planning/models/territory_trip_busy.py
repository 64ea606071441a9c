from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from odoo import api, models

from ._trip_request import clock, time_text


@dataclass
class Appointment:
    """A meeting at a customer that a trip keeps to; times in UTC."""

    event_id: int
    partner_id: int
    name: str
    latitude: float
    longitude: float
    start: datetime
    stop: datetime


@dataclass
class WorkingDay:
    """The part of a day a trip may use, in UTC, and what is fixed in it."""

    date: date
    begin: datetime
    finish: datetime
    appointments: list = field(default_factory=list)

    @property
    def minutes(self):
        """How long it is, right on days with a change of the clock too."""
        return (self.finish - self.begin).total_seconds() / 60

    def at(self, moment):
        """Minutes from the beginning of the day."""
        return (moment - self.begin).total_seconds() / 60

    def moment(self, minutes):
        """The moment so many minutes after the beginning, to the second."""
        return (self.begin + timedelta(minutes=float(minutes))).replace(microsecond=0)


class TerritoryTrip(models.Model):
    """What a rep's calendar leaves free: meetings, days off, working hours."""

    _inherit = "territory.trip"

    @api.model
    def _working_days(self, request, but=None):
        """The days of a request on which the rep can travel, with what is fixed.

        Meetings at a place of a customer are kept to; others, and hours off, cut the
        day: its longest free part is used.

        :param but: events that do not count, those of the trip itself
        :return: a list of ``WorkingDay``, and sentences about what was in the way
        """
        first = clock(request.tz, request.dates[0], 0.0)
        last = clock(request.tz, request.dates[-1], 24.0)
        meetings = self._busy_meetings(request, first, last, but)
        off = self._busy_leaves(request, first, last)
        works = self._busy_weekdays(request)
        days, notes = [], []
        for day in request.dates:
            begin = clock(request.tz, day, request.hour_from)
            finish = clock(request.tz, day, request.hour_to)
            if len(request.dates) > 1 and day.weekday() not in works:
                continue
            here = [m for m in meetings if m[0] < finish and m[1] > begin]
            blocks = [(a, b) for a, b in off if a < finish and b > begin]
            blocks += [(a, b) for a, b, _name, placed in here if not placed]
            free = _longest_free(begin, finish, blocks)
            if free is None or (free[1] - free[0]) < timedelta(minutes=30):
                notes.append(
                    self.env._(
                        "%(date)s: no time for a trip, the calendar is full or it is a "
                        "day off.",
                        date=day,
                    )
                )
                continue
            working = WorkingDay(day, *free)
            if free != (begin, finish):
                notes.append(self._busy_note(request, working))
            taken = free[0]
            for a, b, name, placed in sorted(here, key=lambda m: m[:2]):
                if not placed:
                    continue
                if a < taken or b > free[1]:
                    notes.append(
                        self.env._(
                            "%(date)s: “%(name)s” overlaps with something else in the "
                            "calendar and is not on the trip.",
                            date=day,
                            name=name,
                        )
                    )
                    continue
                working.appointments.append(placed)
                taken = b
            days.append(working)
        return days, notes

    @api.model
    def _busy_note(self, request, working):
        begin, finish = (
            time_text(request.tz, moment) for moment in (working.begin, working.finish)
        )
        return self.env._(
            "%(date)s: planned from %(begin)s to %(finish)s, around what is in the "
            "calendar.",
            date=working.date,
            begin=begin,
            finish=finish,
        )

    @api.model
    def _busy_meetings(self, request, first, last, but):
        """Meetings of the rep: start, stop, name, and an ``Appointment`` or None."""
        partner = request.user.partner_id
        events = self.env["calendar.event"].search(
            [
                ("partner_ids", "in", partner.ids),
                ("show_as", "=", "busy"),
                ("start", "<", last),
                ("stop", ">", first),
                ("id", "not in", but.ids if but else []),
            ],
            order="start, id",
        )
        declined = events.attendee_ids.filtered(
            lambda one: one.partner_id == partner and one.state == "declined"
        )
        found = []
        for event in events - declined.event_id:
            if event.allday:
                begin = clock(request.tz, event.start_date, 0.0)
                finish = clock(request.tz, event.stop_date, 24.0)
                found.append((begin, finish, event.display_name, None))
                continue
            placed = self._busy_place(request, event, partner)
            found.append((event.start, event.stop, event.display_name, placed))
        return found

    @api.model
    def _busy_place(self, request, event, rep):
        """The meeting as an appointment, if a customer with a place takes part."""
        inside = request.company.partner_id | rep
        for partner in event.partner_ids - inside:
            if partner.partner_share is False or not partner.has_access("read"):
                continue
            customer = partner.commercial_partner_id
            for one in (partner, customer):
                place = one.partner_latitude, one.partner_longitude
                if place != (0.0, 0.0) and abs(place[0]) <= 90 and abs(place[1]) <= 180:
                    return Appointment(
                        event.id,
                        customer.id,
                        customer.display_name,
                        *place,
                        event.start,
                        event.stop,
                    )
        return None

    @api.model
    def _busy_calendar(self, request):
        return request.user.sudo().resource_calendar_id or (
            # sudo: hours the company works are no secret, its record may be
            request.company.sudo().resource_calendar_id
        )

    @api.model
    def _busy_leaves(self, request, first, last):
        """Times the rep, or the whole company, is off: start and stop."""
        # sudo: that a rep is away is all that is told, neither why nor anything else
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [
                    ("date_from", "<", last),
                    ("date_to", ">", first),
                    ("time_type", "=", "leave"),
                    "|",
                    ("resource_id.user_id", "=", request.user.id),
                    "&",
                    ("resource_id", "=", False),
                    ("calendar_id", "in", [self._busy_calendar(request).id, False]),
                    ("company_id", "in", [request.company.id, False]),
                ]
            )
        )
        return [(leave.date_from, leave.date_to) for leave in leaves]

    @api.model
    def _busy_weekdays(self, request):
        """Days of the week the rep works on, 0 for Monday; all if none are known."""
        # sudo: see _busy_calendar
        attendance = self._busy_calendar(request).sudo().attendance_ids
        days = {int(line.dayofweek) for line in attendance if not line.display_type}
        return days or set(range(7))


def _longest_free(begin, finish, blocks):
    """The longest part between blocks, the earliest of equal ones; None if all is taken."""
    best, free = None, begin
    for start, stop in [*sorted(blocks), (finish, finish)]:
        until = min(start, finish)
        if until > free and (best is None or until - free > best[1] - best[0]):
            best = free, until
        free = max(free, stop)
    return best
