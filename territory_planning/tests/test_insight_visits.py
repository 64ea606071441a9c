from datetime import datetime, time, timedelta

import numpy as np

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models import _visit_weeks
from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestInsightVisits(TerritoryCase):
    """Forty customers visited every ten weeks or so, who order twice as often after it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._territory_today()
        cls.monday = cls.today - timedelta(days=cls.today.weekday())
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": f"Customer {n}", "is_company": True, "user_id": cls.rep.id}
                for n in range(40)
            ]
        )
        rng = np.random.default_rng(7)
        visits, orders = [], []
        for customer in cls.customers:
            week = 150 - int(rng.integers(0, 10))
            met = []
            while week > 1:
                met.append(week)
                week -= int(rng.integers(6, 16))
            visits += [(customer, week) for week in met]
            for week in range(1, 150):
                recent = any(0 < before - week <= 4 for before in met)
                if rng.random() < (0.5 if recent else 0.2):
                    orders.append((customer, week))
        cls._write_visits(visits)
        cls._write_orders(orders)
        cls._refresh()

    @classmethod
    def _noon(cls, weeks_ago):
        day = cls.monday - timedelta(days=7 * int(weeks_ago) - 2)
        return datetime.combine(day, time(11))

    @classmethod
    def _write_visits(cls, rows):
        """Meetings past reminders and mails, which a thousand of them would take long."""
        events = cls.env["calendar.event"].with_context(
            no_mail_to_attendees=True, dont_notify=True, no_calendar_sync=True
        )
        return events.create(
            [
                {
                    "name": "Visit",
                    "start": cls._noon(week),
                    "stop": cls._noon(week) + timedelta(hours=1),
                    "user_id": cls.rep.id,
                    "partner_ids": [],
                    "res_model_id": cls.env["ir.model"]._get_id("res.partner"),
                    "res_id": customer.id,
                }
                for customer, week in rows
            ]
        )

    @classmethod
    def _write_orders(cls, rows):
        """One order a row, copied in the database from one that the ORM made."""
        first = cls._order(cls.customers[0], cls._noon(1))
        orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "company_id": cls.company.id,
                    "user_id": cls.rep.id,
                    "state": "sale",
                }
                for customer, _week in rows
            ]
        )
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                "UPDATE sale_order SET date_order = day.at "
                "FROM unnest(%s, %s::timestamp[]) day(id, at) "
                "WHERE sale_order.id = day.id",
                orders.ids,
                [cls._noon(week) for _customer, week in rows],
            )
        )
        line = first.order_line
        names = [
            name
            for name, field in line._fields.items()
            if field.store and field.column_type and name not in ("id", "order_id")
        ]
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        cls.env.cr.execute(
            SQL(
                "INSERT INTO sale_order_line (order_id, %s) "
                "SELECT added.id, %s FROM sale_order_line, unnest(%s) added(id) "
                "WHERE sale_order_line.id = %s",
                columns,
                columns,
                orders.ids,
                line.id,
            )
        )
        cls.env.invalidate_all()

    def _learn(self):
        return self.env["territory.visit.effect"]._refresh(self.company)

    def _effect(self, segment="all"):
        return self.env["territory.visit.effect"].search(
            [("company_id", "=", self.company.id), ("segment", "=", segment)]
        )

    def test_the_effect_is_found_with_its_interval(self):
        self.assertGreaterEqual(self._learn()["visit_effects"], 1)
        effect = self._effect()
        self.assertEqual((effect.status, effect.customers), ("scored", 40))
        self.assertLess(effect.ratio_low, 2.5)
        self.assertGreater(effect.ratio_high, 2.5)
        self.assertGreater(effect.ratio_low, 1.2)
        self.assertGreater(effect.extra_orders, 0)
        self.assertAlmostEqual(
            effect.money, effect.extra_orders * effect.order_value, delta=2
        )
        self.assertAlmostEqual(effect.order_value, 1000.0, 2)

    def test_segments_partition_the_evidence(self):
        self._learn()
        parts = self.env["territory.visit.effect"].search([("segment", "!=", "all")])
        self.assertEqual(len(parts), 4)
        self.assertEqual(sum(parts.mapped("customers")), self._effect().customers)
        self.assertEqual(sum(parts.mapped("orders")), self._effect().orders)

    def test_under_the_minimum_there_is_a_reason(self):
        self.customers[10:].territory_account_ids.sudo().unlink()
        self._learn()
        effect = self._effect()
        self.assertEqual((effect.status, effect.ratio), ("customers", 0.0))

    def test_a_company_without_anything(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        found = self.env["territory.visit.effect"]._refresh(sister)
        self.assertEqual(found["visit_effects"], 0)

    def test_full_weeks_only_and_no_future(self):
        customer = self.customers[0]
        before = _visit_weeks.gather(self.company, self.today)
        self._write_visits([(customer, 0), (customer, -3)])
        after = _visit_weeks.gather(self.company, self.today)
        self.assertEqual(before.visits.sum(), after.visits.sum())
        self.assertEqual(after.last, self.monday - timedelta(days=1))

    def test_own_counts_sum_to_all_of_the_middle(self):
        self._learn()
        whole = [a.visit_evidence for a in self.customers.territory_account_ids]
        orders = sum(one["orders_after"] + one["orders_else"] for one in whole)
        self.assertEqual(orders, self._effect().orders)

    def test_queries_do_not_grow_with_customers(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._learn()
            return self.env.cr.sql_log_count - before

        count()
        many = count()
        self.customers[20:].territory_account_ids.sudo().unlink()
        self.assertEqual(count(), many)

    # -------------------------------------------------------------- card, rights
    def test_card_and_rights(self):
        self._learn()
        account = self._account(self.customers[0])
        card = account.with_user(self.rep).get_territory_card()["insights"]["visits"]
        self.assertEqual(card["status"], "scored")
        self.assertEqual(card["own"], account.visit_evidence)
        self.assertEqual(account.visit_money, card["money"])
        self.assertEqual(
            account.visit_band, "sells" if card["ratio_low"] > 1 else "open"
        )
        effect = self._effect()
        for user in (self.rep, self.leader, self.manager):
            with self.assertRaises(AccessError):
                effect.with_user(user).write({"ratio": 9})
        sister = self.env["res.company"].create({"name": "Sister"})
        boss = self._user("sister.boss", "sales_team.group_sale_manager", sister)
        env = self.env(user=boss, context={"allowed_company_ids": sister.ids})
        self.assertFalse(env["territory.visit.effect"].search([]))
