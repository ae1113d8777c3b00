"""Who may not read whose file (pure). Who reads next of those who may: `reviews.giving`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from reviews.enums import ConflictReason

# So many open files a reviewer holds at most, unless their own terms say otherwise.
CAPACITY = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewerFacts:
    """What is known of a reviewer. `firms`: theirs, with the day on which each was left, or None where it was not.

    `load` counts the files they hold and have not submitted, `capacity` is how many they hold at most. `counties`:
    centres of which they are; `case_types`: those they read, empty for all; `lacking`: what they lack to be a reviewer.
    `refused_by`: lawyers whose objection to them was upheld; `asked_away_by`: those whose objection is not decided.
    `read_of`: how many files of each lawyer they have read of late.
    """

    user_id: int
    lawyer_id: int | None = None
    firms: Mapping[int, date | None] = field(default_factory=dict)
    related_lawyers: frozenset[int] = frozenset()
    related_firms: frozenset[int] = frozenset()
    load: int = 0
    capacity: int = CAPACITY
    counties: frozenset[int] = frozenset()
    case_types: frozenset[str] = frozenset()
    lacking: tuple[ConflictReason, ...] = ()
    refused_by: frozenset[int] = frozenset()
    asked_away_by: frozenset[int] = frozenset()
    read_of: Mapping[int, int] = field(default_factory=dict)

    def firms_since(self, day: date) -> frozenset[int]:
        """Those to which they belonged on any day after it: who left yesterday may still owe their colleagues much."""
        return frozenset(firm for firm, left_on in self.firms.items() if left_on is None or left_on > day)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFacts:
    """What is known of a case. Ties to a firm count since `begun_on`.

    `opposing_firms`: none where it is not known who stood on the other side. `earlier_lawyers`: who dealt with the
    matter before. `not_from`: in a city-wide review, the centre whose own people do not read.
    """

    case_id: int
    number: str
    lawyer_id: int
    firm_id: int
    begun_on: date
    readers: frozenset[int] = frozenset()
    # Firms whose people may not read beside those: a fail is never the word of one firm alone.
    readers_firms: frozenset[int] = frozenset()
    decliners: frozenset[int] = frozenset()
    # Who marked the file for calibration or may yet, and whose panel talked it over or will.
    calibrated_by: frozenset[int] = frozenset()
    # Who decided about a veto item or an objection to its marks, whichever way.
    decided_by: frozenset[int] = frozenset()
    case_type: str = ""
    opposing_firms: frozenset[int] = frozenset()
    earlier_lawyers: frozenset[int] = frozenset()
    not_from: int | None = None


def conflicts(reviewer: ReviewerFacts, case: CaseFacts) -> tuple[ConflictReason, ...]:
    """What ties this person to the case: the one rule for whoever reads it or decides about it.

    Who has been entered on the other side, or dealt with the matter before, is as little free as who handled it.
    """
    found = []
    if reviewer.lawyer_id == case.lawyer_id:
        found.append(ConflictReason.OWN_CASE)
    firms = reviewer.firms_since(case.begun_on)
    if case.firm_id in firms:
        found.append(ConflictReason.SAME_FIRM)
    if firms & case.opposing_firms:
        found.append(ConflictReason.OPPOSING_FIRM)
    if case.lawyer_id in reviewer.related_lawyers or case.firm_id in reviewer.related_firms:
        found.append(ConflictReason.DECLARED_RELATION)
    if reviewer.lawyer_id in case.earlier_lawyers:
        found.append(ConflictReason.EARLIER_INVOLVED)
    return tuple(found)


def bars_marking(reviewer: ReviewerFacts, case: CaseFacts) -> tuple[ConflictReason, ...]:
    """Every reason for which they may not mark the file, were it for practice; asked again when they hand it in.

    An objection that is not decided yet takes no file from who has it: the lawyer objects in advance.
    """
    found = list(conflicts(reviewer, case))
    if case.lawyer_id in reviewer.refused_by:
        found.append(ConflictReason.OBJECTED_TO)
    if case.not_from in reviewer.counties:
        found.append(ConflictReason.SAME_COUNTY)
    return tuple(found)


def bars_deciding(reviewer: ReviewerFacts, case: CaseFacts) -> tuple[ConflictReason, ...]:
    """Every reason against their deciding about its marks: those, and that they know the file from calibration.

    Who has marked it for practice, or heard on the panel what others made of it, would judge it with that in mind.
    That they have decided about another of its veto items, or an earlier objection, bars nobody from the next.
    """
    known = (ConflictReason.CALIBRATED,) if reviewer.user_id in case.calibrated_by else ()
    return (*bars_marking(reviewer, case), *known)


def bars_reading(reviewer: ReviewerFacts, case: CaseFacts) -> tuple[ConflictReason, ...]:
    """Every reason for which marks of this person may not stand: those, and that they decided about marks of the file.

    A veto is confirmed by another than who marks. Were they its next reader, one person would have done both.
    """
    ruled = (ConflictReason.DECIDED,) if reviewer.user_id in case.decided_by else ()
    return (*bars_deciding(reviewer, case), *ruled)


def bars_calibrating(reviewer: ReviewerFacts, case: CaseFacts) -> tuple[ConflictReason, ...]:
    """Every reason against giving it to them for calibration: whoever has read it, decided about its marks, or knows it
    from an earlier round, would repeat what they know, and how near they came to the panel would say nothing of them.
    """
    read = (ConflictReason.ALREADY_READER,) if reviewer.user_id in case.readers else ()
    return (*bars_reading(reviewer, case), *read)


def objections_to(reviewer: ReviewerFacts, case: CaseFacts) -> tuple[ConflictReason, ...]:
    """Every reason against giving them the file: those, and whether they read it already, with a colleague perhaps,
    have declined it, are objected to, or lack what a reviewer needs.
    """
    found = list(bars_reading(reviewer, case))
    if case.lawyer_id in reviewer.asked_away_by - reviewer.refused_by:
        found.append(ConflictReason.OBJECTED_TO)
    if reviewer.user_id in case.readers:
        found.append(ConflictReason.ALREADY_READER)
    elif case.readers_firms and reviewer.firms_since(case.begun_on) & case.readers_firms:
        found.append(ConflictReason.READERS_FIRM)
    if reviewer.user_id in case.decliners:
        found.append(ConflictReason.DECLINED)
    return (*found, *reviewer.lacking)


def reads_such(reviewer: ReviewerFacts, case: CaseFacts) -> bool:
    """Whether they read cases of this type. It does not bar whom a manager names."""
    return not reviewer.case_types or case.case_type in reviewer.case_types
