from odoo.tests import HttpCase, tagged

from .test_analysis import AnalysisCase


@tagged("post_install", "-at_install")
class TestAnalysisTour(AnalysisCase, HttpCase):
    """A team leader at a desk looks through the month."""

    def test_desk(self):
        self.start_tour(
            "/odoo/territory-map", "territory_analysis_desk", login="leader"
        )


@tagged("post_install", "-at_install")
class TestAnalysisTourPhone(AnalysisCase, HttpCase):
    """A rep looks at own accounts on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_phone(self):
        self.start_tour("/odoo/territory-map", "territory_analysis_phone", login="rep")
