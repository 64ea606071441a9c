from datetime import timedelta

from odoo import Command, fields, models

SETTLED = ("planned", "done")
#: what a meeting shows of its trip
SHOWN = {"state", "user_id", "active"}


class TerritoryTrip(models.Model):
    """Stops of a settled trip are meetings in the rep's calendar.

    The gaps between them are the drives and the breaks of the plan. A meeting follows
    its stop and a stop its meeting (``calendar_event.py``); what one of them writes on
    the other carries ``territory_in_step`` in the context and is not written back.
    """

    _inherit = "territory.trip"

    meeting_ids = fields.One2many(
        "calendar.event", "territory_trip_id", string="Meetings", readonly=True
    )
    calendar_revision = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        help="How often the times of this trip have changed since it was settled: "
        "calendars tell an older file from a newer one by it.",
    )

    def write(self, vals):
        result = super().write(vals)
        if SHOWN & vals.keys():
            self._sync_meetings()
        return result

    def unlink(self):
        self._own_meetings().write({"active": False})
        return super().unlink()

    # ---------------------------------------------------------------- meetings
    def _own_meetings(self):
        """Meetings that the trips have made, cancelled ones too.

        sudo: whoever may change the trip keeps its meetings in step with it, also where
        the rep's calendar is private.
        """
        return self._quietly(
            self.env["calendar.event"]
            .sudo()
            .with_context(active_test=False)
            .search([("territory_trip_id", "in", self.ids)])
        )

    def _quietly(self, events):
        """Meetings that write to nobody: no invitation, no task, nothing to the stops."""
        return events.with_context(
            territory_in_step=True,
            no_mail_to_attendees=True,
            skip_contact_description=True,
            mail_notrack=True,
        )

    def _sync_meetings(self, stops=None):
        """Bring meetings in step with the stops, with those alone if some are named."""
        for trip in self:
            trip._sync_own_meetings(
                trip.stop_ids if stops is None else stops & trip.stop_ids
            )

    def _sync_own_meetings(self, stops):
        self.ensure_one()
        settled = self.active and self.state in SETTLED
        wanted = stops.filtered(
            lambda stop: settled and stop.state != "skipped" and stop.arrival
        )
        own = self._own_meetings()
        current = own.filtered("active")
        changed = False
        for stop in (stops - wanted).filtered("event_id"):
            if stop.event_id in current:
                (own & self._quietly(stop.event_id.sudo())).active = False
                changed = True
        missing = wanted.browse()
        for stop in wanted:
            meeting = (
                stop.event_id.sudo()
                or own.filtered(
                    lambda one, stop=stop: one.res_id == stop.partner_id.id
                )[:1]
            )
            if not meeting:
                missing |= stop
                continue
            if meeting not in own:
                continue  # somebody else's appointment, which the stop follows
            values = self._meeting_changes(stop, meeting)
            if values:
                self._quietly(meeting).write(values)
                changed = True
            if stop.event_id != meeting:
                stop.with_context(territory_in_step=True).event_id = meeting.id
        if missing:
            self._make_meetings(missing)
            changed = True
        if changed:
            self.calendar_revision += 1

    def _meeting_changes(self, stop, meeting):
        """What is no longer as it should be."""
        found = {}
        for name, value in self._meeting_values(stop).items():
            now = meeting[name]
            if name == "partner_ids":
                if self.user_id != meeting.user_id:
                    found[name] = value
            elif (now.id if isinstance(now, models.BaseModel) else now) != value:
                found[name] = value
        if not meeting.active:
            found["active"] = True
        # the subject is the user's once it is there
        found.pop("name", None)
        return found

    def _meeting_values(self, stop):
        partner = stop.partner_id
        start, stop_ = stop._meeting_times()
        return {
            "name": self.env._("Visit: %s", partner.display_name),
            "start": start,
            "stop": stop_,
            "location": stop._told_address(),
            "user_id": self.user_id.id,
            "partner_ids": [Command.set(self.user_id.partner_id.ids)],
        }

    def _make_meetings(self, stops):
        """Meetings for stops that have none, one that is there already where it fits."""
        stops = stops - self._join_appointments(stops)
        model = self.env["ir.model"]._get_id("res.partner")
        # sudo: see _own_meetings
        events = self._quietly(self.env["calendar.event"].sudo()).create(
            [
                {
                    **self._meeting_values(stop),
                    "territory_trip_id": self.id,
                    "res_model_id": model,
                    "res_id": stop.partner_id.id,
                    "alarm_ids": [Command.clear()],
                }
                for stop in stops
            ]
        )
        for stop, event in zip(stops, events, strict=True):
            stop.with_context(territory_in_step=True).event_id = event.id

    def _join_appointments(self, stops):
        """Stops at a meeting that the rep has with this customer anyway get that one."""
        stops = stops.filtered("appointment")
        joined = stops.browse()
        if not stops:
            return joined
        begin, end = min(stops.mapped("arrival")), max(stops.mapped("arrival"))
        # sudo: see _own_meetings
        events = (
            self.env["calendar.event"]
            .sudo()
            .search(
                [
                    ("partner_ids", "in", self.user_id.partner_id.ids),
                    ("territory_trip_id", "=", False),
                    ("start", "<=", end + timedelta(hours=1)),
                    ("stop", ">=", begin - timedelta(hours=1)),
                ]
            )
        )
        for stop in stops:
            customer = stop.partner_id
            meeting = events.filtered(
                lambda event, stop=stop, customer=customer: (
                    event.start <= stop.departure
                    and event.stop >= stop.arrival
                    and (
                        customer in event.partner_ids.commercial_partner_id
                        or (event.res_model, event.res_id)
                        == ("res.partner", customer.id)
                    )
                )
            )[:1]
            if meeting:
                stop.with_context(territory_in_step=True).event_id = meeting.id
                joined |= stop
        return joined
