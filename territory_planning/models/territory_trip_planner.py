import numpy as np

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import trip as engine
from . import _client_values as client
from . import _trip_candidates as candidates
from . import _trip_reasons as reasons
from . import _trip_request as requests
from . import _trip_store as store
from ._trip_arrays import TripArrays, Visit
from .territory_trip import OPEN

#: days before and after a trip in which another one may have the same customer
APART = 14


class TerritoryTrip(models.Model):
    """Plans a trip: who is worth it on the way, in what order, on which day."""

    _inherit = "territory.trip"

    # ------------------------------------------------------------ asked by the map
    @api.model
    @api.readonly
    def plan_preview(self, request):
        """Who is near a way and worth a visit, without saving anything.

        :param request: a dictionary: ``start`` and ``end`` (``{"kind": "home"}``,
            ``{"kind": "account", "id"}``, ``{"kind": "point", "lat", "lon", "name"}``, for
            the end ``{"kind": "back"}`` too), ``date, date_end``, ``hour_from, hour_to``,
            ``lunch_minutes``, ``night``, ``priority``, ``max_detour_km``, ``must`` and
            ``without`` (ids of accounts), ``chosen_only``, ``user_id, company_id``
        :return: ``candidates``, the most worth per minute first; ``total``, how many
            there are; ``placeless`` accounts that have no place; ``notes``
        :raises UserError: naming what is wrong with the request
        """
        request = requests.clean(self.env, request)
        found = candidates.gather(request, first=request.must)
        taken = self._taken(request)
        count, named = candidates.placeless(request)
        days, notes = self._working_days(request)
        start, end = request.start, request.end
        return {
            "start": _place_words(start),
            "end": _place_words(end),
            "home": _place_words(request.home) if request.home else False,
            "days": [
                {"date": client.as_text(day.date), "minutes": day.minutes}
                for day in days
            ],
            "currency_id": request.company.currency_id.id,
            "priority": request.priority,
            "total": found.total,
            "placeless": {
                "count": count,
                "accounts": [{"id": number, "name": name} for number, name in named],
            },
            "notes": [*self._plan_notes(request, found), *notes],
            "candidates": self._candidate_rows(request, found, taken),
        }

    @api.model
    def plan_trip(self, request, trip_id=None):
        """Plan a trip and keep it as a draft.

        :param request: as of :meth:`plan_preview`
        :param trip_id: a draft of one's own that is planned anew; its stops that must
            be visited, are locked or were put on it by hand stay
        :return: as :meth:`get_territory_trip`
        """
        request = requests.clean(self.env, request)
        trip = self._own_draft(trip_id) if trip_id else self.browse()
        if trip and (trip.user_id, trip.company_id) != (request.user, request.company):
            raise UserError(
                self.env._(
                    "Trip “%(trip)s” is one of %(rep)s. Plan a new one instead.",
                    trip=trip.name,
                    rep=trip.user_id.display_name,
                )
            )
        return trip._plan(request).get_territory_trip()

    def action_replan(self):
        """The button of the form: plan from what the trip itself says.

        Stops that were added by hand, must be visited, are locked or have an appointment
        stay; whoever else is worth it on the way is added.
        """
        for trip in self:
            trip._check_open()
            request = trip._request()
            if not trip._kept_place("start") and not request.home:
                raise UserError(
                    self.env._(
                        "Where trip “%(trip)s” starts is not known. Choose “Starts At "
                        "Contact” with a place on the map, or have “Starts From” of "
                        "%(rep)s entered under Sales Teams.",
                        trip=trip.name,
                        rep=trip.user_id.display_name,
                    )
                )
            requests.check_hours(self.env, request.hour_from, request.hour_to)
            removed = [
                row["account"]
                for row in trip.left_out or []
                if row.get("reason") == "removed" and row.get("account")
            ]
            request.without = removed
            trip._plan(request)

    @api.readonly
    def get_territory_trip(self):
        """The trip as the Route panel shows it: days, stops, who was left out, why."""
        self.ensure_one()
        self.check_access("read")
        return store.read(self, self._request())

    # -------------------------------------------------------------------- planning
    @api.model
    def _own_draft(self, trip_id):
        """A trip that exists, may be changed and is not over.

        :raises UserError: if not
        """
        number = client.record_id(self.env, trip_id, self.env._("Trip"))
        trip = self.search([("id", "=", number)])
        if not trip:
            raise UserError(
                self.env._("This trip is gone or not yours. Plan a new one.")
            )
        trip._check_open()
        return trip

    def _check_open(self):
        self.ensure_one()
        self.check_access("write")
        if self.state not in OPEN:
            raise UserError(
                self.env._(
                    "Trip “%(trip)s” is over. Choose an open one, or a new one.",
                    trip=self.name,
                )
            )

    @api.model
    def _plan_name(self, request):
        if request.round_trip:
            return self.env._("From %(start)s", start=request.start.name)
        return f"{request.start.name} → {request.end.name}"

    @api.model
    def _request_values(self, request):
        """What of a request the trip itself keeps."""
        partners = {}
        for name, place in (("start", request.start), ("end", request.end)):
            account = self.env["territory.account"].browse(place.account_id or [])
            partners[f"{name}_partner_id"] = account.partner_id.id
            partners[f"{name}_place"] = place.name
            partners[f"{name}_latitude"] = place.latitude
            partners[f"{name}_longitude"] = place.longitude
        return {
            **partners,
            "date": request.dates[0],
            "date_end": request.dates[-1],
            "tz": request.tz,
            "hour_from": request.hour_from,
            "hour_to": request.hour_to,
            "lunch_minutes": request.lunch_minutes,
            "night": request.night,
            "priority": request.priority,
            "max_detour_km": request.max_detour_km,
        }

    def _request(self):
        """The request a trip was planned from, for its times and sentences."""
        self.ensure_one()
        user, company = self.user_id, self.company_id
        home = requests.home_of(company, user)
        tz = self.tz or user.tz or company._territory_timezone()
        start = self._kept_place("start") or home
        start = start or requests.Place(self.env._("Start"), 0.0, 0.0)
        last = self.date_end or self.date
        count = min((last - self.date).days + 1, requests.MOST_DAYS)
        return requests.TripRequest(
            company=company,
            user=user,
            start=start,
            end=self._kept_place("end") or start,
            home=home,
            dates=[fields.Date.add(self.date, days=day) for day in range(count)],
            tz=tz,
            hour_from=self.hour_from,
            hour_to=self.hour_to,
            lunch_minutes=self.lunch_minutes,
            night=self.night,
            priority=self.priority,
            max_detour_km=self.max_detour_km,
        )

    def _kept_place(self, name):
        """Where the trip itself says it starts or ends: a contact's place, a point."""
        partner = self[f"{name}_partner_id"]
        place = partner.partner_latitude, partner.partner_longitude
        if place != (0.0, 0.0) and abs(place[0]) <= 90 and abs(place[1]) <= 180:
            return requests.Place(partner.display_name, *place)
        place = self[f"{name}_latitude"], self[f"{name}_longitude"]
        if place == (0.0, 0.0):
            return None
        return requests.Place(self[f"{name}_place"] or "", *place)

    def _plan(self, request, progress=None):
        """Plan the trip, or a new one, and save it: candidates, arrays, engine, records.

        :return: the trip; nothing is written if there is none
        """
        days, notes = self._working_days(request, but=self.stop_ids.event_id)
        if not days:
            raise UserError(
                self.env._(
                    "%(rep)s has no time for a trip on these days. Choose others, or "
                    "longer hours.\n%(notes)s",
                    rep=request.user.display_name,
                    notes="\n".join(notes),
                )
            )
        visits, excluded, found = self._visits(request, days)
        arrays = TripArrays(request, days, visits, self._towns(request, visits))
        plan = self._solve(arrays, notes, progress)
        notes += self._plan_notes(request, found)
        if arrays.cut_short:
            notes.append(
                self.env._(
                    "The search was ended after %(tried)s changes because it took too "
                    "long: at most %(gap)s %% more would be possible.",
                    tried=plan.iterations,
                    gap=round(100 * plan.gap),
                )
            )
        trip = self._kept(request)
        store.save(trip, arrays, plan, notes, store.left_out(arrays, plan, excluded))
        return trip

    def _kept(self, request):
        """The trip with what a request says, created if need be."""
        values = self._request_values(request)
        if self:
            self.write(values)
            return self
        return self.create(
            {
                "name": self._plan_name(request),
                "company_id": request.company.id,
                "user_id": request.user.id,
                **values,
            }
        )

    def _solve(self, arrays, notes, progress):
        """The engine's plan; meetings that cannot be kept are named and let go."""
        while True:
            try:
                return arrays.solve(progress=progress)
            except engine.TripInfeasible as error:
                here = [arrays.visit(node) for node in error.nodes]
                meetings = [v for v in here if v.appointment and not v.stop_id]
                if not meetings:
                    raise self._infeasible(arrays, here) from None
                for visit in meetings:
                    visit.must, visit.appointment, visit.worth = False, None, 0.0
                    notes.append(
                        self.env._(
                            "The meeting at %(name)s cannot be reached in time from "
                            "where this trip starts and ends: it is not on the trip.",
                            name=visit.name,
                        )
                    )
            except ValueError:
                raise self._too_far(arrays) from None

    def _infeasible(self, arrays, visits):
        names = ", ".join(f"“{visit.name}”" for visit in visits[:5])
        return UserError(
            self.env._(
                "These visits cannot all be made within the hours of this trip: "
                "%(names)s. Take one out, or give the trip longer hours or more days.",
                names=names,
            )
        )

    def _too_far(self, arrays):
        """Why there is no trip at all: the way alone takes longer than a day."""
        starts, ends = arrays.ends()
        for day, first, last in zip(arrays.days, starts, ends, strict=True):
            way = arrays.duration[first, last]
            if way > day.minutes:
                return UserError(
                    self.env._(
                        "%(date)s: the way from %(start)s to %(end)s alone takes "
                        "%(way)s hours, the day has %(day)s. Begin earlier, end later, "
                        "or spend the nights on the road.",
                        date=day.date,
                        start=arrays.place(first).name,
                        end=arrays.place(last).name,
                        way=round(way / 60, 1) if np.isfinite(way) else "∞",
                        day=round(day.minutes / 60, 1),
                    )
                )
        return UserError(
            self.env._(
                "No trip fits into these days. Choose more days or longer hours, or a "
                "start and an end that are closer."
            )
        )

    # ------------------------------------------------------------------ candidates
    def _visits(self, request, days):
        """What the engine may choose from: stops that stay, meetings, candidates.

        :return: visits, a list of ``(visit, reason)`` of who is not asked, and the
            ``Candidates``
        """
        kept = self._kept_stops()
        must = list(request.must)
        first = list(dict.fromkeys([*must, *kept.account_id.ids, *request.first]))
        found = candidates.gather(request, first=first)
        self._check_named(request, found)
        taken = self._taken(request, but=self)
        out = set(request.without)
        by_partner, excluded = {}, []
        for row in range(len(found)):
            visit = self._candidate_visit(found, row)
            why = found.why[row]
            if visit.account_id in out:
                why = "removed"
            elif visit.account_id in taken:
                why = "other_trip"
            visit.must = visit.account_id in must
            if why and not visit.must and visit.partner_id not in kept.partner_id.ids:
                excluded.append((visit, why))
                continue
            by_partner[visit.partner_id] = visit
        most = sum(visit.worth for visit in by_partner.values()) + 1.0
        for visit in by_partner.values():
            if visit.account_id in request.first:
                visit.bonus = most
        for stop in kept:
            self._merge_stop(by_partner, stop, days)
        for day in days:
            for meeting in day.appointments:
                self._merge_meeting(by_partner, meeting)
        return list(by_partner.values()), excluded, found

    def _kept_stops(self):
        """Stops that stay whatever the engine says."""
        return self.stop_ids.filtered(
            lambda stop: (
                stop.must_visit
                or stop.locked
                or stop.appointment
                or not stop.day_id
                or stop.state != "planned"
            )
        )

    @api.model
    def _candidate_visit(self, found, row):
        return Visit(
            account_id=int(found.id[row]),
            partner_id=found.partner_id[row],
            name=found.name[row] or "",
            city=found.city[row] or "",
            latitude=float(found.latitude[row]),
            longitude=float(found.longitude[row]),
            service=float(found.service[row]),
            worth=float(found.worth[row]),
            value_visit=float(found.value_visit[row]),
            value_risk=float(found.value_risk[row]),
            days_since=float(found.days_since[row]),
        )

    @api.model
    def _merge_stop(self, by_partner, stop, days):
        """A stop of the trip as it is: its own time there, hours and appointment."""
        visit = by_partner.get(stop.partner_id.id) or self._stop_visit(stop)
        if visit is None:
            return
        visit.must, visit.stop_id = True, stop.id
        if stop.service_hours:
            visit.service = 60.0 * stop.service_hours
        visit.opens, visit.closes = stop.opens, stop.closes
        inside = [
            day for day in days if stop.appointment and 0 <= day.at(stop.appointment)
        ]
        if stop.appointment and inside:
            visit.appointment = stop.appointment
        elif stop.locked and stop.arrival:
            visit.around = stop.arrival
        by_partner[visit.partner_id] = visit

    @api.model
    def _stop_visit(self, stop):
        """A stop that is no candidate: where its customer is, or None if nowhere."""
        place = stop.partner_id.partner_latitude, stop.partner_id.partner_longitude
        if place == (0.0, 0.0) or abs(place[0]) > 90 or abs(place[1]) > 180:
            return None
        return Visit(
            account_id=stop.account_id.id or None,
            partner_id=stop.partner_id.id,
            name=stop.partner_id.display_name,
            city=stop.city or "",
            latitude=place[0],
            longitude=place[1],
            service=60.0 * stop.company_id.territory_service_hours,
            worth=stop.value,
            value_visit=stop.value_visit,
            value_risk=stop.value_risk,
        )

    @api.model
    def _merge_meeting(self, by_partner, meeting):
        length = (meeting.stop - meeting.start).total_seconds() / 60.0
        visit = by_partner.get(meeting.partner_id)
        if visit is None:
            visit = Visit(
                account_id=None,
                partner_id=meeting.partner_id,
                name=meeting.name,
                city="",
                latitude=meeting.latitude,
                longitude=meeting.longitude,
                service=length,
            )
        visit.must, visit.appointment = True, meeting.start
        visit.service, visit.event_id = length, meeting.event_id
        by_partner[meeting.partner_id] = visit

    @api.model
    def _check_named(self, request, found):
        """Say of accounts that must be visited and cannot what is to be done.

        :raises UserError: if there are any
        """
        missing = set(request.must) - set(found.id.tolist())
        if not missing:
            return
        accounts = self.env["territory.account"].search([("id", "in", list(missing))])
        nowhere = accounts.filtered(lambda one: one.location_quality != "given")
        if nowhere:
            raise UserError(
                self.env._(
                    "“%(account)s” has no place on the map, so no trip can go there. "
                    "Fix its address under Places, or take it off “Must be visited”.",
                    account=nowhere[0].name,
                )
            )
        raise UserError(
            self.env._(
                "%(count)s of the accounts that must be visited are gone or not yours. "
                "Choose again.",
                count=len(missing),
            )
        )

    @api.model
    def _taken(self, request, but=None):
        """Ids of accounts that another trip of these weeks visits already."""
        # sudo: that an account is on a colleague's trip is told, nothing else of it
        stops = (
            self.env["territory.trip.stop"]
            .sudo()
            .search(
                [
                    ("company_id", "=", request.company.id),
                    ("account_id", "!=", False),
                    ("state", "!=", "skipped"),
                    ("trip_id", "not in", but.ids if but else []),
                    (
                        "trip_id.date",
                        ">=",
                        fields.Date.add(request.dates[0], days=-APART),
                    ),
                    (
                        "trip_id.date",
                        "<=",
                        fields.Date.add(request.dates[-1], days=APART),
                    ),
                    "|",
                    ("trip_id.state", "in", ["planned", "done"]),
                    "&",
                    ("trip_id.state", "=", "draft"),
                    ("trip_id.user_id", "!=", request.user.id),
                ]
            )
        )
        return set(stops.account_id.ids)

    @api.model
    def _agreed_accounts(self, company, day):
        """Accounts with visits agreed for the month of a day that are still to be made."""
        month = day.replace(day=1)
        lines = self.env["territory.plan.line"].search(
            [
                ("company_id", "=", company.id),
                ("date_from", "=", month),
                ("user_id", "=", self.env.uid),
                ("plan_state", "=", "agreed"),
                ("visits_agreed", ">", 0),
            ]
        )
        # one visit is agreed to at least that has not been made this month
        due = lines.filtered(
            lambda line: (
                line.visits_agreed > 1
                or not line.account_id.last_visit_date
                or line.account_id.last_visit_date < month
            )
        )
        return due.account_id.ids[: candidates.KEPT_WEEK]

    @api.model
    def _towns(self, request, visits):
        """Where nights may be spent: the towns with the most candidates."""
        if request.night != "out" or len(request.dates) < 2:
            return []
        towns = {}
        for visit in visits:
            if visit.city:
                towns.setdefault(visit.city, []).append(
                    (visit.latitude, visit.longitude)
                )
        most = sorted(towns.items(), key=lambda item: (-len(item[1]), item[0]))
        return [
            requests.Place(name, *np.mean(places, axis=0).tolist())
            for name, places in most
        ]

    # ----------------------------------------------------------------------- words
    @api.model
    def _plan_notes(self, request, found):
        """What is not known and what to do about it."""
        notes = []
        if len(found) and not found.planned:
            notes.append(
                self.env._(
                    "No month has been planned yet, so what visits sell is not known. "
                    "Plan the month first, or go by potential."
                )
            )
        if len(found) and not found.effect_known and request.priority == "value":
            notes.append(
                self.env._(
                    "What visits do against losing customers is not known yet: the "
                    "value of a stop is what the visit sells."
                )
            )
        return notes

    @api.model
    def _candidate_rows(self, request, found, taken):
        currency = request.company.currency_id
        out = set(request.without)
        rows = []
        for row in range(len(found)):
            number = int(found.id[row])
            why = found.why[row]
            if number in out:
                why = "removed"
            elif number in taken:
                why = "other_trip"
            since = float(found.days_since[row])
            rows.append(
                {
                    "id": number,
                    "name": found.name[row] or "",
                    "city": found.city[row] or "",
                    "lat": float(found.latitude[row]),
                    "lon": float(found.longitude[row]),
                    "detour_km": round(float(found.detour_km[row]), 1),
                    "detour_minutes": round(float(found.detour[row]), 1),
                    "service_minutes": round(float(found.service[row])),
                    "value": round(float(found.value[row]), 2),
                    "value_visit": round(float(found.value_visit[row]), 2),
                    "value_risk": round(float(found.value_risk[row]), 2),
                    "worth": round(float(found.worth[row]), 2),
                    "per_minute": round(float(found.per_minute[row]), 4),
                    "potential_gap": float(found.potential_gap[row]),
                    "churn_money": float(found.churn_money[row]),
                    "churn_risk": float(found.churn_risk[row]),
                    "days_since": round(since) if np.isfinite(since) else False,
                    "why_not": reasons.of_left_out(
                        self.env, currency, {"reason": why}, 0.0, request.priority
                    ),
                }
            )
        return rows


def _place_words(place):
    return {
        "name": place.name,
        "lat": place.latitude,
        "lon": place.longitude,
        "account": place.account_id or False,
    }
