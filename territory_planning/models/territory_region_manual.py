import numpy as np

from odoo import fields, models


class TerritoryAccount(models.Model):
    """Accounts that a person put into a region."""

    _inherit = "territory.account"

    region_manual_id = fields.Many2one(
        "territory.region",
        string="Region by Hand",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="Stands above the regions' rules and areas as long as it is filled in. "
        "Empty: the rules decide.",
    )

    def write(self, vals):
        done = super().write(vals)
        if "region_manual_id" in vals:
            self._follow_manual_region()
        return done

    def _follow_manual_region(self):
        """The region of an account is the one chosen by hand, at once; where none is
        chosen any more the rules decide, as soon as the background run comes."""
        # sudo: the region is a result and closed to typing for everybody
        accounts = self.sudo()
        for region, chosen in accounts.grouped("region_manual_id").items():
            if region:
                chosen.write({"region_id": region.id})
        freed = accounts.filtered(lambda account: not account.region_manual_id)
        for company in freed.company_id:
            self.env["territory.run"]._start("regions", company)


class TerritoryRegion(models.Model):
    _inherit = "territory.region"

    def _prefer_manual(self, found, manual):
        """Let what people chose stand, where the region chosen holds today.

        :param found: object array ``(n,)`` of region ids or None, from the rules
        :param manual: object array ``(n,)`` of region ids or None, chosen by hand
        """
        known = set(self.ids)
        stands = np.array([region in known for region in manual], dtype=bool)
        return np.where(stands, manual, found)
