from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from . import _prices

# What people say of an issue; everything else is written by the nightly run.
EDITABLE = {"state", "reason", "assigned_id", "note"}


class TerritoryPriceIssue(models.Model):
    """A price that fits neither the product nor the quantity nor the customer.

    One row per account and product. The figures are rewritten every night; what
    people said stays. A row that nobody touched goes when its price fits again.
    """

    _name = "territory.price.issue"
    _description = "Price Issue"
    _order = "flagged desc, leakage desc, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        "territory.account",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
        check_company=True,
    )
    user_id = fields.Many2one(
        related="account_id.user_id", string="Salesperson", store=True, index=True
    )
    region_id = fields.Many2one(related="account_id.region_id")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    categ_id = fields.Many2one(related="product_id.categ_id", store=True)
    uom_id = fields.Many2one(related="product_id.uom_id")

    # ------------------------------------------------------------ what was found
    direction = fields.Selection(
        [("low", "Too low"), ("high", "Too high")], readonly=True
    )
    flagged = fields.Boolean(
        string="Seen in the Last Night",
        readonly=True,
        help="Not set: the price fits by now, or its order lines are over a year old.",
    )
    relapsed = fields.Boolean(
        string="Back Since Fixed",
        readonly=True,
        help="Orders since it was marked as fixed still have a price that does not fit.",
    )
    price = fields.Float(
        string="Price Paid",
        readonly=True,
        digits="Product Price",
        aggregator=None,
        help="Net, per unit, averaged over the order lines of 365 days.",
    )
    reference = fields.Float(
        string="Price That Fits",
        readonly=True,
        digits="Product Price",
        aggregator=None,
        help="What the account would pay by everything else it pays and by what others "
        "pay for this product: the sum of the price for everybody, the part of the "
        "quantity and the part of the account's level.",
    )
    reference_low = fields.Float(
        string="Fits From", readonly=True, digits="Product Price", aggregator=None
    )
    reference_high = fields.Float(
        string="Fits Up To", readonly=True, digits="Product Price", aggregator=None
    )
    base = fields.Float(
        string="For Everybody",
        readonly=True,
        digits="Product Price",
        aggregator=None,
        help="At the account's price list and the product's usual quantity.",
    )
    quantity_part = fields.Float(
        string="For the Quantity",
        readonly=True,
        digits="Product Price",
        aggregator=None,
    )
    level_part = fields.Float(
        string="For the Account's Level",
        readonly=True,
        digits="Product Price",
        aggregator=None,
    )
    list_price = fields.Float(
        string="By Price List",
        readonly=True,
        digits="Product Price",
        aggregator=None,
        help="What the price lists of the orders ask for these quantities.",
    )
    deviation = fields.Float(
        readonly=True,
        aggregator="avg",
        digits=(16, 4),
        help="The price paid against the price that fits.",
    )
    leakage = fields.Monetary(
        string="Money a Year",
        readonly=True,
        help="What the account would have paid more in 365 days at the price that fits; "
        "negative where it paid more than that.",
    )
    quantity = fields.Float(
        readonly=True, digits="Product Unit", help="Bought in 365 days."
    )
    order_lines = fields.Integer(
        readonly=True, help="Order lines of 365 days behind the price."
    )
    peers = fields.Integer(
        string="Customers Compared",
        readonly=True,
        aggregator=None,
        help="How many customers bought this product in 365 days.",
    )
    last_date = fields.Date(string="Last Ordered", readonly=True)
    date = fields.Date(string="As Of", readonly=True)

    explanation = fields.Char(compute="_compute_explanation")

    # ---------------------------------------------------------- what people say
    state = fields.Selection(
        [("open", "Open"), ("accepted", "Accepted"), ("fixed", "Fixed")],
        default="open",
        required=True,
        index=True,
        help="Accepted: meant so, for the reason given. Fixed: the price of the next "
        "order will fit.",
    )
    reason = fields.Text(
        string="Why Accepted", help="What makes this price right: needed to accept it."
    )
    fixed_date = fields.Date(string="Fixed On", readonly=True)
    assigned_id = fields.Many2one(
        "res.users",
        string="Assigned To",
        index="btree_not_null",
        domain="[('company_ids', 'in', company_id), ('share', '=', False)]",
    )
    note = fields.Text()

    _pair_uniq = models.UniqueIndex(
        "(account_id, product_id)", "There is one issue per account and product."
    )
    _reason_given = models.Constraint(
        "CHECK (state <> 'accepted' OR COALESCE(TRIM(reason), '') <> '')",
        "Say under “Why Accepted” what makes this price right.",
    )

    @api.depends("account_id.name", "product_id.name")
    def _compute_display_name(self):
        for issue in self:
            issue.display_name = self.env._(
                "%(product)s, %(account)s",
                # sudo: whoever may see the issue may know what it is about
                product=issue.sudo().product_id.display_name,
                account=issue.sudo().account_id.name,
            )

    @api.depends("price", "reference", "deviation", "order_lines", "peers")
    def _compute_explanation(self):
        for issue in self:
            money = issue.currency_id.format
            issue.explanation = self.env._(
                "Paid %(paid)s on average in %(lines)s order lines. What it pays "
                "otherwise, and what %(peers)s customers pay for this product, comes to "
                "%(reference)s, between %(low)s and %(high)s: %(percent)s %% %(side)s.",
                paid=money(issue.price),
                lines=issue.order_lines,
                peers=issue.peers,
                reference=money(issue.reference),
                low=money(issue.reference_low),
                high=money(issue.reference_high),
                percent=round(abs(issue.deviation) * 100, 1),
                side=self.env._("too low")
                if issue.direction == "low"
                else self.env._("too high"),
            )

    # -------------------------------------------------------------------- CRUD
    def write(self, vals):
        closed = set(vals) - EDITABLE
        if closed and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(fields)s of a price issue come from order lines and cannot be "
                    "typed in. Change the price of the order, or say of the issue "
                    "what is to be done.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in sorted(closed)
                        if name in self._fields
                    ),
                )
            )
        if vals.get("state") == "accepted":
            for issue in self:
                if not (vals.get("reason", issue.reason) or "").strip():
                    raise UserError(
                        self.env._(
                            "“%(issue)s” cannot be accepted without a reason. Say "
                            "under “Why Accepted” what makes this price right.",
                            issue=issue.display_name,
                        )
                    )
        done = super().write(vals)
        if "state" in vals:
            self._state_changed(vals["state"])
        return done

    def _state_changed(self, state):
        # sudo: the rights to the state have been checked by now, and the day and the
        # sums follow from it
        issues = self.sudo()
        for company in issues.company_id:
            mine = issues.filtered(lambda issue, own=company: issue.company_id == own)
            today = company._territory_today() if state == "fixed" else False
            mine.write({"fixed_date": today, "relapsed": False})
            issues._sum_up(company)

    @api.model
    def _sum_up(self, company):
        """Write what a company's issues come to, on its accounts, in one statement.

        An issue that came back since it was fixed counts like an open one.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE territory_account a
                   SET price_leakage = found.money, price_issues = found.number
                  FROM (SELECT own.id, COALESCE(SUM(issue.leakage), 0) AS money,
                               COUNT(issue.id) AS number
                          FROM territory_account own
                     LEFT JOIN territory_price_issue issue
                            ON issue.account_id = own.id AND issue.flagged
                           AND issue.direction = 'low'
                           AND (issue.state = 'open' OR issue.relapsed)
                         WHERE own.company_id = %(company)s
                      GROUP BY own.id) found
                 WHERE a.id = found.id
                   AND (COALESCE(a.price_leakage, 0), COALESCE(a.price_issues, 0))
                       <> (found.money, found.number)
                """,
                company=company.id,
            )
        )
        self.env["territory.account"].invalidate_model()

    # ----------------------------------------------------------------- actions
    def action_order_lines(self):
        """The order lines behind the price, under the user's own rights."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Order Lines: %s", self.display_name),
            "res_model": "sale.order.line",
            "views": [(False, "list"), (False, "form")],
            # sudo: only to say which orders; who reads them is decided when they open
            "domain": _prices.domain(
                self.sudo().account_id, self.date, self.sudo().product_id
            ),
            "context": {"create": False, "edit": False},
        }

    def action_fixed(self):
        self.write({"state": "fixed"})

    def action_reopen(self):
        self.write({"state": "open"})
