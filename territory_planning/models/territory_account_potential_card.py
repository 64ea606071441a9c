from odoo import api, models


class TerritoryAccount(models.Model):
    """What the card says of an account's potential."""

    _inherit = "territory.account"

    def _card_insights(self):
        return {**super()._card_insights(), "potential": self._card_potential()}

    def _card_potential(self):
        if not self.potential_date:
            return False
        alike = self._lookalikes()
        hidden = len(self.potential_lookalikes or ()) - len(alike)
        return {
            "status": self.potential_status,
            "band": self.potential_band,
            "label": self._card_label("potential_band"),
            "confidence": self.potential_confidence,
            "potential": self.potential,
            "low": self.potential_low,
            "high": self.potential_high,
            "gap": self.potential_gap,
            "parts": self.potential_parts,
            "known": self._card_known(),
            "lookalikes": [
                {"name": account.name, "revenue": account.revenue_12m}
                for account in alike
            ],
            "hidden": hidden,
            "customers": self.potential_customers,
            "date": self.potential_date,
        }

    def _card_known(self):
        """What its potential was judged by, in words; False where not known."""
        return {
            "employees": self.employees,
            "turnover": self._card_label("turnover_class"),
            "industry": self.industry_id.display_name,
            "country": self.country_id.display_name,
            "state": self.state_id.display_name,
            "since": self.customer_since,
            # sudo: one's account may be that of a partner one may not open
            "is_company": self.sudo().partner_id.is_company,
        }

    def _lookalikes(self):
        """The most similar customers that the user may see, the most similar first."""
        found = self.browse(self.potential_lookalikes or ())
        # accounts go with their partners, and may have since
        return (found & found.exists())._filtered_access("read")

    @api.model
    def _insight_evidence(self):
        return {
            **super()._insight_evidence(),
            "lookalikes": "_action_evidence_lookalikes",
        }

    def _action_evidence_lookalikes(self):
        ids = self.potential_lookalikes or []
        return {
            **self._action_evidence(
                "territory.account",
                self.env._("Customers Most Like"),
                [("id", "in", ids)],
            ),
            "name": self.env._("Customers Most Like %s", self.name),
        }
