"""One month on data not made for it: AdventureWorks' resellers through the ORM.

Loads ``aw_customers.csv``, ``aw_order_lines.csv.gz`` and ``aw_products.csv`` (Microsoft's
sample company, MIT licence, fictional) from a folder into a fresh database, opens this
month's plan and prints what it says, what it took and how many queries.

    dev/python benchmarks/adventureworks.py FOLDER
    dev/python benchmarks/adventureworks.py FOLDER --visits none --hours 60

What the data do not say is assumed, and printed:

- dates are moved forward by whole months, the last month becoming last month;
- no visits are recorded: each day on which a reseller ordered counts as one visit by
  the rep who took the order (``--visits none`` for none);
- a rep's hours are those that the visits of the last 12 months took (``--hours`` for a
  number of one's own).
"""

import argparse
import csv
import gzip
import os
import sys
import time
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT.parent / "shared" / "data"
FILES = ("aw_customers.csv", "aw_order_lines.csv.gz", "aw_products.csv")
DATABASE = "tp_adventureworks"
LARGEST_GAP = 1e-6
BATCH = 250
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
    "no_mail_to_attendees": True,
    "dont_notify": True,
    "skip_contact_description": True,
    "sale_no_log_for_new_lines": True,
    "install_mode": True,  # no accounting of a country
    "lang": "en_US",
    "tz": "America/New_York",
}
US = "United States"
#: AdventureWorks' sales territories within the United States; others are countries.
TERRITORIES = {
    "Northwest": "Washington,Oregon,Idaho,Montana,Wyoming",
    "Southwest": "California,Nevada,Arizona,Utah,Colorado,New Mexico",
    "Central": "Texas,Missouri,Illinois,Minnesota,Wisconsin,South Dakota",
    "Northeast": "Michigan,Ohio,Indiana,New York,Connecticut,Massachusetts,"
    "New Hampshire,Rhode Island,Maine",
    "Southeast": "Florida,Tennessee,Georgia,North Carolina,South Carolina,Virginia,"
    "Kentucky,Alabama,Mississippi",
}


# ---------------------------------------------------------------------- the data
class Data:
    """The three files, dates moved to end with the month before ``today``."""

    def __init__(self, folder, today):
        self.customers = self._rows(folder / FILES[0])
        lines = self._rows(folder / FILES[1])
        products = {row["ProductKey"]: row for row in self._rows(folder / FILES[2])}
        last = max(line["OrderDate"] for line in lines)
        self.shift = 12 * today.year + today.month - 1
        self.shift -= 12 * int(last[:4]) + int(last[5:7])
        self.orders = defaultdict(list)
        for line in lines:
            self.orders[line["SalesOrderNumber"]].append(line)
        self.line_count = len(lines)
        sold = {line["ProductKey"] for line in lines}
        self.products = [products[key] for key in sorted(sold, key=int)]
        self.reps = sorted({line["EmployeeKey"] for line in lines}, key=int)
        self._who()

    @staticmethod
    def _rows(path):
        opened = gzip.open(path, "rt", encoding="utf-8-sig", newline="")
        if path.suffix != ".gz":
            opened = open(path, encoding="utf-8-sig", newline="")
        with opened as file:
            return list(csv.DictReader(file))

    def _who(self):
        """The rep of each reseller is the one who took its last order; of those who
        never ordered, the one who took most orders in the territory."""
        self.rep_of, self.rep_in = {}, defaultdict(Counter)
        territory = {row["ResellerKey"]: self.territory(row) for row in self.customers}
        heads = sorted((lines[0] for lines in self.orders.values()), key=_order_date)
        for head in heads:
            self.rep_of[head["ResellerKey"]] = head["EmployeeKey"]
            self.rep_in[territory[head["ResellerKey"]]][head["EmployeeKey"]] += 1
        for key, name in territory.items():
            self.rep_of.setdefault(key, self.main_rep(name))

    def main_rep(self, territory):
        return self.rep_in[territory].most_common(1)[0][0]

    @staticmethod
    def territory(customer):
        country = customer["EnglishCountryRegionName"]
        if country != US:
            return country
        for name, states in TERRITORIES.items():
            if customer["StateProvinceName"] in states.split(","):
                return name
        return "Central"

    def moved(self, text):
        """A date of the data as a date of today."""
        day = date.fromisoformat(text)
        month = 12 * day.year + day.month - 1 + self.shift
        first = date(month // 12, month % 12 + 1, 1)
        following = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
        return first + timedelta(min(day.day, (following - first).days) - 1)

    def visits(self):
        """One for each reseller, rep and day with an order: (reseller, rep, day)."""
        return sorted(
            {
                (
                    lines[0]["ResellerKey"],
                    lines[0]["EmployeeKey"],
                    lines[0]["OrderDate"],
                )
                for lines in self.orders.values()
            }
        )


def _order_date(line):
    return line["OrderDate"], line["SalesOrderNumber"]


# ----------------------------------------------------------------------- the load
class Loader:
    """One load into an empty company."""

    def __init__(self, env, data, options):
        from odoo import Command

        self.env, self.data, self.options = env, data, options
        self.command = Command

    def company(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        company = self.env["res.company"].create(
            {
                "name": "AdventureWorks Cycles",
                "currency_id": dollar.id,
                "country_id": self.env.ref("base.us").id,
                "territory_hours_per_visit": self.options.hours_per_visit,
                # the hours given are all a visit takes
                "territory_compute_drive": False,
            }
        )
        company.partner_id.tz = QUIET["tz"]
        context = {**self.env.context, "allowed_company_ids": company.ids}
        self.env = self.env(context=context)
        self.company = company.with_env(self.env)

    def staff(self):
        group = self.env.ref("sales_team.group_sale_salesman")
        users = self.env["res.users"].create(
            [
                {
                    "name": f"Rep {key}",
                    "login": f"rep{key}@adventure-works.example",
                    "company_id": self.company.id,
                    "company_ids": [self.command.set(self.company.ids)],
                    "group_ids": [
                        self.command.set([self.env.ref("base.group_user").id, group.id])
                    ],
                }
                for key in self.data.reps
            ]
        )
        self.users = dict(zip(self.data.reps, users.ids, strict=True))
        self.team = self.env["crm.team"].create(
            {"name": "Resellers", "company_id": self.company.id}
        )
        self.env["crm.team.member"].create(
            [
                {
                    "user_id": self.users[key],
                    "crm_team_id": self.team.id,
                    "territory_hours": hours,
                }
                for key, hours in self._hours().items()
            ]
        )

    def _hours(self):
        """What a rep's visits of the last 12 months took, a month."""
        if self.options.hours is not None:
            return dict.fromkeys(self.data.reps, self.options.hours)
        if self.options.visits == "none":
            return dict.fromkeys(self.data.reps, 60.0)
        visits = self.data.visits()
        last = max(day for _reseller, _rep, day in visits)
        since = f"{int(last[:4]) - 1}{last[4:7]}-99"  # 12 whole months
        count = Counter(rep for _reseller, rep, day in visits if day > since)
        return {
            key: min(count[key] / 12 * self.options.hours_per_visit, 744.0)
            for key in self.data.reps
        }

    def regions(self):
        country, states = self._geography()
        self.region_rows = []
        for name in sorted(self.data.rep_in):
            parts = TERRITORIES.get(name)
            self.region_rows.append(
                {
                    "name": name,
                    "company_id": self.company.id,
                    "kind": "rule",
                    "country_ids": [self.command.set([country[US if parts else name]])],
                    "state_ids": parts
                    and [self.command.set([states[s] for s in parts.split(",")])],
                    "team_id": self.team.id,
                    "user_id": self.users[self.data.main_rep(name)],
                    "color": len(self.region_rows) % 11 + 1,
                }
            )
        self.env["territory.region"].create(
            [
                {key: value for key, value in row.items() if value is not None}
                for row in self.region_rows
            ]
        )

    def _geography(self):
        names = sorted({row["EnglishCountryRegionName"] for row in self.data.customers})
        countries = self.env["res.country"].search([("name", "in", names)])
        country = {record.name: record.id for record in countries}
        states = self.env["res.country.state"].search(
            [("country_id", "=", country[US])]
        )
        return country, {record.name: record.id for record in states}

    def products(self):
        names = {row["EnglishProductCategoryName"] for row in self.data.products}
        categories = {
            name: self.env["product.category"].create({"name": name}).id
            for name in sorted(names)
        }
        products = self.env["product.product"].create(
            [
                {
                    "name": row["EnglishProductName"],
                    "default_code": row["ProductAlternateKey"],
                    "type": "consu",
                    "categ_id": categories[row["EnglishProductCategoryName"]],
                    "list_price": float(row["ListPrice"] or 0),
                    "standard_price": float(row["StandardCost"] or 0),
                    "company_id": self.company.id,
                    "taxes_id": [self.command.clear()],
                }
                for row in self.data.products
            ]
        )
        keys = [row["ProductKey"] for row in self.data.products]
        self.product = dict(zip(keys, products.ids, strict=True))
        self.product_name = dict(
            zip(keys, products.mapped("display_name"), strict=True)
        )
        self.unit = products[:1].uom_id.id

    def customers(self):
        country, states = self._geography()
        rows = self.data.customers
        partners = self._create(
            "res.partner",
            [
                {
                    "name": row["ResellerName"],
                    "ref": row["ResellerKey"],
                    "is_company": True,
                    "company_id": self.company.id,
                    "street": row["AddressLine1"],
                    "city": row["City"],
                    "zip": row["PostalCode"],
                    "country_id": country[row["EnglishCountryRegionName"]],
                    "state_id": row["EnglishCountryRegionName"] == US
                    and states.get(row["StateProvinceName"]),
                    "partner_latitude": float(row["lat"] or 0),
                    "partner_longitude": float(row["lon"] or 0),
                    "user_id": self.users[self.data.rep_of[row["ResellerKey"]]],
                }
                for row in rows
            ],
        )
        self.partner = {
            row["ResellerKey"]: partner
            for row, partner in zip(rows, partners, strict=True)
        }

    def visits(self):
        if self.options.visits == "none":
            return
        users = self.env["res.users"].browse(self.users.values())
        guest = {user.id: user.partner_id.id for user in users}
        rows = []
        for reseller, rep, day in self.data.visits():
            start = datetime.combine(self.data.moved(day), datetime.min.time())
            start += timedelta(hours=15)  # the morning in the United States
            user = self.users[rep]
            rows.append(
                {
                    "name": "Visit",
                    "user_id": user,
                    "partner_ids": [
                        self.command.set([guest[user], self.partner[reseller]])
                    ],
                    "start": start,
                    "stop": start + timedelta(hours=1),
                }
            )
        self._create("calendar.event", rows)

    def orders(self):
        rows = []
        for number, lines in self.data.orders.items():
            head = lines[0]
            partner = self.partner[head["ResellerKey"]]
            noon = datetime.combine(
                self.data.moved(head["OrderDate"]), datetime.min.time()
            )
            rows.append(
                {
                    "name": number,
                    "state": "sale",
                    "partner_id": partner,
                    "partner_invoice_id": partner,
                    "partner_shipping_id": partner,
                    "company_id": self.company.id,
                    "date_order": noon + timedelta(hours=17),
                    "user_id": self.users[head["EmployeeKey"]],
                    "team_id": self.team.id,
                    "pricelist_id": False,
                    "payment_term_id": False,
                    "fiscal_position_id": False,
                    "note": False,
                    "order_line": [self.command.create(self._line(x)) for x in lines],
                }
            )
        self._create("sale.order", rows, tell=True)

    def _line(self, line):
        quantity = int(line["OrderQuantity"])
        return {
            "product_id": self.product[line["ProductKey"]],
            "name": self.product_name[line["ProductKey"]],
            "product_uom_id": self.unit,
            "product_uom_qty": quantity,
            "price_unit": float(line["UnitPrice"]),
            "discount": 100 * float(line["UnitPriceDiscountPct"]),
            "purchase_price": float(line["TotalProductCost"]) / quantity,
            "tax_ids": False,
            "analytic_distribution": False,
            "customer_lead": 0,
        }

    def _create(self, model, rows, tell=False):
        ids = []
        for begin in range(0, len(rows), BATCH):
            ids += self.env[model].create(rows[begin : begin + BATCH]).ids
            self.env.flush_all()
            self.env.invalidate_all()
            if tell and sys.stdout.isatty():
                print(f"\r  {len(ids):,} of {len(rows):,}", end="", flush=True)
        if tell and sys.stdout.isatty():
            print("\r", end="")
        return ids


# ------------------------------------------------------------------------ the run
class Clock:
    """Times steps and counts the queries they make."""

    def __init__(self, cr):
        self.cr, self.steps = cr, []

    def step(self, name, function):
        begin, queries = time.perf_counter(), self.cr.sql_log_count
        result = function()
        seconds = time.perf_counter() - begin
        self.steps.append((name, seconds, self.cr.sql_log_count - queries))
        print(f"  {name:<34}{seconds:8.1f} s{self.steps[-1][2]:9,} queries", flush=True)
        return result


def load(env, data, options, clock):
    """Everything into a company of its own; returns it."""
    loader = Loader(env, data, options)
    clock.step("company", loader.company)
    clock.step(f"{len(data.reps)} reps", loader.staff)
    clock.step(f"{len(data.rep_in)} regions", loader.regions)
    clock.step(f"{len(data.products)} products", loader.products)
    clock.step(f"{len(data.customers)} resellers", loader.customers)
    visits = 0 if options.visits == "none" else len(data.visits())
    clock.step(f"{visits:,} visits", loader.visits)
    name = f"{len(data.orders):,} orders, {data.line_count:,} lines"
    clock.step(name, loader.orders)
    return loader.company


def month(company, clock):
    """Open and compute the month, its steps timed one by one."""
    env = company.env
    runs = type(env["territory.run"])
    do_step = runs._do_step

    def timed(run):
        name = run._steps()[run.kind][run.step]
        clock.step(f"month: {name.removeprefix('_step_')}", lambda: do_step(run))

    with patch.object(runs, "_do_step", timed):
        plan = env["territory.plan"]._open_month(company)
    env.flush_all()
    return plan


def summary(plan):
    accounts = plan.env["territory.account"].search(
        [("company_id", "=", plan.company_id.id)]
    )
    located = accounts.filtered(lambda a: a.location_quality == "given")
    revenue, margin = (
        sum(accounts.mapped("revenue_12m")),
        sum(accounts.mapped("margin_12m")),
    )
    print(
        f"\n{plan.company_id.name}, {plan.name}\n"
        f"  accounts        {len(accounts):,}, {len(located):,} with a place, "
        f"{len(accounts.filtered('region_id')):,} in a region\n"
        f"  last 12 months  {revenue:,.0f} USD revenue, {margin:,.0f} USD margin, "
        f"{sum(accounts.mapped('visits_12m')):,} visits\n"
        f"  hours a month   {plan.hours_capacity:,.1f} available, "
        f"{plan.hours_today:,.1f} today, {plan.hours_optimal:,.1f} in the optimum\n"
        f"  expected gain   {plan.expected_gain:,.0f} USD a month "
        f"({plan.gain_low:,.0f} to {plan.gain_high:,.0f}), of it "
        f"{plan.gain_same_hours:,.0f} with the same hours\n"
        f"  contribution    {plan.contribution:,.2f} USD, no plan reaches more than "
        f"{plan.contribution_bound:,.2f}\n"
        f"  gap             {plan.gap:.2e}"
    )
    _print_regions(plan)
    _print_top(plan)


def _print_regions(plan):
    head = ("Accounts", "Hours today", "Optimal", "Factor", "USD per hour", "Gain")
    print(f"\n  {'Region':<18}{'Rep':<10}" + "".join(f"{name:>13}" for name in head))
    rows = plan.plan_region_ids.sorted(
        lambda r: (r.region_id.name or "~", r.user_id.id)
    )
    for row in rows:
        print(
            f"  {row.region_id.name or '(none)':<18}{row.user_id.name or '(none)':<10}"
            f"{row.account_count:>13,}{row.hours_today:>13.1f}{row.hours_optimal:>13.1f}"
            f"{row.allocation_factor:>13.2f}{row.shadow_price:>13,.2f}"
            f"{row.expected_gain:>13,.2f}"
        )


def _print_top(plan):
    lines = plan.line_ids.sorted(
        lambda line: (
            -line.visits_recommended,
            -line.visits_optimal,
            -line.expected_gain,
        )
    )[:10]
    head = ("USD a month", "Today", "Optimal", "This month", "Effect", "Gain")
    print(f"\n  {'Most visits':<36}" + "".join(f"{name:>12}" for name in head))
    for line in lines:
        print(
            f"  {line.partner_id.name[:35]:<36}{line.revenue_month:>12,.0f}"
            f"{line.visits_today:>12.2f}{line.visits_optimal:>12.2f}"
            f"{line.visits_recommended:>12}{line.elasticity:>12.3f}"
            f"{line.expected_gain:>12,.2f}"
        )


def arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--visits", choices=("orders", "none"), default="orders")
    parser.add_argument("--hours", type=float, help="a month, for every rep")
    parser.add_argument("--hours-per-visit", type=float, default=2.0)
    parser.add_argument("--keep", action="store_true", help=f"the database {DATABASE}")
    return parser.parse_args(argv)


def environment(cr):
    """An Odoo environment without mails, logs and followers."""
    from odoo import SUPERUSER_ID, api

    return api.Environment(cr, SUPERUSER_ID, dict(QUIET))


def main(argv=None):
    options = arguments(argv)
    missing = [name for name in FILES if not (options.folder / name).exists()]
    if missing:
        print(f"Skipped: {options.folder} holds no {', '.join(missing)}.")
        return 0
    sys.path.insert(0, str(ROOT))
    from dev import database, paths, postgres

    data = Data(options.folder, date.today())
    _say_assumptions(data, options)
    with postgres.running():
        database.fresh(DATABASE)
        try:
            database.run_odoo(
                ["-d", DATABASE, "-i", paths.NAME, "--stop-after-init", "--no-http"],
                "Installing the addon",
            )
            os.environ.update(database.odoo_environment())
            gap = _run(data, options)
        finally:
            if not options.keep:
                database.drop(DATABASE)
    good = gap <= LARGEST_GAP
    print(f"\n{'✓' if good else '✗'} gap {gap:.1e}, at most {LARGEST_GAP:.0e} allowed")
    return 0 if good else 1


def _say_assumptions(data, options):
    visits = "None are recorded, and none are assumed."
    if options.visits == "orders":
        visits = "None are recorded: each day with an order counts as one by its rep."
    hours = "What those of the last 12 months took."
    if options.hours is not None:
        hours = f"{options.hours:g} for every rep."
    elif options.visits == "none":
        hours = "60 for every rep."
    print(
        f"Dates   Moved forward by {data.shift} months.\n"
        f"Visits  {visits} {options.hours_per_visit:g} hours each.\n"
        f"Hours   {hours}\n"
        f"Reps    Who took the last order looks after the reseller; where there was "
        f"none,\n        who took most orders in the territory.\n"
    )


def _run(data, options):
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-d", DATABASE, "--no-http", "--log-level=warn"])
    registry = Registry(DATABASE)
    with registry.cursor() as cr:
        clock = Clock(cr)
        company = load(environment(cr), data, options, clock)
        cr.commit()
        plan = month(company, clock)
        cr.commit()
        total = sum(seconds for _name, seconds, _queries in clock.steps)
        print(f"  {'together':<34}{total:8.1f} s")
        summary(plan)
        gap = plan.gap
    registry.delete(DATABASE)
    from odoo.sql_db import close_db

    close_db(DATABASE)
    return gap


if __name__ == "__main__":
    sys.exit(main())
