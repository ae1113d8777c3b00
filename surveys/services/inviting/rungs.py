"""Down the ladder by itself: a way of asking that failed or ran out of time gives way to the next one open."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from qa_service.audit.actors import Actor
from qa_service.cases.models import Client
from surveys import timing
from surveys.enums import STAFF_CHANNELS, URGENT_REASONS, Channel, ConversationState, StaffReason, Sweep
from surveys.ladder import Person, first_staff_rung, next_rung, rungs_left, staff_rungs
from surveys.models import Conversation
from surveys.models.conversations import HANDED, left_to_bureau
from surveys.queries.persons import ALL_OPEN, closed_to
from surveys.queries.set_aside import is_set_aside
from surveys.services.contact.people import while_under_way, without_text
from surveys.services.contact.setting_aside import alone
from surveys.services.contact.trail import record_asking

SWEEP = 500
ACTOR = Actor.system("surveys.ladder")
# Which way is open is told without reading them; what is encrypted may be damaged.
PLAN_WORDS = ("code_word", "guardian_name", "guardian_phone", "note")
UNASKED = ("name", "phone", *(f"contact_plan__{name}" for name in PLAN_WORDS))


@dataclass(frozen=True, slots=True)
class Fallen:
    """What one sweep did: conversations moved to the next rung, and those whose rung was given more time."""

    moved: int = 0
    kept: int = 0


def hand_over(conversation: Conversation, *, reason: StaffReason, now: datetime) -> None:
    """From text messages to the first rung of staff that the contact plan leaves open. The caller saves `HANDED`.

    What is urgent stays on the telephone list even where no way is open: a person decides what to do.
    """
    conversation.staff_reason = reason
    conversation.urgent = conversation.urgent or reason in URGENT_REASONS
    person = _person(conversation)
    channel = first_staff_rung(person)
    if channel is Channel.NONE and conversation.urgent:
        channel = Channel.TELEPHONE
    stand(conversation, channel, person=person, now=now)


def fall(conversation: Conversation, *, why: str, now: datetime) -> Channel:
    """From a rung that failed to the next one open; without one nobody can be reached. The caller saves `HANDED`."""
    person, failed = _person(conversation), Channel(conversation.channel)
    channel = next_rung(after=failed, person=person)
    stand(conversation, channel, person=person, now=now)
    details = {"from": failed, "to": channel, "why": why}
    record_asking(conversation=conversation, actor=ACTOR, action="surveys.rung_changed", details=details, at=now)
    return channel


def restand(conversation: Conversation, *, now: datetime) -> None:
    """To the first rung that is open where the contact plan has closed the present one since. The caller saves."""
    person = _person(conversation)
    if Channel(conversation.channel) in STAFF_CHANNELS and Channel(conversation.channel) not in staff_rungs(person):
        channel = first_staff_rung(person)
        if channel is not Channel.NONE:
            stand(conversation, channel, person=person, now=now)


def lapse(*, limit: int = SWEEP, now: datetime) -> Fallen:
    """Move those whose rung has had its time. Idempotent, and safe to run twice at once."""
    asked = Conversation.objects.open().filter(~left_to_bureau(), lapses_at__lte=now)
    free = asked.filter(~is_set_aside(Sweep.LAPSE, now=now))
    moved = kept = 0
    for key, case in list(free.order_by("lapses_at", "pk").values_list("pk", "case")[:limit]):
        fell = alone(partial(_lapse_one, key, now=now), sweep=Sweep.LAPSE, row=key, case_id=case, now=now)
        moved += fell is True
        kept += fell is False
    return Fallen(moved=moved, kept=kept)


@transaction.atomic
def _lapse_one(conversation_id: int, *, now: datetime) -> bool:
    row = Conversation.objects.select_for_update(of=("self",)).select_related("case").get(pk=conversation_id)
    if not row.is_open or row.lapses_at is None or row.lapses_at > now:
        return False  # another sweep was faster, or it was answered
    longer = _more_time(row, now=now)
    if row.urgent or longer or next_rung(after=Channel(row.channel), person=_person(row)) is Channel.NONE:
        row.lapses_at = longer
        row.save(update_fields=["lapses_at"])
        return False
    fall(row, why="lapsed", now=now)
    row.updated_at = now
    row.save(update_fields=[*HANDED, "updated_at"])
    return True


def _more_time(row: Conversation, *, now: datetime) -> datetime | None:
    """A promised contact is kept and a colleague at work is not interrupted."""
    return max((moment for moment in (row.call_back_at, row.held_until) if moment and moment > now), default=None)


def stand(conversation: Conversation, channel: Channel, *, person: Person | None = None, now: datetime) -> None:
    """On this rung from now, with its share of the time. The caller saves `HANDED`."""
    person = person or _person(conversation)
    left = rungs_left(on=channel, person=person)
    conversation.stand_on(
        channel, lapses_at=timing.rung_lapses_at(since=now, closes_at=conversation.closes_at, rungs_left=left)
    )
    if channel is Channel.NONE and conversation.is_open:
        conversation.state = ConversationState.UNREACHABLE


def _person(conversation: Conversation) -> Person:
    if conversation.recipient_id is None:  # an organ is asked in writing
        return Person(sms_allowed=False, phone_allowed=False, visit_allowed=False)
    client = Client.objects.select_related("contact_plan").defer(*UNASKED).get(pk=conversation.recipient_id)
    # What is urgent a person decides, who is told by whoever is in danger themselves.
    elsewhere = ALL_OPEN if conversation.urgent else closed_to(client)
    person = without_text(client, elsewhere=elsewhere)
    return while_under_way(person, client=client, conversation=conversation)
