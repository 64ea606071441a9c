from odoo import api, models

ACCOUNT_FACTS = (
    "name",
    "city",
    "zip",
    "data_date",
    "revenue_12m",
    "revenue_previous",
    "revenue_change",
    "margin_12m",
    "margin_rate",
    "margin_known",
    "orders_12m",
    "last_order_date",
    "visits_12m",
    "last_visit_date",
    "next_visit_date",
    "open_leads",
    "pipeline",
    "history",
    "latitude",
    "longitude",
    "location_quality",
    "place_status",
    "place_precision",
    "place_reason",
)
PLAN_FACTS = (
    "date_from",
    "visits_today",
    "visits_optimal",
    "visits_recommended",
    "allocation_factor",
    "expected_gain",
    "gain_low",
    "gain_high",
    "reason",
)


class TerritoryAccount(models.Model):
    """What the map shows of an account when it is clicked."""

    _inherit = "territory.account"

    @api.readonly
    def get_territory_card(self):
        """Answer with everything on the account card, in one call.

        Under the user's own rights: what is closed to the user is missing from the
        answer, and the card says so in words.

        :return: plain values; amounts in the currency ``currency_id``
        """
        self.ensure_one()
        self.check_access("read")
        (facts,) = self.read(ACCOUNT_FACTS, load=None)
        return {
            **facts,
            **self._card_labels(),
            "model": self._name,
            "has_account": True,
            "partner": self._card_partner(),
            "plan": self._card_plan(),
            "insights": self._card_insights(),
        }

    def _card_labels(self):
        return {
            "country": self.country_id.display_name,
            "rep": self.user_id.display_name,
            "team": self.team_id.display_name,
            "region": self.region_id.display_name,
            "region_by_hand": bool(self.region_id)
            and self.region_id == self.region_manual_id,
            "company": self.company_id.display_name,
            "company_id": self.company_id.id,
            "segment": self._card_label("segment"),
            "place_reason_label": self._card_label("place_reason"),
            "currency_id": self.currency_id.id,
        }

    def _card_label(self, name):
        options = dict(self._fields[name]._description_selection(self.env))
        return options.get(self[name], False)

    def _card_partner(self):
        """How to reach the customer, if the user may read its address."""
        partner = self.partner_id
        if not partner.has_access("read"):
            return False
        return {
            "id": partner.id,
            "phone": partner.phone,
            "email": partner.email_normalized or partner.email,
            "address": partner.contact_address_inline,
        }

    def _card_plan(self):
        """The account's line of the latest plan, if the user may read it."""
        line = self.plan_line_id
        if not line or not line.has_access("read"):
            return False
        (facts,) = line.read(PLAN_FACTS, load=None)
        origins = dict(line._fields["curve_origin"]._description_selection(self.env))
        return {
            **facts,
            "month": line.plan_id.name,
            "computed_on": line.plan_id.computed_on,
            "origin": origins.get(line.curve_origin, False),
        }
