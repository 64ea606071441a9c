from odoo.tests import HttpCase, tagged

from .common import TerritoryCase


class AnswerTourCase(TerritoryCase, HttpCase):
    """A rep with one account, visited every month, and this month's plan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alpha = cls._customer("Alpha")
        for months in range(1, 25):
            cls._order(cls.alpha, cls._day(months), 4000.0)
            cls._visit(cls.alpha, cls._day(months))
        cls.env["territory.plan"]._open_month(cls.company)

    def _start(self, tour):
        self.start_tour("/odoo/territory-map", tour, login="rep")
        answer = self.env["territory.visit.answer"].search(
            [("account_id", "=", self._account(self.alpha).id)]
        )
        self.assertEqual(answer._shares(), [10.0, 50.0, 100.0, 145.0, 190.0])
        self.assertEqual(answer.user_id, self.rep)


@tagged("post_install", "-at_install")
class TestAnswerTourDesk(AnswerTourCase):
    def test_questions(self):
        self._start("territory_answers_desk")


@tagged("post_install", "-at_install")
class TestAnswerTourPhone(AnswerTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_questions(self):
        self._start("territory_answers_phone")
