from odoo import fields, models


class TerritoryTripEntry(models.Model):
    """What a rep entered on the road: one row for each entry that was applied.

    A phone sends an entry again when its answer was lost. The row says that it has been
    applied already, whoever asks and however often. It says what was entered about a
    stop and when, never where the rep was.
    """

    _name = "territory.trip.entry"
    _description = "Entry from the Road"
    _order = "at desc, id desc"
    _rec_name = "kind"

    uuid = fields.Char(string="Id", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    stop_id = fields.Many2one(
        "territory.trip.stop",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="stop_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [
            ("check_in", "Check-In"),
            ("outcome", "Outcome"),
            ("skipped", "Skipped"),
            ("postponed", "Postponed"),
            ("undone", "Taken Back"),
        ],
        required=True,
        readonly=True,
    )
    at = fields.Datetime(string="Entered", required=True, readonly=True)
    insisted = fields.Boolean(
        readonly=True,
        help="Someone else had changed the stop; the rep chose their own entry.",
    )

    # an id is its maker's own: nobody learns whether another has used it
    _once = models.UniqueIndex(
        "(user_id, uuid)", "This entry has been applied already."
    )
