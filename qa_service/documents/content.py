"""What a document says, apart from how it looks: frozen blocks that the drawing modules turn into bytes.

Every text is printed as typed: nothing in it is ever read as markup, and control characters are left out.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of its own line, level 1 in 黑体 (一、) or 2 in 楷体 (（一）). The writer types the numeral."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Body text, first line indented by two characters. `lead` is a run-in second-level heading set in 楷体."""

    text: str
    lead: str = ""
    indent: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """`share` is the column's part of the width that is left once each has what its texts need, in any unit."""

    title: str
    share: float
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table in type of `size` points, `air` points round each text; its header row is repeated on each page it
    reaches.

    Every row has one text per column.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    size: float = 12.0
    air: float = 5.0

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a table row must have one text per column")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: `label` beside it, `count` its length, `note` printed right after the count."""

    label: str
    count: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars of counts on one scale, with a one-line finding as its title; `muted`: too few for a colour."""

    title: str
    bars: tuple[Bar, ...]
    description: str = ""
    muted: bool = False


class Side(StrEnum):
    """Where an answer lies, from against to for."""

    WORST = "worst"
    POOR = "poor"
    MIDDLE = "middle"
    GOOD = "good"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class OpinionPart:
    """One answer: `share` (0 to 1) is its length, `shown` the same in print."""

    label: str
    count: int
    share: float
    shown: str
    side: Side


@dataclass(frozen=True, slots=True)
class OpinionBar:
    """One question: its parts from the worst to the best, none where there are too few; `note` says of how many."""

    label: str
    parts: tuple[OpinionPart, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class OpinionChart:
    """Stacked bars on both sides of one middle line, with a one-line finding as its title."""

    title: str
    bars: tuple[OpinionBar, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """`level`, 0 to 4, is how dark it is; None: too few for a colour. `shown` is what it says; `href` leads to what
    is behind it."""

    shown: str
    level: int | None
    href: str = ""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One cell for every column."""

    label: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class HeatChart:
    """Rows and columns of shares, with a one-line finding as its title."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class ScatterChart:
    """`points` as (x, y), `lines` as (y, what it is), with a one-line finding as its title."""

    title: str
    points: tuple[tuple[float, float], ...]
    lines: tuple[tuple[float, str], ...]
    x_label: str
    y_label: str
    description: str = ""


class Form(StrEnum):
    """How a mark is drawn: its meaning is in its form, colour only repeats it."""

    DOT = "dot"
    RING = "ring"
    DIAMOND = "diamond"


@dataclass(frozen=True, slots=True)
class PlotMark:
    """One thing at (x, y); `label` stands beside it, `tip` is what hovering says, `href` where a press leads."""

    x: float
    y: float
    tip: str
    form: Form = Form.DOT
    label: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through (x, y), named at its right end; `muted`: a limit, drawn grey."""

    points: tuple[tuple[float, float], ...]
    name: str = ""
    dashed: bool = False
    muted: bool = True


@dataclass(frozen=True, slots=True)
class PlotChart:
    """Marks among curves, with a one-line finding as its title. Axes run from the first tick to the last.

    `uprights` as (x, what happened then).
    """

    title: str
    marks: tuple[PlotMark, ...]
    curves: tuple[Curve, ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    x_label: str = ""
    y_label: str = ""
    uprights: tuple[tuple[float, str], ...] = ()
    description: str = ""
    low: bool = False


@dataclass(frozen=True, slots=True)
class HistogramSeries:
    """One count for every column, said in `name`; the first is drawn full, the second in outline."""

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HistogramChart:
    """Columns of counts side by side, with a one-line finding as its title; `cuts` as (before which column, what)."""

    title: str
    columns: tuple[str, ...]
    series: tuple[HistogramSeries, ...]
    cuts: tuple[tuple[int, str], ...] = ()
    x_label: str = ""
    description: str = ""


Chart = BarChart | OpinionChart | HeatChart | ScatterChart | PlotChart | HistogramChart


@dataclass(frozen=True, slots=True)
class Signature:
    """The issuing organisation over the date, with room left for a real seal of `seal_mm` (42 mm: a county bureau).

    `signed_on` is empty only in a draft. No seal is ever drawn: a generated seal would be a forged one.
    """

    organisation: str
    signed_on: date | None
    seal_mm: int = 42


@dataclass(frozen=True, slots=True)
class Verification:
    """Where anybody can check the paper. `url` goes into the QR code, `code` and `host` are printed beside it."""

    url: str
    code: str
    host: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记, on the bottom edge of the last page: copies sent to, the printing office, the day of printing."""

    copies_to: str
    office: str
    printed_on: date | None


@dataclass(frozen=True, slots=True)
class Ticked:
    """One question of a form for the hand: a box before each choice, then `lines` to write on."""

    number: str
    text: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    lines: int = 0


@dataclass(frozen=True, slots=True)
class LabelledRows:
    """A ruled form of label and text, `across` such pairs side by side, in type of `size` points, its rows so many
    points high; an empty text leaves room to write."""

    rows: tuple[tuple[str, str], ...]
    row_at_least: float = 42.0
    across: int = 1
    size: float = 14.0


@dataclass(frozen=True, slots=True)
class CodeBox:
    """A framed QR code of `url` with the code to type or tell in large letters, and a few words of `size` points
    beside them."""

    url: str
    code: str
    words: tuple[str, ...]
    size: float = 16.0


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a page."""


Block = Heading | Paragraph | Table | BarChart | OpinionChart | PlotChart | HistogramChart


@dataclass(frozen=True, slots=True)
class Annex:
    """附件: begins a page. `title_lines` are broken by sense, by hand."""

    title_lines: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """送达回证: a form at the end of a notice, filled in by hand when it is handed over."""

    document: str
    recipients: str
    title: str = "送达回证"


@dataclass(frozen=True, slots=True)
class Circular:
    """A red-head paper (GB/T 9704-2012). `number` is empty only in a draft, which is marked as one on every page."""

    mark: str
    number: str
    title_lines: tuple[str, ...]
    addressees: str
    blocks: tuple[Block, ...]
    signature: Signature
    annexes: tuple[Annex, ...] = ()
    verification: Verification | None = None
    imprint: Imprint | None = None
    receipt: Receipt | None = None

    @property
    def is_draft(self) -> bool:
        return not self.number


@dataclass(frozen=True, slots=True)
class Certificate:
    """One page across, to be handed to a person: their name, what for, and who says so. No seal is drawn.

    `to`: the firm and the name, a line each, that stand beside each other where they fit.
    """

    title: str
    to: str
    text: str
    signature: Signature
    verification: Verification | None = None


@dataclass(frozen=True, slots=True)
class WorkDocument:
    """A paper of everyday work (a notice to one firm, a report): the page of a circular under its own black head.

    `numbered` papers have a number from issue on and are drafts before; `subline` stands under the name.
    """

    organisation: str
    name: str
    number: str
    addressees: str
    blocks: tuple[Block, ...]
    signature: Signature
    verification: Verification | None = None
    receipt: Receipt | None = None
    numbered: bool = True
    subline: str = ""

    @property
    def is_draft(self) -> bool:
        return self.numbered and not self.number


SheetBlock = Block | Ticked | LabelledRows | CodeBox | PageBreak


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper that is filled in, carried or kept, and decides nothing: no number, no seal, no draft.

    `language` is the reader's (a language tag); `foot` stands on every page, so that loose sheets find each other.
    """

    title: str
    blocks: tuple[SheetBlock, ...]
    language: str = "zh-CN"
    subline: str = ""
    foot: str = ""
