from odoo import api, fields, models
from odoo.exceptions import ValidationError

LEADERS = "sales_team.group_sale_salesman_all_leads"


class CrmTeamMember(models.Model):
    _inherit = "crm.team.member"

    territory_hours = fields.Float(
        string="Visiting Hours per Month",
        compute="_compute_territory_hours",
        store=True,
        readonly=False,
        precompute=True,
        help="Time this rep has for visits in a month, preparation and drives "
        "included.",
    )
    territory_rep_cost = fields.Monetary(
        string="Cost a Month",
        currency_field="territory_currency_id",
        groups=LEADERS,
        help="Loaded cost of this rep a month: salary, car, travel, overhead. 0: the "
        "company's usual cost.",
    )
    territory_currency_id = fields.Many2one(related="crm_team_id.territory_currency_id")
    # A home address in the HR app is private, so a rep gets a start of his own.
    territory_start_name = fields.Char(
        string="Starts From",
        groups="sales_team.group_sale_salesman_all_leads",
        help="The place this rep's days on the road begin at.",
    )
    territory_start_latitude = fields.Float(
        string="Start Latitude",
        digits=(10, 7),
        groups="sales_team.group_sale_salesman_all_leads",
    )
    territory_start_longitude = fields.Float(
        string="Start Longitude",
        digits=(10, 7),
        groups="sales_team.group_sale_salesman_all_leads",
    )

    @api.depends("crm_team_id")
    def _compute_territory_hours(self):
        for member in self:
            company = member.crm_team_id.company_id or self.env.company
            member.territory_hours = (
                member.territory_hours or company.territory_hours_per_month
            )

    @api.constrains("territory_hours")
    def _check_territory_hours(self):
        for member in self:
            if not 0 <= member.territory_hours <= 744:
                raise ValidationError(
                    self.env._(
                        "%(member)s: “Visiting Hours per Month” is %(value)s. Give a "
                        "number of hours between 0 and 744.",
                        member=member.user_id.name,
                        value=member.territory_hours,
                    )
                )

    @api.constrains("territory_rep_cost")
    def _check_territory_rep_cost(self):
        for member in self.sudo():  # see _check_territory_start
            if not 0 <= member.territory_rep_cost <= 1e9:
                raise ValidationError(
                    self.env._(
                        "%(member)s: “Cost a Month” is %(value)s. Give an amount of "
                        "zero or more; 0 stands for the company's usual cost.",
                        member=member.user_id.name,
                        value=member.territory_rep_cost,
                    )
                )

    @api.constrains("territory_start_latitude", "territory_start_longitude")
    def _check_territory_start(self):
        for member in self.sudo():  # the fields are closed to some who may save others
            if (
                abs(member.territory_start_latitude) > 90
                or abs(member.territory_start_longitude) > 180
            ):
                raise ValidationError(
                    self.env._(
                        "%(member)s: the start (%(latitude)s, %(longitude)s) is not "
                        "a place on earth. Latitude goes from −90 to 90, longitude "
                        "from −180 to 180.",
                        member=member.user_id.name,
                        latitude=member.territory_start_latitude,
                        longitude=member.territory_start_longitude,
                    )
                )
