"""Who may not read whose file, and who reads next (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from reviews.enums import ConflictReason

# So many open files a reviewer holds at most when files are given out to whoever is free.
CAPACITY = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewerFacts:
    """What is known of a reviewer. `firms`: theirs, with the day on which each was left, or None where it was not.

    `load` counts the files they hold and have not submitted.
    """

    user_id: int
    lawyer_id: int | None = None
    firms: Mapping[int, date | None] = field(default_factory=dict)
    related_lawyers: frozenset[int] = frozenset()
    related_firms: frozenset[int] = frozenset()
    load: int = 0

    def firms_since(self, day: date) -> frozenset[int]:
        """Those to which they belonged on any day after it: who left yesterday may still owe their colleagues much."""
        return frozenset(firm for firm, left_on in self.firms.items() if left_on is None or left_on > day)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFacts:
    """What is known of a case. Ties to a firm count since `begun_on`."""

    case_id: int
    number: str
    lawyer_id: int
    firm_id: int
    begun_on: date
    readers: frozenset[int] = frozenset()
    # Firms whose people may not read beside those: a fail is never the word of one firm alone.
    readers_firms: frozenset[int] = frozenset()
    decliners: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """The reviewer chosen, or None with what stands in the way of each."""

    user_id: int | None
    refused: dict[int, tuple[ConflictReason, ...]]
    full: tuple[int, ...]


def conflicts(reviewer: ReviewerFacts, case: CaseFacts) -> tuple[ConflictReason, ...]:
    """Every reason against this reader of this case. The readers already at work are counted by `choose`."""
    found = []
    if reviewer.lawyer_id == case.lawyer_id:
        found.append(ConflictReason.OWN_CASE)
    if case.firm_id in reviewer.firms_since(case.begun_on):
        found.append(ConflictReason.SAME_FIRM)
    if case.lawyer_id in reviewer.related_lawyers or case.firm_id in reviewer.related_firms:
        found.append(ConflictReason.DECLARED_RELATION)
    return tuple(found)


def objections_to(reviewer: ReviewerFacts, case: CaseFacts) -> tuple[ConflictReason, ...]:
    """Conflicts, and whether this person already reads the case, with a colleague perhaps, or has declined it."""
    found = list(conflicts(reviewer, case))
    if reviewer.user_id in case.readers:
        found.append(ConflictReason.ALREADY_READER)
    elif reviewer.firms_since(case.begun_on) & case.readers_firms:
        found.append(ConflictReason.READERS_FIRM)
    if reviewer.user_id in case.decliners:
        found.append(ConflictReason.DECLINED)
    return tuple(found)


def choose(*, case: CaseFacts, reviewers: Sequence[ReviewerFacts], capacity: int) -> Choice:
    """The free reviewer with the lightest load; ties turn by case, so that no one always comes first."""
    refused = {r.user_id: reasons for r in reviewers if (reasons := objections_to(r, case))}
    free = [r for r in reviewers if r.user_id not in refused]
    full = tuple(r.user_id for r in free if r.load >= capacity)
    able: Iterable[ReviewerFacts] = (r for r in free if r.load < capacity)
    chosen = min(able, key=lambda r: (r.load, _turn(case.number, r.user_id)), default=None)
    return Choice(chosen.user_id if chosen else None, refused, full)


def _turn(number: str, user_id: int) -> str:
    return sha256(f"{number}\n{user_id}".encode()).hexdigest()
