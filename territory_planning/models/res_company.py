from odoo import api, fields, models
from odoo.exceptions import ValidationError

LEADERS = "sales_team.group_sale_salesman_all_leads"


class ResCompany(models.Model):
    _inherit = "res.company"

    territory_revenue_source = fields.Selection(
        [
            ("order", "Confirmed sales orders"),
            ("invoice", "Posted customer invoices"),
        ],
        string="Revenue Comes From",
        default="order",
        required=True,
        help="Orders count at their confirmation date, less what was credited and "
        "not invoiced again. Invoices count at their invoice date, less credit "
        "notes.",
    )
    territory_history_months = fields.Integer(
        string="Months of History",
        default=36,
        required=True,
        help="How many full months of revenue and visits the analysis looks back on.",
    )
    territory_hours_per_visit = fields.Float(
        string="Hours per Visit",
        default=2.0,
        required=True,
        help="Time one visit takes a rep, preparation and the drive included, unless "
        "the account says otherwise or the driving is worked out.",
    )
    territory_compute_drive = fields.Boolean(
        string="Work Out the Driving",
        default=True,
        help="Hours per visit are the time at the customer and a share of the driving, "
        "from where customers, their neighbours and the rep's start are. Customers "
        "without a place keep the usual hours per visit.",
    )
    territory_service_hours = fields.Float(
        string="Time at the Customer",
        default=1.0,
        required=True,
        help="Hours one visit takes without the drive, preparation included.",
    )
    territory_average_speed = fields.Float(
        string="Average Speed",
        default=60.0,
        required=True,
        help="Kilometres an hour on the road, towns and stops included.",
    )
    territory_day_hours = fields.Float(
        string="Day on the Road",
        default=8.0,
        required=True,
        help="Hours from leaving to coming back: the longer the day, the more visits "
        "share the drive out and back.",
    )
    territory_hours_per_month = fields.Float(
        string="Visiting Hours per Rep and Month",
        default=60.0,
        required=True,
        help="Time a rep has for visits in a month, unless the team member says "
        "otherwise.",
    )
    territory_default_margin = fields.Float(
        string="Margin if No Cost Is Known",
        default=0.30,
        required=True,
        help="Contribution margin, as a share of revenue, for accounts in a company "
        "where no order line has a cost.",
    )
    territory_prior_elasticity = fields.Float(
        string="Expected Effect of Visits",
        default=0.31,
        required=True,
        help="By how many percent revenue rises with 1 % more visits, before looking "
        "at your own history. 0.31 is the mean of published studies "
        "(Albers, Mantrala & Sridhar 2010).",
    )
    territory_prior_sd = fields.Float(
        string="Uncertainty of the Expected Effect",
        default=0.10,
        required=True,
        help="Standard deviation of the expected effect: the smaller, the more of "
        "your own history it takes to move it.",
    )
    territory_carry_over = fields.Float(
        string="Lasting Effect of a Visit",
        default=0.75,
        required=True,
        help="Share of a visit's effect that is still there a month later.",
    )
    territory_judgement_months = fields.Integer(
        string="Months an Answer Counts",
        default=12,
        required=True,
        help="How long a rep's answers about an account take part in the plan.",
    )
    territory_churn_days = fields.Integer(
        string="Risk Horizon",
        default=182,
        required=True,
        help="The risk of an account is the probability that it orders nothing within "
        "so many days from now.",
    )
    territory_damping_low = fields.Float(
        string="Fewest Visits Believed",
        default=1 / 3,
        required=True,
        digits=(16, 3),
        help="No plan takes an account's visits below this multiple of today's: what "
        "happens far from what was ever done, nobody knows.",
    )
    territory_damping_high = fields.Float(
        string="Most Visits Believed",
        default=3.0,
        required=True,
        digits=(16, 3),
        help="No plan takes an account's visits above this multiple of today's.",
    )
    territory_rep_cost = fields.Monetary(
        string="Cost of a Rep a Month",
        default=8000.0,
        groups=f"{LEADERS},base.group_system",
        help="Loaded cost of one rep a month: salary, car, travel, overhead. What a "
        "rep more must bring to be worth it.",
    )

    @api.constrains(
        "territory_history_months",
        "territory_hours_per_visit",
        "territory_service_hours",
        "territory_average_speed",
        "territory_day_hours",
        "territory_hours_per_month",
        "territory_default_margin",
        "territory_prior_elasticity",
        "territory_prior_sd",
        "territory_carry_over",
        "territory_judgement_months",
        "territory_churn_days",
        "territory_damping_low",
        "territory_damping_high",
        "territory_rep_cost",
    )
    def _check_territory_settings(self):
        bounds = {
            "territory_history_months": (12, 120),
            "territory_hours_per_visit": (0.1, 100.0),
            "territory_service_hours": (0.05, 24.0),
            "territory_average_speed": (5.0, 200.0),
            "territory_day_hours": (1.0, 24.0),
            "territory_hours_per_month": (0.0, 744.0),
            "territory_default_margin": (0.0, 1.0),
            "territory_prior_elasticity": (0.01, 0.95),
            "territory_prior_sd": (0.01, 0.5),
            "territory_carry_over": (0.0, 0.95),
            "territory_judgement_months": (1, 60),
            "territory_churn_days": (14, 730),
            "territory_damping_low": (0.05, 1.0),
            "territory_damping_high": (1.0, 20.0),
            "territory_rep_cost": (1.0, 1e9),
        }
        # sudo: whoever creates a company may not see the cost
        self.sudo()._check_territory_within(bounds)

    def _check_territory_within(self, bounds):
        """Hold settings to their bounds.

        :param bounds: lowest and highest value by name of a field
        :raise ValidationError: naming company, field and bounds
        """
        for company in self:
            for name, (low, high) in bounds.items():
                if not low <= company[name] <= high:
                    raise ValidationError(
                        self.env._(
                            "%(company)s: “%(field)s” is %(value)s. Give a value "
                            "between %(low)s and %(high)s.",
                            company=company.display_name,
                            field=self._fields[name]._description_string(self.env),
                            value=company[name],
                            low=low,
                            high=high,
                        )
                    )

    def _territory_today(self):
        """The date it is now where this company is."""
        self.ensure_one()
        return fields.Date.context_today(
            self.with_context(tz=self._territory_timezone())
        )

    def _territory_timezone(self):
        """The time zone in which a month of this company begins and ends."""
        self.ensure_one()
        return self.partner_id.tz or self.env.user.tz or "UTC"
