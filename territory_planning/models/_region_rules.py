"""Which region a country, state and postal code belong to."""

import re

import numpy as np

PART = re.compile(r"^[0-9A-Z]+$")
MOST = 10_000  # beginnings one region may list


def parse_prefixes(text):
    """The beginnings of postal codes that a text lists.

    "80, 820-822" gives 80, 820, 821, 822. Case and spaces do not matter.

    :raises ValueError: with the part that cannot be read
    """
    prefixes = []
    for part in re.split(r"[,;\n]", text):
        cleaned = re.sub(r"\s+", "", part).upper()
        if not cleaned:
            continue
        low, dash, high = cleaned.partition("-")
        if not dash:
            high = low
        elif not (low.isdecimal() and high.isdecimal() and len(low) == len(high)):
            raise ValueError(part.strip())
        if not (PART.match(low) and PART.match(high)) or high < low:
            raise ValueError(part.strip())
        if not dash:
            prefixes.append(low)
        else:
            if int(high) - int(low) + len(prefixes) > MOST:
                raise ValueError(part.strip())
            prefixes += [
                str(number).zfill(len(low)) for number in range(int(low), int(high) + 1)
            ]
    return prefixes


class RegionRules:
    """Look-up tables over the rules of regions.

    A deeper region comes before a shallower one; at the same depth the longest
    postal code, then the state, then the country; then the region created first.
    """

    def __init__(self, regions):
        self.table = {}
        self.longest = 0
        for region in regions.filtered(lambda region: region.kind == "rule"):
            depth = region._depth()
            if region.zip_prefixes:
                prefixes = parse_prefixes(region.zip_prefixes)
                self.longest = max([self.longest, *map(len, prefixes)])
                for country in region.country_ids.ids:
                    for prefix in prefixes:
                        rank = (depth, 2 + len(prefix), -region.id)
                        self._add(("zip", country, prefix), rank, region.id)
                continue
            for state in region.state_ids.ids:
                self._add(("state", state), (depth, 1, -region.id), region.id)
            if not region.state_ids:
                for country in region.country_ids.ids:
                    self._add(("country", country), (depth, 0, -region.id), region.id)

    def _add(self, key, rank, region_id):
        if key not in self.table or self.table[key][0] < rank:
            self.table[key] = (rank, region_id)

    def find(self, country, state, zips):
        """The region of each place.

        :param country, state, zips: object arrays ``(n,)``: ids or None, text or None
        :return: object array ``(n,)`` of region ids, None where no rule holds
        """
        answer = {}
        found = np.empty(len(country), dtype=object)
        keys = zip(country.tolist(), state.tolist(), zips.tolist(), strict=True)
        for row, key in enumerate(keys):
            if key not in answer:
                answer[key] = self._find_one(*key)
            found[row] = answer[key]
        return found

    def _find_one(self, country, state, code):
        code = re.sub(r"\s+", "", code or "").upper()
        keys = [("state", state), ("country", country)]
        keys += [
            ("zip", country, code[:length])
            for length in range(1, min(self.longest, len(code)) + 1)
        ]
        best = max(
            (self.table[key] for key in keys if key in self.table), default=(None, None)
        )
        return best[1]
