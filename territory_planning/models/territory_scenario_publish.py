from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

NAMED = 5  # so many names in a sentence


class TerritoryScenario(models.Model):
    """Publishing a scenario on a date, and what is asked before.

    What publishing and undoing do to the records is in ``territory_scenario_change``.
    """

    _inherit = "territory.scenario"

    publish_date = fields.Date(
        string="Publish On",
        copy=False,
        tracking=True,
        help="The accounts change hands in the night before this day, or at once if it "
        "is today.",
    )
    publish_leads = fields.Boolean(
        string="Open Leads and Opportunities, Too",
        default=True,
        help="Those that the earlier salesperson of the account has.",
    )
    publish_activities = fields.Boolean(
        string="Open Activities, Too",
        default=True,
        help="Those of the earlier salesperson on the account and, if they change "
        "hands, on its leads.",
    )
    publisher_id = fields.Many2one(
        "res.users",
        string="Published By",
        readonly=True,
        copy=False,
        help="Whoever decided it; it is done under this person's rights.",
    )
    published_on = fields.Datetime(string="Published", readonly=True, copy=False)
    before = fields.Json(
        string="What Was Before",
        readonly=True,
        copy=False,
        prefetch=False,
        groups="sales_team.group_sale_manager",
    )
    change_text = fields.Text(string="What Was Changed", readonly=True, copy=False)
    undone_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    undone_on = fields.Datetime(string="Undone", readonly=True, copy=False)
    restored_count = fields.Integer(
        string="Put Back", readonly=True, copy=False, aggregator=None
    )
    kept_count = fields.Integer(
        string="Left Alone", readonly=True, copy=False, aggregator=None
    )
    kept_partner_ids = fields.Many2many(
        "res.partner",
        "territory_scenario_kept_partner_rel",
        string="Customers Changed Since, Left Alone",
        readonly=True,
        copy=False,
    )
    kept_lead_ids = fields.Many2many(
        "crm.lead",
        "territory_scenario_kept_lead_rel",
        string="Leads Changed Since, Left Alone",
        readonly=True,
        copy=False,
    )
    kept_activity_count = fields.Integer(
        string="Activities Changed Since, Left Alone",
        readonly=True,
        copy=False,
        aggregator=None,
    )

    # ------------------------------------------------------------------ deciding
    def action_schedule(self):
        """Publish on the date given; today or earlier: in the background, now."""
        self._expect("approved")
        self._check_approver()
        self._check_publishable()
        today = self.company_id._territory_today()
        date = self.publish_date or today
        self._set(
            {
                "state": "scheduled",
                "publish_date": max(date, today),
                "publisher_id": self.env.uid,
                "error": False,
            }
        )
        if date <= today:
            self._begin_publishing()

    def action_unschedule(self):
        self._expect("scheduled")
        self._set({"state": "approved", "publisher_id": False})

    def _begin_publishing(self):
        self._set({"state": "publishing"})
        self.env["territory.run"]._start_scenario("scenario_publish", self)

    @api.model
    def _cron_publish(self):
        """Begin with all whose day has come, each company by its own calendar."""
        late = fields.Date.today() + timedelta(days=1)
        due = self.search([("state", "=", "scheduled"), ("publish_date", "<=", late)])
        for scenario in due:
            if scenario.publish_date <= scenario.company_id._territory_today():
                scenario.with_company(scenario.company_id)._begin_publishing()

    def action_undo(self):
        """Put back what was before, except what people have changed since."""
        self._expect("published")
        self._check_approver()
        self._set({"state": "undoing", "undone_by_id": self.env.uid, "error": False})
        self.env["territory.run"]._start_scenario("scenario_undo", self)

    def action_leave_out_changed(self):
        """Publish without the accounts that are gone or were given away since."""
        self._expect("approved")
        stale = self._stale_moves()
        # sudo: moves are written by what they record, never by hand
        stale.sudo().write({"left_out": True})
        self._set({"error": False})

    # ------------------------------------------------------------------ checking
    def _moves_to_publish(self):
        return self.move_ids.filtered(lambda move: not move.left_out)

    def _stale_moves(self):
        """Moves whose account is gone, or is no longer whom the answer found it with."""
        return self._moves_to_publish().filtered(
            lambda move: (
                not move.partner_id.active
                or not move.account_id
                or move.partner_id.user_id != move.from_user_id
            )
        )

    def _check_publishable(self):
        """Say what stands against publishing, before anything is changed."""
        moves = self._moves_to_publish()
        if not moves:
            raise UserError(
                self.env._(
                    "In “%(scenario)s” no account changes hands: there is nothing to "
                    "publish.",
                    scenario=self.name,
                )
            )
        self._check_people(moves)
        stale = self._stale_moves()
        if stale:
            names = ", ".join(stale[:NAMED].mapped("name"))
            raise UserError(
                self.env._(
                    "%(count)s accounts of “%(scenario)s” have been deleted, archived "
                    "or given to somebody else since it was solved: %(names)s. Press "
                    "“Leave Out What Changed”, or change the setup and solve again. "
                    "Nothing has been changed.",
                    count=len(stale),
                    scenario=self.name,
                    names=names + ("…" if len(stale) > NAMED else ""),
                )
            )

    def _check_people(self, moves):
        for rep in moves.to_rep_id:
            if not rep.user_id:
                raise UserError(
                    self.env._(
                        "“%(rep)s” of “%(scenario)s” is nobody yet. Choose the "
                        "salesperson under “Reps”, then publish.",
                        rep=rep.name,
                        scenario=self.name,
                    )
                )
            user = rep.user_id
            if not user.active or self.company_id not in user.company_ids:
                raise UserError(
                    self.env._(
                        "%(rep)s would be given %(count)s accounts by “%(scenario)s”, "
                        "but is archived or does not work for %(company)s any more. "
                        "Change the setup and solve again. Nothing has been changed.",
                        rep=user.name,
                        count=len(moves.filtered(lambda m, r=rep: m.to_rep_id == r)),
                        scenario=self.name,
                        company=self.company_id.display_name,
                    )
                )

    # ------------------------------------------------------------------- the run
    def _publish(self):
        """Hand everything over in this transaction, under the publisher's rights."""
        scenario = self.with_user(self.publisher_id).with_company(self.company_id)
        scenario = scenario.with_context(allowed_company_ids=self.company_id.ids)
        scenario._expect("publishing")
        scenario._check_approver()
        scenario._check_publishable()
        moves = scenario._moves_to_publish()
        before = scenario._hand_over(moves)
        self.sudo().write(  # sudo: see _set
            {
                "state": "published",
                "published_on": fields.Datetime.now(),
                "before": before,
                "change_text": scenario._change_text(before),
            }
        )
        scenario._tell_people(moves)
        return {name: len(rows) for name, rows in before.items()}

    def _undo(self):
        scenario = self.with_user(self.undone_by_id).with_company(self.company_id)
        scenario = scenario.with_context(allowed_company_ids=self.company_id.ids)
        scenario._expect("undoing")
        scenario._check_approver()
        before = self.sudo().before or {}
        kept = scenario._put_back(before)
        total = sum(len(rows) for rows in before.values())
        left = sum(len(ids) for ids in kept.values())
        self.sudo().write(  # sudo: see _set
            {
                "state": "undone",
                "undone_on": fields.Datetime.now(),
                "restored_count": total - left,
                "kept_count": left,
                "kept_partner_ids": [Command.set(scenario._known(kept, "res.partner"))],
                "kept_lead_ids": [Command.set(scenario._known(kept, "crm.lead"))],
                "kept_activity_count": len(kept.get("mail.activity", ())),
            }
        )
        scenario._tell_undone()
        return {"restored": total - left, "kept": left}

    def _known(self, kept, model):
        records = self.env[model].browse(kept.get(model, ()))
        return records.sudo().exists().ids  # sudo: only whether they exist

    def _give_up(self, kind, sentence):
        """A computation failed: back to where it can be begun again, with the reason."""
        back = {
            "scenario_solve": "draft",
            "scenario_publish": "approved",
            "scenario_undo": "published",
        }
        self.sudo().write({"state": back[kind], "error": sentence})  # sudo: see _set
