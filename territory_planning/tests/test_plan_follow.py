from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.tests import tagged

from ..models import _follow
from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestPlanFollow(TerritoryCase):
    """During the month: what is planned, done, overdue, reactive; who does it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._customer("Own")
        cls.small = cls._customer("Small")
        for months in range(1, 15):
            cls._order(cls.own, cls._day(months), 9000.0)
            cls._order(cls.small, cls._day(months), 200.0)
            cls._visit(cls.own, cls._day(months))
            cls._visit(cls.small, cls._day(months))
        cls.plan = cls.env["territory.plan"]._open_month(cls.company)
        cls.plan.action_collect()
        cls.line = cls.plan.line_ids.filtered(lambda r: r.partner_id == cls.own)
        cls.other = cls.plan.line_ids - cls.line
        cls.plan.action_review()
        cls.line.visits_agreed = 4
        cls.line.sales_agreed = 9500.0
        cls.other.visits_agreed = 0
        cls.plan.action_agree()
        cls.end = cls.month + relativedelta(months=1, days=-1)

    def _work(self):
        runs = self.env["territory.run"].search([("plan_id", "=", self.plan.id)])
        runs.filtered(lambda run: run.state == "waiting")._finish_now()

    def _at(self, day):
        return freeze_time(self.month + timedelta(days=day - 1, hours=12))

    # ------------------------------------------------------------------ counted
    def test_done_and_planned(self):
        """Meetings of the month that are over, and those still to come."""
        self._visit(self.own, self._day(1))  # last month's is none of this
        first = datetime.combine(self.month, time(1))
        last = datetime.combine(self.end, time(21))
        for when in (first, last):
            self._visit(self.own, when)
        now = self.env.cr.now()
        held = sum(when + timedelta(hours=1) <= now for when in (first, last))
        self.plan._follow()
        line = self.line
        self.assertEqual((line.visits_done, line.visits_planned), (held, 2 - held))
        account = self._account(self.own)
        self.assertEqual((account.visits_agreed, account.visits_open), (4, 2))
        row = line.plan_region_id
        self.assertEqual(
            (row.visits_done, row.visits_planned),
            (line.visits_done, line.visits_planned),
        )
        self.assertTrue(self.plan.followed_on)

    def test_a_visit_nobody_agreed_on_is_reactive(self):
        self._visit(self.small, self.month + timedelta(minutes=1))
        self.plan._follow()
        self.assertEqual(self.other.visits_reactive, self.other.visits_done)
        self.assertEqual(self.line.visits_reactive, 0)

    def test_overdue_is_what_would_be_held_by_now(self):
        with self._at(1):
            self.assertEqual(self.plan._month_gone(), 0.0)
            self.plan._follow()
            self.assertEqual(self.line.visits_overdue, 0)
        with freeze_time(self.end + timedelta(days=1, hours=12)):
            self.plan._follow()
            self.assertEqual(self.line.visits_overdue, 4)
            self.assertEqual(self.plan.overdue_count, 1)

    def test_nothing_is_overdue_before_it_is_agreed(self):
        self.plan._reopen("review", "A strike")
        with freeze_time(self.end + timedelta(hours=12)):
            self.plan._follow()
        self.assertEqual(self.line.visits_overdue, 0)

    def test_sales_so_far(self):
        self._order(self.own, self.month + timedelta(hours=1), 700.0)
        self.plan._follow()
        self.assertEqual(self.line.sales_realised, 700.0)
        self.assertEqual(self.line.plan_region_id.sales_realised, 700.0)

    def test_sales_after_a_change_of_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.company.currency_id.id,
                "company_id": self.company.id,
                "name": self.month,
                "rate": 0.5,
            }
        )
        self.company.currency_id = dollar
        self.assertAlmostEqual(self.plan._to_plan_currency(), 0.5)
        self._order(self.own, self.month + timedelta(hours=1), 700.0)
        bought = _follow.gather(self.company, self.month).sales[self.own.id]
        self.plan._follow()
        self.assertAlmostEqual(self.line.sales_realised, bought * 0.5, 2)

    def test_queries_do_not_grow_with_lines(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.plan._follow()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for number in range(30):
            partner = self._customer(f"More {number}")
            account = self.env["territory.account"].create(
                {"partner_id": partner.id, "company_id": self.company.id}
            )
            self.line.copy({"account_id": account.id})
        self.assertLessEqual(count(), few + 1)

    # ------------------------------------------------------------- changing hands
    def test_an_account_that_changes_hands(self):
        self.own.user_id = self.other_rep
        row = self.line.plan_region_id
        self.plan._follow()
        self.assertEqual(self.line.user_id, self.other_rep)
        self.assertEqual(self.line.plan_region_id, row, "the ledger stays")
        change = self.plan.change_ids.filtered(lambda c: c.kind == "rep")
        self.assertEqual(
            (change.text_before, change.text_after),
            (self.rep.name, self.other_rep.name),
        )
        seen = self.env["territory.plan.line"].with_user(self.other_rep)
        self.assertIn(self.line, seen.search([("plan_id", "=", self.plan.id)]))
        self.plan._follow()
        self.assertEqual(
            len(self.plan.change_ids.filtered(lambda c: c.kind == "rep")), 1
        )

    def test_a_rep_who_leaves_mid_month(self):
        self.plan._reopen("collecting", "New rep")
        self.env["territory.region"].create(
            {
                "name": "Munich",
                "company_id": self.company.id,
                "country_ids": self.env.ref("base.de").ids,
                "zip_prefixes": "80",
                "user_id": self.other_rep.id,
            }
        )
        self.env["territory.region"]._assign(self.company)
        self.rep.active = False
        self.plan._follow()
        self.assertEqual(self.plan.line_ids.user_id, self.other_rep)
        self.assertIn(self.other_rep, self.plan.rep_ids.user_id, "asked as well")
        with self._at(1):
            self.plan._go_on(self.month)
        self.assertEqual(
            self.plan.rep_ids.filtered(lambda r: r.user_id == self.rep).state, "left"
        )

    def test_an_account_that_changes_region_stays_where_it_was_agreed(self):
        region = self.line.region_id
        self.env["territory.region"].create(
            {
                "name": "Munich",
                "company_id": self.company.id,
                "country_ids": self.env.ref("base.de").ids,
                "zip_prefixes": "80",
            }
        )
        self.env["territory.region"]._assign(self.company)
        self.plan._follow()
        self.assertEqual(self.line.region_id, region)
        self.assertEqual(self.line.user_id, self.rep)

    # ------------------------------------------------------------ clock and mail
    def test_the_night_counts_and_the_end_closes(self):
        with self._at(2):
            self.env["territory.plan"]._turn(self.company)
        run = self.plan.run_ids.filtered(lambda r: r.kind == "follow")
        self.assertEqual(run.state, "waiting")
        self._order(self.own, self.month + timedelta(hours=1), 700.0)
        with freeze_time(self.end + timedelta(days=2, hours=12)):
            self.env["territory.plan"]._turn(self.company)
            self.assertEqual(self.plan.state, "closed")
            self._work()
        self.assertEqual(self.line.sales_realised, 700.0)
        run = self.plan.run_ids.filtered(lambda r: r.kind == "close")
        self.assertEqual(run.state, "done")

    def _monday(self):
        day = self.month
        while day.weekday():
            day += timedelta(days=1)
        return day

    def test_a_mail_every_monday_once(self):
        self.rep.email = "rep@nordwerk.example"
        self.team.user_id = self.leader
        self.leader.email = "leader@nordwerk.example"
        mails = self.env["mail.mail"]
        before = mails.search([])
        with freeze_time(self._monday() + timedelta(hours=12)):
            self.line.visits_overdue = 2
            self.env["territory.plan"]._turn(self.company)
            self.env["territory.plan"]._turn(self.company)
        found = mails.search([]) - before
        found = found.filtered(lambda mail: "nordwerk.example" in (mail.email_to or ""))
        self.assertEqual(len(found), 2, found.mapped("email_to"))
        mine = found.filtered(lambda mail: "rep@" in mail.email_to)
        self.assertIn("Own", mine.body_html)
        agreed = sum(self.plan.line_ids.mapped("sales_agreed"))
        self.assertIn(self.line._money(agreed), mine.body_html)
        self.assertIn("your team", (found - mine).body_html)

    def test_no_mail_where_the_company_wants_none(self):
        self.rep.email = "rep@nordwerk.example"
        self.company.territory_digest = False
        before = self.env["mail.mail"].search([])
        with freeze_time(self._monday() + timedelta(hours=12)):
            self.env["territory.plan"]._turn(self.company)
        found = self.env["mail.mail"].search([]) - before
        self.assertFalse(found.filtered(lambda m: "rep@" in (m.email_to or "")))

    def test_names_in_the_mail_are_text(self):
        self.rep.email = "rep@nordwerk.example"
        self.own.name = "<script>alert(1)</script>"
        self.line.visits_overdue = 1
        (mail,) = self.plan._send_digest()
        self.assertNotIn("<script>", mail.body_html)
