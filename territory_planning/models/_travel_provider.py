"""A road engine that is asked for what is not known yet, and may fail on the way."""

import time

import numpy as np

from ..routers import Trouble

#: Seconds for which an engine that is down is not asked again by this process: every
#: plan would wait for it.
REST = 60.0
#: Days answers are kept: roads are built, and speeds change.
DAYS = 90

_resting = {}


class Remembering:
    """Asks a router; what it answered is collected, and after a failure nothing is asked.

    A provider for ``engine.travel``: what was not answered is NaN, which is estimated.

    :param router: a ``routers.Router``
    :param key: what stands for it, of all processes' databases
    """

    def __init__(self, router, key):
        self.router = router
        self.key = key
        self.name = router.label
        self.most_places, self.most_pairs = router.most_places, router.most_pairs
        self.answered = []
        self.trouble = None
        rest = _resting.get(key)
        if rest and time.monotonic() < rest[0]:
            self.trouble = rest[1]

    def table(self, sources, targets):
        """As ``routers.Router.table``, but never fails."""
        unknown = np.full((len(sources), len(targets)), np.nan)
        if self.trouble:
            return unknown, unknown
        try:
            seconds, km = self.router.table(sources, targets)
        except Trouble as trouble:
            self.trouble = trouble
            _resting[self.key] = time.monotonic() + REST, trouble
            return unknown, unknown
        _resting.pop(self.key, None)
        self.answered.append((sources, targets, seconds, km))
        return seconds, km


def wake(key=None):
    """The settings have changed: what was down before may be asked again."""
    if key is None:
        _resting.clear()
    else:
        _resting.pop(key, None)
