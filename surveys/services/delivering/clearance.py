"""The last look before a text leaves: is it still wanted, still allowed, and at this hour?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from qa_service.cases.models import Client
from qa_service.cases.queries import taken_off_among
from qa_service.common.workdays import Calendar
from qa_service.organisations.queries import calendar
from surveys import timing
from surveys.conversation import ASKING_ONCE_MORE
from surveys.enums import MessageKind, Refusal, StaffReason
from surveys.models import Conversation, Message
from surveys.queries.in_danger import InDanger, in_danger_among
from surveys.queries.persons import Elsewhere, closed_elsewhere
from surveys.services.contact.opt_outs import opted_out_among
from surveys.services.contact.people import Reach, reach_with, while_under_way
from surveys.services.delivering.apart import not_before
from surveys.services.delivering.outcomes import ASKING
from surveys.sms.base import Gateway

REPLY_STALE_AFTER = timedelta(hours=1)
LONGEST_VALIDITY_SECONDS = 36_000
# When it is looked at once more whether a telephone is one that somebody dangerous may read.
DANGER_AGAIN = timedelta(minutes=30)
# A sweep reads within seconds what a form told; an answer held for much longer might leave at night.
FORM_READ_IN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Clearance:
    """Send now (`valid_for` seconds), hold until a moment, or refuse; then perhaps a person asks instead."""

    valid_for: int = 0
    hold_until: datetime | None = None
    # Held because the person was asked about another matter: the conversation begins anew then.
    begins_later: bool = False
    refusal: Refusal | None = None
    ask_staff: bool = False
    # Why a person asks instead, where one does.
    staff_reason: StaffReason = StaffReason.NO_TEXT_ALLOWED


@dataclass(frozen=True, slots=True)
class Frame:
    """What is looked up once for all texts of one group, at the moment they are about to leave."""

    gateway: Gateway
    calendar: Calendar
    # Number and centre, None for every centre: our own list, see `opt_outs`.
    opted_out: frozenset[tuple[str, int | None]]
    # What other centres closed to the same people.
    elsewhere: Elsewhere
    # Case and client of those who were taken off a case since.
    taken_off: frozenset[tuple[int, int]]
    # Until when a conversation waits because its person was asked in another, see `apart`.
    not_before: Mapping[int, datetime]
    danger: InDanger
    now: datetime

    def is_opted_out(self, phone_index: str, *, centre_id: int) -> bool:
        return not self.opted_out.isdisjoint({(phone_index, None), (phone_index, centre_id)})


def frame_for(messages: Sequence[Message], *, gateway: Gateway, now: datetime) -> Frame:
    return Frame(
        gateway=gateway,
        calendar=calendar(),
        opted_out=opted_out_among({message.phone_index for message in messages}),
        elsewhere=closed_elsewhere({message.phone_index for message in messages}),
        taken_off=taken_off_among(message.conversation.case_id for message in messages if message.conversation),
        not_before=not_before(messages, now=now),
        danger=in_danger_among([message.conversation for message in messages if message.conversation], now=now),
        now=now,
    )


def clearance_of(*, message: Message, frame: Frame) -> Clearance:
    """:raises CalendarYearMissing: whether texts may be sent today is not known."""
    conversation = message.conversation
    gateway, now = frame.gateway, frame.now
    if conversation is None or conversation.recipient is None:
        return Clearance(refusal=Refusal.NOBODY)
    if endangers := _in_danger(conversation, frame):
        return endangers
    if message.gateway != gateway.name:
        if message.kind not in ASKING:
            return _unanswered(message, Refusal.GATEWAY_CHANGED)
        return Clearance(refusal=Refusal.GATEWAY_CHANGED, ask_staff=True, staff_reason=StaffReason.PROVIDER_AWAY)
    settings = conversation.case.centre.settings
    reach = reach_with(
        client=conversation.recipient,
        settings=settings,
        gateway=gateway,
        # Of the number the text goes to: where the person has another by now, an asking text is refused for that.
        opted_out=frame.is_opted_out(message.phone_index, centre_id=settings.centre_id),
        elsewhere=frame.elsewhere.of(conversation.recipient),
        now=now,
    )
    if conversation.mid_case_plan_id is not None:
        reach = replace(
            reach, person=while_under_way(reach.person, client=conversation.recipient, conversation=conversation)
        )
    if message.kind in ASKING:
        return _to_ask(message=message, conversation=conversation, reach=reach, frame=frame)
    return _to_reply(message=message, client=conversation.recipient, reach=reach, frame=frame)


def _in_danger(conversation: Conversation, frame: Frame) -> Clearance | None:
    """Who is in danger may not be alone with this telephone, however we heard of it and whatever the text is about."""
    if frame.danger.is_told_in(conversation):
        return Clearance(refusal=Refusal.IN_DANGER)
    if frame.danger.is_near(conversation):
        return Clearance(hold_until=frame.now + DANGER_AGAIN)
    return Clearance(hold_until=frame.now + FORM_READ_IN) if frame.danger.may_be_near(conversation) else None


def _to_ask(*, message: Message, conversation: Conversation, reach: Reach, frame: Frame) -> Clearance:
    now = frame.now
    refused = _refusal(message=message, conversation=conversation, reach=reach, frame=frame)
    if refused is not None:
        return refused
    if message.kind == MessageKind.INVITATION and conversation.pk in frame.not_before:
        return Clearance(hold_until=frame.not_before[conversation.pk], begins_later=True)
    if not frame.gateway.capabilities_for(message.phone).reaches_people:
        return Clearance(valid_for=LONGEST_VALIDITY_SECONDS)
    leaves = timing.departure(now, hours=reach.hours, calendar=frame.calendar)
    if leaves is None:
        return Clearance(refusal=Refusal.NO_HOURS, ask_staff=True)
    return Clearance(valid_for=leaves.valid_for, hold_until=leaves.hold_until)


def _refusal(*, message: Message, conversation: Conversation, reach: Reach, frame: Frame) -> Clearance | None:
    taken_off = (conversation.case_id, conversation.recipient_id) in frame.taken_off
    # A question about how it goes is late once the case has closed.
    overtaken = conversation.mid_case_plan_id is not None and conversation.case.closed_on is not None
    if taken_off or overtaken or not conversation.is_open:
        return Clearance(refusal=Refusal.NO_CLIENT if taken_off else Refusal.OVER)
    if conversation.recipient is None or conversation.recipient.phone_index != message.phone_index:
        return Clearance(refusal=Refusal.NUMBER_CHANGED, ask_staff=True, staff_reason=StaffReason.NUMBER_CHANGED)
    if reach.person.opted_out:
        return Clearance(refusal=Refusal.OPTED_OUT)
    for reached, refusal, why in (
        (reach.person.sms_allowed, Refusal.NOT_ALLOWED, StaffReason.NO_TEXT_ALLOWED),
        (reach.person.number_reachable, Refusal.NOT_ALLOWED, StaffReason.NUMBER_REFUSED),
        (reach.person.country_texted, Refusal.COUNTRY, StaffReason.COUNTRY),
        (reach.person.confirmed, Refusal.PLAN_EXPIRED, StaffReason.PLAN_EXPIRED),
    ):
        if not reached:
            return Clearance(refusal=refusal, ask_staff=True, staff_reason=why)
    return None


def _to_reply(*, message: Message, client: Client, reach: Reach, frame: Frame) -> Clearance:
    """An answer to what was just sent goes at any hour of the centre's, since who wrote is awake, but not much later,
    and only where this person may be texted now, in the hours safe for them. After a stop only its confirmation.
    """
    now = frame.now
    if now - message.created_at > REPLY_STALE_AFTER:
        return _unanswered(message, Refusal.STALE)
    if reach.person.opted_out and message.kind != MessageKind.STOPPED:
        return Clearance(refusal=Refusal.OPTED_OUT)
    if client.phone_index != message.phone_index or not reach.person.takes_texts:
        return _unanswered(message, Refusal.ANSWER_NOT_ALLOWED)
    most = int(REPLY_STALE_AFTER.total_seconds())
    if not frame.gateway.capabilities_for(message.phone).reaches_people:
        return Clearance(valid_for=most)
    left = timing.safe_seconds(now, hours=reach.hours)
    return Clearance(valid_for=min(most, left)) if left else _unanswered(message, Refusal.ANSWER_UNSAFE)


def _unanswered(message: Message, refusal: Refusal) -> Clearance:
    """Whose words were not understood is asked by a person, where they are not asked once more by text."""
    unread = message.kind in ASKING_ONCE_MORE
    return Clearance(refusal=refusal, ask_staff=unread, staff_reason=StaffReason.UNCLEAR)
