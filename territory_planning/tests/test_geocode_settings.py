import base64
import io
import threading
import time
import zipfile

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..geocoders import Address, Answer
from ..models._finder import Finder, Turn
from .test_places import PlacesCase

PROVIDER = "test.throttle"


@tagged("post_install", "-at_install")
class TestThrottle(TransactionCase):
    """One pace for everybody: real connections, as several servers have them."""

    def setUp(self):
        super().setUp()
        self.throttle = self.env["territory.geocode.throttle"]
        self.addCleanup(self._forget)
        self._forget()

    def _forget(self):
        with self.registry.cursor() as cr:
            for table in ("throttle", "cache"):
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE provider = %s",
                        SQL.identifier(f"territory_geocode_{table}"),
                        PROVIDER,
                    )
                )

    def _reserve(self, interval=1.0, daily=0, patience=60.0):
        return self.throttle._reserve(
            PROVIDER, interval=interval, daily=daily, patience=patience
        )

    def test_turns_are_a_second_apart_whoever_asks(self):
        """Ten threads with a connection each, all at once."""
        waits, errors = [], []
        start = threading.Barrier(10)

        def ask():
            try:
                start.wait()
                began = time.monotonic()
                verdict, wait = self._reserve()
                waits.append((verdict, began + wait, time.monotonic() - began))
            except Exception as error:  # noqa: BLE001 shown by the assertion below
                errors.append(error)

        threads = [threading.Thread(target=ask) for _number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])
        self.assertEqual({verdict for verdict, _moment, _took in waits}, {"go"})
        moments = sorted(moment for _verdict, moment, _took in waits)
        for earlier, later in zip(moments, moments[1:], strict=False):
            # how long a thread took to get its turn blurs the moment it is told
            self.assertGreater(later - earlier, 0.5)
        self.assertGreater(moments[-1] - moments[0], 8.5)

    def test_a_turn_stays_taken_when_the_transaction_is_undone(self):
        with self.env.cr.savepoint():
            self.assertEqual(self._reserve(interval=30.0), ("go", 0.0))
        verdict, wait = self._reserve(interval=30.0)
        self.assertEqual(verdict, "go")
        self.assertGreater(wait, 25.0)

    def test_an_answer_outlives_the_transaction_it_was_for(self):
        """A server that is killed in a batch has asked nothing for nothing."""
        asked = []

        class Service:
            name = PROVIDER
            interval = 0.0
            cache_days = 7

            def find(self, address):
                asked.append(address)
                return Answer(48.1, 11.5, "city", "DE", "München")

        def finder(env):
            return Finder(env, Service(), interval=0.0, daily=0, patience=1.0)

        address = Address(city="München", country="DE")
        with self.assertRaises(MemoryError), self.env.cr.savepoint():
            finder(self.env).find(address)
            raise MemoryError
        with self.registry.cursor() as cr:  # the next server
            again = finder(self.env(cr=cr))
            again.prepare([address])
            self.assertEqual(again.find(address).label, "München")
        self.assertEqual(len(asked), 1)

    def test_nobody_waits_longer_than_he_would(self):
        self._reserve(interval=30.0)
        verdict, wait = self._reserve(interval=30.0, patience=5.0)
        self.assertEqual(verdict, "busy")
        self.assertGreater(wait, 25.0)

    def test_a_day_has_so_many_requests(self):
        for _number in range(3):
            self.assertEqual(self._reserve(interval=0.0, daily=3)[0], "go")
        self.assertEqual(self._reserve(interval=0.0, daily=3)[0], "daily")
        self.assertEqual(self._reserve(interval=0.0, daily=4)[0], "go")

    def test_a_pause_holds_everybody(self):
        self._reserve(interval=0.0)
        self.throttle._hold(PROVIDER, 600, pause=True)
        verdict, wait = self._reserve(interval=0.0)
        self.assertEqual(verdict, "paused")
        self.assertGreater(wait, 590)
        self.throttle._release(PROVIDER)
        self.assertEqual(self._reserve(interval=0.0)[0], "go")

    def test_the_shared_server_keeps_its_second_whatever_is_set(self):
        class Shared:
            name = PROVIDER
            interval = 1.0

        finder = Finder(self.env, Shared(), interval=0.0, daily=0, patience=0.1)
        finder._wait()
        with self.assertRaises(Turn):
            finder._wait()


@tagged("post_install", "-at_install")
class TestSettings(PlacesCase):
    """What is set up, tried, and never shown."""

    def _settings(self, **values):
        return self.env["res.config.settings"].create(values)

    def _provider(self, name):
        return self.env["base.geo_provider"].search([("tech_name", "=", name)])

    def test_a_key_goes_in_and_not_out(self):
        self._use("opencage")
        settings = self._settings(
            geoloc_provider_id=self._provider("opencage").id,
            territory_geocode_key=" s3cret ",
        )
        settings.execute()
        stored = self.parameters.get_param("territory_planning.geocode_key.opencage")
        self.assertEqual(stored, "s3cret")
        self.assertFalse(settings.territory_geocode_key)
        again = self._settings()
        self.assertTrue(again.territory_geocode_key_known)
        self.assertNotIn("s3cret", str(again.read()))
        again.execute()  # saving without a new key keeps the old one
        self.assertEqual(
            self.parameters.get_param("territory_planning.geocode_key.opencage"),
            "s3cret",
        )
        again.action_territory_forget_key()
        self.assertFalse(
            self.parameters.get_param("territory_planning.geocode_key.opencage")
        )

    def test_a_key_is_for_its_service_alone(self):
        self.parameters.set_param("territory_planning.geocode_key.opencage", "s3cret")
        self._use("nominatim")
        self._lost("A")
        self._run()
        self.assertTrue(self.fake.requests)
        self.assertNotIn("s3cret", str(self.fake.requests))

    def test_numbers_have_bounds_and_zero_is_one(self):
        settings = self._settings(territory_geocode_daily=0)
        settings.execute()
        self.assertEqual(self._settings().territory_geocode_daily, 0)
        self.assertEqual(self.geocoder._territory_finder().daily, 0)
        with self.assertRaisesRegex(ValidationError, "Timeout"):
            self._settings(territory_geocode_timeout=60.0).execute()

    def test_an_address_of_a_service_is_one(self):
        for url in ("javascript:alert(1)", "file:///etc/passwd", "nominatim"):
            with self.assertRaisesRegex(ValidationError, "https"):
                self._settings(territory_geocode_url=url).execute()

    def test_saving_ends_a_pause(self):
        self._lost("A")
        self.fake.mode = "limit"
        self._run()
        self.fake.mode = "ok"
        self._settings().execute()
        self.assertEqual(self._run().state, "done")

    def test_the_shared_server_is_explained(self):
        self._use("openstreetmap")
        settings = self._settings(territory_geocode_interval=0.0)
        self.assertTrue(settings.territory_geocode_shared)
        self.assertIn("2.8 hours", settings.territory_geocode_duration)
        self.assertIn("OpenStreetMap contributors", settings.territory_geocode_about)

    def test_a_trial(self):
        trial = self.env["territory.geocode.try"].create(
            {
                "street": "Marienplatz 1",
                "city": "München",
                "country_id": self.env.ref("base.de").id,
            }
        )
        trial.action_try()
        self.assertEqual(trial.place, "48.13720, 11.57550")
        self.assertEqual(trial.precision, "rooftop")
        self.fake.mode = "403"
        trial.city = "Hamburg"
        with self.assertRaisesRegex(UserError, "refuses"):
            trial.action_try()

    def test_settings_are_the_administrators(self):
        for model in ("territory.geocode.try", "territory.geocode.cache"):
            for user in (self.rep, self.leader, self.manager):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])


@tagged("post_install", "-at_install")
class TestPostcodes(PlacesCase):
    """Postal codes of a list place those whom nobody finds."""

    GEONAMES = (
        "DE\t80331\tMünchen\tBayern\tBY\t\t00\tMünchen\t09162\t48.13\t11.57\t4\n"
        "DE\t80331\tAltstadt\tBayern\tBY\t\t00\tMünchen\t09162\t48.15\t11.59\t4\n"
        "DE\t20095\tHamburg\tHamburg\tHH\t\t00\t\t02000\t53.55\t10.0\t4\n"
    )

    def _import(self, content):
        if isinstance(content, str):
            content = content.encode()
        wizard = self.env["territory.postcode.import"].create(
            {"data": base64.b64encode(content), "filename": "x"}
        )
        return wizard.action_import()

    def test_geonames_as_it_comes(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("readme.txt", "This is a readme")
            archive.writestr("DE.txt", self.GEONAMES)
        for content in (self.GEONAMES, packed.getvalue(), self.GEONAMES):
            self._import(content)
            codes = self.env["territory.postcode"].search([])
            self.assertEqual(codes.mapped("name"), ["20095", "80331"])
            self.assertAlmostEqual(codes[1].latitude, 48.14)

    def test_a_table_of_ones_own(self):
        self._import("zip;country;longitude;latitude\n80331;de;11.5;48.1\n")
        code = self.env["territory.postcode"].search([])
        self.assertEqual((code.country, code.latitude), ("DE", 48.1))

    def test_a_bad_list_says_where_and_changes_nothing(self):
        cases = {
            "a;b\n1;2\n": "first line",
            "country,zip,latitude,longitude\nDE,80331,48.1,11.5\nDE,1,x,2\n": "Line 3",
            "country,zip,latitude,longitude\nDE,80331,148,11\n": "Line 2",
            "country,zip,latitude,longitude\nDE\n": "Line 2",
            "country,zip,latitude,longitude\nGermany,1,1,1\n": "Line 2",
            "country,zip,latitude,longitude\n": "no postal codes",
            b"\xff\xfe\x00": "UTF-8",
            b"PK\x03\x04 broken": "archive",
        }
        for content, sentence in cases.items():
            with self.subTest(content), self.assertRaisesRegex(UserError, sentence):
                self._import(content)
        self.assertFalse(self.env["territory.postcode"].search([]))

    def test_accounts_are_placed_by_them(self):
        self._import(self.GEONAMES)
        lost = self._lost("A", "Hamburg", zip=" 20095")
        self._run("places")
        self.assertEqual(self._place(lost), (53.55, 10.0))
        self.assertEqual(lost.territory_place_precision, "postcode")
        self.assertIn("Imported", lost.territory_place_source)

    def test_only_an_administrator_imports(self):
        with self.assertRaises(AccessError):
            self.env["territory.postcode.import"].with_user(self.manager).create(
                {"data": base64.b64encode(b"x")}
            )


@tagged("post_install", "-at_install")
class TestReview(PlacesCase):
    """Who sees and decides what, of the places to check."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.swapped = cls._customer(
            "Swapped", partner_latitude=11.5755, partner_longitude=48.1372
        )
        cls.lost = cls._lost("Lost")
        cls.others = cls._lost("Other rep's", user_id=cls.other_rep.id)
        cls.fine = cls._customer("Fine")
        cls._order(cls.lost, cls._day(1), 5000.0)
        cls._refresh()
        cls.env["territory.account"]._check_places(cls.company)

    def _accounts(self, user):
        return (
            self.env["territory.account"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
        )

    def _listed(self, user, **options):
        answer = self._accounts(user).get_places_to_check(**options)
        return [row["name"] for row in answer["rows"]]

    def test_the_list_is_ones_own_and_the_largest_come_first(self):
        self.assertEqual(self._listed(self.rep), ["Lost", "Swapped"])
        self.assertEqual(
            set(self._listed(self.leader)), {"Lost", "Swapped", "Other rep's"}
        )
        self.assertEqual(self._listed(self.rep, reason="swapped"), ["Swapped"])
        answer = self._accounts(self.leader).get_places_to_check(reason="swapped")
        self.assertEqual(answer["total"], 3)
        self.assertEqual(
            {code: count for code, _sentence, count in answer["reasons"]},
            {"no_place": 2, "swapped": 1},
        )
        self.assertIn("swapped", answer["rows"][0]["sentence"])

    def test_the_sister_company_sees_nothing(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        stranger = self._user("stranger", "sales_team.group_sale_manager", sister)
        self.assertEqual(self._listed(stranger), [])
        with self.assertRaises(AccessError):
            self._account(self.lost).with_user(stranger).set_place(48.0, 11.0)

    def test_a_pin(self):
        account = self._account(self.swapped).with_user(self.rep)
        account.set_place(48.1372, 11.5755)
        self.assertEqual(self._known(self.swapped), ("ok", "manual", False))
        self.assertEqual(self.swapped.territory_place_source, self.rep.name)
        self.assertEqual(self._listed(self.rep), ["Lost"])
        for place in (
            (91, 0),
            (0, 0),
            (float("nan"), 1),
            ("48", 11),
            (None, 1),
            (1, True),
        ):
            with self.subTest(place), self.assertRaisesRegex(UserError, "nowhere"):
                account.set_place(*place)
        self.assertEqual(self._place(self.swapped), (48.1372, 11.5755))

    def test_nobody_moves_the_pin_of_anothers_account(self):
        clerk = self._user("clerk", "base.group_user")
        for user in (self.other_rep, clerk):
            account = self._account(self.swapped).with_user(user)
            for call in (
                lambda account=account: account.set_place(48.0, 11.0),
                account.confirm_places,
                account.retry_places,
                account.look_up_place,
                account.skip_places,
            ):
                with self.assertRaises(AccessError):
                    call()
        self.assertEqual(self.swapped.territory_place_status, "doubtful")

    def test_who_may_not_write_the_customer_moves_no_pin(self):
        self.env["ir.rule"].create(
            {
                "name": "Contacts are read only",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": "[(0, '=', 1)]",
                "perm_read": False,
                "perm_create": False,
                "perm_unlink": False,
            }
        )
        account = self._account(self.swapped).with_user(self.rep)
        for call in (account.confirm_places, account.retry_places, account.skip_places):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            account.set_place(48.0, 11.0)
        self.assertEqual(self._listed(self.rep), ["Lost", "Swapped"])

    def test_confirming_is_for_what_has_a_place(self):
        accounts = self._account(self.swapped) | self._account(self.lost)
        with self.assertRaisesRegex(UserError, "Lost"):
            accounts.with_user(self.rep).confirm_places()
        self.assertEqual(self.swapped.territory_place_status, "doubtful")
        self._account(self.swapped).with_user(self.rep).confirm_places()
        self.assertEqual(self._known(self.swapped), ("ok", "manual", False))

    def test_looking_one_up_at_once(self):
        account = self._account(self.swapped).with_user(self.rep)
        account.look_up_place()
        self.assertEqual(self._place(self.swapped), (48.1372, 11.5755))
        account.set_place(48.0, 11.0)
        with self.assertRaisesRegex(UserError, "by hand"):
            account.look_up_place()
        self.fake.mode = "limit"
        self.lost.street = "Elsewhere 1"
        with self.assertRaisesRegex(UserError, "429"):
            self._account(self.lost).with_user(self.rep).look_up_place()

    def test_several_are_looked_up_in_the_background_and_only_those(self):
        accounts = self._account(self.swapped) | self._account(self.lost)
        answer = accounts.with_user(self.rep).retry_places()
        self.assertEqual(answer, {"asked": 2, "left": 0})
        self._work()
        self.assertEqual(self.swapped.territory_place_status, "ok")
        self.assertEqual(self.lost.territory_place_status, "ok")
        self.assertEqual(self.others.territory_place_status, "never")
        pinned = self._account(self.swapped)
        pinned.set_place(48.0, 11.0)
        self.assertEqual(pinned.retry_places(), {"asked": 0, "left": 1})
        self._work()
        self.assertEqual(self._place(self.swapped), (48.0, 11.0))

    def test_skipped_for_a_month(self):
        self._account(self.lost).with_user(self.rep).skip_places()
        self.assertEqual(self._listed(self.rep), ["Swapped"])
        self.lost.territory_place_skip_date = "2020-01-01"
        self.assertEqual(self._listed(self.rep), ["Lost", "Swapped"])
        self._account(self.lost).with_user(self.rep).skip_places()
        self.lost.street = "Elsewhere 1"  # a new address is a new question
        self.assertEqual(self._listed(self.rep), ["Lost", "Swapped"])

    def test_all_addresses_are_a_leaders_to_look_up(self):
        with self.assertRaises(AccessError):
            self._accounts(self.rep).start_places_run()
        run = self._accounts(self.leader).start_places_run()
        self.assertEqual(run["progress"], 0.0)
        self.assertEqual(
            self._accounts(self.rep).get_places_to_check()["run"]["id"], run["id"]
        )
        self._work()
        self.assertFalse(self._accounts(self.rep).get_places_to_check()["run"])
        self.assertEqual(self.others.territory_place_status, "ok")

    def test_the_list_costs_the_same_for_many(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._accounts(self.rep).get_places_to_check()
            return self.env.cr.sql_log_count - before

        def add(numbers):
            for number in numbers:
                self._lost(
                    f"Customer {number}", state_id=self.env.ref("base.state_de_by").id
                )
            self._refresh()
            self.env["territory.account"]._check_places(self.company)

        add(range(2))
        count()
        few = count()
        add(range(2, 30))
        self.assertLessEqual(count(), few)
