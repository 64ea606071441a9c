import io

from openpyxl import load_workbook

from odoo.tests import HttpCase, tagged

from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestPlanReports(TerritoryCase, HttpCase):
    """The month on paper, as a spreadsheet and on the map, to whom it belongs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._customer("=Own & <Sons>")
        cls.others = cls._customer("Colleague's", user_id=cls.other_rep.id)
        for months in range(1, 14):
            cls._order(cls.own, cls._day(months), 9000.0)
            cls._order(cls.others, cls._day(months), 3000.0)
            cls._visit(cls.own, cls._day(months))
            cls._visit(cls.others, cls._day(months), user=cls.other_rep)
        cls.plan = cls.env["territory.plan"]._open_month(cls.company)
        cls.plan.action_collect()
        cls.line = cls.plan.line_ids.filtered(lambda r: r.partner_id == cls.own)
        cls.env["territory.plan"].with_user(cls.rep).save_territory_entries(
            [
                {
                    "uuid": "report-0001",
                    "line_id": cls.line.id,
                    "version": 0,
                    "visits": 2,
                    "sales": 8000.0,
                    "knowledge": {"kind": "price", "value": 50, "note": "=1+1"},
                }
            ]
        )
        cls.plan.action_agree()
        cls.plan._learn()

    def _book(self, user):
        plan = self.plan.with_user(user).with_context(
            allowed_company_ids=self.company.ids
        )
        return load_workbook(io.BytesIO(plan._month_workbook()))

    def _texts(self, book):
        return [
            str(cell.value)
            for sheet in book
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        ]

    # -------------------------------------------------------------- spreadsheet
    def test_the_spreadsheet_has_every_part(self):
        book = self._book(self.leader)
        self.assertEqual(
            book.sheetnames,
            [
                "Review",
                "Accounts",
                "What Reps Know",
                "Changes",
                "Promised and Realised",
                "Forecasts",
                "Month over Month",
            ],
        )
        self.assertEqual(book["Accounts"].max_row, 3)
        self.assertEqual(book["What Reps Know"].max_row, 2)
        self.assertGreaterEqual(book["Changes"].max_row, 3)

    def test_no_name_is_a_formula(self):
        for sheet in self._book(self.leader):
            for row in sheet.iter_rows():
                for cell in row:
                    self.assertNotEqual(cell.data_type, "f")

    def test_a_rep_gets_the_own_part(self):
        texts = self._texts(self._book(self.rep))
        self.assertIn("'=Own & <Sons>", texts)
        self.assertNotIn("Colleague's", texts)
        self.assertNotIn("Promised and Realised", self._book(self.rep).sheetnames)

    def test_download(self):
        url = f"/territory_planning/month/{self.plan.id}.xlsx"
        self.leader.password = "leader-password-1"
        self.authenticate("leader", "leader-password-1")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("spreadsheetml", answer.headers["Content-Type"])
        missing = self.url_open("/territory_planning/month/999999999.xlsx")
        self.assertEqual(missing.status_code, 404)

    def test_a_stranger_gets_nothing(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        stranger = self._user("stranger2", "sales_team.group_sale_manager", sister)
        stranger.password = "stranger-password-1"
        self.authenticate("stranger2", "stranger-password-1")
        answer = self.url_open(f"/territory_planning/month/{self.plan.id}.xlsx")
        self.assertEqual(answer.status_code, 404)

    # ------------------------------------------------------------------- paper
    def test_the_paper_for_the_meeting(self):
        report = self.env["ir.actions.report"].with_user(self.leader)
        html, _kind = report._render_qweb_html(
            "territory_planning.report_month", self.plan.ids
        )
        html = html.decode()
        self.assertIn("=Own &amp; &lt;Sons&gt;", html)
        self.assertIn("Field", html)
        self.assertIn("Price problem", html)
        self.assertIn("Together", html)

    def test_the_paper_shows_a_rep_only_own_figures(self):
        report = self.env["ir.actions.report"].with_user(self.rep)
        html, _kind = report.sudo(False)._render_qweb_html(
            "territory_planning.report_month", self.plan.ids
        )
        self.assertNotIn("Colleague", html.decode())

    # ------------------------------------------------------------------ the map
    def test_the_month_on_the_map(self):
        self.line.sudo().visits_agreed = 2
        action = self.plan.with_user(self.rep).action_month_map()
        self.assertIn("territory_map", action["view_mode"])
        accounts = self.env["territory.account"].search(action["domain"])
        self.assertIn(self._account(self.own), accounts)
        self.assertNotIn(self._account(self.others), accounts)
