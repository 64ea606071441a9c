import inspect
import json
import math
import random

from odoo import Command
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TerritoryCase

INPUTS = 1000
#: What a rep must never be told: figures and names made so that they cannot occur by chance.
REVENUE_OF_OTHERS = 7654321.0
NAME_ELSEWHERE = "Gesperrt-4711"
#: Methods of Odoo's own that this module only extends; their arguments are Odoo's to check.
OF_ODOO = {
    "copy",
    "create",
    "default_get",
    "fields_get",
    "get_view",
    "get_views",
    "init",
    "name_create",
    "onchange",
    "read",
    "search",
    "unlink",
    "web_search_read",
    "write",
}


@tagged("post_install", "-at_install")
class TestHostileCalls(TerritoryCase):
    """Whatever is sent to a method that can be called from outside: a sentence, or nothing.

    Every public method of this module is found by itself, so that a new one is under
    test from its first day.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sister = cls.env["res.company"].create({"name": "Sister"})
        cls.env.user.company_ids = [Command.link(sister.id)]
        cls.own = cls._customer("Own")
        cls.others = cls._customer("Colleague's", user_id=cls.other_rep.id)
        cls._order(cls.own, cls._day(1))
        cls._order(cls.others, cls._day(1), amount=REVENUE_OF_OTHERS)
        cls.archived = cls._customer("Gone", active=False)
        cls.elsewhere = cls._customer(
            NAME_ELSEWHERE, company_id=sister.id, user_id=False
        )
        cls.plan = cls.env["territory.plan"]._open_month(cls.company)
        cls.trip = cls.env["territory.trip"].create(
            {"name": "South", "user_id": cls.rep.id, "company_id": cls.company.id}
        )
        cls.trip_of_others = cls.env["territory.trip"].create(
            {
                "name": "North",
                "user_id": cls.other_rep.id,
                "company_id": cls.company.id,
            }
        )
        cls.trip_of_others._add_accounts(cls._account(cls.others))
        cls.region = cls.env["territory.region"].create(
            {"name": "South", "company_id": cls.company.id}
        )

        cls.scenario = cls.env["territory.scenario"].create({"name": NAME_ELSEWHERE})
        foreign = cls._account(cls.others)
        cls.env["territory.scenario.move"].create(
            {
                "scenario_id": cls.scenario.id,
                "company_id": cls.company.id,
                "account_id": foreign.id,
                "partner_id": cls.others.id,
                "name": NAME_ELSEWHERE,
                "from_user_id": cls.other_rep.id,
                "to_rep_id": cls.scenario.rep_ids[:1].id,
                "revenue": REVENUE_OF_OTHERS,
            }
        )

    # ------------------------------------------------------------------ inputs
    def _methods(self):
        """Every (model, method name, parameters) that can be called from outside."""
        found = []
        for model in self.env.registry.values():
            if model._abstract and not model._name.startswith("territory."):
                continue
            for base in model.__mro__:
                if "odoo.addons.territory_planning." not in base.__module__:
                    continue
                for name, function in vars(base).items():
                    if (
                        inspect.isfunction(function)
                        and not name.startswith("_")
                        and name not in OF_ODOO
                        and not getattr(function, "_api_private", False)
                    ):
                        parameters = list(inspect.signature(function).parameters)[1:]
                        found.append((model._name, name, tuple(parameters)))
        return sorted(set(found))

    def _values(self):
        """Values no page of ours would send."""
        account, foreign = self._account(self.own), self._account(self.others)
        ring = [[11.0, 48.0], [12.0, 48.0], [12.0, 49.0], [11.0, 48.0]]
        deep = []
        for _ in range(200):
            deep = [deep]
        return [
            None,
            True,
            -1,
            0,
            2**31,
            2**63,
            1e308,
            -1e308,
            math.nan,
            math.inf,
            "",
            "x",
            "1",
            "NaN",
            "\x00",
            "'; DROP TABLE res_partner; --",
            "<script>alert(1)</script>",
            "{{7*7}} %s %(x)s {0}",
            "ü" * 20_000,
            "2026-02-30",
            "0001-01-01",
            "9999-12-31 23:59:59",
            [],
            [None],
            [[]],
            {},
            {"id": "x"},
            {"__class__": {}},
            deep,
            list(range(20_000)),
            [1e308] * 4,
            [math.nan] * 4,
            ["x", "y"],
            [("id", "=", "x")],
            ["|"],
            [("no_such_field", "=", 1)],
            [("id", "in", account.ids)],
            account.id,
            foreign.id,
            foreign.ids,
            self.elsewhere.id,
            self.elsewhere.ids,
            self.archived.ids,
            self.trip_of_others.id,
            self.plan.id,
            self.plan.ids,
            self.region.id,
            999_999_999,
            [999_999_999],
            {"type": "Polygon", "coordinates": [ring]},
            {"type": "Polygon", "coordinates": [[[math.nan, 1e308]] * 5]},
            {"type": "Polygon", "coordinates": [ring * 30_000]},
            {"type": "MultiPolygon", "coordinates": deep},
            {"type": "Point", "coordinates": []},
            [{"uuid": "x", "kind": "x", "stop_id": foreign.id, "at": "x"}],
            [{"uuid": 1, "account_id": foreign.id, "amount": math.nan}] * 3,
        ]

    def _records(self, name, chance):
        """Records one may and may not see, of this model, and none at all."""
        model = self.env[name].sudo().with_context(active_test=False)
        if model._abstract:
            return []
        if name == "res.partner":
            known = (self.own | self.others | self.elsewhere | self.archived).ids
        else:
            known = model.search([], limit=5).ids
        return chance.choice([[], known, known[:1], known[-1:], [999_999_999]])

    def _inputs(self):
        """INPUTS calls at least, each method several times, the same in every run."""
        chance = random.Random(19)
        methods, values = self._methods(), self._values()
        for turn in range(math.ceil(INPUTS / len(methods))):
            for name, method, parameters in methods:
                arguments = [chance.choice(values) for _ in parameters]
                if turn == 0 and parameters:  # what is nearest to right comes first
                    arguments[0] = self._account(self.others).ids
                function = getattr(self.env.registry[name], method)
                if not getattr(function, "_api_model", False):
                    arguments = [self._records(name, chance), *arguments]
                yield name, method, arguments

    # ------------------------------------------------------------------- tests
    def test_a_sentence_or_nothing(self):
        """No call breaks the server, and none tells a rep what is not theirs."""
        count = 0
        for name, method, arguments in self._inputs():
            count += 1
            with self.subTest(f"{name}.{method} {str(arguments)[:300]}"):
                answer = self._call(self.rep, name, method, arguments)
                said = self._written(answer)
                self.assertNotIn("7654321", said)
                self.assertNotIn(NAME_ELSEWHERE, said)
                self.assertNotIn("Traceback", said)
        self.assertGreaterEqual(count, INPUTS)

    def test_people_outside_sales_are_told_nothing(self):
        clerk = self._user("clerk", "base.group_user")
        for name, method, arguments in self._inputs():
            with self.subTest(f"{name}.{method} {str(arguments)[:300]}"):
                said = self._written(self._call(clerk, name, method, arguments))
                self.assertNotIn("7654321", said)
                self.assertNotIn(NAME_ELSEWHERE, said)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def _call(self, user, name, method, arguments):
        """The answer, or the sentence; whatever was written is taken back."""
        model = (
            self.env[name]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
        )
        point = self.env.cr.savepoint()
        try:
            answer = call_kw(model, method, arguments, {})
            self.env.flush_all()
            return answer
        except UserError as error:
            return str(error)
        except ValueError as error:
            # Odoo's own answer where a method of one record is called on none or many
            if not str(error).startswith("Expected singleton"):
                raise
            return ""
        finally:
            point.close(rollback=True)
            self.env.invalidate_all()

    def _written(self, answer):
        if isinstance(answer, bytes):
            return answer.decode(errors="replace")
        return json.dumps(answer, default=str)
