from odoo import api, models

from . import _prices

SHOWN = 3


class TerritoryAccount(models.Model):
    """What the card says of an account's prices."""

    _inherit = "territory.account"

    def _card_insights(self):
        return {**super()._card_insights(), "price": self._card_price()}

    def _card_price(self):
        if not self.price_date:
            return False
        issues = self._worst_issues()
        return {
            "status": self.price_status,
            "level": self.price_level,
            "level_low": self.price_level_low,
            "level_high": self.price_level_high,
            "level_money": self.price_level_money,
            "leakage": self.price_leakage,
            "count": self.price_issues,
            "products": self.price_products,
            "lines": self.price_lines,
            "issues": [
                {
                    "product": issue.product_id.display_name,
                    "unit": issue.uom_id.display_name,
                    "price": issue.price,
                    "reference": issue.reference,
                    "deviation": issue.deviation,
                    "leakage": issue.leakage,
                    "lines": issue.order_lines,
                    "peers": issue.peers,
                    "last_date": issue.last_date,
                }
                for issue in issues
            ],
            "date": self.price_date,
        }

    def _worst_issues(self, limit=SHOWN):
        """Prices too low that wait for somebody, the dearest first."""
        return self.env["territory.price.issue"].search(
            [
                ("account_id", "=", self.id),
                ("flagged", "=", True),
                ("direction", "=", "low"),
                "|",
                ("state", "=", "open"),
                ("relapsed", "=", True),
            ],
            order="leakage desc, id",
            limit=limit,
        )

    @api.model
    def _insight_evidence(self):
        return {
            **super()._insight_evidence(),
            "price_issues": "_action_evidence_price_issues",
            "price_lines": "_action_evidence_price_lines",
        }

    def _action_evidence_price_issues(self):
        return self._action_evidence(
            "territory.price.issue",
            self.env._("Price Issues"),
            [("account_id", "=", self.id)],
        )

    def _action_evidence_price_lines(self):
        """The order lines behind the prices too low, or behind all that were compared."""
        issues = self._worst_issues(limit=None)
        products = issues.product_id if issues else None
        action = self._action_evidence(
            "sale.order.line",
            self.env._("Order Lines"),
            _prices.domain(self, self.price_date, products),
        )
        context = {"create": False, "edit": False, "group_by": ["product_id"]}
        return {**action, "context": context}
