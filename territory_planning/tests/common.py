from datetime import datetime, time

from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user

GERMAN_TOWNS = {
    "München": ("80331", 48.1372, 11.5755),
    "Nürnberg": ("90402", 49.4521, 11.0767),
    "Hamburg": ("20095", 53.5511, 9.9937),
}


class TerritoryCase(TransactionCase):
    """A small company of known figures: two reps, a leader, and helpers to sell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(cls.env.context, tracking_disable=True, no_reset_password=True)
        )
        cls.company = cls.env["res.company"].create(
            {
                "name": "Nordwerk",
                "currency_id": cls.env.ref("base.EUR").id,
                "country_id": cls.env.ref("base.de").id,
                # two hours each, wherever a customer is: figures one can add up
                "territory_compute_drive": False,
            }
        )
        cls.env.ref("base.EUR").active = True
        cls.company.partner_id.tz = "Europe/Berlin"
        cls.env.user.company_ids = [Command.link(cls.company.id)]
        cls.env.user.company_id = cls.company
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=[cls.company.id])
        )
        cls.company = cls.company.with_env(cls.env)
        cls.rep = cls._user("rep", "sales_team.group_sale_salesman")
        cls.other_rep = cls._user("other.rep", "sales_team.group_sale_salesman")
        cls.leader = cls._user("leader", "sales_team.group_sale_salesman_all_leads")
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Field",
                "company_id": cls.company.id,
                "crm_team_member_ids": [
                    Command.create({"user_id": user.id, "territory_hours": hours})
                    for user, hours in ((cls.rep, 40.0), (cls.other_rep, 20.0))
                ],
            }
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Pump", "list_price": 100.0, "standard_price": 60.0}
        )
        cls.month = cls.env["territory.plan"]._this_month(cls.company)

    @classmethod
    def _user(cls, login, group, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=login,
            groups=group,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _customer(cls, name, town="München", **values):
        code, latitude, longitude = GERMAN_TOWNS[town]
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "user_id": cls.rep.id,
                "city": town,
                "zip": code,
                "country_id": cls.env.ref("base.de").id,
                "partner_latitude": latitude,
                "partner_longitude": longitude,
                **values,
            }
        )

    @classmethod
    def _day(cls, months_ago, day=15):
        """A day so many months before the current one, at noon UTC."""
        date = cls.month - relativedelta(months=months_ago) + relativedelta(day=day)
        return datetime.combine(date, time(12))

    @classmethod
    def _order(cls, partner, when, amount=1000.0, cost=None, **values):
        cost = amount * 0.6 if cost is None else cost
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "user_id": cls.rep.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": 1,
                            "price_unit": amount,
                            "purchase_price": cost,
                            "tax_ids": [],
                        }
                    )
                ],
                **values,
            }
        )
        if order.state == "draft" and values.get("state") != "draft":
            order.action_confirm()
        order.date_order = when
        return order

    @classmethod
    def _visit(cls, partner, when, user=None, **values):
        user = user or cls.rep
        return cls.env["calendar.event"].create(
            {
                "name": f"Visit {partner.name}",
                "start": when,
                "stop": when + relativedelta(hours=1),
                "user_id": user.id,
                "partner_ids": [Command.set((partner | user.partner_id).ids)],
                **values,
            }
        )

    @classmethod
    def _lead(cls, partner, revenue=5000.0, probability=40.0, **values):
        return cls.env["crm.lead"].create(
            {
                "name": f"Interest of {partner.name}",
                "type": "opportunity",
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "user_id": cls.rep.id,
                "team_id": cls.team.id,
                "expected_revenue": revenue,
                "probability": probability,
                **values,
            }
        )

    @classmethod
    def _refresh(cls):
        return cls.env["territory.account"]._refresh(cls.company)

    @classmethod
    def _account(cls, partner, company=None):
        return cls.env["territory.account"].search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", (company or cls.company).id),
            ]
        )

    @classmethod
    def _days_ago(cls, days):
        """So many days before today where the company is, at noon; today: just now."""
        if not days:
            return fields.Datetime.now()
        day = cls.company._territory_today() - relativedelta(days=days)
        return datetime.combine(day, time(12))
