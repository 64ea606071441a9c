"""Writes a trip as the engine has planned or timed it, and reads it for a browser."""

import numpy as np

from odoo import fields

from . import _trip_reasons as reasons
from ._client_values import as_text
from ._trip_request import time_text

#: accounts left out that are told of: those nearest to being worth it
TOLD = 100


def save(trip, arrays, found, notes, left_out):
    """Keep days, stops and results of a trip whose order is known.

    :param found: an ``engine.trip`` plan or timing: ``routes``, ``arrival``, ``breaks``
    :param notes: sentences about what is uncertain or was in the way
    :param left_out: a list as ``territory.trip.left_out`` keeps it
    """
    days = _save_days(trip, arrays, found)
    # all stops first, then their meetings at once
    quiet = trip.with_context(territory_in_step=True)
    stops = _save_stops(quiet, arrays, found, days).with_env(trip.env)
    trip._sync_meetings(stops)
    notes = [*notes, *_travel_notes(trip, arrays)]
    trip.write(
        {
            **totals(days),
            "value_per_minute": _price(arrays, found),
            "gap": getattr(found, "gap", trip.gap),
            "travel_source": arrays.matrix.source,
            "travel_note": "\n".join(notes),
            "planned_at": fields.Datetime.now(),
            "left_out": left_out,
        }
    )
    return stops


def totals(days):
    """What a trip has in sum of its days."""
    return {
        name: sum(days.mapped(name))
        for name in ("expected_value", "distance_km", "drive_hours", "visit_hours")
    }


def _travel_notes(trip, arrays):
    """How sure the drives are, and what a road engine has to say for itself."""
    matrix, notes = arrays.matrix, []
    if matrix.estimated.any():
        notes.append(
            trip.env._(
                "Drives are estimated from straight lines: eight of ten take %(low)s to "
                "%(high)s times as long.",
                low=round(matrix.low, 2),
                high=round(matrix.high, 2),
            )
        )
    if matrix.fallback:
        notes.append(matrix.fallback)
    return notes


def _save_days(trip, arrays, found):
    """The days of the trip, one record each, in order."""
    known = {day.date: day for day in trip.day_ids}
    kept = trip.env["territory.trip.day"]
    for index, working in enumerate(arrays.days):
        values = day_values(arrays, found, index, working)
        day = known.get(working.date)
        if day:
            day.write(values)
        else:
            day = kept.create({"trip_id": trip.id, **values})
        kept |= day
    (trip.day_ids - kept).unlink()
    return kept


def day_values(arrays, found, index, working):
    """What a day of a trip keeps of its route."""
    route, arrival = found.routes[index], found.arrival[index]
    first, last = arrays.place(route[0]), arrays.place(route[-1])
    before, after = np.array(route[:-1]), np.array(route[1:])
    legs = arrays.duration[before, after]
    visits = [arrays.visit(node) for node in route[1:-1]]
    pause = found.breaks[index]
    length = arrays.request.lunch_minutes
    night = {}
    if not arrays.settled:
        night["night_out"] = index + 1 < len(arrays.days) and arrays.is_night(route[-1])
    return {
        **night,
        "date": working.date,
        "time_from": working.begin,
        "time_to": working.moment(_finite(arrival[-1])),
        "start_name": first.name,
        "start_latitude": first.latitude,
        "start_longitude": first.longitude,
        "end_name": last.name,
        "end_latitude": last.latitude,
        "end_longitude": last.longitude,
        "lunch_from": working.moment(pause[1]) if pause else False,
        "lunch_to": working.moment(pause[1] + length) if pause else False,
        "back_km": _finite(arrays.distance[route[-2], route[-1]]),
        "back_minutes": _finite(legs[-1]),
        "distance_km": _finite(arrays.distance[before, after].sum()),
        "drive_hours": _finite(legs.sum()) / 60.0,
        "visit_hours": sum(visit.service for visit in visits) / 60.0,
        "expected_value": sum(visit.value for visit in visits),
        "geometry": False,
    }


def _save_stops(trip, arrays, found, days):
    """The stops in order; those that are no longer on the trip go."""
    known = {stop.partner_id.id: stop for stop in trip.stop_ids}
    kept = trip.env["territory.trip.stop"]
    new, sequence = [], 0
    for index, (route, day) in enumerate(zip(found.routes, days, strict=True)):
        for place in range(1, len(route) - 1):
            sequence += 1
            visit = arrays.visit(route[place])
            values = {
                "sequence": sequence,
                "day_id": day.id,
                **stop_values(trip, arrays, found, index, place),
            }
            stop = known.get(visit.partner_id)
            if stop:
                stop.write(values)
                kept |= stop
            else:
                new.append(
                    {
                        "trip_id": trip.id,
                        "partner_id": visit.partner_id,
                        "account_id": visit.account_id or False,
                        "must_visit": visit.must and not visit.appointment,
                        **values,
                    }
                )
    (trip.stop_ids - kept).filtered(lambda stop: stop.state == "planned").unlink()
    return kept | kept.create(new)


def stop_values(trip, arrays, found, index, place):
    """What a stop of a trip keeps: times, drive, worth and reason."""
    route, arrival = found.routes[index], found.arrival[index]
    working = arrays.days[index]
    before, node = route[place - 1], route[place]
    visit = arrays.visit(node)
    begin = _finite(arrival[place])
    gone = arrival[place - 1]
    if place > 1:
        gone += arrays.visit(before).service
    drive = _finite(arrays.duration[before, node])
    lunch = found.breaks[index]
    ate = arrays.request.lunch_minutes if lunch and lunch[0] == place else 0.0
    detour = arrays.detour(route, place)
    currency = trip.currency_id
    values = {
        "latitude": visit.latitude,
        "longitude": visit.longitude,
        "arrival": working.moment(begin),
        "departure": working.moment(begin + visit.service),
        "service_hours": visit.service / 60.0,
        "drive_minutes": drive,
        "drive_km": _finite(arrays.distance[before, node]),
        "wait_minutes": max(begin - gone - drive - ate, 0.0),
        "value": visit.value,
        "value_visit": visit.value_visit,
        "value_risk": visit.value_risk,
        "detour_minutes": detour,
        "value_per_minute": visit.worth / max(detour, 1.0),
        "reason": reasons.of_stop(trip.env, currency, arrays.request, visit, detour),
    }
    if visit.appointment:
        values["appointment"] = visit.appointment
    if visit.event_id:  # somebody's meeting, which the stop follows
        values["event_id"] = visit.event_id
    return values


def _price(arrays, found):
    """What the least worthwhile stop brings a minute; those that must be do not count."""
    prices = [
        arrays.visit(node).worth / max(arrays.detour(route, place), 1.0)
        for route in found.routes
        for place, node in enumerate(route)
        if 0 < place < len(route) - 1 and not arrays.visit(node).must
    ]
    return min(prices, default=0.0)


def left_out(arrays, found, excluded):
    """What is kept of who is not on the trip, the nearest to being worth it first.

    :param excluded: a list of ``(visit, reason)`` that were no candidates
    """
    rows = [
        _left_row(arrays.visit(one.node), one.reason, one.detour)
        for one in found.left_out
        if one.node >= arrays.first
    ]
    rows.sort(key=lambda row: -row["price"])
    return [*(_left_row(visit, reason) for visit, reason in excluded), *rows][:TOLD]


def _left_row(visit, reason, minutes=0.0):
    minutes = _finite(minutes)
    return {
        "account": visit.account_id,
        "value": round(visit.worth, 2),
        "detour": round(max(minutes - visit.service, 0.0), 1),
        "minutes": round(minutes, 1),
        "price": round(visit.worth / max(minutes, 1.0), 4),
        "reason": reason,
    }


def _finite(value):
    value = float(value)
    return value if np.isfinite(value) else 0.0


# ------------------------------------------------------------------------ reading
def read(trip, request, troubles=()):
    """A trip as the Route panel shows it, in plain values."""
    env, tz = trip.env, request.tz
    rows = trip.left_out or []
    known = env["territory.account"].search(
        [("id", "in", [row["account"] for row in rows if row.get("account")])]
    )
    accounts = {account.id: account for account in known}
    currency = trip.currency_id
    return {
        "id": trip.id,
        "name": trip.name,
        "state": trip.state,
        "user": {"id": trip.user_id.id, "name": trip.user_id.display_name},
        "company_id": trip.company_id.id,
        "currency_id": currency.id,
        "date": as_text(trip.date),
        "date_end": as_text(trip.date_end or trip.date),
        "priority": trip.priority,
        "expected_value": trip.expected_value,
        "distance_km": trip.distance_km,
        "drive_hours": trip.drive_hours,
        "visit_hours": trip.visit_hours,
        "value_per_minute": trip.value_per_minute,
        "gap": trip.gap,
        "travel_source": trip.travel_source or "",
        "notes": [line for line in (trip.travel_note or "").split("\n") if line],
        "planned_at": as_text(trip.planned_at),
        "troubles": list(troubles),
        "days": [_read_day(day, tz) for day in trip.day_ids.sorted("date")],
        "left_out": [
            {
                "account": row["account"],
                "name": accounts[row["account"]].name,
                "city": accounts[row["account"]].city or "",
                "lat": accounts[row["account"]].latitude,
                "lon": accounts[row["account"]].longitude,
                "value": row.get("value") or 0.0,
                "minutes": row.get("minutes") or 0.0,
                "reason": reasons.of_left_out(
                    env, currency, row, trip.value_per_minute, trip.priority
                ),
            }
            for row in rows
            if row.get("account") in accounts
        ],
    }


def _read_day(day, tz):
    def at(moment):
        return time_text(tz, moment) if moment else ""

    return {
        "id": day.id,
        "date": as_text(day.date),
        "time_from": at(day.time_from),
        "time_to": at(day.time_to),
        "start": {
            "name": day.start_name or "",
            "lat": day.start_latitude,
            "lon": day.start_longitude,
        },
        "end": {
            "name": day.end_name or "",
            "lat": day.end_latitude,
            "lon": day.end_longitude,
        },
        "night_out": day.night_out,
        "lunch_from": at(day.lunch_from),
        "lunch_to": at(day.lunch_to),
        "back_minutes": day.back_minutes,
        "back_km": day.back_km,
        "distance_km": day.distance_km,
        "drive_hours": day.drive_hours,
        "visit_hours": day.visit_hours,
        "value": day.expected_value,
        "geometry": day.geometry or False,
        "stops": [
            {
                "id": stop.id,
                "account": stop.account_id.id,
                "partner": stop.partner_id.id,
                "name": stop.partner_id.display_name,
                "city": stop.city or "",
                "lat": stop.latitude,
                "lon": stop.longitude,
                "arrival": at(stop.arrival),
                "departure": at(stop.departure),
                "drive_minutes": stop.drive_minutes,
                "drive_km": stop.drive_km,
                "wait_minutes": stop.wait_minutes,
                "service_minutes": 60.0 * stop.service_hours,
                "value": stop.value,
                "value_visit": stop.value_visit,
                "value_risk": stop.value_risk,
                "detour_minutes": stop.detour_minutes,
                "value_per_minute": stop.value_per_minute,
                "reason": stop.reason or "",
                "must": stop.must_visit,
                "locked": stop.locked,
                "appointment": at(stop.appointment),
                "state": stop.state,
            }
            for stop in day.stop_ids.sorted("sequence")
        ],
    }
