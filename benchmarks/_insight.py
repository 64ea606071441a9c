"""What the benchmarks of the insights share: goals, sample data, a folder as argument."""

import argparse
import csv
import gzip
import time
from collections import namedtuple
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT.parent / "shared" / "data"
Orders = namedtuple("Orders", "customer day product quantity price discount amount")


def folder(argv, doc):
    """The folder given as argument, else the usual one."""
    parser = argparse.ArgumentParser(description=doc.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    return parser.parse_args(argv).folder


class Goals:
    """Prints each goal with its figure, and remembers whether all were met."""

    def __init__(self):
        self.missed = 0

    def _tell(self, what, figure, goal, good):
        self.missed += not good
        print(f"{'✓ met   ' if good else '✗ missed'} {what:<52}{figure:>10}  {goal}")

    def least(self, what, figure, goal):
        self._tell(what, f"{figure:,.3f}", f"at least {goal:g}", figure >= goal)

    def most(self, what, figure, goal):
        self._tell(what, f"{figure:,.3f}", f"at most {goal:g}", figure <= goal)

    def near(self, what, figure, goal, off):
        good = abs(figure - goal) <= off
        self._tell(what, f"{figure:,.4f}", f"{goal:g} ± {off:g}", good)

    @staticmethod
    def beside(what, figure):
        print(f"         {what:<52}{figure:>10}")

    @staticmethod
    def skip(what, path):
        print(f"  skipped {what}: {path} is not there")

    @property
    def code(self):
        return 1 if self.missed else 0


def seconds(function, repeat=3):
    """Best time of a few runs, and the last answer."""
    best = np.inf
    for _turn in range(repeat):
        begin = time.perf_counter()
        answer = function()
        best = min(best, time.perf_counter() - begin)
    return best, answer


def rows(path):
    """A CSV file, packed or not, as a list of dictionaries."""
    if path.suffix == ".gz":
        file = gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    else:
        file = path.open(encoding="utf-8-sig", newline="")
    with file:
        return list(csv.DictReader(file))


def resellers(place):
    """AdventureWorks' order lines as arrays, or None."""
    path = place / "aw_order_lines.csv.gz"
    if not path.exists():
        return None
    lines = rows(path)

    def column(name, kind):
        return np.array([kind(line[name]) for line in lines])

    return Orders(
        column("ResellerKey", int),
        np.array([line["OrderDate"] for line in lines], "datetime64[D]"),
        column("ProductKey", int),
        column("OrderQuantity", float),
        column("UnitPrice", float),
        column("UnitPriceDiscountPct", float),
        column("SalesAmount", float),
    )
