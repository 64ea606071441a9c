from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TerritoryCase


class SelectionCase(TerritoryCase):
    """Four accounts: two of the rep, one of another rep, one of nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"]
        for name, amount, values in (
            ("Alpha", 1000.0, {}),
            ("Beta", 3000.0, {"town": "Nürnberg"}),
            ("Gamma", 500.0, {"user_id": cls.other_rep.id, "town": "Hamburg"}),
            ("Delta", 700.0, {"user_id": False}),
        ):
            partner = cls._customer(name, **values)
            cls._order(partner, cls._day(2), amount, user_id=False)
            cls.partners |= partner
        cls._visit(cls.partners[0], cls._day(1))
        cls.region = cls.env["territory.region"].create(
            {
                "name": "Bavaria",
                "company_id": cls.company.id,
                "country_ids": [(6, 0, cls.env.ref("base.de").ids)],
                "zip_prefixes": "8, 9",
            }
        )
        cls._refresh()
        cls.env["territory.region"]._assign(cls.company)
        accounts = cls.env["territory.account"].search([("name", "!=", False)])
        cls.accounts = accounts.browse(
            [cls._account(partner).id for partner in cls.partners]
        )
        cls.alpha, cls.beta, cls.gamma, cls.delta = cls.accounts
        cls.sister = cls.env["res.company"].create({"name": "Sister"})
        cls.stranger = cls._user(
            "stranger", "sales_team.group_sale_manager", cls.sister
        )

    def _as(self, user, model="territory.account"):
        return (
            self.env[model]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
        )

    def _wizard(self, model, user, accounts, **values):
        return self._as(user, model).create({"selection": accounts.ids, **values})


@tagged("post_install", "-at_install")
class TestSelection(SelectionCase):
    """Totals of what is selected: the user's own rights, one call."""

    def _summary(self, user, ids=None):
        ids = self.accounts.ids if ids is None else ids
        return self._as(user).get_territory_selection(ids)

    def test_totals_are_the_sums(self):
        self.beta.sudo().write({"visits_today": 2.0, "hours_per_visit": 3.0})
        self.gamma.sudo().write({"visits_today": 1.0})
        answer = self._summary(self.leader)
        self.assertEqual(answer["count"], 4)
        self.assertEqual(answer["missing"], 0)
        self.assertEqual(answer["revenue_12m"], 5200.0)
        self.assertAlmostEqual(
            answer["margin_12m"], sum(self.accounts.mapped("margin_12m"))
        )
        self.assertEqual(answer["visits_12m"], 1)
        usual = self.company.territory_hours_per_visit
        self.assertAlmostEqual(answer["hours_today"], 2 * 3 + usual)
        self.assertEqual(answer["currency_id"], self.env.ref("base.EUR").id)
        self.assertEqual(answer["company_id"], self.company.id)
        self.assertTrue(answer["data_date"])

    def test_parts_add_up(self):
        answer = self._summary(self.leader)
        reps = {row["name"]: row["count"] for row in answer["reps"]}
        self.assertEqual(reps, {self.rep.name: 2, self.other_rep.name: 1, False: 1})
        regions = {row["name"]: row["count"] for row in answer["regions"]}
        self.assertEqual(regions, {"Bavaria": 3, False: 1})
        for rows in (answer["reps"], answer["regions"]):
            self.assertEqual(
                sum(row["revenue_12m"] for row in rows), answer["revenue_12m"]
            )
        self.assertEqual(
            [account["name"] for account in answer["accounts"]],
            ["Beta", "Alpha", "Delta", "Gamma"],
        )

    def test_what_is_closed_is_left_out_and_counted(self):
        answer = self._summary(self.rep)
        self.assertEqual((answer["count"], answer["missing"]), (3, 1))
        self.assertEqual(answer["revenue_12m"], 4700.0)
        self.assertNotIn(self.gamma.id, answer["ids"])
        self.assertNotIn("Gamma", str(answer))
        answer = self._summary(self.stranger)
        self.assertEqual((answer["count"], answer["missing"]), (0, 4))
        self.assertFalse(answer["accounts"])

    def test_archived_accounts_are_there(self):
        self.partners[0].active = False
        self.assertEqual(self._summary(self.leader)["count"], 4)

    def test_ids_that_are_none(self):
        answer = self._summary(self.leader, [10**15, -1, 0, self.alpha.id])
        self.assertEqual((answer["count"], answer["missing"]), (1, 3))
        for nonsense in ("1", [["id"]], ["1"], {"id": 1}, [True], None, [1.5]):
            with self.subTest(nonsense), self.assertRaises(UserError):
                self._as(self.leader).get_territory_selection(nonsense)

    def test_twice_the_same_id_counts_once(self):
        answer = self._summary(self.leader, self.alpha.ids * 3)
        self.assertEqual((answer["count"], answer["missing"]), (1, 0))

    def test_rights_say_what_is_offered(self):
        rep, leader = (
            self._summary(user)["rights"] for user in (self.rep, self.leader)
        )
        self.assertFalse(rep["rep"] or rep["region"])
        self.assertTrue(rep["tag"] and rep["trip"] and rep["activity"])
        self.assertTrue(leader["rep"] and leader["region"])
        group = self.env.ref("base.group_allow_export")
        self.assertEqual(rep["export"], group in self.rep.all_group_ids)

    def test_people_outside_sales(self):
        clerk = self._user("clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self._summary(clerk)

    def test_queries_do_not_grow(self):
        def count(ids):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._summary(self.leader, ids)
            return self.cr.sql_log_count - before

        count(self.accounts.ids)
        few = count(self.alpha.ids)
        self.assertLessEqual(count(self.accounts.ids), few + 1)
        self.assertLessEqual(few, 20)


@tagged("post_install", "-at_install")
class TestComparison(SelectionCase):
    """Accounts side by side: one call, in the order asked for."""

    def test_order_and_figures(self):
        ids = [self.delta.id, self.alpha.id]
        answer = self._as(self.leader).get_territory_comparison(ids)
        self.assertEqual([card["name"] for card in answer["cards"]], ["Delta", "Alpha"])
        card = answer["cards"][1]
        self.assertEqual(
            card["hours_per_visit"], self.company.territory_hours_per_visit
        )
        self.assertEqual(card["revenue_12m"], 1000.0)

    def test_five_do_not_fit(self):
        with self.assertRaisesRegex(UserError, "at most 4"):
            self._as(self.leader).get_territory_comparison([1, 2, 3, 4, 5])

    def test_closed_ones_are_missing(self):
        answer = self._as(self.rep).get_territory_comparison(self.accounts.ids)
        self.assertEqual((len(answer["cards"]), answer["missing"]), (3, 1))
        self.assertNotIn("Gamma", str(answer))


@tagged("post_install", "-at_install")
class TestSelectionActivities(SelectionCase):
    """Something to do for each account, for whoever looks after it."""

    def _schedule(self, user, accounts, **values):
        wizard = self._wizard("territory.selection.activity", user, accounts, **values)
        wizard.action_schedule()
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", self.partners.ids)]
        )

    def test_for_each_salesperson(self):
        activities = self._schedule(self.leader, self.accounts, summary="Ask")
        self.assertEqual(set(activities.mapped("summary")), {"Ask"})
        users = {activity.res_id: activity.user_id for activity in activities}
        expected = [self.rep, self.rep, self.other_rep, self.leader]
        self.assertEqual([users[p.id] for p in self.partners], expected)

    def test_for_one_person_on_a_day(self):
        activities = self._schedule(
            self.rep,
            self.alpha | self.beta,
            assign_to="user",
            user_id=self.rep.id,
            date_deadline="2030-01-02",
        )
        self.assertEqual(len(activities), 2)
        self.assertEqual(activities.user_id, self.rep)
        self.assertEqual(str(activities[0].date_deadline), "2030-01-02")

    def test_other_peoples_accounts(self):
        with self.assertRaisesRegex(AccessError, "1 of the 4 chosen accounts"):
            self._schedule(self.rep, self.accounts)
