"""What a provider reports of a text: in any order, any number of times, sometimes before its own reply to us."""

from datetime import datetime

from django.db import transaction

from surveys.enums import MessageState, OptOutSource
from surveys.models import Message, MessageEvent
from surveys.models.messages import LONGEST_CODE
from surveys.services.contact.opt_outs import opt_out
from surveys.services.delivering.outcomes import fall_to_staff, reason_of
from surveys.sms import CODES
from surveys.sms.base import Verdict
from surveys.sms.statuses import FINAL_RANK, RANKS, REFUSED_STATES, STATES

# All that a report needs of its text: neither the number nor the words are read, which are encrypted.
ASKED = ("gateway", "sid", "kind", "conversation", "phone_index", "state", "rank", "sent_at")


@transaction.atomic
def record_status(
    *, gateway: str, sid: str, status: str, error_code: str = "", reference: str = "", now: datetime
) -> bool:
    """Apply one report; False when it was known already or told nothing new.

    `reference` is ours, already found genuine: it lets a report adopt a text whose number we never learnt.
    """
    message = _message(gateway=gateway, sid=sid, reference=reference)
    rank = RANKS.get(status, 0)
    event = MessageEvent(
        message=message,
        gateway=gateway,
        sid=sid,
        status=status[:30],
        error_code=error_code[:LONGEST_CODE],
        at=now,
        contradicts=_contradicts(message, status, rank),
    )
    MessageEvent.objects.bulk_create([event], ignore_conflicts=True)
    if message is None or rank <= message.rank or event.contradicts:
        return False
    state = STATES[status]
    changed = Message.objects.filter(pk=message.pk, rank__lt=rank).update(
        state=state,
        rank=rank,
        sid=sid,
        sent_at=message.sent_at or now,
        settled_at=now if rank >= FINAL_RANK else None,
        lease_until=None,
        error_code=error_code[:LONGEST_CODE],
    )
    if changed and state in REFUSED_STATES:
        act_on_refusal(message=message, error_code=error_code, now=now)
    return bool(changed)


def _message(*, gateway: str, sid: str, reference: str) -> Message | None:
    """By our reference where one came, else by the provider's number; locked until the report is applied."""
    messages = Message.objects.select_for_update().filter(gateway=gateway).only(*ASKED)
    found = messages.filter(reference=reference).first() if reference else messages.filter(sid=sid).first()
    # One reference, one text: a report about another number is not about this row.
    if found is not None and found.sid not in (None, sid):
        return None
    return found


def _contradicts(message: Message | None, status: str, rank: int) -> bool:
    return (
        message is not None
        and message.rank >= FINAL_RANK
        and rank >= FINAL_RANK
        and STATES.get(status) != MessageState(message.state)
    )


def act_on_refusal(*, message: Message, error_code: str, now: datetime) -> None:
    """A text that was taken and then not delivered: the number is not texted again, or a person asks instead."""
    verdict = CODES.get(message.gateway, {}).get(error_code)
    if verdict is Verdict.SUPPRESS:
        opt_out(phone_index=message.phone_index, source=OptOutSource.PROVIDER, now=now)
    else:
        fall_to_staff(message=message, reason=reason_of(verdict), now=now)
