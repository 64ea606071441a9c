"""What a browser or a phone sends, made safe.

Arguments of a call may be anything: text for a number, a list of a million, NaN. Each of
these functions answers with a plain value or raises a :class:`UserError` that names the
field and says what to give. ``label`` is the field's name for people, translated.
"""

import math
from datetime import UTC, datetime

from odoo import fields
from odoo.exceptions import UserError

ID_MAX = 2**31 - 1
UUID_MAX = 64
OLDEST, NEWEST = datetime(2000, 1, 1), datetime(2100, 1, 1)


def rows(env, value, label, limit):
    """A list of at most ``limit`` items."""
    if not isinstance(value, list | tuple):
        raise UserError(
            env._("“%(label)s” must be a list, not %(value)s.", **_told(label, value))
        )
    if len(value) > limit:
        raise UserError(
            env._(
                "“%(label)s” has %(count)s items; send %(limit)s at a time at most.",
                label=label,
                count=len(value),
                limit=limit,
            )
        )
    return list(value)


def mapping(env, value, label):
    """A dictionary whose keys are texts."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise UserError(
            env._(
                "“%(label)s” must be values with names, not %(value)s.",
                **_told(label, value),
            )
        )
    return value


def record_id(env, value, label):
    """A whole number that may be the id of a record."""
    if type(value) is not int or not 0 < value <= ID_MAX:
        raise UserError(
            env._(
                "“%(label)s” must be the number of a record, not %(value)s.",
                **_told(label, value),
            )
        )
    return value


def record_ids(env, value, label, limit):
    """Such numbers, each once, in the order given."""
    found = [record_id(env, item, label) for item in rows(env, value, label, limit)]
    return list(dict.fromkeys(found))


def number(env, value, label, low, high):
    """A finite number from ``low`` to ``high``; neither text nor truth is one."""
    good = type(value) in (int, float)
    # a whole number may be too large to be a float at all
    good = good and low <= value <= high and math.isfinite(value)
    if not good:
        raise UserError(
            env._(
                "“%(label)s” must be a number from %(low)s to %(high)s, not %(value)s.",
                low=f"{low:g}",
                high=f"{high:g}",
                **_told(label, value),
            )
        )
    return float(value)


def text(env, value, label, size, required=False):
    """A text of at most ``size`` characters, without blanks around it; "" for none."""
    if value is None or value is False:
        value = ""
    if not isinstance(value, str):
        raise UserError(
            env._("“%(label)s” must be a text, not %(value)s.", **_told(label, value))
        )
    value = "".join(c for c in value if c.isprintable() or c == "\n").strip()
    if len(value) > size:
        raise UserError(
            env._(
                "“%(label)s” has %(count)s characters; shorten it to %(size)s.",
                label=label,
                count=len(value),
                size=size,
            )
        )
    if required and not value:
        raise UserError(env._("“%(label)s” is empty. Enter something.", label=label))
    return value


def choice(env, value, label, options):
    """One of ``options``, texts."""
    if not isinstance(value, str) or value not in options:
        raise UserError(
            env._(
                "“%(label)s” must be one of %(options)s, not %(value)s.",
                options=", ".join(sorted(options)),
                **_told(label, value),
            )
        )
    return value


def identifier(env, value, label):
    """A name that the sender has made up for what it sends, like a UUID."""
    good = isinstance(value, str) and 8 <= len(value) <= UUID_MAX
    if not good or not all(c.isascii() and (c.isalnum() or c == "-") for c in value):
        raise UserError(
            env._(
                "“%(label)s” must be 8 to %(size)s letters, digits and hyphens, not "
                "%(value)s.",
                size=UUID_MAX,
                **_told(label, value),
            )
        )
    return value


def moment(env, value, label):
    """A time in UTC without its zone, to the second.

    ISO 8601 with an offset or "Z", or Odoo's own form, which is UTC.
    """
    found = _parsed(value)
    if found is not None and found.tzinfo:
        found = _in_utc(found)
    if found is None or not OLDEST <= found < NEWEST:
        raise UserError(
            env._(
                "“%(label)s” must be a time like 2030-01-31T08:30:00Z, not %(value)s.",
                **_told(label, value),
            )
        )
    return found.replace(microsecond=0)


def day(env, value, label):
    """A date."""
    if isinstance(value, str) and len(value) == 10:
        found = _parsed(value)
        if found is not None and OLDEST <= found < NEWEST:
            return found.date()
    raise UserError(
        env._(
            "“%(label)s” must be a date like 2030-01-31, not %(value)s.",
            **_told(label, value),
        )
    )


def as_text(value):
    """A date or time the way a browser reads it: with its zone; False for none."""
    if not value:
        return False
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    return fields.Date.to_string(value)


def _parsed(value):
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _in_utc(value):
    try:
        return value.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:  # the first or last day there is
        return None


def _told(label, value):
    """What was given, short enough to read."""
    shown = repr(value) if isinstance(value, str | int | float | bool) else None
    if shown is None:
        shown = type(value).__name__
    return {"label": label, "value": shown if len(shown) <= 40 else f"{shown[:39]}…"}
