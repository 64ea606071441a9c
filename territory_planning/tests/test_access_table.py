from odoo import Command, fields
from odoo.tests import tagged

from .access_table import ROLES, access_table
from .common import TerritoryCase

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccessTable(TerritoryCase):
    """Every model, every role, both companies: each cell of the table is so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sister = cls.env["res.company"].create({"name": "Sister"})
        cls.people = {
            "owner": cls.rep,
            "colleague": cls.other_rep,
            "leader": cls.leader,
            "manager": cls.manager,
            "system": cls._user("system", "base.group_user,base.group_system"),
            "stranger": cls._user("stranger", "sales_team.group_sale_manager", sister),
            "clerk": cls._user("clerk", "base.group_user"),
        }
        cls.customer = cls._customer("Own")
        cls._order(cls.customer, cls._day(1))
        cls._visit(cls.customer, cls._day(1))
        cls.region = cls.env["territory.region"].create(
            {"name": "South", "company_id": cls.company.id, "user_id": cls.rep.id}
        )
        cls.plan = cls.env["territory.plan"]._open_month(cls.company)
        cls.account = cls._account(cls.customer)
        answer = cls.env["territory.visit.answer"].create(
            {
                "account_id": cls.account.id,
                "user_id": cls.rep.id,
                "visits_now": 1.0,
                "sales_none": 40.0,
                "sales_half": 70.0,
                "sales_now": 100.0,
                "sales_more": 120.0,
                "sales_most": 150.0,
            }
        )
        cls.known = {
            record._name: record
            for record in (
                cls.company,
                cls.customer,
                cls.rep,
                cls.region,
                cls.plan,
                cls.account,
                cls.team,
                cls.product,
                cls.env.ref("base.de"),
                cls.plan.line_ids,
                cls.plan.plan_region_ids,
                answer,
            )
        }

    def setUp(self):
        super().setUp()
        self.known = dict(self.known)  # what a test makes goes with it

    @classmethod
    def _models(cls):
        """The models of this module that keep records."""
        return sorted(
            name
            for name, model in cls.env.registry.items()
            if model._original_module == "territory_planning"
            and not model._abstract
            and model._auto
        )

    def _record(self, name):
        """One record that is the owner's, made up where there is none yet."""
        if name not in self.known:
            model = self.env[name]
            if "company_id" in model._fields:  # what the night has made
                known = model.search([("company_id", "=", self.company.id)], limit=1)
                if known:
                    self.known[name] = known
                    return known
            given = model.default_get(list(model._fields))
            defaults = {key: value for key, value in given.items() if value}
            values = {}
            for field in model._fields.values():
                if field.name in defaults or field.name in values:
                    continue
                if not field.store or field.related:
                    continue
                if field.compute and not field.required:
                    continue
                if field.required or field.name in ("user_id", "company_id"):
                    values[field.name] = self._value(field)
            if "user_id" in defaults:
                values["user_id"] = self.rep.id
            self.known[name] = model.create(values)
        return self.known[name]

    def _value(self, field):
        if field.type == "many2one":
            return self._record(field.comodel_name).id
        if field.type in ("one2many", "many2many"):
            return [Command.set(self._record(field.comodel_name).ids)]
        if field.type == "selection":
            return field.get_values(self.env)[0]
        if field.type == "date":
            return fields.Date.today()
        if field.type == "datetime":
            return fields.Datetime.now()
        return {"boolean": True, "json": {}, "char": "de", "binary": b"eA=="}.get(
            field.type, "x" if field.type in ("text", "html") else 1
        )

    def _allowed(self, record, user):
        seen = record.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )
        return {key for key, name in OPERATIONS.items() if seen.has_access(name)}

    def test_every_cell(self):
        table = access_table()
        for name in self._models():
            record = self._record(name)
            for role in ROLES:
                with self.subTest(f"{name}, {role}"):
                    self.assertEqual(
                        self._allowed(record, self.people[role]), table[name][role]
                    )

    def test_every_model_has_its_row(self):
        """A new model is in the table before anybody can reach it."""
        self.assertEqual(sorted(access_table()), self._models())

    def test_searching_finds_what_may_be_read(self):
        for name in self._models():
            if self.env[name].is_transient():
                continue
            record = self._record(name)
            self.env.flush_all()
            for role in ROLES:
                user = self.people[role]
                model = (
                    self.env[name]
                    .with_user(user)
                    .with_context(
                        allowed_company_ids=user.company_ids.ids, active_test=False
                    )
                )
                with self.subTest(f"{name}, {role}"):
                    found = (
                        model.search_count([("id", "in", record.ids)])
                        if model.has_access("read")
                        else 0
                    )
                    readable = "r" in self._allowed(record, user)
                    self.assertEqual(bool(found), readable)
