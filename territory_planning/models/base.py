from lxml.builder import E

from odoo import api, models
from odoo.exceptions import UserError

PLACES = (
    ("latitude", "longitude"),
    ("partner_latitude", "partner_longitude"),
    ("x_latitude", "x_longitude"),
)


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def _get_default_territory_map_view(self):
        """A map of any model whose fields say where its records are."""
        for latitude, longitude in PLACES:
            if latitude in self._fields and longitude in self._fields:
                view = E.territory_map(
                    latitude=latitude, longitude=longitude, string=self._description
                )
                if "user_id" in self._fields:
                    view.set("color", "user_id")
                    if self._fields["user_id"].comodel_name == "res.users":
                        view.set("owner", "user_id")
                return view
        raise UserError(
            self.env._(
                "%(model)s has no fields for latitude and longitude, so there is "
                "nothing to show on a map.",
                model=self._description,
            )
        )
