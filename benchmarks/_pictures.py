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


def take(name):
    """Each table of the module as a digest of its rows, ids and clock times left out.

    :param name: a database
    :return: table -> digests of its rows and of each of its columns
    """
    tables = postgres.sql(
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_name LIKE 'territory\\_%' AND table_type = 'BASE TABLE' ORDER BY 1",
        database=name,
    )
    picture = {}
    for table in tables:
        columns = postgres.sql(
            "SELECT column_name FROM information_schema.columns "
            f"WHERE table_name = '{table}' ORDER BY 1",
            database=name,
        )
        kept = [
            column
            for column in columns
            if column not in PASSING and not _names_a_result(table, column)
        ]
        row = ", ".join(f'"{column}"::text' for column in kept) or "1"
        picture[table] = {
            "rows": postgres.sql(
                "SELECT count(*), md5(string_agg(line, E'\\n' ORDER BY line)) FROM "
                f'(SELECT ROW({row})::text AS line FROM "{table}") AS lines',
                database=name,
            )[0],
            **_columns(name, table, kept),
        }
    return picture


def _columns(name, table, columns):
    """A digest of each column by itself, to say where a difference is."""
    digests = ", ".join(
        f'md5(string_agg("{column}"::text, E\'\\n\' ORDER BY "{column}"::text))'
        for column in columns
    )
    if not columns:
        return {}
    found = postgres.sql(f'SELECT {digests} FROM "{table}"', database=name)[0]
    return dict(zip(columns, found.split("|"), strict=True))


def difference(expected, found):
    """What two pictures differ in, as a text; empty if they are the same."""
    different = {}
    for table, before in expected.items():
        after = found.get(table, {})
        if before != after:
            names = [name for name in before if before[name] != after.get(name)]
            count = after.get("rows", "none").split("|")[0]
            different[table] = [f"{before['rows'].split('|')[0]} rows, {count}", *names]
    return json.dumps(different) if different else ""


def _names_a_result(table, column):
    """Columns that hold the id of a record that the run itself makes."""
    return column in ("plan_line_id", "plan_region_id", "space_id") or (
        table == "territory_run" and column in ("result", "step")
    )
