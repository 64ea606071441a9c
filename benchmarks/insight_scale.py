"""The nightly insights of a large company, step by step, in a real database.

100,000 accounts, about 1,000,000 order lines of three years, 180,000 visits, made in SQL.
Each step is run twice: the first night, when every row changes, and a second one in which
nothing has changed since.

Computing is measured in seconds of processor time, which do not depend on what else the
machine does; whole steps, with the database's part, by the clock.

Goals: churn for 100,000 customers ≤ 15 s; the comparison of 250,000 prices ≤ 1 s; white
space of 100,000 points ≤ 2 s — the computing of each, beside which the whole step with its
reading and writing is printed. Each step ≤ 60 s, so that no scheduled action is cut off; the
second night writes no row of an account that did not change.

Run: ``python3 -m dev bench insight_scale``. BENCH_ACCOUNTS and BENCH_LINES change the
size, BENCH_KEEP=1 keeps the database for the next time.
"""

import json
import os
import sys
from pathlib import Path

from dev import database, javascript, paths, postgres, say, venv

DATABASE = "tp_insights"
ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "100000"))
LINES = int(os.environ.get("BENCH_LINES", "1000000"))
LINES_AN_ORDER = 10 / 3
ITEMS, CATEGORIES = 500, 60
SQL = Path(__file__).with_name("insight_scale.sql")
STEP_MOST = 60.0

MAKE = """
company = env.company
company.territory_compute_drive = False
categories = env["product.category"].create(
    [{{"name": f"Kind {{n}}"}} for n in range({categories})])
env["product.product"].create([
    {{"name": f"Item {{n:03}}", "categ_id": categories[n % {categories}].id,
      "list_price": 5 + (n * 37) % 400, "standard_price": 1}}
    for n in range({items})])
env.flush_all()
query = open({sql!r}).read().format(
    accounts={accounts}, orders={orders}, items={items}, company=company.id,
    currency=company.currency_id.id, unit=env.ref("uom.product_uom_unit").id)
env.cr.execute(query.replace("%", "%%"), ())
env.cr.commit()
"""
MEASURE = """
import json, resource, time
from odoo.addons.territory_planning.engine.insight import churn, crosssell, potential
from odoo.addons.territory_planning.engine.insight import pricing, visits, whitespace

computing = {}
def timed(module, name):
    function = getattr(module, name)
    def call(*args, **kwargs):
        begin = time.process_time()
        try:
            return function(*args, **kwargs)
        finally:
            label = f"{module.__name__.rsplit('.', 1)[-1]}.{name}"
            computing[label] = computing.get(label, 0) + time.process_time() - begin
    setattr(module, name, call)

for module, names in ((churn, ("histories", "assess")), (crosssell, ("suggest",)),
                      (potential, ("fit",)), (pricing, ("inconsistencies",)),
                      (visits, ("effect",)), (whitespace, ("excess",))):
    for name in names:
        timed(module, name)

company = env.company
run = env["territory.run"].create({"kind": "insights", "company_id": company.id})
steps = ["_step_facts", *run._steps()["insights"]]
written = (
    "SELECT COALESCE(SUM(pg_stat_get_xact_tuples_updated(oid)), 0)"
    " FROM pg_class WHERE relname = 'territory_account'")
found = []
for night in (1, 2):
    for step in steps:
        computing.clear()
        env.flush_all(); env.invalidate_all()
        env.cr.execute(written)
        rows, queries = env.cr.fetchone()[0], env.cr.sql_log_count
        begin = time.perf_counter()
        result = getattr(run, step)() or {}
        took = time.perf_counter() - begin
        asked = env.cr.sql_log_count - queries
        env.cr.execute(written)
        wrote = env.cr.fetchone()[0] - rows
        env.cr.commit()
        found.append({
            "night": night, "step": step, "seconds": took, "queries": asked,
            "rows": int(wrote), "computing": dict(computing), "result": result,
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})
        print(f"  night {night} {step:22} {took:7.1f} s  {asked:4} queries  "
              f"{int(wrote):7} rows written", flush=True)
run.unlink()
env.cr.commit()
with open(ANSWER, "w") as file:
    json.dump(found, file)
"""


def main():
    """Make the company, measure two nights; a goal missed is an error."""
    venv.environment()
    javascript.prepare()
    answer = paths.state("tmp") / "insight_scale.json"
    with postgres.running():
        _make()
        code = f"ANSWER = {str(answer)!r}\n{MEASURE}"
        database.shell(DATABASE, code, "Measuring")
        if not os.environ.get("BENCH_KEEP"):
            database.drop(DATABASE)
    return _tell(json.loads(answer.read_text()))


def _make():
    if os.environ.get("BENCH_KEEP") and database.exists(DATABASE):
        return
    database.fresh(DATABASE)
    with say.step(f"Making {ACCOUNTS:,} accounts and {LINES:,} order lines"):
        database.run_odoo(
            ["-d", DATABASE, "-i", paths.NAME, "--stop-after-init", "--no-http"],
            "Installing the addon",
        )
        code = MAKE.format(
            categories=CATEGORIES,
            items=ITEMS,
            sql=str(SQL),
            accounts=ACCOUNTS,
            orders=round(LINES / LINES_AN_ORDER),
        )
        database.shell(DATABASE, code, "Making the company")


def _tell(found):
    missed = 0

    def goal(what, figure, most, unit="s"):
        nonlocal missed
        good = figure <= most
        missed += not good
        print(
            f"{'✓ met   ' if good else '✗ missed'} {what:<56}{figure:>9,.1f} {unit:4}"
            f" at most {most:g}"
        )

    first = {row["step"]: row for row in found if row["night"] == 1}
    second = {row["step"]: row for row in found if row["night"] == 2}
    computing = {k: v for row in first.values() for k, v in row["computing"].items()}
    print(f"\n{ACCOUNTS:,} accounts, about {LINES:,} order lines")
    goal(
        "churn: histories and risk",
        computing["churn.histories"] + computing["churn.assess"],
        15,
    )
    pairs = first["_step_prices"]["result"]["price_pairs"]
    goal(
        f"prices: {pairs:,} pairs, per 250,000",
        computing["pricing.inconsistencies"] * 250_000 / max(pairs, 1),
        1,
    )
    goal("white space", computing["whitespace.excess"], 2)
    for step, row in first.items():
        again = second[step]
        if step == "_step_facts":
            continue
        goal(f"{step}, the whole step", row["seconds"], STEP_MOST)
        goal(f"{step}, rows of the second night", again["rows"], 0, "rows")
        print(
            f"         second night {again['seconds']:.1f} s; {row['queries']} queries; "
            f"up to {row['memory']:,.0f} MiB; "
            + ", ".join(f"{k} {v:.1f} s" for k, v in row["computing"].items())
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
