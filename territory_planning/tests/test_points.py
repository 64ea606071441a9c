import gzip
import json
from unittest.mock import patch
from urllib.parse import urlencode

import numpy as np

from odoo import fields
from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from ..controllers import _columns, _copy
from ..controllers._places import DOUBT, MINE, NOWHERE, Places, UnusableField
from ..controllers.points import CONDITIONS_MAX
from .common import TerritoryCase

URL = "/territory_planning/points"
SOURCE = {
    "model": "territory.account",
    "latitude": "latitude",
    "longitude": "longitude",
    "value": "revenue_12m",
    "color": "user_id,segment",
    "owner": "user_id",
}


def decode(body):
    """Read the bytes as ``codec.js`` does, from what is written about them."""
    assert body[:4] == b"TPM1"
    length = int.from_bytes(body[4:8], "little")
    assert length % 4 == 0
    header = json.loads(body[8 : 8 + length])
    columns, offset = {}, 8 + length
    for name, width in header["columns"]:
        kind = {"i32": np.int32, "f32": np.float32, "u16": np.uint16, "u8": np.uint8}[
            width
        ]
        size = np.dtype(kind).itemsize * header["n"]
        columns[name] = np.frombuffer(body[offset : offset + size], kind)
        offset += size
    assert offset == len(body)
    return header, columns


class PointsCase(TerritoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.munich = cls._customer("Alpha")
        cls.hamburg = cls._customer("Beta", "Hamburg", user_id=cls.other_rep.id)
        cls.nobody = cls._customer("Gamma", "Nürnberg", user_id=False)
        cls.accounts = cls._make_accounts(cls.munich + cls.hamburg + cls.nobody)
        cls.accounts[0].revenue_12m = 1234.4
        cls.accounts[0].segment = "a"

    @classmethod
    def _make_accounts(cls, partners, company=None):
        return (
            cls.env["territory.account"]
            .sudo()
            .create(
                [
                    {
                        "company_id": (company or cls.company).id,
                        "partner_id": partner.id,
                    }
                    for partner in partners
                ]
            )
        )

    def _places(self, user=None, domain=(), **changes):
        source = {**SOURCE, **changes}
        model = self.env[source["model"]].with_user(user or self.leader)
        return Places(
            model,
            list(domain),
            source["latitude"],
            source["longitude"],
            value=source["value"],
            colors=[name for name in source["color"].split(",") if name],
            owner=source["owner"],
            limit=source.get("limit", 1000),
            figure=source.get("figure"),
            doubt=source.get("doubt"),
        )

    def _ids(self, *args, **kwargs):
        return self._places(*args, **kwargs).read()[1]["id"][1].astype(int).tolist()


@tagged("post_install", "-at_install")
class TestPlaces(PointsCase):
    """What is in the columns, and who gets which rows."""

    def test_columns_are_the_records(self):
        header, columns = self._places(self.rep).read()
        alpha, _beta, gamma = self.accounts
        self.assertEqual(columns["id"][1].tolist(), [alpha.id, gamma.id])
        self.assertEqual(columns["longitude"][1].tolist(), [1157550, 1107670])
        self.assertEqual(columns["latitude"][1].tolist(), [4813720, 4945210])
        self.assertEqual(columns["value"][1].tolist(), [1234, 0])
        self.assertEqual(columns["status"][1].tolist(), [1, 0], "one's own is marked")
        self.assertEqual(columns["user_id"][1].tolist(), [1, 0])
        self.assertEqual(
            header["categories"]["user_id"], [[self.rep.id, self.rep.display_name]]
        )
        self.assertEqual(columns["segment"][1].tolist(), [1, 0])
        self.assertEqual(header["categories"]["segment"], [["a", "A"]])
        self.assertEqual(header["currency"], self.env.ref("base.EUR").id)
        self.assertEqual(header["placeless"], 0)

    def test_places_in_doubt_are_marked(self):
        """A bit of the status, beside the one for the user's own."""
        alpha, beta, gamma = self.accounts
        alpha.partner_id.sudo().territory_place_status = "stale"
        beta.partner_id.sudo().territory_place_status = "ok"
        gamma.partner_id.sudo().territory_place_precision = "postcode"
        doubt = {"place_status": ["stale"], "place_precision": ["postcode", "city"]}
        _header, columns = self._places(self.rep, doubt=doubt).read()
        self.assertEqual(columns["status"][1].tolist(), [MINE + DOUBT, DOUBT])
        _header, columns = self._places(self.leader, doubt=doubt).read()
        self.assertEqual(columns["status"][1].tolist(), [DOUBT, 0, DOUBT])

    def test_a_doubt_names_values_of_selection_fields(self):
        for doubt in (
            {"user_id": ["1"]},
            {"nothing": ["ok"]},
            {"place_status": ["no such"]},
            {"place_status": "ok"},
            {"place_status": [["ok"]]},
            {"place_status": [None]},
        ):
            with self.subTest(doubt), self.assertRaises(UnusableField):
                self._places(doubt=doubt)

    def test_bytes_of_another_shape_are_refused(self):
        """A NULL would shift all that follows: better no map than a wrong one."""
        kinds = {"id": "int4", "share": "float8", "sure": "bool"}
        rows = "SELECT i::int4, (i / 2.0)::float8, i > 1 FROM generate_series(1, 3) i"
        got = _copy.columns(self.env, SQL(rows), kinds)
        self.assertEqual(got["id"].tolist(), [1, 2, 3])
        self.assertEqual(got["share"].tolist(), [0.5, 1.0, 1.5])
        self.assertEqual(got["sure"].tolist(), [0, 1, 1])
        none = _copy.columns(self.env, SQL(f"{rows} WHERE FALSE"), kinds)
        self.assertEqual(len(none["id"]), 0)
        for wrong in (
            "SELECT 1::int4, NULL::float8, TRUE",
            "SELECT 1::int8, 1::float8, TRUE",
            "SELECT 1::int4, 1::float8",
        ):
            with self.subTest(wrong), self.assertRaises(ValueError):
                _copy.columns(self.env, SQL(wrong), kinds)
        with self.assertRaises(ValueError):
            _copy.parse(memoryview(b""), kinds)
        hostile = SQL("SELECT length(%s)::int4", "'; DROP TABLE x; -- 100% \\")
        length = _copy.columns(self.env, hostile, {"n": "int4"})["n"]
        self.assertEqual(length.tolist(), [26])

    def test_rights_of_each_sales_role(self):
        alpha, beta, gamma = self.accounts.ids
        self.assertEqual(self._ids(self.rep), [alpha, gamma])
        self.assertEqual(self._ids(self.other_rep), [beta, gamma])
        self.assertEqual(self._ids(self.leader), [alpha, beta, gamma])
        self.assertEqual(self._ids(self.manager), [alpha, beta, gamma])

    def test_other_companies_stay_closed(self):
        other = self.env["res.company"].create(
            {"name": "Südwerk", "currency_id": self.env.ref("base.USD").id}
        )
        foreign = self._make_accounts(self._customer("Delta"), other)
        self.assertNotIn(foreign.id, self._ids(self.manager))
        self.manager.company_ids += other
        self.assertNotIn(foreign.id, self._ids(self.manager), "not switched on")
        both = self._places(self.manager)
        both.model = both.model.with_context(
            allowed_company_ids=[self.company.id, other.id]
        )
        header, columns = both.read()
        self.assertIn(foreign.id, columns["id"][1])
        self.assertIsNone(header["currency"], "euros and dollars do not add up")

    def test_domain_and_limit(self):
        beta = self.accounts[1]
        self.assertEqual(self._ids(domain=[("city", "=", "Hamburg")]), [beta.id])
        places = self._places()
        places.limit = 2
        header, columns = places.read()
        self.assertEqual(len(columns["id"][1]), 2)
        self.assertTrue(header["more"])

    def test_no_place(self):
        """0,0 and beyond the earth are no place; 0° with something else is one."""
        spots = {
            "nothing": (0, 0, False),
            "greenwich": (51.5, 0, True),
            "equator": (0, 32.6, True),
            "failed": (1000, 1000, False),
            "absurd": (1e12, 1e12, False),
            "too far": (48.1, 181.0, False),
            "south pole": (-90, 0, True),
        }
        accounts = self._make_accounts(
            self.env["res.partner"].concat(
                *(
                    self._customer(name, partner_latitude=lat, partner_longitude=lon)
                    for name, (lat, lon, _known) in spots.items()
                )
            )
        )
        domain = [("id", "in", accounts.ids)]
        header, columns = self._places(domain=domain).read()
        known = [a.id for a in accounts if spots[a.partner_id.name][2]]
        self.assertEqual(columns["id"][1].astype(int).tolist(), known)
        self.assertEqual(header["placeless"], len(accounts) - len(known))
        # What a click on "3 without a place" opens, as the browser builds it.
        nowhere = [
            "|", "|", "|", "|",
            "&", ("latitude", "=", 0), ("longitude", "=", 0),
            ("latitude", "<", -90), ("latitude", ">", 90),
            ("longitude", "<", -180), ("longitude", ">", 180),
        ]  # fmt: skip
        found = self.env["territory.account"].search(["&", *domain, *nowhere])
        self.assertEqual(found, accounts.filtered(lambda a: a.id not in known))

    def test_degrees_of_every_kind_of_column(self):
        """Exact to the seventh decimal, nothing is 0, beyond the earth is nowhere."""
        places = self._places()
        cases = [
            ("numeric", "11.5754901", 115_754_901),
            ("numeric", "-180", -1_800_000_000),
            ("numeric", "180.0000001", NOWHERE),
            ("numeric", "-1e30", NOWHERE),
            ("numeric", "NaN", NOWHERE),
            ("float8", "11.5754901", 115_754_901),
            ("float8", "-1e300", NOWHERE),
            ("float8", "Infinity", NOWHERE),
            ("int4", "-180", -1_800_000_000),
            ("int4", "1000", NOWHERE),
            ("numeric", None, 0),
            ("float8", None, 0),
        ]
        for kind, value, wanted in cases:
            degrees = places._degrees(SQL("(%s)::%s", value, SQL(kind)), 180)
            with self.subTest(kind=kind, value=value):
                ((got,),) = self.env.execute_query(SQL("SELECT %s", degrees))
                self.assertEqual(got, wanted)

    def test_archived(self):
        self.munich.active = False
        alpha = self.accounts[0]
        self.assertNotIn(alpha.id, self._ids())
        self.assertEqual(self._ids(domain=[("active", "=", False)]), [alpha.id])

    def test_large_amounts_and_several_currencies(self):
        self.accounts[0].revenue_12m = 5e12
        header, columns = self._places(self.rep).read()
        self.assertEqual(header["scale"]["value"], 10_000)
        self.assertEqual(columns["value"][1][0] * 10_000, 5e12)
        self.assertLess(columns["value"][1][0], 2**31)

    def test_contacts(self):
        """Any model that says where its records are."""
        header, columns = self._places(
            model="res.partner",
            latitude="partner_latitude",
            longitude="partner_longitude",
            value=None,
            color="user_id,active,country_id",
            domain=[("id", "in", (self.munich + self.hamburg).ids)],
        ).read()
        self.assertEqual(
            columns["id"][1].astype(int).tolist(), (self.munich + self.hamburg).ids
        )
        self.assertNotIn("value", columns)
        self.assertEqual(columns["active"][1].tolist(), [1, 1])
        self.assertEqual(header["categories"]["country_id"][0][1], "Germany")

    def test_nothing_found(self):
        header, columns = self._places(domain=[("id", "=", 0)]).read()
        header, columns = decode(_columns.encode(header, columns))
        self.assertEqual(header["n"], 0)
        self.assertEqual(header["categories"], {"user_id": [], "segment": []})

    def test_unusable_fields(self):
        for changes in (
            {"latitude": "name"},
            {"longitude": "nowhere"},
            {"latitude": None},
            {"value": "city"},
            {"color": "name"},
            {"owner": "region_id"},
        ):
            with self.subTest(**changes), self.assertRaises(UnusableField):
                self._places(**changes)

    def test_figure_alone(self):
        """A number per record, by id; none is NaN; dates are days ago."""
        self.accounts[0].last_visit_date = self._day(0).date()
        header, columns = self._places(figure="revenue_change").read()
        self.assertEqual(sorted(columns), ["figure", "id"])
        header, columns = self._places(figure="revenue_12m").read()
        self.assertEqual(header["currency"], self.env.ref("base.EUR").id)
        figures = dict(
            zip(columns["id"][1].tolist(), columns["figure"][1].tolist(), strict=True)
        )
        self.assertAlmostEqual(figures[self.accounts[0].id], 1234.4, places=2)
        _header, columns = self._places(figure="last_visit_date").read()
        days = dict(
            zip(columns["id"][1].tolist(), columns["figure"][1].tolist(), strict=True)
        )
        visited = self.accounts[0]
        today = fields.Date.context_today(visited)
        self.assertEqual(days[visited.id], (today - visited.last_visit_date).days)
        self.assertTrue(np.isnan(days[self.accounts[1].id]))

    def test_figure_under_the_rights_of_the_user(self):
        alpha, _beta, gamma = self.accounts.ids
        _header, columns = self._places(self.rep, figure="revenue_12m").read()
        self.assertEqual(columns["id"][1].tolist(), [alpha, gamma])
        field = type(self.env["territory.account"])._fields["margin_rate"]
        with (
            patch.object(field, "groups", "base.group_system"),
            self.assertRaises(AccessError),
        ):
            self._places(self.rep, figure="margin_rate").read()
        with self.assertRaises(UnusableField):
            self._places(figure="name")

    def test_queries_do_not_grow(self):
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"Many {i}",
                    "user_id": (self.rep + self.other_rep)[i % 2].id,
                    "partner_latitude": 48 + i / 1000,
                    "partner_longitude": 11,
                }
                for i in range(1000)
            ]
        )
        accounts = self._make_accounts(partners)
        self.env.flush_all()
        for n in (10, 1000):
            domain = [("id", "in", accounts[:n].ids)]
            self._places(domain=domain).read()  # fill the caches of rights
            self.env.invalidate_all()
            with self.subTest(n=n), self.assertQueryCount(7):
                header, columns = self._places(domain=domain).read()
            self.assertEqual(len(columns["id"][1]), n)


@tagged("post_install", "-at_install")
class TestPointsHttp(PointsCase, HttpCase):
    """The route: bytes, caching, and what it refuses."""

    def _get(self, user=None, headers=None, **changes):
        user = user or self.leader
        self.authenticate(user.login, user.login + "x" * (8 - len(user.login)))
        params = {k: v for k, v in {**SOURCE, **changes}.items() if v is not None}
        return self.url_open(f"{URL}?{urlencode(params)}", headers=headers)

    def test_bytes_json_and_compression(self):
        response = self._get(headers={"Accept-Encoding": "identity"})
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("Content-Encoding", response.headers)
        header, columns = decode(response.content)
        self.assertEqual(columns["id"].tolist(), self.accounts.ids)
        readable = self._get(format="json").json()
        self.assertEqual(readable["id"], self.accounts.ids)
        self.assertEqual(readable["categories"], header["categories"])
        for name in columns:
            self.assertEqual(readable[name], columns[name].tolist())
        packed = self._get(headers={"Accept-Encoding": "gzip"})
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        self.assertEqual(packed.content, response.content)
        self.assertEqual(
            gzip.compress(response.content, 1, mtime=0)[:3], b"\x1f\x8b\x08"
        )

    def test_unchanged_is_not_sent_again(self):
        first = self._get()
        tag = first.headers["ETag"]
        again = self._get(headers={"If-None-Match": tag})
        self.assertEqual((again.status_code, again.content), (304, b""))
        self.accounts[0].revenue_12m = 99.0
        changed = self._get(headers={"If-None-Match": tag})
        self.assertEqual(changed.status_code, 200)
        self.assertNotEqual(changed.headers["ETag"], tag)
        self.assertIn("private", changed.headers["Cache-Control"])

    def test_long_domains_by_post(self):
        self.authenticate(self.leader.login, self.leader.login + "xx")
        domain = [("id", "in", [*range(10_000_000, 10_004_000), self.accounts[0].id])]
        data = {
            **SOURCE,
            "domain": json.dumps(domain),
            "csrf_token": Request.csrf_token(self),
        }
        response = self.url_open(URL, data=data)
        self.assertEqual(response.status_code, 200)
        _header, columns = decode(response.content)
        self.assertEqual(columns["id"].tolist(), self.accounts[:1].ids)

    def test_companies_of_the_page(self):
        other = self.env["res.company"].create({"name": "Südwerk"})
        foreign = self._make_accounts(self._customer("Delta"), other)
        self.manager.company_ids += other

        def ids(companies):
            context = json.dumps({"allowed_company_ids": companies})
            response = self._get(self.manager, context=context, format="json")
            return response.json()["id"]

        self.assertNotIn(foreign.id, ids([self.company.id]))
        self.assertEqual(ids([other.id]), foreign.ids)
        refused = self._get(
            self.rep, context=json.dumps({"allowed_company_ids": [other.id]})
        )
        self.assertEqual(refused.status_code, 403)

    def test_who_may_not(self):
        for case, user, changes in (
            ("no Sales at all", self._user("clerk", "base.group_user"), {}),
            (
                "a field of leaders",
                self.rep,
                {
                    "model": "crm.team.member",
                    "latitude": "territory_start_latitude",
                    "longitude": "territory_start_longitude",
                    "value": None,
                    "color": "",
                    "owner": None,
                },
            ),
            (
                "a search by a field of others",
                self.rep,
                {
                    "model": "res.users",
                    "latitude": "partner_latitude",
                    "longitude": "partner_longitude",
                    "value": None,
                    "color": "",
                    "owner": None,
                    "domain": '[["password", "like", "a"]]',
                },
            ),
        ):
            with self.subTest(case):
                response = self._get(user, **changes)
                self.assertIn(response.status_code, (400, 403), response.text)
                self._check_says_so(response)

    @mute_logger("odoo.sql_db", "odoo.http", "odoo.domains")
    def test_a_number_beyond_the_column_is_harmless(self):
        """PostgreSQL compares it as numeric, or refuses it: never a traceback."""
        response = self._get(domain='[["orders_12m", "<", %s]]' % 10**30)
        self.assertIn(response.status_code, (200, 400))
        self.assertNotIn("Traceback", response.text)

    @mute_logger("odoo.sql_db", "odoo.http", "odoo.domains")
    def test_nonsense_is_refused(self):
        nested = "[" * 20_000 + "]" * 20_000
        many = json.dumps([["name", "=", str(i)] for i in range(CONDITIONS_MAX + 1)])
        cases = [
            ({"model": "no.such.model"}, 400),
            ({"model": ""}, 400),
            ({"model": "mail.thread"}, 400),
            ({"latitude": "password"}, 400),
            ({"latitude": "latitude; DROP TABLE res_partner"}, 400),
            ({"value": "history"}, 400),
            ({"color": "a,b,c,d,e,f,g,h,i"}, 400),
            ({"color": "__class__"}, 400),
            ({"owner": "id"}, 400),
            ({"limit": "many"}, 400),
            ({"limit": "-1"}, 400),
            ({"limit": "0"}, 400),
            ({"limit": "²"}, 400),
            ({"limit": "1e9"}, 400),
            ({"domain": "{"}, 400),
            ({"domain": "1"}, 400),
            ({"domain": '["&"]'}, 400),
            ({"domain": '[["name"]]'}, 400),
            ({"domain": '[["nowhere", "=", 1]]'}, 400),
            ({"domain": '[["id", "sounds like", 1]]'}, 400),
            ({"domain": '[["revenue_12m", "=", "much"]]'}, 400),
            ({"domain": '[["partner_id", "any!", [["id", ">", 0]]]]'}, 400),
            ({"domain": '[[{"a": 1}, "=", 1]]'}, 400),
            ({"domain": '[["data_date", "=", "not a date"]]'}, 400),
            ({"domain": many}, 413),
            ({"context": "[]"}, 400),
            ({"context": "nonsense"}, 400),
            ({"context": '{"allowed_company_ids": ["1"]}'}, 400),
            ({"context": '{"allowed_company_ids": [999999]}'}, 403),
        ]
        for changes, status in cases:
            with self.subTest(str(changes)[:80]):
                response = self._get(**changes)
                self.assertEqual(response.status_code, status, response.text[:300])
                self._check_says_so(response)
        self.authenticate(self.leader.login, self.leader.login + "xx")
        for domain, status in ((nested, 400), ("[" + " " * 600_000 + "]", 413)):
            with self.subTest(domain[:5]):
                response = self.url_open(
                    URL,
                    data={
                        **SOURCE,
                        "domain": domain,
                        "csrf_token": Request.csrf_token(self),
                    },
                )
                self.assertEqual(response.status_code, status)
                self._check_says_so(response)
        self.assertEqual(self._get().status_code, 200, "and it still answers")

    def test_strangers_log_in_first(self):
        response = self.url_open(f"{URL}?{urlencode(SOURCE)}", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def _check_says_so(self, response):
        """A sentence and nothing else: no traceback, no SQL, no field values."""
        answer = response.json()
        self.assertEqual(list(answer), ["error"])
        for leak in ("Traceback", "SELECT", 'File "', "psycopg2", "odoo."):
            self.assertNotIn(leak, answer["error"])
