"""The adoption ledger: what the court made of each main argument, and what that speaks for (pure, Decimal).

What is counted is the share of the arguments. One that the court passed over in silence is not counted: silence is no
verdict. One that was rejected though the reader holds it reasonable counts with the least share its reason leaves, and
not at all where that would lower the share: nobody loses a mark by arguing what was worth arguing.

The ledger proposes. The mark is the reader's, who says why where it is another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from reviews.enums import Anchor, Measure, Treatment
from reviews.marking import Defect, ItemRule, MarkValue, Sheet, share_of

# Whoever makes a list: the item with a floor for what was reasonable though rejected is the one the ledger speaks for.
NOT_ADOPTED: Final = "not_adopted"
REASONED: Final = "reasoned_rejected"

MOST_ARGUMENTS: Final = 10
COUNTS: Final = {Treatment.ADOPTED: Decimal(1), Treatment.PARTLY: Decimal("0.5"), Treatment.REJECTED: Decimal(0)}
ANCHORS: Final = (Anchor.FULL, Anchor.MOSTLY, Anchor.PARTLY, Anchor.NONE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Argued:
    """One main argument. `page` is where it is made, `judgment_page` where the court deals with it.

    `reasonable`: why the reader holds it reasonable, though the court rejected it.
    """

    words: str
    page: str = ""
    judgment_page: str = ""
    treatment: Treatment | None = None
    reasonable: str = ""

    @property
    def guarded(self) -> bool:
        return self.treatment == Treatment.REJECTED and bool(self.reasonable)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a ledger speaks for: `share` from 0 to 1 over the `counted` arguments, unrounded, and the nearest anchor.

    `reason` is the code that goes with a deduction, empty where there is none. `measure`: how its list names anchors.
    """

    share: Decimal
    counted: int
    anchor: Anchor
    reason: str
    measure: Measure = Measure.POINTS


def ledger_item(sheet: Sheet) -> ItemRule | None:
    """The item a ledger speaks for; none in a list for cases that no court decides."""
    items = (item for section in sheet.sections for item in section.items)
    return next((item for item in items if REASONED in item.floors), None)


def propose(arguments: Sequence[Argued], *, item: ItemRule) -> Proposal | None:
    """What the ledger speaks for; nothing where the court dealt with none of the arguments.

    :param item: the one it speaks for: its floor is the least share that an argument leaves which was reasonable
        though rejected, and of its anchors the nearest that may be chosen is proposed.
    """
    floor = item.floors[REASONED]
    plain = [COUNTS[each.treatment] for each in arguments if each.treatment in COUNTS and not each.guarded]
    guarded = [floor for each in arguments if each.guarded]
    if not plain and not guarded:
        return None
    counted = max(
        (counts for counts in (plain, plain + guarded) if counts), key=lambda counts: (_mean(counts), len(counts))
    )
    share = _mean(counted)
    offered = [each for each in ANCHORS if each in item.offered] or ANCHORS
    anchor = min(offered, key=lambda each: (abs(item.shares[each] - share), -item.shares[each]))
    return Proposal(share, len(counted), anchor, _reason(anchor, plain))


def _reason(anchor: Anchor, plain: Sequence[Decimal]) -> str:
    if anchor == Anchor.FULL:
        return ""
    return NOT_ADOPTED if any(count < 1 for count in plain) else REASONED


def _mean(counts: Sequence[Decimal]) -> Decimal:
    return sum(counts, Decimal(0)) / len(counts)


def proposal_for(sheet: Sheet, arguments: Mapping[int, Argued]) -> Proposal | None:
    item = ledger_item(sheet)
    found = propose(list(arguments.values()), item=item) if item else None
    return replace(found, measure=sheet.measure) if found else None


def ledger_defects(
    sheet: Sheet, arguments: Mapping[int, Argued], marks: Mapping[str, MarkValue], *, comment: str
) -> list[Defect]:
    """What stands in the way of submission: of an argument by its number, and of a mark that departs unexplained.

    :param comment: what stands beside the mark of the item the ledger speaks for.
    """
    item = ledger_item(sheet)
    if item is None:
        return []
    found = [Defect(f"L{number}", lacks) for number, each in sorted(arguments.items()) for lacks in _lacking(each)]
    proposal = propose(list(arguments.values()), item=item)
    if not found and proposal and departs(proposal, item, marks.get(item.code)) and not comment.strip():
        found.append(Defect(item.code, "departure"))
    return found


def _lacking(argument: Argued) -> list[str]:
    lacking = [name for name in ("words", "page") if not getattr(argument, name)]
    if argument.treatment is None:
        return [*lacking, "treatment"]
    if argument.treatment != Treatment.NOT_ADDRESSED and not argument.judgment_page:
        lacking.append("judgment_page")
    return lacking


def departs(proposal: Proposal, item: ItemRule, mark: MarkValue | None) -> bool:
    """Whether the reader's mark is another than the ledger speaks for, and worth another share."""
    if mark is None or mark.anchor == proposal.anchor:
        return False
    return share_of(item, mark) != item.shares[proposal.anchor]
