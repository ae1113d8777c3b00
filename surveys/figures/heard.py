"""Who is not being heard: clients who were reached and who answered against those who were not, group by group.

Silence is seldom spread evenly, and a mean of those who spoke says nothing of the others (domain.md 3.1, 15). Counted
are follow-ups that are over: who may still answer is not unheard. A group is called under-heard only where the interval
of its share lies wholly below that of all the others: with dozens of groups looked at, that is the least to ask.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa_service.common.shares import ENOUGH, Share, share_of

# Of a township there may be hundreds; those looked at most closely are the largest, and whoever is under-heard.
GROUPS_SHOWN = 15
AGES = (("under_18", 18), ("18_34", 35), ("35_59", 60), ("60_74", 75))
OLDEST, NOT_KNOWN = "75_and_over", ""


@dataclass(frozen=True, slots=True)
class Counted:
    """Follow-ups of one group that are over: begun, of these reached, of these answered."""

    group: str
    begun: int
    arrived: int
    answered: int


@dataclass(frozen=True, slots=True)
class Group:
    """One group beside all the others of its dimension.

    `of_reached` and `of_unreached`: which part of those reached, and of those not reached, belongs to it.
    """

    group: str
    begun: int
    reached: Share
    answered: Share
    others_reached: Share
    others_answered: Share
    of_reached: Share
    of_unreached: Share

    @property
    def small(self) -> bool:
        return self.begun < ENOUGH

    @property
    def under_reached(self) -> bool:
        return _below(self.reached, self.others_reached)

    @property
    def under_heard(self) -> bool:
        return _below(self.answered, self.others_answered)


@dataclass(frozen=True, slots=True)
class Dimension:
    """`groups` from the largest on; `folded` groups of few, or beyond those shown, are one line together."""

    code: str
    groups: tuple[Group, ...]
    folded: int
    rest: Group | None

    @property
    def under_heard(self) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group.under_heard or group.under_reached)


def dimension(code: str, counted: Iterable[Counted]) -> Dimension:
    rows = sorted((row for row in counted if row.begun), key=lambda row: (-row.begun, row.group))
    whole = _together("", rows)
    groups = [_group(row, whole) for row in rows if row.begun >= ENOUGH]
    shown = groups[:GROUPS_SHOWN]
    shown += [each for each in groups[GROUPS_SHOWN:] if each.under_heard or each.under_reached]
    names = {each.group for each in shown}
    left = [row for row in rows if row.group not in names]
    return Dimension(
        code=code,
        groups=tuple(shown),
        folded=len(left),
        rest=_group(_together("", left), whole) if left else None,
    )


def age_group(birth_year: int | None, *, year: int) -> str:
    """By the age that is reached within the year."""
    if birth_year is None:
        return NOT_KNOWN
    age = year - birth_year
    return next((name for name, limit in AGES if age < limit), OLDEST)


def merged(counted: Iterable[Counted]) -> list[Counted]:
    """Rows of one name made one."""
    by_name: dict[str, list[Counted]] = {}
    for row in counted:
        by_name.setdefault(row.group, []).append(row)
    return [_together(name, rows) for name, rows in by_name.items()]


def _together(name: str, rows: Sequence[Counted]) -> Counted:
    return Counted(
        name, sum(row.begun for row in rows), sum(row.arrived for row in rows), sum(row.answered for row in rows)
    )


def _group(row: Counted, whole: Counted) -> Group:
    others = whole.begun - row.begun
    return Group(
        group=row.group,
        begun=row.begun,
        reached=share_of(row.arrived, row.begun),
        answered=share_of(row.answered, row.begun),
        others_reached=share_of(whole.arrived - row.arrived, others),
        others_answered=share_of(whole.answered - row.answered, others),
        of_reached=share_of(row.arrived, whole.arrived),
        of_unreached=share_of(row.begun - row.arrived, whole.begun - whole.arrived),
    )


def _below(mine: Share, theirs: Share) -> bool:
    if mine.small or theirs.small or mine.high is None or theirs.low is None:
        return False
    return mine.high < theirs.low
