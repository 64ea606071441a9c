"""``make test``, part life: an older database upgraded, the addon removed, and put back.

On one database: the previous version is installed from the repository's own history and
given a small demo company; then this version is upgraded to, used, uninstalled and
installed again. What must hold:

* the upgrade loses no row, logs nothing, and leaves the tables of a new installation;
* uninstalling leaves Odoo as it was: views, actions, menus, scheduled actions, tables;
* what is installed again computes its month.
"""

import json
import shutil
import subprocess
import tarfile
from pathlib import Path

from . import database, javascript, paths, postgres, say
from .say import Stop

#: The commit of the previous version, whose databases are upgraded.
PREVIOUS = "f6580e3e65eb117f75113fc147542f7d7249b738"
DATABASE = "tp_life"
FOLDER = paths.STATE / "previous"

COMPANY = """
env["territory.demo"].generate(accounts=80, reps=3)
env["territory.run"].search([("state", "in", ("waiting", "running"))])._finish_now()
action = env.ref("base.action_partner_form")
action.write({"view_mode": action.view_mode + ",territory_map"})
env.cr.commit()
"""
USE = """
companies = env["territory.plan"].search([]).company_id
if not companies:
    companies = env["res.company"].search([("name", "like", "Velbrok%")])
for company in companies:
    for kind in ("refresh", "insights"):
        env["territory.run"]._create_once(kind, company)._finish_now()
    plan = env["territory.plan"]._open(company)
    env["territory.run"]._create_once("month", company, plan=plan)._finish_now()
    assert plan.line_ids, "no plan lines"
env["territory.account"].get_views([(False, "territory_map"), (False, "list")])
env.cr.commit()
"""
REMOVE = f"""
env["ir.module.module"].search([("name", "=", "{paths.NAME}")]).button_immediate_uninstall()
"""

#: What Odoo is made of, as one line each; the addon's own are gone after it.
ODOO = """
SELECT 'view ' || coalesce(d.module || '.' || d.name, v.name) || ' ' || md5(v.arch_db::text)
  FROM ir_ui_view v LEFT JOIN ir_model_data d ON d.model = 'ir.ui.view' AND d.res_id = v.id
UNION ALL
SELECT concat('action ', a.id, ' ', a.view_mode, ' ', a.mobile_view_mode) FROM ir_act_window a
UNION ALL SELECT concat('action view ', v.id, ' ', v.view_mode) FROM ir_act_window_view v
UNION ALL SELECT concat('menu ', m.id, ' ', m.parent_id) FROM ir_ui_menu m
UNION ALL SELECT concat('cron ', c.id, ' ', c.active) FROM ir_cron c
UNION ALL SELECT concat('asset ', a.path, ' ', a.bundle) FROM ir_asset a
UNION ALL SELECT concat('model ', m.model) FROM ir_model m
UNION ALL SELECT concat('field ', f.model, '.', f.name) FROM ir_model_fields f
UNION ALL SELECT concat('access ', a.name) FROM ir_model_access a
UNION ALL SELECT concat('rule ', r.name, ' ', r.domain_force) FROM ir_rule r
UNION ALL SELECT concat('group ', g.id) FROM res_groups g
UNION ALL SELECT concat('setting ', p.key) FROM ir_config_parameter p
UNION ALL SELECT concat('geocoder ', g.tech_name) FROM base_geo_provider g
UNION ALL SELECT concat('report ', r.report_name) FROM ir_act_report_xml r
UNION ALL SELECT concat('mail template ', t.id) FROM mail_template t
UNION ALL
SELECT concat('column ', table_name, '.', column_name)
  FROM information_schema.columns WHERE table_schema = 'public'
ORDER BY 1
"""
#: The tables that the addon makes or adds to, as PostgreSQL has them.
TABLES = """
SELECT concat(table_name, '.', column_name, ' ', data_type, ' ', is_nullable)
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
-- PostgreSQL numbers the names that it makes up, in the order in which it makes them
SELECT concat('index ', regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON'))
  FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT concat('constraint ', conrelid::regclass, ' ', pg_get_constraintdef(oid))
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
ORDER BY 1
"""


def check() -> tuple[int, int]:
    """Live the addon's life through.

    :return: how many things were found to hold, and how many could not be tried: an upgrade
        needs the previous version, which a checkout without history does not have
    """
    javascript.prepare()
    previous = _previous()
    with postgres.running():
        database.fresh(DATABASE)
        # what installing any module changes is not the addon's doing
        before = _lines(ODOO)
        with say.step("Installing the previous version, with a small company"):
            _odoo(["-i", paths.NAME], "Installing the previous version", previous)
            _shell(COMPANY, "Filling the previous version", previous)
        rows = _rows()
        with say.step("Upgrading"):
            log = _odoo(["-u", paths.NAME], "Upgrading")
            _nothing_logged(log)
        _no_row_lost(rows, _rows())
        with say.step("Using it"):
            _shell(USE, "Using the upgraded database")
        upgraded = _lines(TABLES)
        with say.step("Uninstalling"):
            _shell(REMOVE, "Uninstalling")
        _same("Uninstalling leaves Odoo different", before, _lines(ODOO))
        with say.step("Installing again"):
            _nothing_logged(_odoo(["-i", paths.NAME], "Installing again"))
            _shell(USE, "Using what was installed again")
        _same("An upgrade differs from an installation", _lines(TABLES), upgraded)
        database.drop(DATABASE)
    return (5, 0) if previous else (3, 2)


def _previous() -> Path | None:
    """Return a folder for Python's path with the previous version's addon in it."""
    addon = FOLDER / "odoo" / "addons" / paths.NAME
    if addon.exists():
        shutil.rmtree(FOLDER)
    addon.parent.mkdir(parents=True, exist_ok=True)
    archive = FOLDER / "previous.tar"
    git = ["git", "-C", paths.ROOT, "archive", "-o", archive, PREVIOUS, paths.NAME]
    done = subprocess.run(git, capture_output=True, text=True, check=False)
    if done.returncode:
        say.line(
            f"  The previous version ({PREVIOUS[:10]}) is not in this checkout's history, "
            "so no upgrade is tried: fetch it (git fetch --unshallow)."
        )
        return None
    with tarfile.open(archive) as tar:
        tar.extractall(addon.parent, filter="data")
    archive.unlink()
    # what is built rather than kept in the history
    (addon / "static" / "lib").symlink_to(paths.ADDON / "static" / "lib")
    return FOLDER


def _environment(folder: Path | None) -> dict[str, str]:
    env = database.odoo_environment()
    if folder:
        env["PYTHONPATH"] = f"{folder}:{env['PYTHONPATH'].partition(':')[2]}"
    return env


def _odoo(arguments: list[str], doing: str, folder: Path | None = None) -> str:
    options = ["-d", DATABASE, "--stop-after-init", "--no-http"]
    return database.run_odoo([*options, *arguments], doing, _environment(folder))


def _shell(code: str, doing: str, folder: Path | None = None) -> None:
    command = [*database.odoo_command(), "shell", "-d", DATABASE, "--no-http"]
    done = subprocess.run(
        [*command, "--log-level=warn"],
        input=code,
        env=_environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    # silent unless it fails, and what Odoo logs and goes on after is a failure, too
    if done.returncode or "Traceback" in done.stderr + done.stdout:
        raise Stop(f"{doing} failed:\n{(done.stdout + done.stderr)[-3000:]}")


def _lines(query: str) -> list[str]:
    return postgres.sql(query, database=DATABASE)


def _rows() -> dict[str, int]:
    tables = postgres.sql(
        "SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
        "AND table_name LIKE 'territory\\_%'",
        database=DATABASE,
    )
    return {
        table: int(
            postgres.sql(f'SELECT count(*) FROM "{table}"', database=DATABASE)[0]
        )
        for table in tables
    }


def _no_row_lost(before: dict[str, int], after: dict[str, int]) -> None:
    lost = {
        table: (count, after.get(table))
        for table, count in before.items()
        if count and after.get(table, 0) < count
    }
    if lost:
        raise Stop(f"The upgrade lost rows (before, after): {json.dumps(lost)}.")


def _nothing_logged(log: str) -> None:
    wrong = [
        line
        for line in log.splitlines()
        if " ERROR " in line or (" WARNING " in line and paths.NAME in line)
    ]
    if wrong:
        raise Stop(f"Odoo logged: {wrong[0]}")


def _same(what: str, expected: list[str], found: list[str]) -> None:
    missing, added = set(expected) - set(found), set(found) - set(expected)
    if missing or added:
        lines = [f"- {line}" for line in sorted(missing)]
        lines += [f"+ {line}" for line in sorted(added)]
        raise Stop(f"{what}:\n    " + "\n    ".join(lines[:30]))
