from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestStart(TerritoryCase):
    """First steps: for those who can take them, until they are done or put away."""

    def _steps(self, user=None):
        companies = self.env["res.company"].with_company(self.company)
        return {
            step["key"]: step
            for step in companies.with_user(user or self.manager).get_territory_start()
        }

    def test_a_company_that_begins_has_them_all_before_it(self):
        steps = self._steps()
        self.assertEqual(list(steps), ["places", "reps", "month"])
        self.assertFalse(steps["month"]["done"])

    def test_each_step_is_done_by_what_it_asks_for(self):
        self._order(self._customer("Placed"), self._day(1))
        self.env["territory.account"]._refresh(self.company)
        self.assertTrue(self._steps()["places"]["done"])
        members = self.env["crm.team.member"].search(
            [("crm_team_id.company_id", "in", (self.company.id, False))]
        )
        members.write({"territory_start_latitude": 0, "territory_start_longitude": 0})
        self.assertFalse(self._steps()["reps"]["done"])
        members.write({"territory_hours": 100, "territory_start_latitude": 50})
        self.assertTrue(self._steps()["reps"]["done"])
        self.env["territory.plan"]._open_month(self.company)
        self.assertFalse(self._steps(), "nothing is left to do")

    def test_put_away_they_stay_away(self):
        companies = self.env["res.company"].with_company(self.company)
        companies.with_user(self.manager).close_territory_start()
        self.assertFalse(self._steps())

    def test_who_cannot_take_them_does_not_see_them(self):
        companies = self.env["res.company"].with_company(self.company)
        for user in (self.rep, self.leader):
            self.assertFalse(self._steps(user))
            with self.assertRaises(AccessError):
                companies.with_user(user).close_territory_start()
