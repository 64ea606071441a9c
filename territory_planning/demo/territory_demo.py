import logging
import time
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError

from . import _words as words
from . import company as generator

_logger = logging.getLogger(__name__)

ZONE = "Europe/Berlin"
PASSWORD = "demo"
#: Records per call of ``create``; more need more memory and are no faster.
BATCH = 1000
#: No chatter, no followers, and never a message to anybody.
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
    "lang": "en_US",
    "tz": ZONE,
}


class TerritoryDemo(models.AbstractModel):
    """Puts the invented company of :mod:`.company` into the database."""

    _name = "territory.demo"
    _description = "Demo Company"

    @api.private
    @api.model
    def generate(self, accounts=1500, seed=19, reps=12, progress=None):
        """Create the demo company, with everything in it, and this month's plan.

        Done once: called again, it says so and changes nothing.

        :param progress: a function that is told, in a sentence, what is being done
        :return: the company
        """
        self._check_allowed()
        say = progress or _logger.info
        name = generator.words.COMPANY
        company = self.env["res.company"].search([("name", "=", name)], limit=1)
        if company:
            say(f"The demo company {name} is there already; nothing is changed.")
            return company
        today = fields.Date.context_today(self.with_context(tz=ZONE))
        demo = generator.generate(seed=seed, accounts=accounts, reps=reps, today=today)
        return _Loader(self.sudo().env, demo, say).load()

    @api.private
    @api.model
    def credentials(self):
        """Who can log in to the demo company.

        :return: list of dicts with ``role``, ``login`` and ``password``
        """
        self._check_allowed()
        company = self.env["res.company"].search(
            [("name", "=", generator.words.COMPANY)], limit=1
        )
        users = self.env["res.users"].search(
            [("company_id", "=", company.id), ("login", "like", f"@{words.DOMAIN}")],
            order="id",
        )
        return [
            {
                "role": user.partner_id.function,
                "login": user.login,
                "password": PASSWORD,
            }
            for user in users
        ]

    def _check_allowed(self):
        if not self.env.is_system():
            raise AccessError(
                self.env._(
                    "Only an administrator can create the demo company or see its "
                    "passwords."
                )
            )


class _Loader:
    """One load of a generated company; keeps the records the next step refers to."""

    def __init__(self, env, demo, say):
        self.env, self.demo, self.say = env, demo, say

    def load(self):
        began = time.monotonic()
        self._company()
        for what, create in (
            ("teams, users and regions", self._staff),
            ("products and price lists", self._products),
            (f"{len(self.demo.accounts):,} customers and prospects", self._partners),
            (f"{len(self.demo.leads.account):,} leads", self._leads),
            (f"{len(self.demo.visits.account):,} visits", self._visits),
            (f"{len(self.demo.orders.account):,} orders", self._orders),
            ("this month's plan", self._plan),
        ):
            begin = time.monotonic()
            create()
            self.env.flush_all()
            self.env.invalidate_all()
            self.say(f"Demo company: {what}, {time.monotonic() - begin:.1f} s")
        self.say(f"Demo company: ready after {time.monotonic() - began:.0f} s")
        return self.company

    def _create(self, model, rows):
        """Create many records without many in memory at a time.

        :return: their ids
        """
        ids = []
        for begin in range(0, len(rows), BATCH):
            ids += self.env[model].create(rows[begin : begin + BATCH]).ids
            self.env.flush_all()
            self.env.invalidate_all()
        return ids

    # --------------------------------------------------------------- the company
    def _company(self):
        env = self.env(context={**self.env.context, **QUIET})
        self.country = env.ref("base.de")
        euro = env.ref("base.EUR")
        euro.active = True
        # "install_mode" keeps Odoo from installing Germany's accounting
        self.company = env(context={**env.context, "install_mode": True})[
            "res.company"
        ].create(
            {
                "name": words.COMPANY,
                "currency_id": euro.id,
                "country_id": self.country.id,
                "street": words.STREET,
                "zip": words.ZIP,
                "city": words.CITY,
            }
        )
        self.company.partner_id.tz = ZONE
        self.env = env(context={**env.context, "allowed_company_ids": self.company.ids})
        self.company = self.company.with_env(self.env)
        admin = self.env.ref("base.user_admin", raise_if_not_found=False)
        if admin:
            admin.write(
                {
                    "company_ids": [Command.link(self.company.id)],
                    "company_id": self.company.id,
                    "tz": ZONE,
                }
            )

    def _staff(self):
        ref, demo = self.env.ref, self.demo
        rights = [
            ref("sales_team.group_sale_manager"),
            ref("sales_team.group_sale_salesman_all_leads"),
            ref("sales_team.group_sale_salesman"),
        ]
        people = [(words.SALES_LEADER, "Sales leader", rights[0])]
        for team in demo.teams:
            people.append((team.leader, f"Team leader {team.name}", rights[1]))
        for rep in demo.reps:
            people.append((rep.name, f"Rep {rep.town}", rights[2]))
        users = self.env["res.users"].create(
            [
                {
                    "name": name,
                    "login": _login(name),
                    "email": _login(name),
                    "password": PASSWORD,
                    "function": role,
                    "company_id": self.company.id,
                    "company_ids": [Command.set(self.company.ids)],
                    "group_ids": [Command.set([ref("base.group_user").id, group.id])],
                    "tz": ZONE,
                    "lang": "en_US",
                }
                for name, role, group in people
            ]
        )
        if "odoobot_state" in users._fields:
            # its greeting would cover the first look at the map on a phone
            (users | self.env.user).write({"odoobot_state": "disabled"})
        leaders = users[1 : 1 + len(demo.teams)]
        self.reps = users[1 + len(demo.teams) :]
        self.teams = self.env["crm.team"].create(
            [
                {
                    "name": team.name,
                    "user_id": leader.id,
                    "company_id": self.company.id,
                    "sequence": 10 + number,
                }
                for number, (team, leader) in enumerate(
                    zip(demo.teams, leaders, strict=True)
                )
            ]
        )
        self.env["crm.team.member"].create(
            [
                {
                    "user_id": user.id,
                    "crm_team_id": self.teams[rep.team].id,
                    "territory_hours": rep.hours,
                    "territory_start_name": rep.town,
                    "territory_start_latitude": rep.lat,
                    "territory_start_longitude": rep.lon,
                }
                for rep, user in zip(demo.reps, self.reps, strict=True)
            ]
        )
        self._regions()

    def _regions(self):
        colours = _colours(self.demo.reps)
        self.env["territory.region"].create(
            [
                {
                    "name": rep.town,
                    "company_id": self.company.id,
                    "kind": "rule",
                    "country_ids": [Command.set(self.country.ids)],
                    "zip_prefixes": ", ".join(rep.zones),
                    "team_id": self.teams[rep.team].id,
                    "user_id": user.id,
                    "color": colour,
                }
                for rep, user, colour in zip(
                    self.demo.reps, self.reps, colours, strict=True
                )
            ]
        )

    # ------------------------------------------------------------------ products
    def _products(self):
        staff = self.env.ref("base.group_user")
        # without these two settings nobody sees price lists and discounts
        for setting in (
            "product.group_product_pricelist",
            "sale.group_discount_per_so_line",
        ):
            staff._apply_group(self.env.ref(setting))
        self.pricelists = self.env["product.pricelist"].create(
            [
                {
                    "name": name,
                    "company_id": self.company.id,
                    "currency_id": self.company.currency_id.id,
                    "item_ids": [
                        Command.create(
                            {
                                "applied_on": "3_global",
                                "compute_price": "percentage",
                                "percent_price": discount,
                            }
                        )
                    ],
                }
                for name, discount in words.PRICELISTS
            ]
        )
        categories = self.env["product.category"].create(
            [{"name": name} for name in self.demo.categories]
        )
        self.products = self.env["product.product"].create(
            [
                {
                    "name": product.name,
                    "default_code": f"V{100 * (product.category + 1) + number}",
                    "type": "consu",
                    "categ_id": categories[product.category].id,
                    "list_price": product.price,
                    "standard_price": product.cost,
                    "company_id": self.company.id,
                    "taxes_id": [Command.clear()],
                    "supplier_taxes_id": [Command.clear()],
                }
                for number, product in enumerate(self.demo.products)
            ]
        )

    # ------------------------------------------------------------------ partners
    def _partners(self):
        accounts = self.demo.accounts
        industries = self._named(
            "res.partner.industry", [industry.name for industry in words.INDUSTRIES]
        )
        sizes = self._named("res.partner.category", [size[0] for size in words.SIZES])
        users = [*self.reps.ids, False]  # −1 is nobody
        latitude = np.nan_to_num(accounts.lat).tolist()
        longitude = np.nan_to_num(accounts.lon).tolist()
        customer = (accounts.kind != generator.people.PROSPECT).tolist()
        columns = zip(
            accounts.name.tolist(),
            accounts.street.tolist(),
            accounts.zip.tolist(),
            accounts.city.tolist(),
            accounts.phone.tolist(),
            latitude,
            longitude,
            accounts.rep.tolist(),
            accounts.industry.tolist(),
            accounts.size.tolist(),
            accounts.pricelist.tolist(),
            customer,
            strict=True,
        )
        self.partners = self._create(
            "res.partner",
            [
                {
                    "name": name,
                    "is_company": True,
                    "company_id": self.company.id,
                    "street": street,
                    "zip": code,
                    "city": city,
                    "country_id": self.country.id,
                    "phone": phone,
                    "partner_latitude": lat,
                    "partner_longitude": lon,
                    "user_id": users[rep],
                    "industry_id": industries[industry],
                    "category_id": [Command.set([sizes[size]])],
                    "specific_property_product_pricelist": self.pricelists[
                        pricelist
                    ].id,
                    "customer_rank": int(buys),
                }
                for (
                    name,
                    street,
                    code,
                    city,
                    phone,
                    lat,
                    lon,
                    rep,
                    industry,
                    size,
                    pricelist,
                    buys,
                ) in columns
            ],
        )

    def _named(self, model, names):
        """Ids of the records of these names, those that are missing created."""
        found = {
            record.name: record.id
            for record in self.env[model].search([("name", "in", names)])
        }
        missing = [name for name in names if name not in found]
        created = self.env[model].create([{"name": name} for name in missing])
        found.update(zip(missing, created.ids, strict=True))
        return [found[name] for name in names]

    def _salesperson(self, account):
        """Index of the rep who acts for an account."""
        accounts = self.demo.accounts
        rep = accounts.rep[account]
        return np.where(rep < 0, accounts.territory[account], rep)

    # ------------------------------------------------------- leads, visits, orders
    def _leads(self):
        leads = self.demo.leads
        stages = self.env["crm.stage"].search([("team_ids", "=", False)])
        won = stages.filtered("is_won")[:1]
        running = stages - won
        rep = self._salesperson(leads.account)
        columns = zip(
            leads.account.tolist(),
            leads.title.tolist(),
            leads.outcome.tolist(),
            leads.stage.tolist(),
            leads.probability.tolist(),
            leads.revenue.tolist(),
            leads.created.tolist(),
            leads.deadline.tolist(),
            rep.tolist(),
            strict=True,
        )
        rows = []
        for account, title, outcome, stage, chance, revenue, day, due, user in columns:
            stage = won if outcome == "won" else running[: stage + 1][-1:]
            rows.append(
                {
                    "name": title,
                    "type": "opportunity",
                    "partner_id": self.partners[account],
                    "company_id": self.company.id,
                    "user_id": self.reps[user].id,
                    "team_id": self.teams[self.demo.reps[user].team].id,
                    "stage_id": stage.id,
                    "probability": chance,
                    "expected_revenue": revenue,
                    "date_open": day,
                    "date_deadline": due if outcome == "open" else False,
                    "active": outcome != "lost",
                }
            )
        self._create("crm.lead", rows)

    def _visits(self):
        visits, accounts = self.demo.visits, self.demo.accounts
        guests = self.env["res.users"].browse(self.reps.ids).partner_id.ids
        columns = zip(
            visits.account.tolist(),
            visits.rep.tolist(),
            _utc(visits.start),
            visits.minutes.tolist(),
            strict=True,
        )
        self._create(
            "calendar.event",
            [
                {
                    "name": f"Visit {accounts.name[account]}",
                    "user_id": self.reps[rep].id,
                    "partner_ids": [Command.set([guests[rep], self.partners[account]])],
                    "start": start,
                    "stop": start + timedelta(minutes=minutes),
                    "location": f"{accounts.zip[account]} {accounts.city[account]}",
                    "alarm_ids": False,
                }
                for account, rep, start, minutes in columns
            ],
        )

    def _orders(self):
        orders = self.demo.orders
        lines = self._order_lines()
        rep = self._salesperson(orders.account).tolist()
        pricelist = self.demo.accounts.pricelist[orders.account].tolist()
        number, year, rows = 0, None, []
        for order, (account, moment) in enumerate(
            zip(orders.account.tolist(), _utc(orders.time), strict=True)
        ):
            number = number + 1 if moment.year == year else 1
            year = moment.year
            partner = self.partners[account]
            rows.append(
                {
                    "name": f"VB{year}/{number:05}",
                    "state": "sale",
                    "partner_id": partner,
                    "partner_invoice_id": partner,
                    "partner_shipping_id": partner,
                    "company_id": self.company.id,
                    "date_order": moment,
                    "user_id": self.reps[rep[order]].id,
                    "team_id": self.teams[self.demo.reps[rep[order]].team].id,
                    "pricelist_id": self.pricelists[pricelist[order]].id,
                    "payment_term_id": False,
                    "fiscal_position_id": False,
                    "note": False,
                    "order_line": lines[order],
                }
            )
        self._create("sale.order", rows)

    def _order_lines(self):
        """The commands that create each order's lines, with all that Odoo would look up."""
        orders = self.demo.orders
        names = [product.display_name for product in self.products]
        unit = [product.uom_id.id for product in self.products]
        lines = [[] for _order in orders.account]
        for order, product, quantity, price, discount, cost in zip(
            orders.order.tolist(),
            orders.product.tolist(),
            orders.quantity.tolist(),
            orders.price.tolist(),
            orders.discount.tolist(),
            orders.cost.tolist(),
            strict=True,
        ):
            lines[order].append(
                Command.create(
                    {
                        "product_id": self.products[product].id,
                        "name": names[product],
                        "product_uom_id": unit[product],
                        "product_uom_qty": quantity,
                        "price_unit": price,
                        "discount": discount,
                        "purchase_price": cost,
                        "tax_ids": False,
                        "analytic_distribution": False,
                        "customer_lead": 0,
                    }
                )
            )
        return lines

    def _plan(self):
        self.env["territory.plan"]._open_month(self.company)
        # the few wrong addresses are there to be found
        self.env["territory.account"]._check_places(self.company)


def _login(name):
    plain = name.lower().translate(
        str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i"})
    )
    return f"{plain.replace(' ', '.')}@{words.DOMAIN}"


def _utc(local):
    """Local times as Odoo keeps them."""
    zone = ZoneInfo(ZONE)
    return [
        moment.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
        for moment in local.astype("datetime64[s]").tolist()
    ]


def _colours(reps):
    """Odoo has 11 colours: those who must share one live as far apart as can be."""
    colours = []
    for number, rep in enumerate(reps):
        if number < 11:
            colours.append(number + 1)
            continue
        far = [
            np.hypot(rep.lat - other.lat, rep.lon - other.lon) for other in reps[:11]
        ]
        colours.append(int(np.argmax(far)) + 1)
    return colours
