"""Runs in the background that are cut off at random moments: what is left is whole.

    python3 -m dev bench faults

A real server with its scheduled actions works on a company of 1,000 accounts. For each
kind of run the same work is done once undisturbed, then again and again from the same
database, each time with ``kill -9`` at a random moment and a new server after it. What
the run leaves is compared with what the undisturbed one left: every table of the module,
row by row, but for ids and clock times. Once per kind PostgreSQL is stopped and started
under the server instead. The month also meets a full disk, and the search for places a
service that is down, slow, wrong or a web page; each time the run has to say so, leave
nothing half-written, and come to the same end when the trouble is over.

Prints for each kind how often the answer was the same, how many runs were cut off in the
middle, and what differed if anything did. FAULT_KINDS (all), FAULT_TRIALS (20) and
FAULT_SEED (0) change what is tried.
"""

import contextlib
import importlib.util
import os
import random
import signal
import subprocess
import sys
import time

from dev import database, paths, postgres, say, venv

from . import _pictures, scale
from ._small_disk import move, small_disk

BASE = "tp_faults"
TRIAL = "tp_faults_trial"
ACCOUNTS = 1000
TRIALS = int(os.environ.get("FAULT_TRIALS", "20"))
SEED = int(os.environ.get("FAULT_SEED", "0"))
WITHIN = 900
LOG = paths.LOGS / "faults.log"
DISK = 200  # kB: less than the lines of a plan take
#: How a geocoding service can go wrong, by the fake one's words.
TROUBLES = ("down", "slow", "html", "shape", "limit", "500")

#: Run in Odoo's shell on a copy of the base: starts what is to be cut off.
STARTS = {
    "month": """
plan = env["territory.plan"]._open(company)
env["territory.run"]._create_once("month", company, plan=plan)
""",
    "insights": """
env["territory.account"]._refresh(company)
env["territory.run"]._create_once("insights", company)
""",
    "refresh": """
env["territory.run"]._create_once("refresh", company)
""",
    "assign": """
env["territory.account"]._refresh(company)
leader = env["res.users"].search([("login", "=", "rep0")])
asked = env(user=leader.id, context={"allowed_company_ids": company.ids})
accounts = asked["territory.account"].search([("company_id", "=", company.id)])
asked["territory.assignment"]._assign_rep(accounts, leader)
""",
    "geocode": """
env["territory.account"]._refresh(company)
towns = ["München", "Nürnberg", "Hamburg", "Nowhere"]
partners = env["res.partner"].search([("name", "=like", "Account %")], limit=400)
for number, partner in enumerate(partners):
    partner.write({"street": f"Marienplatz {number}", "city": towns[number % 4],
                   "zip": False})
parameters = env["ir.config_parameter"].sudo()
provider = env["base.geo_provider"].search([("tech_name", "=", "nominatim")])
parameters.set_param("base_geolocalize.geo_provider", provider.id)
parameters.set_param("territory_planning.geocode_interval", "0")
parameters.set_param("territory_planning.geocode_daily", "0")
parameters.set_param("territory_planning.geocode_url.nominatim", "GEOCODER")
env["territory.run"]._create_once("geocode", company)
""",
}
PREPARE = """
company = env.ref("base.main_company")
env["territory.run"].search([]).unlink()
{start}
env.cr.commit()
"""
RETRY = """
env["territory.run"].search([]).action_retry()
env.cr.commit()
"""


class Outcome:
    """What happened to one kind of run over its trials."""

    def __init__(self, kind):
        self.kind, self.same, self.trials, self.middle = kind, 0, 0, 0
        self.differences = []

    def count(self, how, difference, middle=False):
        self.trials += 1
        self.same += not difference
        self.middle += middle
        if difference:
            self.differences.append(f"{how}: {difference}")

    def print(self, seconds):
        print(
            f"  {'met   ' if self.same == self.trials else 'MISSED'} {self.kind:<10} "
            f"{self.same} of {self.trials} disturbed runs ended as the undisturbed one "
            f"({seconds:.1f} s undisturbed); {self.middle} were killed in the middle",
            flush=True,
        )
        for line in self.differences:
            print(f"         {line}", flush=True)


def main():
    """Disturb each kind of run; a difference is an error."""
    venv.environment()
    kinds = os.environ.get("FAULT_KINDS", ",".join(STARTS)).split(",")
    if unknown := set(kinds) - set(STARTS):
        raise say.Stop(
            f"There is no kind {unknown.pop()}; there are: {', '.join(STARTS)}."
        )
    missed = 0
    with postgres.running(), _geocoder() as geocoder:
        scale.make(BASE, ACCOUNTS)
        # nothing but the run under trial may write while it is on trial
        postgres.sql(
            "UPDATE ir_cron SET active = id IN (SELECT res_id FROM ir_model_data "
            "WHERE module = 'territory_planning' AND name = 'cron_run')",
            database=BASE,
        )
        for kind in kinds:
            outcome = _try_kind(kind, geocoder)
            missed += outcome.same != outcome.trials
        for name in (TRIAL, BASE, *(f"{BASE}_{kind}" for kind in kinds)):
            database.drop(name)
    if missed:
        sys.exit(1)


@contextlib.contextmanager
def _geocoder():
    """The geocoding service of the tests, which speaks real HTTP."""
    path = paths.ADDON / "tests" / "fake_geocoder.py"
    spec = importlib.util.spec_from_file_location("fake_geocoder", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.fake_geocoder() as fake:
        fake.slowness = 30.0
        yield fake


def _try_kind(kind, geocoder):
    prepared = f"{BASE}_{kind}"
    database.drop(prepared)
    database.copy(BASE, prepared)
    start = PREPARE.format(start=STARTS[kind].replace("GEOCODER", geocoder.url))
    database.shell(prepared, start, f"Starting a run of kind {kind}")
    outcome = Outcome(kind)
    expected, seconds = _undisturbed(prepared)
    chance = random.Random(f"{SEED} {kind}")
    for _ in range(TRIALS):
        moment = chance.uniform(0, seconds)
        found, middle = _killed(prepared, moment)
        outcome.count(
            f"killed after {moment:.2f} s",
            _pictures.difference(expected, found),
            middle,
        )
    found = _without_database(prepared, seconds / 2)
    outcome.count("PostgreSQL restarted", _pictures.difference(expected, found))
    if kind == "month":
        _fill_disk(prepared, expected, outcome)
    if kind == "geocode":
        for trouble in TROUBLES:
            found = _bad_service(prepared, geocoder, trouble)
            outcome.count(f"service {trouble}", _pictures.difference(expected, found))
    outcome.print(seconds)
    return outcome


# ---------------------------------------------------------------- disturbances
def _undisturbed(prepared):
    _copy(prepared)
    with _server() as server:
        _wait_for_start()
        begin = time.monotonic()
        _wait_for_end(server)
        seconds = time.monotonic() - begin
    _check_done("undisturbed")
    return _pictures.take(TRIAL), seconds


def _killed(prepared, moment):
    """Return what is there at the end, and whether the run was under way when killed."""
    _copy(prepared)
    with _server():
        _wait_for_start()
        time.sleep(moment)
    middle = _under_way()
    with _server() as server:
        _wait_for_end(server)
    return _pictures.take(TRIAL), middle


def _without_database(prepared, moment):
    _copy(prepared)
    with _server() as server:
        _wait_for_start()
        time.sleep(moment)
        postgres.stop()
        postgres.start()
        _wait_for_end(server)
    return _pictures.take(TRIAL)


def _fill_disk(prepared, expected, outcome):
    """The plan's lines find no room: the run says so; with room it ends as it should."""
    with small_disk(DISK) as possible:
        if not possible:
            print("         a full disk was not tried: it takes the right to mount one")
            return
        _copy(prepared)
        move("territory_plan_line", TRIAL)
        with _server() as server:
            _wait_for_start()
            _wait_for_end(server)
        left = postgres.sql(
            "SELECT (SELECT state FROM territory_run) || (SELECT count(*) FROM "
            "territory_plan_line) || (SELECT count(*) FROM territory_plan_region)",
            database=TRIAL,
        )[0]
        move("territory_plan_line", TRIAL, to="pg_default")
        outcome.count("disk full", "" if left == "failed00" else f"left {left}")
        outcome.count("disk full, then not", _pictures.difference(expected, _retried()))
        database.drop(TRIAL)


def _bad_service(prepared, geocoder, trouble):
    """The run meets a service in trouble; when that is over it is tried again."""
    _copy(prepared)
    if trouble == "down":
        postgres.sql(
            "UPDATE ir_config_parameter SET value = 'http://127.0.0.1:9' "
            "WHERE key = 'territory_planning.geocode_url.nominatim'",
            database=TRIAL,
        )
    else:
        geocoder.mode = trouble
    with _server() as server:
        _wait_for_start()
        _wait_for_end(server, until={"failed", "done"})
    geocoder.mode = "ok"
    postgres.sql(
        f"UPDATE ir_config_parameter SET value = '{geocoder.url}' "
        "WHERE key = 'territory_planning.geocode_url.nominatim'",
        database=TRIAL,
    )
    return _retried()


def _retried():
    """What is there after the button Retry and a server that does it."""
    database.shell(TRIAL, RETRY, "Trying again")
    with _server() as server:
        _wait_for_end(server)
    return _pictures.take(TRIAL)


def _copy(prepared):
    database.drop(TRIAL)
    database.copy(prepared, TRIAL)


# ------------------------------------------------------------------- the server
@contextlib.contextmanager
def _server():
    """A server that takes scheduled actions; killed, never stopped in order."""
    command = [*database.odoo_command(), "-d", TRIAL, "--no-http", "--workers=1"]
    paths.LOGS.mkdir(parents=True, exist_ok=True)
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


def _states():
    """States of the runs; a server that has just begun is told to look at once."""
    postgres.sql(f"SELECT pg_notify('cron_trigger', '{TRIAL}')")
    return set(postgres.sql("SELECT state FROM territory_run", database=TRIAL))


def _under_way():
    return bool({"waiting", "running"} & _states())


def _wait_for_start():
    """Wait until a step is under way."""
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        if _states() - {"waiting"}:
            return
        time.sleep(0.1)
    raise say.Stop(f"The run did not begin within {WITHIN} s; the log is {LOG}.")


def _wait_for_end(server, until=frozenset()):
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(say.Stop):  # PostgreSQL may be on its way up
            states = _states()
            if states and not {"waiting", "running"} & states or until & states:
                return
        time.sleep(0.3)
    raise say.Stop(f"The run did not end within {WITHIN} s; the log is {LOG}.")


def _check_done(how):
    rows = postgres.sql(
        "SELECT kind || ' ' || state || ' ' || COALESCE(error, '') FROM territory_run "
        "WHERE state != 'done'",
        database=TRIAL,
    )
    if rows:
        raise say.Stop(f"The {how} run did not come to its end: {rows[0]}")


if __name__ == "__main__":
    main()
