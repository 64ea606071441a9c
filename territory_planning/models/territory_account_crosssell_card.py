from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .territory_account_crosssell import DAYS

RANKS = ("first", "second", "third")


class TerritoryAccount(models.Model):
    """Next purchases on the card, and the orders of similar customers behind them."""

    _inherit = "territory.account"

    def _card_insights(self):
        return {**super()._card_insights(), "crosssell": self._card_crosssell()}

    def _card_crosssell(self):
        """The suggestions, with the names of categories the user may read."""
        if not self.crosssell_date:
            return False
        items = (self.crosssell or {}).get("items", [])
        ids = [item["category"] for item in items]
        categories = self.env["product.category"].search([("id", "in", ids)])
        names = {category.id: category.display_name for category in categories}
        return {
            "status": self.crosssell_status,
            "lookalikes": self.crosssell_lookalikes,
            "bought": self.crosssell_bought,
            "money": self.crosssell_money,
            "date": self.crosssell_date,
            # a category that was deleted since is none any more
            "items": [
                {
                    **item,
                    "name": names[item["category"]],
                    "evidence": f"crosssell_{rank}",
                }
                for rank, item in zip(RANKS, items, strict=False)
                if item["category"] in names
            ],
        }

    # ----------------------------------------------------------------- evidence
    @api.model
    def _insight_evidence(self):
        return {
            **super()._insight_evidence(),
            **{
                f"crosssell_{rank}": f"_action_evidence_crosssell_{rank}"
                for rank in RANKS
            },
        }

    def _action_evidence_crosssell_first(self):
        return self._action_evidence_crosssell(0)

    def _action_evidence_crosssell_second(self):
        return self._action_evidence_crosssell(1)

    def _action_evidence_crosssell_third(self):
        return self._action_evidence_crosssell(2)

    def _action_evidence_crosssell(self, rank):
        """The orders of similar customers, if any of them is open to the user."""
        items = (self.crosssell or {}).get("items", [])
        category = self.env["product.category"].browse(
            item["category"] for item in items[rank : rank + 1]
        )
        if not category.exists():
            raise UserError(
                self.env._(
                    "“%(account)s” has no such next purchase any more. Close its card "
                    "and open it again.",
                    account=self.name,
                )
            )
        model, domain = self._crosssell_domain(category, rank)
        # by their ids: a search for the similar customers would tell who they are
        found = self.env[model].search(domain)
        if not found:
            return self._crosssell_closed(items[rank], category)
        domain = [("id", "in", found.ids)]
        action = self._action_evidence(model, category.display_name, domain)
        action["name"] = self.env._(
            "%(category)s, bought by customers like %(account)s",
            category=category.display_name,
            account=self.name,
        )
        return action

    def _crosssell_domain(self, category, rank):
        # sudo: who is similar is not told; what is found is what the user may read
        ranks = (self.sudo().crosssell_peers or {}).get("by_rank", [])
        peers = [partner for row in ranks[rank : rank + 1] for partner in row]
        first = self.crosssell_date - timedelta(days=DAYS)
        company = Domain("company_id", "=", self.company_id.id)
        buyers = Domain("partner_id.commercial_partner_id", "in", peers)
        if self.company_id.territory_revenue_source == "invoice":
            return "account.move", (
                Domain("move_type", "in", ("out_invoice", "out_receipt"))
                & Domain("state", "=", "posted")
                & Domain("invoice_date", ">=", first)
                & Domain("invoice_line_ids.product_id.categ_id", "=", category.id)
                & company
                & buyers
            )
        return "sale.order", (
            Domain("state", "=", "sale")
            & Domain("date_order", ">=", first)
            & Domain("order_line.product_id.categ_id", "=", category.id)
            & company
            & buyers
        )

    def _crosssell_closed(self, item, category):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "%(count)s of %(all)s similar customers buy “%(category)s”. None of "
                    "their orders is open to you.",
                    count=item["count"],
                    all=item["lookalikes"],
                    category=category.display_name,
                ),
            },
        }
