from odoo import fields, models
from odoo.exceptions import UserError

from ..geocoders import Address
from ..models.res_partner_place import PRECISIONS


class TerritoryGeocodeTry(models.TransientModel):
    """One address, to see whether the service is set up."""

    _name = "territory.geocode.try"
    _description = "Trial of the Geocoding Service"

    street = fields.Char()
    zip = fields.Char(string="Postal Code")
    city = fields.Char(string="Town")
    country_id = fields.Many2one("res.country", required=True)
    provider = fields.Char(string="Service", readonly=True)
    label = fields.Char(string="Found", readonly=True)
    place = fields.Char(string="Latitude, Longitude", readonly=True)
    precision = fields.Selection(PRECISIONS, readonly=True)
    note = fields.Char(readonly=True)

    def default_get(self, fields_list):
        """An address that exists: the company's own."""
        partner = self.env.company.partner_id
        return {
            "street": partner.street,
            "zip": partner.zip,
            "city": partner.city,
            "country_id": partner.country_id.id,
            "provider": self.env["base.geocoder"]._get_provider().name,
            **super().default_get(fields_list),
        }

    def action_try(self):
        """Ask, and show what came back; nothing is written anywhere else."""
        self.ensure_one()
        self.check_access("write")
        if not (self.zip or self.city):
            raise UserError(
                self.env._("Enter a postal code or a town, and press Try again.")
            )
        country = self.country_id.with_context(lang="en_US")
        geocoder = self.env["base.geocoder"]
        finder = geocoder._territory_finder()
        answer = geocoder._territory_find(
            Address(
                street=self.street or "",
                zip=self.zip or "",
                city=self.city or "",
                country=country.code or "",
                country_name=country.name or "",
            ),
            finder,
        )
        self.write(self._shown(answer, finder))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try the Service"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _shown(self, answer, finder):
        if answer is None:
            note = self.env._("The service does not know this address.")
        elif not finder.asked:
            note = self.env._("From an earlier answer: the service was not asked.")
        elif answer.country and answer.country != self.country_id.code:
            note = self.env._("Careful: this place is in another country.")
        else:
            note = False
        known = dict(PRECISIONS)
        return {
            "label": answer.label if answer else False,
            "place": f"{answer.latitude:.5f}, {answer.longitude:.5f}"
            if answer
            else False,
            "precision": answer.precision
            if answer and answer.precision in known
            else False,
            "note": note,
        }
