"""Growth over size as an SVG, both axes logarithmic: a straight line is a power of size."""

import math
from html import escape

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 64, 170, 24, 48
#: Okabe and Ito's colours, told apart by colour-blind people too.
COLORS = (
    "#000000",
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#7F7F7F",
)
LABEL_GAP = 15


def draw(folder, curves, name="scale.svg", unit="seconds", over="accounts"):
    """Write the chart.

    :param folder: a ``Path``, made if need be
    :param curves: name -> points ``(size, value)``, all positive
    :return: the path of the file
    """
    folder.mkdir(parents=True, exist_ok=True)
    points = [point for curve in curves.values() for point in curve]
    xs = _Axis([x for x, _y in points], LEFT, WIDTH - RIGHT)
    ys = _Axis([max(y, 1e-3) for _x, y in points], HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *_grid(xs, ys),
        f'<text x="{LEFT}" y="14">{escape(unit)}</text>',
        f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 10}" text-anchor="end">'
        f"{escape(over)}</text>",
    ]
    ends = sorted(
        (ys.place(max(curve[-1][1], 1e-3)), name) for name, curve in curves.items()
    )
    label_at, last = {}, -math.inf
    for y, label in ends:
        last = label_at[label] = max(y, last + LABEL_GAP)
    for number, (label, curve) in enumerate(curves.items()):
        color = COLORS[number % len(COLORS)]
        wide = 2.5 if number == 0 else 1.5
        dash = ' stroke-dasharray="5 3"' if number >= len(COLORS) else ""
        line = " ".join(
            f"{xs.place(x):.1f},{ys.place(max(y, 1e-3)):.1f}" for x, y in curve
        )
        parts += [
            f'<polyline points="{line}" fill="none" stroke="{color}" '
            f'stroke-width="{wide}"{dash}/>',
            f'<text x="{WIDTH - RIGHT + 8}" y="{label_at[label] + 4:.1f}" fill="{color}">'
            f"{escape(label)} {curve[-1][1]:.1f}</text>",
        ]
    path = folder / name
    path.write_text("\n".join([*parts, "</svg>\n"]))
    return path


class _Axis:
    """Whole powers of ten around the values, laid between two pixels."""

    def __init__(self, values, start, end):
        self.low = math.floor(math.log10(min(values)) + 1e-9)
        self.high = max(math.ceil(math.log10(max(values)) - 1e-9), self.low + 1)
        self.start, self.end = start, end

    def place(self, value):
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self):
        return [10.0**power for power in range(self.low, self.high + 1)]


def _grid(xs, ys):
    for tick in xs.ticks():
        x = xs.place(tick)
        yield (
            f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>'
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">'
            f"{tick:,.0f}</text>"
        )
    for tick in ys.ticks():
        y = ys.place(tick)
        yield (
            f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>'
        )
