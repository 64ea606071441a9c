from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from . import _client_values as client
from .territory_plan_entry import KNOWLEDGE
from .territory_plan_line_cycle import SALES_MAX, VISITS_MAX

ENTRIES_MAX = 500
NOTE_MAX = 500
LEADER = "sales_team.group_sale_salesman_all_leads"


class TerritoryPlan(models.Model):
    """Taking in what reps say, from a phone that may be off the net for hours."""

    _inherit = "territory.plan"

    @api.model
    def save_territory_entries(self, entries):
        """Keep what a rep says of accounts in the month's plan; see docs/month.md.

        Each entry stands alone: one that cannot be kept does not hold up the others,
        and one sent twice is kept once. An entry made without having seen what
        somebody else said meanwhile is not kept but answered with what is there.

        :param entries: a list of dictionaries with ``uuid``, made up by the sender,
            ``line_id``, ``version`` of the line as last seen, and one or more of
            ``visits``, ``sales``, ``knowledge`` (``kind``, ``value``, ``note``)
        :return: for each, in order: ``uuid, line_id, status`` (``saved``, ``again``,
            ``conflict``, ``refused``), ``version, visits, sales``, ``message``
        """
        given = client.rows(self.env, entries, self.env._("Entries"), ENTRIES_MAX)
        read = [self._read_entry(entry) for entry in given]
        lines = self._entry_lines(read)
        known = self._known_entries(read)
        newer = self._newer_changes(lines)
        kept, changes = [], []
        answers = [
            self._take_entry(entry, lines, known, newer, kept, changes)
            for entry in read
        ]
        # sudo: entries and changes are nobody's to type in; see _entry_obstacle
        self.env["territory.plan.entry"].sudo().create(kept)
        self.env["territory.plan.change"]._log(changes)
        return answers

    # ------------------------------------------------------------------ reading
    def _read_entry(self, entry):
        """An entry as plain values, or with ``error``: why it is none."""
        found = {"uuid": "", "line_id": 0}
        env = self.env
        try:
            entry = client.mapping(env, entry, env._("Entry"))
            found["uuid"] = client.identifier(env, entry.get("uuid"), env._("Number"))
            found["line_id"] = client.record_id(
                env, entry.get("line_id"), env._("Line")
            )
            version = client.number(
                env, entry.get("version"), env._("Version"), 0, client.ID_MAX
            )
            found["version"] = int(version)
            found["force"] = entry.get("force") is True
            found["visits"] = self._visits_given(entry.get("visits"))
            found["sales"] = entry.get("sales")
            if found["sales"] is not None:
                found["sales"] = client.number(
                    env, found["sales"], env._("Expected Sales"), 0, SALES_MAX
                )
            found["knowledge"] = self._knowledge_given(entry.get("knowledge"))
            if not any(
                found[name] is not None for name in ("visits", "sales", "knowledge")
            ):
                raise UserError(
                    env._("Give visits, expected sales or what you know: one at least.")
                )
        except UserError as error:
            found["error"] = str(error)
        return found

    def _visits_given(self, value):
        if value is None:
            return None
        label = self.env._("Visits")
        visits = client.number(self.env, value, label, 0, VISITS_MAX)
        if visits != int(visits):
            raise UserError(
                self.env._("“Visits” is %(value)s. Give whole visits.", value=visits)
            )
        return int(visits)

    def _knowledge_given(self, value):
        if value is None:
            return None
        env = self.env
        label = env._("I Know Something")
        value = client.mapping(env, value, label)
        return {
            "knowledge": client.choice(
                env, value.get("kind"), label, [kind for kind, _name in KNOWLEDGE]
            ),
            "knowledge_value": client.number(
                env,
                0 if value.get("value") is None else value["value"],
                env._("Worth a Month"),
                0,
                SALES_MAX,
            ),
            "note": client.text(env, value.get("note"), env._("Note"), NOTE_MAX),
        }

    # ----------------------------------------------------------------- what is
    def _entry_lines(self, read):
        """The lines meant that the user may see, by id."""
        ids = {entry["line_id"] for entry in read if "error" not in entry}
        lines = self.env["territory.plan.line"].search([("id", "in", list(ids))])
        # The row itself is changed by every entry. Two transactions that change one
        # row cannot both be kept: the database has the later begin anew, and then it
        # sees the other's version.
        return {line.id: line for line in lines}

    def _known_entries(self, read):
        # sudo: asked only for the user's own, which may be on lines since handed over
        return set(
            self.env["territory.plan.entry"]
            .sudo()
            .search(
                [
                    ("author_id", "=", self.env.uid),
                    ("uuid", "in", [entry["uuid"] for entry in read if entry["uuid"]]),
                ]
            )
            .mapped("uuid")
        )

    def _newer_changes(self, lines):
        """The latest version of each line that somebody else made."""
        # sudo: only whether there is one is told, and the user sees the line itself
        rows = (
            self.env["territory.plan.change"]
            .sudo()
            ._read_group(
                [
                    ("line_id", "in", list(lines)),
                    ("author_id", "!=", self.env.uid),
                ],
                ["line_id"],
                ["version:max"],
            )
        )
        return {line.id: version for line, version in rows}

    # ------------------------------------------------------------------- taking
    def _take_entry(self, entry, lines, known, newer, kept, changes):
        line = lines.get(entry["line_id"])
        status, message = "saved", ""
        if "error" in entry:
            status, message = "refused", entry["error"]
        elif entry["uuid"] in known:
            status = "again"
        else:
            message = self._entry_obstacle(line)
            if message:
                status = "refused"
            elif not entry["force"] and newer.get(line.id, 0) > entry["version"]:
                status = "conflict"
                message = self.env._(
                    "Somebody else has changed “%(account)s” meanwhile. Look at what "
                    "is there now and send yours again if it still holds.",
                    account=line.account_id.display_name,
                )
            else:
                self._keep_entry(entry, line, kept, changes)
                known.add(entry["uuid"])
        seen = line is not None
        both = {}
        if status == "conflict":
            both = {
                "mine": self._entry_words(line, entry["visits"], entry["sales"]),
                "theirs": self._entry_words(
                    line,
                    line.visits_rep if line.answered else None,
                    line.sales_rep if line.sales_given else None,
                ),
            }
        return both | {
            "uuid": entry["uuid"],
            "line_id": entry["line_id"],
            "status": status,
            "message": message,
            "version": line.version if seen else 0,
            "visits": line.visits_rep if seen and line.answered else None,
            "sales": line.sales_rep if seen and line.sales_given else None,
        }

    def _entry_words(self, line, visits, sales):
        """What an entry says, for the person who decides between two of them."""
        words = []
        if visits is not None:
            words.append(self.env._("%(count)s visits", count=visits))
        if sales is not None:
            money = format_amount(self.env, sales, line.currency_id)
            words.append(self.env._("sales of %(amount)s", amount=money))
        return ", ".join(words) or self.env._("nothing yet")

    def _entry_obstacle(self, line):
        """Why nothing can be said of this line now, in a sentence; usually nothing."""
        if line is None:
            return self.env._(
                "This account is not in your plan, or no longer yours. Load your month "
                "again."
            )
        leader = self.env.user.has_group(LEADER)
        if line.user_id != self.env.user and not leader:
            return self.env._(
                "“%(account)s” is not yours.", account=line.account_id.display_name
            )
        plan = line.plan_id
        if plan.state != "collecting":
            return self.env._(
                "The plan of %(month)s is not collecting views now, so nothing was "
                "changed. Ask the sales leader to open it again.",
                month=plan.name,
            )
        return ""

    def _keep_entry(self, entry, line, kept, changes):
        """Change the line; what to keep of it is added to ``kept`` and ``changes``."""
        line = (
            line.sudo()
        )  # sudo: the user's right was asked; lines are closed to typing
        version = line.version + 1
        values = {
            "version": version,
            "answered_on": fields.Datetime.now(),
            "agreed_set": False,
        }
        visits, sales = entry["visits"], entry["sales"]
        if visits is not None:
            if not line.answered or line.visits_rep != visits:
                before = line.visits_rep if line.answered else line.visits_recommended
                changes.append(line._change("visits", before, visits, version))
            values |= {"answered": True, "visits_rep": visits}
        if sales is not None:
            if not line.sales_given or line.sales_rep != sales:
                before = line.sales_rep if line.sales_given else line.sales_model
                changes.append(line._change("sales", before, sales, version))
            values |= {"sales_given": True, "sales_rep": sales}
        kept.append(
            {
                "plan_id": line.plan_id.id,
                "line_id": line.id,
                "user_id": line.user_id.id,
                "author_id": self.env.uid,
                "uuid": entry["uuid"],
                "version": version,
                "visits_given": visits is not None,
                "visits": visits or 0,
                "sales_given": sales is not None,
                "sales": sales or 0.0,
                **(entry["knowledge"] or {}),
            }
        )
        line.write(values)
