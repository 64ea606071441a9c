import numpy as np

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import _bulk, _market
from .common import TerritoryCase

HOLE, TOWN = (51.0, 10.0), (49.0, 8.5)


class WhiteSpaceCase(TerritoryCase):
    """A country of known companies, half of them customers; none around one town.

    Partners are made in bulk, past mails and followers; accounts as the nightly run does.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.south = cls.env["territory.region"].create(
            {
                "name": "Middle",
                "company_id": cls.company.id,
                "kind": "rule",
                "country_ids": [Command.set(cls.env.ref("base.de").ids)],
                "zip_prefixes": "37",
                "user_id": cls.rep.id,
            }
        )
        rng = np.random.default_rng(4)
        lat, lon = rng.uniform(47.5, 54.5, 1400), rng.uniform(6.5, 14.5, 1400)
        lat[:120] = HOLE[0] + rng.uniform(-0.03, 0.03, 120)
        lon[:120] = HOLE[1] + rng.uniform(-0.03, 0.03, 120)
        lat[120:240] = TOWN[0] + rng.uniform(-0.03, 0.03, 120)
        lon[120:240] = TOWN[1] + rng.uniform(-0.03, 0.03, 120)
        bought = np.arange(1400) % 2 == 0
        bought[:120] = np.arange(120) < 4
        cls.partners = cls._companies(lat, lon, bought)

    @classmethod
    def _companies(cls, lat, lon, bought):
        size = len(lat)
        town = np.where(np.arange(size) < 120, "Göttingen", "Elsewhere").tolist()
        code = np.where(np.arange(size) < 120, "37073", "99999").tolist()
        rep = [cls.rep.id if n < 120 else cls.other_rep.id for n in range(size)]
        germany = cls.env.ref("base.de").id
        partners = cls.env["res.partner"].create(
            [
                {
                    "name": f"Company {n}",
                    "is_company": True,
                    "user_id": rep[n],
                    "city": town[n],
                    "zip": code[n],
                    "country_id": germany,
                    "partner_latitude": lat[n],
                    "partner_longitude": lon[n],
                }
                for n in range(size)
            ]
        )
        cls._accounts_of(partners, bought)
        return partners

    @classmethod
    def _accounts_of(cls, partners, bought):
        size = len(partners)
        accounts = cls.env["territory.account"]
        _bulk.insert(
            accounts,
            {
                "company_id": np.full(size, cls.company.id),
                "partner_id": np.array(partners.ids),
                "segment": np.where(bought, "b", "prospect"),
                "revenue_12m": np.where(bought, 2000.0, 0.0),
                "pipeline": np.zeros(size),
                "open_leads": np.zeros(size, int),
            },
        )
        accounts._write_partner_columns(cls.company)
        cls.env["territory.region"]._assign(cls.company)

    def _make(self):
        return self.env["territory.white.space"]._refresh(self.company)

    def _space(self, user=None):
        spaces = self.env["territory.white.space"].with_user(user or self.env.user)
        return spaces.with_context(
            allowed_company_ids=self.company.ids
        ).get_territory_white_space()


@tagged("post_install", "-at_install")
class TestInsightWhiteSpace(WhiteSpaceCase):
    """Where customers are missing is found, told with its range, and shown to whom it may."""

    def test_the_hole_is_a_place_and_chance_is_none(self):
        self.assertGreater(self._make()["white_cells"], 0)
        found = self._space()
        self.assertEqual(found["space"]["status"], "scored")
        self.assertEqual(found["space"]["customer_value"], 2000.0)
        (place,) = found["places"]
        self.assertEqual(place["town"], "Göttingen")
        self.assertEqual(place["region"], "Middle")
        self.assertLess(abs(place["lat"] - HOLE[0]), 0.2)
        self.assertGreater(place["missing"], 30)
        self.assertLess(place["missing_low"], place["missing"])
        self.assertGreater(place["missing_high"], place["missing"])
        self.assertAlmostEqual(
            place["expected"] - place["observed"], place["missing"], 1
        )
        self.assertAlmostEqual(place["money"], place["missing"] * 2000, delta=20)

    def test_squares_sum_to_all_customers(self):
        self._make()
        cells = self.env["territory.white.cell"].search([])
        customers = self.env["territory.white.space"].search([]).customers
        self.assertEqual(sum(cells.mapped("observed")), customers)
        self.assertAlmostEqual(sum(cells.mapped("expected")), customers, delta=5)
        for cell in cells:
            self.assertLessEqual(cell.ratio_low, cell.ratio)
            self.assertGreaterEqual(cell.ratio_high, cell.ratio)

    def test_below_the_minimum_there_is_a_reason_and_no_square(self):
        self._make()
        few = self.partners[240:].territory_account_ids
        few.sudo().write({"segment": "prospect"})
        self._make()
        found = self._space()
        self.assertEqual(found["space"]["status"], "customers")
        self.assertLess(found["space"]["customers"], 500)
        self.assertFalse(found["places"])
        self.assertFalse(self.env["territory.white.cell"].search([]))

    def test_without_other_companies_the_market_is_not_known(self):
        self.partners.territory_account_ids.sudo().write({"segment": "a"})
        self._make()
        self.assertEqual(self._space()["space"]["status"], "market")

    def test_a_second_night_replaces_the_first(self):
        self._make()
        first = self.env["territory.white.cell"].search_count([])
        self._make()
        self.assertEqual(self.env["territory.white.cell"].search_count([]), first)
        self.assertEqual(self.env["territory.white.space"].search_count([]), 1)

    def test_rough_places_of_accounts_and_leads(self):
        """By postal code, else by town; who has neither is counted and left out."""
        lost = self._customer(
            "Lost", partner_latitude=0, partner_longitude=0, zip="37073", city=False
        )
        nowhere = self._customer(
            "Nowhere", partner_latitude=999, partner_longitude=0, zip="X", city="Y"
        )
        self._accounts_of(lost | nowhere, np.array([False, False]))
        self.env["crm.lead"].create(
            {
                "name": "New works",
                "city": " göttingen",
                "company_id": self.company.id,
                "type": "opportunity",
            }
        )
        market = _market.gather(self.company)
        self.assertEqual((market.rough.sum(), market.placeless), (2, 1))
        rough = zip(market.lat[market.rough], market.lon[market.rough], strict=True)
        for lat, lon in rough:
            self.assertLess(abs(lat - HOLE[0]) + abs(lon - HOLE[1]), 0.1)

    def test_an_archived_customer_and_a_merged_one_do_not_count_twice(self):
        before = len(_market.gather(self.company).lat)
        one, other = self.partners[:2]
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((one | other).ids, one)
        self.partners[5].active = False
        self.assertEqual(len(_market.gather(self.company).lat), before - 2)

    def test_queries_do_not_grow_with_companies(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._make()
            return self.env.cr.sql_log_count - before

        count()
        many = count()
        self.partners[1200:].territory_account_ids.sudo().unlink()
        count()
        self.assertEqual(count(), many)

    def test_queries_of_the_window_do_not_grow_with_squares(self):
        self._make()
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            self._space()

    # ------------------------------------------------------------------- rights
    def test_leaders_see_all_reps_their_part(self):
        self._make()
        cells = self.env["territory.white.cell"]
        every = cells.search([])
        self.assertEqual(cells.with_user(self.leader).search([]), every)
        mine = cells.with_user(self.rep).search([])
        self.assertTrue(mine)
        self.assertLess(len(mine), len(every))
        for cell in mine.sudo():
            self.assertIn(self.rep, cell.user_id | cell.region_id.user_id)
        theirs = cells.with_user(self.other_rep).search([])
        self.assertFalse(theirs & mine)
        self.assertEqual(len(self._space(self.rep)["places"]), 1)
        self.assertFalse(self._space(self.other_rep)["places"])

    def test_nobody_writes_and_no_company_sees_another(self):
        self._make()
        cell = self.env["territory.white.cell"].search([], limit=1)
        for user in (self.rep, self.leader, self.manager):
            with self.assertRaises(AccessError):
                cell.with_user(user).write({"missing": 0})
            with self.assertRaises(AccessError):
                cell.space_id.with_user(user).unlink()
        sister = self.env["res.company"].create({"name": "Sister"})
        boss = self._user("sister.boss", "sales_team.group_sale_manager", sister)
        env = self.env(user=boss, context={"allowed_company_ids": sister.ids})
        self.assertFalse(env["territory.white.cell"].search([]))
        self.assertFalse(
            env["territory.white.space"].get_territory_white_space()["space"]
        )

    def test_the_run_includes_it(self):
        steps = self.env["territory.run"]._steps()
        self.assertIn("_step_whitespace", steps["insights"])
        self.assertIn("_step_whitespace", steps["month"])


@tagged("post_install", "-at_install")
class TestOpportunities(TerritoryCase):
    """Prospects and leads of a part of the map, by worth, under the user's own rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prospect = cls._customer("Prospect")
        cls.busy = cls._customer("Busy", "Nürnberg")
        cls.customer = cls._customer("Customer")
        cls.north = cls._customer("North", "Hamburg")
        cls.foreign = cls._customer("Foreign", user_id=cls.other_rep.id)
        cls._order(cls.customer, cls._day(1))
        cls._lead(cls.busy, 5000.0, 40.0)
        cls._visit(cls.busy, cls._days_ago(20))
        cls.new = cls.env["crm.lead"].create(
            {
                "name": "New works",
                "partner_name": "Lead Ltd",
                "type": "opportunity",
                "zip": "80331",
                "country_id": cls.env.ref("base.de").id,
                "company_id": cls.company.id,
                "user_id": cls.rep.id,
                "expected_revenue": 9000.0,
                "probability": 50.0,
            }
        )
        cls._refresh()

    BAVARIA = {"box": [8.9, 47.2, 13.9, 50.6]}

    def _ask(self, area=None, user=None, domain=None):
        accounts = self.env["territory.account"].with_user(user or self.rep)
        return accounts.with_context(
            allowed_company_ids=self.company.ids
        ).get_territory_opportunities(area or self.BAVARIA, domain)

    def test_what_is_in_view_by_worth(self):
        found = self._ask()
        names = [row["name"] for row in found["rows"]]
        self.assertEqual(names[:2], ["Lead Ltd", "Busy"])
        self.assertEqual(set(names), {"Lead Ltd", "Busy", "Prospect"})
        self.assertEqual((found["accounts"], found["leads"]), (2, 1))
        lead, busy = found["rows"][:2]
        self.assertEqual((lead["worth"], lead["rough"]), (4500.0, "code"))
        self.assertAlmostEqual(lead["lat"], 48.1372, 3)
        self.assertEqual(busy["worth"], 2000.0)
        self.assertTrue(busy["last_visit_date"])
        self.assertTrue(busy["partner"]["address"])

    def test_rights(self):
        names = {row["name"] for row in self._ask(user=self.other_rep)["rows"]}
        self.assertEqual(names, {"Foreign"})
        names = {row["name"] for row in self._ask(user=self.leader)["rows"]}
        self.assertEqual(names, {"Lead Ltd", "Busy", "Prospect", "Foreign"})
        sister = self.env["res.company"].create({"name": "Sister"})
        boss = self._user("sister.boss", "sales_team.group_sale_manager", sister)
        accounts = self.env["territory.account"].with_user(boss)
        found = accounts.with_context(
            allowed_company_ids=sister.ids
        ).get_territory_opportunities(self.BAVARIA)
        self.assertFalse(found["rows"])

    def test_a_region_takes_leads_by_the_rules_for_accounts(self):
        region = self.env["territory.region"].create(
            {
                "name": "Munich",
                "company_id": self.company.id,
                "kind": "rule",
                "country_ids": [Command.set(self.env.ref("base.de").ids)],
                "zip_prefixes": "80",
            }
        )
        self.env["territory.region"]._assign(self.company)
        names = {row["name"] for row in self._ask({"region": region.id})["rows"]}
        self.assertEqual(names, {"Lead Ltd", "Prospect"})

    def test_the_search_of_the_map_counts(self):
        found = self._ask(domain=[("name", "=", "Prospect")])
        self.assertEqual(found["accounts"], 1)
        ids = self.env["territory.account"].get_territory_opportunity_ids(
            self.BAVARIA, [("name", "=", "Prospect")]
        )
        self.assertEqual(ids, self._account(self.prospect).ids)

    def test_won_lost_and_placeless_leads(self):
        won = self.env["crm.stage"].create({"name": "Won it", "is_won": True})
        self.new.copy({"stage_id": won.id})
        self.new.copy({"active": False})
        self.new.copy({"zip": "00000"})
        found = self._ask()
        self.assertEqual((found["leads"], found["placeless"]), (1, 1))

    def test_across_the_date_line_and_around_the_globe(self):
        turned = {"box": [8.9 + 720, 47.2, 13.9 + 720, 50.6]}
        self.assertEqual(len(self._ask(turned)["rows"]), 3)
        whole = {"box": [-400, -85, 400, 85]}
        self.assertEqual(len(self._ask(whole)["rows"]), 4)
        fiji = self._customer("Fiji", partner_longitude=-179.5, partner_latitude=-17)
        self._refresh()
        found = self._ask({"box": [178, -20, 182, -15]})
        self.assertEqual([row["name"] for row in found["rows"]], [fiji.name])

    def test_hostile_areas(self):
        for area in (
            None,
            "x",
            [],
            {"box": [1, 2, 3]},
            {"box": [1, 2, float("nan"), 4]},
            {"box": ["1", 2, 3, 4]},
            {"box": [20, 2, 3, 4]},
            {"region": "1; DROP"},
            {"region": True},
            {"region": 10**12},
            {"region": -1},
        ):
            with self.assertRaises(UserError):
                self.env["territory.account"].with_user(
                    self.rep
                ).get_territory_opportunities(area)

    def test_queries_do_not_grow_with_opportunities(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._ask()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for number in range(20):
            self._customer(f"Prospect {number}")
            self.new.copy({"name": f"Lead {number}"})
        self._refresh()
        self.env.flush_all()
        self.assertLessEqual(count(), few)
