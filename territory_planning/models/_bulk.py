"""Columns in, rows out: writing many records in a statement or two, and reading them.

Only for the module's own tables, whose rows are made from arrays: a hundred thousand
of them through ``create`` would be a loop. Values of relational and plain stored
fields only; what the ORM would compute must be given too.

A column goes to the database as one text, PostgreSQL's way to write an array: a third
of the time of handing over value by value.
"""

import json

import numpy as np

from odoo import fields
from odoo.tools import SQL

CHUNK = 20_000


def insert(model, columns, *, conflict=None, constants=None):
    """Insert rows, or update those that exist and differ.

    :param model: an empty recordset of the model to write to
    :param columns: field name -> array or list, all of one length
    :param conflict: names of the unique columns; rows that exist are updated
    :param constants: field name -> the value that all rows have; a difference in it
        alone is no reason to update a row
    """
    constants = {**(constants or {}), **_stamp(model, ("create", "write"))}
    names = [*columns, *constants]
    for chunk in _chunks(columns):
        statement = SQL(
            "INSERT INTO %s AS target (%s) SELECT rows.*, %s FROM unnest(%s) rows",
            SQL.identifier(model._table),
            _names(names),
            SQL(", ").join(SQL("%s", value) for value in constants.values()),
            SQL(", ").join(_arrays(model, chunk)),
        )
        if conflict:
            compared = [n for n in columns if n not in conflict]
            written = [n for n in names if n not in conflict and n[:7] != "create_"]
            statement = SQL(
                "%s ON CONFLICT (%s) DO UPDATE SET %s WHERE (%s) IS DISTINCT FROM (%s)",
                statement,
                _names(conflict),
                _settings(written, "excluded"),
                _names(compared, "target"),
                _names(compared, "excluded"),
            )
        model.env.cr.execute(statement)
    model.invalidate_model()


def update(model, ids, columns, *, dated=None):
    """Write columns of existing rows, where they differ.

    :param ids: the rows' ids
    :param columns: field name -> array or list, as long as ``ids``
    :param dated: name of the column that says when the others were found. Rows that
        differ in it alone get just that, in a short statement.
    """
    for chunk in _chunks({"id": ids, **columns}):
        compared = [name for name in chunk if name not in ("id", dated)]
        _update(model, chunk, compared)
        if dated:
            _update(model, {name: chunk[name] for name in ("id", dated)}, [dated])
    model.invalidate_model()


def _update(model, chunk, compared):
    """Write all columns of a chunk to the rows that differ in the compared ones."""
    stamp = _stamp(model, ("write",))
    model.env.cr.execute(
        SQL(
            "UPDATE %s target SET %s, %s FROM unnest(%s) rows(%s) "
            "WHERE target.id = rows.id AND (%s) IS DISTINCT FROM (%s)",
            SQL.identifier(model._table),
            _settings([name for name in chunk if name != "id"], "rows"),
            SQL(", ").join(
                SQL("%s = %s", SQL.identifier(n), v) for n, v in stamp.items()
            ),
            SQL(", ").join(_arrays(model, chunk)),
            _names(chunk),
            _names(compared, "target"),
            _names(compared, "rows"),
        )
    )


def read(records, numbers, others=()):
    """Read stored fields past the ORM, which would make objects of every value.

    :param records: whose rows; ones that are no longer there are an error
    :param numbers: names of number fields; nothing is read as 0
    :param others: names of other fields; relational ones are read as ids
    :return: field name -> float array or list, in the order of ``records``
    """
    records.flush_model([*numbers, *others])
    rows = records.env.execute_query(
        SQL(
            "SELECT %s FROM unnest(%s::int[]) WITH ORDINALITY wanted(id, place) "
            "JOIN %s target ON target.id = wanted.id ORDER BY wanted.place",
            SQL(", ").join(
                [
                    *(
                        SQL("COALESCE(%s, 0)::float8", SQL.identifier("target", name))
                        for name in numbers
                    ),
                    *(SQL.identifier("target", name) for name in others),
                ]
            ),
            _literal(records.ids, "int4"),
            SQL.identifier(records._table),
        )
    )
    if len(rows) != len(records):
        raise ValueError(f"{len(records) - len(rows)} of {records._name} are gone")
    columns = zip(*rows, strict=True) if rows else ((),) * len([*numbers, *others])
    found = dict(zip([*numbers, *others], columns, strict=True))
    return {
        **{name: np.array(found[name], dtype=float) for name in numbers},
        **{name: list(found[name]) for name in others},
    }


# ------------------------------------------------------------------------- parts
def _stamp(model, moments):
    now = fields.Datetime.now()
    return {
        f"{moment}_{what}": value
        for moment in moments
        for what, value in (("uid", model.env.uid), ("date", now))
    }


def _names(names, table=None):
    parts = (table,) if table else ()
    return SQL(", ").join(SQL.identifier(*parts, name) for name in names)


def _settings(names, source):
    return SQL(", ").join(
        SQL("%s = %s", SQL.identifier(name), SQL.identifier(source, name))
        for name in names
    )


def _chunks(columns):
    length = len(next(iter(columns.values())))
    for start in range(0, length, CHUNK):
        yield {name: values[start : start + CHUNK] for name, values in columns.items()}


def _arrays(model, chunk):
    for name, values in chunk.items():
        kind = "int4" if name == "id" else model._fields[name].column_type[0]
        yield SQL("%s::%s[]", _literal(values, kind), SQL(kind))


def _literal(values, kind):
    """PostgreSQL's text of an array; NaN, None and, but for booleans, False are NULL."""
    plain = values.tolist() if isinstance(values, np.ndarray) else list(values)
    if kind == "int4" and isinstance(values, np.ndarray) and values.dtype.kind == "f":
        return "{" + ",".join(map(_element, plain)) + "}"
    if isinstance(values, np.ndarray) and values.dtype.kind in "iufb":
        return "{" + repr(plain)[1:-1].replace("nan", "NULL") + "}"
    if kind == "bool":
        return "{" + ",".join("NULL" if v is None else str(v) for v in plain) + "}"
    return "{" + ",".join(map(_element, plain)) + "}"


def _element(value):
    if value is None or value is False or value != value:
        return "NULL"
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a whole number may be meant for an integer column
    if isinstance(value, dict | list):
        value = json.dumps(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
