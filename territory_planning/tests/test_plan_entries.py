from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestPlanEntries(TerritoryCase):
    """Bottom-up: what reps say is kept once, by line, and nothing of it is lost."""

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
        # hours are scarce: an hour that is worth nothing makes no answer worth asking
        cls.team.crm_team_member_ids.territory_hours = 6.0
        cls.plan = cls.env["territory.plan"]._open_month(cls.company)
        cls.plan.action_collect()
        cls.count = 0

    def _line(self, customer):
        return self.plan.line_ids.filtered(lambda line: line.partner_id == customer)

    @classmethod
    def _entry(cls, line, **values):
        cls.count += 1
        return {
            "uuid": f"entry-{cls.count:06}",
            "line_id": line.id,
            "version": line.version,
            **values,
        }

    def _save(self, *entries, user=None):
        plans = self.env["territory.plan"].with_user(user or self.rep)
        return plans.save_territory_entries(list(entries))

    def _month(self, user=None, **arguments):
        user = user or self.rep
        plans = self.env["territory.plan"].with_user(user)
        plans = plans.with_context(allowed_company_ids=user.company_ids.ids)
        return plans.get_territory_my_month(**arguments)

    # ---------------------------------------------------------------- my month
    def test_my_month_is_mine_and_what_matters_comes_first(self):
        month = self._month()
        self.assertEqual(month["plan"]["id"], self.plan.id)
        self.assertTrue(month["plan"]["open"])
        names = [line["name"] for line in month["lines"]]
        self.assertEqual(names, ["Own", "Small"])
        self.assertEqual(month["progress"]["lines"], 2)
        self.assertEqual(month["progress"]["answered"], 0)
        self.assertEqual(month["progress"]["hours_available"], 6.0)
        stakes = [line["stake"] for line in month["lines"]]
        self.assertEqual(stakes, sorted(stakes, reverse=True))
        self.assertTrue(all(line["reason"] for line in month["lines"]))
        self.assertTrue(all(line["visits"] is None for line in month["lines"]))

    def test_questions_go_where_the_answer_is_worth_most(self):
        month = self._month()
        values = {line["account_id"]: line["question_value"] for line in month["lines"]}
        asked = month["questions"]
        self.assertTrue(asked)
        self.assertEqual(asked, sorted(asked, key=lambda a: -values[a]))
        account = self.env["territory.account"].browse(asked[0])
        account.with_user(self.rep).save_territory_answers([60, 80, 100, 115, 130])
        self.assertNotIn(asked[0], self._month()["questions"], "asked and answered")

    def test_a_leader_looks_at_a_rep_but_a_rep_at_nobody(self):
        month = self._month(self.leader, user_id=self.rep.id)
        self.assertEqual(len(month["lines"]), 2)
        with self.assertRaises(AccessError):
            self._month(user_id=self.other_rep.id)

    def test_without_a_plan(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        stranger = self._user("s", "sales_team.group_sale_salesman", sister)
        self.assertFalse(self._month(stranger)["plan"])
        with self.assertRaises(UserError):
            self._month(stranger, plan_id=self.plan.id)

    def test_the_forecast_takes_the_visits_in(self):
        line = self._line(self.own)
        self.assertGreater(line.sales_model, 0)
        self.assertTrue(self.plan.season_known)
        self.assertAlmostEqual(line.season, 1.0, 1, "the same sales every month")
        self.assertAlmostEqual(line.sales_model / line.revenue_expected, 1.0, delta=0.6)

    def test_queries_do_not_grow_with_lines(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._month()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        line = self._line(self.small)
        for number in range(30):
            partner = self._customer(f"More {number}")
            account = self.env["territory.account"].create(
                {"partner_id": partner.id, "company_id": self.company.id}
            )
            line.copy({"account_id": account.id})
        self.assertLessEqual(count(), few + 1)
        self.assertEqual(self._month()["progress"]["lines"], 32)

    # ------------------------------------------------------------------- saving
    def test_an_entry_is_kept_with_what_it_changed(self):
        line = self._line(self.own)
        (answer,) = self._save(
            self._entry(
                line,
                visits=4,
                sales=9500.0,
                knowledge={"kind": "competitor", "value": 800, "note": "Rival AG"},
            )
        )
        self.assertEqual(answer["status"], "saved")
        self.assertEqual(answer["version"], 1)
        self.assertEqual(
            (line.visits_rep, line.sales_rep, line.answered), (4, 9500.0, True)
        )
        self.assertEqual(line.entry_ids.knowledge, "competitor")
        changes = {change.kind: change for change in self.plan.change_ids}
        self.assertEqual(set(changes), {"visits", "sales"})
        self.assertEqual(changes["visits"].value_after, 4)
        self.assertEqual(changes["visits"].value_before, line.visits_recommended)
        self.assertEqual(changes["visits"].author_id, self.rep)
        row = next(r for r in self._month()["lines"] if r["id"] == line.id)
        self.assertEqual((row["visits"], row["sales"]), (4, 9500.0))
        self.assertEqual(row["knowledge"][0]["note"], "Rival AG")

    def test_sent_twice_kept_once(self):
        line = self._line(self.own)
        entry = self._entry(line, visits=2)
        first, second = self._save(entry, dict(entry))
        (third,) = self._save(entry)
        self.assertEqual(
            [a["status"] for a in (first, second, third)], ["saved", "again", "again"]
        )
        self.assertEqual(len(line.entry_ids), 1)
        self.assertEqual(line.version, 1)

    def test_one_rep_s_queue_is_taken_in_order(self):
        line = self._line(self.own)
        answers = self._save(self._entry(line, visits=2), self._entry(line, visits=3))
        self.assertEqual([a["status"] for a in answers], ["saved", "saved"])
        self.assertEqual(line.visits_rep, 3)

    def test_what_somebody_else_said_meanwhile_is_not_lost(self):
        line = self._line(self.own)
        mine = self._entry(line, visits=2)
        self._save(self._entry(line, visits=5), user=self.leader)
        (answer,) = self._save(mine)
        self.assertEqual(answer["status"], "conflict")
        self.assertEqual((answer["visits"], answer["version"]), (5, 1))
        self.assertEqual(line.visits_rep, 5)
        (answer,) = self._save(self._entry(line, visits=2))
        self.assertEqual(answer["status"], "saved", "having seen it")

    def test_after_a_conflict_one_s_own_may_count(self):
        line = self._line(self.own)
        mine = self._entry(line, visits=2)
        self._save(self._entry(line, visits=5), user=self.leader)
        (answer,) = self._save(mine)
        self.assertEqual((answer["mine"], answer["theirs"]), ("2 visits", "5 visits"))
        (answer,) = self._save({**mine, "uuid": "0" * 31 + "f", "force": True})
        self.assertEqual((answer["status"], line.visits_rep), ("saved", 2))

    def test_one_bad_entry_holds_up_no_other(self):
        own, foreign = self._line(self.own), self._line(self.others)
        answers = self._save(
            "x",
            self._entry(own, visits=2.5),
            self._entry(own, visits=-1),
            self._entry(own, sales=float("nan")),
            self._entry(own),
            self._entry(own, knowledge={"kind": "gossip"}),
            self._entry(foreign, visits=2),
            {**self._entry(own, visits=2), "uuid": "short"},
            self._entry(own, visits=2),
        )
        self.assertEqual(
            [a["status"] for a in answers], ["refused"] * 8 + ["saved"], answers
        )
        self.assertTrue(all(a["message"] for a in answers[:-1]))
        self.assertNotIn("Colleague", str(answers))
        self.assertFalse(foreign.answered)

    def test_only_while_views_are_collected(self):
        line = self._line(self.own)
        self.plan.action_review()
        (answer,) = self._save(self._entry(line, visits=2))
        self.assertEqual(answer["status"], "refused")
        self.assertIn("not collecting", answer["message"])

    def test_too_many_at_once(self):
        with self.assertRaisesRegex(UserError, "500"):
            self._save(*[{}] * 501)

    # -------------------------------------------------------------- to agree on
    def test_review_starts_from_what_reps_said(self):
        own, small = self._line(self.own), self._line(self.small)
        self._save(self._entry(own, visits=7, sales=1234.0))
        self.plan.action_review()
        self.assertEqual((own.visits_agreed, own.sales_agreed), (7, 1234.0))
        self.assertEqual(small.visits_agreed, small.visits_recommended)
        self.assertEqual(small.sales_agreed, small.sales_model)

    def test_a_leader_changes_what_is_to_be_agreed_and_it_is_kept(self):
        line = self._line(self.own)
        with self.assertRaisesRegex(UserError, "under review"):
            line.with_user(self.leader).visits_agreed = 3
        self.plan.action_review()
        before = line.visits_agreed
        line.with_user(self.leader).write({"visits_agreed": 9})
        change = self.plan.change_ids
        self.assertEqual(
            (change.kind, change.value_before, change.value_after, change.author_id),
            ("visits_agreed", before, 9, self.leader),
        )
        self.assertEqual(line.version, 1)
        with self.assertRaises(AccessError):
            line.with_user(self.rep).visits_agreed = 3
        with self.assertRaisesRegex(AccessError, "typed in"):
            line.with_user(self.leader).visits_rep = 3
        with self.assertRaisesRegex(ValidationError, "Visits Agreed"):
            line.with_user(self.leader).visits_agreed = 101

    def test_what_a_leader_set_survives_opening_again(self):
        own, small = self._line(self.own), self._line(self.small)
        self.plan.action_review()
        (own | small).with_user(self.leader).write({"visits_agreed": 9})
        self.plan._reopen("collecting", "One more look")
        self._save(self._entry(own, visits=2))
        self.plan.action_review()
        self.assertEqual(small.visits_agreed, 9)
        self.assertEqual(own.visits_agreed, 2, "the rep spoke after the leader")

    def test_knowledge_is_taken_in_or_set_aside_by_leaders(self):
        line = self._line(self.own)
        self._save(self._entry(line, knowledge={"kind": "price", "value": 10}))
        entry = line.entry_ids
        with self.assertRaises(AccessError):
            entry.with_user(self.rep).action_use()
        with self.assertRaises(AccessError):
            entry.with_user(self.leader).visits = 3
        entry.with_user(self.leader).action_use()
        self.assertEqual(entry.state, "used")
