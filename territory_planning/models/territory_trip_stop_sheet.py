from odoo import models

from . import _client_values as client


class TerritoryTripStop(models.Model):
    """A stop as the day's sheet shows it."""

    _inherit = "territory.trip.stop"

    def _sheet_stop(self):
        partner, account = self.partner_id, self.account_id
        latitude, longitude = self._place()
        return {
            "id": self.id,
            "trip_id": self.trip_id.id,
            "partner_id": partner.id,
            "name": partner.display_name,
            "address": self._told_address(),
            "city": partner.city or "",
            "phone": partner.phone or "",
            "latitude": latitude,
            "longitude": longitude,
            "arrival": client.as_text(self.arrival),
            "departure": client.as_text(self.departure),
            "drive_minutes": self.drive_minutes,
            "drive_km": self.drive_km,
            "appointment": client.as_text(self.appointment),
            "opens": self.opens,
            "closes": self.closes,
            "value": self.value,
            "currency_id": self.currency_id.id,
            "reason": self.reason or "",
            "what_for": self.note or "",
            "last_visit": client.as_text(account.last_visit_date),
            "state": self.state,
            "check_in": client.as_text(self.check_in),
            "check_out": client.as_text(self.check_out),
            "outcome": self.outcome or False,
            "outcome_note": self.outcome_note or "",
            "skip_reason": self.skip_reason or "",
            "postponed_to": client.as_text(self.postponed_to),
        }
