"""The command line: which command calls what."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from . import bench as benchmarks
from . import database, javascript, postgres, say, tests, venv
from . import demo as demo_company
from . import lint as linters
from . import wheel as wheels


def env(_options: argparse.Namespace) -> None:
    """get Odoo and the Python packages (other commands do it by themselves)"""
    venv.environment()


def js(_options: argparse.Namespace) -> None:
    """get the map's JavaScript libraries and prepare its basemap"""
    javascript.prepare()


def demo(options: argparse.Namespace) -> None:
    """make the demo company, or update it, and serve it until Ctrl-C"""
    demo_company.demo(serve=options.serve, port=options.port)


def reset(_options: argparse.Namespace) -> None:
    """drop the demo company: the next demo makes it anew"""
    demo_company.reset()


def test(options: argparse.Namespace) -> None:
    """run everything, or the parts named: lint, engine, wheel, life, odoo"""
    sys.exit(tests.run(options.parts, options.tags, options.pytest))


def lint(options: argparse.Namespace) -> None:
    """check the code's style"""
    linters.lint(names=options.names)


def format(_options: argparse.Namespace) -> None:
    """repair the code's style as far as tools can"""
    linters.lint(fix=True)


def wheel(options: argparse.Namespace) -> None:
    """build the wheel in dist/, or prove that it installs"""
    if options.check:
        wheels.check()
    else:
        print(wheels.build(options.into))


def bench(options: argparse.Namespace) -> None:
    """run the benchmarks, or those named"""
    benchmarks.bench(options.names, options.arguments)


def lock(_options: argparse.Namespace) -> None:
    """write requirements.lock from requirements.in"""
    venv.lock()


def template(_options: argparse.Namespace) -> None:
    """make the template database and print its name"""
    with postgres.running():
        print(database.template())


def fresh(options: argparse.Namespace) -> None:
    """make a database of that name holding what the addon depends on"""
    with postgres.running():
        database.fresh(options.name)


def stop(options: argparse.Namespace) -> None:
    """stop this checkout's PostgreSQL"""
    if options.force:
        postgres.stop()
    elif not postgres.stop_unless_used():
        raise say.Stop(
            "PostgreSQL is in use by another command (--force stops it anyway)."
        )


#: Passed through as they are: their arguments are not ours.
LAUNCHED: dict[str, Callable[[list[str]], None]] = {
    "odoo": database.odoo,
    "psql": postgres.psql,
}


def parser() -> argparse.ArgumentParser:
    """Describe the commands."""
    top = argparse.ArgumentParser(
        prog="python3 -m dev",
        description="The developer tooling of territory_planning.",
    )
    commands = top.add_subparsers(metavar="command", required=True)

    def add(function: Callable[[argparse.Namespace], None]) -> argparse.ArgumentParser:
        command = commands.add_parser(function.__name__, help=function.__doc__)
        command.set_defaults(function=function)
        return command

    add(env)
    add(js)
    command = add(demo)
    command.add_argument("--no-serve", dest="serve", action="store_false")
    command.add_argument("--port", type=int)
    add(reset)
    command = add(test)
    command.add_argument(
        "parts", nargs="*", metavar="part", help=", ".join(tests.PARTS)
    )
    command.add_argument("--tags", default="", help="Odoo's --test-tags")
    command.add_argument(
        "--pytest", nargs=argparse.REMAINDER, default=[], help="arguments for pytest"
    )
    add(lint).add_argument("names", nargs="*")
    add(format)
    command = add(wheel)
    command.add_argument("--check", action="store_true")
    command.add_argument("--into", type=Path, default=wheels.DIST)
    command = add(bench)
    command.add_argument("names", nargs="*")
    command.add_argument("--arguments", nargs=argparse.REMAINDER, default=[])
    add(lock)
    add(template)
    add(fresh).add_argument("name")
    add(stop).add_argument("--force", action="store_true")
    for name in LAUNCHED:
        commands.add_parser(
            name, help=f"run {name} on this checkout (also: dev/{name})"
        )
    return top


def main() -> None:
    """Run the command that the arguments name."""
    with say.plainly():
        if len(sys.argv) > 1 and sys.argv[1] in LAUNCHED:
            LAUNCHED[sys.argv[1]](sys.argv[2:])
            return
        options = parser().parse_args()
        options.function(options)
