from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..engine import places

COORDINATES = ("partner_latitude", "partner_longitude")
ADDRESS = ("street", "zip", "city", "state_id", "country_id")
PREFIX = "territory_place_"

PRECISIONS = [
    ("rooftop", "Building"),
    ("street", "Street"),
    ("postcode", "Postal code"),
    ("city", "Town"),
    ("country", "Country or state only"),
    ("manual", "Set by hand"),
    ("given", "Given, precision unknown"),
]
STATUSES = [
    ("never", "Not looked up"),
    ("ok", "Fine"),
    ("stale", "Out of date"),
    ("doubtful", "Doubtful"),
    ("failed", "Not found"),
]
REASONS = [
    ("no_place", "It has no place yet"),
    ("no_country", "The address has no country"),
    ("no_town", "The address has neither a postal code nor a town"),
    ("address", "The address has changed since the place was found"),
    ("retry", "It waits to be looked up again"),
    ("impossible", "The coordinates are nowhere on earth"),
    ("swapped", "Latitude and longitude seem to be swapped"),
    ("sign", "A minus sign of the coordinates seems to be missing or too many"),
    ("country", "The place is outside the country of the address"),
    ("far", "The place is far from others with the same postal code"),
    ("abroad", "The service knows such a place in another country only"),
    ("coarse", "Only the country or state was found"),
    ("centre", "It was put in the middle of its postal code or town"),
    ("not_found", "The service does not know the address"),
]


class ResPartner(models.Model):
    """Where a contact is, how well that is known, and from whom.

    A changed address makes a place stale, never empty; a place set by hand is only
    moved by hand.
    """

    _inherit = "res.partner"

    territory_place_precision = fields.Selection(
        PRECISIONS, string="Place Precision", readonly=True, copy=False
    )
    territory_place_status = fields.Selection(
        STATUSES, string="Place Status", readonly=True, copy=False
    )
    territory_place_reason = fields.Selection(
        REASONS, string="Place to Check Because", readonly=True, copy=False
    )
    territory_place_source = fields.Char(
        string="Place From",
        readonly=True,
        copy=False,
        help="The service or the user the place comes from.",
    )
    territory_place_label = fields.Char(
        string="Place Found",
        readonly=True,
        copy=False,
        help="What the service calls the place.",
    )
    territory_place_date = fields.Datetime(
        string="Place As Of", readonly=True, copy=False
    )
    territory_place_hash = fields.Char(
        readonly=True, copy=False, help="Tells whether the address has changed since."
    )
    territory_place_skip_date = fields.Date(
        string="Place Skipped Until", readonly=True, copy=False
    )

    # -------------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        self._check_place_fields_closed(vals_list)
        partners = super().create(vals_list)
        placed = partners.filtered(lambda p: p.partner_latitude or p.partner_longitude)
        if placed:
            placed._note_place("given", source=False)
        return partners

    def write(self, vals):
        self._check_place_fields_closed([vals])
        moved = any(name in vals for name in COORDINATES)
        if not moved and not any(name in vals for name in ADDRESS):
            return super().write(vals)
        before = {partner: partner._place_fingerprint() for partner in self}
        if moved:
            result = super().write(vals)
            self._note_moved(vals)
            return result
        # base_geolocalize zeroes the place of a new address, unless coordinates are
        # written with it: each partner's own are
        result = True
        for place, partners in self._by_place().items():
            kept = dict(zip(COORDINATES, place, strict=True))
            result = super(ResPartner, partners).write({**vals, **kept}) and result
        self.filtered(lambda p: p._place_fingerprint() != before[p])._note_readdressed()
        return result

    def _by_place(self):
        """Coordinates -> the partners that have them."""
        groups = defaultdict(self.browse)
        for partner in self:
            groups[partner.partner_latitude, partner.partner_longitude] |= partner
        return groups

    @api.model
    def _check_place_fields_closed(self, vals_list):
        if not self.env.su and any(
            name.startswith(PREFIX) for vals in vals_list for name in vals
        ):
            raise AccessError(
                self.env._(
                    "What is known of a contact's place cannot be typed in. Write the "
                    "latitude and longitude, or set the place under Places to Check."
                )
            )

    # ------------------------------------------------------------- bookkeeping
    def _place_fingerprint(self):
        """What tells whether the address is still the same."""
        self.ensure_one()
        return places.fingerprint(
            self.street,
            self.zip,
            self.city,
            self.state_id.code,
            self.country_id.code,
        )

    def _note_moved(self, vals):
        """Coordinates were written: by hand, by an import, or by other code."""
        gone = self.filtered(
            lambda p: not p.partner_latitude and not p.partner_longitude
        )
        by_code = (
            self.env.su
            or self.env.context.get("import_file")
            or "date_localization" in vals
        )
        (self - gone)._note_place("given" if by_code else "manual", source=not by_code)
        # sudo: fields nobody types in, see _check_place_fields_closed
        gone.sudo().write(
            {
                "territory_place_precision": False,
                "territory_place_status": "never",
                "territory_place_reason": "no_place",
                "territory_place_source": False,
                "territory_place_label": False,
                "territory_place_date": False,
            }
        )

    def _note_place(self, precision, *, source):
        """Keep from whom a place is, and for which address.

        :param source: whether it is the user's own
        """
        groups = defaultdict(self.browse)
        for partner in self:
            groups[partner._place_fingerprint()] |= partner
        for fingerprint, partners in groups.items():
            # sudo: fields nobody types in, see _check_place_fields_closed
            partners.sudo().write(
                {
                    "territory_place_precision": precision,
                    "territory_place_status": "ok",
                    "territory_place_reason": False,
                    "territory_place_source": self.env.user.name if source else False,
                    "territory_place_label": False,
                    "territory_place_date": fields.Datetime.now(),
                    "territory_place_hash": fingerprint,
                    "territory_place_skip_date": False,
                }
            )

    def _note_readdressed(self):
        """The address is another one: the place is looked up again, and kept until then."""
        placed = self.filtered(lambda p: p.partner_latitude or p.partner_longitude)
        # sudo: fields nobody types in, see _check_place_fields_closed
        placed.sudo().write(
            {
                "territory_place_status": "stale",
                "territory_place_reason": "address",
                "territory_place_skip_date": False,
            }
        )
        (self - placed).sudo().write(
            {
                "territory_place_status": "never",
                "territory_place_reason": "no_place",
                "territory_place_skip_date": False,
            }
        )
