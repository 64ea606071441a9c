"""Why a customer is on a trip or is not, in one sentence with its figures."""

from odoo.tools import format_amount as _format_amount

from ._trip_request import time_text


def format_amount(env, amount, currency):
    """An amount, in whole units where it has three digits of them."""
    if abs(amount) >= 100:
        return _format_amount(env, round(amount), currency, trailing_zeroes=False)
    return _format_amount(env, amount, currency)


def measured(env, priority, amount):
    """An amount with what it measures, where that is not what the visit brings."""
    if priority == "potential":
        return env._("%(amount)s of potential a year", amount=amount)
    if priority == "risk":
        return env._("%(amount)s at risk", amount=amount)
    return amount


def of_stop(env, currency, request, visit, detour):
    """Why a visit is on the trip."""
    parts = []
    if visit.appointment:
        parts.append(
            env._(
                "Appointment at %(time)s", time=time_text(request.tz, visit.appointment)
            )
        )
    elif visit.must:
        parts.append(env._("To be visited in any case"))
    elif visit.account_id in request.first:
        parts.append(env._("Agreed for this month"))
    if visit.worth > 0:
        per_minute = visit.worth / max(detour, 1.0)
        parts.append(
            env._(
                "%(worth)s for +%(minutes)s min, %(rate)s a minute",
                worth=measured(
                    env, request.priority, format_amount(env, visit.worth, currency)
                ),
                minutes=round(detour),
                rate=format_amount(env, per_minute, currency),
            )
        )
    if visit.value_risk >= 0.005:
        parts.append(
            env._(
                "sells %(sells)s and keeps %(keeps)s",
                sells=format_amount(env, visit.value_visit, currency),
                keeps=format_amount(env, visit.value_risk, currency),
            )
        )
    if visit.days_since < 10_000:
        parts.append(
            env._("last visited %(days)s days ago", days=round(visit.days_since))
        )
    elif visit.account_id:
        parts.append(env._("no visit known yet"))
    return "; ".join(parts) + "."


def of_left_out(env, currency, entry, price, priority):
    """Why an account is not on the trip.

    :param entry: ``{value, detour, price, reason, minutes}`` as a trip keeps it
    :param price: what the least worthwhile stop of the trip brings a minute
    """
    minutes = round(entry.get("minutes") or 0)
    worth = measured(
        env, priority, format_amount(env, entry.get("value") or 0.0, currency)
    )
    figures = {
        "minutes": minutes,
        "worth": worth,
        "price": format_amount(env, price, currency),
    }
    reason = entry.get("reason")
    if reason == "no time":
        if price and (entry.get("price") or 0.0) <= price:
            return env._(
                "+%(minutes)s min for %(worth)s: below this trip's %(price)s a minute.",
                **figures,
            )
        return env._(
            "+%(minutes)s min for %(worth)s: no day has that much time left.", **figures
        )
    sentences = {
        "not worth it": env._(
            "+%(minutes)s min for %(worth)s: less than the way there costs.", **figures
        ),
        "no prize": env._("Nothing is expected of a visit now."),
        "unreachable": env._("Too far for any of these days, or no road leads there."),
        "closed": env._("Cannot be reached while it is open on any of these days."),
        "planned": env._("A visit is in the calendar already."),
        "other_trip": env._("On another trip of these weeks."),
        "interval": env._("Visited not long ago: “At Most” is kept to."),
        "removed": env._("Taken out by hand."),
        "late": env._("No longer fits into the day."),
    }
    return sentences.get(reason, "")


def of_trouble(env, request, arrays, trouble):
    """What is wrong with a day whose order was given, in one sentence."""
    if trouble.node >= arrays.first:
        name = arrays.visit(trouble.node).name
    else:
        name = arrays.place(trouble.node).name
    day = arrays.days[trouble.day].date
    minutes = round(trouble.amount) if trouble.amount < 1e6 else 0
    sentences = {
        "late": env._(
            "%(date)s: %(minutes)s minutes too late at %(name)s.",
            date=day,
            minutes=minutes,
            name=name,
        ),
        "closed": env._("%(date)s: %(name)s is closed then.", date=day, name=name),
        "over": env._(
            "%(date)s: back at %(name)s %(minutes)s minutes after the day ends.",
            date=day,
            minutes=minutes,
            name=name,
        ),
        "no road": env._(
            "%(date)s: no road to %(name)s is known.", date=day, name=name
        ),
        "lunch": env._(
            "%(date)s: lunch is %(minutes)s minutes too late.",
            date=day,
            minutes=minutes,
        ),
    }
    return sentences[trouble.kind]
