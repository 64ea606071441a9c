import hashlib
import json
import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

KEPT = 20  # revisions of a region
DAYS = 90
# What a change of areas may change besides the area itself.
PLAIN = ("kind", "active", "zip_prefixes")
LINKS = ("country_ids", "state_ids")


class TerritoryRegionRevision(models.Model):
    """What a region was before its area was edited, split or merged.

    All rows of one change share a batch, which is undone as a whole, and only while
    nobody has changed one of its regions since. Kept for a while and up to a number
    per region; nobody writes them by hand.
    """

    _name = "territory.region.revision"
    _description = "Earlier Area of a Region"
    _order = "id desc"
    _rec_name = "region_id"

    region_id = fields.Many2one(
        "territory.region", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        related="region_id.company_id", store=True, index=True, precompute=True
    )
    batch = fields.Char(required=True, index=True, readonly=True)
    made_by_it = fields.Boolean(
        string="Made by the Change",
        readonly=True,
        help="The region did not exist before; undoing deletes it.",
    )
    geometry_before = fields.Json(readonly=True)
    values_before = fields.Json(readonly=True)
    state_after = fields.Char(readonly=True, help="Digest of the region after it.")

    # ------------------------------------------------------------------ keeping
    @api.model
    def _keep(self, regions):
        """Remember what regions are now.

        :return: rows of one batch, to be closed with :meth:`_close` after the change
        """
        batch = str(uuid.uuid4())
        # sudo: the history is written by the change itself, never by people
        return self.sudo().create(
            [
                {
                    "region_id": region.id,
                    "batch": batch,
                    "geometry_before": region.geometry or False,
                    "values_before": self._values(region),
                }
                for region in regions
            ]
        )

    def _close(self, made=None):
        """The change is done: note its result, forget the oldest.

        :param made: regions that the change created
        :return: the batch, which :meth:`_undo` takes
        """
        # sudo: as in _keep; nothing was kept if the change only made regions
        batch = self[:1].batch or str(uuid.uuid4())
        rows = self
        for region in made or ():
            rows |= self.create(
                {"region_id": region.id, "batch": batch, "made_by_it": True}
            )
        for row in rows:
            row.state_after = self._digest(row.region_id)
        for region in rows.region_id:
            self.search([("region_id", "=", region.id)], offset=KEPT).unlink()
        return batch

    @api.model
    def _values(self, region):
        return {
            **{name: region[name] for name in PLAIN},
            **{name: region[name].ids for name in LINKS},
            "parent_id": region.parent_id.id,
        }

    @api.model
    def _digest(self, region):
        state = [region.geometry or False, self._values(region)]
        text = json.dumps(state, sort_keys=True).encode()
        return hashlib.sha256(text).hexdigest()

    # ------------------------------------------------------------------ undoing
    @api.model
    def _undo(self, batch):
        """Take a change back with the rights of the user.

        :return: the regions that are as they were
        """
        if not isinstance(batch, str):
            raise UserError(self.env._("There is nothing to undo any more."))
        rows = self.search([("batch", "=", batch)])
        regions = self.env["territory.region"].browse(rows.region_id.ids)
        if not regions:
            raise UserError(
                self.env._("There is nothing to undo any more: it is too long ago.")
            )
        regions.check_access("write")
        for row in rows:
            if self._digest(row.region_id) != row.state_after:
                raise UserError(
                    self.env._(
                        "“%(region)s” has been changed since, so the earlier change "
                        "cannot be undone any more. Edit its shape instead.",
                        region=row.region_id.name,
                    )
                )
        made = rows.filtered("made_by_it").region_id
        for row in rows - rows.filtered("made_by_it"):
            values = dict(row.values_before)
            for name in LINKS:
                values[name] = [fields.Command.set(values[name])]
            row.region_id.write({"geometry": row.geometry_before or False, **values})
        kept = regions - made
        made.unlink()
        # sudo: as in _keep
        rows.sudo().exists().unlink()
        return kept

    @api.autovacuum
    def _gc_revisions(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=DAYS)
        self.search([("create_date", "<", limit)]).unlink()
