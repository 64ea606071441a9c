from odoo import api, fields, models

LEADERS = "sales_team.group_sale_salesman_all_leads"


class CrmTeam(models.Model):
    _inherit = "crm.team"

    territory_region_ids = fields.One2many(
        "territory.region", "team_id", string="Regions"
    )
    territory_hours = fields.Float(
        string="Visiting Hours per Month",
        compute="_compute_territory_hours",
        help="Of all members together.",
    )
    # Results of the team's latest plan; sums over reps, so for those who lead.
    territory_hours_optimal = fields.Float(
        string="Hours, Optimal", compute="_compute_territory_results", groups=LEADERS
    )
    territory_allocation_factor = fields.Float(
        string="Allocation Factor",
        compute="_compute_territory_results",
        groups=LEADERS,
        help="Optimal hours divided by today's hours, over the team's accounts.",
    )
    territory_shadow_price = fields.Monetary(
        string="Worth of One More Hour",
        compute="_compute_territory_results",
        currency_field="territory_currency_id",
        groups=LEADERS,
        help="Mean over the team's reps, weighted by their hours.",
    )
    territory_expected_gain = fields.Monetary(
        string="Expected Gain a Month",
        compute="_compute_territory_results",
        currency_field="territory_currency_id",
        groups=LEADERS,
    )
    territory_currency_id = fields.Many2one(
        "res.currency", compute="_compute_territory_currency_id"
    )

    @api.depends("crm_team_member_ids.territory_hours", "crm_team_member_ids.active")
    def _compute_territory_hours(self):
        for team in self:
            team.territory_hours = sum(
                team.crm_team_member_ids.mapped("territory_hours")
            )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_territory_currency_id(self):
        for team in self:
            company = team.company_id or self.env.company
            team.territory_currency_id = company.currency_id

    @api.depends_context("company")
    def _compute_territory_results(self):
        for team in self:
            rows = team._territory_latest_rows()
            today = sum(rows.mapped("hours_today"))
            optimal = sum(rows.mapped("hours_optimal"))
            team.territory_hours_optimal = optimal
            team.territory_allocation_factor = optimal / today if today else 0.0
            team.territory_shadow_price = (
                sum(row.shadow_price * row.hours_optimal for row in rows) / optimal
                if optimal
                else 0.0
            )
            team.territory_expected_gain = sum(rows.mapped("expected_gain"))

    def _territory_latest_rows(self):
        """The rows of this team in the last plan that was computed."""
        self.ensure_one()
        company = self.company_id or self.env.company
        plan = self.env["territory.plan"].search(
            [("company_id", "=", company.id), ("computed_on", "!=", False)], limit=1
        )
        return plan.plan_region_ids.filtered(lambda row: row.team_id == self)
