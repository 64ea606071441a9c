from unittest.mock import patch

import numpy as np

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..engine.geo import distance_km
from ..models._travel_provider import wake
from .common import GERMAN_TOWNS, TerritoryCase
from .fake_router import KEY, fake_router, road_km

TOWNS = [place[1:] for place in GERMAN_TOWNS.values()]
PARAMETER = "territory_planning.travel_"


class TravelCase(TerritoryCase):
    """A company whose road engine runs on this machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parameters = cls.env["ir.config_parameter"].sudo()
        cls.travel = cls.env["territory.travel"]
        cls.cache = cls.env["territory.travel.cache"]

    def setUp(self):
        super().setUp()
        # answers are kept in a transaction of their own: undone with the test
        if not type(self)._registry_patched:
            self.registry_enter_test_mode()
        self.fake = self.enterContext(fake_router())
        self.addCleanup(wake)

    def _use(self, engine, **settings):
        settings = {"engine": engine, f"url.{engine}": self.fake.url} | settings
        for name, value in settings.items():
            self.parameters.set_param(PARAMETER + name, value)
        wake()


@tagged("post_install", "-at_install")
class TestTravel(TravelCase):
    """Driving times, asked once, kept, and estimated where nobody answers."""

    def test_straight_lines_at_the_company_s_speed(self):
        self.company.territory_average_speed = 100.0
        self.company.territory_circuity = 1.5
        found = self.travel._matrix(self.company, TOWNS)
        km = distance_km(*TOWNS[0], *TOWNS[1]) * 1.5
        self.assertAlmostEqual(found.distance_km[0, 1], km)
        self.assertAlmostEqual(found.duration_s[0, 1], km * 36)
        self.assertEqual(found.source, "straight lines × 1.5 at 100 km/h")
        self.assertIsNone(found.fallback)
        self.assertFalse(self.fake.requests)

    def test_what_was_answered_is_not_asked_again(self):
        for engine in ("osrm", "valhalla", "openrouteservice"):
            self._use(engine)
            self.fake.requests.clear()
            found = self.travel._matrix(self.company, TOWNS)
            self.assertAlmostEqual(found.distance_km[0, 1], road_km(*TOWNS[:2]))
            self.assertFalse(found.estimated.any())
            self.assertIn("roads", found.source)
            again = self.travel._matrix(self.company, list(reversed(TOWNS)))
            self.assertEqual(len(self.fake.requests), 1)
            np.testing.assert_allclose(
                again.duration_s, found.duration_s[::-1, ::-1], rtol=1e-6
            )
            # a place more: what is new is asked for, and nothing else
            self.travel._matrix(self.company, [*TOWNS, (50.0, 8.0)])
            self.assertEqual(len(self.fake.requests), 3)

    def test_the_same_place_to_a_metre_is_one(self):
        self._use("osrm")
        self.travel._matrix(self.company, TOWNS)
        self.travel._matrix(self.company, np.array(TOWNS) + 1e-6)
        self.assertEqual(len(self.fake.requests), 1)

    def test_another_server_knows_other_roads(self):
        self._use("osrm")
        self.travel._matrix(self.company, TOWNS)
        self._use("osrm", **{"url.osrm": self.fake.url + "/"})
        self.travel._matrix(self.company, TOWNS)
        self.assertEqual(len(self.fake.requests), 1)
        with fake_router() as other:
            self._use("osrm", **{"url.osrm": other.url})
            self.travel._matrix(self.company, TOWNS)
            self.assertEqual(len(other.requests), 1)

    def test_no_road_and_off_the_map_are_remembered(self):
        self._use("osrm")
        points = [*TOWNS, (38.0, 10.0), (70.0, 20.0)]
        first = self.travel._matrix(self.company, points)
        asked = len(self.fake.requests)
        again = self.travel._matrix(self.company, points)
        self.assertEqual(len(self.fake.requests), asked)
        for found in (first, again):
            self.assertTrue(np.isinf(found.duration_s[3, :3]).all())
            self.assertTrue(found.estimated[4, :4].all())
            self.assertFalse(found.estimated[:3, :3].any())
            self.assertIn("40 %", found.source)

    def test_an_engine_that_is_down_is_said_and_left_alone_for_a_while(self):
        self._use("osrm")
        self.fake.mode = "html"
        found = self.travel._matrix(self.company, TOWNS)
        self.assertIn("login page", found.fallback)
        self.assertIn("straight lines", found.source)
        self.assertTrue(np.isfinite(found.duration_s).all())
        self.travel._matrix(self.company, TOWNS)
        self.assertEqual(len(self.fake.requests), 1)
        self.fake.mode = "ok"
        wake()
        self.assertIsNone(self.travel._matrix(self.company, TOWNS).fallback)

    def test_an_engine_that_breaks_down_midway(self):
        """What it had answered counts and is kept; the rest is estimated."""
        self._use("osrm")
        rng = np.random.default_rng(1)
        points = np.column_stack([rng.uniform(47, 51, 120), rng.uniform(7, 11, 120)])
        self.fake.mode, self.fake.after = "html", 5
        found = self.travel._matrix(self.company, points)
        self.assertTrue(0 < found.estimated.sum() < found.estimated.size)
        self.assertIn("login page", found.fallback)
        self.fake.mode = "ok"
        self.fake.requests.clear()
        wake()
        found = self.travel._matrix(self.company, points)
        self.assertFalse(found.estimated.any())
        self.assertLess(len(self.fake.requests), 9)

    def test_two_queries_however_many_places(self):
        self._use("osrm")
        rng = np.random.default_rng(2)
        points = np.column_stack([rng.uniform(47, 51, 60), rng.uniform(7, 11, 60)])
        self.travel._matrix(self.company, points)
        self.env.invalidate_all()
        self.travel._matrix(self.company, points[:2])
        for size in (2, 60):
            with self.assertQueryCount(1):
                self.travel._matrix(self.company, points[:size])
        with self.assertQueryCount(2):
            self.travel._matrix(self.company, points + 0.5)

    def test_answers_are_kept_for_a_time(self):
        self._use("osrm")
        self.travel._matrix(self.company, TOWNS)
        rows = self.cache.search([])
        self.assertEqual(len(rows), 3)
        self.env.cr.execute("UPDATE territory_travel_cache SET expiry = '2020-01-01'")
        self.travel._matrix(self.company, TOWNS)
        self.assertEqual(len(self.fake.requests), 2)
        self.env.cr.execute("SELECT max(length(answers)) FROM territory_travel_cache")
        self.assertEqual(self.env.cr.fetchone()[0], 3 * 16)  # not beside the old ones
        self.env.cr.execute("UPDATE territory_travel_cache SET expiry = '2020-01-01'")
        self.env.invalidate_all()
        self.cache._gc_expired()
        self.assertFalse(self.cache.search([]))

    def test_settings_that_make_no_engine_are_told_with_the_estimate(self):
        self._use("osrm", **{"url.osrm": ""})
        found = self.travel._matrix(self.company, TOWNS)
        self.assertIn("needs the address", found.fallback)
        self._use("nobody")
        self.assertIn("not known", self.travel._matrix(self.company, TOWNS).fallback)

    def test_a_rep_gets_times_and_neither_key_nor_cache(self):
        self._use("openrouteservice", **{"key.openrouteservice": KEY})
        found = self.travel.with_user(self.rep)._matrix(self.company, TOWNS)
        self.assertFalse(found.estimated.any())
        self.assertEqual(self.fake.requests[0][2]["Authorization"], KEY)
        self.assertNotIn(KEY, str(found))
        for user in (self.rep, self.leader, self.manager):
            for model in ("territory.travel.cache", "territory.travel.try"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_no_key_in_any_log(self):
        self._use("openrouteservice", **{"key.openrouteservice": KEY})
        with self.assertLogs(level="DEBUG") as logs:
            for mode in ("ok", "html", "500", "403"):
                self.fake.mode = mode
                self.cache.search([]).unlink()
                wake()
                self.travel._matrix(self.company, TOWNS)
        self.assertNotIn(KEY, str(logs.output))


@tagged("post_install", "-at_install")
class TestTravelSettings(TravelCase):
    """What is set up, tried, fitted, and never shown."""

    def _settings(self, **values):
        return self.env["res.config.settings"].create(values)

    def test_a_key_goes_in_and_not_out(self):
        settings = self._settings(
            territory_travel_engine="openrouteservice",
            territory_travel_key=f" {KEY} ",
        )
        settings.execute()
        name = PARAMETER + "key.openrouteservice"
        self.assertEqual(self.parameters.get_param(name), KEY)
        self.assertFalse(settings.territory_travel_key)
        again = self._settings()
        self.assertEqual(again.territory_travel_engine, "openrouteservice")
        self.assertTrue(again.territory_travel_key_known)
        self.assertNotIn(KEY, str(again.read()))
        again.execute()  # saving without a new key keeps the old one
        self.assertEqual(self.parameters.get_param(name), KEY)
        again.action_territory_forget_travel_key()
        self.assertFalse(self.parameters.get_param(name))

    def test_an_address_is_one_and_belongs_to_its_engine(self):
        for url in (
            "",
            "file:///etc/passwd",
            "osrm",
            "http://user:pass@x.example",
            "http://169.254.169.254",
        ):
            with self.assertRaisesRegex(ValidationError, "https"):
                self._settings(
                    territory_travel_engine="osrm", territory_travel_url=url
                ).execute()
        self._settings(
            territory_travel_engine="osrm", territory_travel_url=self.fake.url + "/"
        ).execute()
        self.assertEqual(self._settings().territory_travel_url, self.fake.url)
        self.assertFalse(self.parameters.get_param(PARAMETER + "url.valhalla"))
        with self.assertRaisesRegex(ValidationError, "Timeout"):
            self._settings(territory_travel_timeout=600.0).execute()

    def test_settings_are_the_administrators(self):
        with self.assertRaises(AccessError):
            self.env["res.config.settings"].with_user(self.manager).create(
                {"territory_travel_engine": "osrm"}
            )
        with self.assertRaises(AccessError):
            self.env["ir.config_parameter"].with_user(self.manager).set_param(
                PARAMETER + "url.osrm", "http://evil.example"
            )

    def test_straight_lines_are_fitted_to_roads(self):
        rng = np.random.default_rng(3)
        for number in range(40):
            self._customer(
                f"C{number}",
                partner_latitude=rng.uniform(47, 51),
                partner_longitude=rng.uniform(7, 11),
            )
        self.env["territory.account"]._refresh(self.company)
        self._use("osrm")
        self._settings().action_territory_calibrate()
        self.assertAlmostEqual(self.company.territory_average_speed, 60.0, delta=3)
        # roads along a grid on which a degree is 100 km either way
        self.assertTrue(1.1 < self.company.territory_circuity < 1.6)
        self.assertTrue(0.7 < self.company.territory_travel_low < 1)
        self.assertTrue(1 < self.company.territory_travel_high < 1.5)
        self.assertIn("drives of OSRM", self.company.territory_calibrated)
        self.assertLessEqual(len(self.fake.requests), 10)
        self.parameters.set_param(PARAMETER + "engine", False)
        found = self.travel._matrix(self.company, TOWNS)
        self.assertAlmostEqual(found.low, self.company.territory_travel_low)

    def test_a_fit_that_fails_changes_nothing(self):
        before = self.company.territory_average_speed
        settings = self._settings()
        with self.assertRaisesRegex(UserError, "no road engine to learn from"):
            settings.action_territory_calibrate()
        self._use("osrm")
        with self.assertRaisesRegex(UserError, "too few accounts"):
            settings.action_territory_calibrate()
        for number in range(20):
            self._customer(f"C{number}", partner_latitude=48 + number / 10)
        self.env["territory.account"]._refresh(self.company)
        self.fake.mode = "403"
        with self.assertRaisesRegex(UserError, "refuses"):
            settings.action_territory_calibrate()
        self.assertEqual(self.company.territory_average_speed, before)

    def test_bounds_are_told(self):
        with self.assertRaisesRegex(ValidationError, "Nordwerk: “Roads over Straight"):
            self.company.territory_circuity = 0.5

    def test_a_trial(self):
        one, other = self._customer("A"), self._customer("B", "Hamburg")
        trial = self.env["territory.travel.try"].create(
            {"from_id": one.id, "to_id": other.id}
        )
        with self.assertRaisesRegex(UserError, "No road engine is chosen"):
            trial.action_try()
        self._use("valhalla")
        trial.action_try()
        km = road_km(TOWNS[0], TOWNS[2])
        self.assertEqual(trial.there, f"{round(km)} min, {round(km, 1)} km")
        self.assertIn("likely", trial.estimate)
        self.assertIn("OpenStreetMap", trial.note)
        self.fake.mode = "403"
        with self.assertRaisesRegex(UserError, "refuses"):
            trial.action_try()
        other.write({"partner_latitude": 0.0, "partner_longitude": 0.0})
        with self.assertRaisesRegex(UserError, "B has no place"):
            trial.action_try()

    def test_the_hours_of_a_visit_know_the_roads(self):
        with patch(
            "odoo.addons.territory_planning.engine.visit_time.estimate"
        ) as estimate:
            estimate.side_effect = LookupError("seen")
            self.company.write(
                {"territory_compute_drive": True, "territory_circuity": 2.0}
            )
            self._customer("A")
            self.env["territory.account"]._refresh(self.company)
            with self.assertRaises(LookupError):
                self.env["territory.plan"]._open_month(self.company)
        self.assertEqual(estimate.call_args.kwargs["circuity"], 2.0)
