"""What is in the tables of the module, made comparable between two databases."""

import json

from dev import postgres

#: Columns that tell when and by which attempt, not what.
PASSING = {
    "id",
    "create_date",
    "write_date",
    "create_uid",
    "write_uid",
    "computed_on",
    "data_date",
    "figures_date",
    "date_start",
    "date_end",
    "attempts",
    "expiry",
    "next_allowed",
}


#: A record of the module is named by what it is, not by its number.
NAMES = {
    "territory_account": "(SELECT concat(company_id, ' ', partner_id) FROM "
    "territory_account WHERE id = t.{column})"
}


def take(name):
    """Each table of the module as digests of its rows and of its columns.

    Left out are ids and clock times; numbers with a fraction count to seven digits, for
    sums in another order differ in the last of sixteen.

    :param name: a database
    :return: (number of rows, digest) as one text, by table and by "table.column"
    """
    tables = postgres.sql(
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_name LIKE 'territory\\_%' AND table_type = 'BASE TABLE' ORDER BY 1",
        database=name,
    )
    picture = {}
    for table in tables:
        columns = _columns(name, table)
        for part, values in [(table, columns.values())] + [
            (f"{table}.{column}", [value]) for column, value in columns.items()
        ]:
            row = _joined(list(values))
            picture[part] = postgres.sql(
                "SELECT count(*), md5(string_agg(line, E'\\n' ORDER BY line)) FROM "
                f'(SELECT {row} AS line FROM "{table}" t) AS lines',
                database=name,
            )[0]
    return picture


def _joined(values):
    """One text of many expressions; PostgreSQL takes a hundred at a time."""
    parts = [
        f"concat_ws(E'\\t', {', '.join(values[i : i + 90])})"
        for i in range(0, len(values), 90)
    ]
    return f"concat_ws(E'\\t', {', '.join(parts)})" if parts else "'1'"


def difference(expected, found):
    """What two pictures differ in, as a text; empty if they are the same."""
    different = [part for part in expected if expected[part] != found.get(part)]
    return (
        json.dumps({part: (expected[part], found.get(part)) for part in different})
        if different
        else ""
    )


def _columns(name, table):
    """The columns that are compared, each with the expression that is."""
    rows = postgres.sql(
        f"""
        SELECT c.column_name, c.data_type, f.confrelid::regclass
          FROM information_schema.columns c
     LEFT JOIN pg_constraint f
            ON f.conrelid = '{table}'::regclass AND f.contype = 'f'
           AND f.conkey = ARRAY[(
                   SELECT attnum FROM pg_attribute
                    WHERE attrelid = f.conrelid AND attname = c.column_name)]
         WHERE c.table_name = '{table}' ORDER BY 1
        """,
        database=name,
    )
    values = {}
    for row in rows:
        column, kind, refers = row.split("|")
        if column in PASSING or (
            table == "territory_run" and column in ("result", "step")
        ):
            continue
        if refers in NAMES:
            values[column] = NAMES[refers].format(column=column)
        elif refers.startswith("territory_"):
            continue  # the id of a record that the run itself makes
        elif kind == "double precision":
            values[column] = f't."{column}"::float4::text'
        else:
            values[column] = f't."{column}"::text'
    return values
