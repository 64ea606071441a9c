from odoo import fields, models

EFFECT_FACTS = (
    "segment",
    "status",
    "ratio",
    "ratio_low",
    "ratio_high",
    "chasing",
    "extra_orders",
    "extra_low",
    "extra_high",
    "money",
    "money_low",
    "money_high",
    "customers",
    "orders",
    "visits",
    "reach",
    "date",
)


class TerritoryAccount(models.Model):
    """What a visit brings at accounts like this one, and what happened at this one."""

    _inherit = "territory.account"

    visit_evidence = fields.Json(
        string="Orders After Visits",
        readonly=True,
        help="Orders and weeks after visits, and at other times. No effect by itself: "
        "season and demand are not taken out.",
    )

    def _card_insights(self):
        return {**super()._card_insights(), "visits": self._card_visit_effect()}

    def _card_visit_effect(self):
        """The effect in the account's segment; where none was learned, that of all."""
        effects = self.env["territory.visit.effect"].search(
            [("company_id", "=", self.company_id.id)]
        )
        by_segment = {effect.segment: effect for effect in effects}
        whole = by_segment.get("all")
        if not whole:
            return False
        own = by_segment.get(self.segment)
        effect = own if own and own.status == "scored" else whole
        (facts,) = effect.read(EFFECT_FACTS, load=None)
        return {
            **facts,
            "own": self.visit_evidence or False,
            "visits_12m": self.visits_12m,
        }
