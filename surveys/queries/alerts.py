"""What clients raised that a person must see to."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with, within
from qa_service.common.errors import NotFound
from qa_service.organisations.queries import on_the_day_there
from surveys import recovery as rules
from surveys.branching import SEALED, telling_of_sealed
from surveys.conversation import Whose, staff_matter, tells_of_own_people, told_of_danger, whose_danger
from surveys.enums import OPEN_STATES, AlertKind, AlertState, Direction, RecoveryState, StaffReason
from surveys.matters import Heard, is_read_besides, matters_in_words
from surveys.models import Alert, Contact, Conversation
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
class Readable:
    """As much of some words as may be read; `withheld`: there is more."""

    words: str
    withheld: bool = False

    def __repr__(self) -> str:
        return f"Readable(withheld={self.withheld})"


@dataclass(frozen=True, slots=True)
class Reading:
    """How far somebody may read what a client said: all where `sealed`; `above`: the bureau has a matter of theirs.

    `danger`: they see to a danger to life, which outranks the seal. Of what is sealed they read what speaks of it.
    `danger_above`: danger comes from the centre's own people too, so of danger they read what names somebody else.
    """

    sealed: bool = False
    above: bool = False
    danger: bool = False
    danger_above: bool = False

    def read(self, words: str, *, closed_off: bool = False) -> Readable:
        """`closed_off`: written down when a sealed matter was raised, in whatever words."""
        if self.sealed or not words or not (closed_off or self._withholds(words)):
            return Readable(words)
        told = told_of_danger(words, closely=closed_off, from_others=self.danger_above) if self.danger else ""
        return Readable(told, withheld=True)

    def _withholds(self, words: str) -> bool:
        from_own = self.danger_above and not whose_danger(words) <= {Whose.ANOTHER}
        return from_own or _is_withheld(words, above=self.above)


WHOLE = Reading(sealed=True)


def everyday_reading(conversation: Conversation) -> Reading:
    """What anybody of the centre may read who asks this client; by all that they raised of the case, by whichever round
    of asking, and by what the bureau has of the same person.
    """
    above = Q(conversation__recipient=conversation.recipient_id)
    if conversation.phone_index:
        there = Conversation.objects.filter(pk=conversation.pk).values("case__centre")
        above |= Q(conversation__phone_index=conversation.phone_index, case__centre__in=there)
    of_person = Alert.objects.filter(for_bureau=True).filter(above)
    mine = _raised_by_client_of(conversation).values_list("kind", "for_bureau")
    raised = list(mine.union(of_person.order_by().values_list("kind", "for_bureau")))
    return Reading(
        above=any(for_bureau for _kind, for_bureau in raised),
        danger=(AlertKind.DANGER, False) in raised,
        danger_above=(AlertKind.DANGER, True) in raised,
    )


def sealed_of(conversation: Conversation) -> QuerySet[Alert]:
    """What is sealed of the same client and case."""
    return _raised_by_client_of(conversation).filter(sealed=True)


def _raised_by_client_of(conversation: Conversation) -> QuerySet[Alert]:
    theirs = Alert.objects.filter(case=conversation.case_id, conversation__recipient=conversation.recipient_id)
    return theirs.order_by()


def reading_of(alert: Alert, user: User) -> Reading:
    """Of one matter that the user sees. Whoever sees every sealed matter of this client reads of danger in full."""
    if alert.sealed:
        return WHOLE
    everyday = everyday_reading(alert.conversation)
    if alert.kind != AlertKind.DANGER:
        return everyday
    return replace(everyday, sealed=_sees_what_is_sealed(alert, user))


def _sees_what_is_sealed(alert: Alert, user: User) -> bool:
    """A supervisor does before any matter was opened of it."""
    sealed = alert.conversation.alerts.filter(sealed=True)
    if sealed.exclude(pk__in=Alert.objects.visible_to(user).values("pk")).exists():
        return False
    above = Alert.objects.filter(within(user, "case__centre__path", Role.SUPERVISOR), pk=alert.pk)
    return sealed.exists() or above.exists()


def taken_back_at(alert: Alert) -> datetime | None:
    """When the client took back on their form what this matter came of, before anybody had seen to it."""
    told = [Heard.of(kept) for kept in alert.conversation.taken_back or ()]
    return min((at for heard, at in told if alert.kind in heard.kinds and at == alert.raised_at), default=None)


@dataclass(frozen=True, slots=True)
class Said:
    """One question with what the client answered."""

    question: str
    answer: str
    text: str
    withheld: bool = False

    def __repr__(self) -> str:
        return "Said(…)"


@dataclass(frozen=True, slots=True)
class Written:
    """One text of a client, as far as it may be read."""

    created_at: datetime
    body: str
    withheld: bool = False

    def __repr__(self) -> str:
        return f"Written({self.created_at:%Y-%m-%d})"


def texts_from_client(
    conversation: Conversation, *, reading: Reading | None = None, since: datetime | None = None
) -> list[Written]:
    """What the client wrote by text, oldest first, with an empty body where all of one is withheld."""
    reading = reading or everyday_reading(conversation)
    texts = conversation.messages.filter(direction=Direction.IN).order_by("created_at", "pk")
    found = []
    for text in texts if since is None else texts.filter(created_at__gte=since):
        readable = reading.read(text.body)
        found.append(Written(text.created_at, readable.words, withheld=readable.withheld))
    return found


@dataclass(frozen=True, slots=True)
class Noted:
    """One call or visit with what staff wrote down of it, as far as the reader may know."""

    contact: Contact
    note: str
    withheld: bool = False

    def __repr__(self) -> str:
        return f"Noted({self.contact.outcome})"


def notes_of_contacts(conversation: Conversation, *, reading: Reading | None = None) -> list[Noted]:
    """Oldest first. The note of a call at which a sealed matter was raised is kept from whom that is kept from."""
    reading = reading or everyday_reading(conversation)
    raised = set(conversation.alerts.filter(sealed=True).values_list("raised_at", flat=True))
    found = []
    for each in conversation.contacts.select_related("by"):
        readable = reading.read(each.note, closed_off=each.at in raised)
        found.append(Noted(each, readable.words, withheld=readable.withheld))
    return found


def _is_withheld(words: str, *, above: bool) -> bool:
    """Words that speak of money are for those alone who see to the sealed matter; so are those about the centre's own
    people that complain, and all of them where the bureau has a matter of the same client (`above`).
    """
    matter = staff_matter(words)
    of_own = (above or matter is StaffReason.COMPLAINT) and tells_of_own_people(words)
    return matter is StaffReason.MONEY or of_own


def what_was_said(alert: Alert, *, reading: Reading | None = None) -> tuple[Said, ...]:
    """The answers as given. The money question and who asked: only where the matter is one of money.

    `reading`: as anybody may read who sees this matter.
    """
    reading = reading or (WHOLE if alert.sealed else everyday_reading(alert.conversation))
    answers = answers_of(response_of(alert.conversation))
    questions = sheet_asked(alert.conversation).questions
    values = {code: given.value for code, given in answers.items()}
    hidden = frozenset[str]() if alert.kind == AlertKind.MONEY else telling_of_sealed(questions, values)
    said = []
    for item in questions:
        given = answers.get(item.code)
        if given is None:
            continue
        if item.code in hidden:
            read = is_read_besides(item.code, item.kind, values, telling=hidden)
            if item.code in SEALED or alert.kind not in matters_in_words([given.text], read=read):
                continue
        choice = item.choice(given.value) if item.code not in hidden else None
        shown = in_language(chinese=choice.text_zh, english=choice.text_en) if choice else ""
        text = reading.read(given.text)
        if shown or text.words or text.withheld:
            question = in_language(chinese=item.text_zh, english=item.text_en)
            if item.code in hidden:  # the matter is about these words, whatever they were an answer to
                question = _("What the client said")
            said.append(Said(question=question, answer=shown, text=text.words, withheld=text.withheld))
    return tuple(said)
