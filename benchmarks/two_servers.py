"""Two Odoo servers share one month's work as jobs of OCA's ``queue_job``; one is killed.

    python3 -m dev bench two_servers

Four companies with the demo company's accounts and orders have their month computed, once
by one server as without ``queue_job``, then by two servers whose jobs are handed out in
turn, as behind any load balancer, and twice more with one of the two killed half-way: the
one that hands out the jobs, and the other one.

Prints which server did how many steps, how long it took, and whether the plans are the
same, row by row, as those of the one server. ``queue_job`` is fetched for this benchmark
alone; the addon does not need it.
"""

import contextlib
import http.server
import itertools
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request

from dev import database, javascript, paths, postgres, say, server, venv

from . import _pictures

BASE = "tp_two_servers"
TRIAL = "tp_two_servers_trial"
COMPANIES = 4
WITHIN = 600
#: Pinned: what is measured is this release.
PACKAGES = ("odoo-addon-queue_job==19.0.2.4.0.1", "openupgradelib==3.13.7")
TAKEN = re.compile(r"queue_job\.controllers\.main: <Job .*> started")

#: Three more companies with the same accounts and orders, copied in SQL. Their plans need
#: no more: meetings and leads belong to the people of the first.
COPIES = f"""
source = env["res.company"].search([("name", "like", "Velbrok%")], limit=1)
cr = env.cr


def columns(table):
    cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
        "AND column_name != 'id' AND is_generated = 'NEVER'",
        [table],
    )
    return [name for (name,) in cr.fetchall()]


def copy(table, where, target, maps):
    cr.execute(f"DROP TABLE IF EXISTS map_{{table}}")
    cr.execute(
        f"CREATE TEMP TABLE map_{{table}} AS SELECT id AS old, "
        f"nextval('{{table}}_id_seq') AS new FROM {{table}} WHERE {{where}}",
        [source.id],
    )
    names = columns(table)
    values = []
    for name in names:
        if name == "company_id":
            values.append(str(target.id))
        elif name in maps:
            values.append(
                f"COALESCE((SELECT new FROM map_{{maps[name]}} WHERE old = t.{{name}}), "
                f"t.{{name}})"
            )
        else:
            values.append(f't."{{name}}"')
    quoted = ", ".join(f'"{{name}}"' for name in names)
    cr.execute(
        f"INSERT INTO {{table}} (id, {{quoted}}) SELECT m.new, {{', '.join(values)}} "
        f"FROM {{table}} t JOIN map_{{table}} m ON m.old = t.id"
    )


for number in range(2, {COMPANIES} + 1):
    target = env["res.company"].create(
        {{"name": f"Velbrok {{number}}", "currency_id": source.currency_id.id}}
    )
    env.flush_all()
    partner = dict.fromkeys(("parent_id", "commercial_partner_id"), "res_partner")
    copy("res_partner", "company_id = %s", target, partner)
    partners = ("partner_id", "partner_invoice_id", "partner_shipping_id")
    copy("sale_order", "company_id = %s", target, dict.fromkeys(partners, "res_partner"))
    lines = {{"order_id": "sale_order", "order_partner_id": "res_partner"}}
    copy("sale_order_line", "company_id = %s", target, lines)
env.invalidate_all()
env["territory.run"].search([]).unlink()
for company in env["res.company"].search([("name", "like", "Velbrok%")]):
    plan = env["territory.plan"]._open(company)
    env["territory.run"]._create_once("month", company, plan=plan)
env.cr.commit()
"""
#: The first job is what a button would make.
WAKE = """
env["territory.run"]._wake()
env.cr.commit()
"""


class Node:
    """One Odoo server process with a port and a log of its own."""

    def __init__(self, number, environment, *options):
        self.port = server.free_port(8190 + 10 * number)
        self.log = paths.LOGS / f"two_servers_{number}.log"
        command = [*database.odoo_command(), "-d", TRIAL, f"--http-port={self.port}"]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [*command, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )

    @property
    def alive(self):
        return self.process.poll() is None

    @property
    def hands_out(self):
        return "queue job runner ready for db" in self.log.read_text(errors="replace")

    @property
    def taken(self):
        """How many jobs this server has taken up."""
        return len(TAKEN.findall(self.log.read_text(errors="replace")))

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Balancer:
    """Hands each request to the next server that answers, as a load balancer does."""

    def __init__(self):
        self.nodes = nodes = []
        turn = itertools.count()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                for _try in nodes:
                    node = nodes[next(turn) % len(nodes)]
                    with contextlib.suppress(OSError):
                        if node.alive and self._pass_on(node):
                            return
                with contextlib.suppress(OSError):
                    self.send_error(502)

            def _pass_on(self, node):
                request = urllib.request.Request(
                    f"http://127.0.0.1:{node.port}{self.path}",
                    headers={"X-Odoo-Database": TRIAL},
                )
                direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
                with direct.open(request, timeout=WITHIN) as answer:
                    body = answer.read()
                with contextlib.suppress(OSError):  # the job runner does not wait
                    self.send_response(answer.status)
                    self.end_headers()
                    self.wfile.write(body)
                return True

            def log_message(self, *_arguments):
                pass

        self.port = server.free_port(8290)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()


def main():
    """Do the month in four ways; a difference in what they leave is an error."""
    venv.environment()
    javascript.prepare()
    addons = _queue_job()
    with postgres.running():
        _make_base(addons)
        expected, seconds = _by_one_server()
        _say("one server, scheduled action", seconds, "", True)
        same = True
        for name, victim in (
            ("two servers, queue_job", None),
            ("… the one handing out killed", "hands out"),
            ("… the other one killed", "other"),
        ):
            found, seconds, taken = _by_two_servers(addons, victim)
            same &= found == expected
            steps = " + ".join(map(str, taken))
            _say(name, seconds, f"{steps} jobs taken up", found == expected)
            if found != expected:
                print(f"         {_pictures.difference(expected, found)}", flush=True)
        for name in (TRIAL, BASE, f"{BASE}_jobs"):
            database.drop(name)
    if not same:
        sys.exit(1)


def _say(name, seconds, steps, same):
    verdict = "same plans" if same else "DIFFERENT PLANS"
    print(f"  {name:<32} {seconds:6.1f} s   {verdict}   {steps}", flush=True)


def _queue_job():
    """Fetch queue_job into a folder of its own; return it."""
    target = paths.CACHE / f"queue-job-{paths.digest(*PACKAGES)}"
    done = target / "complete"
    with paths.locked(target.name):
        if not done.exists():
            with say.step("Fetching queue_job"):
                # without what it names as needed: Odoo is here, and not from a package
                pip = [venv.python(), "-m", "pip", "install", "-q", "--no-deps"]
                say.run([*pip, "--target", target, *PACKAGES], "Fetching queue_job")
            done.touch()
    return target


def _environment(addons, **settings):
    env = database.odoo_environment()
    return env | {"PYTHONPATH": f"{env['PYTHONPATH']}{os.pathsep}{addons}", **settings}


def _make_base(addons):
    if os.environ.get("BENCH_KEEP") and database.exists(BASE):
        database.run_odoo(
            ["-d", BASE, "-u", paths.NAME, "--stop-after-init", "--no-http"],
            "Updating the addon",
        )
    else:
        database.fresh(BASE)
        with say.step("Making four companies"):
            database.run_odoo(
                ["-d", BASE, "-i", paths.NAME, "--stop-after-init", "--no-http"],
                "Installing the addon",
            )
            generate = 'env["territory.demo"].generate()\nenv.cr.commit()\n'
            database.shell(BASE, generate + COPIES, "Generating the companies")
        # nothing but the runs may write while they are on trial
        postgres.sql(
            "UPDATE ir_cron SET active = id IN (SELECT res_id FROM ir_model_data "
            "WHERE module = 'territory_planning' AND name = 'cron_run')",
            database=BASE,
        )
    jobs = f"{BASE}_jobs"
    database.drop(jobs)
    database.copy(BASE, jobs)
    with say.step("Installing queue_job"):
        env = _environment(addons)
        options = ["--stop-after-init", "--no-http", "--max-cron-threads=0"]
        database.run_odoo(
            ["-d", jobs, "-i", "queue_job", *options], "Installing queue_job", env
        )
        database.shell(jobs, WAKE, "Waking the runs up", env)


def _copy(source):
    database.drop(TRIAL)
    database.copy(source, TRIAL)


def _by_one_server():
    _copy(BASE)
    node = Node(0, database.odoo_environment(), "--max-cron-threads=1")
    try:
        _wait_until(lambda: _count("state != 'waiting'"), node)
        begin = time.monotonic()
        _wait_until(lambda: not _count("state IN ('waiting', 'running')"), node)
        return _pictures.take(TRIAL), time.monotonic() - begin
    finally:
        node.kill()


def _by_two_servers(addons, victim):
    _copy(f"{BASE}_jobs")
    balancer = Balancer()
    nodes = balancer.nodes
    env = _environment(
        addons,
        ODOO_QUEUE_JOB_HOST="127.0.0.1",
        ODOO_QUEUE_JOB_PORT=str(balancer.port),
        ODOO_QUEUE_JOB_CHANNELS="root:2",
    )
    options = (
        "--load=base,web,queue_job",
        "--max-cron-threads=0",
        "--log-handler=odoo.addons.queue_job.controllers.main:DEBUG",
    )
    try:
        nodes += [Node(number, env, *options) for number in (1, 2)]
        _wait_until(lambda: any(node.hands_out for node in nodes), *nodes)
        begin = time.monotonic()
        if victim:
            _wait_until(lambda: _steps() >= COMPANIES * 4 // 2, *nodes)
            first, second = nodes if nodes[0].hands_out else reversed(nodes)
            (first if victim == "hands out" else second).kill()
        _wait_until(lambda: not _count("state IN ('waiting', 'running')"), *nodes)
        seconds = time.monotonic() - begin
        return _pictures.take(TRIAL), seconds, [node.taken for node in nodes]
    finally:
        for node in nodes:
            node.kill()
        balancer.stop()


def _count(condition):
    rows = postgres.sql(
        f"SELECT count(*) FROM territory_run WHERE {condition}", database=TRIAL
    )
    return int(rows[0])


def _steps():
    rows = postgres.sql(
        "SELECT COALESCE(sum(step), 0) FROM territory_run", database=TRIAL
    )
    return int(rows[0])


def _wait_until(reached, *nodes):
    deadline = time.monotonic() + WITHIN
    while not reached():
        if time.monotonic() > deadline or not any(node.alive for node in nodes):
            logs = ", ".join(str(node.log) for node in nodes)
            raise say.Stop(f"The runs did not end within {WITHIN} s; see {logs}.")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
