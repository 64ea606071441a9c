from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_scenario_solve import SolveCase


@tagged("post_install", "-at_install")
class TestScenarioCompare(SolveCase):
    """Scenarios beside today, and what a change by hand costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scenario.band = 0.5

    def _compare(self, *scenarios):
        ids = [scenario.id for scenario in scenarios]
        model = self.env["territory.scenario"].with_user(self.leader)
        return model.compare_scenarios(ids)

    def test_today_and_the_answer_side_by_side(self):
        self._solve()
        kept = self.scenario.copy({"name": "Kept"})
        kept.write({"disruption": 1000.0, "relation_loss": 1.0})
        self._solve(kept)
        data = self._compare(self.scenario, kept)
        today, (first, second) = data["today"], data["columns"]
        self.assertEqual([first["name"], second["name"]], ["Fair", "Kept"])
        self.assertEqual(second["handovers"], 0)
        self.assertEqual(second["rep"], today["rep"])
        self.assertNotEqual(first["rep"], today["rep"])
        self.assertAlmostEqual(second["gain"], 0, 3)
        self.assertGreater(first["gain"], 0)
        self.assertEqual(len(data["account"]), 12)
        self.assertEqual(len(data["people"]), 2, "the same two in both")
        self.assertTrue(data["same_accounts"])
        name = data["people"][first["rep"][data["name"].index("South 0")]]
        self.assertEqual(name, self.rep.name)

    def test_more_and_less_disruption_is_solved_afterwards(self):
        self._solve()
        points = self.scenario.frontier
        self.assertTrue(points)
        revenue = [point["handover_revenue"] for point in points]
        gain = [point["gain"] for point in points]
        self.assertEqual(revenue, sorted(revenue))
        self.assertEqual(gain, sorted(gain))

    def test_drafts_and_foreign_ones_are_left_out(self):
        data = self._compare(self.scenario)
        self.assertEqual((data["columns"], data["today"]), ([], {}))
        sister = self.env["res.company"].create({"name": "Sister"})
        stranger = self._user("stranger", "sales_team.group_sale_manager", sister)
        self._solve()
        model = self.env["territory.scenario"].with_user(stranger)
        model = model.with_context(allowed_company_ids=sister.ids)
        self.assertFalse(model.compare_scenarios(self.scenario.ids)["columns"])
        with self.assertRaises(AccessError):
            model.with_user(self.rep).compare_scenarios(self.scenario.ids)

    # --------------------------------------------------------------------- by hand
    def test_the_price_of_a_change_is_told_and_comes_true(self):
        self._solve()
        scenario = self.scenario.with_user(self.manager)
        account = self._account(self.south[0])
        line = self._rep(self.other_rep)
        price = scenario.price_of_move(account.ids, line.id)
        self.assertEqual(price["count"], 1)
        self.assertTrue(price["allowed"])
        self.assertGreater(price["price"], 0)
        self.assertAlmostEqual(
            price["price"], price["travel"] + price["profit"] + price["relation"]
        )
        before = self.scenario.cost
        scenario.give_to(account.ids, line.id)
        self.assertAlmostEqual(self.scenario.cost - before, price["price"], 2)
        self.assertAlmostEqual(self.scenario.hand_cost, price["price"], 2)
        self.assertEqual(self.scenario.moved_count, 11, "it stays where it is")
        self.assertIn("by hand", self.scenario.message_ids[0].body)
        scenario.give_to(account.ids, self._rep(self.rep).id)
        self.assertAlmostEqual(self.scenario.cost, before, 2)
        move = self.scenario.move_ids.filtered(lambda m: m.account_id == account)
        self.assertTrue(move.by_hand)
        self.assertEqual(self.scenario.moved_count, 12)

    def test_what_would_not_be_kept_is_said(self):
        self.scenario.band = 0.05
        self._solve()
        scenario = self.scenario.with_user(self.manager)
        south = self.env["territory.account"].union(
            *(self._account(partner) for partner in self.south)
        )
        price = scenario.price_of_move(south.ids, self._rep(self.other_rep).id)
        said = " ".join(price["warnings"])
        self.assertIn(f"{self.other_rep.name} would have", said)
        self.assertIn("more than allowed", said)

    def test_a_locked_account_stays(self):
        self.scenario.lock_account_ids = self._account(self.south[0])
        self._solve()
        scenario = self.scenario.with_user(self.manager)
        target = self._rep(self.rep).id
        price = scenario.price_of_move(self._account(self.south[0]).ids, target)
        self.assertFalse(price["allowed"])
        with self.assertRaises(UserError):
            scenario.give_to(self._account(self.south[0]).ids, target)

    def test_only_administrators_of_sales_change_and_only_before_approval(self):
        self._solve()
        account, line = self._account(self.south[0]), self._rep(self.other_rep)
        leader = self.scenario.with_user(self.leader)
        self.assertTrue(leader.price_of_move(account.ids, line.id)["price"])
        with self.assertRaises(AccessError):
            leader.give_to(account.ids, line.id)
        manager = self.scenario.with_user(self.manager)
        manager.action_approve()
        with self.assertRaisesRegex(UserError, "Approved"):
            manager.give_to(account.ids, line.id)

    def test_what_is_published_is_the_answer_changed_by_hand(self):
        self._solve()
        scenario = self.scenario.with_user(self.manager)
        scenario.give_to(self._account(self.south[0]).ids, self._rep(self.other_rep).id)
        scenario.action_approve()
        scenario.action_schedule()
        self._work()
        self.assertEqual(self.scenario.state, "published", self.scenario.error)
        self.assertEqual(self.south[0].user_id, self.other_rep)
        self.assertEqual(self.south[1].user_id, self.rep)

    # -------------------------------------------------------------------- staffing
    def test_without_a_plan_nothing_is_said_of_staffing(self):
        self._solve()
        self.assertFalse(self.scenario.sizing)
        self.assertIn("No monthly plan", self.scenario.sizing_note)

    def test_each_territory_and_the_whole_have_a_curve(self):
        plan = self.env["territory.plan"]._open_month(self.company)
        plan._compute_plan(seed=1)
        self._solve()
        whole, *single = self.scenario.sizing
        self.assertEqual(whole["rep_id"], 0)
        self.assertEqual({p["rep_id"] for p in single}, set(self.scenario.rep_ids.ids))
        self.assertEqual((whole["reps_now"], single[0]["reps_now"]), (2.0, 1.0))
        for pool in self.scenario.sizing:
            self.assertLessEqual(pool["next_rep_low"], pool["next_rep_value"])
            self.assertEqual(len(pool["curve"]["reps"]), len(pool["curve"]["profit"]))
        self.assertIn(plan.name, self.scenario.sizing_note)

    def test_one_rep_more_or_less_is_another_scenario(self):
        self._solve()
        scenario = self.scenario.with_user(self.manager)
        more = scenario.browse(scenario.action_with_new_rep()["res_id"])
        self.assertEqual(more.state, "draft")
        new = more.rep_ids.filtered(lambda rep: not rep.user_id)
        self.assertEqual((len(more.rep_ids), len(new)), (3, 1))
        line = self._rep(self.rep).with_user(self.manager)
        fewer = scenario.browse(line.action_without()["res_id"])
        self.assertEqual(
            [rep.leaving for rep in fewer.rep_ids.sorted("user_id")].count(True), 1
        )
        fewer.sudo().band = 0.5
        self._solve(fewer)
        self.assertEqual(fewer.state, "solved", fewer.error)
        self.assertEqual(fewer.moved_count, 6)
