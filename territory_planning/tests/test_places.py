from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models._finder import Turn
from .common import TerritoryCase
from .fake_geocoder import fake_geocoder

MUNICH = (48.1372, 11.5755)


class PlacesCase(TerritoryCase):
    """A company whose geocoding service runs on this machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.geocoder = cls.env["base.geocoder"]
        cls.parameters = cls.env["ir.config_parameter"].sudo()
        cls._use("nominatim")

    @classmethod
    def _use(cls, name):
        provider = cls.env["base.geo_provider"].search([("tech_name", "=", name)])
        cls.parameters.set_param("base_geolocalize.geo_provider", provider.id)
        cls.parameters.set_param("territory_planning.geocode_interval", "0")
        cls.parameters.set_param("territory_planning.geocode_daily", "0")

    def setUp(self):
        super().setUp()
        # answers and pace are kept in transactions of their own: undone with the test
        if not type(self)._registry_patched:
            self.registry_enter_test_mode()
        self.fake = self.enterContext(fake_geocoder())
        for name in ("nominatim", "photon"):
            self.parameters.set_param(
                f"territory_planning.geocode_url.{name}", self.fake.url
            )

    @classmethod
    def _lost(cls, name, town="München", **values):
        """A customer with an address and no coordinates."""
        return cls._customer(
            name, town, partner_latitude=0.0, partner_longitude=0.0, **values
        )

    def _place(self, partner):
        return (
            round(partner.partner_latitude, 4),
            round(partner.partner_longitude, 4),
        )

    def _known(self, partner):
        return (
            partner.territory_place_status,
            partner.territory_place_precision,
            partner.territory_place_reason,
        )

    def _run(self, kind="geocode"):
        """A run from the start to its end, as the scheduled action does it."""
        self.env["territory.account"]._refresh(self.company)
        run = self.env["territory.run"]._start(kind, self.company)
        self._work()
        return run

    def _work(self):
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=99
        ):
            self.env["territory.run"]._cron_process()


@tagged("post_install", "-at_install")
class TestAddresses(PlacesCase):
    """What becomes of a place when somebody writes to a contact."""

    def test_a_new_address_keeps_the_old_place_and_says_so(self):
        """Odoo alone would put the customer on the equator."""
        customer = self._customer("Alpha", street="Marienplatz 1")
        customer.write({"street": "Rathausmarkt 1", "city": "Hamburg"})
        self.assertEqual(self._place(customer), MUNICH)
        self.assertEqual(self._known(customer), ("stale", "given", "address"))
        customer.invalidate_recordset()
        self.assertEqual(self._place(customer), MUNICH)

    def test_many_at_once_keep_each_its_own(self):
        customers = self._customer("A") | self._customer("B", "Hamburg")
        customers |= self._lost("C")
        places = [self._place(customer) for customer in customers]
        customers.write({"street": "Hauptstraße 1"})
        self.assertEqual([self._place(customer) for customer in customers], places)
        self.assertEqual(
            customers.mapped("territory_place_status"), ["stale", "stale", "never"]
        )

    def test_the_same_address_in_another_spelling_is_the_same(self):
        customer = self._customer("Alpha", street="Marienplatz 1")
        customer.write({"street": "  MARIENPLATZ 1. ", "city": "münchen"})
        self.assertEqual(self._known(customer), ("ok", "given", False))
        self.assertEqual(self._place(customer), MUNICH)

    def test_the_form_and_the_caller_are_not_disturbed(self):
        customer = self._customer("Alpha")
        vals = {"city": "Hamburg"}
        customer.write(vals)
        self.assertEqual(vals, {"city": "Hamburg"})
        with Form(customer) as form:
            form.city = "Nürnberg"
        self.assertEqual(self._place(customer), MUNICH)

    def test_an_address_and_its_place_in_one_go_are_fine(self):
        customer = self._customer("Alpha")
        customer.write(
            {"city": "Hamburg", "partner_latitude": 53.5, "partner_longitude": 10.0}
        )
        self.assertEqual(customer.territory_place_status, "ok")
        self.assertEqual(self._place(customer), (53.5, 10.0))

    def test_who_gave_the_coordinates(self):
        """Those that came with the record are not a pin somebody has set."""
        customer = self._customer("Alpha")
        self.assertEqual(customer.territory_place_precision, "given")
        imported = self._customer("Beta")
        imported.with_context(import_file=True).write({"partner_latitude": 48.0})
        self.assertEqual(imported.territory_place_precision, "given")
        customer.with_user(self.manager).write({"partner_latitude": 48.0})
        self.assertEqual(customer.territory_place_precision, "manual")
        self.assertEqual(customer.territory_place_source, self.manager.name)

    def test_an_import_keeps_the_place(self):
        customer = self._customer("Alpha")
        self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": "alpha",
                "model": "res.partner",
                "res_id": customer.id,
            }
        )
        result = self.env["res.partner"].load(
            ["id", "street", "city"],
            [["__import__.alpha", "Rathausmarkt 1", "Hamburg"]],
        )
        self.assertEqual(result["ids"], [customer.id])
        self.assertEqual(self._place(customer), MUNICH)
        self.assertEqual(customer.territory_place_status, "stale")

    def test_a_duplicate_is_its_own_contact(self):
        customer = self._customer("Alpha")
        customer.with_user(self.manager).write({"partner_latitude": 48.0})
        twin = customer.copy()
        self.assertEqual(twin.territory_place_precision, "given")
        self.assertFalse(twin.territory_place_source)

    def test_nobody_types_in_what_is_known_of_a_place(self):
        customer = self._customer("Alpha").with_user(self.manager)
        with self.assertRaises(AccessError):
            customer.write({"territory_place_precision": "rooftop"})
        with self.assertRaises(AccessError):
            customer.create({"name": "Beta", "territory_place_status": "ok"})

    def test_coordinates_taken_away_are_no_place(self):
        customer = self._customer("Alpha")
        customer.write({"partner_latitude": 0.0, "partner_longitude": 0.0})
        self.assertEqual(self._known(customer), ("never", False, "no_place"))

    def test_contacts_of_a_company_follow_its_address(self):
        company = self._customer("Alpha", street="Marienplatz 1")
        person = self.env["res.partner"].create(
            {"name": "Anna", "parent_id": company.id, "type": "contact"}
        )
        company.write({"street": "Rathausmarkt 1"})
        self.assertEqual(person.street, "Rathausmarkt 1")
        self.assertEqual(self._place(company), MUNICH)

    def test_an_address_of_many_costs_no_query_each(self):
        def count(customers):
            customers.write({"street": "Erste Straße"})
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            customers.write({"street": "Zweite Straße"})
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = count(self._customer("One") | self._customer("Two"))
        many = self.env["res.partner"].union(
            *(self._customer(f"Customer {number}") for number in range(30))
        )
        self.assertLessEqual(count(many), few + 2)


@tagged("post_install", "-at_install")
class TestCheck(PlacesCase):
    """Wrong places are found without asking anybody, each with its reason."""

    def _checked(self):
        self.env["territory.account"]._refresh(self.company)
        return self.env["territory.account"]._check_places(self.company)

    def test_each_reason(self):
        cases = {
            "swapped": (11.5755, 48.1372),
            "sign": (48.1372, -11.5755),
            "country": (40.4, -3.7),
            "impossible": (1000.0, 1000.0),
            "no_place": (0.0, 0.0),
            False: MUNICH,
        }
        customers = {
            reason: self._customer(
                str(reason), partner_latitude=place[0], partner_longitude=place[1]
            )
            for reason, place in cases.items()
        }
        homeless = self._lost("No country", country_id=False)
        townless = self._lost("No town", zip=False, city=False)
        self._checked()
        self.assertEqual(
            {c.territory_place_reason for c in customers.values()}, set(cases)
        )
        for reason, customer in customers.items():
            self.assertEqual(customer.territory_place_reason, reason)
        self.assertEqual(customers["swapped"].territory_place_status, "doubtful")
        self.assertEqual(customers[False].territory_place_status, "ok")
        self.assertEqual(homeless.territory_place_reason, "no_country")
        self.assertEqual(townless.territory_place_reason, "no_town")
        # and nothing was moved
        self.assertEqual(self._place(customers["swapped"]), (11.5755, 48.1372))

    def test_far_from_the_postal_code(self):
        for number in range(4):
            self._customer(f"Near {number}")
        far = self._customer("Far", partner_latitude=53.5, partner_longitude=10.0)
        self._checked()
        self.assertEqual(self._known(far), ("doubtful", "given", "far"))
        far.write({"partner_latitude": 48.1, "partner_longitude": 11.5})
        self._checked()
        self.assertEqual(far.territory_place_status, "ok")

    def test_what_somebody_has_confirmed_is_not_doubted(self):
        abroad = self._customer("Abroad", partner_latitude=47.0, partner_longitude=5.0)
        self._checked()
        self.assertEqual(abroad.territory_place_reason, "country")
        account = self._account(abroad)
        account.with_user(self.manager).confirm_places()
        self._checked()
        self.assertEqual(self._known(abroad), ("ok", "manual", False))

    def test_an_address_changed_behind_the_orm_is_stale(self):
        customer = self._customer("Alpha")
        self._checked()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET city = 'Hamburg' WHERE id = %s", [customer.id]
        )
        self.env.invalidate_all()
        self._checked()
        self.assertEqual(self._known(customer), ("stale", "given", "address"))

    def test_accounts_of_every_company_follow(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        customer = self._customer("Alpha", partner_latitude=1000.0)
        self.env["territory.account"].create(
            {"company_id": sister.id, "partner_id": customer.id}
        )
        self._checked()
        accounts = self.env["territory.account"].sudo()
        accounts = accounts.search([("partner_id", "=", customer.id)])
        self.assertEqual(accounts.mapped("place_status"), ["doubtful", "doubtful"])

    def test_queries_do_not_grow_with_accounts(self):
        def count():
            self.env["territory.account"]._refresh(self.company)
            self.env.cr.execute("UPDATE res_partner SET territory_place_status = NULL")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["territory.account"]._check_places(self.company)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self._customer("First")
        few = count()
        for number in range(40):
            self._customer(f"Customer {number}", partner_latitude=float(number))
        self.assertLessEqual(count(), few + 1)


@tagged("post_install", "-at_install")
class TestGeocode(PlacesCase):
    """Addresses are looked up in the background, politely, and nothing is lost."""

    def test_what_is_lost_is_found_as_precisely_as_can_be(self):
        rooftop = self._lost("A", street="Marienplatz 1")
        street = self._lost("B", "Hamburg", street="Rathausmarkt 1")
        town = self._lost("C", "Nürnberg", street="Unknown 3")
        nowhere = self._lost("D", city="Nowhere")
        run = self._run()
        self.assertEqual(run.state, "done")
        self.assertEqual(self._known(rooftop), ("ok", "rooftop", False))
        self.assertEqual(self._place(rooftop), MUNICH)
        self.assertEqual(self._known(street), ("ok", "street", False))
        self.assertEqual(self._known(town), ("ok", "city", False))
        self.assertEqual(self._known(nowhere)[0], "doubtful")  # München's middle
        self.assertEqual(self._known(nowhere)[2], "centre")
        self.assertEqual(rooftop.territory_place_label, "München, DE")
        self.assertEqual(rooftop.territory_place_source, "Nominatim (own server)")
        self.assertTrue(rooftop.date_localization)
        self.assertEqual(run.result["found"], 3)
        self.assertEqual(run.progress, 1.0)
        account = self._account(rooftop)
        self.assertEqual(
            (account.place_status, account.location_quality), ("ok", "given")
        )

    def test_nobody_knows_it_and_nobody_is_near(self):
        nowhere = self._lost("D", city="Nowhere", zip="99999")
        self._run()
        self.assertEqual(self._known(nowhere), ("failed", False, "not_found"))
        self.assertEqual(self._place(nowhere), (0, 0))
        asked = len(self.fake.requests)
        self._run()
        self.assertEqual(len(self.fake.requests), asked)  # not again every night
        nowhere.city = "München"
        self.assertEqual(nowhere.territory_place_status, "never")
        self._run()
        self.assertEqual(nowhere.territory_place_status, "ok")

    def test_stale_places_are_renewed_and_pins_are_not(self):
        moved = self._customer("Alpha")
        pinned = self._customer("Beta")
        pinned.with_user(self.manager).write({"partner_latitude": 48.2})
        (moved | pinned).write({"zip": "20095", "city": "Hamburg"})
        self._run()
        self.assertEqual(self._place(moved), (53.5511, 9.9937))
        self.assertEqual(self._known(moved), ("ok", "city", False))
        self.assertEqual(self._place(pinned), (48.2, 11.5755))
        self.assertEqual(self._known(pinned), ("stale", "manual", "address"))

    def test_a_doubtful_answer_moves_nothing(self):
        customer = self._customer("Alpha")
        customer.street = "Hauptstraße 1"
        lost = self._lost("Beta")
        self.fake.mode = "abroad"
        self._run()
        self.assertEqual(self._place(customer), MUNICH)
        self.assertEqual(self._known(customer), ("doubtful", "given", "abroad"))
        self.assertEqual(lost.territory_place_reason, "abroad")
        self.assertEqual(self._place(lost), (0, 0))

    def test_only_the_country_was_found(self):
        customer = self._lost("Alpha")
        self.fake.mode = "coarse"
        self._run()
        self.assertEqual(self._known(customer), ("doubtful", "country", "coarse"))

    def test_nothing_is_asked_twice(self):
        self._lost("A", street="Marienplatz 1")
        self._lost("B", street="Marienplatz 1")
        self._run()
        self.assertEqual(len(self.fake.requests), 1)
        late = self._lost("C", street=" marienplatz 1 ")
        self._run()
        self.assertEqual(len(self.fake.requests), 1)
        self.assertEqual(late.territory_place_status, "ok")
        self.env["territory.geocode.cache"].search([]).expiry = "2020-01-01"
        self._lost("D", street="Marienplatz 1")
        self._run()
        self.assertEqual(len(self.fake.requests), 2)

    def test_no_name_leaves_the_house(self):
        self._lost("Very Secret Customer", street="Marienplatz 1", phone="+49 89 77")
        self._run()
        said = str(self.fake.requests)
        self.assertIn("Marienplatz", said)
        self.assertNotIn("Secret", said)
        self.assertNotIn("77", said)
        self.assertIn("odoo-territory-planning", said)

    def test_the_service_asks_to_stop(self):
        """No second request, a sentence, and nobody asks again for a while."""
        customers = self._lost("A") | self._lost("B", "Hamburg")
        self.fake.mode = "limit"
        run = self._run()
        self.assertEqual(len(self.fake.requests), 1)
        self.assertEqual(run.state, "failed")
        self.assertIn("429", run.error)
        self.fake.mode = "ok"
        run.action_retry()
        self._work()
        self.assertEqual(len(self.fake.requests), 1)
        self.assertIn("pause", run.error)
        self.env.cr.execute("UPDATE territory_geocode_throttle SET paused_until = NULL")
        run.action_retry()
        self._work()
        self.assertEqual(run.state, "done")
        self.assertEqual(customers.mapped("territory_place_status"), ["ok", "ok"])

    def test_a_service_that_is_down_is_not_asked_for_ever(self):
        self._lost("A")
        for mode in ("html", "500"):
            with self.subTest(mode), patch("time.sleep"):
                self.fake.requests.clear()
                self.fake.mode = mode
                run = self._run()
                self.assertEqual(run.state, "failed")
                self.assertLessEqual(len(self.fake.requests), 6)
                self.assertNotIn("<html", run.error)
                self.assertIn("Nominatim", run.error)

    def test_what_was_found_before_the_trouble_is_kept(self):
        first = self._lost("A", street="Marienplatz 1")
        self._order(first, self._day(1), 5000.0)  # the largest is looked up first
        self._lost("B", "Hamburg")
        service = self.geocoder._territory_service()
        original = type(service).find

        def find(this, address):
            self.fake.mode = "ok" if address.city == "München" else "403"
            return original(this, address)

        with patch.object(type(service), "find", find):
            run = self._run()
        self.assertEqual(run.state, "failed")
        self.assertEqual(first.territory_place_status, "ok")
        self.assertEqual(run.result["found"], 1)

    def test_cut_off_in_the_middle_it_goes_on(self):
        """A batch is undone as a whole; that its answers are kept, see TestThrottle."""
        customers = self._lost("A", street="Marienplatz 1") | self._lost("B", "Hamburg")
        self._run("places")
        accounts = type(self.env["territory.account"])
        with (
            patch.object(accounts, "_write_places", side_effect=MemoryError),
            mute_logger("odoo.addons.territory_planning.models.territory_run"),
        ):
            run = self._run()
        self.assertEqual(run.state, "failed")
        self.assertEqual(customers.mapped("territory_place_status"), ["never"] * 2)
        run.action_retry()
        self._work()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.result["found"], 2)
        self.assertEqual(customers.mapped("territory_place_status"), ["ok"] * 2)

    def test_batch_by_batch_behind_everybody_else(self):
        for number in range(5):
            self._lost(f"Customer {number}", street=f"Street {number}")
        self.env["territory.account"]._refresh(self.company)
        with patch(
            "odoo.addons.territory_planning.models.territory_run_geocode.BATCH", 2
        ):
            run = self.env["territory.run"]._start("geocode", self.company)
            other = self.env["territory.run"]._start("refresh", self.company)
            seen = []
            original = type(run)._do_step

            def step(this):
                original(this)
                seen.append((this.kind, round(this.progress, 2)))

            with patch.object(type(run), "_do_step", step):
                self._work()
        self.assertEqual(
            seen,
            [
                ("refresh", 0.5),
                ("refresh", 1.0),
                ("geocode", 0.0),
                ("geocode", 0.4),
                ("geocode", 0.8),
                ("geocode", 0.99),
                ("geocode", 0.99),
                ("geocode", 1.0),
            ],
        )
        self.assertEqual((run.state, other.state), ("done", "done"))

    def test_the_limit_of_a_day_ends_the_day_not_the_work(self):
        customers = self._lost("A") | self._lost("B", "Hamburg")
        self.parameters.set_param("territory_planning.geocode_daily", "1")
        run = self._run()
        self.assertEqual(run.state, "done")
        self.assertIn("limit", run.result["note"])
        self.assertEqual(
            sorted(customers.mapped("territory_place_status")), ["never", "ok"]
        )
        self.env.cr.execute(
            "UPDATE territory_geocode_throttle SET day = day - 1"
        )  # tomorrow
        self._run()
        self.assertEqual(customers.mapped("territory_place_status"), ["ok", "ok"])

    def test_writing_a_batch_is_one_statement(self):
        def count(size):
            customers = [
                self._lost(f"{size}-{n}", street=f"S {n}") for n in range(size)
            ]
            self._run("places")
            run = self.env["territory.run"].create(
                {"kind": "geocode", "company_id": self.company.id, "result": {}}
            )
            data = self.env["territory.account"]._place_columns(self.company)
            finder = self.geocoder._territory_finder()
            outcomes, _problem = run._find_batch(finder, data)
            run.unlink()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["territory.run"]._keep_outcomes(finder.service, data, outcomes)
            self.env.flush_all()
            self.assertTrue(customers[-1].territory_place_date)
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(count(30), count(2) + 1)

    def test_every_night_nothing_is_sent_unless_it_is_wanted(self):
        lost = self._lost("A")
        self.env["territory.account"]._refresh(self.company)
        self.env["territory.account"]._cron_geocode()
        self._work()
        self.assertEqual(self.fake.requests, [])
        self.assertEqual(lost.territory_place_reason, "no_place")
        self.parameters.set_param("territory_planning.geocode_nightly", "True")
        self.env["territory.account"]._cron_geocode()
        self._work()
        self.assertEqual(lost.territory_place_status, "ok")

    def test_own_accounts_say_where_a_postal_code_is(self):
        self._customer("A")
        self._customer("B", partner_latitude=48.2, partner_longitude=11.6)
        same_code = self._lost("C", city=False)
        same_town = self._lost("D", zip=False)
        other_land = self._lost("E", country_id=self.env.ref("base.es").id)
        self._run("places")
        self.assertEqual(self._known(same_code), ("never", "postcode", "centre"))
        self.assertEqual(self._place(same_code), (48.1686, 11.5877))
        self.assertEqual(same_town.territory_place_precision, "city")
        self.assertEqual(self._place(other_land), (0, 0))
        self.assertIn("own accounts", same_code.territory_place_source)
        self.assertEqual(self.fake.requests, [])
        same_code.city = "München"
        self._run()
        self.assertEqual(self._known(same_code), ("ok", "city", False))

    def test_odoo_own_button_keeps_to_it_too(self):
        customer = self._lost("A", street="Marienplatz 1")
        customer.with_context(force_geo_localize=True).geo_localize()
        self.assertEqual(self._place(customer), MUNICH)
        self.assertEqual(customer.territory_place_precision, "given")
        self.assertEqual(self.fake.requests[0][1]["countrycodes"], "de")
        self.assertIn("odoo-territory", self.fake.requests[0][2]["User-Agent"])
        customer.with_context(force_geo_localize=True).geo_localize()
        self.assertEqual(len(self.fake.requests), 1)

    def test_another_provider_of_a_module(self):
        """One we know nothing of: asked through Odoo's own method."""
        self.env["base.geo_provider"].create({"tech_name": "mine", "name": "Mine"})
        self._use("mine")
        asked = []

        def call(this, address, **kw):
            asked.append((address, kw))
            return MUNICH

        customer = self._lost("A", street="Marienplatz 1")
        with (
            patch.object(type(self.geocoder), "_call_mine", call, create=True),
            patch("time.sleep"),
        ):
            self._run()
        self.assertEqual(asked[0][1], {"force_country": "Germany"})
        self.assertEqual(self._known(customer), ("ok", "given", False))

    def test_photon_from_end_to_end(self):
        self._use("photon")
        customer = self._lost("A", street="Marienplatz 1")
        self._run()
        self.assertEqual(self._known(customer), ("ok", "rooftop", False))

    def test_turns_have_sentences(self):
        service = self.geocoder._territory_service()
        for kind in ("paused", "daily", "busy"):
            sentence = self.geocoder._territory_sentence(Turn(kind, 90), service)
            self.assertIn(service.label, sentence)
        with self.assertRaisesRegex(UserError, "needs the address"):
            self.parameters.set_param("territory_planning.geocode_url.nominatim", "")
            self.geocoder._territory_service()
