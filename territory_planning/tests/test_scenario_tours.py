from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from ..models import territory_scenario_frontier
from .test_scenario_solve import SolveCase


def at_once(runs):
    """What is done in the background a moment later, done now."""
    runs.sudo().search([("state", "=", "waiting")])._finish_now()


@tagged("post_install", "-at_install")
class TestScenarioTour(HttpCase, SolveCase):
    """From an empty list to published and undone, by hand in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(type(cls.env["territory.run"]), "_wake", at_once)
        )
        cls.startClassPatcher(
            patch.object(territory_scenario_frontier, "WEIGHTS", (3,))
        )
        cls.env["territory.plan"]._open_month(cls.company)
        # what is compiled at the first use is not waited for in the browser
        cls.scenario.action_solve()
        cls.scenario.unlink()

    def test_set_up_solve_compare_publish_undo(self):
        before = {p: p.user_id for p in self.south | self.north}
        self.start_tour(
            "/odoo/action-territory_planning.territory_scenario_action",
            "territory_scenario",
            login="manager",
        )
        scenario = self.env["territory.scenario"].search([])
        self.assertEqual(scenario.state, "undone", scenario.error)
        self.assertGreater(scenario.restored_count, 0)
        self.assertEqual(scenario.kept_count, 0)
        self.assertEqual({p: p.user_id for p in before}, before)
        self.assertTrue(scenario.answer["hand"], "changed by hand on the way")

    def test_a_rep_reads_the_own_handovers(self):
        scenario = self.env["territory.scenario"].create({"name": "Fair"})
        manager = scenario.with_user(self.manager)
        manager.action_solve()
        manager.action_approve()
        manager.action_schedule()
        self.assertEqual(scenario.state, "published", scenario.error)
        self.start_tour(
            "/odoo/action-territory_planning.territory_scenario_move_action",
            "territory_scenario_rep",
            login="rep",
        )
