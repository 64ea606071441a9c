"""What reps did in a week: planned visits, other ones, and what came of them."""

from datetime import datetime, time

from odoo import fields


def balance(company, users, first, after):
    """Count each rep's visits of a week, and the orders of those visited.

    A visit is planned if it was a stop of a trip, and counts once it was checked in; any
    other meeting with a customer that is over is a visit that was made for another
    reason.

    :param users: the reps
    :param first, after: the days the week begins and is over
    :return: user id -> values of ``territory.trip.week``
    """
    env = company.env
    stops = env["territory.trip.stop"].search(
        [
            ("company_id", "=", company.id),
            ("user_id", "in", users.ids),
            ("day_id.date", ">=", first),
            ("day_id.date", "<", after),
            ("trip_id.state", "in", ["planned", "done"]),
        ]
    )
    done = stops.filtered(lambda stop: stop.state in ("there", "done"))
    meetings = _meetings(env, company, users, first, after)
    of_trips = set(stops.event_id.ids)
    visited = {user.id: env["res.partner"] for user in users}
    reactive = dict.fromkeys(users.ids, 0)
    for meeting, customer in meetings:
        if meeting.id not in of_trips:
            reactive[meeting.user_id.id] += 1
            visited[meeting.user_id.id] |= customer
    for stop in done:
        visited[stop.user_id.id] |= stop.partner_id.commercial_partner_id
    money = _orders(env, company, visited, first)
    return {
        user.id: {
            "planned_visits": len(done.filtered(lambda s, u=user: s.user_id == u)),
            "dropped_visits": len(
                (stops - done).filtered(lambda s, u=user: s.user_id == u)
            ),
            "reactive_visits": reactive[user.id],
            "expected_before": sum(
                done.filtered(lambda s, u=user: s.user_id == u).mapped("value")
            ),
            "brought": money[user.id],
        }
        for user in users
    }


def _meetings(env, company, users, first, after):
    """Meetings with customers that are over: the meeting and the customer, each once."""
    events = env["calendar.event"].search(
        [
            ("user_id", "in", users.ids),
            ("start", ">=", datetime.combine(first, time())),
            ("start", "<", datetime.combine(after, time())),
            ("stop", "<=", fields.Datetime.now()),
        ]
    )
    accounts = env["territory.account"].search(
        [
            ("company_id", "=", company.id),
            ("partner_id", "in", events.partner_ids.commercial_partner_id.ids),
        ]
    )
    known = accounts.partner_id
    for event in events:
        customers = event.partner_ids.commercial_partner_id & known
        if customers:
            yield event, customers[:1]


def _orders(env, company, visited, first):
    """Orders since the week began of the customers each rep visited, in company money."""
    partners = env["res.partner"].union(*visited.values())
    rows = env["sale.order"]._read_group(
        [
            ("company_id", "=", company.id),
            ("state", "=", "sale"),
            ("date_order", ">=", datetime.combine(first, time())),
            ("partner_id.commercial_partner_id", "in", partners.ids),
        ],
        ["partner_id", "currency_id"],
        ["amount_untaxed:sum"],
    )
    today = fields.Date.today()
    total = dict.fromkeys(partners.ids, 0.0)
    for partner, currency, amount in rows:
        customer = partner.commercial_partner_id.id
        if customer in total:
            total[customer] += currency._convert(
                amount, company.currency_id, company, today
            )
    return {
        user: sum(total[customer] for customer in customers.ids)
        for user, customers in visited.items()
    }
