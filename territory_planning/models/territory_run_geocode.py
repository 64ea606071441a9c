import time

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import places
from ..geocoders import Trouble
from ._finder import Turn

BATCH = 200
SECONDS = 10.0  # a step begins no request after so long; timeouts come on top
TROUBLES = 3  # batches in a row that fail before a person is asked

#: What is looked up without being asked for: new addresses, changed ones, and
#: coordinates that are nowhere on earth. Never a place set by hand.
QUEUE = SQL(
    """
    p.territory_place_precision IS DISTINCT FROM 'manual'
    AND (p.territory_place_status IN ('never', 'stale')
         OR p.territory_place_reason = 'impossible')
    AND COALESCE(p.territory_place_reason, '') NOT IN ('no_country', 'no_town')
    """
)
ASKED_FOR = SQL("(%s) AND p.territory_place_reason = 'retry'", QUEUE)
KINDS = ("geocode", "lookup", "places")


class TerritoryRun(models.Model):
    """The run that finds places: check, ask the service batch by batch, check again.

    A batch is one step and one transaction. What the service said is kept at once,
    in a transaction of its own, so that a batch that was cut off asks nothing twice.
    """

    _inherit = "territory.run"

    @api.model
    def _steps(self):
        return super()._steps() | {
            "geocode": ["_step_places_check", "_step_places_find", "_step_places_end"],
            "lookup": ["_step_places_check", "_step_places_find", "_step_places_end"],
            "places": ["_step_places_end"],
        }

    def _places_queue(self):
        return ASKED_FOR if self.kind == "lookup" else QUEUE

    @api.depends("result")
    def _compute_progress(self):
        others = self.filtered(lambda run: run.kind not in KINDS)
        result = super(TerritoryRun, others)._compute_progress()
        for run in self - others:
            counts = run.result or {}
            done, total = counts.get("looked_up", 0), counts.get("to_look_up", 0)
            if run.state == "done":
                run.progress = 1.0
            elif total:
                run.progress = min(done / total, 0.99)
            else:
                run.progress = 0.0
        return result

    # ------------------------------------------------------------------- steps
    def _step_places_check(self):
        accounts = self.env["territory.account"]
        accounts._check_places(self.company_id)
        waiting = accounts._place_columns(self.company_id, self._places_queue())
        return {
            "to_look_up": len(waiting["id"]),
            **dict.fromkeys(
                ("looked_up", "found", "doubtful", "failed", "requests", "troubles"), 0
            ),
            "note": "",
        }

    def _step_places_find(self):
        accounts = self.env["territory.account"]
        data = accounts._place_columns(
            self.company_id, self._places_queue(), limit=BATCH
        )
        result = dict(self.result or {})
        if not data["id"]:
            return {"troubles": 0}
        finder = self.env["base.geocoder"]._territory_finder()
        outcomes, problem = self._find_batch(finder, data)
        self._keep_outcomes(finder.service, data, outcomes)
        for outcome in outcomes:
            result[outcome["count"]] = result.get(outcome["count"], 0) + 1
        found = {
            **{n: result.get(n, 0) for n in ("found", "doubtful", "failed")},
            "looked_up": result.get("looked_up", 0) + len(outcomes),
            "requests": result.get("requests", 0) + finder.asked,
            "troubles": 0,
            "again": True,
        }
        # what is queued now may be more than at the start
        found["to_look_up"] = max(result.get("to_look_up", 0), found["looked_up"])
        if problem:
            found |= self._after_problem(problem, finder.service, outcomes)
        return found

    def _find_batch(self, finder, data):
        """Look up what can be within the time of a step.

        :return: the outcomes of the first rows, and what stopped the rest or None
        """
        accounts = self.env["territory.account"]
        deadline = time.monotonic() + SECONDS
        addresses = [accounts._place_address(data, r) for r in range(len(data["id"]))]
        finder.prepare(addresses)
        outcomes = []
        for row, address in enumerate(addresses):
            if time.monotonic() > deadline:
                break
            try:
                answer = finder.find(address, deadline)
            except (Trouble, Turn) as problem:
                return outcomes, problem
            outcomes.append(self._outcome(data, row, address, answer))
        return outcomes, None

    @api.model
    def _outcome(self, data, row, address, answer):
        """What an answer does to an account: a doubtful one moves nothing.

        A place abroad is not taken; one that is only a country is, if there is no
        better one yet.
        """
        lost = data["reason"][row] == "impossible" or not (
            data["lat"][row] or data["lon"][row]
        )
        outcome = {"row": row, "answer": None, "count": "failed", "status": "failed"}
        if answer is None:
            return {**outcome, "reason": "not_found"}
        if answer.country and answer.country != address.country:
            return {
                **outcome,
                "reason": "abroad",
                "status": "doubtful",
                "count": "doubtful",
                "label": answer.label,
            }
        coarse = answer.precision == "country"
        outcome |= {
            "reason": "coarse" if coarse else None,
            "status": "doubtful" if coarse else "ok",
            "count": "doubtful" if coarse else "found",
            "label": answer.label,
        }
        if not coarse or lost:
            outcome["answer"] = answer
        return outcome

    @api.model
    def _keep_outcomes(self, service, data, outcomes):
        """Write a batch of outcomes: one statement, whatever became of them."""
        if not outcomes:
            return
        now, today = fields.Datetime.now(), fields.Date.today()
        rows = [outcome["row"] for outcome in outcomes]
        answers = [outcome["answer"] for outcome in outcomes]
        kept = {
            "partner_latitude": [data["lat"][row] for row in rows],
            "partner_longitude": [data["lon"][row] for row in rows],
            "precision": [data["precision"][row] for row in rows],
        }
        for number, answer in enumerate(answers):
            if answer:
                kept["partner_latitude"][number] = round(answer.latitude, 7)
                kept["partner_longitude"][number] = round(answer.longitude, 7)
                kept["precision"][number] = answer.precision
        self.env["territory.account"]._write_places(
            [data["id"][row] for row in rows],
            {
                **kept,
                "status": [outcome["status"] for outcome in outcomes],
                "reason": [outcome["reason"] for outcome in outcomes],
                "label": [outcome.get("label") for outcome in outcomes],
                "source": [service.label] * len(rows),
                "date": [now] * len(rows),
                "date_localization": [today] * len(rows),
                "hash": [
                    places.fingerprint(
                        *(
                            data[n][row]
                            for n in ("street", "zip", "city", "state", "country")
                        )
                    )
                    for row in rows
                ],
            },
        )

    def _after_problem(self, problem, service, outcomes):
        """Go on, end for today, or stop with a sentence."""
        sentence = self.env["base.geocoder"]._territory_sentence(problem, service)
        if problem.kind == "busy":
            return {}
        if problem.kind == "daily":
            return {"again": False, "note": sentence}
        troubles = 1
        if not outcomes:
            troubles += (self.result or {}).get("troubles", 0)
        stops = problem.kind == "paused" or getattr(problem, "stops", False)
        if stops or troubles >= TROUBLES:
            self._fail(sentence)
            return {"troubles": 0}
        return {"troubles": troubles}

    def _step_places_end(self):
        accounts = self.env["territory.account"]
        centres = accounts._place_centres(self.company_id)
        statuses = accounts._check_places(self.company_id)
        to_check = accounts.search_count(
            accounts._places_to_check_domain()
            & fields.Domain("company_id", "=", self.company_id.id)
        )
        self._say_places(to_check)
        return {"centres": centres, "statuses": statuses, "to_check": to_check}

    def _say_places(self, to_check):
        """Tell whoever started the run what came of it."""
        result = self.result or {}
        message = self.env._(
            "%(found)s of %(total)s addresses found, %(check)s places to check.",
            found=result.get("found", 0),
            total=result.get("looked_up", 0),
            check=to_check,
        )
        for run in self.filtered("user_id"):
            run.user_id._bus_send(
                "simple_notification",
                {
                    "type": "success",
                    "title": self.env._("Places"),
                    "message": f"{message} {result.get('note') or ''}".strip(),
                },
            )
