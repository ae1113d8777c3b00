"""What cases would come to by another scheme, from the evidence their scores keep. Nothing is kept of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from scoring.calculation.figures import mean
from scoring.calculation.rules import Rules, overdue_from
from scoring.calculation.weighing import ORDER, CaseResult, weigh_case
from scoring.enums import Grade
from scoring.evidence import CaseEvidence

# As a reader reads them: best first, then what has no grade.
GRADES = (*ORDER, Grade.PENDING, Grade.NONE)


def seen_by(evidence: CaseEvidence, *, made_by: Rules, rules: Rules, today: date) -> CaseEvidence:
    """The same evidence as it stands under other limits for handing in the file.

    A limit of a centre is kept only where it is not the first of the scheme; here it is told apart anew. A file
    that has not come is overdue by the days of the other scheme.
    """
    filing = evidence.filing
    days = made_by.filing[0][0] if filing.limit is None else filing.limit
    limit = None if days == rules.filing[0][0] else days
    overdue = filing.filed_on is None and today >= overdue_from(filing.counted_from, rules, limit)
    return replace(evidence, filing=replace(filing, limit=limit, overdue=overdue))


def weighed_anew(evidence: CaseEvidence, *, made_by: Rules, rules: Rules, today: date) -> CaseResult:
    return weigh_case(seen_by(evidence, made_by=made_by, rules=rules, today=today), rules)


@dataclass(frozen=True, slots=True)
class Move:
    """One case: its grade and figure in force, and what it would come to. `row`: its score."""

    row: int
    before: Grade
    score_before: Decimal | None
    after: Grade
    score_after: Decimal | None

    @property
    def changed(self) -> bool:
        return self.before != self.after

    @property
    def up(self) -> bool:
        return self._graded and ORDER.index(self.after) < ORDER.index(self.before)

    @property
    def down(self) -> bool:
        return self._graded and ORDER.index(self.after) > ORDER.index(self.before)

    @property
    def _graded(self) -> bool:
        return self.before in ORDER and self.after in ORDER


@dataclass(slots=True)
class Foresight:
    """A period's cases together. Means are of the graded cases, unrounded; None of none."""

    cases: int = 0
    before: Counter[Grade] = field(default_factory=Counter)
    after: Counter[Grade] = field(default_factory=Counter)
    changed: list[Move] = field(default_factory=list)
    scores_before: list[Decimal] = field(default_factory=list)
    scores_after: list[Decimal] = field(default_factory=list)

    @property
    def up(self) -> int:
        return sum(move.up for move in self.changed)

    @property
    def down(self) -> int:
        return sum(move.down for move in self.changed)

    @property
    def graded_or_not(self) -> int:
        """Cases that would get a grade, or would lose theirs."""
        return len(self.changed) - self.up - self.down

    @property
    def distribution(self) -> list[tuple[Grade, int, int, int]]:
        """Each grade with its number of cases before, after, and the difference."""
        rows = [(grade, self.before[grade], self.after[grade]) for grade in GRADES]
        return [(grade, before, after, after - before) for grade, before, after in rows if before or after]

    @property
    def mean_before(self) -> Decimal | None:
        return _mean(self.scores_before)

    @property
    def mean_after(self) -> Decimal | None:
        return _mean(self.scores_after)


def foreseen(moves: Iterable[Move]) -> Foresight:
    found = Foresight()
    for move in moves:
        found.cases += 1
        found.before[move.before] += 1
        found.after[move.after] += 1
        found.scores_before += [] if move.score_before is None else [move.score_before]
        found.scores_after += [] if move.score_after is None else [move.score_after]
        if move.changed:
            found.changed.append(move)
    return found


def _mean(figures: Sequence[Decimal]) -> Decimal | None:
    return mean(figures) if figures else None
