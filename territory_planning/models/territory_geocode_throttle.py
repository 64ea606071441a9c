import time
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

RETRIES = 50


class TerritoryGeocodeThrottle(models.Model):
    """When a geocoding service may be asked again, for all users and servers together.

    One row per provider. A request takes the next free moment in a transaction of its
    own, which is over at once, and then waits for it: nobody holds a lock while
    waiting, and a moment stays taken when the request's transaction is undone.
    """

    _name = "territory.geocode.throttle"
    _description = "Geocoding Service in Use"
    _rec_name = "provider"
    _order = "provider"

    provider = fields.Char(required=True, readonly=True)
    next_allowed = fields.Datetime(
        readonly=True, help="When the next request may be sent."
    )
    paused_until = fields.Datetime(
        readonly=True, help="The service has asked for no more requests until then."
    )
    day = fields.Date(readonly=True)
    sent = fields.Integer(
        string="Requests That Day", readonly=True, help="In the day above (UTC)."
    )

    _provider_uniq = models.UniqueIndex("(provider)", "One row per provider.")

    @api.model
    def _reserve(self, provider, *, interval, daily, patience):
        """Take the next moment at which a provider may be asked.

        :param provider: technical name
        :param interval: seconds between two requests
        :param daily: requests a day; 0: no limit
        :param patience: seconds one would wait at most
        :return: ``("go", seconds to wait)``, or why not: ``("paused", seconds)``,
            ``("daily", 0)``, ``("busy", seconds)``
        """
        rows = self._alone(
            SQL(
                """
                INSERT INTO territory_geocode_throttle AS known
                            (provider, next_allowed, day, sent)
                     VALUES (%(provider)s, %(now)s + %(interval)s, %(now)s::date, 1)
                ON CONFLICT (provider) DO UPDATE
                        SET next_allowed = GREATEST(known.next_allowed, %(now)s)
                                           + %(interval)s,
                            day = EXCLUDED.day,
                            sent = CASE WHEN known.day = EXCLUDED.day
                                        THEN known.sent ELSE 0 END + 1
                      WHERE COALESCE(known.paused_until <= %(now)s, TRUE)
                        AND (%(daily)s = 0 OR known.day <> EXCLUDED.day
                             OR known.sent < %(daily)s)
                        AND known.next_allowed <= %(now)s + %(patience)s
                  RETURNING EXTRACT(EPOCH FROM next_allowed - %(interval)s - %(now)s)
                """,
                provider=provider,
                now=_now(),
                interval=timedelta(seconds=interval),
                daily=daily,
                patience=timedelta(seconds=patience),
            )
        )
        if rows:
            return "go", max(float(rows[0][0]), 0.0)
        paused, spent, wait = self._state(provider, daily)
        if paused > 0:
            return "paused", paused
        return ("daily", 0.0) if spent else ("busy", max(wait, 0.0))

    @api.model
    def _state(self, provider, daily=0):
        """Seconds until the pause is over, whether the day is used up, seconds to wait."""
        rows = self._alone(
            SQL(
                """
                SELECT EXTRACT(EPOCH FROM paused_until - %(now)s),
                       %(daily)s > 0 AND day = %(now)s::date AND sent >= %(daily)s,
                       EXTRACT(EPOCH FROM next_allowed - %(now)s)
                  FROM territory_geocode_throttle WHERE provider = %(provider)s
                """,
                provider=provider,
                daily=daily,
                now=_now(),
            )
        )
        paused, spent, wait = rows[0] if rows else (0, False, 0)
        return float(paused or 0), bool(spent), float(wait or 0)

    @api.model
    def _hold(self, provider, seconds, *, pause=False):
        """Have everyone wait: a moment after a failure, or a pause the service asks for."""
        column = SQL.identifier("paused_until" if pause else "next_allowed")
        self._alone(
            SQL(
                """
                UPDATE territory_geocode_throttle
                   SET %(column)s = GREATEST(%(column)s, %(now)s + %(seconds)s)
                 WHERE provider = %(provider)s RETURNING id
                """,
                column=column,
                provider=provider,
                seconds=timedelta(seconds=seconds),
                now=_now(),
            )
        )

    @api.model
    def _release(self, provider):
        """The settings have changed: what the service said before counts no more."""
        self._alone(
            SQL(
                "UPDATE territory_geocode_throttle SET paused_until = NULL "
                "WHERE provider = %s RETURNING id",
                provider,
            )
        )

    @api.model
    def _alone(self, statement):
        """Run a statement in a transaction of its own, again if another was faster."""
        for attempt in range(RETRIES):
            try:
                with self.env.registry.cursor() as cr:
                    cr.execute(statement, log_exceptions=False)
                    return cr.fetchall()
            except SerializationFailure:
                if attempt == RETRIES - 1:
                    raise
                time.sleep(0.01)
        raise AssertionError("not reached")


def _now():
    """The database's clock, not that of a transaction's start: one for all servers."""
    return SQL("(clock_timestamp() AT TIME ZONE 'UTC')")
