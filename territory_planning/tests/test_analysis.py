import io

import openpyxl

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import TerritoryCase


class AnalysisCase(TerritoryCase):
    """Two reps with a computed month: one with three accounts, one with one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.large = cls._customer("Large")
        cls.small = cls._customer("Small", "Nürnberg")
        cls.hostile = cls._customer("=HYPERLINK(1)")
        cls.foreign = cls._customer("Foreign", "Hamburg", user_id=cls.other_rep.id)
        for months in range(1, 25):
            cls._order(cls.large, cls._day(months), 20000.0)
            cls._order(cls.small, cls._day(months), 300.0)
            cls._order(cls.hostile, cls._day(months), 900.0)
            cls._order(cls.foreign, cls._day(months), 5000.0)
            for customer in (cls.large, cls.small):
                cls._visit(customer, cls._day(months))
            cls._visit(cls.foreign, cls._day(months), user=cls.other_rep)
        for member in cls.team.crm_team_member_ids:
            member.territory_hours = {cls.rep: 6.0, cls.other_rep: 2.0}[member.user_id]
        cls.region = cls.env["territory.region"].create(
            {
                "name": "Germany",
                "company_id": cls.company.id,
                "country_ids": [Command.set(cls.env.ref("base.de").ids)],
            }
        )
        cls.plan = cls.env["territory.plan"]._open_month(cls.company)

    def _analysis(self, user, plan_id=False):
        plans = self.env["territory.plan"].with_user(user)
        plans = plans.with_context(allowed_company_ids=user.company_id.ids)
        return plans.get_territory_analysis(plan_id)

    def _accounts(self, user, **asked):
        return self.plan.with_user(user).get_territory_analysis_accounts(**asked)


@tagged("post_install", "-at_install")
class TestAnalysis(AnalysisCase):
    """What the Analysis window says is what the plan says, under the user's rights."""

    # ------------------------------------------------------------------ content
    def test_the_month_by_region_and_rep(self):
        found = self._analysis(self.leader)
        self.assertEqual(found["plan"]["id"], self.plan.id)
        self.assertEqual(found["plan"]["totals"]["gap"], self.plan.gap)
        rows = {row["user"][0]: row for row in found["parts"]}
        self.assertEqual(set(rows), {self.rep.id, self.other_rep.id})
        part = self.plan.plan_region_ids.filtered(lambda row: row.user_id == self.rep)
        row = rows[self.rep.id]
        self.assertEqual(row["region"][0], self.region.id)
        self.assertEqual(row["hours_optimal"], part.hours_optimal)
        self.assertEqual(row["shadow_price"], part.shadow_price)
        self.assertLessEqual(row["hours_flat_low"], row["hours_optimal"] + 1e-6)
        self.assertGreaterEqual(row["hours_flat_high"], row["hours_optimal"] - 1e-6)

    def test_the_month_by_account(self):
        found = self._accounts(self.leader)
        self.assertEqual(found["total"], 4)
        gains = [row["expected_gain"] for row in found["rows"]]
        self.assertEqual(gains, sorted(gains, reverse=True))
        row = next(row for row in found["rows"] if row["name"] == "Large")
        line = self.plan.line_ids.filtered(lambda line: line.partner_id == self.large)
        self.assertEqual(row["account_id"], line.account_id.id)
        self.assertEqual(row["advice"], "more")
        self.assertEqual(row["reason"], line.reason)
        self.assertLessEqual(row["factor_low"], row["allocation_factor"] + 1e-6)
        self.assertGreaterEqual(row["factor_high"], row["allocation_factor"] - 1e-6)

    def test_pages_do_not_overlap_and_leave_nobody_out(self):
        seen = []
        for offset in range(0, 6, 2):
            seen += self._accounts(self.leader, offset=offset, limit=2)["rows"]
        names = sorted(row["name"] for row in seen)
        self.assertEqual(names, ["=HYPERLINK(1)", "Foreign", "Large", "Small"])

    def test_either_way_round(self):
        for order in ("gain", "revenue", "today", "optimal", "factor", "hour"):
            down = self._accounts(self.leader, order=order)["rows"]
            up = self._accounts(self.leader, order=f"-{order}")["rows"]
            key = {
                "gain": "expected_gain",
                "revenue": "revenue_month",
                "today": "visits_today",
                "optimal": "visits_optimal",
                "factor": "allocation_factor",
                "hour": "next_hour_value",
            }[order]
            values = [row[key] for row in down]
            self.assertEqual(values, sorted(values, reverse=True))
            self.assertEqual([row[key] for row in up], sorted(values))

    def test_only_what_the_search_finds(self):
        found = self._accounts(self.leader, domain=[("city", "=", "Nürnberg")])
        self.assertEqual([row["name"] for row in found["rows"]], ["Small"])
        part = self.plan.plan_region_ids.filtered(
            lambda row: row.user_id == self.other_rep
        )
        found = self._accounts(self.leader, part_id=part.id)
        self.assertEqual([row["name"] for row in found["rows"]], ["Foreign"])

    def test_where_an_hour_moves(self):
        part = self.plan.plan_region_ids.filtered(lambda row: row.user_id == self.rep)
        moves = self.plan.with_user(self.leader).get_territory_analysis_moves(part.id)
        self.assertIn("Large", [move["name"] for move in moves["takes"]])
        self.assertNotIn(
            "Foreign", [m["name"] for m in moves["takes"] + moves["gives"]]
        )
        lines = part.line_ids
        change = sum(lines.mapped("hours_optimal")) - sum(lines.mapped("hours_today"))
        self.assertAlmostEqual(moves["taken"] - moves["given"], change, 4)

    def test_before_the_first_month(self):
        self.plan.unlink()
        found = self._analysis(self.manager)
        self.assertEqual(found, {"plan": False, "can_open": True})
        self.assertEqual(self._analysis(self.rep), {"plan": False, "can_open": False})

    # ------------------------------------------------------------------- rights
    def test_a_rep_sees_own_rows_and_no_totals(self):
        found = self._analysis(self.rep)
        self.assertFalse(found["plan"]["totals"])
        self.assertFalse(found["sizing"])
        self.assertEqual({row["user"][0] for row in found["parts"]}, {self.rep.id})
        names = {row["name"] for row in self._accounts(self.rep)["rows"]}
        self.assertEqual(names, {"Large", "Small", "=HYPERLINK(1)"})

    def test_a_rep_asks_for_another_reps_part(self):
        part = self.plan.plan_region_ids.filtered(
            lambda row: row.user_id == self.other_rep
        )
        self.assertEqual(self._accounts(self.rep, part_id=part.id)["rows"], [])
        moves = self.plan.with_user(self.rep).get_territory_analysis_moves(part.id)
        self.assertEqual((moves["gives"], moves["takes"]), ([], []))

    def test_who_is_in_no_sales_group_sees_nothing(self):
        stranger = self._user("stranger", "base.group_user")
        with mute_logger("odoo.addons.base.models.ir_model"):
            with self.assertRaises(AccessError):
                self._analysis(stranger)

    def test_the_plan_of_another_company(self):
        other = self.env["res.company"].create({"name": "Südwerk"})
        theirs = self._user("theirs", "sales_team.group_sale_manager", company=other)
        with self.assertRaisesRegex(UserError, "no longer there"):
            self._analysis(theirs, self.plan.id)
        self.assertFalse(self._analysis(theirs)["plan"])

    # ---------------------------------------------------------------- bad input
    def test_hostile_arguments(self):
        with self.assertRaisesRegex(UserError, "cannot be run"):
            self._accounts(self.leader, domain=[("no_such_field", "=", 1)])
        with self.assertRaisesRegex(UserError, "cannot be run"):
            self._accounts(self.leader, domain=["?", ("name", "=", 1)])
        found = self._accounts(self.leader, order="id; DROP TABLE res_users")
        self.assertEqual(found["total"], 4)
        self.assertEqual(len(self._accounts(self.leader, limit=10**9)["rows"]), 4)
        self.assertEqual(self._accounts(self.leader, offset=10**6)["rows"], [])


@tagged("post_install", "-at_install")
class TestAnalysisSpreadsheet(AnalysisCase, HttpCase):
    """The month as a file: the same figures, the same rights."""

    def _sheet(self, login):
        self.authenticate(login, login)
        answer = self.url_open(f"/territory_planning/analysis/{self.plan.id}.xlsx")
        if answer.status_code != 200:
            return answer.status_code
        return openpyxl.load_workbook(io.BytesIO(answer.content))

    def test_a_leader_gets_everything(self):
        book = self._sheet("leader")
        self.assertEqual(
            book.sheetnames,
            ["Summary", "Regions and Reps", "Accounts", "How Many Reps"],
        )
        rows = list(book["Accounts"].iter_rows(values_only=True))
        self.assertEqual(len(rows), 1 + 4)
        column = rows[0].index("Visits a Month, Optimal")
        line = self.plan.line_ids.filtered(lambda line: line.partner_id == self.large)
        (row,) = (row for row in rows if row[0] == "Large")
        self.assertAlmostEqual(row[column], line.visits_optimal, 6)
        self.assertTrue(book["Regions and Reps"]._charts)

    def test_names_are_not_computed(self):
        cells = [row[0] for row in self._sheet("leader")["Accounts"].iter_rows()]
        (cell,) = (cell for cell in cells if "HYPERLINK" in cell.value)
        self.assertEqual((cell.value, cell.data_type), ("'=HYPERLINK(1)", "s"))

    def test_a_rep_gets_own_accounts_only(self):
        book = self._sheet("rep")
        self.assertNotIn("How Many Reps", book.sheetnames)
        names = {row[0].value for row in book["Accounts"].iter_rows(min_row=2)}
        self.assertEqual(names, {"Large", "Small", "'=HYPERLINK(1)"})
        text = [cell.value for row in book["Summary"].iter_rows() for cell in row]
        self.assertNotIn("Expected Gain a Month", text)

    def test_who_may_not_gets_nothing(self):
        self._user("stranger", "base.group_user")
        with mute_logger("odoo.addons.base.models.ir_model"):
            self.assertEqual(self._sheet("stranger"), 404)
        self.authenticate(None, None)
        answer = self.url_open(
            f"/territory_planning/analysis/{self.plan.id}.xlsx", allow_redirects=False
        )
        self.assertEqual(answer.status_code, 303)
