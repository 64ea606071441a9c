"""``make demo``: the demo company in a database of its own, served at localhost.

The database is kept. When the addon's code has changed it is updated, never made anew:
what someone has tried out in it stays until ``python3 -m dev reset``.
"""

import json

from . import database, javascript, paths, postgres, say, server, venv

NAME = "demo"
PARTIAL = "demo_part"
LOGINS = paths.STATE / "demo.json"
ADMIN = {"role": "Administrator", "login": "admin", "password": "admin"}

#: Run in Odoo's shell once the addon is installed.
GENERATE = f"""
import json
if "territory.demo" in env:
    demo = env["territory.demo"]
    demo.generate(progress=lambda text: print(f"  {{text}}", flush=True))
    env.cr.commit()
    logins = demo.credentials() if hasattr(type(demo), "credentials") else []
    with open({str(LOGINS)!r}, "w") as file:
        json.dump(logins, file)
else:
    print("  this addon has no territory.demo: the company stays empty")
"""
#: What the login page and the map need takes ten seconds to build: now, not when someone
#: opens the first page.
BUILD_ASSETS = f"""
bundles = [
    "web.assets_frontend", "web.assets_frontend_minimal", "web.assets_frontend_lazy",
    "web.assets_web", "web.assets_backend_lazy",
]
addon = odoo.modules.Manifest.for_addon("{paths.NAME}")
bundles += [name for name in addon["assets"] if name.startswith("{paths.NAME}.")]
for name in bundles:
    bundle = env["ir.qweb"]._get_asset_bundle(name)
    bundle.js()
    bundle.css()
env["ir.qweb"]._get_asset_bundle("web.assets_web_print", js=False).css()
env.cr.commit()
"""


def demo(serve: bool = True, port: int | None = None) -> None:
    """Have the demo company, up to date, and serve it."""
    venv.environment()
    javascript.prepare()
    with postgres.running():
        _database()
        if serve:
            server.serve(NAME, port, _banner())


def reset() -> None:
    """Drop the demo company."""
    with postgres.running():
        for name in (NAME, PARTIAL):
            database.drop(name)
    LOGINS.unlink(missing_ok=True)


def _database() -> None:
    current = paths.tree_digest(paths.ADDON, "tests", "lib", "readme")
    if not database.exists(NAME):
        _create()
    elif database.comment(NAME) == current:
        return
    else:
        with say.step("Updating the demo company to the changed code"):
            database.run_odoo(
                ["-d", NAME, "-u", paths.NAME, "--stop-after-init", "--no-http"],
                "Updating the addon in the database 'demo' (your data is still there)",
            )
    with say.step("Building the web client's assets"):
        database.shell(NAME, BUILD_ASSETS, "Building the web client's assets")
    # last: an interrupted update is done again
    database.set_comment(NAME, current)


def _create() -> None:
    """Make the company aside and rename: the database is there only when complete."""
    database.fresh(PARTIAL)
    with say.step("Installing the addon"):
        database.run_odoo(
            ["-d", PARTIAL, "-i", paths.NAME, "--stop-after-init", "--no-http"],
            "Installing the addon",
        )
    with say.step("Generating the demo company", talks=True):
        LOGINS.unlink(missing_ok=True)
        database.shell(PARTIAL, GENERATE, "Generating the demo company")
    database.rename(PARTIAL, NAME)


def _logins() -> list[dict[str, str]]:
    """Return who can log in: the administrator, and one leader, team leader and rep."""
    roles: dict[str, dict[str, str]] = {}
    if LOGINS.exists():
        for login in json.loads(LOGINS.read_text()):
            roles.setdefault(login["role"].split()[0], login)
    return [ADMIN, *roles.values()]


def _banner() -> str:
    logins = _logins()
    width = max(len(login["login"]) for login in logins)
    rows = ["  Territory planning is ready:  {address}", ""]
    for login in logins:
        name, password = login["login"], login["password"]
        rows.append(f"  user {name:{width}}   password {password}   {login['role']}")
    log = server.LOG.relative_to(paths.ROOT)
    rows += ["", f"  Log: {log}    Ctrl-C stops it; your data stays."]
    rule = "─" * max(map(len, rows))
    return "\n".join(["", rule, *rows, rule])
