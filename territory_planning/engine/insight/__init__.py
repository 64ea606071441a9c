"""What the customer card says: risk, potential, prices, gaps on the map, next purchase, visits.

Each module takes arrays and returns dataclasses: a score with its band, money where there
is any, the figures a reason is told from (all recomputable from records), how much
evidence there was, and a :class:`.status.Status` where no score is shown.
See ``docs/insight.md`` for the methods and what they reach.
"""
