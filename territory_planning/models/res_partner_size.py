from odoo import api, fields, models

#: Thresholds of the European definition of small and medium-sized enterprises.
TURNOVER_CLASSES = [
    ("1", "Under 2 million"),
    ("2", "2 to 10 million"),
    ("3", "10 to 50 million"),
    ("4", "50 to 250 million"),
    ("5", "250 million and more"),
]


class ResPartner(models.Model):
    """How large a company is: what its potential is judged by. Odoo has no field for it."""

    _inherit = "res.partner"

    territory_employees = fields.Integer(
        string="Employees",
        aggregator=None,
        help="How many people work there; 0: not known. The size of a company says most "
        "of what it could buy.",
    )
    territory_turnover_class = fields.Selection(
        TURNOVER_CLASSES,
        string="Annual Revenue",
        help="What the company sells in a year, in the currency of your own company.",
    )

    # NaN and negative numbers do not come this far; a telephone number would.
    _territory_employees_possible = models.Constraint(
        "CHECK (territory_employees BETWEEN 0 AND 5000000)",
        "“Employees” goes from 0 (not known) to 5,000,000.",
    )

    @api.model
    def _commercial_fields(self):
        return [
            *super()._commercial_fields(),
            "territory_employees",
            "territory_turnover_class",
        ]
