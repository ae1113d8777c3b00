"""What clients raised that a person must see to."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with
from qa_service.common.errors import NotFound
from qa_service.organisations.queries import on_the_day_there
from surveys import recovery as rules
from surveys.branching import SEALED
from surveys.conversation import staff_matter, tells_of_own_people
from surveys.enums import OPEN_STATES, AlertKind, AlertState, Direction, RecoveryState, StaffReason
from surveys.models import Alert, Contact, Conversation, Message
from surveys.models.questionnaires import in_language
from surveys.queries.forms import answers_of, response_of
from surveys.queries.sheets import sheet_asked


class AlertUnknown(NotFound):
    code = "alert_unknown"


def open_alerts(user: User, *, now: datetime) -> QuerySet[Alert]:
    """Not yet closed and visible to the user: danger first, then the nearest clock."""
    return alerts_seen_by(user, now=now)


def alerts_seen_by(user: User, *, now: datetime, kind: str = "", show: str = "") -> QuerySet[Alert]:
    """What the filters leave. `show` is empty (open), "late", "sign" (to be signed off) or "closed"."""
    rows = Alert.objects.visible_to(user).select_related(
        "case__centre__settings", "conversation__recipient", "acknowledged_by", "recovery__asked_again"
    )
    if kind:
        rows = rows.filter(kind=kind)
    if show == "closed":
        return rows.filter(state=AlertState.CLOSED).order_by("-closed_at", "-pk")
    rows = rows.exclude(state=AlertState.CLOSED)
    if show == "late":
        rows = rows.filter(on_the_day_there(now, "case__centre", _late))
    if show == "sign":
        rows = rows.filter(TO_SIGN)
    return rows.order_by(
        models.Case(models.When(kind=AlertKind.DANGER, then=0), default=1),
        F("acknowledge_by").asc(nulls_first=True),
        "raised_at",
        "pk",
    )


# Put right without the client, who was never reached; or asked again, and the answer is in or its time is over.
TO_SIGN = Q(recovery__state=RecoveryState.FIXED, recovery__reached_at=None) | (
    Q(recovery__state=RecoveryState.ASKED) & ~Q(recovery__asked_again__state__in=OPEN_STATES)
)


def _late(today: date) -> Q:
    """As `recovery.running` says which clock still runs; other matters have to be taken on, who is in danger rung."""
    waiting = [state for state in RecoveryState if state in rules.BEFORE_CONTACT]
    not_given_up = Q(recovery__attempts__lt=rules.MOST_ATTEMPTS)
    unreached_and_done = Q(recovery__state=RecoveryState.FIXED, recovery__reached_at=None)
    return (
        Q(state=AlertState.OPEN, acknowledge_by__lt=today)
        | Q(kind=AlertKind.DANGER, state=AlertState.ACKNOWLEDGED, contact_by__lt=today)
        | (Q(recovery__state__in=waiting, contact_by__lt=today) & not_given_up)
        | (Q(recovery__state__in=list(rules.BEFORE_TELLING), settle_by__lt=today) & ~unreached_and_done)
    )


# A number that is somebody else's says nothing of the lawyer. Everything else may: words that nobody has read yet
# ("律师没来"), too, and that the client was left without knowing the outcome.
BESIDE_PRAISE = (AlertKind.WRONG_NUMBER,)


def cases_with_matters(case_ids: Iterable[int]) -> set[int]:
    """Cases of which a client raised or wrote something that nobody has settled or read, sealed or not.

    For a rule to wait on: which of them it is stays untold.
    """
    cases = list(case_ids)
    waiting = Alert.objects.filter(case__in=cases).exclude(state=AlertState.CLOSED).exclude(kind__in=BESIDE_PRAISE)
    just_told = Conversation.objects.with_matters_due().filter(case__in=cases)
    rows = (each.order_by().values_list("case_id", flat=True) for each in (waiting, just_told))
    return set().union(*rows)


def who_may_see(alert: Alert, *roles: Role) -> list[User]:
    """People of these roles over its centre, each once, as far as the matter is not kept from them."""
    people = {user.pk: user for role in roles for user in people_with(role, alert.case.centre)}
    mine = Alert.objects.filter(pk=alert.pk)
    return [user for user in people.values() if mine.visible_to(user).exists()]


def alert_of(*, user: User, public_id: uuid.UUID) -> Alert:
    """:raises AlertUnknown: none, or sealed from the user."""
    found = (
        Alert.objects.visible_to(user)
        .select_related(
            "case__centre__settings",
            "conversation__recipient__contact_plan",
            "conversation__questionnaire",
            "conversation__response",
        )
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise AlertUnknown(_("There is no such matter."))
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """One question with what the client answered."""

    question: str
    answer: str
    text: str

    def __repr__(self) -> str:
        return "Said(…)"


def texts_from_client(conversation: Conversation, *, sealed: bool = False) -> list[Message]:
    """What the client wrote by text, oldest first; what speaks of money only where `sealed` matters may be read."""
    texts = conversation.messages.filter(direction=Direction.IN).order_by("created_at", "pk")
    above = not sealed and _some_with_bureau(conversation)
    return [text for text in texts if may_be_read(text.body, sealed=sealed, above=above)]


def _some_with_bureau(conversation: Conversation) -> bool:
    return conversation.alerts.filter(for_bureau=True).exists()


@dataclass(frozen=True, slots=True)
class Noted:
    """One call or visit with what staff wrote down of it, as far as the reader may know."""

    contact: Contact
    note: str

    def __repr__(self) -> str:
        return f"Noted({self.contact.outcome})"


def notes_of_contacts(conversation: Conversation, *, sealed: bool = False) -> list[Noted]:
    """Oldest first. The note of a call at which a sealed matter was raised is kept from whom that is kept from."""
    closed_off = list(conversation.alerts.filter(sealed=True).values_list("raised_at", "for_bureau"))
    raised, above = {at for at, _bureau in closed_off}, any(bureau for _at, bureau in closed_off)
    return [
        Noted(
            each,
            each.note
            if sealed or (each.at not in raised and may_be_read(each.note, sealed=False, above=above))
            else "",
        )
        for each in conversation.contacts.select_related("by")
    ]


def may_be_read(words: str, *, sealed: bool, above: bool = False) -> bool:
    """Words that speak of money are for those alone who see to the sealed matter; so are those about the centre's own
    people that complain, and all of them where the bureau has a matter of the same client (`above`).
    """
    if sealed:
        return True
    matter = staff_matter(words)
    of_own = (above or matter is StaffReason.COMPLAINT) and tells_of_own_people(words)
    return matter is not StaffReason.MONEY and not of_own


def what_was_said(alert: Alert) -> tuple[Said, ...]:
    """The answers as given. The money question, who asked and words of money: only where the matter is sealed."""
    answers = answers_of(response_of(alert.conversation))
    above = not alert.sealed and _some_with_bureau(alert.conversation)
    said = []
    for item in sheet_asked(alert.conversation).questions:
        given = answers.get(item.code)
        if given is None or (item.code in SEALED and alert.kind != AlertKind.MONEY):
            continue
        choice = item.choice(given.value)
        shown = in_language(chinese=choice.text_zh, english=choice.text_en) if choice else ""
        text = given.text if may_be_read(given.text, sealed=alert.sealed, above=above) else ""
        if shown or text:
            question = in_language(chinese=item.text_zh, english=item.text_en)
            said.append(Said(question=question, answer=shown, text=text))
    return tuple(said)
