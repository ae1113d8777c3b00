"""Letters to organs on paper: what waits to be printed, what is printed and has not left."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.common.errors import NotFound
from surveys.enums import OPEN_STATES, LetterWay
from surveys.models import Conversation, LetterBatch, Organ, OrganLetter


@dataclass(frozen=True, slots=True)
class Stack:
    """Letters to one unit that wait to be printed, how many of them reminders."""

    organ: Organ
    letters: int
    reminders: int


def letters_to_print(user: User) -> QuerySet[OrganLetter]:
    """About open cases that the user may see, the oldest first."""
    seen = Conversation.objects.visible_to(user).with_organs().open()
    waiting = OrganLetter.objects.filter(way=LetterWay.PAPER, batch=None, conversation__in=seen)
    return waiting.order_by("written_at", "pk")


def stacks_to_print(user: User) -> list[Stack]:
    """By unit; two queries."""
    rows = list(
        letters_to_print(user)
        .order_by()
        .values_list("conversation__organ")
        .annotate(letters=Count("pk"), reminders=Count("pk", filter=Q(step__gt=0)))
        .order_by("conversation__organ__name", "conversation__organ")
    )
    organs = Organ.objects.select_related("centre").in_bulk([key for key, *_counts in rows])
    return [Stack(organs[key], letters, reminders) for key, letters, reminders in rows]


def batches_to_send(user: User) -> QuerySet[LetterBatch]:
    """Put together and not gone, with how many letters each holds and how many are open."""
    return _counted(user).filter(sent_on=None).order_by("made_at", "pk")


def batch_counted(*, user: User, public_id: UUID) -> LetterBatch:
    """:raises NotFound: there is none within the user's reach."""
    found = _counted(user).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("There are no such letters."))
    return found


def _counted(user: User) -> QuerySet[LetterBatch]:
    still_open = Count("letters", filter=Q(letters__conversation__state__in=OPEN_STATES))
    found = LetterBatch.objects.visible_to(user).select_related("organ__centre", "made_by")
    return found.annotate(count=Count("letters"), open=still_open)


def batch_seen(*, user: User, public_id: UUID) -> LetterBatch:
    """:raises NotFound: there is none within the user's reach."""
    batches = LetterBatch.objects.visible_to(user).select_related("organ__centre__settings", "made_by", "sent_by")
    found = batches.filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("There are no such letters."))
    return found


def open_letters(user: User) -> QuerySet[Conversation]:
    """Cases about which a letter can be printed: open, and not the user's own."""
    seen = Conversation.objects.visible_to(user).with_organs().open()
    return seen.select_related(
        "case__centre__settings", "case__lawyer", "case__firm", "organ", "questionnaire"
    ).order_by("case__number", "pk")


def open_letters_of(batch: LetterBatch, *, user: User) -> QuerySet[Conversation]:
    return open_letters(user).filter(letters__batch=batch).distinct()
