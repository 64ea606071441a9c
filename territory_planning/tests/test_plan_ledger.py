from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import TerritoryCase

PARTS = ("gap_potential", "gap_churn", "gap_price", "gap_capacity")


@tagged("post_install", "-at_install")
class TestPlanLedger(TerritoryCase):
    """Top-down meets bottom-up: what is added up, who may change it, what is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._customer("Own")
        cls.small = cls._customer("Small")
        cls.others = cls._customer("Colleague's", user_id=cls.other_rep.id)
        for months in range(1, 30):
            cls._order(cls.own, cls._day(months), 9000.0)
            cls._order(cls.small, cls._day(months), 200.0)
            cls._order(cls.others, cls._day(months), 3000.0)
            for customer in (cls.own, cls.small):
                cls._visit(customer, cls._day(months))
            cls._visit(cls.others, cls._day(months), user=cls.other_rep)
        cls.team.crm_team_member_ids.territory_hours = 6.0
        cls.plan = cls.env["territory.plan"]._open_month(cls.company)
        cls.plan.action_collect()
        cls.row = cls.plan.plan_region_ids.filtered(lambda r: r.user_id == cls.rep)
        cls.line = cls.plan.line_ids.filtered(lambda r: r.partner_id == cls.own)

    def _say(self, uuid, **values):
        (answer,) = (
            self.env["territory.plan"]
            .with_user(self.rep)
            .save_territory_entries(
                [
                    {
                        "uuid": uuid,
                        "line_id": self.line.id,
                        "version": self.line.version,
                        **values,
                    }
                ]
            )
        )
        self.assertEqual(answer["status"], "saved", answer)

    def _assert_adds_up(self):
        for row in self.plan.plan_region_ids:
            self.assertAlmostEqual(sum(row[name] for name in PARTS), row.gap, 2)
            self.assertAlmostEqual(row.revenue_target - row.sales_rep, row.gap, 2)

    # ------------------------------------------------------------------ ledger
    def test_targets_begin_with_the_optimum(self):
        self.assertEqual(self.row.hours_target, self.row.hours_optimal)
        self.assertEqual(self.row.revenue_target, self.row.sales_optimum)
        self.assertGreater(self.row.revenue_target, 0)
        self.assertEqual(self.row.sales_last, 9200.0)
        self._assert_adds_up()

    def test_what_a_rep_says_moves_the_gap_where_it_belongs(self):
        attainable = self.line.sales_model
        self._say(
            "say-0001",
            visits=self.line.visits_recommended,
            sales=attainable - 1000,
            knowledge={"kind": "competitor", "value": 600},
        )
        self.plan._refresh_ledger()
        self._assert_adds_up()
        self.assertGreaterEqual(self.row.gap_churn, 600.0)
        self.assertEqual(self.row.answered_count, 1)
        self.line.entry_ids.with_user(self.leader).action_set_aside()
        self.line.risk_month = 0.0
        self.plan._refresh_ledger()
        self.assertEqual(self.row.gap_churn, 0.0)
        self._assert_adds_up()

    def test_fewer_visits_are_capacity(self):
        before = self.row.gap_capacity
        self._say("say-0002", visits=0)
        self.plan._refresh_ledger()
        self.assertGreater(self.row.gap_capacity, before)
        self._assert_adds_up()

    def test_queries_do_not_grow_with_rows(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.plan._refresh_ledger()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for number in range(20):
            partner = self._customer(f"More {number}")
            account = self.env["territory.account"].create(
                {"partner_id": partner.id, "company_id": self.company.id}
            )
            row = self.row.copy()
            self.line.copy({"account_id": account.id, "plan_region_id": row.id})
        self.assertLessEqual(count(), few + 1)

    # ------------------------------------------------------------------ targets
    def test_the_sales_leader_asks_and_every_change_is_kept(self):
        before = self.row.revenue_target
        self.row.with_user(self.manager).revenue_target = before + 500
        self.assertAlmostEqual(self.row.gap_potential, 500, 0)
        change = self.plan.change_ids
        self.assertEqual(change.kind, "revenue_target")
        self.assertEqual(change.author_id, self.manager)
        self.assertAlmostEqual(change.value_after - change.value_before, 500, 2)
        for user in (self.rep, self.leader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.row.with_user(user).revenue_target = 1.0
        with self.assertRaisesRegex(AccessError, "typed in"):
            self.row.with_user(self.manager).sales_rep = 1.0
        with self.assertRaisesRegex(ValidationError, "Top-Down"):
            self.row.with_user(self.manager).hours_target = -1.0

    def test_a_rep_sees_no_total_of_others(self):
        rows = self.env["territory.plan.region"].with_user(self.rep)
        self.assertEqual(rows.search([("plan_id", "=", self.plan.id)]), self.row)
        total = rows._read_group(
            [("plan_id", "=", self.plan.id)], [], ["revenue_target:sum"]
        )[0][0]
        self.assertEqual(total, self.row.revenue_target)

    # ---------------------------------------------------------------- agreeing
    def test_agreed_in_bulk_by_the_team_s_leader(self):
        rows = self.plan.plan_region_ids.filtered("user_id")
        with self.assertRaisesRegex(UserError, "Review"):
            rows.with_user(self.manager).action_agree_rows()
        self.plan.action_review()
        with self.assertRaisesRegex(AccessError, "leader of its sales team"):
            rows.with_user(self.leader).action_agree_rows()
        self.team.user_id = self.leader
        rows.with_user(self.leader).action_agree_rows()
        self.assertTrue(all(rows.mapped("agreed")))
        self.assertEqual(rows.agreed_by_id, self.leader)
        with self.assertRaisesRegex(UserError, "is agreed"):
            self.line.with_user(self.leader).visits_agreed = 1
        with self.assertRaisesRegex(UserError, "is agreed"):
            self.row.with_user(self.manager).revenue_target = 1
        rows.with_user(self.leader).action_disagree_rows()
        self.line.with_user(self.leader).visits_agreed = 1
        self.assertEqual(
            self.plan.change_ids.filtered(lambda c: c.kind == "state").mapped(
                "text_after"
            ),
            ["Open"] * len(rows) + ["Agreed"] * len(rows),
        )

    def test_what_is_agreed_is_added_up(self):
        self.plan.action_review()
        self.line.with_user(self.leader).write(
            {"visits_agreed": 3, "sales_agreed": 12000.0}
        )
        rest = sum((self.row.line_ids - self.line).mapped("sales_agreed"))
        self.assertAlmostEqual(self.row.sales_agreed, 12000.0 + rest, 2)
        self.plan.action_agree()
        self.assertTrue(self.row.agreed)
        self.plan._reopen("review", "A strike")
        self.assertFalse(self.row.agreed)

    def test_comments_of_a_rep_on_the_own_row(self):
        self.row.with_user(self.rep).message_post(body="Holidays in week 2")
        self.assertIn("Holidays", self.row.message_ids[0].body)

    def test_figures_stay_in_their_currency(self):
        dollar = self.env.ref("base.USD")
        euro = self.plan.currency_id
        self.assertEqual(euro, self.env.ref("base.EUR"))
        self.company.currency_id = dollar
        self.assertEqual(self.plan.currency_id, euro)
        self.assertEqual(self.line.currency_id | self.row.currency_id, euro)
        self.plan.action_draft()
        self.plan._compute_plan()
        self.assertEqual(self.plan.currency_id, dollar)

    def test_the_meeting_screen_is_up_to_date(self):
        self._say("say-0003", sales=1.0)
        action = self.plan.with_user(self.leader).action_ledger()
        self.assertEqual(action["domain"], [("plan_id", "=", self.plan.id)])
        self.assertEqual(self.row.answered_count, 0)
        self.assertLess(self.row.sales_rep, self.row.sales_optimum)
