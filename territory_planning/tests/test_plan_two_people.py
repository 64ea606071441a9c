from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestPlanTwoPeople(BaseCase):
    """Two people on one plan at the same moment, each with a transaction of their own.

    Needs real transactions, so what it makes is committed and taken away again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            company = env["res.company"].create({"name": "Two People"})
            group = env.ref("sales_team.group_sale_salesman_all_leads")
            users = env["res.users"].create(
                [
                    {
                        "name": name,
                        "login": f"two-people-{name}",
                        "company_id": company.id,
                        "company_ids": [Command.set(company.ids)],
                        "group_ids": [Command.set(group.ids)],
                    }
                    for name in ("anna", "bert")
                ]
            )
            partner = env["res.partner"].create({"name": "Two People's Customer"})
            account = env["territory.account"].create(
                {"partner_id": partner.id, "company_id": company.id}
            )
            plan = env["territory.plan"]._open(company)
            line = env["territory.plan.line"].create(
                {
                    "plan_id": plan.id,
                    "company_id": company.id,
                    "account_id": account.id,
                    "date_from": plan.date_from,
                    "user_id": users[0].id,
                }
            )
            plan.state = "collecting"
            self.made = [plan, users, users.partner_id, partner, company]
            self.users, self.line_id = users.ids, line.id
        self.addCleanup(self._take_away)

    def _take_away(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            plan, users, _partners, partner, company = (
                record.with_env(env) for record in self.made
            )
            plan.unlink()
            people = users.partner_id | company.partner_id
            env["territory.account"].search([("company_id", "=", company.id)]).unlink()
            users.write({"active": False})
            (users.partner_id | partner).write({"active": False})
            company.active = False
            del people

    def _plans(self, cr, number):
        return api.Environment(cr, self.users[number], {})["territory.plan"]

    def _entry(self, uuid, version, visits):
        return {
            "uuid": uuid,
            "line_id": self.line_id,
            "version": version,
            "visits": visits,
        }

    @mute_logger("odoo.sql_db")
    def test_the_second_one_sees_what_the_first_one_said(self):
        mine = [self._entry("bert-0001", 0, 5)]
        with self.registry.cursor() as anna, self.registry.cursor() as bert:
            bert.execute("SELECT 1 FROM territory_plan_line LIMIT 1")  # begins now
            (answer,) = self._plans(anna, 0).save_territory_entries(
                [self._entry("anna-0001", 0, 2)]
            )
            self.assertEqual(answer["status"], "saved")
            anna.commit()
            # bert's transaction cannot know of it: the database refuses it whole, and
            # the server has it begin anew by itself
            with self.assertRaises(SerializationFailure):
                self._plans(bert, 1).save_territory_entries(mine)
                bert.flush()
            bert.rollback()
        with self.registry.cursor() as bert:
            (answer,) = self._plans(bert, 1).save_territory_entries(mine)
            self.assertEqual(answer["status"], "conflict")
            self.assertEqual((answer["visits"], answer["version"]), (2, 1))
            line = self._plans(bert, 1).env["territory.plan.line"].browse(self.line_id)
            self.assertEqual(len(line.entry_ids), 1)
