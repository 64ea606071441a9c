"""Where the records of any model are, as columns, under the user's own rights.

``_search`` applies the record rules and ``_field_to_sql`` the field access, so that
the map shows exactly what a list of the same domain would.
"""

import numpy as np

from odoo.fields import Date
from odoo.tools import SQL

from . import _columns, _copy

SCALE = 100_000  # degrees to whole numbers: 1 m
FINE = 10_000_000  # as they are read: seven decimals
NOWHERE = 2**31 - 1  # beyond 180 degrees
MINE = 1
DOUBT = 2  # the place is known, but not well
NONE = 0  # the category of records whose colour field is empty
CATEGORIES_MAX = 2**16 - 1
SEEN_MAX = 2**22  # ids up to here are looked up rather than sorted
DATES = ("date", "datetime")
FIGURE_TYPES = ("float", "integer", "monetary", *DATES)


class UnusableField(ValueError):
    """A field that exists but cannot be used that way; says so to the user."""


class Places:
    """The places of the records of one search.

    :param model: an empty recordset in the user's environment
    :param domain: which records
    :param latitude, longitude: names of the fields that say where
    :param value: name of a number to add up, or None
    :param colors: names of the fields that may colour the markers
    :param owner: name of the many2one to the user a record belongs to, or None
    :param limit: at most so many records
    :param figure: name of a number or date; then nothing else is answered but it and
        the ids, for records whose places the browser has already
    :param doubt: which values of selection fields mean that a place is not known well,
        name -> keys
    """

    def __init__(
        self,
        model,
        domain,
        latitude,
        longitude,
        value,
        colors,
        owner,
        limit,
        figure=None,
        doubt=None,
    ):
        self.model = model
        self.domain = domain
        self.latitude, self.longitude = latitude, longitude
        self.value, self.colors, self.owner = value, colors, owner
        self.limit = limit
        self.figure = figure
        self.doubt = doubt or {}
        self._check_fields()

    def _check_fields(self):
        self._check(self.latitude, "float", "integer", "monetary")
        self._check(self.longitude, "float", "integer", "monetary")
        if self.value:
            self._check(self.value, "float", "integer", "monetary")
        for name in self.colors:
            self._check(name, "many2one", "selection", "boolean")
        if self.owner:
            self._check(self.owner, "many2one")
            if self.model._fields[self.owner].comodel_name != "res.users":
                raise UnusableField(f"{self.owner} is not a user")
        if self.figure:
            self._check(self.figure, *FIGURE_TYPES)
        for name, keys in self.doubt.items():
            self._check(name, "selection")
            known = {key for key, _label in self._options(name)}
            if not isinstance(keys, list) or not all(
                isinstance(key, str) and key in known for key in keys
            ):
                raise UnusableField(f"{name} has not all of these values")

    def _check(self, name, *types):
        field = self.model._fields.get(name)
        if field is None:
            raise UnusableField(f"{self.model._name} has no field {name}")
        if field.type not in types:
            raise UnusableField(f"{name} is of type {field.type}")

    def read(self):
        """Run the queries.

        :return: header and columns, as ``_columns.encode`` takes them
        """
        raw, records, placeless = self._read_columns()
        raw = {name: values[: self.limit] for name, values in raw.items()}
        if self.figure:
            return self._figure_columns(raw, records)
        columns = {"id": ("i32", raw["id"])}
        for name in ("longitude", "latitude"):
            columns[name] = ("i32", np.rint(raw[name] / (FINE // SCALE)))
        header = {
            "version": 1,
            "model": self.model._name,
            "scale": {"longitude": SCALE, "latitude": SCALE},
            "placeless": placeless,
            "more": records > self.limit,
        }
        if self.value:
            whole, header["scale"]["value"] = _columns.whole(raw["value"])
            columns["value"] = ("i32", whole)
            header["currency"] = self._currency(raw["currency"], self.value)
        columns["status"] = ("u8", self._status(raw))
        header["categories"] = {}
        for name in self.colors:
            codes, header["categories"][name] = self._categories(
                name, raw[f"color_{name}"]
            )
            columns[name] = ("u16", codes)
        return header, columns

    def _figure_columns(self, raw, records):
        """The figure alone; a record without one has NaN."""
        header = {
            "version": 1,
            "model": self.model._name,
            "figure": self.figure,
            "currency": self._currency(raw["currency"], self.figure),
            "more": records > self.limit,
        }
        figures = raw["figure"].astype(np.float32)
        return header, {"id": ("i32", raw["id"]), "figure": ("f32", figures)}

    # ------------------------------------------------------------------ queries
    def _read_columns(self):
        """Take the records from PostgreSQL as bytes, in one pass over them.

        A hundred thousand rows of nine Python objects take twice the time of the
        rest of the request. Each expression per record counts as well: so what can
        be done with whole columns (where is on earth, whose is mine) is done here.

        :return: name -> array, the number of records, and of those without a place
        """
        query = self.model._search(self.domain, limit=self.limit + 1, order="id")
        if query.is_empty():
            nothing = SQL("0")
            return self._placed(
                dict.fromkeys(self._wanted(lambda _name: nothing), np.empty(0))
            )
        wanted = self._wanted(self._reader(query))
        inner = query.select(
            *(
                SQL("(%s)::%s AS %s", value, SQL(kind), SQL.identifier(name))
                for name, (kind, value) in wanted.items()
            ),
        )
        kinds = {name: kind for name, (kind, _value) in wanted.items()}
        return self._placed(_copy.columns(self.model.env, inner, kinds))

    def _placed(self, columns):
        """Leave out the records that are nowhere on earth: 0, 0 means "not known"."""
        records = len(columns["id"])
        if self.figure:
            return columns, records, 0
        longitude, latitude = columns["longitude"], columns["latitude"]
        placed = (longitude != NOWHERE) & (latitude != NOWHERE)
        placed &= (longitude != 0) | (latitude != 0)
        placeless = records - int(np.count_nonzero(placed))
        if placeless:
            columns = {name: values[placed] for name, values in columns.items()}
        return columns, records, placeless

    def _wanted(self, field):
        """What is read: name -> (type, SQL). None of it may be NULL."""
        if self.figure:
            return {
                "id": ("int4", field("id")),
                "figure": ("float8", self._figure_sql(field)),
                "currency": ("int4", self._currency_sql(field, self.figure)),
            }
        wanted = {
            "id": ("int4", field("id")),
            "longitude": ("int4", self._degrees(field(self.longitude), 180)),
            "latitude": ("int4", self._degrees(field(self.latitude), 90)),
        }
        if self.value:
            wanted["value"] = ("float8", SQL("COALESCE(%s, 0)", field(self.value)))
            wanted["currency"] = ("int4", self._currency_sql(field, self.value))
        for name in self.colors:
            wanted[f"color_{name}"] = ("int4", self._category_sql(name, field))
        if self.owner and self.owner not in self.colors:
            wanted[f"color_{self.owner}"] = (
                "int4",
                self._category_sql(self.owner, field),
            )
        if self.doubt:
            wanted["doubt"] = ("bool", self._doubt_sql(field))
        return wanted

    def _doubt_sql(self, field):
        return SQL(" OR ").join(
            SQL("COALESCE(%s = ANY(%s), FALSE)", field(name), keys)
            for name, keys in self.doubt.items()
        )

    def _degrees(self, value, most):
        """Whole numbers as fine as Odoo keeps places; ``NOWHERE`` beyond the earth.

        Not by way of float8: from numeric that takes longer than all the rest.
        """
        return SQL(
            "CASE WHEN %(value)s < -%(most)s OR %(value)s > %(most)s THEN %(nowhere)s "
            "ELSE COALESCE((%(value)s * %(fine)s)::int4, 0) END",
            value=value,
            most=most,
            nowhere=NOWHERE,
            fine=FINE,
        )

    def _reader(self, query):
        return lambda name: self.model._field_to_sql(query.table, name, query)

    def _figure_sql(self, field):
        """The number, or for a date how many days ago it was: below 0 if to come."""
        value = field(self.figure)
        if self.model._fields[self.figure].type in DATES:
            today = Date.context_today(self.model)
            value = SQL("%s::date - (%s)::date", today, value)
        return SQL("COALESCE((%s)::float8, 'NaN')", value)

    def _currency_sql(self, field, number):
        name, _way = self._currency_way(number)
        return SQL("COALESCE(%s, 0)", field(name)) if name else SQL("0")

    def _currency_way(self, number):
        """The field read of each record, and the way from there to its currency.

        Companies are few: theirs is looked up afterwards, which spares a join of each
        record with its company.
        """
        name = self._currency_field(number)
        related = name and self.model._fields[name].related
        if related and not self.model._fields[name].store:
            first, *way = related.split(".")
            if self.model._fields[first].store and way:
                return first, ".".join(way)
        return name, ""

    def _currency_field(self, number):
        if not number or self.model._fields[number].type != "monetary":
            return None
        name = self.model._fields[number].get_currency_field(self.model)
        return name if name in self.model._fields else None

    def _category_sql(self, name, field):
        if self.model._fields[name].type == "selection":
            # What is stored is a word: its place in the list stands for it.
            keys = [key for key, _label in self._options(name)] or [None]
            cases = (SQL("WHEN %s THEN %s", key, 1 + i) for i, key in enumerate(keys))
            return SQL("CASE %s %s ELSE 0 END", field(name), SQL(" ").join(cases))
        if self.model._fields[name].type == "boolean":
            return SQL("CASE WHEN %s THEN 1 ELSE 0 END", field(name))
        return SQL("COALESCE(%s, 0)", field(name))

    # ------------------------------------------------------------------- tables
    def _status(self, raw):
        status = np.zeros(len(raw["id"]), np.uint8)
        if self.owner:
            status[raw[f"color_{self.owner}"] == self.model.env.uid] |= MINE
        if self.doubt:
            status[raw["doubt"] != 0] |= DOUBT
        return status

    def _options(self, name):
        return self.model._fields[name]._description_selection(self.model.env)

    def _currency(self, column, number):
        """The one currency the amounts are in; None when there are several."""
        if not self._currency_field(number):
            return None
        ids = np.unique(column[column > 0]).astype(int).tolist()
        first, way = self._currency_way(number)
        if way:
            # sudo: as the related field itself is read, whoever may read the record
            owners = self.model.env[self.model._fields[first].comodel_name].sudo()
            ids = owners.browse(ids).mapped(way).ids
        return ids[0] if len(ids) == 1 else None

    def _categories(self, name, raw):
        """Number the categories that occur, from 1; 0 is "none".

        :return: a number per record, and ``[key, label]`` per number but 0
        """
        found, codes = _distinct(raw)
        if len(found) and found[0] == NONE:
            table = found[1:]
        else:
            table, codes = found, codes + 1
        if len(table) > CATEGORIES_MAX:
            raise UnusableField(f"{name} has more than {CATEGORIES_MAX} values")
        return codes, self._labels(name, table.tolist())

    def _labels(self, name, table):
        field = self.model._fields[name]
        if field.type == "selection":
            options = self._options(name)
            return [list(options[place - 1]) for place in table]
        if field.type == "boolean":
            return [[True, field.get_description(self.model.env, ["string"])["string"]]]
        # sudo: as in a list, the name of what a readable record points to is shown
        records = self.model.env[field.comodel_name].sudo().browse(table).exists()
        names = {record.id: record.display_name for record in records}
        return [[key, names.get(key) or f"#{key}"] for key in table]


def _distinct(values):
    """The distinct values in rising order, and for each value its place among them.

    Ids are small and many are the same: a table of those seen takes a tenth of the time
    of sorting them all.
    """
    values = values.astype(np.int64)
    if not len(values) or values.min() < 0 or values.max() > SEEN_MAX:
        return np.unique(values, return_inverse=True)
    seen = np.zeros(values.max() + 1, bool)
    seen[values] = True
    place = np.cumsum(seen, dtype=np.int32) - 1
    return np.flatnonzero(seen), place[values]
