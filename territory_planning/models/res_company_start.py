from odoo import api, fields, models

PLACED = 0.9  # from here on the map tells the truth about where the business is


class ResCompany(models.Model):
    """The first steps of a company that begins to plan, and how far it is with them."""

    _inherit = "res.company"

    territory_start_closed = fields.Boolean(
        string="First Steps Closed",
        help="The first steps are no longer shown over the map.",
    )

    @api.model
    def get_territory_start(self):
        """The first steps of this user's company, for those who can take them.

        :return: a list of dicts with ``key``, ``done``, ``count``, ``total``; empty for
            everybody else, and once they are all done or were closed
        """
        company = self.env.company
        # sudo: a mark of the company that is not a secret of its form
        if (
            not self.env["territory.plan"].has_access("create")
            or company.sudo().territory_start_closed
        ):
            return []
        steps = [self._start_places(), self._start_reps(), self._start_month()]
        return [] if all(step["done"] for step in steps) else steps

    @api.model
    def close_territory_start(self):
        """Do not show the first steps of this user's company any more."""
        self.env["territory.plan"].check_access("create")
        # sudo: who may compute a month may put the help away, and only that
        self.env.company.sudo().territory_start_closed = True

    @api.model
    def _start_places(self):
        accounts = self.env["territory.account"]
        domain = [("company_id", "=", self.env.company.id)]
        total = accounts.search_count(domain)
        count = accounts.search_count([*domain, ("location_quality", "=", "given")])
        return {
            "key": "places",
            "count": count,
            "total": total,
            "done": bool(total) and count >= PLACED * total,
        }

    @api.model
    def _start_reps(self):
        company = self.env.company
        reps = self.env["territory.account"]._read_group(
            [("company_id", "=", company.id), ("user_id", "!=", False)], ["user_id"]
        )
        # of teams that all companies share, those who look after somebody in this one
        members = self.env["crm.team.member"].search(
            [
                "|",
                ("crm_team_id.company_id", "=", company.id),
                "&",
                ("crm_team_id.company_id", "=", False),
                ("user_id", "in", [user.id for (user,) in reps]),
            ]
        )
        ready = members.filtered(
            lambda member: (
                member.territory_hours
                and (
                    member.territory_start_latitude or member.territory_start_longitude
                )
            )
        )
        return {
            "key": "reps",
            "count": len(ready),
            "total": len(members),
            "done": bool(members) and ready == members,
        }

    @api.model
    def _start_month(self):
        count = self.env["territory.plan"].search_count(
            [("company_id", "=", self.env.company.id), ("computed_on", "!=", False)],
            limit=1,
        )
        return {"key": "month", "count": count, "total": 1, "done": bool(count)}
