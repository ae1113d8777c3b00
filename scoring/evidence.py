"""What is known of one case, in the words of weighing. Other rooms' evidence is translated into these."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scoring.enums import Grade


@dataclass(frozen=True, kw_only=True, slots=True)
class FileReview:
    """The file review of a case. `score` and `spread` are points of 100; `cap` is the best grade still possible."""

    version: int
    score: Decimal
    settled: bool
    veto_pending: bool = False
    cap: Grade | None = None
    readers: int = 1
    spread: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Filing:
    """The lawyer's own clock: the file is due some days after closing, or after the judgment reached them.

    `overdue`: it has not come and the last limit has passed; until then a file that has not come is not known.
    `limit`: the days the centre gives, where they are not the first limit of the scheme; all its limits move with them.
    """

    counted_from: date
    filed_on: date | None = None
    limit: int | None = None
    overdue: bool = False
    excused: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseEvidence:
    """Professional evidence alone: nothing a client said stands here, nor that a client complained.

    `organ_marks` are the known items of all opinions, 1 to 5. `hearing` is 0 to 100. `self_assessment_gap`: how far the
    firm's own marks lie from the result, summed over the items, in points of 100.
    """

    review: FileReview | None
    filing: Filing
    organ_applies: bool = False
    organ_marks: tuple[int, ...] = ()
    hearing_applies: bool = False
    hearing: Decimal | None = None
    self_assessment_applies: bool = False
    self_assessment_gap: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientAnswer:
    """One client's answers: `overall` 1 to 5, `service` the chosen words by question; None and absent are missing.

    `result_only`: the client was unhappy with the result alone, which is not the service's doing.
    """

    overall: int | None
    service: tuple[tuple[str, str], ...] = ()
    result_only: bool = False
