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

    visit_band = fields.Selection(
        [
            ("sells", "Visits sell"),
            ("open", "Not certain"),
            ("fewer", "Fewer orders after visits"),
        ],
        string="Effect of Visits",
        readonly=True,
        index="btree_not_null",
        help="At accounts of its segment, or at all where too few of those are known. "
        "Not certain: that visits do nothing cannot be ruled out.",
    )
    visit_money = fields.Monetary(
        string="Revenue per Visit",
        readonly=True,
        aggregator="avg",
        help="What a visit brings at accounts of its segment: more orders times an "
        "average order. See Effect of Visits for its range.",
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
