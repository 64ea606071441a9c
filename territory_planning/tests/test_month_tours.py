from odoo.tests import HttpCase, tagged

from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestMonthTour(TerritoryCase, HttpCase):
    """The meeting on one screen, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alpha = cls._customer("Alpha")
        for months in range(1, 25):
            cls._order(cls.alpha, cls._day(months), 4000.0)
            cls._visit(cls.alpha, cls._day(months))
        cls.plan = cls.env["territory.plan"]._open_month(cls.company)
        cls.plan.action_collect()
        cls.plan.action_review()

    def test_the_meeting(self):
        self.start_tour(
            "/odoo/territory-review", "territory_month_meeting", login="manager"
        )
        row = self.plan.plan_region_ids.filtered(lambda r: r.user_id == self.rep)
        self.assertEqual(row.revenue_target, 20000.0)
        self.assertTrue(row.agreed)
        self.assertEqual(row.agreed_by_id, self.manager)
        self.assertAlmostEqual(row.gap, 20000.0 - row.sales_rep, 2)
