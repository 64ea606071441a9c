"""What the price lists in force ask, for many order lines at once.

Asking a price list for every line would take an hour for a million of them. A list's rules
change its price only at their least quantities and at their dates; between two of
these the price of a product is the same. So each product is asked for once per list,
step of quantity and period, by Odoo's own code, which knows every kind of rule.
"""

from dataclasses import dataclass

import numpy as np

#: Products asked for at a time: Odoo looks at every rule of any of them for each.
CHUNK = 100


@dataclass
class _Steps:
    """Where a price list's prices change: ``quantity``, rising; ``moment``, datetime64[s]."""

    quantity: np.ndarray
    moment: np.ndarray


def expected(company, lines):
    """Return the price of each line by the price list of its order.

    Rules count as they are now, with the dates written in them; a price list in another
    currency is converted by the rate of the month. Without a price list it is the
    product's list price.

    :param lines: :class:`~._prices.PriceLines`
    :return: ``price (m,)`` per product unit in company currency, NaN where there is none;
        ``stepped (m,)``: whether the list knows discounts for quantity
    """
    price = np.full(len(lines), np.nan)
    stepped = np.zeros(len(lines), dtype=bool)
    env = company.with_company(company).env
    products = env["product.product"].browse(np.unique(lines.product).tolist())
    for number in np.unique(lines.pricelist).tolist():
        own = np.flatnonzero(lines.pricelist == number)
        pricelist = (
            env["product.pricelist"]
            .with_context(active_test=False)
            .browse(number or ())
        )
        steps = _steps(pricelist, lines.moment[own], products)
        stepped[own] = len(steps.quantity) > 0
        price[own] = _of_list(company, pricelist, steps, lines, own, products)
    return price, stepped


def _steps(pricelist, moment, products):
    """Where prices of a list, and of those it is based on, change."""
    rules, todo, seen = pricelist.env["product.pricelist.item"], pricelist, pricelist
    while todo:
        found = rules.search([("pricelist_id", "in", todo.ids)])
        rules |= found
        todo = found.base_pricelist_id - seen
        seen |= todo
    quantity = {rule.min_quantity for rule in rules if rule.min_quantity > 0}
    dates = {
        date for rule in rules for date in (rule.date_start, rule.date_end) if date
    }
    moments = np.array(sorted(dates), dtype="datetime64[s]")
    company = pricelist.env.company.currency_id
    if (seen.currency_id | products.currency_id) - company and len(moment):
        months = np.arange(
            moment.min().astype("datetime64[M]"),
            moment.max().astype("datetime64[M]") + 2,
        ).astype("datetime64[s]")
        moments = np.union1d(moments, months)
    return _Steps(np.array(sorted(quantity)), moments)


def _of_list(company, pricelist, steps, lines, own, products):
    """Prices ``(k,)`` of the lines ``own`` that are of one price list."""
    level = np.searchsorted(steps.quantity, lines.quantity[own], side="right")
    period = np.searchsorted(steps.moment, lines.moment[own], side="right")
    known, product = np.unique(lines.product[own], return_inverse=True)
    group = level * (len(steps.moment) + 1) + period
    asked, first, back = np.unique(
        group * len(known) + product, return_index=True, return_inverse=True
    )
    found = np.full(len(asked), np.nan)
    group = asked // max(len(known), 1)
    for code in np.unique(group).tolist():
        rows = np.flatnonzero(group == code)
        sample = own[first[rows[0]]]
        # anything between two steps does, the step itself is the safest
        step = level[first[rows[0]]]
        least = steps.quantity[step - 1] if step else _below(steps.quantity)
        moment = lines.moment[sample].astype("datetime64[s]").item()
        for begin in range(0, len(rows), CHUNK):
            some = rows[begin : begin + CHUNK]
            ids = known[asked[some] % len(known)].tolist()
            answer = pricelist._compute_price_rule(
                products.browse(ids).with_prefetch(products._prefetch_ids),
                least,
                currency=company.currency_id,
                date=moment,
            )
            found[some] = [answer[product_id][0] for product_id in ids]
    found[found <= 0] = np.nan
    return found[back]


def _below(quantity):
    """A quantity below all steps."""
    return min(1.0, quantity[0] / 2) if len(quantity) else 1.0
