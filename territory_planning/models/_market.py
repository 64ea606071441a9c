"""Where the market of a company is: every company it knows, customer or not.

One query for accounts, one for leads without a customer, two for rough places of those
that have no coordinates. Read with the database's own rights: only sums leave it.
"""

from dataclasses import dataclass

import numpy as np

from odoo.tools import SQL

from . import _towns

#: Who bought in the last 12 months.
CUSTOMERS = ("a", "b", "c")
#: One company counts for as many as that of the usual potential, at least and at most.
WEIGHTS = 0.25, 4.0


@dataclass
class Market:
    """One entry per known company ``(m,)`` with a place.

    ``lat, lon``: degrees. ``weight``: its potential ÷ the usual one, 1 where that is not
    known. ``customer``: bought in the last 12 months. ``revenue``: of the last 12
    months. ``town``: name or False. ``region, rep``: ids, −1 for none. ``rough``: at
    the centre of its postal code or town. ``placeless``: how many have no place at all.
    """

    lat: np.ndarray
    lon: np.ndarray
    weight: np.ndarray
    customer: np.ndarray
    revenue: np.ndarray
    town: np.ndarray
    region: np.ndarray
    rep: np.ndarray
    rough: np.ndarray
    placeless: int


def gather(company):
    """Gather the market of a company.

    :rtype: Market
    """
    env = company.env
    env.flush_all()
    rows = env.execute_query(_accounts(company)) + env.execute_query(_leads(company))
    table = np.array(rows, dtype=object).reshape(-1, 10)
    lat, lon = table[:, 0].astype(float), table[:, 1].astype(float)
    rough = np.isnan(lat)
    lat[rough], lon[rough], _how = _towns.locate(company, table[rough, 2:5].tolist())
    known = ~np.isnan(lat)
    lat, lon, rough, table = lat[known], lon[known], rough[known], table[known]
    return Market(
        lat=lat,
        lon=lon,
        weight=_weights(table[:, 5].astype(float)),
        customer=np.isin(table[:, 6], CUSTOMERS),
        revenue=table[:, 7].astype(float),
        town=table[:, 4],
        region=table[:, 8].astype(int),
        rep=table[:, 9].astype(int),
        rough=rough,
        placeless=int((~known).sum()),
    )


def _weights(potential):
    """Potentials as multiples of the usual one: a single giant is not half the market."""
    good = potential > 0
    if not good.any():
        return np.ones(len(potential))
    relative = np.where(good, potential, np.nan) / np.median(potential[good])
    return np.where(good, np.clip(relative, *WEIGHTS), 1.0)


def _accounts(company):
    return SQL(
        """
        SELECT CASE WHEN a.location_quality = 'given' THEN a.latitude END::float8,
               CASE WHEN a.location_quality = 'given' THEN a.longitude END::float8,
               c.code, a.zip, NULLIF(TRIM(a.city), ''),
               NULLIF(a.potential, 0)::float8, a.segment,
               COALESCE(a.revenue_12m, 0)::float8,
               COALESCE(a.region_id, -1), COALESCE(a.user_id, -1)
          FROM territory_account a LEFT JOIN res_country c ON c.id = a.country_id
         WHERE a.company_id = %s AND a.active AND a.segment IS NOT NULL
      ORDER BY a.id
        """,
        company.id,
    )


def _leads(company):
    """Open leads of companies that are not customers in the books yet."""
    return SQL(
        """
        SELECT NULL::float8, NULL::float8, c.code, lead.zip,
               NULLIF(TRIM(lead.city), ''), NULL::float8, 'lead', 0.0::float8, -1, -1
          FROM crm_lead lead
     LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
     LEFT JOIN res_country c ON c.id = lead.country_id
         WHERE lead.active AND lead.partner_id IS NULL AND stage.is_won IS NOT TRUE
           AND (lead.company_id = %s OR lead.company_id IS NULL)
      ORDER BY lead.id
        """,
        company.id,
    )
