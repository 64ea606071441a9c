"""What violations count while the search is hot: strategic oscillation.

Per rep and measure a price of load beyond the band: at least what the band is worth in
the bound, and more the longer the rep has been outside; it falls while it is inside, so
that the search walks along the edge of what is allowed (Glover & Hao 2011, Journal of
Heuristics 17, 163–173). A charge on any violation at all, as if it were larger by a share
of a unit, keeps tiny ones from paying.
"""

import numpy as np

#: charge on a violation, as a share of the mean unit
_CHARGE = 0.1
#: factors while outside and inside, and the least
_UP, _DOWN, _LEAST = 1.3, 0.95, 0.3
#: first price of a mean unit beyond the band, in heats
_FIRST = 2.0
#: prices of the bound beyond so many units of money come from bands that clash
_MOST = 100.0


class Penalty:
    """Prices of violations, adapted as the search goes."""

    def __init__(self, problem, bound):
        self.problem = problem
        self.mean = np.maximum(problem.load.mean(axis=0), 1e-300)
        usual = problem.amount.mean(axis=0)
        self.usual = np.where(usual > 0, usual, 1.0)
        worth = np.abs(bound.of_load)
        self.of_band = np.minimum(worth, _MOST * bound.money / self.mean)
        self.of_cap = np.minimum(bound.of_move, _MOST * bound.money / self.usual)
        self.band_factor = np.full(worth.shape, float(_FIRST))
        self.cap_factor = np.full(2, float(_FIRST))

    def prices(self, heat):
        """Price of load beyond each band ``(k, m)``, the charge, price of the caps."""
        of_band = self.of_band + self.band_factor * heat / self.mean
        of_cap = self.of_cap + self.cap_factor * heat / self.usual
        return of_band, _CHARGE * self.mean, of_cap

    def adapt(self, rep):
        """Dearer where a plan is outside, cheaper where it is not."""
        over, beyond = self.problem.excess(rep)
        for factor, outside in ((self.band_factor, over), (self.cap_factor, beyond)):
            factor *= np.where(outside != 0, _UP, _DOWN)
            np.maximum(factor, _LEAST, out=factor)

    def firm(self, least):
        """No price of a mean unit below so many heats from now on."""
        np.maximum(self.band_factor, least, out=self.band_factor)
        np.maximum(self.cap_factor, least, out=self.cap_factor)
