from datetime import timedelta
from hashlib import sha256

import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

#: degrees of a place × this are whole: about a metre
SCALE = 100_000
#: one answer as it is kept: where to, seconds and km; −1 where the engine could not say
ANSWER = np.dtype(
    [("lat", "<i4"), ("lon", "<i4"), ("seconds", "<f4"), ("km", "<f4")], align=False
)


class TerritoryTravelCache(models.Model):
    """What a road engine has answered, so that no drive is asked for twice.

    A row holds all answers from one place: sixteen bytes for each, so that the 90,000
    drives between 300 places are 300 rows. Answers are kept in a transaction of their
    own and only ever added: two who ask at once do not wait for each other.
    """

    _name = "territory.travel.cache"
    _description = "Answers of a Road Engine"
    _rec_name = "service"
    _order = "id desc"

    service = fields.Char(
        required=True, readonly=True, help="Engine, way of driving and server."
    )
    latitude = fields.Integer(
        required=True, readonly=True, aggregator=None, help="In 0.00001 degrees."
    )
    longitude = fields.Integer(
        required=True, readonly=True, aggregator=None, help="In 0.00001 degrees."
    )
    answers = fields.Binary(attachment=False, readonly=True)
    expiry = fields.Datetime(string="Kept Until", readonly=True, index=True)

    _place_uniq = models.UniqueIndex(
        "(service, latitude, longitude)", "Answers are kept once per place."
    )

    @api.model
    def _service_key(self, router):
        """Answers belong to an engine, a way of driving and a server with its map."""
        server = sha256(router.address.encode()).hexdigest()[:12]
        return f"{router.name}/{router.profile}/{server}"

    @api.model
    def _known(self, service, points):
        """What is known of the drives between places, in one query.

        :param points: ``(m, 2)`` degrees
        :return: seconds and km, ``(m, m)`` each: NaN where not known, −1 where the engine
            could not say, infinite where there is no road
        """
        size = len(points)
        seconds, km = np.full((2, size, size), np.nan)
        lat, lon = _whole(points)
        keys = _key(lat, lon)
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        # past access rights: places and times, none of which says whose they are
        for row_lat, row_lon, blob in self.env.execute_query(
            SQL(
                "SELECT known.latitude, known.longitude, known.answers "
                "FROM territory_travel_cache known "
                "JOIN (SELECT DISTINCT * FROM unnest(%s::int4[], %s::int4[])) "
                "     asked(latitude, longitude) USING (latitude, longitude) "
                "WHERE known.service = %s AND known.expiry > %s",
                lat.tolist(),
                lon.tolist(),
                service,
                fields.Datetime.now(),
            )
        ):
            kept = np.frombuffer(bytes(blob), dtype=ANSWER)
            targets = _key(kept["lat"], kept["lon"])
            place = np.searchsorted(ordered, targets)
            there = place < size
            there[there] = ordered[place[there]] == targets[there]
            columns = order[place[there]]
            for row in np.flatnonzero(keys == _key(row_lat, row_lon)):
                seconds[row, columns] = kept["seconds"][there]
                km[row, columns] = kept["km"][there]
        return seconds, km

    @api.model
    def _keep(self, service, days, asked):
        """Add answers.

        :param days: how long they are kept; what is there keeps its own end
        :param asked: list of (sources, targets, seconds, km) as a road engine gives them
        """
        rows = {}
        for sources, targets, seconds, km in asked:
            lat, lon = _whole(sources)
            kept = np.zeros((len(sources), len(targets)), dtype=ANSWER)
            kept["lat"], kept["lon"] = _whole(targets)
            kept["seconds"] = np.where(np.isnan(seconds), -1, seconds)
            kept["km"] = np.where(np.isnan(km), -1, km)
            for place, answers in zip(
                zip(lat.tolist(), lon.tolist(), strict=True), kept, strict=True
            ):
                rows[place] = rows.get(place, b"") + answers.tobytes()
        if not rows:
            return
        places = sorted(
            rows
        )  # in one order, so that two writers do not block each other
        self.env["territory.geocode.throttle"]._alone(
            SQL(
                "INSERT INTO territory_travel_cache AS known "
                "            (service, latitude, longitude, answers, expiry) "
                "SELECT %s, rows.*, %s "
                "FROM unnest(%s::int4[], %s::int4[], %s::bytea[]) rows "
                "ON CONFLICT (service, latitude, longitude) DO UPDATE "
                # what is past its time makes room for what is new
                "SET answers = CASE WHEN known.expiry > %s THEN known.answers "
                "              ELSE ''::bytea END || EXCLUDED.answers, "
                "    expiry = CASE WHEN known.expiry > %s THEN known.expiry "
                "             ELSE EXCLUDED.expiry END "
                "RETURNING id",
                service,
                fields.Datetime.now() + timedelta(days=days),
                [lat for lat, _lon in places],
                [lon for _lat, lon in places],
                [rows[place] for place in places],
                fields.Datetime.now(),
                fields.Datetime.now(),
            )
        )

    @api.autovacuum
    def _gc_expired(self):
        self.search([("expiry", "<", fields.Datetime.now())], limit=10_000).unlink()


def _whole(points):
    """Latitudes and longitudes in whole steps, ``(m,)`` each."""
    whole = np.rint(np.asarray(points, dtype=float) * SCALE).astype(np.int64)
    return whole[:, 0], whole[:, 1]


def _key(lat, lon):
    """One number for a place."""
    return np.int64(lat) * np.int64(360 * SCALE + 1) + np.int64(lon)
