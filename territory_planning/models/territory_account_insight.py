from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

CHURN_FACTS = (
    "churn_risk",
    "churn_low",
    "churn_high",
    "churn_dropped",
    "churn_silent",
    "churn_band",
    "churn_status",
    "churn_money",
    "churn_previous",
    "churn_previous_date",
    "churn_change",
    "churn_gap",
    "churn_days",
    "churn_last_date",
    "churn_horizon",
    "churn_date",
)


class TerritoryAccount(models.Model):
    """What the card says of an account's insights, and the records behind them."""

    _inherit = "territory.account"

    def _card_insights(self):
        """Name of each insight -> its figures; nothing of one not computed yet."""
        return {"churn": self._card_churn()}

    def _card_churn(self):
        if not self.churn_date:
            return False
        (facts,) = self.read(CHURN_FACTS, load=None)
        facts = {name.removeprefix("churn_"): value for name, value in facts.items()}
        return {**facts, "label": self._card_label("churn_band")}

    # ----------------------------------------------------------------- evidence
    @api.model
    def _insight_evidence(self):
        """Name of what can be opened -> method that answers with an action."""
        return {"orders": "_action_evidence_orders"}

    def action_insight_evidence(self, kind):
        """Open the records an insight was told from, under the user's own rights.

        :param kind: ``"orders"``
        """
        self.ensure_one()
        self.check_access("read")
        evidence = self._insight_evidence()
        if not isinstance(kind, str) or kind not in evidence:
            raise UserError(
                self.env._(
                    "There are no records behind an insight of that name. Choose one "
                    "of %(kinds)s.",
                    kinds=", ".join(sorted(evidence)),
                )
            )
        return getattr(self, evidence[kind])()

    def _action_evidence(self, model, name, domain):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%(name)s of %(account)s", name=name, account=self.name),
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": list(domain),
            "context": {"create": False},
        }

    def _action_evidence_orders(self):
        if self.company_id.territory_revenue_source == "invoice":
            domain = (
                Domain("move_type", "in", ("out_invoice", "out_receipt", "out_refund"))
                & Domain("state", "=", "posted")
                & self._evidence_domain()
            )
            return self._action_evidence("account.move", self.env._("Invoices"), domain)
        domain = Domain("state", "=", "sale") & self._evidence_domain()
        return self._action_evidence("sale.order", self.env._("Orders"), domain)

    def _evidence_domain(self):
        return Domain("company_id", "=", self.company_id.id) & Domain(
            "partner_id.commercial_partner_id", "=", self.partner_id.id
        )
