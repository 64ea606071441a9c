from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from . import _client_values as client
from . import _trip_entries as entries_
from .territory_trip import time_of_trip


class TerritoryTripStop(models.Model):
    """What happens at a stop, as the rep enters it on the road."""

    _inherit = "territory.trip.stop"

    skip_reason = fields.Char(string="Why Skipped", copy=False)
    postponed_to = fields.Date(copy=False)

    @api.model
    def apply_entries(self, entries):
        """Apply what a phone has kept while it had no connection.

        :param entries: at most 100 of ``{uuid, kind, stop_id, at, …}``; ``kind`` is
            ``check_in`` (with ``place`` only if the rep allowed it), ``outcome``
            (``outcome``, ``note``), ``skipped`` (``reason``), ``postponed`` (``to``,
            ``reason``) or ``undone``. ``seen`` is what the phone showed of the stop,
            ``force`` that the rep insists after a conflict, ``sent`` the phone's clock.
        :return: for each entry ``{uuid, status, message}``: ``saved``; ``again``, it was
            applied before; ``conflict``, someone has changed the stop since, with
            ``mine`` and ``theirs``; ``refused``, ``message`` says why
        """
        entries = client.rows(self.env, entries, self.env._("Entries"), entries_.MOST)
        # a rep who has switched to another company since still has what was entered
        mine = self.with_context(allowed_company_ids=self.env.user.company_ids.ids)
        return [mine._apply_entry(entry) for entry in entries]

    @api.model
    def _apply_entry(self, data):
        uuid = data.get("uuid") if isinstance(data, dict) else None
        answer = {"uuid": uuid if isinstance(uuid, str) else False, "message": ""}
        try:
            with self.env.cr.savepoint():
                outcomes = dict(self._fields["outcome"].selection)
                entry = entries_.clean(self.env, data, outcomes)
                return answer | self._apply_checked(entry)
        except UserError as error:
            return answer | {"status": "refused", "message": str(error)}

    @api.model
    def _apply_checked(self, entry):
        stop = self.search([("id", "=", entry.stop_id), ("user_id", "=", self.env.uid)])
        if not stop:
            raise UserError(
                self.env._(
                    "This stop is not on one of your trips any more. Write down "
                    "elsewhere what happened, for example at the customer."
                )
            )
        stop._lock_stop()
        # sudo: the log is written by this method alone, for its own user
        log = self.env["territory.trip.entry"].sudo()
        if log.search_count(
            [("user_id", "=", self.env.uid), ("uuid", "=", entry.uuid)], limit=1
        ):
            return {"status": "again"}
        conflict = {} if entry.force else stop._entry_conflict(entry)
        if conflict:
            return conflict
        stop._write_entry(entry)
        log.create(
            {
                "uuid": entry.uuid,
                "user_id": self.env.uid,
                "stop_id": stop.id,
                "kind": entry.kind,
                "at": entry.at,
                "insisted": entry.force,
            }
        )
        return {"status": "saved"}

    def _lock_stop(self):
        """Whoever else changes this stop waits, or begins anew with what is there now."""
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "SELECT id FROM territory_trip_stop WHERE id = %s FOR NO KEY UPDATE",
                self.id,
            )
        )

    def _write_entry(self, entry):
        values = dict(entry.values)
        if entry.kind == "outcome" and not self.check_in:
            values["check_in"] = values[
                "check_out"
            ]  # the tap that came first was missed
        self.write(values)
        if entry.postponed_to:
            self.partner_id.activity_schedule(
                "mail.mail_activity_data_todo",
                entry.postponed_to,
                summary=self.env._("Visit, postponed on a trip"),
                note=values["skip_reason"] or "",
                user_id=self.env.uid,
            )

    # --------------------------------------------------------------- conflicts
    def _entry_conflict(self, entry):
        """Both sides, if the stop is no longer what the phone built its entry on."""
        self.ensure_one()
        cancelled = self.trip_id.state == "cancelled"
        moved = any(self[name] != value for name, value in entry.seen.items())
        if not cancelled and not moved:
            return {}
        return {
            "status": "conflict",
            "message": self.env._("Someone has changed this stop in the meantime."),
            "mine": self._told_entry(entry),
            "theirs": self._told_now(cancelled),
        }

    def _told_entry(self, entry):
        tz = self.trip_id.tz
        time = time_of_trip(tz, entry.at)
        if entry.kind == "check_in":
            return self.env._("There since %(time)s", time=time)
        if entry.kind == "outcome":
            return self.env._(
                "%(outcome)s, %(time)s. %(note)s",
                outcome=self._outcome_word(entry.values["outcome"]),
                time=time,
                note=entry.values["outcome_note"],
            ).strip()
        if entry.kind == "undone":
            return self.env._("Not visited yet, %(time)s", time=time)
        word = self.env._("Skipped, %(time)s. %(reason)s")
        if entry.postponed_to:
            word = self.env._("Postponed, %(time)s. %(reason)s")
        return (word % {"time": time, "reason": entry.values["skip_reason"]}).strip()

    def _told_now(self, cancelled):
        """What the stop is now, and who made it so."""
        who = {
            "who": self.write_uid.sudo().name,  # sudo: a name that everybody sees
            "when": time_of_trip(self.trip_id.tz, self.write_date, date=True),
        }
        if cancelled:
            trip = self.trip_id
            who = {
                "who": trip.write_uid.sudo().name,  # sudo: as above
                "when": time_of_trip(trip.tz, trip.write_date, date=True),
            }
            return self.env._("The trip is cancelled (%(who)s, %(when)s)", **who)
        if self.state == "done" and self.outcome:
            return self.env._(
                "%(outcome)s (%(who)s, %(when)s)",
                outcome=self._outcome_word(self.outcome),
                **who,
            )
        if self.state == "skipped":
            return self.env._(
                "Skipped: %(reason)s (%(who)s, %(when)s)",
                reason=self.skip_reason or "–",
                **who,
            )
        if self.state == "there":
            since = time_of_trip(self.trip_id.tz, self.check_in)
            return self.env._(
                "There since %(since)s (%(who)s, %(when)s)", since=since, **who
            )
        if not self.arrival:
            return self.env._("To visit, no time set (%(who)s, %(when)s)", **who)
        return self.env._(
            "To visit, %(arrival)s (%(who)s, %(when)s)",
            arrival=time_of_trip(self.trip_id.tz, self.arrival, date=True),
            **who,
        )

    def _outcome_word(self, outcome):
        return dict(self._fields["outcome"]._description_selection(self.env))[outcome]
