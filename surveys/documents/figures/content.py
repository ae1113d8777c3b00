"""Figures with their words, ready to be shown: made once, so that no two faces differ."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from qa_service.common.shares import ENOUGH, Share


@dataclass(frozen=True, slots=True)
class About:
    """Of whom the figures speak, in words; `as_of` in the zone of whoever reads."""

    centre: str
    period: str
    case_type: str
    as_of: datetime
    # Which follow-up; empty for that after closing.
    wave: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(part for part in (self.wave, self.centre, self.period, self.case_type) if part)


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


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """One choice: how many chose it, and of the opinions how many per cent."""

    value: str
    label: str
    count: int
    percent: Decimal
    # Empty where the question has no good side.
    side: str


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One question as answered by one way, or by all (`code` "all"). `parts` is empty below five opinions.

    `none` had no opinion; `silent` were not asked, or left it open.
    """

    code: str
    label: str
    n: int
    none: int
    silent: int
    parts: tuple[AnswerPart, ...]
    favourable: Share | None

    @property
    def small(self) -> bool:
        return self.n < ENOUGH


@dataclass(frozen=True, slots=True)
class QuestionLines:
    """`asked_in` names the versions that ask it alike; `favourable` the good side, empty where there is none."""

    code: str
    text: str
    versions: tuple[int, ...]
    asked_in: str
    begins_anew: bool
    differs: str
    favourable: str
    choices: tuple[str, ...]
    whole: AnswerLine
    by_way: tuple[AnswerLine, ...]

    @property
    def lines(self) -> tuple[AnswerLine, ...]:
        return (self.whole, *self.by_way)

    @property
    def width(self) -> int:
        """Columns of what is broken down."""
        return len(self.choices) + bool(self.favourable)


@dataclass(frozen=True, slots=True)
class VersionLine:
    number: int
    published_on: date | None


@dataclass(frozen=True, slots=True)
class AnswersContent:
    """`money` is None for whom sealed matters do not exist."""

    about: About
    key: str
    title: str
    versions: tuple[VersionLine, ...]
    others: tuple[tuple[str, str], ...]
    responses: int
    finding: str
    rates: tuple[RateLine, ...]
    questions: tuple[QuestionLines, ...]
    money: int | None


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group: asked, reached, answered; its part of all reached and of all others; `flag` where it is less heard."""

    code: str
    label: str
    begun: int
    reached: Share
    answered: Share
    of_reached: Share
    of_unreached: Share
    flag: str

    @property
    def small(self) -> bool:
        return self.begun < ENOUGH


@dataclass(frozen=True, slots=True)
class DimensionLines:
    code: str
    label: str
    lines: tuple[GroupLine, ...]


@dataclass(frozen=True, slots=True)
class HeardContent:
    """`told` are sentences about groups that are clearly under-heard."""

    about: About
    finding: str
    told: tuple[str, ...]
    begun: int
    still_open: int
    rates: tuple[RateLine, ...]
    dimensions: tuple[DimensionLines, ...]


@dataclass(frozen=True, slots=True)
class CostLine:
    """`money` and `per_answer` are None where no price is known; with `at_least` some is not."""

    code: str
    label: str
    acts: tuple[tuple[str, int], ...]
    answered: int
    money: Decimal | None
    at_least: bool
    per_answer: Decimal | None
    minutes: int | None
    minutes_at_least: bool
    minutes_per_answer: Decimal | None
    not_known: str


@dataclass(frozen=True, slots=True)
class CostsContent:
    about: About
    currency: str
    finding: str
    lines: tuple[CostLine, ...]
