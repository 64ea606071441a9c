"""What has happened in the demo company: visits, orders, leads. See ``company``."""

import calendar
import zlib
from dataclasses import dataclass
from datetime import date

import numpy as np

from . import _words as words
from ._people import CUSTOMER, LOST, PROSPECT

CARRY_OVER = 0.75
#: How much of an account's private ups and downs its visits follow.
CHASING = 0.5
#: Hours a visit takes, the drive included, and how much of their time reps use.
HOURS_PER_VISIT, USED = 2.0, 0.92
#: Days ahead for which visits are in the calendar, and the share of them that is.
AHEAD, PLANNED = 21, 0.6
#: Months before the first one whose visits still count.
BURN_IN = 24
#: A customer reorders after intervals of Gamma distribution with this shape.
REGULARITY = 2.5


class Frame:
    """Seed and time: ``first`` month, ``months``, ``share`` of the last one that is
    over."""

    def __init__(self, seed, today, months):
        self.seed, self.today, self.months = seed, today, months
        back = today.year * 12 + today.month - months
        self.first = date(back // 12, back % 12 + 1, 1)
        length = calendar.monthrange(today.year, today.month)[1]
        self.share = (today.day - 1) / length

    def rng(self, purpose):
        """Numbers of its own for each purpose: more of one changes no other."""
        return np.random.default_rng([self.seed, zlib.crc32(purpose.encode())])

    def calendar_month(self):
        """0 to 11 for each month, those before the first included."""
        return (self.first.month - 1 + np.arange(-BURN_IN, self.months)) % 12

    def day(self, month):
        """The first days of months counted from the first one."""
        return (np.datetime64(self.first, "M") + month).astype("datetime64[D]")


def adbudg(effort, base, top, shape, half):
    """Little 1970: base + (top − base)·effort^shape / (half + effort^shape)."""
    lifted = effort**shape
    return base + (top - base) * lifted / (half + lifted)


# ----------------------------------------------------------- response and habit
def curves(frame, staff, accounts, level):
    """How each account answers to visits, and how often it is visited.

    A curve passes through the account's usual level at the effort that would be
    normal for it, there with the elasticity of its industry, which scatters. Habit
    starts from the normal effort and goes its own way; each rep's habits fill
    the rep's time, however many accounts the rep has.

    :return: ``(base, top, shape, half)`` arrays ``(n,)``, and ``habit (n,)`` visits a
        month
    """
    rng = frame.rng("curves")
    count = len(level)
    mean = np.array([branch.elasticity for branch in words.INDUSTRIES])
    elasticity = rng.normal(mean[accounts["industry"]], 0.08)
    base = rng.uniform(0.35, 0.55, count)
    shape = np.where(rng.random(count) < 0.12, 1.6, 1.0)
    elasticity = np.clip(elasticity, 0.06, 0.85 * (1 - base))
    reached = 1 - elasticity / ((1 - base) * shape)  # share of the lift at normal
    top = base + (1 - base) / reached
    hours = np.array([rep[5] for rep in staff]) * USED / HOURS_PER_VISIT
    wish = np.sqrt(level) * np.where(accounts["kind"] == PROSPECT, 0.2, 1.0)
    normal = wish * hours.sum() / wish.sum()
    habit = wish * rng.lognormal(0, 0.5, count)
    total = np.bincount(accounts["territory"], habit, len(staff))
    habit *= (hours / np.maximum(total, 1e-9))[accounts["territory"]]
    # nobody is seen more than five times a month
    habit = np.minimum(habit, 5.0)
    usual = np.where(accounts["kind"] == PROSPECT, 5 * normal, normal)
    half = usual**shape * (1 - reached) / reached
    return (base * level, top * level, shape, half), habit


def worth_now(accounts, curves):
    """The curves of today: what a lost customer or a prospect could still bring."""
    base, top, shape, half = curves
    gone = accounts["kind"] != CUSTOMER
    return np.where(gone, 0.0, base), np.where(gone, 0.15 * top, top), shape, half


# ------------------------------------------------------------------------ past
@dataclass(frozen=True, eq=False)
class Past:
    """Arrays ``(n, t)``, see ``company.Truth``."""

    effort: np.ndarray
    stock: np.ndarray
    factor: np.ndarray
    expected: np.ndarray


def past(frame, accounts, curves, habit, leads):
    """Months of visits and of the sales to be expected from them."""
    rng = frame.rng("past")
    shape = (len(habit), BURN_IN + frame.months)
    public = _season(frame, accounts) * _trend(rng, shape)
    private = _ups_and_downs(rng, shape)
    alive = _alive(rng, frame, accounts)
    rate = habit[:, None] * np.sqrt(public) * private**CHASING
    rate *= np.where(alive, 1.0, 0.1)
    # a hot lead brings visits
    rate[leads[0][leads[2] == "open"], -3:] *= 2.0
    effort = rng.poisson(rate).astype(float)
    stock = np.empty(shape)
    reached = habit.copy()
    for month in range(shape[1]):
        stock[:, month] = reached
        reached = CARRY_OVER * reached + (1 - CARRY_OVER) * effort[:, month]
    factor = public * private * alive
    lift = adbudg(stock, *(parameter[:, None] for parameter in curves))
    expected = factor * lift
    expected[accounts["kind"] == PROSPECT] = 0.0
    now = slice(BURN_IN, None)
    return Past(effort[:, now], stock[:, now], factor[:, now], expected[:, now])


def _season(frame, accounts):
    branch = accounts["industry"]
    peak = np.array([industry.peak for industry in words.INDUSTRIES])[branch]
    swing = np.array([industry.swing for industry in words.INDUSTRIES])[branch]
    month = frame.calendar_month()
    wave = np.cos(2 * np.pi * (month - (peak[:, None] - 1)) / 12)
    season = 1 + swing[:, None] * wave
    season *= np.where(month == 11, 0.85, np.where(month == 7, 0.93, 1.02))
    return season


def _trend(rng, shape):
    """Growth of the market and of the account, today being 1; and good months."""
    years = (np.arange(shape[1]) - shape[1] + 1) / 12
    growth = 0.03 + rng.normal(0, 0.06, (shape[0], 1))
    return np.exp(growth * years) * np.exp(rng.normal(0, 0.03, shape[1]))


def _ups_and_downs(rng, shape, memory=0.6, sd=0.22):
    """An account's own business, with a mean of 1."""
    noise = rng.normal(0, sd * np.sqrt(1 - memory**2), shape)
    noise[:, 0] = rng.normal(0, sd, shape[0])
    for month in range(1, shape[1]):
        noise[:, month] += memory * noise[:, month - 1]
    return np.exp(noise - sd**2 / 2)


def _alive(rng, frame, accounts):
    """Whether an account still buys."""
    last = rng.integers(frame.months // 5, frame.months * 3 // 4, len(accounts["kind"]))
    month = np.arange(-BURN_IN, frame.months)
    return (accounts["kind"] != LOST)[:, None] | (month <= last[:, None])


# ---------------------------------------------------------------------- visits
def visits(frame, accounts, effort, habit):
    """Meetings at good hours of working days, one after the other for each rep.

    :return: the fields of ``company.Visits``
    """
    rng = frame.rng("visits")
    account, month = np.nonzero(effort)
    number = effort[account, month].astype(int)
    account, month = np.repeat(account, number), np.repeat(month, number)
    days = _length(frame, month)
    day = frame.day(month) + (rng.random(len(month)) * days).astype(int)
    today = np.datetime64(frame.today, "D")
    known = day < today
    coming = rng.poisson(habit * PLANNED * AHEAD / 30.4)
    coming[accounts["kind"] == LOST] = 0
    ahead = np.repeat(np.arange(len(habit)), coming)
    account = np.concatenate([account[known], ahead])
    day = np.concatenate([day[known], today + rng.integers(1, AHEAD + 1, len(ahead))])
    day = np.where(
        day < today, _working_day(day, "backward"), _working_day(day, "forward")
    )
    rep = np.where(accounts["rep"] < 0, accounts["territory"], accounts["rep"])[account]
    order = np.lexsort((account, day, rep))
    account, rep, day = account[order], rep[order], day[order]
    changed = np.r_[True, (np.diff(rep) != 0) | (np.diff(day).astype(int) != 0)]
    first = np.maximum.accumulate(np.where(changed, np.arange(len(day)), 0))
    turn = np.arange(len(day)) - first
    # at 8:30, 10:30, 13:00 and 15:00, late ones squeezed in
    start = np.array([510, 630, 780, 900, 570, 720, 840, 960])[turn % 8]
    start = day.astype("datetime64[m]") + start
    order = np.argsort(start, kind="stable")
    minutes = rng.choice([45, 60, 90], len(order), p=[0.25, 0.6, 0.15])
    return account[order], rep[order], start[order], minutes


def _working_day(day, direction):
    return np.busday_offset(day, 0, roll=direction)


def _length(frame, month):
    return (frame.day(month + 1) - frame.day(month)).astype(int)


# ---------------------------------------------------------------------- orders
def orders(frame, accounts, level, expected, products):
    """Orders and their lines, and the price leaks planted in them.

    :return: the fields of ``company.Orders``; leaks ``(account, product, percent)``
    """
    rng = frame.rng("orders")
    account, time, value = _order_times(rng, frame, level, expected)
    order, product, value = _lines(rng, accounts, account, value, products)
    year = time.astype("datetime64[Y]").astype(int) + 1970
    dearer = 1.03 ** (year - frame.today.year)[order]
    price = np.array([item[2] for item in products])[product] * dearer
    price = np.where(price < 200, np.round(price, 1), np.round(price))
    cost = np.round(np.array([item[3] for item in products])[product] * dearer, 2)
    usual = np.array([discount for _name, discount in words.PRICELISTS])
    discount = usual[accounts["pricelist"]][account[order]]
    quantity = np.maximum(np.round(value / (price * (1 - discount / 100))), 1)
    for least, further in words.QUANTITY_DISCOUNTS:
        better = quantity >= least
        discount = np.where(
            better, usual[accounts["pricelist"]][account[order]], discount
        )
        discount = discount + np.where(better, further, 0)
    # people round, and haggle a little
    discount = np.maximum(
        np.round(2 * (discount + rng.normal(0, 0.8, len(order)))) / 2, 0
    )
    leaks = _leaks(rng, account[order], product)
    for customer, item, percent in leaks:
        leaking = (account[order] == customer) & (product == item)
        discount[leaking] = np.minimum(discount[leaking] + percent, 60)
    return (account, time, order, product, quantity, price, discount, cost), leaks


def _order_times(rng, frame, level, expected):
    """When each account orders, and for how much.

    Time runs with the intensity of ordering; on that clock intervals are alike.
    More sales are more orders and larger ones. The clock ends with yesterday.
    """
    often = 0.22 * (level / np.median(level)) ** 0.35
    often = np.clip(often * rng.lognormal(0, 0.3, len(level)), 0.05, 1.5)
    ratio = expected / level[:, None]
    intensity = often[:, None] * ratio**0.6
    size = np.divide(
        expected, intensity, out=np.zeros_like(expected), where=intensity > 0
    )
    flow = intensity.copy()
    flow[:, -1] *= frame.share
    clock = np.cumsum(flow, axis=1)
    ends = np.maximum(clock[:, -1], 1e-12)
    most = int(1.5 * ends.max() + 8 * np.sqrt(ends.max()) + 10)
    gaps = rng.gamma(REGULARITY, 1 / REGULARITY, (len(level), most))
    # the clock started long before: the first gap is a piece of a longer one
    gaps[:, 0] = rng.gamma(REGULARITY + 1, 1 / REGULARITY, len(level))
    gaps[:, 0] *= rng.random(len(level))
    at = np.cumsum(gaps, axis=1)
    account, turn = np.nonzero(at < ends[:, None])
    at = at[account, turn]
    # one search for all accounts: their clocks behind one another
    behind = np.concatenate([[0], np.cumsum(ends + 1)])[:-1]
    row = np.searchsorted(
        (clock + behind[:, None]).ravel(), at + behind[account], "right"
    )
    month = np.minimum(row - account * frame.months, frame.months - 1)
    before = clock[account, month] - flow[account, month]
    part = (at - before) / np.maximum(flow[account, month], 1e-12)
    part = np.where(month == frame.months - 1, part * frame.share, part)
    day = frame.day(month) + (np.clip(part, 0, 0.999) * _length(frame, month)).astype(
        int
    )
    time = _working_day(day, "backward").astype("datetime64[m]")
    time = time + rng.integers(8 * 60, 17 * 60, len(time))
    value = size[account, month] * rng.lognormal(-(0.55**2) / 2, 0.55, len(account))
    order = np.argsort(time, kind="stable")
    return account[order], time[order], value[order]


def _lines(rng, accounts, account, value, products):
    """What is in each order: products that the account buys, of a fitting price."""
    count = np.minimum(1 + rng.poisson(0.65, len(account)), 4)
    order = np.repeat(np.arange(len(account)), count)
    part = rng.gamma(2.0, 1.0, len(order))
    part /= np.bincount(order, part, len(account))[order]
    value = value[order] * part
    category = np.array([item[1] for item in products])
    price = np.log([item[2] for item in products])
    taste = np.array([industry.taste for industry in words.INDUSTRIES], dtype=float)
    # each account buys some categories elsewhere
    size = (len(accounts["kind"]), taste.shape[1])
    own = rng.random(size) < 0.55
    own[np.arange(size[0]), np.argmax(taste[accounts["industry"]], axis=1)] = True
    liking = taste[accounts["industry"]] * own * rng.lognormal(0, 0.5, size)
    popular = rng.lognormal(0, 0.6, len(products))
    product = np.empty(len(order), dtype=int)
    for begin in range(0, len(order), 50_000):
        some = slice(begin, begin + 50_000)
        weight = (liking[:, category] * popular)[account[order[some]]]
        few = np.log(np.maximum(value[some], 1.0) / 5)[:, None] - price
        weight *= np.exp(-(few**2) / (2 * 1.1**2)) + 1e-9
        weight = np.cumsum(weight, axis=1)
        pick = rng.random((len(weight), 1)) * weight[:, -1:]
        product[some] = np.argmax(weight > pick, axis=1)
    return order, product, value


def _leaks(rng, account, product):
    """A dozen pairs of customer and product that get far too much discount."""
    pair, number = np.unique(
        np.stack([account, product], axis=1), axis=0, return_counts=True
    )
    pair = pair[number >= 3]
    chosen = rng.permutation(len(pair))[: min(12, len(pair) // 20 + 1)]
    percent = np.round(rng.uniform(15, 25, len(chosen)))
    return np.column_stack([pair[chosen], percent]).astype(int)


# ----------------------------------------------------------------------- leads
def leads(frame, accounts, level):
    """Open leads of prospects and customers, and some that were won or lost.

    :return: the fields of ``company.Leads``
    """
    rng = frame.rng("leads")
    kind = accounts["kind"]
    chance = np.select([kind == PROSPECT, kind == CUSTOMER], [0.45, 0.11], 0.05)
    account = np.flatnonzero(rng.random(len(kind)) < chance)
    count = len(account)
    stage = rng.choice(3, count, p=[0.45, 0.33, 0.22])
    probability = np.array([15.0, 35.0, 65.0])[stage]
    probability = np.round(probability + rng.uniform(-9, 9, count))
    luck = rng.random(count)
    outcome = np.where(luck < 0.1, "lost", "open")
    outcome = np.where((luck > 0.85) & (kind[account] == CUSTOMER), "won", outcome)
    probability = np.select(
        [outcome == "lost", outcome == "won"], [0.0, 100.0], probability
    )
    today = np.datetime64(frame.today, "D")
    age = rng.integers(3, 120, count) + np.where(outcome == "open", 0, 150)
    revenue = level[account] * rng.uniform(2, 9, count)
    pattern = rng.integers(0, len(words.OPPORTUNITIES), count).tolist()
    category = rng.integers(0, len(words.CATALOGUE), count).tolist()
    title = np.array(
        [
            words.OPPORTUNITIES[p].format(words.CATALOGUE[c][0].lower())
            for p, c in zip(pattern, category, strict=True)
        ]
    )
    title = np.array([text[:1].upper() + text[1:] for text in title.tolist()])
    return (
        account,
        title,
        outcome,
        stage,
        probability,
        np.round(revenue, -2) + 500,
        today - age,
        today + rng.integers(10, 150, count),
    )
