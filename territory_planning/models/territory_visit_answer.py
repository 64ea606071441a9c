import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..engine import calibration

# The five questions in the engine's order, as a percentage of sales with today's visits.
QUESTIONS = ("sales_none", "sales_half", "sales_now", "sales_more", "sales_most")
HIGHEST = 1000.0
# Answers nearer than this are no difference that anybody could mean.
STEP = 0.1
# What may be changed of an answer once given: history stays as it was said.
OPEN = {"note", "active"}


class TerritoryVisitAnswer(models.Model):
    """What one rep says that visits do at one account: decision calculus.

    Five questions of Lodish's CALLPLAN (1971): what the account would buy without
    visits, with half of today's, with today's, with half as many again and with as many
    as could make sense, as a percentage of today's sales. A new answer of the same
    judge supersedes the old one, which is kept, archived.
    """

    _name = "territory.visit.answer"
    _description = "Answer on Visits"
    _order = "date desc, id desc"
    _rec_name = "account_id"
    _check_company_auto = True

    account_id = fields.Many2one(
        "territory.account",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Judge",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
    )
    active = fields.Boolean(
        string="Current",
        default=True,
        help="An answer counts until the same judge gives a new one or withdraws it.",
    )
    date = fields.Datetime(
        string="Answered", required=True, readonly=True, default=fields.Datetime.now
    )
    visits_now = fields.Float(
        string="Visits a Month, Then",
        required=True,
        readonly=True,
        aggregator="avg",
        digits=(16, 3),
        help="How often the account was visited when the questions were answered.",
    )
    revenue_now = fields.Monetary(
        string="Revenue a Month, Then", readonly=True, aggregator="avg"
    )
    sales_none = fields.Float(
        string="Without Visits (%)", required=True, readonly=True, aggregator="avg"
    )
    sales_half = fields.Float(
        string="With Half the Visits (%)",
        required=True,
        readonly=True,
        aggregator="avg",
    )
    sales_now = fields.Float(
        string="As Now (%)",
        required=True,
        readonly=True,
        default=100.0,
        aggregator="avg",
    )
    sales_more = fields.Float(
        string="With Half as Many Again (%)",
        required=True,
        readonly=True,
        aggregator="avg",
    )
    sales_most = fields.Float(
        string="With as Many as Make Sense (%)",
        required=True,
        readonly=True,
        aggregator="avg",
    )
    note = fields.Char(string="Why", size=500)

    _current_uniq = models.UniqueIndex(
        "(account_id, user_id) WHERE active",
        "Each judge has one current answer per account.",
    )

    # -------------------------------------------------------------- constraints
    @api.constrains(*QUESTIONS, "visits_now")
    def _check_answers(self):
        for answer in self:
            answer.account_id._check_territory_answers(answer._shares())
            if not 0 < answer.visits_now < 1000:
                raise ValidationError(
                    self.env._(
                        "“%(account)s”: “Visits a Month, Then” is %(value)s. Answers "
                        "compare with the visits there are, so there must be some.",
                        account=answer.account_id.display_name,
                        value=f"{answer.visits_now:g}",
                    )
                )

    # --------------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """Give answers; whatever the same judge said before is superseded.

        What they are compared with, and when, is not for the caller to say.
        """
        accounts = self.env["territory.account"].browse(
            [vals.get("account_id") for vals in vals_list if vals.get("account_id")]
        )
        accounts.check_access("read")
        ready = []
        for vals in vals_list:
            account = accounts.browse(vals.get("account_id") or [])
            facts = account._answer_basis() if account else {}
            ready.append(vals | facts if not self.env.su else facts | vals)
        judges = [vals.get("user_id") or self.env.uid for vals in vals_list]
        before = self.search(
            [("account_id", "in", accounts.ids), ("user_id", "in", judges)]
        )
        pairs = {
            (vals.get("account_id"), judge)
            for vals, judge in zip(vals_list, judges, strict=True)
        }
        superseded = before.filtered(
            lambda answer: (answer.account_id.id, answer.user_id.id) in pairs
        )
        superseded.write({"active": False})
        superseded.flush_recordset(["active"])  # the index allows one at any time
        return super().create(ready)

    def write(self, vals):
        if set(vals) - OPEN and not self.env.su:
            raise AccessError(
                self.env._(
                    "An answer stays as it was given. Answer the questions again "
                    "instead: the new answer takes the place of this one."
                )
            )
        return super().write(vals)

    def _shares(self):
        """The five answers, percentages of sales with the visits of then."""
        self.ensure_one()
        return [self[name] for name in QUESTIONS]

    # ------------------------------------------------------------- for the plan
    @api.model
    def _current(self, accounts):
        """What counts today: the latest answers of judges who still work here.

        :return: rows of ``account_id, user_id, visits_now, points`` as relative sales
        """
        company = accounts[:1].company_id
        since = fields.Datetime.now() - relativedelta(
            months=company.territory_judgement_months
        )
        # sudo: what an account is worth rests on all who judged it, whoever asks
        answers = self.sudo().search_fetch(
            [
                ("company_id", "=", company.id),
                ("account_id", "in", accounts.ids),
                ("user_id.active", "=", True),
                ("date", ">=", since),
            ],
            ["account_id", "user_id", "visits_now", *QUESTIONS],
            order="account_id, user_id",
        )
        return [
            {
                "account_id": answer.account_id.id,
                "user_id": answer.user_id.id,
                "visits_now": answer.visits_now,
                "points": [answer[name] / 100.0 for name in QUESTIONS],
            }
            for answer in answers
        ]

    @api.model
    def _judgement(self, accounts, visits):
        """The current answers as the engine takes them.

        :param visits: ``(n, t)`` visits a month of ``accounts``, the last 12 are now
        :return: ``(j, n, 5)`` relative to today's visits, NaN where there is none, or
            None without any
        """
        if not accounts:
            return None
        return self._stack(self._current(accounts), accounts, visits)

    @api.model
    def _stack(self, rows, accounts, visits):
        """Rows of :meth:`_current` by judge and account, see :meth:`_judgement`."""
        if not rows:
            return None
        place = {account_id: row for row, account_id in enumerate(accounts.ids)}
        where = np.array([place[row["account_id"]] for row in rows])
        now = visits[:, -calibration.RECENT :].mean(axis=1)
        now = np.where(now > 0, now, calibration.HALF_VISIT)
        points = calibration.rebase_judgement(
            np.array([row["points"] for row in rows]),
            np.array([row["visits_now"] for row in rows]),
            now[where],
        )
        judge = np.zeros(len(rows), dtype=int)
        for row in range(1, len(rows)):
            judge[row] = judge[row - 1] + 1 if where[row] == where[row - 1] else 0
        stacked = np.full((judge.max() + 1, len(accounts), len(QUESTIONS)), np.nan)
        stacked[judge, where] = points
        return stacked
