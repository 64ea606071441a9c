import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools.misc import format_date

from ..engine import account_curve, calibration

# What a curve needs to be more than a guess about the account.
LEAST_MONTHS = 3
GRID = 61
MONTHS_OF_A_POINT = 3
POINTS_BACK = 36
# Share of an account's best that is not worth a change: that of a flat zone.
ENOUGH = 0.01
# Share of judgement in the effect above which it is named as a source, as in a plan.
NAMED = 0.1


class TerritoryAccount(models.Model):
    """How an account responds to visits, ready to be drawn."""

    _inherit = "territory.account"

    @api.readonly
    def get_territory_curve(self):
        """Answer with everything to draw this account's response, in one call.

        It is what the latest plan used, not a new estimate; only answers that reps gave
        since are added, and ``newer`` says so. Under the user's own rights.

        :return: ``status`` ``"curve"`` or ``"words"``; with words only ``message`` says
            why there is no curve. Efforts in visits a month, sales in money a month,
            all intervals 90 %:

            - ``effort, mean, low, high``: lists of one length, at most 61
            - ``believed``: the two efforts between which the plan believes the curve
            - ``today``: ``effort, sales, visited``, without a visit in 12 months at
              half a visit a year, as in the plan; ``optimal``: ``effort, sales``, or
              False where nobody's hours can be planned
            - ``revenue_month``: what they really bought, mean of the last 12 months
            - ``flat``: the two efforts between which it hardly matters, or False
            - ``points``: ``effort, sales, label`` of each quarter of the history
            - ``judged``: answers the user may read: ``judge, date, mine, counts,
              points`` as ``[effort, sales]``, and ``most``, sales with endless effort
            - ``elasticity, sd, origin, origin_label, sample_size, margin_rate``
            - ``next_hour``, contribution of one more hour here, and ``usual_hour``,
              what it brings elsewhere; ``reason`` in a sentence
            - ``questions``: see ``_curve_questions``
        """
        self.ensure_one()
        self.check_access("read")
        return self._curve_payload(self.env["territory.visit.answer"]._current(self))

    def _curve_payload(self, rows):
        """:param rows: the answers that count, see ``territory.visit.answer._current``"""
        line = self._curve_line()
        payload = {
            "id": self.id,
            "name": self.display_name,
            "currency_id": self.currency_id.id,
            "questions": self._curve_questions(line),
        }
        message = self._curve_missing(line, rows)
        if message:
            return {**payload, "status": "words", "message": message}
        return {**payload, "status": "curve", **self._curve_figures(line, rows)}

    def _curve_line(self):
        """The line of the latest plan, if the user may read it."""
        line = self.plan_line_id
        return line if line and line.has_access("read") else line.browse()

    # -------------------------------------------------------------- too little
    def _curve_missing(self, line, rows):
        """Why there is no curve, in a sentence; nothing if there is one."""
        if not line:
            return self.env._(
                "No monthly plan covers this account yet, so it has no curve."
            )
        if not self._curve_history_sound():
            return self.env._(
                "“Monthly History” of “%(account)s” holds something that is no number. "
                "It is gathered anew every night; until then there is no curve.",
                account=self.display_name,
            )
        if line.revenue_expected <= 0 or line.elasticity <= 0:
            return self.env._(
                "“%(account)s” has no revenue in the last 12 months, so there is "
                "nothing that visits could be compared with.",
                account=self.display_name,
            )
        months = sum(amount > 0 for amount in (self.history or {}).get("revenue", ()))
        if months < LEAST_MONTHS and not rows:
            return self.env._(
                "Only %(months)s months with revenue are known of “%(account)s”: under "
                "%(least)s there is no curve of its own. The plan goes by comparable "
                "accounts and published studies. Your own answers would help.",
                months=months,
                least=LEAST_MONTHS,
                account=self.display_name,
            )
        return ""

    def _curve_history_sound(self):
        """Whether all months are numbers."""
        history = self.history or {"revenue": [], "visits": []}
        if not isinstance(history, dict):
            return False
        months = [history.get(name) for name in ("revenue", "visits")]
        if not all(isinstance(values, list) for values in months):
            return False
        return len(months[0]) == len(months[1]) and all(
            isinstance(value, int | float) and np.isfinite(value)
            for values in months
            for value in values
        )

    # ------------------------------------------------------------------ figures
    def _curve_figures(self, line, rows):
        now = line.visits_today or calibration.HALF_VISIT
        known = self._curve_posterior(line, rows, now)
        lower, upper = self._curve_believed(line, now)
        points = self._curve_points(line)
        judged = self._curve_judged(line, rows, now)
        value = account_curve.value_of_next_hour(
            sales=line.revenue_expected,
            effort_now=now,
            elasticity=known["elasticity"],
            margin_rate=line.margin_rate,
            hours_per_visit=line.hours_per_visit,
        )[0]
        usual = self._curve_usual_hour(line)
        optimal = self._curve_optimal(line, known, value, usual, now)
        flat = bool(line.user_id) and not known["newer"]
        far = [upper, 1.6 * now, *(point["effort"] for point in points)]
        far += [effort for one in judged for effort, _sales in one["points"]]
        far += [optimal or 0.0, line.visits_flat_high if flat else 0.0]
        grid = np.linspace(0.0, 1.05 * max(far), GRID)
        posterior = {
            "sales": line.revenue_expected,
            "effort_now": now,
            "elasticity": known["elasticity"],
            "sd": known["sd"],
        }
        band = account_curve.curve_band(grid, **posterior)
        special = account_curve.curve_band([now, optimal or 0.0], **posterior).mean[0]
        origins = dict(line._fields["curve_origin"]._description_selection(self.env))
        return {
            "effort": grid.round(4).tolist(),
            "mean": band.mean[0].round(2).tolist(),
            "low": band.low[0].round(2).tolist(),
            "high": band.high[0].round(2).tolist(),
            "believed": [lower, upper],
            "today": {
                "effort": now,
                "sales": float(special[0]),
                "visited": line.visits_today > 0,
            },
            "optimal": (
                False
                if optimal is None
                else {"effort": optimal, "sales": float(special[1])}
            ),
            "revenue_month": line.revenue_month,
            "flat": flat and [line.visits_flat_low, line.visits_flat_high],
            "points": points,
            "judged": judged,
            **known,
            "origin_label": origins.get(known["origin"], False),
            "margin_rate": line.margin_rate,
            "hours_per_visit": line.hours_per_visit,
            "next_hour": float(value),
            "usual_hour": usual,
            "reason": (
                self._curve_verdict(line, known, value, usual, optimal)
                if known["newer"]
                else line.reason
            ),
            "month": line.plan_id.name,
            "computed_on": line.plan_id.computed_on,
        }

    def _curve_posterior(self, line, rows, now):
        """What the plan used, or the same with answers that came since."""
        known = {
            "elasticity": line.elasticity,
            "sd": line.elasticity_sd,
            "origin": line.curve_origin,
            "sample_size": line.sample_size,
            "newer": False,
        }
        if line.elasticity_unjudged_sd <= 0:
            return known  # a plan from before answers were kept apart
        company = self.company_id
        mean, sd, weight = calibration.judge(
            line.elasticity_unjudged,
            line.elasticity_unjudged_sd,
            self._curve_judgement(rows, now),
            prior=calibration.Prior(
                mean=company.territory_prior_elasticity, sd=company.territory_prior_sd
            ),
        )
        if abs(mean[0] - line.elasticity) < 1e-4:
            return known
        history = line.curve_origin in ("history", "mixed", "learnt")
        told = "learnt" if line.curve_origin == "learnt" else "history"
        judged = weight[0] >= NAMED
        return {
            **known,
            "elasticity": float(mean[0]),
            "sd": float(sd[0]),
            "origin": {
                (False, False): "prior",
                (True, False): told,
                (False, True): "judgement",
                (True, True): "mixed",
            }[history, bool(judged)],
            "newer": True,
        }

    def _curve_judgement(self, rows, now):
        return self.env["territory.visit.answer"]._stack(rows, self, np.array([[now]]))

    def _curve_believed(self, line, now):
        """The damped range of the plan, with the settings it was computed with."""
        # sudo: of the plan's settings, closed to reps, only the damping is shown
        settings = line.plan_id.sudo().parameters or {}
        company = self.company_id
        low = settings.get("territory_damping_low", company.territory_damping_low)
        high = settings.get("territory_damping_high", company.territory_damping_high)
        return [now * low if line.visits_today else now, now * high]

    def _curve_usual_hour(self, line):
        """What the rep's hours bring elsewhere, or False where nobody has any."""
        row = line.plan_region_id
        if not line.user_id or not row.has_access("read"):
            return False
        return row.shadow_price

    def _curve_optimal(self, line, known, value, usual, now):
        """The plan's visits, or with newer answers those at the price of its hours."""
        if not line.user_id:
            return None
        if not known["newer"] or usual is False:
            return line.visits_optimal
        lower, upper = self._curve_believed(line, now)
        most = max(self.visits_max or upper, self.visits_min)
        best = account_curve.best_effort(
            value,
            max(usual, 0.0),
            effort_now=now,
            elasticity=known["elasticity"],
            lower=min(max(lower, self.visits_min), most),
            upper=max(min(upper, most), self.visits_min),
        )
        return float(best[0])

    # -------------------------------------------------------------- what is seen
    def _curve_points(self, line):
        """Each quarter of the history: visits behind it, sales in it."""
        history = self.history or {}
        revenue, visits = history.get("revenue", []), history.get("visits", [])
        months = min(len(revenue), len(visits))
        if not months:
            return []
        effort, sales = account_curve.evidence(
            [revenue[-months:]],
            [visits[-months:]],
            carry_over=self.company_id.territory_carry_over,
            length=MONTHS_OF_A_POINT,
        )
        after = fields.Date.to_date(history["from"]) + relativedelta(
            months=len(revenue)
        )
        keep = min(effort.shape[1], POINTS_BACK // MONTHS_OF_A_POINT)
        points = []
        for back in range(keep, 0, -1):
            first = after - relativedelta(months=back * MONTHS_OF_A_POINT)
            last = first + relativedelta(months=MONTHS_OF_A_POINT - 1)
            points.append(
                {
                    "effort": round(float(effort[0, -back]), 4),
                    "sales": round(float(sales[0, -back]), 2),
                    "label": self.env._(
                        "%(first)s to %(last)s",
                        first=format_date(self.env, first, date_format="MMM y"),
                        last=format_date(self.env, last, date_format="MMM y"),
                    ),
                }
            )
        return points

    def _curve_judged(self, line, rows, now):
        """The answers the user may read, through today's point of the curve."""
        answers = self.env["territory.visit.answer"].search(
            [("account_id", "=", self.id)]
        )
        counting = {row["user_id"]: row for row in rows}
        judged = []
        for answer in answers:
            row = counting.get(answer.user_id.id)
            points = [share / 100.0 for share in answer._shares()]
            then = answer.visits_now
            level = calibration.from_judgement([points]).sales(now / then)[0]
            unit = line.revenue_expected / level
            efforts = (0.0, 0.5 * then, then, 1.5 * then)
            judged.append(
                {
                    "judge": answer.user_id.display_name,
                    "date": answer.date,
                    "mine": answer.user_id == self.env.user,
                    "counts": bool(
                        row and calibration.FAR >= max(now / then, then / now)
                    ),
                    "points": [
                        [effort, unit * share]
                        for effort, share in zip(efforts, points, strict=False)
                    ],
                    "most": unit * points[-1],
                }
            )
        return judged

    def _curve_verdict(self, line, known, value, usual, optimal):
        """Which way newer answers point, in one sentence.

        Where staying gives up less than a flat zone does, nothing need change.
        """
        figures = {
            "hour": line._money(value),
            "usual": line._money(usual or 0.0),
            "today": line._rhythm(line.visits_today),
            "optimal": line._rhythm(optimal or 0.0),
        }
        if usual is False or optimal is None:
            return self.env._(
                "With the latest answers an hour here brings %(hour)s.", **figures
            )
        lost = account_curve.forgone(
            line.visits_today,
            optimal,
            value=value,
            price=max(usual, 0.0),
            effort_now=line.visits_today or calibration.HALF_VISIT,
            elasticity=known["elasticity"],
        )[0]
        if lost <= ENOUGH:
            return self.env._(
                "With the latest answers an hour here brings %(hour)s; elsewhere it "
                "brings %(usual)s. That is no difference worth a change: keep "
                "%(today)s.",
                **figures,
            )
        return self.env._(
            "With the latest answers an hour here brings %(hour)s; elsewhere it brings "
            "%(usual)s. %(optimal)s instead of %(today)s would pay.",
            **figures,
        )
