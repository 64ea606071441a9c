"""Runs in the background that are cut off at random moments: what is left is whole.

    python3 -m dev bench faults [KIND …]

A real server with its scheduled actions works on the demo company. For each kind of run the
same work is done once undisturbed, then again and again from the same database, each time
with ``kill -9`` at a random moment and a new server after it. What the run leaves is
compared with what the undisturbed one left: every table of the module, row by row, but for
ids and clock times. Once per kind PostgreSQL is stopped and started under the server
instead.

Prints for each kind how often the answer was the same, how many runs went on by
themselves, and what differed if anything did. FAULT_TRIALS (20) and FAULT_SEED (0) change
what is tried.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time

from dev import database, javascript, paths, postgres, say, venv

from . import _pictures

BASE = "tp_faults"
TRIAL = "tp_faults_trial"
TRIALS = int(os.environ.get("FAULT_TRIALS", "20"))
SEED = int(os.environ.get("FAULT_SEED", "0"))
#: A run cut off goes on when the scheduled action is taken next: at once after a start.
WITHIN = 300
LOG = paths.LOGS / "faults.log"

#: Run in Odoo's shell on a copy of the base: starts what is to be cut off.
STARTS = {
    "month": """
plan = env["territory.plan"]._open(company)
env["territory.run"]._create_once("month", company, plan=plan)
""",
    "insights": """
env["territory.run"]._create_once("insights", company)
""",
    "refresh": """
env.cr.execute("DELETE FROM territory_plan")
env.cr.execute("DELETE FROM territory_account")
env["territory.run"]._create_once("refresh", company)
""",
    "assign": """
leader = env["res.users"].search([("login", "=", "thomas.lindner@velbrok.example")])
asked = env(user=leader.id, context={"allowed_company_ids": company.ids})
accounts = asked["territory.account"].search([("company_id", "=", company.id)])
asked["territory.assignment"]._assign_rep(accounts, accounts.user_id[:1])
""",
}
PREPARE = """
company = env.ref("base.main_company")
env["territory.run"].search([]).unlink()
{start}
env.cr.commit()
"""


class Outcome:
    """What happened to one kind of run over its trials."""

    def __init__(self, kind):
        self.kind, self.same, self.trials, self.differences = kind, 0, 0, []

    def count(self, how, difference):
        self.trials += 1
        self.same += not difference
        if difference:
            self.differences.append(f"{how}: {difference}")

    def print(self, seconds):
        print(
            f"  {'met   ' if self.same == self.trials else 'MISSED'} {self.kind:<10} "
            f"{self.same} of {self.trials} cut-off runs ended as the undisturbed one "
            f"({seconds:.1f} s undisturbed)",
            flush=True,
        )
        for line in self.differences:
            print(f"         {line}", flush=True)


def main():
    """Cut each kind of run off; a difference is an error."""
    venv.environment()
    javascript.prepare()
    kinds = sys.argv[1:] or list(STARTS)
    if unknown := set(kinds) - set(STARTS):
        raise say.Stop(
            f"There is no kind {unknown.pop()}; there are: {', '.join(STARTS)}."
        )
    missed = 0
    with postgres.running():
        _make_base()
        for kind in kinds:
            outcome = _try_kind(kind)
            missed += outcome.same != outcome.trials
        for name in (TRIAL, *(f"{BASE}_{kind}" for kind in kinds)):
            database.drop(name)
    if missed:
        sys.exit(1)


def _make_base():
    if os.environ.get("BENCH_KEEP") and database.exists(BASE):
        return
    database.fresh(BASE)
    with say.step("Making the demo company"):
        database.run_odoo(
            ["-d", BASE, "-i", paths.NAME, "--stop-after-init", "--no-http"],
            "Installing the addon",
        )
        generate = 'env["territory.demo"].generate()\nenv.cr.commit()\n'
        database.shell(BASE, generate, "Generating the demo company")
    # nothing but the run under trial may write while it is on trial
    postgres.sql(
        "UPDATE ir_cron SET active = id IN (SELECT res_id FROM ir_model_data "
        "WHERE module = 'territory_planning' AND name = 'cron_run')",
        database=BASE,
    )


def _try_kind(kind):
    prepared = f"{BASE}_{kind}"
    database.drop(prepared)
    database.copy(BASE, prepared)
    start = PREPARE.format(start=STARTS[kind])
    database.shell(prepared, start, f"Starting a run of kind {kind}")
    outcome = Outcome(kind)
    expected, seconds = _undisturbed(prepared)
    chance = random.Random(f"{SEED} {kind}")
    for _ in range(TRIALS):
        moment = chance.uniform(0, seconds)
        found = _killed(prepared, moment)
        outcome.count(
            f"killed after {moment:.2f} s", _pictures.difference(expected, found)
        )
    found = _without_database(prepared, seconds / 2)
    outcome.count("PostgreSQL restarted", _pictures.difference(expected, found))
    outcome.print(seconds)
    return outcome


def _undisturbed(prepared):
    _copy(prepared)
    with _server() as server:
        _wait_for_start()
        begin = time.monotonic()
        _wait_for_end(server)
        seconds = time.monotonic() - begin
    return _pictures.take(TRIAL), seconds


def _killed(prepared, moment):
    _copy(prepared)
    with _server():
        _wait_for_start()
        time.sleep(moment)
    return _go_on()


def _without_database(prepared, moment):
    _copy(prepared)
    with _server() as server:
        _wait_for_start()
        time.sleep(moment)
        postgres.stop()
        postgres.start()
        _wait_for_end(server)
    return _pictures.take(TRIAL)


def _go_on():
    with _server() as server:
        _wait_for_end(server)
    return _pictures.take(TRIAL)


def _copy(prepared):
    database.drop(TRIAL)
    database.copy(prepared, TRIAL)


@contextlib.contextmanager
def _server():
    """A server that takes scheduled actions; killed, never stopped in order."""
    command = [*database.odoo_command(), "-d", TRIAL, "--no-http"]
    with open(LOG, "ab") as log:
        server = subprocess.Popen(
            [*command, "--max-cron-threads=1"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=database.odoo_environment(),
            start_new_session=True,
        )
    try:
        yield server
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _state():
    rows = postgres.sql(
        "SELECT string_agg(DISTINCT state, ',') FROM territory_run", database=TRIAL
    )
    return rows[0] if rows else ""


def _wait_for_start():
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        if _state() != "waiting":
            return
        time.sleep(0.02)
    raise say.Stop(f"The run did not begin within {WITHIN} s; the log is {LOG}.")


def _wait_for_end(server):
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(say.Stop):  # PostgreSQL may be on its way up
            if not {"waiting", "running"} & set(_state().split(",")):
                return
        time.sleep(0.1)
    raise say.Stop(f"The run did not end within {WITHIN} s; the log is {LOG}.")


if __name__ == "__main__":
    main()
