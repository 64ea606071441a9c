from odoo.tests import HttpCase, tagged

from .test_insight_churn import InsightCase


class InsightTourCase(InsightCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        silent = cls.customers[0]
        silent.write({"partner_latitude": 48.1372, "partner_longitude": 11.5755})
        cls.env["sale.order"].search(
            [
                ("partner_id", "=", silent.id),
                ("date_order", ">", cls._days_ago(165)),
            ]
        ).state = "cancel"
        cls._refresh()
        cls.env["territory.account"]._refresh_churn(cls.company)


@tagged("post_install", "-at_install")
class TestInsightTour(InsightTourCase):
    def test_card(self):
        self.start_tour("/odoo/territory-map", "territory_insight_card", login="rep")


@tagged("post_install", "-at_install")
class TestInsightTourPhone(InsightTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_card(self):
        self.start_tour("/odoo/territory-map", "territory_insight_card", login="rep")
