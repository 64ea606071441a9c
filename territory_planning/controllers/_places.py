"""Where the records of any model are, as columns, under the user's own rights.

``_search`` applies the record rules and ``_field_to_sql`` the field access, so that
the map shows exactly what a list of the same domain would.
"""

import numpy as np

from odoo.tools import SQL

from . import _columns

SCALE = 100_000  # degrees to whole numbers: 1 m
MINE = 1
NONE = 0  # the category of records whose colour field is empty
CATEGORIES_MAX = 2**16 - 1


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
    """

    def __init__(self, model, domain, latitude, longitude, value, colors, owner, limit):
        self.model = model
        self.domain = domain
        self.latitude, self.longitude = latitude, longitude
        self.value, self.colors, self.owner = value, colors, owner
        self.limit = limit
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
        rows = self._rows()
        more = len(rows) > self.limit
        table = np.array(rows[: self.limit], dtype=float).reshape(-1, self._width())
        columns = {
            "id": ("i32", table[:, 0]),
            "longitude": ("i32", np.rint(table[:, 1])),
            "latitude": ("i32", np.rint(table[:, 2])),
        }
        header = {
            "version": 1,
            "model": self.model._name,
            "scale": {"longitude": SCALE, "latitude": SCALE},
            "placeless": self._count_placeless(),
            "more": more,
        }
        if self.value:
            whole, header["scale"]["value"] = _columns.whole(table[:, 4])
            columns["value"] = ("i32", whole)
            header["currency"] = self._currency(table[:, 5])
        columns["status"] = ("u8", table[:, 3])
        header["categories"] = {}
        for name, raw in zip(self.colors, table[:, 6:].T, strict=True):
            codes, header["categories"][name] = self._categories(name, raw)
            columns[name] = ("u16", codes)
        return header, columns

    # ------------------------------------------------------------------ queries
    def _width(self):
        return 6 + len(self.colors)

    def _rows(self):
        query = self.model._search(self.domain, limit=self.limit + 1, order="id")
        if query.is_empty():
            return []
        field = self._reader(query)
        query.add_where(self._has_place(query))
        mine = SQL("0")
        if self.owner:
            mine = SQL(
                "CASE WHEN %s = %s THEN %s ELSE 0 END",
                field(self.owner),
                self.model.env.uid,
                MINE,
            )
        return self.model.env.execute_query(
            query.select(
                SQL.identifier(query.table, "id"),
                SQL("COALESCE(%s, 0) * %s", field(self.longitude), SCALE),
                SQL("COALESCE(%s, 0) * %s", field(self.latitude), SCALE),
                mine,
                SQL("COALESCE(%s, 0)", field(self.value)) if self.value else SQL("0"),
                self._currency_sql(field),
                *(self._category_sql(name, field) for name in self.colors),
            )
        )

    def _count_placeless(self):
        query = self.model._search(self.domain)
        if query.is_empty():
            return 0
        query.add_where(SQL("(%s) IS NOT TRUE", self._has_place(query)))
        ((count,),) = self.model.env.execute_query(query.select(SQL("COUNT(*)")))
        return count

    def _reader(self, query):
        return lambda name: self.model._field_to_sql(query.table, name, query)

    def _has_place(self, query):
        """0, 0 means "not known"; beyond ±90 and ±180 is nowhere on earth."""
        field = self._reader(query)
        return SQL(
            "COALESCE(%(latitude)s, 0) BETWEEN -90 AND 90 "
            "AND COALESCE(%(longitude)s, 0) BETWEEN -180 AND 180 "
            "AND (COALESCE(%(latitude)s, 0) <> 0 OR COALESCE(%(longitude)s, 0) <> 0)",
            latitude=field(self.latitude),
            longitude=field(self.longitude),
        )

    def _currency_sql(self, field):
        name = self._currency_field()
        return SQL("COALESCE(%s, 0)", field(name)) if name else SQL("0")

    def _currency_field(self):
        if not self.value or self.model._fields[self.value].type != "monetary":
            return None
        name = self.model._fields[self.value].get_currency_field(self.model)
        return name if name in self.model._fields else None

    def _category_sql(self, name, field):
        if self.model._fields[name].type == "selection":
            # What is stored is a word: its place in the list stands for it.
            keys = [key for key, _label in self._options(name)]
            return SQL(
                "COALESCE(array_position(%s::varchar[], %s), 0)", keys, field(name)
            )
        if self.model._fields[name].type == "boolean":
            return SQL("CASE WHEN %s THEN 1 ELSE 0 END", field(name))
        return SQL("COALESCE(%s, 0)", field(name))

    # ------------------------------------------------------------------- tables
    def _options(self, name):
        return self.model._fields[name]._description_selection(self.model.env)

    def _currency(self, column):
        """The one currency the amounts are in; None when there are several."""
        if not self._currency_field():
            return None
        ids = np.unique(column[column > 0]).astype(int)
        return int(ids[0]) if len(ids) == 1 else None

    def _categories(self, name, raw):
        """Number the categories that occur, from 1; 0 is "none".

        :return: a number per record, and ``[key, label]`` per number but 0
        """
        found, codes = np.unique(raw.astype(np.int64), return_inverse=True)
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
