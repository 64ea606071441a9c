from odoo.tests import HttpCase, tagged

from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestMyMonthTour(TerritoryCase, HttpCase):
    """A rep gives a view of the month on the phone, and hands it in."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alpha = cls._customer("Alpha")
        cls.beta = cls._customer("Beta")
        for months in range(1, 25):
            cls._order(cls.alpha, cls._day(months), 4000.0)
            cls._order(cls.beta, cls._day(months), 300.0)
            cls._visit(cls.alpha, cls._day(months))
        cls.plan = cls.env["territory.plan"]._open_month(cls.company)
        cls.plan.action_collect()

    def test_my_month(self):
        self.start_tour("/odoo/territory-my-month", "territory_my_month", login="rep")
        lines = {line.partner_id.name: line for line in self.plan.line_ids}
        alpha, beta = lines["Alpha"], lines["Beta"]
        self.assertEqual((alpha.answered, beta.answered), (True, True))
        self.assertEqual(alpha.visits_rep, alpha.visits_recommended)
        self.assertEqual(beta.visits_rep, beta.visits_recommended + 1)
        self.assertEqual((alpha.sales_given, alpha.sales_rep), (True, 4200.0))
        known = self.env["territory.plan.entry"].search([("knowledge", "!=", False)])
        self.assertEqual(
            [(entry.line_id, entry.knowledge, entry.note) for entry in known],
            [(beta, "competitor", "Offers below our list")],
        )
        row = self.env["territory.plan.rep"].search(
            [("plan_id", "=", self.plan.id), ("user_id", "=", self.rep.id)]
        )
        self.assertEqual(row.state, "given")
