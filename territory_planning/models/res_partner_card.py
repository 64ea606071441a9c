from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.readonly
    def get_territory_card(self):
        """Answer with the card of this contact's account.

        A contact the company has neither sold to nor met has no account; its card
        says who and where it is, and ``has_account`` is False.
        """
        self.ensure_one()
        self.check_access("read")
        account = self.territory_account_id
        if account:
            return account.get_territory_card()
        return {
            "id": self.id,
            "model": self._name,
            "has_account": False,
            "name": self.display_name,
            "city": self.city,
            "zip": self.zip,
            "country": self.country_id.display_name,
            "rep": self.user_id.display_name,
            "latitude": self.partner_latitude,
            "longitude": self.partner_longitude,
            "place_status": self.territory_place_status,
            "place_precision": self.territory_place_precision,
            "place_reason": self.territory_place_reason,
            "place_reason_label": self._card_place_reason(),
            "partner": {
                "id": self.id,
                "phone": self.phone,
                "email": self.email_normalized or self.email,
                "address": self.contact_address_inline,
            },
            "plan": False,
        }

    def _card_place_reason(self):
        field = self._fields["territory_place_reason"]
        reasons = dict(field._description_selection(self.env))
        return reasons.get(self.territory_place_reason, False)
