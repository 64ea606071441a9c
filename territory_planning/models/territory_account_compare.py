from odoo import api, models
from odoo.exceptions import UserError

COMPARED = 4  # columns that can be read side by side


class TerritoryAccount(models.Model):
    """Accounts side by side."""

    _inherit = "territory.account"

    @api.model
    @api.readonly
    def get_territory_comparison(self, account_ids):
        """Answer with the cards of up to four accounts, in the order asked for.

        Accounts that are gone or closed to the user are left out and counted in
        ``missing``.

        :param account_ids: list of ids
        """
        ids = self._clean_ids(account_ids)
        if len(ids) > COMPARED:
            raise UserError(
                self.env._(
                    "%(count)s accounts do not fit side by side. Choose at most "
                    "%(most)s.",
                    count=len(ids),
                    most=COMPARED,
                )
            )
        visible = self._visible(ids)
        order = {number: rank for rank, number in enumerate(ids)}
        visible = visible.sorted(lambda account: order[account.id])
        return {
            "missing": len(ids) - len(visible),
            "cards": [account._comparison_card() for account in visible],
        }

    def _comparison_card(self):
        hours = self.hours_per_visit or self.company_id.territory_hours_per_visit
        return {**self.get_territory_card(), "hours_per_visit": hours}
