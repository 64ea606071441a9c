from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_account_curve import CurveCase

FIGURES = (
    "visits_today",
    "visits_optimal",
    "visits_flat_low",
    "visits_flat_high",
    "allocation_factor",
    "factor_low",
    "factor_high",
    "expected_gain",
    "gain_low",
    "gain_high",
    "next_hour_value",
    "elasticity",
    "elasticity_sd",
    "revenue_month",
    "revenue_expected",
)


@tagged("post_install", "-at_install")
class TestPlanBadInput(CurveCase):
    """Whatever the data: a number that can be stood behind, or a sentence."""

    def _compute(self):
        self.plan._compute_plan()
        return self.plan.line_ids

    def _line(self, partner):
        return self._account(partner).plan_line_id

    def _set_history(self, partner, **months):
        account = self._account(partner).sudo()
        account.history = {**account.history, **months}
        return account

    def assertAllFinite(self, lines):
        for line in lines:
            for name in FIGURES:
                value = line[name]
                self.assertTrue(
                    abs(value) < 1e12, f"{name} of {line.account_id.name}: {value}"
                )

    # -------------------------------------------------------------- no numbers
    def test_a_history_that_is_no_number_names_account_and_field(self):
        months = len(self.account.history["revenue"])
        for name, values in (
            ("revenue", [None] * months),
            ("visits", [None] * months),
            ("revenue", ["much"] * months),
            ("visits", [-1] * months),
        ):
            with self.subTest(name, value=values[0]):
                good = self.account.history
                account = self._set_history(self.large, **{name: values})
                before = self.plan.line_ids
                with self.assertRaises(UserError) as caught:
                    self._compute()
                self.assertIn("“Large”", str(caught.exception))
                self.assertIn("Monthly History", str(caught.exception))
                self.assertTrue(before.exists(), "a plan is whole or untouched")
                account.history = good

    def test_a_history_of_unequal_months(self):
        good = self.account.history
        for history in (
            {**good, "visits": good["visits"][:-3]},
            {"from": good["from"]},
            ["nonsense"],
        ):
            self.account.sudo().history = history
            with self.assertRaisesRegex(UserError, "Monthly History” of “Large”"):
                self._compute()

    def test_a_curve_of_a_history_that_is_no_number(self):
        months = len(self.account.history["revenue"])
        for values in ([None] * months, ["much"] * months, "much"):
            self._set_history(self.large, revenue=values)
            curve = self._curve()
            self.assertEqual(curve["status"], "words")
            self.assertRegex(curve["message"], "“Monthly History” of “Large”")

    @mute_logger("odoo.sql_db")
    def test_limits_that_are_no_numbers_name_the_field(self):
        limits = self.account._table_objects["territory_account_limits_possible"]
        sentence = limits.get_error_message(self.account)
        for label in ("“Hours per Visit”", "“At Least”", "“At Most”"):
            self.assertIn(label, sentence)
        for name in ("hours_per_visit", "visits_min", "visits_max"):
            for value in (float("nan"), float("inf"), -1.0):
                with (
                    self.subTest(name, value=value),
                    self.assertRaises(IntegrityError) as caught,
                ):
                    self.account[name] = value
                    self.env.flush_all()
                self.assertIn("limits_possible", str(caught.exception))

    # ------------------------------------------------------------ little to go by
    def test_no_history(self):
        self.account.sudo().history = False
        line = self._compute().filtered(lambda k: k.account_id == self.account)
        self.assertAllFinite(line)
        self.assertEqual(line.reason_code, "no_sales")
        self.assertEqual(line.expected_gain, 0.0)
        self.assertFalse(line.visits_recommended)
        self.assertIn("No revenue in the last 12 months", line.reason)
        self.assertIn("“Large” has no revenue", self._curve()["message"])

    def test_one_visit_ever(self):
        rare = self._customer("Rare")
        for months in (2, 4, 9):
            self._order(rare, self._day(months), 900.0)
        self._visit(rare, self._day(3))
        self.env["territory.plan"]._open_month(self.company)
        line = self._line(rare)
        self.assertAllFinite(line)
        self.assertAlmostEqual(line.visits_today, 1 / 12, 2)
        self.assertEqual(line.curve_origin, "prior")
        self.assertLess(
            line.allocation_factor, self.company.territory_damping_high + 0.01
        )
        self.assertIn(
            "one visit every 12 months", self._curve(rare)["questions"]["rhythms"]
        )

    def test_negative_revenue(self):
        back = self._customer("Back")
        self._order(back, self._day(3), 500.0)
        self._refresh()
        account = self._account(back).sudo()
        months = account.history["revenue"]
        account.history = {
            **account.history,
            "revenue": [*months[:-2], -2000.0, 0.0],
        }
        self._compute()
        line = self._line(back)
        self.assertAllFinite(line)
        self.assertGreaterEqual(line.revenue_expected, 0.0)
        self.assertEqual(line.reason_code, "no_sales")
        self.assertEqual((line.expected_gain, line.visits_recommended), (0.0, 0))
        self.assertIn("“Back” has no revenue", self._curve(back)["message"])

    def test_a_negative_margin(self):
        self._account(self.large).sudo().margin_rate = -0.2
        lines = self._compute()
        self.assertAllFinite(lines)
        line = self._line(self.large)
        self.assertEqual(line.reason_code, "no_margin")
        self.assertIn("earns no margin", line.reason)
        self.assertLessEqual(line.next_hour_value, 0.0)
        self.assertEqual(self._curve()["status"], "curve")

    def test_never_visited_has_no_factor(self):
        """0 in the column means there is none; views and card say so in words."""
        line = self._line(self.unseen)
        self.assertEqual((line.visits_today, line.allocation_factor), (0.0, 0.0))
        for view in ("territory_account_view_list", "territory_plan_line_view_list"):
            arch = self.env.ref(f"territory_planning.{view}").arch
            self.assertRegex(
                arch, r'name="allocation_factor"[^>]*widget="territory_factor"'
            )

    # ------------------------------------------------------------------- hours
    def test_zero_capacity(self):
        self.team.crm_team_member_ids.territory_hours = 0.0
        lines = self._compute()
        self.assertAllFinite(lines)
        self.assertFalse(sum(lines.mapped("visits_recommended")))
        curve = self._curve()
        self.assertEqual(curve["optimal"]["effort"], 0.0)
        self.assertTrue(0 < curve["usual_hour"] < 1e9)

    def test_least_visits_over_the_hours(self):
        before = self.plan.line_ids
        self._account(self.small).visits_min = 50.0
        with self.assertRaisesRegex(UserError, r"“At Least”.*rep .*only 6\..*“Small”"):
            self._compute()
        self.assertTrue(before.exists())
