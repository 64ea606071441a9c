"""Where an address roughly is: the centre of its postal code, else that of its town.

No service is asked. Known are the imported list of postal codes and the company's own
accounts, whose places are averaged, so that nobody learns where a single one is.
"""

import numpy as np

from odoo.tools import SQL

from ..engine.places import normal

# What is known of each of the asked: by the code of the list, the list's town, and the
# accounts with that code or town. (0, 0) and places off the globe are none.
_KNOWN = """
    SELECT 'code' AS what, country, code AS word, AVG(latitude), AVG(longitude)
      FROM territory_postcode
     WHERE country = ANY(%(countries)s) AND code = ANY(%(codes)s)
  GROUP BY country, code
 UNION ALL
    SELECT 'town', country, LOWER(city), AVG(latitude), AVG(longitude)
      FROM territory_postcode
     WHERE country = ANY(%(countries)s) AND LOWER(city) = ANY(%(towns)s)
  GROUP BY country, LOWER(city)
"""
_ACCOUNTS = """
    SELECT %(what)s AS what, c.code, %(word)s AS word,
           AVG(a.latitude), AVG(a.longitude)
      FROM territory_account a JOIN res_country c ON c.id = a.country_id
     WHERE a.company_id = %(company)s AND a.active
       AND a.location_quality = 'given' AND %(word)s = ANY(%(words)s)
  GROUP BY c.code, %(word)s
"""


def locate(company, addresses):
    """Find rough places of addresses, in two queries however many there are.

    :param company: a ``res.company``, whose accounts and country are asked
    :param addresses: list of (country code, postal code, town), each may be false
    :return: ``lat, lon (n,)``, NaN where nothing is known, and ``how``: a list of
        "code", "town" or False
    """
    home = company.country_id.code or ""
    asked = [
        (country or home, normal(code), (town or "").strip().lower())
        for country, code, town in addresses
    ]
    lat, lon = np.full((2, len(asked)), np.nan)
    how = [False] * len(asked)
    if not asked:
        return lat, lon, how
    countries, codes, towns = (
        sorted({word for word in words if word}) for words in zip(*asked, strict=True)
    )
    known = {}
    for query in (
        _by_accounts(company, codes, towns),
        _by_list(countries, codes, towns),
    ):
        # the list of postal codes knows better and comes last
        rows = company.env.execute_query(query)
        known |= {(what, country, word): place for what, country, word, *place in rows}
    for row, (country, code, town) in enumerate(asked):
        for what, word in (("code", code), ("town", town)):
            place = known.get((what, country, word)) if word else None
            if place:
                (lat[row], lon[row]), how[row] = place, what
                break
    return lat, lon, how


def _by_list(countries, codes, towns):
    return SQL(_KNOWN, countries=countries, codes=codes, towns=towns)


def _by_accounts(company, codes, towns):
    def part(what, word, words):
        return SQL(_ACCOUNTS, what=what, word=word, words=words, company=company.id)

    return SQL(
        "%s UNION ALL %s",
        part("code", SQL("LOWER(TRIM(a.zip))"), codes),
        part("town", SQL("LOWER(TRIM(a.city))"), towns),
    )
