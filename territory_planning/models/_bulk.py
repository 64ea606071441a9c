"""Columns in, rows out: writing many records in a statement or two.

Only for the module's own result tables, whose rows are made from arrays: a
hundred thousand of them through ``create`` would be a loop. Values of relational
and plain stored fields only; what the ORM would compute must be given too.
"""

import json

import numpy as np

from odoo import fields
from odoo.tools import SQL

CHUNK = 20_000


def insert(model, columns, *, conflict=None):
    """Insert rows, or update those that exist.

    :param model: an empty recordset of the model to write to
    :param columns: field name -> array or list, all of one length
    :param conflict: names of the unique columns; rows that exist are updated
    """
    env = model.env
    stamp = fields.Datetime.now()
    names = [*columns, "create_uid", "create_date", "write_uid", "write_date"]
    for chunk in _chunks(columns):
        arrays = [
            SQL("%s::%s[]", _plain(values), _sql_type(model, name))
            for name, values in chunk.items()
        ]
        statement = SQL(
            "INSERT INTO %s (%s) SELECT rows.*, %s, %s, %s, %s FROM unnest(%s) rows",
            SQL.identifier(model._table),
            SQL(", ").join(SQL.identifier(name) for name in names),
            env.uid,
            stamp,
            env.uid,
            stamp,
            SQL(", ").join(arrays),
        )
        if conflict:
            updated = [n for n in columns if n not in conflict]
            statement = SQL(
                "%s ON CONFLICT (%s) DO UPDATE SET %s",
                statement,
                SQL(", ").join(SQL.identifier(name) for name in conflict),
                SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", SQL.identifier(n), SQL.identifier(n))
                    for n in [*updated, "write_uid", "write_date"]
                ),
            )
        env.cr.execute(statement)
    model.invalidate_model()


def update(model, ids, columns, *, stamp=None):
    """Write columns of existing rows; a row that holds these values already is left alone.

    :param ids: the rows' ids
    :param columns: field name -> array or list, as long as ``ids``
    :param stamp: name of the column that says when the others were found. Rows that
        differ in it alone get just that, in a short statement.
    """
    for chunk in _chunks({"id": ids, **columns}):
        values = [name for name in chunk if name not in ("id", stamp)]
        _update(model, chunk, values, [stamp] if stamp else [])
        if stamp:
            _update(model, {name: chunk[name] for name in ("id", stamp)}, [stamp], [])
    model.invalidate_model()


def _update(model, chunk, compared, besides):
    """Write all columns of a chunk to the rows that differ in the compared ones."""
    env = model.env

    def columns(table, names):
        return SQL(", ").join(SQL.identifier(table, name) for name in names)

    env.cr.execute(
        SQL(
            "UPDATE %s target SET %s, write_uid = %s, write_date = %s "
            "FROM unnest(%s) rows(%s) WHERE target.id = rows.id "
            "AND (%s) IS DISTINCT FROM (%s)",
            SQL.identifier(model._table),
            SQL(", ").join(
                SQL("%s = rows.%s", SQL.identifier(name), SQL.identifier(name))
                for name in [*compared, *besides]
            ),
            env.uid,
            fields.Datetime.now(),
            SQL(", ").join(
                SQL("%s::%s[]", _plain(values), _sql_type(model, name))
                for name, values in chunk.items()
            ),
            SQL(", ").join(SQL.identifier(name) for name in chunk),
            columns("target", compared),
            columns("rows", compared),
        )
    )


def _chunks(columns):
    length = len(next(iter(columns.values())))
    for start in range(0, length, CHUNK):
        yield {name: values[start : start + CHUNK] for name, values in columns.items()}


def _sql_type(model, name):
    if name == "id":
        return SQL("int4")
    return SQL(model._fields[name].column_type[0])


def _plain(values):
    """A list psycopg2 can send: NaN becomes NULL, a dict JSON."""
    values = np.asarray(values)
    plain = values.tolist()
    if values.dtype.kind == "f":
        return [None if v != v else v for v in plain]
    if plain and isinstance(plain[0], dict):
        return [json.dumps(v) for v in plain]
    return plain
