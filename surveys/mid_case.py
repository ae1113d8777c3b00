"""Following up while a case runs: whom, when, by which ways. As strict as after closing, and in danger stricter.

Days are a centre's own. Where somebody near the client is to be feared, an open matter is more dangerous than a closed
one (domain.md 4.6): nobody is asked before somebody of the centre has confirmed, in this matter, how to reach them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qa_service.cases.enums import ContactReason
from qa_service.cases.plans import NEEDS_PRIVACY
from surveys.enums import MidCaseWay, Occasion
from surveys.ladder import Person

# An export that came late starts no contact about an assignment of long ago.
LATE_AFTER = timedelta(days=21)
# On the last day before a hearing people have other things to do.
NOTICE = timedelta(days=2)
# An answer is taken for so long after the end, and stamped late.
LATE_DAYS = 14


# Asked again while the case runs: texts and sheets would say that all is finished.
BY_A_PERSON = (MidCaseWay.TELEPHONE, MidCaseWay.VISIT)


class TermsWrong(ValueError):  # noqa: N818 - named for the fact
    """`field` names the term that is out of its bounds."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class MidCaseTerms:
    """What a centre publishes for one occasion. `days`: from assignment to asking, or from asking to the hearing.

    `remind_after_days`: 0 for no second text. `starts_on`: the first day of assignment asked about.
    """

    questionnaire_key: str
    days: int
    remind_after_days: int
    closes_after_days: int
    ways: tuple[MidCaseWay, ...]
    starts_on: date

    @property
    def contact_days(self) -> list[int]:
        return [0, self.remind_after_days] if self.remind_after_days else [0]

    @property
    def late_until_days(self) -> int:
        return self.closes_after_days + LATE_DAYS


DAYS = {Occasion.AFTER_ASSIGNMENT: range(5, 61), Occasion.BEFORE_HEARING: range(3, 31)}
REMIND_AFTER = range(11)
CLOSES_AFTER = range(3, 22)
QUESTIONNAIRES = {Occasion.AFTER_ASSIGNMENT: "client-assigned", Occasion.BEFORE_HEARING: "client-hearing"}


def default_terms(occasion: Occasion, *, today: date) -> MidCaseTerms:
    """What the page offers before anything was published."""
    usual = (10, 3, 14) if occasion is Occasion.AFTER_ASSIGNMENT else (7, 0, 5)
    days, remind, closes = usual
    return MidCaseTerms(
        questionnaire_key=QUESTIONNAIRES[occasion],
        days=days,
        remind_after_days=remind,
        closes_after_days=closes,
        ways=(MidCaseWay.TEXT, MidCaseWay.TELEPHONE),
        starts_on=today,
    )


def check_terms(occasion: Occasion, terms: MidCaseTerms) -> None:
    """:raises TermsWrong: one of them is out of bounds, or a text would be the last before it ends."""
    if terms.days not in DAYS[occasion]:
        raise TermsWrong("days")
    if terms.closes_after_days not in CLOSES_AFTER:
        raise TermsWrong("closes_after_days")
    if terms.remind_after_days not in REMIND_AFTER or terms.remind_after_days >= terms.closes_after_days:
        raise TermsWrong("remind_after_days")
    if not terms.ways:
        raise TermsWrong("ways")


def span_due(occasion: Occasion, *, days: int, today: date) -> tuple[date, date]:
    """First and last day of assignment, or of hearing, about which people are asked today."""
    if occasion is Occasion.BEFORE_HEARING:
        return today + NOTICE, today + timedelta(days=days)
    last = today - timedelta(days=days)
    return last - LATE_AFTER, last


def waits_for_word(
    *, reason: ContactReason, needs_safety_check: bool, confirmed_on: date | None, begun_on: date
) -> bool:
    """Whether somebody must first confirm, in this very matter, how the person may be reached."""
    feared = needs_safety_check or reason in NEEDS_PRIVACY
    return feared and (confirmed_on is None or confirmed_on < begun_on)


def narrowed(person: Person, ways: Iterable[MidCaseWay]) -> Person:
    """What of the ways open to a person the plan uses as well; none for nobody."""
    used = frozenset(ways)
    return replace(
        person,
        sms_allowed=person.sms_allowed and MidCaseWay.TEXT in used,
        phone_allowed=person.phone_allowed and MidCaseWay.TELEPHONE in used,
        visit_allowed=person.visit_allowed and MidCaseWay.VISIT in used,
        paper_allowed=False,
    )
