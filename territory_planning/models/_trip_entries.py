"""What a phone sends about a stop, made safe, and what it changes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from odoo import fields
from odoo.exceptions import UserError

from . import _client_values as client

#: entries of one call
MOST = 100
NOTE, REASON = 1000, 200
#: clocks of phones that differ by less are right
CLOCK = timedelta(minutes=2)
#: entries older than this are no news
OLDEST = timedelta(days=90)
#: fields of a stop that tell whether it is still as the phone saw it
SEEN = {
    "check_in": ("state",),
    "outcome": ("state", "outcome"),
    "skipped": ("state", "arrival"),
    "postponed": ("state", "arrival"),
    "undone": ("state",),
}


@dataclass
class Entry:
    """One entry: ``values`` is what it writes on the stop, ``seen`` what it builds on."""

    uuid: str
    kind: str
    stop_id: int
    at: datetime
    values: dict
    seen: dict
    force: bool
    postponed_to: date | None = None


def clean(env, data, outcomes):
    """Make an entry from what was sent.

    :param outcomes: the outcomes there are
    :raises UserError: naming what is wrong
    :rtype: Entry
    """
    data = client.mapping(env, data, env._("Entry"))
    kind = client.choice(env, data.get("kind"), env._("Kind of Entry"), SEEN)
    at = _moment(env, data)
    entry = Entry(
        uuid=client.identifier(env, data.get("uuid"), env._("Id of the Entry")),
        kind=kind,
        stop_id=client.record_id(env, data.get("stop_id"), env._("Stop")),
        at=at,
        values={},
        seen=_seen(env, data.get("seen"), kind),
        force=data.get("force") is True,
    )
    if kind == "check_in":
        entry.values = {"state": "there", "check_in": at, **_place(env, data)}
    elif kind == "outcome":
        entry.values = {
            "state": "done",
            "outcome": client.choice(
                env, data.get("outcome"), env._("Outcome"), outcomes
            ),
            "outcome_note": client.text(env, data.get("note"), env._("Note"), NOTE),
            "check_out": at,
        }
    elif kind == "skipped":
        entry.values = {"state": "skipped", "skip_reason": _reason(env, data)}
    elif kind == "postponed":
        to = data.get("to")
        entry.postponed_to = client.day(env, to, env._("Postponed To"))
        if entry.postponed_to < at.date():
            raise UserError(
                env._(
                    "“Postponed To” is %(day)s, which is over. Choose a later day.",
                    day=to,
                )
            )
        entry.values = {
            "state": "skipped",
            "skip_reason": _reason(env, data),
            "postponed_to": entry.postponed_to,
        }
    else:
        entry.values = NOTHING_HAPPENED
    return entry


#: a stop at which nothing has happened yet; a place that was told is forgotten
NOTHING_HAPPENED = {
    "state": "planned",
    "check_in": False,
    "check_out": False,
    "check_in_latitude": 0.0,
    "check_in_longitude": 0.0,
    "check_in_accuracy": 0.0,
    "outcome": False,
    "outcome_note": False,
    "skip_reason": False,
    "postponed_to": False,
}


def _reason(env, data):
    return client.text(env, data.get("reason"), env._("Reason"), REASON)


def _moment(env, data):
    """When it was entered, by the server's clock.

    A phone whose clock is wrong says what it thinks the time is when it sends, and is
    corrected by the difference.
    """
    now = fields.Datetime.now()
    label = env._("Time of the Entry")
    at = client.moment(env, data.get("at"), label)
    if data.get("sent"):
        off = now - client.moment(env, data["sent"], env._("Time of Sending"))
        if abs(off) > CLOCK:
            at += off
    if not now - OLDEST <= at <= now + CLOCK:
        raise UserError(
            env._(
                "“%(label)s” is %(time)s UTC. Enter it again on a device whose clock is "
                "right, within %(days)s days.",
                label=label,
                time=fields.Datetime.to_string(at),
                days=OLDEST.days,
            )
        )
    return min(at, now)


def _place(env, data):
    """Where the rep is, only if the phone was allowed to tell."""
    place = data.get("place")
    if not place:
        return {}
    place = client.mapping(env, place, env._("Place"))
    labels = {
        "latitude": (env._("Latitude"), -90, 90),
        "longitude": (env._("Longitude"), -180, 180),
    }
    values = {
        f"check_in_{name}": client.number(env, place.get(name), label, low, high)
        for name, (label, low, high) in labels.items()
    }
    values["check_in_accuracy"] = client.number(
        env, place.get("accuracy") or 0, env._("Accuracy"), 0, 1e6
    )
    return values


def _seen(env, seen, kind):
    """What the phone showed of the fields that this kind of entry builds on."""
    if seen is None:
        return {}
    seen = client.mapping(env, seen, env._("Seen"))
    found = {}
    for name in SEEN[kind]:
        if name not in seen:
            continue
        value = seen[name]
        if value and name == "arrival":
            value = client.moment(env, value, env._("Seen"))
        elif value:
            value = client.text(env, value, env._("Seen"), 40)
        found[name] = value or False
    return found
