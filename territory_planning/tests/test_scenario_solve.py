from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import _scenario
from .common import TerritoryCase


class SolveCase(TerritoryCase):
    """Customers in Munich and Hamburg, and the rep of each looks after the other's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for member in cls.team.crm_team_member_ids:
            member.territory_hours = 40.0
        south, north = cls.team.crm_team_member_ids
        south.write(
            {"territory_start_latitude": 48.1, "territory_start_longitude": 11.5}
        )
        north.write(
            {"territory_start_latitude": 53.5, "territory_start_longitude": 10.0}
        )
        cls.south = cls.env["res.partner"].union(
            *(cls._at(f"South {n}", "München", n, cls.other_rep) for n in range(6))
        )
        cls.north = cls.env["res.partner"].union(
            *(cls._at(f"North {n}", "Hamburg", n, cls.rep) for n in range(6))
        )
        for partner in cls.south | cls.north:
            cls._order(partner, cls._day(1), amount=1000.0)
            cls._visit(partner, cls._day(1))
        cls._refresh()
        cls.scenario = cls.env["territory.scenario"].create(
            {"name": "Fair", "company_id": cls.company.id, "hour_cost": 100.0}
        )
        cls.env["territory.run"].search([]).write({"state": "cancelled"})

    @classmethod
    def _at(cls, name, town, step, rep, **values):
        partner = cls._customer(name, town, user_id=rep.id, **values)
        partner.partner_latitude += step / 100
        partner.partner_longitude += step * step / 1000
        return partner

    def _rep(self, user):
        return self.scenario.rep_ids.filtered(lambda rep: rep.user_id == user)

    def _work(self):
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_kw: 99
        ):
            self.env["territory.run"]._cron_process()
        self.env.invalidate_all()

    def _solve(self, scenario=None):
        scenario = scenario or self.scenario
        scenario.with_user(self.manager).action_solve()
        self._work()
        return scenario


@tagged("post_install", "-at_install")
class TestScenarioSolve(SolveCase):
    """From setup to answer, with its certificate, its reasons, or why there is none."""

    def test_everybody_gets_the_near_ones(self):
        self._solve()
        self.assertEqual(self.scenario.state, "solved", self.scenario.error)
        moves = self.scenario.move_ids
        self.assertEqual(len(moves), 12)
        to = {move.partner_id: move.to_user_id for move in moves}
        self.assertEqual({to[p] for p in self.south}, {self.rep})
        self.assertEqual({to[p] for p in self.north}, {self.other_rep})
        self.assertLessEqual(self.scenario.gap, 0.01)
        self.assertGreaterEqual(self.scenario.cost, self.scenario.cost_bound - 1e-6)
        today, then = (self.scenario.figures[key] for key in ("today", "answer"))
        self.assertLess(then["travel_hours"], today["travel_hours"] / 2)
        self.assertLess(then["compactness"], 50)
        self.assertEqual((then["handovers"], self.scenario.moved_count), (12, 12))
        self.assertAlmostEqual(then["handover_revenue"], 12_000)
        rep = self._rep(self.rep)
        self.assertEqual((rep.account_count_before, rep.account_count_after), (6, 6))
        self.assertLess(rep.travel_after, rep.travel_before)

    def test_each_move_has_its_reason_in_money(self):
        self._solve()
        for move in self.scenario.move_ids:
            self.assertGreater(move.travel_saved, 0)
            # a tenth of a year's margin: 1,000 at 40 %
            self.assertAlmostEqual(move.relation_cost, 40.0)
            self.assertAlmostEqual(
                move.total,
                move.travel_saved
                + move.profit_gain
                + move.balance_gain
                - move.relation_cost,
                1,
            )
            self.assertIn("less driving", move.reason)
            self.assertIn("handover costs", move.reason)

    def test_costly_handovers_leave_all_as_it_is(self):
        self.scenario.write({"relation_loss": 1.0, "disruption": 1000.0, "band": 1.0})
        self._solve()
        self.assertEqual(
            (self.scenario.state, self.scenario.moved_count), ("solved", 0)
        )

    def test_same_seed_same_answer(self):
        self._solve()
        first = self.scenario.answer["rep"]
        second = self.scenario.copy()
        self.assertFalse(second.answer)
        self._solve(second)
        self.assertEqual(second.answer["rep"], first)

    def test_profit_and_contiguity_and_an_index(self):
        self.scenario.write(
            {
                "objective": "mix",
                "contiguous": True,
                "balance": "index",
                "weight_accounts": 1.0,
            }
        )
        self._solve()
        self.assertEqual(self.scenario.state, "solved", self.scenario.error)
        figures = self.scenario.figures
        self.assertGreater(figures["answer"]["profit"], figures["today"]["profit"])
        self.assertGreater(self.scenario.move_ids[0].profit_gain, 0)

    def test_postal_areas_move_as_a_whole(self):
        self.scenario.write({"unit": "zip", "zip_digits": 2, "band": 0.3})
        one = self.south[0]
        one.user_id = self.rep  # in good hands already
        self._refresh()
        self._solve()
        self.assertEqual(self.scenario.state, "solved", self.scenario.clashes)
        self.assertEqual(self.scenario.moved_count, 11)
        self.assertNotIn(one, self.scenario.move_ids.partner_id)

    def test_caps_and_locks_are_kept(self):
        self.scenario.write({"max_moves": 4, "band": 1.0})
        self.scenario.lock_account_ids = self._account(self.south[0])
        self._solve()
        self.assertEqual(self.scenario.state, "solved", self.scenario.clashes)
        self.assertEqual(self.scenario.moved_count, 4)
        self.assertNotIn(self.south[0], self.scenario.move_ids.partner_id)

    def test_languages_skills_and_never(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        french = self.env.ref("base.lang_fr")
        pumps = self.env["res.partner.category"].create({"name": "Pumps"})
        self.south[0].lang = "fr_FR"
        self.south[1].category_id = pumps
        north, south = self._rep(self.other_rep), self._rep(self.rep)
        north.write(
            {
                "skill_tag_ids": [Command.link(pumps.id)],
                "forbidden_account_ids": [
                    Command.link(self._account(self.north[0]).id)
                ],
            }
        )
        south.lang_ids = self.env["res.lang"].search([("code", "=", "en_US")])
        self.assertTrue(french)
        self.scenario.band = 0.5
        self._solve()
        self.assertEqual(self.scenario.state, "solved", self.scenario.clashes)
        moved = self.scenario.move_ids.partner_id
        self.assertNotIn(self.south[0], moved, "speaks French")
        self.assertNotIn(self.south[1], moved, "needs pumps")
        self.assertNotIn(self.north[0], moved, "never to the other")

    def test_a_leaving_rep_and_a_new_one(self):
        self._rep(self.other_rep).leaving = True
        self.env["territory.scenario.rep"].create(
            {
                "scenario_id": self.scenario.id,
                "name": "New in Hamburg",
                "home_name": "Hamburg",
                "hours": 40.0,
            }
        )
        self._solve()
        self.assertEqual(self.scenario.state, "solved", self.scenario.error)
        new = self.scenario.rep_ids.filtered(lambda rep: not rep.user_id)
        self.assertEqual(new.account_count_after, 6)
        self.assertEqual(self._rep(self.other_rep).account_count_after, 0)
        moves = self.scenario.move_ids.filtered(lambda move: move.to_rep_id == new)
        self.assertEqual(moves.partner_id, self.north)

    def test_a_new_rep_lives_where_it_is_best(self):
        """Hamburg has nobody: the home is found there, among the towns of all."""
        self._rep(self.other_rep).leaving = True
        new = self.env["territory.scenario.rep"].create(
            {"scenario_id": self.scenario.id, "name": "New", "hours": 40.0}
        )
        self._solve()
        self.assertEqual(self.scenario.state, "solved", self.scenario.error)
        self.assertEqual(new.home_name, "Hamburg")
        self.assertAlmostEqual(new.home_latitude, 53.55, 0)
        self.assertEqual(new.account_count_after, 6)

    # ------------------------------------------------------------------- bad input
    def test_accounts_without_place_stay_and_are_counted(self):
        self._customer("Nowhere", partner_latitude=0.0, partner_longitude=0.0)
        stranger = self._user("third.rep", "sales_team.group_sale_salesman")
        self._customer("Not ours", user_id=stranger.id)
        self._refresh()
        self._solve()
        self.assertEqual(self.scenario.left_out_count, 2)
        self.assertIn("1 accounts have no place", self.scenario.notes)
        self.assertIn("1 accounts have a salesperson who is not", self.scenario.notes)

    def test_an_account_of_nobody_is_given_to_somebody(self):
        free = self._customer("Free", user_id=False)
        gone = self._user("gone.rep", "sales_team.group_sale_salesman")
        left = self._customer("Left", user_id=gone.id)
        gone.active = False
        self._refresh()
        self.scenario.band = 0.5
        self._solve()
        moves = self.scenario.move_ids.filtered(
            lambda move: move.partner_id in free | left
        )
        self.assertEqual(moves.to_user_id, self.rep)
        self.assertEqual(self.scenario.moved_count, 12, "nobody lost these")

    def test_a_rep_without_home_or_hours_is_named(self):
        rep = self._rep(self.rep)
        rep.write({"home_latitude": 0.0, "home_longitude": 0.0})
        self._solve()
        self.assertEqual(self.scenario.state, "draft")
        self.assertIn(f"{self.rep.name} has no home", self.scenario.error)
        rep.write({"home_latitude": 48.0, "home_longitude": 11.0, "hours": 0.0})
        self._solve()
        self.assertIn(f"{self.rep.name} has 0 visiting hours", self.scenario.error)

    def test_a_rep_archived_while_it_waits(self):
        self.scenario.with_user(self.manager).action_solve()
        self.rep.active = False
        self._work()
        self.assertEqual(self.scenario.state, "draft")
        self.assertIn("is archived", self.scenario.error)

    def test_nothing_to_balance(self):
        self.scenario.balance = "potential"
        self._solve()
        self.assertEqual(self.scenario.state, "draft")
        self.assertIn("no potential at all", self.scenario.error)

    def test_locks_that_break_the_band(self):
        self.south.user_id = self.rep
        self._refresh()
        self.scenario.lock_visits = 1
        self._solve()
        self.assertEqual(self.scenario.state, "draft")
        self.assertIn("No answer can keep", self.scenario.clashes)
        self.assertIn(self.rep.name, self.scenario.clashes)
        self.assertRegex(self.scenario.clashes, r"\d+ hours a month more than the")
        self.assertFalse(self.scenario.move_ids)

    def test_an_account_nobody_may_have(self):
        account = self._account(self.south[0])
        self.scenario.rep_ids.forbidden_account_ids = account
        self._solve()
        self.assertIn("nobody may look after “South 0”", self.scenario.clashes)

    def test_no_account_at_all(self):
        self.scenario.account_domain = "[('name', '=', 'nobody')]"
        self._solve()
        self.assertIn("No account can take part", self.scenario.error)

    def test_a_filter_that_cannot_be_read(self):
        for text in ("nonsense", "[('no_such_field', '=', 1)]", "__import__('os')"):
            with self.assertRaisesRegex(UserError, "cannot be|can be read"):
                self.scenario.account_domain = text

    # ------------------------------------------------------------ in the background
    def test_good_enough_ends_it_with_what_there_is(self):
        scenario = self.scenario.with_user(self.manager)
        scenario.action_solve()
        scenario.action_stop()
        self._work()
        self.assertEqual(self.scenario.state, "solved", self.scenario.error)
        run = self.scenario.run_ids.filtered(lambda run: run.kind == "scenario_solve")
        self.assertEqual((run.state, run.result["answer"]), ("done", None))

    def test_a_cut_off_run_goes_on_with_the_inputs_it_had(self):
        self.scenario.with_user(self.manager).action_solve()
        run = self.scenario.run_ids
        run._do_step()
        self.south[0].partner_latitude = 53.5  # not any more: the inputs are kept
        self._work()
        self.assertEqual(self.scenario.state, "solved")
        self.assertEqual(self.scenario.moved_count, 12)

    def test_gathering_takes_the_same_queries_for_ten_times_the_accounts(self):
        counts = []
        for _turn in range(2):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            _scenario.gather(self.scenario)
            counts.append(self.env.cr.sql_log_count - start)
            for number in range(50):
                self._at(f"More {number} {_turn}", "Hamburg", number, self.rep)
            self._refresh()
        self.assertLessEqual(counts[1], counts[0])

    def test_a_team_leader_does_not_solve(self):
        with self.assertRaises(UserError):
            self.scenario.with_user(self.leader).action_solve()
