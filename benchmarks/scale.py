"""How the month's computation grows from 1,000 to 100,000 accounts.

    python3 -m dev bench scale [--arguments FOLDER]

For each size a company is made in SQL (``scale/company.sql``): ten order lines and three
meetings per account, a rep and a drawn region for every 200 accounts. Its month is
computed three times: the first one ever; the next one, for which all orders and meetings
become a month older, so that nearly every figure changes; and that one again, when
nothing has changed. Each step is a transaction of its own, as the scheduled action does
it. Prints for each step seconds on
the clock, seconds of processor in Odoo and in PostgreSQL, queries and memory, and draws
the growth as ``scale.svg`` into FOLDER.

Goals, for the largest size: the month (facts, regions, plan, number of reps) within 60 s
and no step over 20 s, memory below Odoo's own limit of 2 GiB, and no more queries than
one for each 20,000 rows written over those of 1,000 accounts. The seconds of the goals are
those of the processor, Odoo's and PostgreSQL's together: the two take turns, so that is
what a machine needs that has nothing else to do. PostgreSQL gets no parallel workers.

SCALE_SIZES (1000,10000,100000) chooses the sizes, SCALE_INSIGHTS=0 leaves the insights out,
which end the month's run; BENCH_KEEP=1 keeps the companies.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from dev import database, paths, postgres, say, venv

from . import _growth_chart

#: What happens between two computations.
MONTHS = {
    "first": ("TRUNCATE territory_run, territory_plan, territory_account CASCADE",),
    "next": (
        "UPDATE sale_order SET date_order = date_order - interval '1 month'",
        "UPDATE calendar_event SET start = start - interval '1 month', "
        "stop = stop - interval '1 month'",
        "UPDATE territory_plan SET date_from = date_from - interval '1 month'",
        "UPDATE territory_plan_line SET date_from = date_from - interval '1 month'",
    ),
    "again": (),
}
#: The month the growth is drawn of.
USUAL = "next"
SIZES = [int(n) for n in os.environ.get("SCALE_SIZES", "1000,10000,100000").split(",")]
ACCOUNTS_PER_REP = 200
BASE = "tp_bench_scale"
HERE = Path(__file__).parent / "scale"
#: The steps the goal of a minute is for; the insights have goals of their own.
MONTH = ("facts", "regions", "plan", "sizing")
INSIGHTS = os.environ.get("SCALE_INSIGHTS") != "0"
MONTH_SECONDS = 60
STEP_SECONDS = 20
MEMORY = 2048 * 1024**2  # Odoo's limit_memory_soft, which looks at the virtual size
CHUNK = 20_000
MEASURE = "--measure"


def main():
    """Measure each size in a process of its own; a missed goal is an error."""
    if sys.argv[1:2] == [MEASURE]:
        measure(sys.argv[2])
        return
    venv.environment()
    found = {}
    with postgres.running():
        for size in SIZES:
            found[size] = _measured(size)
            _print(size, found[size])
        if not os.environ.get("BENCH_KEEP"):
            database.drop(BASE)
    if sys.argv[1:]:
        print(f"  {_growth_chart.draw(Path(sys.argv[1]), _curves(found))}")
    if _missed(found):
        sys.exit(1)


# -------------------------------------------------------------------- companies
def company(size):
    """Make the database of a company of this size, if there is none; its name."""
    name = f"{BASE}_{size}"
    now = _addon()
    if os.environ.get("BENCH_KEEP") and database.exists(name):
        if database.comment(name) != now:
            with say.step("Updating the addon"):
                database.run_odoo(
                    ["-d", name, "-u", paths.NAME, "--stop-after-init", "--no-http"],
                    "Updating the addon",
                )
            database.set_comment(name, now)
        return name
    make(name, size)
    return name


def make(name, size):
    """Make a database with a company of this size; drop what was there."""
    now = _addon()
    database.drop(name)
    _base(now)
    with say.step(f"Making a company of {size:,} accounts"):
        database.copy(BASE, name)
        text = (HERE / "company.sql").read_text()
        text = text.replace("{accounts}", str(size))
        text = text.replace("{reps}", str(max(5, size // ACCOUNTS_PER_REP)))
        subprocess.run(
            [postgres.program("psql"), "-q", "-1", "-v", "ON_ERROR_STOP=1", "-d", name],
            input=text,
            text=True,
            env={**os.environ, **postgres.environment()},
            check=True,
            stdout=subprocess.DEVNULL,
        )
    database.set_comment(name, now)


def _addon():
    return paths.tree_digest(paths.ADDON, "tests", "lib", "static", "readme", "i18n")


def _base(now):
    """The addon as it is now in an empty database, kept as long as the addon is."""
    if database.exists(BASE) and database.comment(BASE) == now:
        return
    with say.step("Installing the addon"):
        database.fresh(BASE)
        database.run_odoo(
            ["-d", BASE, "-i", paths.NAME, "--stop-after-init", "--no-http"],
            "Installing the addon",
        )
        database.set_comment(BASE, now)


# -------------------------------------------------------------------- measuring
def _measured(size):
    """The figures of each step, measured in a process that does nothing else."""
    name = company(size)
    trial = f"{name}_trial"  # the months make all orders older
    database.drop(trial)
    database.copy(name, trial)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.scale", MEASURE, trial],
        env={**os.environ, **database.odoo_environment()},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    database.drop(trial)
    if not os.environ.get("BENCH_KEEP"):
        database.drop(name)
    if done.returncode:
        raise say.Stop(f"The month of {size:,} accounts failed: see above.")
    return [json.loads(line) for line in done.stdout.splitlines() if line[:1] == "{"]


def measure(name):
    """Compute a database's months; a line of figures for each step."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-d", name, "--no-http", "--log-level=warn"])
    with Registry(name).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        company = env.ref("base.main_company")
        # their processor time would not be seen
        cr.execute("SET max_parallel_workers_per_gather = 0")
        cr.execute("SELECT pg_backend_pid()")
        meter = _Meter(cr, cr.fetchone()[0])
        for month, changes in MONTHS.items():
            for change in changes:
                cr.execute(change)
            cr.commit()
            cr.execute("ANALYZE sale_order, calendar_event, territory_account")
            cr.commit()
            env.invalidate_all()
            plan = env["territory.plan"]._open(company)
            run = env["territory.run"]._create_once("month", company, plan=plan)
            cr.commit()
            for step in run._steps()["month"]:
                step = step.removeprefix("_step_")
                if step not in MONTH and not INSIGHTS:
                    run.state = "done"
                    break
                meter.begin()
                run._do_step()
                cr.commit()
                meter.end(month, step)
            cr.commit()


class _Meter:
    """Clock, processor, queries and memory of one step."""

    def __init__(self, cr, backend):
        self.cr, self.backend = cr, Path(f"/proc/{backend}/stat")

    def begin(self):
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        self.at = self._now()

    def end(self, month, step):
        wall, own, theirs, queries = (
            after - before for after, before in zip(self._now(), self.at, strict=True)
        )
        status = dict(
            line.split(":", 1)
            for line in Path("/proc/self/status").read_text().splitlines()
        )
        figures = {
            "month": month,
            "step": step,
            "wall": wall,
            "odoo": own,
            "postgres": theirs,
            "queries": queries,
            "resident": int(status["VmHWM"].split()[0]) * 1024,
            "virtual": int(status["VmPeak"].split()[0]) * 1024,
        }
        print(json.dumps(figures), flush=True)

    def _now(self):
        return (
            time.perf_counter(),
            time.process_time(),
            self._backend_seconds(),
            self.cr.sql_log_count,
        )

    def _backend_seconds(self):
        """Processor time of the PostgreSQL process we talk to, if it is on this machine."""
        try:
            fields = self.backend.read_text().rsplit(")", 1)[1].split()
        except OSError:
            return float("nan")
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# --------------------------------------------------------------------- figures
def _print(size, rows):
    print(f"\n  {size:,} accounts, {10 * size:,} order lines, {3 * size:,} meetings")
    print(
        f"  {'':<20}{'seconds':>9}{'Odoo':>8}{'PostgreSQL':>12}{'queries':>9}"
        f"{'MB resident':>13}{'virtual':>9}"
    )
    for month in MONTHS:
        for row in rows:
            if row["month"] == month:
                _print_row(f"{month}: {row['step']}", row)
        _print_row(f"{month}: the month", _month(rows, month))
    sys.stdout.flush()


def _print_row(name, row):
    print(
        f"  {name:<20}{row['wall']:>9.2f}{row['odoo']:>8.2f}{row['postgres']:>12.2f}"
        f"{row['queries']:>9,}{row['resident'] / 1e6:>13,.0f}{row['virtual'] / 1e6:>9,.0f}"
    )


def _month(rows, month):
    """The steps of the month together."""
    steps = [row for row in rows if row["month"] == month and row["step"] in MONTH]
    return {
        **{
            name: sum(row[name] for row in steps)
            for name in ("wall", "odoo", "postgres", "queries")
        },
        **{name: max(row[name] for row in steps) for name in ("resident", "virtual")},
    }


def _curves(found):
    """Seconds of each step over the number of accounts."""
    names = [row["step"] for row in found[SIZES[0]] if row["month"] == USUAL]
    curves = {
        name: [
            (size, _work(row))
            for size, rows in found.items()
            for row in rows
            if row["step"] == name and row["month"] == USUAL
        ]
        for name in names
    }
    month = [(size, _work(_month(rows, USUAL))) for size, rows in found.items()]
    return {"the month": month, **curves}


def _work(row):
    """Seconds of processor, Odoo's and PostgreSQL's together."""
    return row["odoo"] + row["postgres"]


def _missed(found):
    """Print each goal and whether it is met; the number missed."""
    smallest, largest = min(found), max(found)
    rows = found[largest]
    few = {(row["month"], row["step"]): row["queries"] for row in found[smallest]}
    chunks = 8 * -(-largest // CHUNK)
    month = max(_work(_month(rows, name)) for name in MONTHS)
    step = max(rows, key=_work)
    memory = max(rows, key=lambda row: row["virtual"])
    more = max(rows, key=lambda row: row["queries"] - few[row["month"], row["step"]])
    goals = [
        (f"month of {largest:,} accounts", month, MONTH_SECONDS, "s"),
        (f"longest step, {step['step']}", _work(step), STEP_SECONDS, "s"),
        (f"memory, {memory['step']}", memory["virtual"] / 1e6, MEMORY / 1e6, "MB"),
        (
            f"more queries than {smallest:,} accounts, {more['step']}",
            more["queries"] - few[more["month"], more["step"]],
            chunks,
            "",
        ),
    ]
    print()
    for name, figure, goal, unit in goals:
        met = "met   " if figure <= goal else "MISSED"
        print(f"  {met} {name:<48}{figure:>9,.1f} {unit} (goal ≤ {goal:,.0f})")
    return sum(figure > goal for _name, figure, goal, _unit in goals)


if __name__ == "__main__":
    main()
