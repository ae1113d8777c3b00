"""Letters on paper: put together by unit, printed as often as need be, and gone on a day that somebody enters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from qa_service.accounts.models import User
from qa_service.audit.services import Act, record, record_many
from qa_service.cases.models import Case
from qa_service.cases.services import evidence_changed
from qa_service.common.days import required_day
from qa_service.common.errors import Conflict
from qa_service.organisations.queries import today_at
from surveys import timing
from surveys.documents import letters_pdf
from surveys.documents.content import LetterContent
from surveys.enums import Audience
from surveys.models import Conversation, LetterBatch, Organ, OrganLetter
from surveys.queries import organ_letters as queries
from surveys.queries import plan_for
from surveys.queries.organ_papers import letter_content
from surveys.queries.papers import paper_language
from surveys.services.inviting.codes import offer_codes
from surveys.services.organs.asking import zone_of

LETTERS_A_BATCH = 50


class NothingToPrint(Conflict):
    code = "nothing_to_print"


class BatchGone(Conflict):
    """The letters have left already."""

    code = "batch_gone"


@transaction.atomic
def make_batch(*, user: User, organ: Organ, now: datetime) -> LetterBatch:
    """Put the letters to one unit together that wait to be printed, at most fifty.

    :raises NothingToPrint: none waits that the user may print.
    """
    letters = queries.letters_to_print(user).filter(conversation__organ=organ)
    keys = list(letters.select_for_update(of=("self",)).values_list("pk", flat=True)[:LETTERS_A_BATCH])
    if not keys:
        raise NothingToPrint(_("No letter to this unit waits to be printed."))
    batch = LetterBatch.objects.create(organ=organ, made_by=user, made_at=now)
    OrganLetter.objects.filter(pk__in=keys).update(batch=batch)
    record(actor=user.actor, action="surveys.letters_batched", subject=batch, details={"letters": len(keys)}, at=now)
    return batch


def print_batch(*, user: User, public_id: UUID, language: str = "", now: datetime) -> bytes:
    """The letters of a batch that are still open, each on sheets of its own.

    :raises NotFound: outside the user's reach.
    :raises NothingToPrint: every one of them is answered or closed.
    :raises DomainError: the fonts are not ready, or a name cannot be printed.
    """
    batch = queries.batch_seen(user=user, public_id=public_id)
    rows = list(queries.open_letters_of(batch, user=user))
    return letters_pdf(_drawn(rows, user=user, language=language, now=now))


def print_letter(*, user: User, conversation: Conversation, language: str = "", now: datetime) -> bytes:
    """The letter about one case once more, for the unit that mislaid it.

    :raises NothingToPrint: it is answered or closed.
    """
    rows = list(queries.open_letters(user).filter(pk=conversation.pk))
    return letters_pdf(_drawn(rows, user=user, language=language, now=now))


@transaction.atomic
def _drawn(rows: Sequence[Conversation], *, user: User, language: str, now: datetime) -> list[LetterContent]:
    """What is printed is put on record before it is drawn."""
    if not rows:
        raise NothingToPrint(_("Every one of these is answered or closed."))
    codes = offer_codes(rows)
    record_many(
        actor=user.actor,
        acts=[Act("surveys.printed", Case._meta.label, str(row.case_id), {"paper": "letter"}) for row in rows],
        at=now,
    )
    plan = plan_for(wave=rows[0].wave, audience=Audience.ORGAN, centre_id=rows[0].case.centre_id)
    days = plan.closes_after_days
    return [_content(row, code=codes[row.pk], language=language, days=days, now=now) for row in rows]


def _content(row: Conversation, *, code: str, language: str, days: int, now: datetime) -> LetterContent:
    """In the language asked for, else the one in which the unit is written to."""
    spoken = paper_language(wanted=language, of=row)
    with override(spoken):
        return letter_content(conversation=row, code=code, language=spoken, closes_after_days=days, now=now)


@dataclass(frozen=True, slots=True)
class Left:
    """How many letters left, and how many of their cases are open."""

    letters: int
    open: int


@transaction.atomic
def send_batch(*, user: User, public_id: UUID, day: date | None, now: datetime) -> Left:
    """The letters left on this day; the unit's time to answer runs from it.

    :raises NotFound: outside the user's reach.
    :raises BatchGone: somebody has entered the day before.
    :raises InvalidInput: no day, one before they were put together, or one still to come.
    """
    queries.batch_seen(user=user, public_id=public_id)
    batch = (
        LetterBatch.objects.select_for_update(of=("self",))
        .select_related("organ__centre__settings")
        .get(public_id=public_id)
    )
    if batch.sent_on is not None:
        raise BatchGone(_("The day on which these letters left is entered already."))
    centre = batch.organ.centre
    batch.sent_on = required_day(
        day,
        first=batch.made_at.astimezone(zone_of(centre.settings)).date(),
        last=today_at(centre, now),
        field="sent_on",
        missing=_("Enter the day on which the letters left."),
        outside=_("The day lies between the day on which the letters were put together and today."),
    )
    batch.sent_by = user
    batch.save(update_fields=["sent_on", "sent_by"])
    letters = list(batch.letters.select_related("conversation"))
    _start_clocks([letter.conversation for letter in letters], batch=batch, now=now)
    details = {"letters": len(letters), "day": str(batch.sent_on)}
    record(actor=user.actor, action="surveys.letters_sent", subject=batch, details=details, at=now)
    return Left(letters=len(letters), open=sum(letter.conversation.is_open for letter in letters))


def _start_clocks(rows: Sequence[Conversation], *, batch: LetterBatch, now: datetime) -> None:
    if not rows or batch.sent_on is None:
        return
    centre = batch.organ.centre
    zone = zone_of(centre.settings)
    moment = min(datetime.combine(batch.sent_on, time(12), tzinfo=zone), now)
    plan = plan_for(wave=rows[0].wave, audience=Audience.ORGAN, centre_id=centre.pk)
    until = timing.deadlines(
        invited_at=moment, closes_after_days=plan.closes_after_days, late_until_days=plan.late_until_days, zone=zone
    )
    for row in rows:
        if row.sent_out_at is None:
            row.sent_out_at = moment
            row.closes_at, row.late_until = until.closes_at, until.late_until
        if row.is_open:
            row.remind_at = timing.reminder_due(
                invited_at=row.sent_out_at, reminders_sent=row.reminders, contact_days=plan.contact_days, zone=zone
            )
        row.updated_at = now
    Conversation.objects.bulk_update(rows, ["sent_out_at", "closes_at", "late_until", "remind_at", "updated_at"])
    evidence_changed(row.case_id for row in rows)
