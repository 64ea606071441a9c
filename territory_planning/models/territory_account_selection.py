from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .res_company import LEADERS

LISTED = 80  # accounts listed by name beside a selection's totals
MOST = 200_000  # ids one call may carry
ID_MAX = 2**31 - 1
MONEY = ("revenue_12m", "revenue_previous", "margin_12m", "pipeline", "expected_gain")
EFFORT = ("visits_12m", "visits_today", "visits_optimal")


class TerritoryAccount(models.Model):
    """What the map says of accounts selected on it, in one call."""

    _inherit = "territory.account"

    @api.model
    def _clean_ids(self, account_ids):
        """The ids a browser sent, each once.

        :raises UserError: if they are no list of ids, or absurdly many
        """
        if not isinstance(account_ids, list) or not all(
            type(number) is int for number in account_ids
        ):
            raise UserError(self.env._("The accounts must be given as a list of ids."))
        if len(account_ids) > MOST:
            raise UserError(
                self.env._(
                    "%(count)s accounts are more than one step can take. Select at "
                    "most %(most)s.",
                    count=len(account_ids),
                    most=MOST,
                )
            )
        return list(dict.fromkeys(account_ids))

    @api.model
    def _visible(self, ids):
        """Those of the ids that exist and are open to the user, archived ones too."""
        ids = [number for number in ids if 0 < number <= ID_MAX]
        return self.with_context(active_test=False).search([("id", "in", ids)])

    @api.model
    def _selected(self, account_ids):
        """The accounts a user chose to do something with: all of them or none.

        :raises AccessError: some are gone or closed to the user; it does not say
            which, so that nobody learns of accounts that are not theirs
        """
        ids = self._clean_ids(account_ids)
        if not ids:
            raise UserError(self.env._("No account is selected. Select some first."))
        accounts = self._visible(ids)
        if len(accounts) < len(ids):
            raise AccessError(
                self.env._(
                    "%(missing)s of the %(all)s chosen accounts are gone or not open "
                    "to you, so nothing was done. Load the map again and select anew.",
                    missing=len(ids) - len(accounts),
                    all=len(ids),
                )
            )
        return accounts

    # ------------------------------------------------------------------ totals
    @api.model
    @api.readonly
    def get_territory_selection(self, account_ids):
        """Totals of the selected accounts, by rep and by region too, and the largest.

        Accounts that are gone or closed to the user are left out and counted in
        ``missing``. Amounts are in ``currency_id``; where that is False the accounts
        have several currencies and amounts are False.

        :param account_ids: list of ids
        """
        ids = self._clean_ids(account_ids)
        visible = self._visible(ids)
        domain = [("id", "in", visible.ids)]
        accounts = self.with_context(active_test=False)
        names = (*MONEY, *EFFORT, "open_leads")
        groups = accounts._read_group(
            domain,
            ["company_id", "user_id", "region_id", "hours_per_visit"],
            ["__count", "data_date:min", *(f"{name}:sum" for name in names)],
        )
        totals, by_rep, by_region = _Sum(), defaultdict(_Sum), defaultdict(_Sum)
        companies = self.env["res.company"]
        for company, user, region, hours, *values in groups:
            companies |= company
            # What an account says of the hours of a visit, else its company.
            hours = hours or company.territory_hours_per_visit
            for target in (totals, by_rep[user], by_region[region]):
                target.add(hours, names, values)
        one_currency = len(companies.currency_id) == 1
        return {
            **totals.answer(one_currency),
            "currency_id": companies.currency_id.id if one_currency else False,
            "company_id": companies.id if len(companies) == 1 else False,
            "missing": len(ids) - len(visible),
            "ids": visible.ids if len(visible) < len(ids) else False,
            "reps": _rows(by_rep, one_currency),
            "regions": _rows(by_region, one_currency),
            "accounts": self._selection_list(visible),
            "rights": self._selection_rights(),
        }

    def _selection_list(self, accounts):
        return [
            {
                "id": account.id,
                "name": account.name,
                "city": account.city,
                "revenue_12m": account.revenue_12m,
                "currency_id": account.currency_id.id,
            }
            for account in accounts[:LISTED]
        ]

    @api.model
    def _selection_rights(self):
        """What the user may do with a selection; what they may not is not offered."""
        user = self.env.user
        writes = self.env["res.partner"].has_access("write")
        return {
            "rep": writes and user.has_group(LEADERS),
            "region": self.has_access("write"),
            "tag": writes and self.env["res.partner.category"].has_access("read"),
            "trip": self.env["territory.trip"].has_access("create"),
            "activity": self.env["mail.activity"].has_access("create"),
            "export": user.has_group("base.group_allow_export"),
        }


class _Sum:
    """Sums over accounts; hours are visits times what a visit takes."""

    def __init__(self):
        self.count = 0
        self.date = None
        self.sums = defaultdict(float)

    def add(self, hours, names, values):
        count, date, *sums = values
        self.count += count
        if date and (self.date is None or date < self.date):
            self.date = date
        for name, value in zip(names, sums, strict=True):
            self.sums[name] += value or 0
        found = dict(zip(names, sums, strict=True))
        self.sums["hours_today"] += hours * (found["visits_today"] or 0)
        self.sums["hours_optimal"] += hours * (found["visits_optimal"] or 0)

    def answer(self, one_currency):
        sums = {name: self.sums[name] for name in (*EFFORT, "open_leads")}
        money = {name: one_currency and self.sums[name] for name in MONEY}
        hours = {name: self.sums[name] for name in ("hours_today", "hours_optimal")}
        return {
            "count": self.count,
            "data_date": self.date or False,
            **sums,
            **money,
            **hours,
        }


def _rows(sums, one_currency):
    """The totals of each rep or region, those with most accounts first."""
    rows = [
        {
            "id": record.id,
            "name": record.display_name,
            "count": part.count,
            "revenue_12m": one_currency and part.sums["revenue_12m"],
            "hours_today": part.sums["hours_today"],
        }
        for record, part in sums.items()
    ]
    return sorted(rows, key=lambda row: (-row["count"], row["name"] or ""))
