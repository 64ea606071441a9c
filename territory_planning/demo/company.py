"""A believable company, invented from a seed.

A German supplier of pumps and drives: reps in three teams, customers and prospects in
real towns, three years of orders, visits and leads. Pure numpy, knows nothing of
Odoo, reads one file (the towns). Because the true response of every account to visits
is known here, tests can ask whether an analysis finds it.

How sales come about
====================
Account ``i`` in month ``t`` sells, on average, ``factor_it · f_i(stock_it)``:

- ``f_i`` is an ADBUDG curve (Little 1970) of its goodwill;
- ``stock`` is the goodwill of visits up to the month before, of which ``carry_over``
  lasts a month (Nerlove & Arrow 1962);
- ``factor`` is season, trend and a private ups and downs of the account, today's level
  being 1. It ends when a customer is lost.

Orders come at the intervals of a Gamma renewal process, so they are lumpy but not at
random. Visits chase what reps see coming: they follow the factor, so a month with many
visits sells more than the visits alone explain. And they follow habit: some accounts
see their rep far more often than their response would justify, and some reps have far
more to do than others.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from . import _history as history
from . import _people as people
from . import _words as words


# ------------------------------------------------------------------- the result
@dataclass(frozen=True)
class Team:
    name: str
    leader: str


@dataclass(frozen=True)
class Rep:
    """``team`` and ``zones``: index of the team, first two digits of postal codes."""

    name: str
    town: str
    lat: float
    lon: float
    team: int
    hours: float
    zones: tuple[str, ...]


@dataclass(frozen=True)
class Product:
    name: str
    category: int
    price: float
    cost: float


@dataclass(frozen=True, eq=False)
class Accounts:
    """Arrays ``(n,)``. ``rep``: index of who looks after it, −1 nobody; ``territory``:
    whose zone it lies in. ``lat, lon``: as on record, NaN where nothing is; ``wrong``:
    what is wrong with them, or empty. ``pricelist``, ``industry``, ``size``: indices
    into :mod:`_words`."""

    name: np.ndarray
    street: np.ndarray
    zip: np.ndarray
    city: np.ndarray
    phone: np.ndarray
    lat: np.ndarray
    lon: np.ndarray
    wrong: np.ndarray
    kind: np.ndarray
    industry: np.ndarray
    size: np.ndarray
    employees: np.ndarray
    pricelist: np.ndarray
    rep: np.ndarray
    territory: np.ndarray

    def __len__(self):
        return len(self.name)


@dataclass(frozen=True, eq=False)
class Truth:
    """What an analysis is meant to find out.

    ``base, top, shape, half (n,)``: the account's ADBUDG curve, sales a month at
    today's level against steady visits a month; of prospects and lost customers what
    could still be won. ``effort, stock, factor, expected (n, t)``: visits, goodwill,
    season × trend × private ups and downs, expected sales; the last month is the one
    that ``today`` is in, counted whole. ``leaks``: rows of account, product, discount
    given for no reason in percent.
    """

    base: np.ndarray
    top: np.ndarray
    shape: np.ndarray
    half: np.ndarray
    carry_over: float
    effort: np.ndarray
    stock: np.ndarray
    factor: np.ndarray
    expected: np.ndarray
    leaks: np.ndarray

    def sales(self, effort):
        """Sales a month of each account at steady effort ``(n,)`` or ``(n, t)``."""
        curve = (self.base, self.top, self.shape, self.half)
        if np.ndim(effort) == 2:
            curve = (parameter[:, None] for parameter in curve)
        return history.adbudg(effort, *curve)


@dataclass(frozen=True, eq=False)
class Visits:
    """Arrays ``(v,)`` by start: ``start`` is local time, also after today."""

    account: np.ndarray
    rep: np.ndarray
    start: np.ndarray
    minutes: np.ndarray


@dataclass(frozen=True, eq=False)
class Orders:
    """Orders ``(o,)`` by ``time`` (local), and their lines ``(l,)`` in that order:
    ``order`` indexes the orders, ``price`` is before ``discount`` in percent."""

    account: np.ndarray
    time: np.ndarray
    order: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    price: np.ndarray
    discount: np.ndarray
    cost: np.ndarray

    @property
    def net(self):
        """``(l,)`` what each line brings."""
        return self.price * (1 - self.discount / 100) * self.quantity


@dataclass(frozen=True, eq=False)
class Leads:
    """Arrays ``(k,)``. ``outcome``: open, won or lost; ``stage``: 0 to 2 while open."""

    account: np.ndarray
    title: np.ndarray
    outcome: np.ndarray
    stage: np.ndarray
    probability: np.ndarray
    revenue: np.ndarray
    created: np.ndarray
    deadline: np.ndarray


@dataclass(frozen=True, eq=False)
class DemoCompany:
    """Everything about it; months are counted from ``first_month``."""

    name: str
    seed: int
    today: date
    first_month: date
    months: int
    teams: tuple[Team, ...]
    reps: tuple[Rep, ...]
    categories: tuple[str, ...]
    products: tuple[Product, ...]
    accounts: Accounts
    truth: Truth
    visits: Visits
    orders: Orders
    leads: Leads

    def revenue(self):
        """``(n, t)`` what was sold in each month."""
        table = np.zeros((len(self.accounts), self.months))
        month = self.orders.time.astype("datetime64[M]").astype(int)
        month -= np.datetime64(self.first_month, "M").astype(int)
        place = (self.orders.account[self.orders.order], month[self.orders.order])
        np.add.at(table, place, self.orders.net)
        return table


# ------------------------------------------------------------------ the making
def generate(
    seed=19, accounts=1500, reps=12, teams=3, months=37, today=date(2026, 6, 15)
):
    """Invent the company.

    :param accounts: how many customers and prospects, at least 20
    :param reps: 1 to 12
    :param teams: 1 to 3
    :param months: how far orders go back, the running month included; at least 13
    :param today: the day before which orders and visits have happened
    :rtype: DemoCompany
    """
    for name, value, low, high in (
        ("accounts", accounts, 20, 1_000_000),
        ("reps", reps, 1, len(words.REPS)),
        ("teams", teams, 1, len(words.TEAMS)),
        ("months", months, 13, 121),
    ):
        if not low <= value <= high:
            raise ValueError(f"{name} is {value}; give {low} to {high}.")
    frame = history.Frame(seed, today, months)
    places = people.read_places()
    staff = people.staff(places, reps, teams, frame.rng("staff"))
    everyone, level = people.accounts(places, staff, accounts, frame)
    curves, habit = history.curves(frame, staff, everyone, level)
    leads = history.leads(frame, everyone, level)
    past = history.past(frame, everyone, curves, habit, leads)
    products = people.products()
    orders, leaks = history.orders(frame, everyone, level, past.expected, products)
    return DemoCompany(
        name=words.COMPANY,
        seed=seed,
        today=today,
        first_month=frame.first,
        months=months,
        teams=tuple(Team(*team) for team in words.TEAMS[:teams]),
        reps=tuple(Rep(*rep) for rep in staff),
        categories=tuple(name for name, _products in words.CATALOGUE),
        products=tuple(Product(*product) for product in products),
        accounts=Accounts(**everyone),
        truth=Truth(
            *history.worth_now(everyone, curves),
            carry_over=history.CARRY_OVER,
            effort=past.effort,
            stock=past.stock,
            factor=past.factor,
            expected=past.expected,
            leaks=leaks,
        ),
        visits=Visits(*history.visits(frame, everyone, past.effort, habit)),
        orders=Orders(*orders),
        leads=Leads(*leads),
    )
