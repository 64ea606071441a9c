"""Goals of a benchmark: what was wanted, what was measured."""


class Goals:
    """What was wanted, what was measured; prints a line for each."""

    def __init__(self):
        self.missed = 0

    def at_most(self, what, figure, goal, unit="", note=""):
        met = figure <= goal
        self.missed += not met
        print(
            f"  {'met   ' if met else 'MISSED'} {what:<52}"
            f"{figure:>9.3g}{unit} (goal ≤ {goal:g}{unit}) {note}",
            flush=True,
        )
