from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

#: what solving writes; closed to typing
RESULTS = {
    "low",
    "high",
    "load_before",
    "load_after",
    "account_count_before",
    "account_count_after",
    "revenue_before",
    "revenue_after",
    "travel_before",
    "travel_after",
}


class TerritoryScenarioRep(models.Model):
    """One rep of a scenario: somebody who is there, who leaves, or who is to come.

    Home and hours come from the sales team and may be changed here: what-if belongs
    into the scenario, not into the team.
    """

    _name = "territory.scenario.rep"
    _description = "Rep in a Scenario"
    _order = "scenario_id, sequence, id"
    _check_company_auto = True

    scenario_id = fields.Many2one(
        "territory.scenario", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="scenario_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="scenario_id.currency_id")
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users",
        string="Rep",
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: a rep who is still to be hired.",
    )
    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    leaving = fields.Boolean(
        help="This rep's accounts are shared out among the others."
    )
    home_name = fields.Char(
        string="Starts From", compute="_compute_home", store=True, readonly=False
    )
    home_latitude = fields.Float(
        string="Latitude",
        digits=(10, 7),
        compute="_compute_home",
        store=True,
        readonly=False,
        aggregator=None,
    )
    home_longitude = fields.Float(
        string="Longitude",
        digits=(10, 7),
        compute="_compute_home",
        store=True,
        readonly=False,
        aggregator=None,
    )
    hours = fields.Float(
        string="Visiting Hours per Month",
        compute="_compute_home",
        store=True,
        readonly=False,
        help="The rep's fair share goes by these hours.",
    )
    lang_ids = fields.Many2many(
        "res.lang",
        string="Languages",
        help="Looks after accounts of these languages only. Empty: of all.",
    )
    skill_tag_ids = fields.Many2many(
        "res.partner.category",
        string="Skills",
        help="Accounts with a tag that is a skill of some rep go to reps with that "
        "skill only.",
    )
    forbidden_account_ids = fields.Many2many(
        "territory.account",
        "territory_scenario_rep_forbidden_rel",
        string="Never These",
        help="Accounts this rep must not look after.",
    )

    # ------------------------------------------------------------------ results
    low = fields.Float(string="Share, at Least", readonly=True, copy=False)
    high = fields.Float(string="Share, at Most", readonly=True, copy=False)
    load_before = fields.Float(string="Load, Today", readonly=True, copy=False)
    load_after = fields.Float(string="Load, Then", readonly=True, copy=False)
    account_count_before = fields.Integer(
        string="Accounts, Today", readonly=True, copy=False
    )
    account_count_after = fields.Integer(
        string="Accounts, Then", readonly=True, copy=False
    )
    revenue_before = fields.Monetary(string="Revenue, Today", readonly=True, copy=False)
    revenue_after = fields.Monetary(string="Revenue, Then", readonly=True, copy=False)
    travel_before = fields.Float(
        string="Driving Hours a Year, Today", readonly=True, copy=False
    )
    travel_after = fields.Float(
        string="Driving Hours a Year, Then", readonly=True, copy=False
    )

    _user_once = models.UniqueIndex(
        "(scenario_id, user_id) WHERE user_id IS NOT NULL",
        "A rep is in a scenario once.",
    )

    @api.depends("user_id")
    def _compute_name(self):
        for rep in self:
            rep.name = rep.user_id.name or rep.name or self.env._("New rep")

    @api.depends("user_id", "scenario_id.company_id")
    def _compute_home(self):
        members = self._members()
        for rep in self:
            company = rep.scenario_id.company_id or self.env.company
            own = members.get(rep.user_id.id, ())
            own = [
                member
                for member in own
                if member.crm_team_id.company_id in (company, company.browse())
            ]
            placed = [
                member
                for member in own
                if member.territory_start_latitude or member.territory_start_longitude
            ]
            if rep.user_id or not rep.hours:
                rep.hours = (
                    sum(member.territory_hours for member in own)
                    or company.territory_hours_per_month
                )
            else:
                rep.hours = rep.hours
            if rep.user_id and not rep.home_latitude and not rep.home_longitude:
                home = placed[0] if placed else self.env["crm.team.member"]
                rep.home_name = home.territory_start_name
                rep.home_latitude = home.territory_start_latitude
                rep.home_longitude = home.territory_start_longitude
            else:
                rep.home_name = rep.home_name
                rep.home_latitude = rep.home_latitude
                rep.home_longitude = rep.home_longitude

    def _members(self):
        """The team memberships of the reps, by user, in one query."""
        found = self.env["crm.team.member"].search(
            [("user_id", "in", self.user_id.ids)], order="id"
        )
        return found.grouped(lambda member: member.user_id.id)

    # --------------------------------------------------------------- constraints
    @api.constrains("home_latitude", "home_longitude", "hours")
    def _check_numbers(self):
        for rep in self:
            if abs(rep.home_latitude) > 90 or abs(rep.home_longitude) > 180:
                raise ValidationError(
                    self.env._(
                        "%(rep)s: the home (%(latitude)s, %(longitude)s) is not a "
                        "place on earth. Latitude goes from −90 to 90, longitude from "
                        "−180 to 180.",
                        rep=rep.name,
                        latitude=rep.home_latitude,
                        longitude=rep.home_longitude,
                    )
                )
            if not 0 <= rep.hours <= 744:
                raise ValidationError(
                    self.env._(
                        "%(rep)s: “Visiting Hours per Month” is %(value)s. Give a "
                        "number of hours between 0 and 744.",
                        rep=rep.name,
                        value=rep.hours,
                    )
                )

    @api.constrains("user_id", "company_id")
    def _check_user(self):
        for rep in self.filtered("user_id"):
            self.env["territory.assignment"]._check_rep(rep.user_id, rep.company_id)

    # ---------------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_closed(vals)
        reps = super().create(vals_list)
        reps.scenario_id._check_setup_open()
        return reps

    def write(self, vals):
        self._check_closed(vals)
        # Whom a new rep turns out to be is known late: that may be said until the end.
        if set(vals) - {"user_id", "name"}:
            self.scenario_id._check_setup_open()
        elif "user_id" in vals and not self.env.su:
            self._check_late_user()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_open(self):
        self.scenario_id._check_setup_open()

    @api.model
    def _check_closed(self, vals):
        if not self.env.su and RESULTS & set(vals):
            raise AccessError(
                self.env._(
                    "What a rep has in a scenario comes from solving it and cannot be "
                    "typed in."
                )
            )

    def _check_late_user(self):
        for rep in self:
            if rep.scenario_id.state == "draft":
                continue
            if rep.user_id or rep.scenario_id.state not in ("solved", "approved"):
                raise UserError(
                    self.env._(
                        "“%(rep)s” takes part in “%(scenario)s”, which is "
                        "“%(state)s”, and cannot be exchanged any more. Change the "
                        "setup and solve it again.",
                        rep=rep.name,
                        scenario=rep.scenario_id.name,
                        state=rep.scenario_id._state_label(),
                    )
                )
