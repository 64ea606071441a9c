import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..models import _bulk
from ._postcodes import BadList, read


class TerritoryPostcodeImport(models.TransientModel):
    _name = "territory.postcode.import"
    _description = "Import of Postal Codes"

    data = fields.Binary(string="File", required=True, attachment=False)
    filename = fields.Char()

    def action_import(self):
        """Read the list and keep it; codes that are known are put in their new place."""
        self.ensure_one()
        self.check_access("write")
        try:
            columns = read(base64.b64decode(self.data))
        except BadList as bad:
            raise UserError(self._sentence(bad)) from None
        _bulk.insert(
            self.env["territory.postcode"], columns, conflict=("country", "code")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s postal codes are known now.", count=len(columns["code"])
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _sentence(self, bad):
        sentences = {
            "encoding": self.env._("The file is not UTF-8 text. Save it as UTF-8."),
            "archive": self.env._("The archive must hold one text file with the list."),
            "empty": self.env._("The file holds no postal codes."),
            "heading": self.env._(
                "The first line must name the columns: country, zip, latitude and "
                "longitude, and city if there is one."
            ),
            "number": self.env._(
                "Line %(line)s: latitude and longitude must be numbers with a point.",
                line=bad.line,
            ),
            "earth": self.env._(
                "Line %(line)s: the coordinates are nowhere on earth.", line=bad.line
            ),
            "key": self.env._(
                "Line %(line)s: it takes a country code of two letters and a postal "
                "code.",
                line=bad.line,
            ),
            "short": self.env._("Line %(line)s has too few columns.", line=bad.line),
        }
        return sentences[bad.kind]
