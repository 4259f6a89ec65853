"""One table of what was measured, for a terminal and as a picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from bench.load import Taken

WIDTH, ROW, HEAD = 860, 24, 34
COLUMNS = (("req/s", 400), ("p50 ms", 480), ("p99 ms", 560), ("CPU µs", 640), ("x CPU", 720))
BAR_FROM, BAR = 740, 100
FULL_BAR = 4.0
"""The ratio that a whole bar stands for."""
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.head { font-weight: 600 } .faint { fill: #656d76 } .number { text-anchor: end }
.bar { fill: #2da44e } .missed { fill: #bf8700 } rect.ground { fill: #ffffff }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .faint { fill: #8d96a0 } rect.ground { fill: #0d1117 }
}
"""


@dataclass(frozen=True)
class Line:
    """One server's answers to one question; ``ratio`` is how many of them the processor time of
    the first line's would make.
    """

    name: str
    taken: Taken
    ratio: float | None

    @property
    def figures(self) -> tuple[str, ...]:
        taken = self.taken
        return (
            f"{taken.per_second:.0f}",
            f"{taken.p50:.2f}",
            f"{taken.p99:.2f}",
            f"{taken.cpu_each:.0f}",
            "" if self.ratio is None else f"{self.ratio:.2f}",
        )


@dataclass
class Table:
    """Questions, and for each the lines of those that answered it; the first is the measure."""

    about: list[str]
    questions: dict[str, list[Line]] = field(default_factory=dict[str, list[Line]])

    def add(self, question: str, answered: Sequence[tuple[str, Taken]]) -> None:
        measure = answered[0][1].cpu_each
        alone = len(answered) == 1
        self.questions[question] = [
            Line(name, taken, None if alone else measure / taken.cpu_each)
            for name, taken in answered
        ]

    def __str__(self) -> str:
        return "\n".join([*self.about, *self._text()])

    def _text(self) -> Iterator[str]:
        yield f"{'':34}" + "".join(f"{name:>10}" for name, _ in COLUMNS)
        for question, lines in self.questions.items():
            yield question
            for line in lines:
                yield f"  {line.name:32}" + "".join(f"{each:>10}" for each in line.figures)

    def picture(self) -> str:
        """The table as SVG; a bar is as long as the ratio is high."""
        drawn = list(self._drawn())
        height = ROW * (len(drawn) + len(self.about)) + HEAD
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
            f'viewBox="0 0 {WIDTH} {height}">',
            f"<style>{STYLE}</style>",
            f'<rect class="ground" width="{WIDTH}" height="{height}"/>',
            *(_text(at, HEAD - 12, name, "head number") for name, at in COLUMNS),
        ]
        for number, row in enumerate(drawn):
            parts.append(f'<g transform="translate(0 {HEAD + ROW * number})">{row}</g>')
        below = HEAD + ROW * len(drawn)
        parts += [
            _text(16, below + ROW * (number + 1) - 8, each, "faint")
            for number, each in enumerate(self.about)
        ]
        return "\n".join([*parts, "</svg>", ""])

    def _drawn(self) -> Iterator[str]:
        for question, lines in self.questions.items():
            yield _text(16, 16, question, "head")
            for line in lines:
                yield _drawn(line)


def _drawn(line: Line) -> str:
    parts = [_text(32, 16, line.name)]
    for (_, at), figure in zip(COLUMNS, line.figures, strict=True):
        parts.append(_text(at, 16, figure, "number"))
    if line.ratio is not None:
        width = BAR * min(line.ratio, FULL_BAR) / FULL_BAR
        style = "bar" if line.ratio >= 1 else "missed"
        parts.append(
            f'<rect class="{style}" x="{BAR_FROM}" y="6" width="{width:.1f}" height="12" rx="2"/>'
        )
    return "".join(parts)


def _text(x: int, y: int, text: str, style: str = "") -> str:
    return f'<text x="{x}" y="{y}" class="{style}">{escape(text)}</text>'
