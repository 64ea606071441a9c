from odoo import fields, models
from odoo.exceptions import UserError

from . import _client_values as client
from . import _trip_candidates as candidates
from . import _trip_reasons as reasons
from . import _trip_store as store
from ._trip_arrays import TripArrays, Visit
from ._trip_request import Place, clock
from .territory_trip_busy import WorkingDay

#: stops of one trip
MOST_STOPS = 300


class TerritoryTrip(models.Model):
    """A person changes a trip: another order, a stop more or less; times follow at once.

    Nothing is solved. What is wrong with the order is told, not forbidden.
    """

    _inherit = "territory.trip"

    # ------------------------------------------------------------ asked by the map
    def retime(self, order):
        """Put the stops in an order and answer with the times that follow.

        :param order: for each day of the trip, by date, the ids of its stops; stops of
            the trip that are in none are taken out
        :return: as :meth:`get_territory_trip`, with ``troubles`` in sentences
        :raises UserError: a stop that is not on the trip, or one that was visited is
            missing
        """
        self._check_open()
        stops = self._ordered(order)
        gone = self.stop_ids - self.stop_ids.browse(sum(stops, []))
        visited = gone.filtered(lambda stop: stop.state != "planned")
        if visited:
            raise UserError(
                self.env._(
                    "%(customer)s was visited and cannot be taken out of the trip.",
                    customer=visited[0].partner_id.display_name,
                )
            )
        removed = [
            {
                "account": stop.account_id.id,
                "value": round(self._worth_of(stop), 2),
                "detour": 0.0,
                "minutes": stop.detour_minutes,
                "price": stop.value_per_minute,
                "reason": "removed",
            }
            for stop in gone
            if stop.account_id and stop.day_id
        ]
        return self._retimed(stops, removed)

    def set_stop_locked(self, stop_id, locked):
        """Keep a stop on its day and at its time when the trip is planned anew."""
        self._check_open()
        (stop,) = self._stops_of([stop_id])
        stop.write({"locked": bool(locked is True)})
        return self.get_territory_trip()

    def add_account(self, account_id):
        """Put an account on the trip where it costs least time.

        :return: as :meth:`retime`
        :raises UserError: an account that is gone, nowhere or on the trip already
        """
        self._check_open()
        request = self._request()
        number = client.record_id(self.env, account_id, self.env._("Account"))
        request.must, request.chosen_only = [number], True
        found = candidates.gather(request, first=[number])
        self._check_named(request, found)
        visit = self._candidate_visit(found, 0)
        if visit.partner_id in self.stop_ids.partner_id.ids:
            raise UserError(
                self.env._("“%(name)s” is on the trip already.", name=visit.name)
            )
        stops = self._current_order()
        days = self.day_ids.sorted("date")
        if not days:
            raise UserError(self.env._("This trip has no days yet. Plan it first."))
        arrays = self._order_arrays(request, days, stops, more=[visit])
        rows, row = self._rows(stops)
        return self._keep(arrays, arrays.insert(rows, row), left_without=number)

    # --------------------------------------------------------------------- order
    def _ordered(self, order):
        """Lists of ids of stops, one per day, checked.

        :raises UserError: if they are not the trip's
        """
        label = self.env._("Order")
        lists = client.rows(self.env, order, label, 31)
        if len(lists) != len(self.day_ids):
            raise UserError(
                self.env._(
                    "“%(label)s” has %(given)s days, the trip %(days)s. Open the trip "
                    "again: somebody may have changed it.",
                    label=label,
                    given=len(lists),
                    days=len(self.day_ids),
                )
            )
        lists = [client.rows(self.env, one, label, MOST_STOPS) for one in lists]
        flat = [number for one in lists for number in one]
        if len(set(map(str, flat))) < len(flat):
            raise UserError(
                self.env._(
                    "“%(label)s” names a stop twice. Open the trip again.", label=label
                )
            )
        self._stops_of(flat)
        return lists

    def _stops_of(self, numbers):
        """Stops by their ids, which must be this trip's.

        :raises UserError: if not
        """
        label = self.env._("Stop")
        ids = [client.record_id(self.env, number, label) for number in numbers]
        if not set(ids) <= set(self.stop_ids.ids):
            raise UserError(
                self.env._(
                    "A stop is no longer on trip “%(trip)s”. Open the trip again: "
                    "somebody may have changed it.",
                    trip=self.name,
                )
            )
        return self.stop_ids.browse(ids)

    def _current_order(self):
        return [
            day.stop_ids.sorted("sequence").ids for day in self.day_ids.sorted("date")
        ]

    def _rows(self, stops):
        """The same order as rows of its visits, and how many there are."""
        rows, count = [], 0
        for one in stops:
            rows.append(list(range(count, count + len(one))))
            count += len(one)
        return rows, count

    def _retimed(self, stops, removed=()):
        days = self.day_ids.sorted("date")
        if not days:
            raise UserError(self.env._("This trip has no days yet. Plan it first."))
        arrays = self._order_arrays(self._request(), days, stops)
        rows, _count = self._rows(stops)
        return self._keep(arrays, arrays.retime(rows), removed)

    def _keep(self, arrays, timing, removed=(), left_without=None):
        """Save an order with its times; answer with it and with what is wrong."""
        out = [row for row in self.left_out or [] if row.get("account") != left_without]
        store.save(self, arrays, timing, arrays.notes, [*removed, *out])
        troubles = [
            reasons.of_trouble(self.env, arrays.request, arrays, one)
            for one in timing.troubles
        ]
        return store.read(self, arrays.request, troubles)

    def _order_arrays(self, request, days, stops, more=()):
        """Places and windows of the days as they are, and of their stops in order."""
        free, notes = self._working_days(request, but=self.stop_ids.event_id)
        known = {working.date: working for working in free}
        working = [
            known.get(day.date)
            or WorkingDay(
                day.date,
                clock(request.tz, day.date, request.hour_from),
                clock(request.tz, day.date, request.hour_to),
            )
            for day in days
        ]
        flat = self.stop_ids.browse(sum(stops, []))
        visits = [self._visit_of(stop) for stop in flat]
        ends = [(_place(day, "start"), _place(day, "end")) for day in days]
        arrays = TripArrays(request, working, [*visits, *more], ends=ends)
        arrays.notes = notes
        return arrays

    def _visit_of(self, stop):
        """A stop as it is on the trip."""
        last = stop.account_id.last_visit_date
        today = self.company_id._territory_today()
        known = last and last <= today
        return Visit(
            account_id=stop.account_id.id or None,
            partner_id=stop.partner_id.id,
            name=stop.partner_id.display_name,
            city=stop.city or "",
            latitude=stop.latitude or stop.partner_id.partner_latitude,
            longitude=stop.longitude or stop.partner_id.partner_longitude,
            service=60.0 * stop.service_hours,
            worth=self._worth_of(stop),
            value_visit=stop.value_visit,
            value_risk=stop.value_risk,
            days_since=float((today - last).days) if known else float("inf"),
            must=stop.must_visit,
            opens=stop.opens,
            closes=stop.closes,
            appointment=stop.appointment or None,
            stop_id=stop.id,
        )

    def _worth_of(self, stop):
        """What decided for a stop; by value that is what the visit brings."""
        if self.priority == "value":
            return stop.value
        return stop.value_per_minute * max(stop.detour_minutes, 1.0)

    # ------------------------------------------------------------------ running late
    def _replan_rest(self, now):
        """Plan what is left of a day anew, from a moment on; visited stops stay.

        Appointments are kept if they still can be, stops that must be visited come
        first, and whoever no longer fits leaves the day with a reason.

        :param now: a moment in UTC without its zone
        :return: the stops that no longer fit
        """
        self.ensure_one()
        self._check_open()
        request = self._request()
        local = fields.Datetime.context_timestamp(self.with_context(tz=request.tz), now)
        day = self.day_ids.filtered(lambda one: one.date == local.date())[:1]
        rest = day.stop_ids.filtered(lambda stop: stop.state == "planned")
        if not rest:
            return rest
        arrays = self._rest_arrays(request, day, rest, now)
        return self._keep_rest(day, rest, arrays, self._rest_plan(arrays))

    def _rest_arrays(self, request, day, rest, now):
        """Places and windows from where the rep is until the day ends."""
        gone = (day.stop_ids - rest).sorted("sequence")
        last = gone.filtered(lambda stop: stop.state != "skipped")[-1:]
        here = _place(day, "start")
        if last:
            here = Place(last.partner_id.display_name, last.latitude, last.longitude)
        begin = now
        if last.state == "there":  # the visit goes on as long as it was planned
            over = fields.Datetime.add(
                last.check_in or now, minutes=round(60 * last.service_hours)
            )
            begin = max(now, over)
        if day.lunch_from and day.lunch_from <= begin:
            request.lunch_minutes = 0
        finish = max(clock(request.tz, day.date, request.hour_to), begin)
        visits = [self._visit_of(stop) for stop in rest]
        ends = [(here, _place(day, "end"))]
        arrays = TripArrays(
            request, [WorkingDay(day.date, begin, finish)], visits, ends=ends
        )
        # the way home is driven however late it is
        home = fields.Datetime.add(begin, minutes=int(arrays.duration[0, 1]) + 1)
        arrays.days[0].finish = max(finish, home)
        return arrays

    def _rest_plan(self, arrays):
        """As many stops as fit, those that must be before all others."""
        most = sum(visit.worth for visit in arrays.visits) + 1.0
        for visit in arrays.visits:
            # each is on the day because somebody wanted it: none is worth nothing
            visit.bonus = most if visit.must or visit.appointment else 0.01 * most
            visit.must = False
        return arrays.solve(free=True)

    def _keep_rest(self, day, rest, arrays, plan):
        (route,) = plan.routes
        before = day.stop_ids - rest
        sequence = max((before or rest[:1]).mapped("sequence"))
        kept = rest.browse()
        for place in range(1, len(route) - 1):
            stop = rest.browse(arrays.visit(route[place]).stop_id)
            values = store.stop_values(self, arrays, plan, 0, place)
            stop.write({**values, "sequence": sequence + place})
            kept |= stop
        dropped = rest - kept
        minutes = {arrays.visit(one.node).stop_id: one.detour for one in plan.left_out}
        rows = []
        for stop in dropped:
            row = {
                "account": stop.account_id.id,
                "value": round(self._worth_of(stop), 2),
                "detour": 0.0,
                "minutes": round(minutes.get(stop.id, 0.0), 1),
                "price": stop.value_per_minute,
                "reason": "late",
            }
            rows.append(row)
            stop.write(
                {
                    "day_id": False,
                    "arrival": False,
                    "departure": False,
                    "reason": reasons.of_left_out(
                        self.env, self.currency_id, row, 0.0, self.priority
                    ),
                }
            )
        values = store.day_values(arrays, plan, 0, arrays.days[0])
        day.write(
            {
                name: values[name]
                for name in (
                    "time_to",
                    "lunch_from",
                    "lunch_to",
                    "back_km",
                    "back_minutes",
                )
                if values[name] or name.startswith("back")
            }
        )
        day._recount()
        self.write(
            {
                **store.totals(self.day_ids),
                "left_out": [*rows, *(self.left_out or [])],
                "planned_at": fields.Datetime.now(),
            }
        )
        return dropped


def _place(day, name):
    return Place(
        day[f"{name}_name"] or "", day[f"{name}_latitude"], day[f"{name}_longitude"]
    )
