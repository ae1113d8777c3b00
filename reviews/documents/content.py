"""What the form of one file says. Every text is in the language of the paper; no client is named."""

from dataclasses import dataclass
from datetime import date, datetime


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
