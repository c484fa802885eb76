"""Plots with logarithmic axes, as SVG: readable on light and dark pages, and where styles are not understood.

Across, ticks are the values that were measured; upwards, 1, 2 and 5 times powers of ten. A viewer that does not
understand the style finds a light page's colours in the attributes.
"""
import dataclasses
import html
import math

PANEL_WIDTH, PANEL_HEIGHT = 420, 330
LEFT, RIGHT, TOP, BOTTOM = 76, 18, 76, 50  # margins of a panel
MOST_TICKS = 8
COLOURS = ("a", "b")  # classes of the style, in the order of the series

STYLE = """
  .page { fill: #ffffff } .ink { fill: #24292f } .grid { stroke: #d0d7de } .frame { stroke: #6e7781 }
  .line { fill: none; stroke-width: 2 } .limit { stroke-dasharray: 6 4 }
  .a { stroke: #0b63c5 } .b { stroke: #b5480a } .dot.a { fill: #0b63c5 } .dot.b { fill: #b5480a }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } .ink { fill: #e6edf3 } .grid { stroke: #30363d } .frame { stroke: #8b949e }
    .a { stroke: #6cb0ff } .b { stroke: #ffa061 } .dot.a { fill: #6cb0ff } .dot.b { fill: #ffa061 }
  }
"""


@dataclasses.dataclass
class Line:
    name: str
    points: list          # (x, y), both above 0
    colour: int = 0       # lines that belong together share it
    limit: bool = False   # dashed, without dots


@dataclasses.dataclass
class Panel:
    x_label: str
    y_label: str
    lines: list


@dataclasses.dataclass
class Axis:
    low: float
    high: float
    ticks: list

    def share(self, value):
        return math.log(value / self.low) / math.log(self.high / self.low)


# --- axes ---

def step_down(value, steps):
    """The greatest step times a power of ten that is not above the value."""
    power = 10 ** math.floor(math.log10(value))
    return max(s * p for s in steps for p in (power / 10, power, power * 10) if s * p <= value * (1 + 1e-9))


def steps_between(low, high, steps):
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
    every = [s * 10.0 ** p for p in powers for s in steps]
    first = step_down(low, steps)
    last = min(tick for tick in every if tick >= high * (1 - 1e-9) and tick > first * (1 + 1e-9))
    return [tick for tick in every if first * (1 - 1e-9) <= tick <= last * (1 + 1e-9)]


def value_axis(values):
    """From tick to tick, around all values."""
    ticks = steps_between(min(values), max(values), (1, 2, 5))
    if len(ticks) > MOST_TICKS:
        ticks = steps_between(min(values), max(values), (1,))
    return Axis(ticks[0], ticks[-1], ticks)


def measured_axis(values):
    """With a tick at every value."""
    ticks = sorted(set(values))
    room = (ticks[-1] / ticks[0]) ** 0.05 if len(ticks) > 1 else 2
    return Axis(ticks[0] / room, ticks[-1] * room, ticks)


# --- elements ---

def number(value):
    return f"{value:,.0f}" if value >= 10 else f"{value:g}"


def text(x, y, words, anchor="middle", size=12, more=""):
    return (f'<text class="ink" fill="#24292f" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
            f'font-size="{size}"{more}>{html.escape(words)}</text>')


def segment(kind, x1, y1, x2, y2):
    return f'<line class="{kind}" stroke="#808080" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def stroke(line, points):
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    kind = f"line {COLOURS[line.colour]}" + (" limit" if line.limit else "")
    dashes = ' stroke-dasharray="6 4"' if line.limit else ""
    return f'<polyline class="{kind}" fill="none" stroke="#0b63c5"{dashes} points="{places}"/>'


def dot(line, x, y, words):
    return (f'<circle class="dot {COLOURS[line.colour]}" cx="{x:.1f}" cy="{y:.1f}" r="3.5">'
            f'<title>{html.escape(words)}</title></circle>')


class Drawing:
    """One panel's elements, with its place on the page."""

    def __init__(self, panel, offset):
        self.panel = panel
        self.left, self.right = offset + LEFT, offset + PANEL_WIDTH - RIGHT
        self.top, self.bottom = TOP, PANEL_HEIGHT - BOTTOM
        points = [point for line in panel.lines for point in line.points]
        self.x = measured_axis([x for x, _ in points])
        self.y = value_axis([y for _, y in points])

    def across(self, value):
        return self.left + self.x.share(value) * (self.right - self.left)

    def up(self, value):
        return self.bottom - self.y.share(value) * (self.bottom - self.top)

    def axes(self):
        for tick in self.x.ticks:
            yield segment("grid", self.across(tick), self.top, self.across(tick), self.bottom)
            yield text(self.across(tick), self.bottom + 17, number(tick))
        for tick in self.y.ticks:
            yield segment("grid", self.left, self.up(tick), self.right, self.up(tick))
            yield text(self.left - 7, self.up(tick) + 4, number(tick), "end")
        yield segment("frame", self.left, self.bottom, self.right, self.bottom)
        yield segment("frame", self.left, self.top, self.left, self.bottom)

    def labels(self):
        middle, height = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        across = self.left - LEFT + 16
        yield text(middle, self.bottom + 38, self.panel.x_label)
        yield text(across, height, self.panel.y_label, more=f' transform="rotate(-90 {across:.1f} {height:.1f})"')

    def lines(self):
        for line in self.panel.lines:
            yield stroke(line, [(self.across(x), self.up(y)) for x, y in line.points])
            if not line.limit:
                yield from (dot(line, self.across(x), self.up(y), f"{number(x)}: {number(y)}") for x, y in line.points)

    def legend(self):
        """Two columns above the frame."""
        for i, line in enumerate(self.panel.lines):
            x = self.left + (i % 2) * (self.right - self.left) / 2
            y = self.top - 28 + (i // 2) * 16
            yield stroke(line, [(x, y), (x + 26, y)])
            yield text(x + 32, y + 4, line.name, "start", 11)

    def elements(self):
        return [*self.axes(), *self.labels(), *self.lines(), *self.legend()]


def draw(title, panels):
    """The whole SVG: panels side by side."""
    width = PANEL_WIDTH * len(panels)
    parts = [text(14, 24, title, "start", 15, ' font-weight="bold"')]
    for i, panel in enumerate(panels):
        parts += Drawing(panel, i * PANEL_WIDTH).elements()
    body = "\n".join(parts)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {PANEL_HEIGHT}" width="{width}" '
            f'height="{PANEL_HEIGHT}" font-family="system-ui, sans-serif" role="img" '
            f'aria-label="{html.escape(title)}">\n<style>{STYLE}</style>\n'
            f'<rect class="page" fill="#ffffff" width="{width}" height="{PANEL_HEIGHT}"/>\n{body}\n</svg>\n')
