"""The facts each official document prints: frozen, so that what was decided can be stored and printed again.

A case is its number and its class (民事, 刑事, 行政, 非诉讼), never a client, a surname or a client's words.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from qa_service.common.shares import NOBODY, Share
from qa_service.documents.content import Verification
from scoring.documents.score_basis import ScoreBasis

__all__ = [
    "AppealCounts",
    "Assessment",
    "CaseTotals",
    "CentreFault",
    "ClientVoice",
    "CommendationContent",
    "CommendedBody",
    "CommendedCase",
    "Display",
    "Finding",
    "GradeCounts",
    "IssuedNotice",
    "Measure",
    "ReasonsContent",
    "RectificationContent",
    "Remedy",
    "ReportContent",
    "RuleCount",
    "StandingRow",
    "Verification",
]


@dataclass(frozen=True, slots=True)
class GradeCounts:
    """Graded cases of one class (`case_class`, e.g. 民事) by grade."""

    case_class: str
    excellent: int
    good: int
    passed: int
    failed: int

    @property
    def total(self) -> int:
        return self.excellent + self.good + self.passed + self.failed


@dataclass(frozen=True, slots=True)
class Assessment:
    """How a period was assessed: `frame` cases closed, `sample` of them drawn (`method`: how), read by `reviewers`.

    `grades` must sum to the cases graded, which may be fewer than `sample` while reviews are open. How many were drawn
    and read is None where a reader handled files of the period: with what else they read, these figures would tell
    them that a file of theirs was drawn.
    """

    frame: int
    sample: int | None
    method: str
    reviewers: int | None
    double_reviews: int | None
    third_reviews: int | None
    grades: tuple[GradeCounts, ...] = ()
    # Of the files drawn, those given to a reader; and all that were read. None where it is not said.
    given: int | None = None
    read: int | None = None

    @property
    def graded(self) -> int:
        return sum(counts.total for counts in self.grades)


@dataclass(frozen=True, slots=True)
class CommendedCase:
    case_number: str
    case_class: str
    lawyer: str
    firm: str
    score: Decimal


@dataclass(frozen=True, slots=True)
class CommendedBody:
    """A lawyer, a volunteer, or a body, for what it did over a period. `of` is a lawyer's firm; empty for a body.

    Nothing stands here that rests on other people's cases: how many of its own were graded, and how many of its files
    came in time.
    """

    name: str
    of: str
    graded: int
    due: int
    in_time: int


@dataclass(frozen=True, slots=True)
class Display:
    """The public display (公示) before the notice: both days included, counted in working days."""

    first_day: date
    last_day: date
    workdays: int
    objections_upheld: int = 0


@dataclass(frozen=True, slots=True)
class CommendationContent:
    """通报表扬. `number` is empty and `issued_on` None in a draft only.

    `title_lines` are broken by sense by the person who drafts; empty lets the standard title stand.
    `mark` is the red head; empty prints the organisation's name with 文件. Empty `requirements`: the standard ones.
    """

    organisation: str
    number: str
    issued_on: date | None
    addressees: str
    period_label: str
    first_day: date
    last_day: date
    cases: tuple[CommendedCase, ...]
    display: Display
    assessment: Assessment | None = None
    legal_basis: str = "《中华人民共和国法律援助法》"
    approved_by: str = ""
    requirements: tuple[str, ...] = ()
    title_lines: tuple[str, ...] = ()
    mark: str = ""
    verification: Verification | None = None
    copies_to: str = ""
    printing_office: str = ""
    printed_on: date | None = None
    seal_mm: int = 42
    # Of a period, in the place of cases.
    body: CommendedBody | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One shortcoming: the checklist item, the fact found, the pages of the file that show it, the points lost."""

    item: str
    fact: str
    pages: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Measure:
    text: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Remedy:
    """How to appeal: within `workdays` of delivery, to `authority`, in writing or on the page named `path`.

    `path` is empty for a lawyer without an account, who appeals on paper alone.
    """

    workdays: int
    authority: str
    path: str = "“我的评定结果”页面"
    decided_in_workdays: int = 15
    suspends_deadline: bool = False


@dataclass(frozen=True, slots=True)
class RectificationContent:
    """整改通知书 to a firm and a lawyer about one case. `number` is empty and `issued_on` None in a draft only.

    `legal_basis` and `reason` are those of the decision; a paper frozen before these or `basis` were printed has none.
    """

    organisation: str
    number: str
    issued_on: date | None
    firm: str
    lawyer: str
    case_number: str
    case_class: str
    review: str
    score: Decimal
    grade: str
    findings: tuple[Finding, ...]
    measures: tuple[Measure, ...]
    remedy: Remedy
    report_by: date
    heard_on: date | None = None
    hearing_summary: str = ""
    vetoes: tuple[str, ...] = ()
    contact: str = ""
    verification: Verification | None = None
    seal_mm: int = 42
    next_files: int = 0
    legal_basis: str = ""
    reason: str = ""
    basis: ScoreBasis | None = None
    # Upheld complaints about the lawyer that were counted, one of them about this case.
    complaints: int = 0


@dataclass(frozen=True, slots=True)
class CaseTotals:
    closed: int
    by_class: tuple[tuple[str, int], ...]
    people_helped: int
    recovered: Decimal


@dataclass(frozen=True, slots=True)
class ClientVoice:
    """Follow-up of the period, one a case: due, tried, answered, with the shares that stand beside every mean.

    `rated` answers to the first question are counted into the share, in whole batches of five people that were frozen
    when they came together; `satisfied` of them are 5, 4 or 3. `low` to `high` is the 95 % interval of the share, as
    parts of one. With fewer than five the share is not printed.

    `cases` of those closed have a follow-up that is due; the others wait for their day or release, or are history.
    """

    eligible: int
    asked: int
    answered: int
    rated: int
    satisfied: int
    low: Decimal | None = None
    high: Decimal | None = None
    # Of the due; refusal, of those reached.
    reached: Share = NOBODY
    response: Share = NOBODY
    refusal: Share = NOBODY
    cases: int | None = None


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One line of a table of standings, rounded to two decimals; `answers` of clients are part of it, none below five.

    `low` and `high` are None where they are not known. `places`: first and last that the intervals leave open; None
    below five cases, and where units differ by no more than chance.
    """

    name: str
    unit: str
    count: int
    mean: Decimal
    shrunk: Decimal
    low: Decimal | None
    high: Decimal | None
    places: tuple[int, int] | None
    answers: int = 0


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What one rule proposed in the period, and what became of it: the four sum to `proposed`."""

    code: str
    name: str
    proposed: int
    accepted: int
    declined: int
    waiting: int
    overtaken: int = 0


@dataclass(frozen=True, slots=True)
class IssuedNotice:
    number: str
    case_number: str
    case_class: str
    lawyer: str
    firm: str
    issued_on: date
    state: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class AppealCounts:
    received: int
    upheld: int
    dismissed: int
    waiting: int
    settled: int = 0


@dataclass(frozen=True, slots=True)
class CentreFault:
    """A case in which a confirmed veto faults the assigning centre and not the lawyer, and why."""

    case_number: str
    code: str
    event: str
    decided_on: date | None


def withdrawn_among(notices: tuple[IssuedNotice, ...]) -> int:
    return sum(notice.withdrawn for notice in notices)


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Rewards and sanctions of one centre (or bureau) and period, as they stood on `as_of`.

    What is None is not known and is not printed; an empty tuple says that there is none.
    """

    organisation: str
    period_label: str
    first_day: date
    last_day: date
    as_of: date
    totals: CaseTotals
    assessment: Assessment | None = None
    voice: ClientVoice | None = None
    standings: tuple[StandingRow, ...] | None = None
    firms: tuple[StandingRow, ...] = ()
    rules: tuple[RuleCount, ...] = ()
    commendations: tuple[IssuedNotice, ...] = ()
    rectifications: tuple[IssuedNotice, ...] = ()
    appeals: AppealCounts = AppealCounts(0, 0, 0, 0)
    centre_faults: tuple[CentreFault, ...] = ()
    notes: tuple[str, ...] = ()
    verification: Verification | None = None

    @property
    def commendations_withdrawn(self) -> int:
        return withdrawn_among(self.commendations)

    @property
    def rectifications_withdrawn(self) -> int:
        return withdrawn_among(self.rectifications)

    @property
    def not_followed_up(self) -> int | None:
        """Cases closed in the period for which no follow-up is due yet, or ever."""
        followed = self.voice.cases if self.voice else None
        return None if followed is None else self.totals.closed - followed


@dataclass(frozen=True, slots=True)
class ReasonsContent:
    """A case's grade with its derivation, as texts to print. `lines`: source, points, weight, what it adds, how.

    `figure` is rounded for reading, None without a grade; `sha256` is of the derivation, by which it can be found.
    """

    language: str
    centre: str
    case_number: str
    case_type: str
    lawyer: str
    firm: str
    closed_on: date
    grade: str
    figure: str | None
    provisional: bool
    coverage: str
    lines: tuple[tuple[str, str, str, str, str], ...]
    reasons: tuple[str, ...]
    scheme_version: int
    computed_at: datetime
    sha256: str
    printed_at: datetime
    superseded: bool = False
