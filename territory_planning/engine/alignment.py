"""Who looks after whom: an alignment of units to reps, with a certificate.

Units (accounts, areas) go to reps so that travel and handovers cost little and
territories earn much, every rep's load stays in its band, and, if asked, each territory
is in one piece. Loads are balanced, never the worth of an hour: equal marginal profits
across reps are not a condition of the optimum (Skiera & Albers 1998, Marketing Science 17,
196–213).

Method: prices of the bands from a smoothed Lagrange dual, which is also the bound; each
unit at its cheapest rep; territories joined to one piece; moves and exchanges at O(1) each
along the edge of the bands. Zoltners & Sinha 1983 (Marketing Science 2, 237–256) and 2005
(Marketing Science 24, 313–331) for the problem and the dual; Ríos-Mercado & Fernández 2009
(Computers & Operations Research 36, 755–776) for contiguity and balance as constraints.
"""

import time
from dataclasses import replace

import numpy as np

from ._alignment_answer import Alignment, Override, Reasons, describe
from ._alignment_bound import bound
from ._alignment_clashes import Clash, certain, violations
from ._alignment_exact import tighten
from ._alignment_home import Home, rank
from ._alignment_pareto import Pareto, frontier
from ._alignment_problem import Costa, Problem, band, index
from ._alignment_search import Search

__all__ = [
    "Alignment",
    "Clash",
    "Costa",
    "Home",
    "Override",
    "Pareto",
    "Problem",
    "Reasons",
    "align",
    "band",
    "best_home",
    "index",
    "pareto",
]

#: share of a time limit that the bound may take
_BOUND_SHARE = 0.3


def align(
    problem,
    *,
    seed=0,
    time_limit=None,
    iterations=None,
    progress=None,
    start=None,
    enough=1e-4,
):
    """Return an alignment within every band, as good as the search can make it.

    :param problem: a :class:`Problem`.
    :param seed: the same problem, seed and ``iterations`` give the same alignment, unless
        a time limit cuts the search short.
    :param time_limit: seconds within which the search is to end, about; None for none.
    :param iterations: changes to try; None for a number that suits the size.
    :param progress: called with the share done and the best objective so far (None until
        there is a plan); a true answer ends the search with the best so far.
    :param start: ``(n,)`` a plan to start from, such as an earlier answer.
    :param enough: gap at which the search ends before all changes are tried.
    :return: an :class:`Alignment`. If nothing keeps every constraint, ``feasible`` is
        false, ``clashes`` says what is violated and by how much, and the plan is the one
        that violates least.
    :raises ValueError: for arguments that are not as described.
    """
    if not isinstance(problem, Problem):
        raise ValueError(f"problem must be an alignment.Problem, got {problem!r}")
    if start is not None and np.shape(start) != (problem.units,):
        raise ValueError(
            f"start must have length {problem.units}, got {np.shape(start)}"
        )
    began = time.monotonic()
    ended = []

    def clock():
        if time_limit is None:
            return 0.0
        return (time.monotonic() - began) / max(time_limit, 1e-9)

    def stop(share, best=None):
        if progress is not None and progress(min(max(share, clock()), 1.0), best):
            ended.append(share)
        return bool(ended)

    found = certain(problem)
    certificate = tighten(
        problem,
        bound(problem, lambda: stop(0.1) or clock() > _BOUND_SHARE),
        hopeless=bool(found),
        seconds=None if time_limit is None else _BOUND_SHARE * time_limit,
    )
    hopeless = bool(found) or certificate.impossible(problem)
    before = clock()

    def search_from(start):
        search = Search(problem, certificate, seed, start, hopeless)
        search.run(
            0 if ended else iterations,
            lambda share: stop(0.2 + 0.8 * share, search.score[1]),
            lambda: (clock() - before) / max(1.0 - before, 0.1),
            enough,
        )
        return search

    search = search_from(start)
    if start is not None and not (search.score[0] <= 0 or hopeless or ended):
        # a start may lie where bands, caps and being in one piece are hard to reach from
        search = min(search, search_from(None), key=lambda one: one.score)
    clashes = violations(problem, search.best)
    known = {clash.key for clash in found}
    clashes = found + tuple(
        replace(clash, proven=hopeless) for clash in clashes if clash.key not in known
    )
    late = clock() >= 1.0
    return describe(problem, search, certificate, clashes, bool(ended) or late)


def pareto(problem, weights, *, seed=0, time_limit=None, iterations=None):
    """Return alignments for several weights of disruption, from change nothing to all.

    :param problem: with ``current`` and ``handover_cost``; its own ``disruption`` does not
        count.
    :param weights: of the handover costs, ≥ 0; sorted, each once.
    :param time_limit, iterations: of :func:`align`, for each weight.
    :raises ValueError: for a weight below zero.
    :rtype: Pareto
    """

    def solve(problem, start):
        return align(
            problem,
            seed=seed,
            time_limit=time_limit,
            iterations=iterations,
            start=start,
        )

    return frontier(solve, problem, weights)


def best_home(
    problem,
    candidates=None,
    *,
    rep=-1,
    most=3,
    cost=None,
    seed=0,
    time_limit=None,
    iterations=None,
):
    """Return at which of some places a rep had best live.

    :param candidates: ``(c, 2)`` latitude and longitude, priced as ``trips·km_cost``.
    :param rep: whose home it is, the last one by default; its home in the problem does not
        count.
    :param most: alignments that are solved at most, the promising ones first.
    :param cost: ``(n, c)`` of each unit from each candidate, in place of ``candidates``.
    :param time_limit, iterations: of :func:`align`, for each that is solved.
    :rtype: Home
    """

    def solve(problem):
        return align(problem, seed=seed, time_limit=time_limit, iterations=iterations)

    return rank(solve, problem, candidates, rep, most, cost)
