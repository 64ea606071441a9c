"""A trip as files: iCalendar (RFC 5545) and GPX 1.1."""

from lxml import etree

from odoo import fields

from .territory_trip_calendar import SETTLED

GPX = "http://www.topografix.com/GPX/1/1"
#: octets of a line of iCalendar
LINE = 75
PRODUCT = "-//OCA//territory_planning//EN"


# ---------------------------------------------------------------------- iCalendar
def calendar(trip, database):
    """The visits of a trip for any calendar.

    Each visit has the same UID in every file, also where a replan has made its stop
    anew: that of the trip and the customer, who is on it once. SEQUENCE grows with each
    change of the trip's times, and what is no longer visited is told as cancelled.

    :param database: the database's own id, which makes UIDs unique in the world
    :rtype: bytes
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(trip.name)}",
    ]
    stamp = fields.Datetime.now()
    for visit in visits(trip):
        status = visit["status"]
        lines += [
            "BEGIN:VEVENT",
            f"UID:territory-trip-{trip.id}-{visit['partner']}@{database}",
            f"DTSTAMP:{utc(stamp)}",
            f"SEQUENCE:{trip.calendar_revision}",
            f"DTSTART:{utc(visit['start'])}",
            f"DTEND:{utc(visit['stop'])}",
            f"SUMMARY:{escaped(visit['name'])}",
            f"STATUS:{status}",
            f"TRANSP:{'TRANSPARENT' if status == 'CANCELLED' else 'OPAQUE'}",
        ]
        for name in ("location", "description"):
            if visit[name]:
                lines.append(f"{name.upper()}:{escaped(visit[name])}")
        latitude, longitude = visit["place"]
        if latitude or longitude:
            lines.append(f"GEO:{latitude:.6f};{longitude:.6f}")
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def visits(trip):
    """What a calendar is told: the stops with a time, and those that are cancelled."""
    on = "CONFIRMED" if trip.state in SETTLED else "TENTATIVE"
    found = []
    for stop in trip.stop_ids.filtered("arrival"):
        start, end = stop._meeting_times()
        lines = [stop._told_drive(), stop.reason, stop.note]
        dropped = trip.state == "cancelled" or stop.state == "skipped"
        found.append(
            {
                "partner": stop.partner_id.id,
                "name": trip.env._("Visit: %s", stop.partner_id.display_name),
                "start": start,
                "stop": end,
                "status": "CANCELLED" if dropped else on,
                "location": stop._told_address(),
                "description": "\n".join(line for line in lines if line),
                "place": stop._place(),
            }
        )
    told = {visit["partner"] for visit in found}
    for meeting in trip._own_meetings().filtered(lambda one: not one.active):
        if meeting.res_id not in told:
            told.add(meeting.res_id)
            found.append(
                {
                    "partner": meeting.res_id,
                    "name": meeting.name,
                    "start": meeting.start,
                    "stop": meeting.stop,
                    "status": "CANCELLED",
                    "location": meeting.location or "",
                    "description": "",
                    "place": (0.0, 0.0),
                }
            )
    return found


def utc(moment):
    """A moment in UTC: no file needs to know a zone, or when its clocks change."""
    return f"{moment:%Y%m%dT%H%M%SZ}"


def escaped(text):
    """A text as iCalendar has it; what cannot be shown is left out."""
    text = "".join(c for c in text if c.isprintable() or c == "\n")
    for char in ("\\", ";", ","):
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", "\\n")


def folded(line):
    """A line in pieces of at most 75 octets, none of which cuts a character."""
    pieces, piece, size = [], "", 0
    for char in line:
        width = len(char.encode())
        if size + width > LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece += char
        size += width
    return "\r\n".join([*pieces, piece])


# ---------------------------------------------------------------------------- GPX
def gpx(trip):
    """The way of a trip, a route for each day, through start, stops and end.

    :return: bytes; None where no stop has a place
    """
    root = etree.Element(
        f"{{{GPX}}}gpx", version="1.1", creator="territory_planning", nsmap={None: GPX}
    )
    metadata = _child(root, "metadata")
    _child(metadata, "name", trip.name)
    stops = trip.stop_ids.filtered(
        lambda stop: stop.state != "skipped" and any(stop._place())
    )
    if not stops:
        return None
    for day in [*trip.day_ids.sorted("date"), trip.day_ids.browse()]:
        here = stops.filtered(lambda stop, day=day: stop.day_id == day)
        if not here:
            continue
        route = _child(root, "rte")
        date = fields.Date.to_string(day.date) if day else ""
        _child(route, "name", f"{trip.name} {date}")
        _end(route, day, "start")
        for stop in here.sorted(lambda one: (one.arrival or one.create_date, one.id)):
            point = _point(route, *stop._place())
            if stop.arrival:
                _child(point, "time", f"{stop.arrival.isoformat()}Z")
            _child(point, "name", stop.partner_id.display_name)
            _child(point, "desc", stop._told_address())
        _end(route, day, "end")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _end(route, day, end):
    place = day[f"{end}_latitude"], day[f"{end}_longitude"]
    if any(place):
        _child(_point(route, *place), "name", day[f"{end}_name"] or end)


def _point(route, latitude, longitude):
    point = _child(route, "rtept")
    point.set("lat", f"{latitude:.6f}")
    point.set("lon", f"{longitude:.6f}")
    return point


def _child(parent, name, text=None):
    child = etree.SubElement(parent, f"{{{GPX}}}{name}")
    if text:
        # XML has no way to write the others
        child.text = "".join(c for c in text if c.isprintable() or c == "\n")
    return child
