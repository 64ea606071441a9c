from datetime import timedelta

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import fields, models

from ..engine.insight import backtest, backtest_shares, visits
from ..engine.insight.status import Status
from . import _orders, _purchases, _visit_weeks
from .territory_account_churn import WEEK, YEAR
from .territory_account_crosssell import DAYS, TOP
from .territory_account_potential import SIZE
from .territory_backtest_figure import STATUS
from .territory_visit_effect import REACH

#: Days between two cuts, months between two of the potential, weeks between two of visits.
STEP_DAYS, STEP_MONTHS, STEP_WEEKS = 30, 3, 13
POTENTIAL = 0.85
CHANCE = 0.9
#: Weeks after a cut in which the effect of visits is looked at, at least.
WEEKS_AFTER = 26


class TerritoryBacktest(models.Model):
    """What is measured at one cut of one insight.

    Nothing from after a cut is learned from: orders, purchases, visits and tenure are
    those until then. Employees, industry and place of a company, and what was credited
    since, are known as of today only.
    """

    _inherit = "territory.backtest"

    # --------------------------------------------------------------------- cuts
    def _cut_dates(self):
        """Days to cut at for each insight, oldest last: those of the last 12 months
        after which as many days are known as are to be looked at."""
        self.ensure_one()
        last, horizon = self.date, self.horizon
        ahead = [
            last - timedelta(days=days)
            for days in range(horizon, max(YEAR, horizon) + 1, STEP_DAYS)
        ]
        month = last.replace(day=1)
        sunday = last - timedelta(days=last.weekday() + 1)
        return {
            "churn": ahead,
            "potential": [
                month - relativedelta(months=months) - timedelta(days=1)
                for months in range(0, 13, STEP_MONTHS)
            ],
            "crosssell": ahead,
            "visits": [
                sunday - timedelta(weeks=weeks)
                for weeks in range(WEEKS_AFTER, 53, STEP_WEEKS)
            ],
        }

    def _measure(self, insight, cut):
        """Measure one insight at one cut, and keep it in place of what was there."""
        self.ensure_one()
        self.figure_ids.filtered(
            lambda figure: figure.insight == insight and figure.cut_date == cut
        ).unlink()
        if insight == "churn":
            self.point_ids.filtered(lambda point: point.cut_date == cut).unlink()
        getattr(self, f"_measure_{insight}")(cut)

    def _keep(self, insight, measure, cut, status="scored", **values):
        """Keep a figure; numbers that are none are left out."""
        self.env["territory.backtest.figure"].create(
            {
                "backtest_id": self.id,
                "insight": insight,
                "measure": measure,
                "cut_date": cut,
                "status": status,
                **{k: v for k, v in values.items() if v is not None and v == v},
            }
        )

    # --------------------------------------------------------------------- risk
    def _measure_churn(self, cut):
        days = _orders.gather(self.company_id)
        found = backtest.churn_cut(
            days.partner, days.day, np.datetime64(cut), self.horizon, unit=WEEK
        )
        count = {"count": len(found.customer)}
        if found.status != Status.SCORED:
            status = STATUS[found.status] if len(found.customer) else "young"
            for measure in ("auc", "brier", "auc_all"):
                self._keep("churn", measure, cut, status, **count)
            return
        # Whoever has not ordered for a year is shown as lapsed and not by the risk: such
        # customers are told with ease and would make it look better than it is.
        active, everybody = found.among(YEAR), found.among(np.inf)
        for measures, answer in ((("auc", "brier"), active), (("auc_all",), everybody)):
            for measure in measures:
                if answer is None:
                    self._keep("churn", measure, cut, "same", **count)
                else:
                    self._keep_churn(measure, cut, *answer)
        if active is not None:
            self._keep_curve(cut, active[0])

    def _keep_churn(self, measure, cut, found, alone):
        name = "brier" if measure == "brier" else "auc"
        self._keep(
            "churn",
            measure,
            cut,
            value=getattr(found, name),
            value_low=getattr(found, f"{name}_low"),
            value_high=getattr(found, f"{name}_high"),
            reference=found.brier_base if name == "brier" else alone,
            count=found.count,
            happened=found.happened,
        )

    def _keep_curve(self, cut, found):
        columns = (
            found.bin_forecast,
            found.bin_share,
            found.bin_low,
            found.bin_high,
            found.bin_count,
        )
        names = ("forecast", "share", "share_low", "share_high", "count")
        self.env["territory.backtest.point"].create(
            [
                {
                    "backtest_id": self.id,
                    "cut_date": cut,
                    "tenth": tenth,
                    **dict(zip(names, row, strict=True)),
                }
                for tenth, row in enumerate(
                    zip(*(column.tolist() for column in columns), strict=True), 1
                )
            ]
        )

    # ---------------------------------------------------------------- potential
    def _measure_potential(self, cut):
        accounts = self.env["territory.account"]
        # sudo: a back-test is the whole company's, whoever started it
        ids, _now, _since, features = accounts.sudo()._potential_features(
            self.company_id, cut
        )
        revenue, _visits = accounts.sudo()._panel(accounts.sudo().browse(ids.tolist()))
        last = self.date.replace(day=1)
        past = (last.year - cut.year) * 12 + last.month - cut.month - 1
        end = revenue.shape[1] - past
        year = revenue[:, max(end - 12, 0) : end]
        full = past == 12
        if end < 12 or not year[:, 0].any():
            for measure in ("unseen", "next")[: 1 + full]:
                self._keep("potential", measure, cut, "young")
            return
        buys = np.flatnonzero(year.sum(axis=1) > 0)
        known = {name: column[buys] for name, column in features.items()}
        bought = year[buys].sum(axis=1)
        found = backtest_shares.potential_unseen(known, bought, size=SIZE)
        self._keep_share("potential", "unseen", cut, found, POTENTIAL)
        if full:
            after = revenue[buys, end : end + 12].sum(axis=1)
            found = backtest_shares.potential_next(known, bought, after, size=SIZE)
            self._keep_share("potential", "next", cut, found, POTENTIAL)

    def _keep_share(self, insight, measure, cut, found, reference):
        self._keep(
            insight,
            measure,
            cut,
            STATUS[found.status],
            value=found.value,
            value_low=found.low,
            value_high=found.high,
            reference=reference if found.status == Status.SCORED else None,
            count=found.count,
            happened=found.happened,
        )

    # ------------------------------------------------------------ next purchases
    def _measure_crosssell(self, cut):
        company, ahead = self.company_id, timedelta(days=self.horizon)
        before = _purchases.gather(company, cut, DAYS)
        after = _purchases.gather(company, cut + ahead, self.horizon - 1)
        found = backtest_shares.crosssell_cut(
            before.partner,
            before.category,
            before.amount,
            after.partner,
            after.category,
            top=TOP,
        )
        answer = found.share
        self._keep_share("crosssell", "hits", cut, answer, found.popular_share)
        if answer.status == Status.SCORED and found.popular.sum():
            ratio, low, high = found.gain
            self._keep(
                "crosssell",
                "gain",
                cut,
                value=ratio,
                value_low=low,
                value_high=high,
                reference=1.0,
                count=answer.count,
            )

    # ------------------------------------------------------------------- visits
    def _measure_visits(self, cut):
        """Learned until the cut, and learned anew from the weeks after it."""
        found = _visit_weeks.gather(self.company_id, self.date)
        weeks = found.orders.shape[1] - (found.last - cut).days // WEEK
        answers = [
            visits.effect(found.orders[:, part], found.visits[:, part], reach=REACH)
            for part in (slice(max(weeks, 0)), slice(max(weeks, 0), None))
        ]
        for measure, answer in zip(("before", "after"), answers, strict=True):
            self._keep(
                "visits",
                measure,
                cut,
                STATUS[Status(int(answer.status[0]))],
                value=answer.ratio[0],
                value_low=answer.low[0],
                value_high=answer.high[0],
                count=int(answer.customers[0]),
            )
        if all(answer.status[0] == Status.SCORED for answer in answers):
            ends = [(a.ratio[0], a.low[0], a.high[0]) for a in answers]
            agree = backtest_shares.effects_agree(*ends)
            self._keep(
                "visits",
                "agree",
                cut,
                value=agree,
                reference=CHANCE,
                count=1,
                happened=agree,
            )

    # --------------------------------------------------------------------- end
    def _finish(self):
        """All cuts together, and what the list shows."""
        self.ensure_one()
        self.figure_ids.filtered(lambda figure: not figure.cut_date).unlink()
        self.point_ids.filtered(lambda point: not point.cut_date).unlink()
        for measure in sorted(set(self.figure_ids.mapped("measure"))):
            figures = self.figure_ids.filtered(
                lambda f, name=measure: f.measure == name and f.cut_date
            )
            self._keep_together(figures)
        self._keep_curve_together()
        self.invalidate_recordset()
        top = {
            figure.measure: figure.value
            for figure in self.figure_ids
            if not figure.cut_date
        }
        issues = dict(
            self.env["territory.price.issue"]._read_group(
                [("company_id", "=", self.company_id.id)], ["state"], ["__count"]
            )
        )
        self.write(
            {
                "auc": top.get("auc"),
                "brier": top.get("brier"),
                "coverage": top.get("unseen"),
                "hits": top.get("hits"),
                **{
                    f"price_{state}": issues.get(state, 0)
                    for state in ("open", "accepted", "fixed")
                },
                "date_done": fields.Datetime.now(),
            }
        )

    def _keep_together(self, figures):
        """The mean over cuts, by how much each of them saw.

        The cuts look at much the same customers, so the range is not narrowed by their
        number.
        """
        scored = figures.filtered(lambda figure: figure.status == "scored")
        measure = figures[:1].measure
        if not scored or measure in ("before", "after"):
            return
        count = np.array(scored.mapped("count"), float)
        happened = np.array(scored.mapped("happened"), float)
        pairs = measure in ("auc", "auc_all")
        weight = happened * (count - happened) if pairs else count
        self._keep(
            figures[:1].insight,
            measure,
            False,
            count=int(count.sum()),
            happened=int(happened.sum()),
            **{
                name: float(np.average([f[name] for f in scored], weights=weight))
                for name in ("value", "value_low", "value_high", "reference")
            },
        )

    def _keep_curve_together(self):
        """Each tenth of all cuts: the tenth is that of a customer's own cut."""
        points = self.point_ids.grouped("tenth")
        names = ("forecast", "share", "share_low", "share_high")
        self.env["territory.backtest.point"].create(
            [
                {
                    "backtest_id": self.id,
                    "tenth": tenth,
                    "count": sum(tenths.mapped("count")),
                    **{
                        name: float(
                            np.average(
                                tenths.mapped(name), weights=tenths.mapped("count")
                            )
                        )
                        for name in names
                    },
                }
                for tenth, tenths in points.items()
            ]
        )
