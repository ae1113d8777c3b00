"""Figures with their words, ready to be shown: made once, so that no two faces differ."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from qa_service.common.shares import ENOUGH, Share


@dataclass(frozen=True, slots=True)
class About:
    """Of whom the figures speak, in words; `as_of` in the zone of whoever reads."""

    centre: str
    period: str
    case_type: str
    as_of: datetime

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(part for part in (self.centre, self.period, self.case_type) if part)


@dataclass(frozen=True, slots=True)
class StepLine:
    code: str
    label: str
    count: int
    of_first: Decimal | None
    of_before: Decimal | None


@dataclass(frozen=True, slots=True)
class LossLine:
    """`after` is the label of the last step that these passed."""

    code: str
    after_code: str
    after: str
    label: str
    count: int
    still_open: bool


@dataclass(frozen=True, slots=True)
class WayLines:
    code: str
    label: str
    steps: tuple[StepLine, ...]
    losses: tuple[LossLine, ...]

    @property
    def first(self) -> int:
        return self.steps[0].count

    @property
    def small(self) -> bool:
        return self.first < ENOUGH


@dataclass(frozen=True, slots=True)
class RateLine:
    """A share with its interval, and what it is a share of."""

    code: str
    label: str
    of: str
    share: Share


@dataclass(frozen=True, slots=True)
class FunnelContent:
    about: About
    finding: str
    rates: tuple[RateLine, ...]
    ways: tuple[WayLines, ...]

    @property
    def whole(self) -> WayLines:
        return self.ways[0]
