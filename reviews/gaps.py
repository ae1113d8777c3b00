"""How far a firm's own marks of a file lie from its result, item by item (pure, Decimal). It changes neither;
how small it is counts in the case grade (domain: firm self-assessment accuracy).

Items are matched by their code: a firm may be asked by another list than the readers mark by, or by an older version.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from reviews.marking import Sheet

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Gap:
    """`own` and `found` in the points of the result's list, of which the item has `worth`; None where it did not apply.

    Not `asked`: the firm's list has no such item.
    """

    code: str
    worth: Decimal
    own: Decimal | None
    found: Decimal | None
    asked: bool = True

    @property
    def points(self) -> Decimal | None:
        """Above nought: the firm saw its work as better than the readers did. None: there is nothing to compare."""
        return None if self.own is None or self.found is None else self.own - self.found

    @property
    def differs(self) -> bool:
        """Also where one held that the item does not apply, and the other marked it."""
        return self.asked and self.own != self.found


def gaps(
    sheet: Sheet, *, asked: frozenset[str], own: Mapping[str, Decimal], found: Mapping[str, Decimal | None]
) -> tuple[Gap, ...]:
    """One for each item of the result's sheet, in its order.

    :param asked: the codes of the firm's list; `own`: the share of each item that applied, 0 to 1.
    :param found: the share of each item in the result, 0 to 100; None where it did not apply.
    """
    rows = []
    for section in sheet.sections:
        for item in section.items:
            share, percent = own.get(item.code), found.get(item.code)
            rows.append(
                Gap(
                    code=item.code,
                    worth=item.points,
                    own=None if share is None else share * item.points,
                    found=None if percent is None else percent * item.points / HUNDRED,
                    asked=item.code in asked,
                )
            )
    return tuple(rows)


def apart(found: Iterable[Gap]) -> Decimal | None:
    """How far the firm's marks lie from the result, 0 to 100; None where they have no item in common.

    Each item counts by how far apart it is, so that what was seen too well and what was seen too badly do not make up
    for one another. An item that only one of both holds applicable is wholly apart: otherwise whoever doubts an item
    would do best to say that it does not apply.
    """
    compared = [gap for gap in found if gap.asked and (gap.own is not None or gap.found is not None)]
    worth = sum((gap.worth for gap in compared), Decimal(0))
    distance = sum((gap.worth if gap.points is None else abs(gap.points) for gap in compared), Decimal(0))
    return HUNDRED * distance / worth if worth else None


def surplus(found: Iterable[Gap]) -> Decimal | None:
    """By how many points of 100 the firm saw its work as better than the readers did, or, below nought, as worse.

    Over the items that both marked; None where there are none.
    """
    compared = [(gap.points, gap.worth) for gap in found if gap.points is not None]
    worth = sum((worth for _points, worth in compared), Decimal(0))
    return HUNDRED * sum((points for points, _worth in compared), Decimal(0)) / worth if worth else None
