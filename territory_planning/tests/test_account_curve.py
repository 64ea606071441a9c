from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.territory_planning.engine import account_curve, calibration

from .common import TerritoryCase


class CurveCase(TerritoryCase):
    """Two visited customers of one rep, whose hours are scarce, and others without."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.crm_team_member_ids.territory_hours = 6.0
        cls.large = cls._customer("Large")
        cls.small = cls._customer("Small", "Nürnberg")
        for months in range(1, 25):
            cls._order(cls.large, cls._day(months), 20000.0)
            cls._order(cls.small, cls._day(months), 300.0)
            for customer in (cls.large, cls.small):
                cls._visit(customer, cls._day(months))
        cls.prospect = cls._customer("Prospect")
        cls._lead(cls.prospect)
        cls.unseen = cls._customer("Unseen")
        for months in (1, 3, 5, 8):
            cls._order(cls.unseen, cls._day(months), 900.0)
        cls.plan = cls.env["territory.plan"]._open_month(cls.company)
        cls.account = cls._account(cls.large)
        cls.line = cls.account.plan_line_id

    def _curve(self, partner=None, user=None):
        account = self._account(partner or self.large)
        return account.with_user(user or self.rep).get_territory_curve()


@tagged("post_install", "-at_install")
class TestAccountCurve(CurveCase):
    """The curve that is drawn is the one the plan used."""

    def test_figures_are_those_of_the_plan(self):
        curve, line = self._curve(), self.line
        self.assertEqual(curve["status"], "curve")
        self.assertAlmostEqual(curve["elasticity"], line.elasticity)
        self.assertAlmostEqual(curve["sd"], line.elasticity_sd)
        self.assertEqual(curve["origin"], line.curve_origin)
        self.assertFalse(curve["newer"])
        self.assertEqual(curve["today"]["effort"], line.visits_today)
        self.assertAlmostEqual(curve["today"]["sales"], line.revenue_expected, 1)
        self.assertEqual(curve["optimal"]["effort"], line.visits_optimal)
        self.assertEqual(curve["flat"], [line.visits_flat_low, line.visits_flat_high])
        self.assertEqual(curve["usual_hour"], line.plan_region_id.shadow_price)
        self.assertAlmostEqual(curve["next_hour"], line.next_hour_value, 1)
        self.assertEqual(curve["reason"], line.reason)

    def test_lists_are_the_engine_s_band(self):
        curve, line = self._curve(), self.line
        self.assertEqual(len(curve["effort"]), 61)
        band = account_curve.curve_band(
            curve["effort"],
            sales=line.revenue_expected,
            effort_now=line.visits_today,
            elasticity=line.elasticity,
            sd=line.elasticity_sd,
        )
        for name in ("mean", "low", "high"):
            for ours, theirs in zip(curve[name], getattr(band, name)[0], strict=True):
                self.assertAlmostEqual(ours, theirs, 0)
        self.assertEqual(curve["mean"], sorted(curve["mean"]), "more never sells less")

    def test_everything_drawn_lies_on_the_axis(self):
        curve = self._curve()
        most = curve["effort"][-1]
        shown = [curve["believed"][1], curve["optimal"]["effort"], *curve["flat"]]
        shown += [point["effort"] for point in curve["points"]]
        self.assertLessEqual(max(shown), most)
        low, high = (
            self.company.territory_damping_low,
            self.company.territory_damping_high,
        )
        self.assertAlmostEqual(curve["believed"][0] * high, curve["believed"][1] * low)

    def test_the_settings_of_the_plan_not_of_today(self):
        before = self._curve()["believed"]
        self.company.territory_damping_high = 1.5
        self.assertEqual(self._curve()["believed"], before)

    def test_points_are_quarters_of_the_history(self):
        points = self._curve()["points"]
        self.assertEqual(len(points), 12)
        self.assertAlmostEqual(points[-1]["sales"], 20000.0)
        self.assertAlmostEqual(points[0]["sales"], 0.0, msg="before the first order")
        self.assertTrue(points[-1]["label"])

    def test_without_revenue_there_are_words(self):
        curve = self._curve(self.prospect)
        self.assertEqual(curve["status"], "words")
        self.assertRegex(curve["message"], "“Prospect” has no revenue")
        self.assertNotIn("mean", curve)
        self.assertIn("“Prospect”", curve["questions"]["obstacle"])

    def test_without_a_plan_there_are_words(self):
        self.plan.unlink()
        self.env.invalidate_all()
        curve = self._curve()
        self.assertEqual(curve["status"], "words")
        self.assertIn("No monthly plan", curve["message"])

    def test_few_months_are_no_curve(self):
        rare = self._customer("Rare")
        self._order(rare, self._day(2), 900.0)
        self._order(rare, self._day(4), 900.0)
        self._visit(rare, self._day(2))
        self.env["territory.plan"]._open_month(self.company)
        curve = self._curve(rare)
        self.assertEqual(curve["status"], "words")
        self.assertRegex(curve["message"], "Only 2 months .*“Rare”")

    def test_never_visited_is_said(self):
        curve = self._curve(self.unseen)
        self.assertEqual(curve["status"], "curve")
        self.assertEqual(curve["today"]["effort"], calibration.HALF_VISIT)
        self.assertFalse(curve["today"]["visited"])
        self.assertEqual(curve["believed"][0], calibration.HALF_VISIT)
        self.assertIn("visit it first", curve["questions"]["obstacle"])

    def test_an_account_that_nobody_looks_after(self):
        self.large.user_id = False
        self.env["territory.plan"]._open_month(self.company)
        curve = self._curve()
        self.assertEqual(curve["status"], "curve")
        self.assertFalse(curve["optimal"])
        self.assertFalse(curve["flat"])
        self.assertFalse(curve["usual_hour"])
        self.assertIn("Nobody looks after", curve["reason"])
        card = self.account.with_user(self.rep).get_territory_card()
        self.assertIn("Nobody looks after", card["plan"]["reason"])

    def test_own_accounts_only(self):
        with self.assertRaises(AccessError):
            self._curve(user=self.other_rep)
        self.assertEqual(self._curve(user=self.leader)["status"], "curve")

    def test_a_closed_plan_is_no_curve(self):
        self.line.sudo().user_id = self.other_rep
        self.assertEqual(self._curve()["status"], "words")
        self.assertEqual(self._curve(user=self.leader)["status"], "curve")

    def test_queries(self):
        self._curve()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(35):
            self._curve()
