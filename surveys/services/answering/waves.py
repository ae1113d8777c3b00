"""The passing of days: reminding, handing silence to the staff, closing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import partial
from zoneinfo import ZoneInfo

from cryptography.fernet import InvalidToken
from django.db import IntegrityError, transaction

from qa_service.audit.actors import Actor
from qa_service.audit.services import Act, record, record_many
from qa_service.cases.models import Client
from qa_service.common.tokens import digest
from qa_service.organisations.queries import calendar
from surveys import texts, timing
from surveys.enums import (
    OPEN_STATES,
    Audience,
    Channel,
    ConversationState,
    MessageKind,
    MessageState,
    StaffReason,
    Sweep,
)
from surveys.models import Conversation, Message, Response
from surveys.models.conversations import HANDED, ConversationQuerySet
from surveys.queries.due import plan_of
from surveys.queries.owed import owed_a_call
from surveys.queries.set_aside import is_set_aside
from surveys.services.answering.answers import RESPONDENT, act_on_answers
from surveys.services.contact.people import reach_of
from surveys.services.contact.setting_aside import alone, together
from surveys.services.inviting.rungs import hand_over
from surveys.services.outgoing.gateways import gateway_in_use
from surveys.services.outgoing.outbox import enqueue
from surveys.services.outgoing.own_texts import own_texts
from surveys.sms.base import Gateway

SWEEP = 500
NOT_LEFT = (MessageState.QUEUED, MessageState.SENDING, MessageState.UNKNOWN)
CLOCK = Actor.system("surveys.clock")
_LINK = re.compile(r"https?://\S+/s/\w+")
_CODE = re.compile(r"[2-9A-HJ-NP-Z]{8}")


@dataclass(frozen=True, slots=True)
class Reminded:
    """`put_off`: the text before has not left, or left too late for another one now."""

    by_text: int = 0
    handed_over: int = 0
    put_off: int = 0


def remind(*, limit: int = SWEEP, now: datetime) -> Reminded:
    """Send the next reminder to those who were silent; after the last, a person telephones."""
    gateway = gateway_in_use()
    free = Conversation.objects.with_clients().open().filter(~is_set_aside(Sweep.REMIND, now=now), remind_at__lte=now)
    done = dict.fromkeys(Step, 0)
    for key, case in list(free.order_by("remind_at", "pk").values_list("pk", "case")[:limit]):
        one = partial(_remind_or_hand_over, key, gateway, now=now)
        try:
            step = alone(one, sweep=Sweep.REMIND, row=key, case_id=case, now=now)
        except IntegrityError:  # another sweep was faster
            continue
        done[step or Step.NONE] += 1
    return Reminded(by_text=done[Step.TEXT], handed_over=done[Step.STAFF], put_off=done[Step.LATER])


class Step(Enum):
    """What one look at a silent client came to."""

    TEXT = auto()
    STAFF = auto()
    LATER = auto()
    # Answered, stopped or reminded by another sweep since they were looked for.
    NONE = auto()


def _remind_or_hand_over(conversation_id: int, gateway: Gateway | None, *, now: datetime) -> Step:
    """Where the text before cannot be read, a person telephones; where the client cannot be either, nobody can."""
    try:
        return _remind_one(conversation_id, gateway, now=now)
    except InvalidToken:
        return _hand_over_unread(conversation_id, now=now)


@transaction.atomic
def _hand_over_unread(conversation_id: int, *, now: datetime) -> Step:
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation_id)
    if conversation.recipient_id is not None:
        Client.objects.select_related("contact_plan").get(pk=conversation.recipient_id)
    return _hand_over(conversation, reason=StaffReason.UNREADABLE, now=now)


@transaction.atomic
def _remind_one(conversation_id: int, gateway: Gateway | None, *, now: datetime) -> Step:
    conversation = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("case__centre__settings", "recipient__contact_plan", "mid_case_plan")
        .get(pk=conversation_id)
    )
    if not conversation.is_open or conversation.remind_at is None or conversation.remind_at > now:
        return Step.NONE
    centre_settings = conversation.case.centre.settings
    plan = plan_of(conversation)
    zone = ZoneInfo(centre_settings.time_zone)
    first = conversation.messages.filter(kind=MessageKind.INVITATION).order_by("pk").first()
    step = conversation.reminders + 1
    later = _too_soon(conversation, contact_days=plan.contact_days, zone=zone, now=now)
    if gateway is not None and later is not None:
        conversation.remind_at, conversation.updated_at = later, now
        conversation.save(update_fields=["remind_at", "updated_at"])
        return Step.LATER
    if gateway is None or first is None or step >= len(plan.contact_days) or conversation.recipient is None:
        return _hand_over(conversation, now=now)
    reach = reach_of(client=conversation.recipient, settings=centre_settings, gateway=gateway, now=now)
    enqueue(
        conversation=conversation,
        kind=MessageKind.REMINDER,
        step=step,
        phone=first.phone,
        body=_body(conversation, first, gateway, office_phone=centre_settings.office_phone),
        gateway=gateway.name,
        not_before=timing.next_permitted(now, hours=reach.hours, calendar=calendar()) or now,
        careful=first.careful,
        now=now,
    )
    conversation.reminders = step
    conversation.remind_at = timing.reminder_due(
        invited_at=conversation.invited_at, reminders_sent=step, contact_days=plan.contact_days, zone=zone
    ) or timing.hand_over_due(invited_at=conversation.invited_at, contact_days=plan.contact_days, zone=zone)
    conversation.updated_at = now
    conversation.save(update_fields=["reminders", "remind_at", "updated_at"])
    record(actor=CLOCK, action="surveys.reminded", subject=conversation, details={"step": step}, at=now)
    return Step.TEXT


def _too_soon(
    conversation: Conversation, *, contact_days: Sequence[int], zone: ZoneInfo, now: datetime
) -> datetime | None:
    """When to look again where the last text still waits (holidays, a provider that is away) or left a short while ago.

    Otherwise all three would leave in one minute of the first day after the holidays.
    """
    asking = conversation.messages.filter(kind__in=[MessageKind.INVITATION, MessageKind.REMINDER])
    last = asking.order_by("step", "pk").last()
    if last is None:
        return None
    if last.state in NOT_LEFT:
        return timing.next_day(now, zone=zone)
    earliest = timing.earliest_next_text(
        last_sent_at=last.sent_at or last.not_before,
        reminders_sent=conversation.reminders,
        contact_days=contact_days,
        zone=zone,
    )
    return earliest if earliest > now else None


def _body(conversation: Conversation, first: Message, gateway: Gateway, *, office_phone: str) -> str:
    """The reminder repeats the invitation's own link or code: only their digests are kept elsewhere."""
    link = _LINK.search(first.body)
    # A telephone number of the office may look like a code.
    codes = [found for found in _CODE.findall(first.body) if digest(found) == conversation.code_digest]
    return texts.compose(
        kind=MessageKind.REMINDER,
        channel=Channel(conversation.channel),
        language=conversation.language,
        link=link.group() if link else "",
        code=codes[0] if codes else "",
        phone=office_phone,
        own=own_texts(conversation, gateway, first.phone),
    )


def _hand_over(conversation: Conversation, *, reason: StaffReason = StaffReason.SILENT, now: datetime) -> Step:
    """Who wrote something that was not understood, and was asked once more, is not silent: they are owed a person."""
    if reason is StaffReason.SILENT and conversation.clarified:
        reason = StaffReason.UNCLEAR
    hand_over(conversation, reason=reason, now=now)
    conversation.updated_at = now
    conversation.save(update_fields=[*HANDED, "updated_at"])
    return Step.STAFF


def expire(*, limit: int = SWEEP, now: datetime) -> int:
    """Close what ran out: forms that clients began count with what they hold, the others end without an answer.

    What an organ saved and did not send is no opinion of the unit yet. An answer that comes later is still taken until
    `late_until`, and stamped late. Whoever was promised a call, or wrote what a person has to answer, stays on the
    list of staff until an outcome is recorded.
    """
    over = _over(now=now).filter(~is_set_aside(Sweep.EXPIRE, now=now)).order_by("closes_at", "pk")
    cases = dict(over.values_list("pk", "case")[:limit])
    closed, _aside = together(partial(_close, now=now), cases, sweep=Sweep.EXPIRE, now=now)
    return closed or 0


def _over(*, now: datetime) -> ConversationQuerySet:
    return Conversation.objects.filter(~owed_a_call(), closes_at__lte=now, state__in=OPEN_STATES)


@transaction.atomic
def _close(keys: Sequence[int], *, now: datetime) -> int:
    conversations = list(_over(now=now).filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk"))
    by_clients = [conversation for conversation in conversations if conversation.audience == Audience.CLIENT]
    begun = Response.objects.filter(conversation__in=by_clients, finished_at=None, answers__isnull=False).distinct()
    partial = {response.conversation_id: response for response in begun}
    rated = set(
        Response.objects.filter(conversation__in=conversations, finished_at__isnull=False).values_list(
            "conversation_id", flat=True
        )
    )
    for conversation in conversations:
        answered = conversation.pk in partial or conversation.pk in rated
        conversation.state = ConversationState.FINISHED if answered else ConversationState.EXPIRED
        conversation.finished_at = now if answered else None
        conversation.remind_at = None
        conversation.updated_at = now
    Conversation.objects.bulk_update(conversations, ["state", "finished_at", "remind_at", "updated_at"], batch_size=100)
    Response.objects.filter(pk__in=[response.pk for response in partial.values()]).update(
        finished_at=now, updated_at=now
    )
    for conversation in conversations:
        if conversation.pk in partial:
            values = _values(partial[conversation.pk])
            act_on_answers(conversation=conversation, values=values, actor=RESPONDENT, now=now)
    record_many(actor=CLOCK, acts=[_act("surveys.expired", row) for row in conversations], at=now)
    return len(conversations)


def _act(action: str, conversation: Conversation) -> Act:
    """Beside the conversation, not the case: whoever handled the case reads its record."""
    return Act(action, subject_type=Conversation._meta.label, subject_id=str(conversation.pk))


def _values(response: Response) -> dict[str, str]:
    """The values chosen, by question."""
    return dict(response.answers.filter(choice__isnull=False).values_list("question__code", "choice__value"))
