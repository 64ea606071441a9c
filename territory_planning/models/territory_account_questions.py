from numbers import Real

import numpy as np

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import account_curve, calibration
from .territory_visit_answer import HIGHEST, QUESTIONS, STEP


class TerritoryAccount(models.Model):
    """The five questions about an account, and what answers change."""

    _inherit = "territory.account"

    # -------------------------------------------------------------------- RPC
    @api.readonly
    def preview_territory_answers(self, answers):
        """Answer with the curve as it would be with these answers of the user.

        Nothing is stored. Besides what ``get_territory_curve`` gives: ``before``, mean
        sales without the user's answers on the same efforts; ``answered``, sales on the
        judged curve alone; ``next_hour_before`` and ``verdict``, a sentence.

        :param answers: five percentages of today's sales, see the model
            ``territory.visit.answer``
        """
        self.ensure_one()
        self.check_access("read")
        self._check_territory_answers(answers)
        line = self._curve_line()
        others = [
            row
            for row in self.env["territory.visit.answer"]._current(self)
            if row["user_id"] != self.env.uid
        ]
        basis = self._answer_basis()
        mine = {
            "account_id": self.id,
            "user_id": self.env.uid,
            "visits_now": basis["visits_now"],
            "points": [share / 100.0 for share in answers],
        }
        payload = self._curve_payload([*others, mine])
        if payload["status"] != "curve":
            return payload
        now = line.visits_today or calibration.HALF_VISIT
        before = self._curve_posterior(line, others, now)
        grid = np.array(payload["effort"])
        band = account_curve.curve_band(
            grid,
            sales=line.revenue_expected,
            effort_now=now,
            elasticity=before["elasticity"],
            sd=before["sd"],
        )
        value = account_curve.value_of_next_hour(
            sales=line.revenue_expected,
            effort_now=now,
            elasticity=before["elasticity"],
            margin_rate=line.margin_rate,
            hours_per_visit=line.hours_per_visit,
        )[0]
        judged = calibration.from_judgement(
            [mine["points"]], effort=mine["visits_now"], sales=line.revenue_expected
        )
        return {
            **payload,
            "before": band.mean[0].round(2).tolist(),
            "answered": judged.sales(grid[:, None])[:, 0].round(2).tolist(),
            "next_hour_before": float(value),
            "verdict": self.env._(
                "With your answers an hour here is worth %(with_them)s instead of "
                "%(without)s.",
                with_them=line._money(payload["next_hour"]),
                without=line._money(value),
            ),
        }

    def save_territory_answers(self, answers, note=""):
        """Keep these answers as the user's current ones.

        :param answers: five percentages of today's sales
        :return: what ``get_territory_curve`` now answers
        """
        self.ensure_one()
        self.check_access("read")
        self._check_territory_answers(answers)
        self.env["territory.visit.answer"].create(
            {
                "account_id": self.id,
                "note": str(note or "").strip()[:500],
                **dict(zip(QUESTIONS, answers, strict=True)),
            }
        )
        return self.get_territory_curve()

    def action_visit_questions(self):
        """The button on the account: the dialog with the questions."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "territory_visit_questions",
            "target": "new",
            "params": {"account_id": self.id},
        }

    # ------------------------------------------------------------------- basis
    def _answer_basis(self):
        """What answers are compared with: now, and its visits and sales a month.

        :raises ValidationError: there is nothing to compare with
        """
        self.ensure_one()
        reason = self._answer_obstacle()
        if reason:
            raise ValidationError(reason)
        line = self._curve_line()
        return {
            "date": fields.Datetime.now(),
            "visits_now": self._answer_visits(line),
            "revenue_now": self._answer_revenue(line),
        }

    def _answer_visits(self, line):
        return line.visits_today if line else self.visits_12m / 12

    def _answer_revenue(self, line):
        return line.revenue_month if line else self.revenue_12m / 12

    def _answer_obstacle(self):
        """Why the questions cannot be asked here, in a sentence; usually nothing."""
        line = self._curve_line()
        if self._answer_visits(line) <= 0:
            return self.env._(
                "“%(account)s” has not been visited in the last 12 months. The questions "
                "compare with the visits there are: visit it first, then answer.",
                account=self.display_name,
            )
        if self._answer_revenue(line) <= 0:
            return self.env._(
                "“%(account)s” has no revenue in the last 12 months. The questions "
                "compare with what it buys, so they cannot be asked yet.",
                account=self.display_name,
            )
        return ""

    # --------------------------------------------------------------- the form
    def _curve_questions(self, line):
        """What the form asks with.

        :return: ``obstacle``, a sentence if they cannot be asked; else ``visits_now,
            revenue_now`` a month, ``rhythms``, each question's visits in
            words, ``start``, five percentages to begin with, and ``mine``: the user's
            current ``answers, date, note``, or False
        """
        obstacle = self._answer_obstacle()
        if obstacle:
            return {"obstacle": obstacle}
        visits = self._answer_visits(line)
        mine = self.env["territory.visit.answer"].search(
            [("account_id", "=", self.id), ("user_id", "=", self.env.uid)], limit=1
        )
        rhythm = self.env["territory.plan.line"]._rhythm
        return {
            "obstacle": "",
            "visits_now": visits,
            "revenue_now": self._answer_revenue(line),
            "rhythms": [rhythm(visits * share) for share in (0, 0.5, 1, 1.5)],
            "start": self._answer_start(line),
            "highest": HIGHEST,
            "mine": bool(mine)
            and {"answers": mine._shares(), "date": mine.date, "note": mine.note or ""},
        }

    def _answer_start(self, line):
        """Where the sliders stand before the rep has moved them: what is known."""
        company = self.company_id
        effect = line.elasticity_unjudged or line.elasticity
        effect = effect if effect > 0 else company.territory_prior_elasticity
        share = calibration.factor(np.array([0.0, 0.5, 1.5]), 1.0, effect, 0.0)[0]
        none, half, more = (100 * share).round().tolist()
        half = min(half, 98.0)
        more = max(more, 102.0)
        most = max(round(100 * (1 + 2 * effect)), more + 2.0)
        return [min(none, half - 2.0), half, 100.0, more, most]

    # ------------------------------------------------------------------ checks
    def _check_territory_answers(self, answers):
        """Refuse answers that nobody can mean, in a sentence that says what to do."""
        self.ensure_one()
        numbers = isinstance(answers, list | tuple) and len(answers) == len(QUESTIONS)
        numbers = numbers and all(
            isinstance(share, Real) and not isinstance(share, bool) for share in answers
        )
        if not numbers:
            raise ValidationError(
                self.env._(
                    "“%(account)s”: five answers are needed, each a percentage of what "
                    "it buys now.",
                    account=self.display_name,
                )
            )
        model = self.env["territory.visit.answer"]
        labels = [model._fields[n]._description_string(self.env) for n in QUESTIONS]
        figures = {"account": self.display_name}
        for label, share in zip(labels, answers, strict=True):
            if not 0 <= share <= HIGHEST:
                raise ValidationError(
                    self.env._(
                        "“%(account)s”: “%(question)s” is %(value)s. Give a percentage "
                        "between 0 and %(highest)s.",
                        question=label,
                        value=f"{share:g}",
                        highest=f"{HIGHEST:g}",
                        **figures,
                    )
                )
        if abs(answers[2] - 100.0) > 1e-6:
            raise ValidationError(
                self.env._(
                    "“%(account)s”: “%(question)s” is %(value)s. It is what all others "
                    "are compared with, so it must be 100.",
                    question=labels[2],
                    value=f"{answers[2]:g}",
                    **figures,
                )
            )
        for place in range(1, len(answers)):
            less, more = answers[place - 1], answers[place]
            if more - less < STEP - 1e-9:
                raise ValidationError(
                    self.env._(
                        "“%(account)s”: “%(question)s” is %(value)s, but with fewer "
                        "visits, “%(before)s”, you said %(other)s. More visits never "
                        "sell less; if they change nothing, put the two %(step)s apart.",
                        question=labels[place],
                        value=f"{more:g}",
                        before=labels[place - 1],
                        other=f"{less:g}",
                        step=f"{STEP:g}",
                        **figures,
                    )
                )
