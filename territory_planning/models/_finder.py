"""Asks a geocoding service: what is known first, in turn, and politely."""

import logging
import time

from ..geocoders import Trouble

_logger = logging.getLogger(__name__)

#: Seconds nobody asks after the service said "no more", unless it says how long.
PAUSE = 3600
LONGEST_PAUSE = 86_400
#: Seconds before another try after a failure; doubled each time.
BACK_OFF = 2.0
TRIES = 2


class Turn(Exception):
    """The service may not be asked now: "paused", "daily", "busy"; no request was sent."""

    def __init__(self, kind, seconds=0.0):
        super().__init__(kind)
        self.kind = kind
        self.seconds = seconds


class Finder:
    """One batch of questions to one service.

    :param env: an environment
    :param service: a ``geocoders.Service``
    :param interval: seconds between requests, of all users together
    :param daily: requests a day, 0: no limit
    :param patience: seconds to wait for one's turn
    """

    def __init__(self, env, service, *, interval, daily, patience):
        self.service = service
        self.interval = max(interval, service.interval)
        self.daily = daily
        self.patience = patience
        self.cache = env["territory.geocode.cache"]
        self.throttle = env["territory.geocode.throttle"]
        self.known = {}
        self.asked = 0

    def prepare(self, addresses):
        """Read what is known of all addresses at once."""
        questions = [q for address in addresses for q in address.questions()]
        self.known |= self.cache._known(self.service.name, questions)

    def find(self, address, deadline=None):
        """Where an address is: asked with fewer and fewer details until it is found.

        :param deadline: a moment of ``time.monotonic`` after which nothing is asked
            again
        :return: an ``Answer`` or None
        :raises Turn: it is not our turn to ask
        :raises Trouble: the service did not answer
        """
        for question in address.questions():
            key = self.cache._key(question)
            if key not in self.known:
                self.known[key] = self._ask(question, deadline)
                self.cache._keep(self.service, question, self.known[key])
            if answer := self.known[key]:
                return answer
        return None

    def _ask(self, question, deadline):
        for attempt in range(TRIES):
            self._wait()
            self.asked += 1
            try:
                return self.service.find(question)
            except Trouble as trouble:
                if trouble.kind == "question":
                    return None
                _logger.info(
                    "Geocoding service %s: %s", self.service.name, trouble.kind
                )
                late = deadline is not None and time.monotonic() > deadline
                self._hold(trouble, attempt)
                if trouble.stops or late or attempt == TRIES - 1:
                    raise
        raise AssertionError("not reached")

    def _wait(self):
        verdict, seconds = self.throttle._reserve(
            self.service.name,
            interval=self.interval,
            daily=self.daily,
            patience=self.patience,
        )
        if verdict != "go":
            raise Turn(verdict, seconds)
        time.sleep(seconds)

    def _hold(self, trouble, attempt):
        """Nobody else needs to find out the same."""
        if trouble.kind == "key":
            return  # the settings are wrong, not the pace
        if trouble.stops:
            wait = min(trouble.retry_after or PAUSE, LONGEST_PAUSE)
            self.throttle._hold(self.service.name, wait, pause=True)
        else:
            self.throttle._hold(self.service.name, BACK_OFF * 2**attempt)
