import gzip
import hashlib
import json

import psycopg2
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import request

from . import _columns
from ._places import Places, UnusableField

POINTS_MAX = 500_000
DOMAIN_BYTES = 512 * 1024
CONDITIONS_MAX = 1_000
COLORS_MAX = 16
# What PostgreSQL says to values and depths a domain should not have; not the errors
# after which Odoo tries again.
UNFIT = (
    RecursionError,
    psycopg2.DataError,
    psycopg2.ProgrammingError,
    psycopg2.errors.StatementTooComplex,
    psycopg2.errors.ProgramLimitExceeded,
)
CONTEXT = {"allowed_company_ids": list, "active_test": bool, "lang": str, "tz": str}


class PointsController(http.Controller):
    """Where the records of a search are: everything the map draws, in one answer."""

    @http.route(
        "/territory_planning/points",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        readonly=True,
    )
    def points(self, model="", latitude="", longitude="", **options):
        """Answer with the places of records.

        :param model: name of the model
        :param latitude, longitude: names of its fields that say where
        :param domain: JSON; default: all records
        :param value: name of a number to add up
        :param color: names of the fields that colour markers, separated by commas
        :param owner: name of the field that says whose a record is
        :param limit: at most so many records
        :param doubt: JSON; selection field -> the values that say its place is in doubt
        :param figure: name of a number or date: only it and the ids are answered
        :param context: JSON; companies, ``active_test``, language and time zone count
        :param format: ``json`` for columns in readable form
        """
        texts = {
            "model": model,
            "latitude": latitude,
            "longitude": longitude,
            **options,
        }
        places = self._places({k: v for k, v in texts.items() if isinstance(v, str)})
        try:
            header, columns = places.read()
        except AccessError as error:
            raise _refusal(403, str(error)) from error
        except (UserError, ValueError, TypeError, KeyError) as error:
            raise _refusal(400, request.env._("This search cannot be run.")) from error
        except UNFIT as error:
            # The transaction is over, so no translation can be looked up any more.
            raise _refusal(400, "This search cannot be run.") from error
        if options.get("format") == "json":
            return self._answer(_readable(header, columns), "application/json")
        return self._answer(
            _columns.encode(header, columns), "application/octet-stream"
        )

    def _places(self, options):
        model = options.get("model")
        env = request.env(context=self._context(options.get("context")))
        if model not in env or env[model]._abstract:
            raise _refusal(400, env._("There is no such model to show on a map."))
        colors = [name for name in options.get("color", "").split(",") if name]
        if len(colors) > COLORS_MAX:
            raise _refusal(400, env._("Too many fields to colour by."))
        domain = self._domain(options.get("domain"))
        try:
            return Places(
                env[model],
                domain,
                options.get("latitude"),
                options.get("longitude"),
                value=options.get("value") or None,
                colors=colors,
                owner=options.get("owner") or None,
                limit=self._limit(options.get("limit")),
                figure=options.get("figure") or None,
                doubt=self._doubt(options.get("doubt")),
            )
        except UnusableField as error:
            raise _refusal(
                400,
                env._("The map cannot use this field: %(reason)s.", reason=str(error)),
            ) from error

    def _context(self, text):
        """What of the client's context counts: as it does for every call it makes."""
        given = _json(text, {}, dict)
        context = dict(request.env.context)
        for name, kind in CONTEXT.items():
            if isinstance(given.get(name), kind):
                context[name] = given[name]
        companies = context.get("allowed_company_ids", [])
        if not all(type(company) is int for company in companies):
            raise _refusal(400, request.env._("The companies are not numbers."))
        if set(companies) - set(request.env.user._get_company_ids()):
            raise _refusal(
                403, request.env._("You have no access to one of these companies.")
            )
        return context

    def _domain(self, text):
        if len(text or "") > DOMAIN_BYTES:
            raise _refusal(413, request.env._("This search is too long for the map."))
        terms = _json(text, [], list)
        try:
            domain = Domain(terms)
            conditions = sum(1 for _condition in domain.iter_conditions())
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise _refusal(
                400, request.env._("The search is not a valid domain.")
            ) from error
        if conditions > CONDITIONS_MAX:
            raise _refusal(413, request.env._("This search is too long for the map."))
        return domain

    def _doubt(self, text):
        doubt = _json(text, {}, dict)
        if len(doubt) > COLORS_MAX:
            raise _refusal(400, request.env._("Too many fields for a doubt."))
        return doubt

    def _limit(self, text):
        if not text:
            return POINTS_MAX
        if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]):
            raise _refusal(
                400, request.env._("The limit must be a whole number above 0.")
            )
        return min(int(text[:9]), POINTS_MAX)

    def _answer(self, body, mimetype):
        # Weak: the same columns are the same answer, compressed or not.
        etag = hashlib.blake2b(body, digest_size=16).hexdigest()
        headers = [
            ("Content-Type", mimetype),
            ("ETag", f'W/"{etag}"'),
            # Figures change at night and with a click: always ask, but send no byte
            # of what the browser has already.
            ("Cache-Control", "private, no-cache"),
            ("Vary", "Accept-Encoding, Cookie"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        if request.httprequest.if_none_match.contains_weak(etag):
            return request.make_response("", headers, status=304)
        accepted = request.httprequest.headers.get("Accept-Encoding", "")
        if parse_accept_header(accepted)["gzip"]:
            # Odoo compresses nothing itself; level 1 takes a third of level 6's time
            # for a tenth more bytes.
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
        return request.make_response(body, headers)


def _json(text, default, kind):
    if not text:
        return default
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refusal(400, request.env._("This is not valid JSON.")) from error
    if not isinstance(value, kind):
        raise _refusal(400, request.env._("This is not valid JSON."))
    return value


def _refusal(status, message):
    """A sentence the map can show, instead of a traceback."""
    # Not make_json_response: it counts characters where HTTP wants bytes.
    response = request.make_response(
        json.dumps({"error": message}),
        [("Content-Type", "application/json")],
        status=status,
    )
    return HTTPException(response=response)


def _readable(header, columns):
    values = {
        name: [None if value != value else value for value in column.tolist()]
        if width == "f32"
        else column.astype(int).tolist()
        for name, (width, column) in columns.items()
    }
    return json.dumps({**header, "n": len(values["id"]), **values}).encode()
