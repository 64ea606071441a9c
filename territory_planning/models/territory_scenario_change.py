from collections import defaultdict

from markupsafe import Markup, escape

from odoo import fields, models
from odoo.fields import Domain

TRACKED = 200  # up to so many customers each gets a note in its chatter
LISTED = 30  # so many accounts by name in a message to a rep
MODELS = ("res.partner", "crm.lead", "mail.activity")


class TerritoryScenario(models.Model):
    """What publishing changes, and how that is taken back.

    ``before`` keeps for each model the rows that were changed: id, salesperson before
    and after; for leads also team before and after and when they had been assigned.
    0 stands for nobody. In grouped writes, under the rights of whoever asks.
    """

    _inherit = "territory.scenario"

    # ---------------------------------------------------------------- publishing
    def _hand_over(self, moves):
        """Write the new salesperson on everything the moves are about.

        :return: the rows of ``before`` by model
        """
        new = {move.partner_id.id: move.to_user_id.id for move in moves}
        old = {move.partner_id.id: move.from_user_id.id or 0 for move in moves}
        before = {"res.partner": [[p, old[p], new[p]] for p in new]}
        self._write_users("res.partner", before["res.partner"], 2)
        leads = self.env["crm.lead"]
        if self.publish_leads:
            leads = self._open_leads(old)
            before["crm.lead"] = self._lead_rows(leads, new)
            self._write_users("crm.lead", before["crm.lead"], 2, team=4)
        if self.publish_activities:
            before["mail.activity"] = self._activity_rows(old, new, leads)
            self._write_users("mail.activity", before["mail.activity"], 2)
        return before

    def _open_leads(self, old):
        """Open leads of these customers that their earlier salesperson has."""
        leads = self.env["crm.lead"].search(
            Domain("partner_id.commercial_partner_id", "in", list(old))
            & Domain("company_id", "in", [self.company_id.id, False])
            & (Domain("stage_id.is_won", "=", False) | Domain("stage_id", "=", False))
        )
        return leads.filtered(
            lambda lead: (lead.user_id.id or 0) == old[self._customer_of(lead)]
        )

    @staticmethod
    def _customer_of(lead):
        return lead.partner_id.commercial_partner_id.id

    def _lead_rows(self, leads, new):
        teams = self._team_of(set(new.values()))
        rows = []
        for lead in leads:
            user = new[self._customer_of(lead)]
            rows.append(
                [
                    lead.id,
                    lead.user_id.id or 0,
                    user,
                    lead.team_id.id or 0,
                    teams.get(user) or lead.team_id.id or 0,
                    fields.Datetime.to_string(lead.date_open) or 0,
                ]
            )
        return rows

    def _team_of(self, users):
        """The sales team of each user that may work for this company."""
        # sudo: a team says who is in it only to some
        found = self.env["res.users"].sudo().browse(users)
        allowed = (self.company_id, self.company_id.browse())
        return {
            user.id: user.sale_team_id.id
            for user in found
            if user.sale_team_id.company_id in allowed
        }

    def _activity_rows(self, old, new, leads):
        """Open activities of the earlier salesperson on the accounts and their leads."""
        customers = {lead.id: self._customer_of(lead) for lead in leads}
        activities = self.env["mail.activity"].search(
            (
                Domain("res_model", "=", "res.partner")
                & Domain("res_id", "in", list(old))
            )
            | (
                Domain("res_model", "=", "crm.lead")
                & Domain("res_id", "in", list(customers))
            )
        )
        rows = []
        for activity in activities:
            partner = activity.res_id
            if activity.res_model == "crm.lead":
                partner = customers[partner]
            if activity.user_id and activity.user_id.id == old[partner]:
                rows.append([activity.id, old[partner], new[partner]])
        return rows

    def _write_users(self, model, rows, column, team=None):
        """Write the salesperson, and for leads the team, that rows say in a column."""
        groups = defaultdict(list)
        for row in rows:
            groups[(row[column], row[team] if team else 0)].append(row[0])
        for (user, team_id), ids in sorted(groups.items()):
            values = {"user_id": user or False}
            if team:
                values["team_id"] = team_id or False
            self._quiet(self.env[model].browse(ids)).write(values)

    def _quiet(self, records):
        """No mail for each record: one message tells each rep of all of them. Beyond
        ``TRACKED`` accounts no note in each chatter either: the scenario is the trace."""
        return records.with_context(
            mail_auto_subscribe_no_notify=True,
            mail_activity_quick_update=True,
            mail_notrack=len(self.move_ids) > TRACKED,
        )

    def _change_text(self, before):
        counts = {model: len(before.get(model, ())) for model in MODELS}
        return self.env._(
            "%(partners)s customers, %(leads)s open leads and %(activities)s open "
            "activities have a new salesperson.",
            partners=counts["res.partner"],
            leads=counts["crm.lead"],
            activities=counts["mail.activity"],
        )

    # ------------------------------------------------------------------- undoing
    def _put_back(self, before):
        """Put back what is still as publishing left it.

        :return: ids left alone by model: changed since, closed to the user, or gone
        """
        kept = {}
        for model in MODELS:
            rows = before.get(model) or []
            same = self._still_so(model, rows)
            kept[model] = [row[0] for row in rows if row[0] not in same]
            rows = [row for row in rows if row[0] in same]
            if model == "crm.lead":
                self._write_users(model, rows, 1, team=3)
                self._put_back_dates(rows)
            else:
                self._write_users(model, rows, 1)
        return kept

    def _still_so(self, model, rows):
        """Ids of the records that nobody has changed since."""
        records = (
            self.env[model]
            .with_context(active_test=False)
            .search([("id", "in", [row[0] for row in rows])])
        )
        now = {record.id: [record.user_id.id or 0] for record in records}
        if model == "crm.lead":
            for lead in records:
                now[lead.id].append(lead.team_id.id or 0)
        known = self.env["res.users"].browse({row[1] for row in rows if row[1]})
        known = {0, *known.sudo().exists().ids}  # sudo: only whether they exist
        return {
            row[0]
            for row in rows
            if row[1] in known
            and now.get(row[0])
            == ([row[2], row[4]] if model == "crm.lead" else [row[2]])
        }

    def _put_back_dates(self, rows):
        """When the leads had been assigned, which giving them away has changed."""
        groups = defaultdict(list)
        for row in rows:
            groups[row[5]].append(row[0])
        for date, ids in groups.items():
            self._quiet(self.env["crm.lead"].browse(ids)).write(
                {"date_open": date or False}
            )

    # ------------------------------------------------------------------- telling
    def _tell_people(self, moves):
        """One message to each rep who gains or loses accounts."""
        gained = moves.grouped("to_user_id")
        lost = moves.grouped("from_user_id")
        everybody = self.env["res.users"].union(*gained, *lost)
        for user in everybody.filtered("active"):
            parts = [
                (self.env._("You now look after"), gained.get(user)),
                (self.env._("You hand over"), lost.get(user)),
            ]
            body = Markup().join(
                self._listed(title, mine, user) for title, mine in parts if mine
            )
            self._notify(user, self.env._("Accounts change hands"), body)
        self.message_post(body=self.change_text)

    def _listed(self, title, moves, user):
        lines = [
            Markup("<li>%s</li>")
            % self.env._(
                "%(account)s: from %(before)s to %(after)s",
                account=move.name,
                before=move.from_user_id.name or self.env._("nobody"),
                after=move.to_user_id.name,
            )
            for move in moves[:LISTED]
        ]
        if len(moves) > LISTED:
            more = self.env._("and %s more", len(moves) - LISTED)
            lines.append(Markup("<li>%s</li>") % more)
        return Markup("<p>%s</p><ul>%s</ul>") % (
            self.env._("%(title)s %(count)s accounts:", title=title, count=len(moves)),
            Markup().join(lines),
        )

    def _notify(self, user, subject, body):
        """A message in the inbox or by mail, as the user wants it."""
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=body,
            mail_auto_delete=True,
        )

    def _tell_undone(self):
        said = self.env._(
            "“%(scenario)s” has been undone: %(restored)s records have the salesperson "
            "they had before.",
            scenario=self.name,
            restored=self.restored_count,
        )
        if self.kept_count:
            said += " " + self.env._(
                "%(kept)s had been changed since and were left alone.",
                kept=self.kept_count,
            )
        self.message_post(body=said)
        for user in (self.move_ids.to_user_id | self.move_ids.from_user_id).filtered(
            "active"
        ):
            self._notify(
                user,
                self.env._("Accounts are back with whom they were"),
                Markup("<p>%s</p>") % escape(said),
            )
