"""One follow-up a person in 30 days, looked at once more at the moment of sending.

Planning keeps it; but a number may have been corrected since, so that two people turn out to share a telephone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from qa_service.audit.actors import Actor
from surveys import recovery, timing
from surveys.enums import ConversationState, MessageKind
from surveys.models import Conversation, Message
from surveys.queries.due import APART, plan_of
from surveys.queries.persons import GUARDIAN_RUNG, with_people
from surveys.services.contact.trail import record_asking
from surveys.services.outgoing.claims import put_back

ACTOR = Actor.system("surveys.apart")


def not_before(messages: Sequence[Message], *, now: datetime) -> Mapping[int, datetime]:
    """Until when an invitation has to wait because its person was asked in another conversation, by conversation.

    Of two that meet the one begun first goes; asking again about a matter belongs to the follow-up that raised it. One
    query for all.
    """
    begun = [message.conversation for message in messages if message.kind == MessageKind.INVITATION]
    asking = {row.pk: row for row in begun if row is not None and not recovery.is_second(row.wave)}
    if not asking:
        return {}
    numbers = {number for row in asking.values() for number in _numbers(row)}
    theirs = with_people([row.recipient_id for row in asking.values()], numbers)
    others = Conversation.objects.begun_since(now - APART).filter(theirs)
    begun_with: dict[int | str | None, list[tuple[datetime, int]]] = defaultdict(list)
    known_by = "recipient_id", "phone_index", GUARDIAN_RUNG
    for pk, invited_at, *whom in others.values_list("pk", "invited_at", *known_by):
        for known in whom:
            begun_with[known].append((invited_at, pk))
    return {pk: max(met) + APART for pk, row in asking.items() if (met := list(_met_before(row, begun_with)))}


def _numbers(row: Conversation) -> frozenset[str]:
    return (row.recipient.numbers if row.recipient else frozenset()) | {row.phone_index} - {""}


def _met_before(
    row: Conversation, begun_with: Mapping[int | str | None, Sequence[tuple[datetime, int]]]
) -> Iterable[datetime]:
    """`begun_with`: when and in which conversations a person or a number was asked."""
    for known in (row.recipient_id, *_numbers(row)):
        for invited_at, pk in begun_with.get(known, ()):
            if (invited_at, pk) < (row.invited_at, row.pk):
                yield invited_at


@transaction.atomic
def postpone(message: Message, *, until: datetime, now: datetime) -> None:
    """Begin the conversation later: its text waits, and every day that was counted is counted from then.

    While the case runs there may be no later: such a follow-up is given up, and its text goes nowhere.
    """
    put_back(message, not_before=until)
    row = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("case__centre__settings")
        .get(messages=message)
    )
    if not row.is_open:
        return  # answered since the text was looked at
    if row.mid_case_plan_id is not None:
        row.state, row.remind_at, row.updated_at = ConversationState.WITHDRAWN, None, now
        row.save(update_fields=["state", "remind_at", "updated_at"])
        record_asking(conversation=row, actor=ACTOR, action="surveys.withdrawn", details={"why": "asked"}, at=now)
        return
    plan = plan_of(row)
    zone = ZoneInfo(row.case.centre.settings.time_zone)
    days = timing.deadlines(
        invited_at=until, closes_after_days=plan.closes_after_days, late_until_days=plan.late_until_days, zone=zone
    )
    row.invited_at, row.closes_at, row.late_until, row.updated_at = until, days.closes_at, days.late_until, now
    row.remind_at = timing.reminder_due(invited_at=until, reminders_sent=0, contact_days=plan.contact_days, zone=zone)
    row.save(update_fields=["invited_at", "closes_at", "late_until", "remind_at", "updated_at"])
    details = {"until": until.isoformat()}
    record_asking(conversation=row, actor=ACTOR, action="surveys.postponed", details=details, at=now)
