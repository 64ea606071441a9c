import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.territory_planning.engine import calibration

from .test_account_curve import CurveCase

KEEN = [20.0, 62.0, 100.0, 130.0, 150.0]
COOL = [92.0, 97.0, 100.0, 101.0, 103.0]


class AnswerCase(CurveCase):
    def _say(self, answers=None, user=None, partner=None, note=""):
        account = self._account(partner or self.large).with_user(user or self.rep)
        return account.save_territory_answers(answers or KEEN, note)

    def _answers(self, **context):
        return (
            self.env["territory.visit.answer"]
            .with_context(active_test=False, **context)
            .search([("account_id", "=", self.account.id)], order="id")
        )


@tagged("post_install", "-at_install")
class TestVisitAnswer(AnswerCase):
    """A rep's judgement: what may be said, whose it is, and what becomes of it."""

    # ------------------------------------------------------------------ keeping
    def test_kept_with_who_when_and_compared_with_what(self):
        self._say(note="  They build a second hall ")
        answer = self._answers()
        self.assertEqual(answer._shares(), KEEN)
        self.assertEqual((answer.user_id, answer.company_id), (self.rep, self.company))
        self.assertEqual(answer.visits_now, self.line.visits_today)
        self.assertEqual(answer.revenue_now, self.line.revenue_month)
        self.assertEqual(answer.note, "They build a second hall")
        self.assertTrue(answer.date)

    def test_a_new_answer_takes_the_place_of_the_old(self):
        self._say(KEEN)
        self._say(COOL)
        old, new = self._answers()
        self.assertEqual((old.active, new.active), (False, True))
        self.assertEqual(old._shares(), KEEN, "history stays as it was said")

    def test_judges_do_not_supersede_each_other(self):
        self._say(KEEN)
        self._say(COOL, self.leader)
        self.assertEqual(self._answers().mapped("active"), [True, True])

    def test_an_answer_stays_as_given(self):
        self._say()
        answer = self._answers().with_user(self.rep)
        for vals in ({"sales_none": 1.0}, {"user_id": self.other_rep.id}):
            with self.assertRaisesRegex(AccessError, "Answer the questions again"):
                answer.write(vals)
        answer.write({"note": "Second thoughts", "active": False})
        self.assertFalse(self._curve()["judged"], "withdrawn")

    def test_what_it_compares_with_cannot_be_forged(self):
        answer = (
            self.env["territory.visit.answer"]
            .with_user(self.rep)
            .create(
                {
                    "account_id": self.account.id,
                    "visits_now": 99.0,
                    "date": "2001-01-01",
                    "sales_none": 20.0,
                    "sales_half": 60.0,
                    "sales_more": 130.0,
                    "sales_most": 150.0,
                }
            )
        )
        self.assertEqual(answer.visits_now, self.line.visits_today)
        self.assertEqual(answer.date.date(), fields.Date.today())

    # --------------------------------------------------------------- bad answers
    def test_bad_answers_name_account_and_question(self):
        cases = {
            "five answers": [20, 62, 100],
            "each a percentage": ["20", 62, 100, 130, 150],
            "Without Visits.* is -5.*between 0": [-5, 62, 100, 130, 150],
            "Half the Visits.* is nan": [20, float("nan"), 100, 130, 150],
            "Make Sense.* is inf": [20, 62, 100, 130, float("inf")],
            "Make Sense.* is 1001": [20, 62, 100, 130, 1001],
            "As Now.* is 90.*must be 100": [20, 62, 90, 130, 150],
            "Half the Visits.* is 15.*“Without Visits.*20": [20, 15, 100, 130, 150],
            "Half as Many Again.* is 100.*put the two 0.1 apart": [
                *(20, 62, 100, 100, 150)
            ],
        }
        for words, answers in cases.items():
            with (
                self.subTest(words),
                self.assertRaisesRegex(ValidationError, f"(?s)“Large”: .*{words}"),
            ):
                self._say(answers)
            with self.subTest(words), self.assertRaises(ValidationError):
                self.account.with_user(self.rep).preview_territory_answers(answers)
        self.assertFalse(self._answers(), "nothing half-written")
        for hostile in (None, "", {"0": 1}, [[]] * 5, [True] * 5):
            with self.subTest(hostile), self.assertRaises(ValidationError):
                self.account.preview_territory_answers(hostile)

    def test_the_orm_checks_the_same(self):
        values = dict.fromkeys(("sales_none", "sales_half"), 50.0)
        with self.assertRaisesRegex(ValidationError, "apart"):
            self.env["territory.visit.answer"].create(
                {
                    "account_id": self.account.id,
                    "sales_more": 130.0,
                    "sales_most": 150.0,
                    **values,
                }
            )

    def test_no_visits_no_questions(self):
        with self.assertRaisesRegex(ValidationError, "“Unseen” .*visit it first"):
            self._say(partner=self.unseen)
        with self.assertRaisesRegex(ValidationError, "“Prospect” "):
            self._say(partner=self.prospect)

    # ------------------------------------------------------------------ rights
    def test_own_answers_on_own_accounts(self):
        self._say(KEEN)
        self._say(COOL, self.leader)
        model = self.env["territory.visit.answer"]
        mine = model.with_user(self.rep).search([])
        self.assertEqual(mine.user_id, self.rep, "not what the leader says")
        self.assertFalse(model.with_user(self.other_rep).search([]))
        self.assertEqual(len(model.with_user(self.leader).search([])), 2)
        with self.assertRaises(AccessError):
            self._say(user=self.other_rep)
        with self.assertRaises(AccessError):
            self._curve(user=self.other_rep)

    def test_nobody_speaks_for_another(self):
        values = dict(
            zip(
                ("sales_none", "sales_half", "sales_now", "sales_more", "sales_most"),
                KEEN,
                strict=True,
            )
        )
        for user in (self.rep, self.leader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["territory.visit.answer"].with_user(user).create(
                    {
                        "account_id": self.account.id,
                        "user_id": self.other_rep.id,
                        **values,
                    }
                )
        self._say(KEEN)
        with self.assertRaises(AccessError):
            self._answers().with_user(self.leader).write({"active": False})

    def test_only_managers_delete(self):
        self._say(KEEN)
        for user in (self.rep, self.leader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._answers().with_user(user).unlink()
        self._answers().with_user(self.manager).unlink()
        self.assertFalse(self._answers())

    def test_other_companies_see_nothing(self):
        self._say(KEEN)
        sister = self.env["res.company"].create({"name": "Sister"})
        stranger = self._user(
            "stranger", "sales_team.group_sale_manager", company=sister
        )
        theirs = (
            self.env["territory.visit.answer"]
            .with_user(stranger)
            .with_context(allowed_company_ids=sister.ids)
        )
        self.assertFalse(theirs.search([]))
        with self.assertRaises(AccessError):
            self._answers().with_env(theirs.env).check_access("read")

    def test_without_sales_no_access(self):
        clerk = self._user("clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["territory.visit.answer"].with_user(clerk).search([])

    # ---------------------------------------------------------------- the plan
    def test_the_plan_takes_answers_at_its_next_computation(self):
        before = self.line.elasticity
        shown = self._say(KEEN)
        self.assertEqual(self.line.elasticity, before)
        self.assertTrue(shown["newer"])
        self.plan._compute_plan()
        line = self.account.plan_line_id
        self.assertGreater(line.elasticity, before)
        self.assertAlmostEqual(line.elasticity, shown["elasticity"], 4)
        self.assertAlmostEqual(line.elasticity_sd, shown["sd"], 4)
        self.assertIn(line.curve_origin, ("judgement", "mixed"))
        self.assertAlmostEqual(line.elasticity_unjudged, before, 4)
        self.assertFalse(self._curve()["newer"])

    def test_answers_of_those_who_left_do_not_count(self):
        self._say(KEEN, self.leader)
        self.assertTrue(self._curve()["newer"])
        self.leader.active = False
        self.assertFalse(self._curve()["newer"])
        self.assertFalse(self._curve(user=self.manager)["judged"][0]["counts"])

    def test_answers_grow_old(self):
        self._say(KEEN)
        self._answers().date = fields.Datetime.now() - relativedelta(months=7)
        self.assertTrue(self._curve()["newer"])
        self.company.territory_judgement_months = 6
        self.assertFalse(self._curve()["newer"])
        self.assertFalse(self._curve()["judged"][0]["counts"])

    def test_answers_about_other_visits(self):
        """The same curve, read at today's visits; far away it says nothing."""
        self._say(KEEN)
        answer, model = self._answers(), self.env["territory.visit.answer"]
        visits = self.account._panel(self.account)[1]
        answer.visits_now = 2 * self.line.visits_today
        stacked = model._judgement(self.account, visits)
        self.assertEqual(stacked.shape, (1, 1, 5))
        said = calibration.judged_elasticity(stacked)[0][0]
        as_asked = calibration.judged_elasticity([[k / 100 for k in KEEN]])[0][0]
        self.assertNotAlmostEqual(said, as_asked, 2)
        answer.visits_now = 4 * self.line.visits_today
        self.assertFalse(self._curve()["newer"])
        self.assertFalse(self._curve()["judged"][0]["counts"])

    def test_several_judges_are_stacked(self):
        self._say(KEEN)
        self._say(COOL, self.leader)
        self._say(COOL, partner=self.small)
        accounts = self._account(self.large) | self._account(self.small)
        stacked = self.env["territory.visit.answer"]._judgement(
            accounts, accounts._panel(accounts)[1]
        )
        self.assertEqual(stacked.shape, (2, 2, 5))
        found = sorted(round(float(k), 4) for k in stacked[:, 0, 0])
        self.assertEqual(found, [0.2, 0.92])
        self.assertAlmostEqual(stacked[0, 1, 0], 0.92)
        self.assertTrue(stacked[1, 1, 0] != stacked[1, 1, 0], "no second judge")

    def test_gathering_is_one_query_however_many(self):
        model = self.env["territory.visit.answer"]
        accounts = self._account(self.large) | self._account(self.small)
        visits = accounts._panel(accounts)[1]

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            accounts.mapped("company_id.territory_judgement_months")
            before = self.env.cr.sql_log_count
            model._judgement(accounts, visits)
            return self.env.cr.sql_log_count - before

        self._say(KEEN)
        one = count()
        self._say(COOL, self.leader)
        self._say(COOL, self.leader, self.small)
        self.assertEqual(count(), one)
        self.assertLessEqual(one, 2)


@tagged("post_install", "-at_install")
class TestVisitQuestions(AnswerCase):
    """What the form asks with and what it is shown while it is filled in."""

    def _preview(self, answers=None, user=None):
        account = self.account.with_user(user or self.rep)
        return account.preview_territory_answers(answers or KEEN)

    def test_questions_in_the_account_s_own_numbers(self):
        asked = self._curve()["questions"]
        self.assertFalse(asked["obstacle"])
        self.assertEqual(asked["visits_now"], self.line.visits_today)
        self.assertEqual(asked["revenue_now"], self.line.revenue_month)
        self.assertEqual(
            asked["rhythms"],
            [
                "no visits",
                "one visit every 2 months",
                "one visit a month",
                "1.5 visits a month",
            ],
        )
        self.assertFalse(asked["mine"])
        self.account._check_territory_answers(asked["start"])

    def test_own_answers_come_back(self):
        self._say(KEEN, note="Because")
        mine = self._curve()["questions"]["mine"]
        self.assertEqual((mine["answers"], mine["note"]), (KEEN, "Because"))
        self.assertFalse(self._curve(user=self.leader)["questions"]["mine"])

    def test_preview_changes_nothing(self):
        before = self._curve()
        self._preview()
        self.assertFalse(self._answers())
        self.assertEqual(self._curve()["mean"], before["mean"])

    def test_preview_is_what_saving_shows(self):
        preview, saved = self._preview(), self._say()
        for name in ("elasticity", "sd", "mean", "low", "high", "next_hour"):
            self.assertEqual(preview[name], saved[name], name)

    def test_preview_says_what_an_hour_is_worth(self):
        plain = self._curve()
        keen, cool = self._preview(KEEN), self._preview(COOL)
        self.assertGreater(keen["next_hour"], plain["next_hour"])
        self.assertLess(cool["next_hour"], plain["next_hour"])
        self.assertAlmostEqual(keen["next_hour_before"], plain["next_hour"], 2)
        for amount in (keen["next_hour"], plain["next_hour"]):
            self.assertIn(self.line._money(amount), keen["verdict"])
        self.assertGreater(keen["optimal"]["effort"], cool["optimal"]["effort"])
        self.assertRegex(keen["reason"], "With the latest answers")

    def test_preview_draws_both_curves(self):
        preview = self._preview()
        grid = preview["effort"]
        self.assertEqual(len(preview["before"]), len(grid))
        self.assertEqual(len(preview["answered"]), len(grid))
        self.assertAlmostEqual(
            preview["answered"][0], 0.2 * self.line.revenue_expected, 0
        )
        self.assertEqual(preview["before"], self._before_on(grid))

    def _before_on(self, grid):
        line = self.line
        mean = calibration.factor(
            np.array(grid), line.visits_today, line.elasticity, line.elasticity_sd
        )[0]
        return (line.revenue_expected * mean).round(2).tolist()

    def test_what_matters_little_is_kept(self):
        """At the price of the rep's hours today's visits are nearly the best."""
        self.account.plan_line_id.plan_region_id.sudo().shadow_price = self._preview(
            [45.0, 81.0, 100.0, 112.0, 160.0]
        )["next_hour"]
        preview = self._preview([45.0, 81.0, 100.0, 112.5, 160.0])
        self.assertRegex(preview["reason"], "no difference worth a change: keep one")

    def test_limits_hold_for_the_new_best(self):
        self.account.visits_max = 1.1
        self.assertLessEqual(self._preview()["optimal"]["effort"], 1.1)

    def test_without_a_plan_answers_wait_for_one(self):
        self.plan.unlink()
        self.env.invalidate_all()
        self.assertEqual(self._preview()["status"], "words")
        self.assertEqual(self._say()["status"], "words")
        self.env["territory.plan"]._open_month(self.company)
        line = self.account.plan_line_id
        self.assertGreater(line.elasticity, line.elasticity_unjudged)

    def test_the_button_opens_the_questions(self):
        action = self.account.with_user(self.rep).action_visit_questions()
        self.assertEqual(action["tag"], "territory_visit_questions")
        self.assertEqual(action["params"], {"account_id": self.account.id})
