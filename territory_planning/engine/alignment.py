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
from ._alignment_problem import Costa, Problem, band, index
from ._alignment_search import Search

__all__ = [
    "Alignment",
    "Clash",
    "Costa",
    "Override",
    "Problem",
    "Reasons",
    "align",
    "band",
    "index",
]


def align(
    problem, *, seed=0, time_limit=None, iterations=None, progress=None, start=None
):
    """Return an alignment within every band, as good as the search can make it.

    :param problem: a :class:`Problem`.
    :param seed: the same problem, seed and ``iterations`` give the same alignment, unless
        a time limit cuts the search short.
    :param time_limit: seconds after which the best so far is returned; None for none.
    :param iterations: changes to try; None for a number that suits the size.
    :param progress: called with the share done and the best objective so far (None until
        there is a plan); a true answer ends the search. The best so far is returned.
    :param start: ``(n,)`` a plan to start from, such as an earlier answer.
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

    def stop(share, best=None):
        late = time_limit is not None and time.monotonic() - began > time_limit
        if late or (progress is not None and progress(min(share, 1.0), best)):
            ended.append(share)
        return bool(ended)

    found = certain(problem)
    certificate = bound(problem, lambda: stop(0.1))
    search = Search(problem, certificate, seed, start)
    if not ended:
        search.run(iterations, lambda share: stop(0.2 + 0.8 * share, search.score[1]))
    clashes = violations(problem, search.best)
    known = {clash.key for clash in found}
    proven = bool(found) or certificate.impossible(problem)
    clashes = found + tuple(
        replace(clash, proven=proven) for clash in clashes if clash.key not in known
    )
    return describe(problem, search, certificate, clashes, bool(ended))
