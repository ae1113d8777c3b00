"""What the papers of file review say. Every text is in the language of the paper; no client is named."""

from dataclasses import dataclass
from datetime import date, datetime

from reviews.figures.calibration import ItemAligned, ReaderAligned, RoundAligned


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper of the catalogue. `remark` says what is not in order."""

    title: str
    finding: str
    pages: str
    dated: date | None
    signed: bool | None
    remark: str


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One act; `what` tells the defects, the remark and the day set."""

    on: date
    act: str
    what: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementContent:
    """What the paper of a sampling statement says. The tables are empty where no figure is told (`figures` False)."""

    language: str
    centre: str
    first_day: date
    last_day: date
    drawn_on: date
    rules: tuple[str, ...]
    rate: str
    seed: str
    digest: str
    city_wide: bool
    figures: bool
    frame: int
    drawn: int
    read_twice: int
    counts: tuple[tuple[str, int], ...]
    strata: tuple[tuple[str, int, int], ...]
    excluded: tuple[tuple[str, int], ...]
    replaced: tuple[tuple[str, int], ...]
    acted: tuple[tuple[str, int], ...]
    printed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceContent:
    """`late` is the sentence on lateness, empty where the file is in time. `accepted_by` is empty until it is."""

    language: str
    centre: str
    case_number: str
    case_class: str
    cause: str
    lawyer: str
    firm: str
    closed_on: date
    last_day: date
    handed_in_on: date | None
    late: str
    state: str
    last_page: int | None
    papers: tuple[PaperLine, ...]
    record: tuple[RecordLine, ...]
    accepted_on: date | None
    accepted_by: str
    printed_at: datetime
    printed_by: str


@dataclass(frozen=True, slots=True)
class CalibratedFile:
    """One file of a calibration round; a row each: the item, the mark agreed on, why, and what each marked."""

    case: str
    note: str
    items: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationContent:
    """What came of a closed calibration round. `readers` by name, `items` by title, each beside the panel."""

    language: str
    centre: str
    name: str
    checklist: str
    opened_on: date
    closed_on: date
    closed_by: str
    panel: tuple[str, ...]
    aligned: RoundAligned
    readers: tuple[tuple[str, ReaderAligned], ...]
    items: tuple[tuple[str, ItemAligned], ...]
    files: tuple[CalibratedFile, ...]
    printed_at: datetime
    printed_by: str
