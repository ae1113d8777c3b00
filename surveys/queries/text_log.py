"""The log of texts in plain words: each invitation and reminder, how it stands and what that means.

Neither words nor numbers stand in it, and no answer to what a client wrote: that there is one would tell of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from surveys.enums import Direction, MessageKind, MessageState, Refusal
from surveys.limits import Limit
from surveys.models import Conversation, Message
from surveys.queries.sending import WHY
from surveys.sms.reasons import REASONS

LOG_ROLES = (Role.MANAGER, Role.SUPERVISOR, Role.FOLLOW_UP)
ASKING = (MessageKind.INVITATION, MessageKind.REMINDER)
MEANS = {
    MessageState.QUEUED: _("It has not left yet."),
    MessageState.SENDING: _("It is being handed to the text service at this moment."),
    MessageState.ACCEPTED: _("The text service has taken it and has not said yet what became of it."),
    MessageState.SENT: _("The carrier has taken it. Whether it arrived is not reported yet; some carriers never do."),
    MessageState.DELIVERED: _("It arrived on the telephone. Nobody knows whether it was read."),
    MessageState.UNDELIVERED: _("It did not arrive. The follow-up goes on by another way."),
    MessageState.FAILED: _("It was refused and has not left. The follow-up goes on by another way."),
    MessageState.SUPPRESSED: _("When its turn came, it was no longer to be sent."),
    MessageState.UNKNOWN: _(
        "The text service did not answer, so it may have left or not. Its own list is looked at; the text is sent "
        "again only when it is certain that the first did not leave."
    ),
    MessageState.NEEDS_HUMAN: _(
        "Not even the text service's own list tells whether it left. It is not sent again; staff telephone instead."
    ),
}
# What people look for, and the states it stands for.
GROUPS = {
    "waiting": (MessageState.QUEUED, MessageState.SENDING),
    "under-way": (MessageState.ACCEPTED, MessageState.SENT),
    "arrived": (MessageState.DELIVERED,),
    "not-arrived": (MessageState.UNDELIVERED, MessageState.FAILED, MessageState.SUPPRESSED),
    "unclear": (MessageState.UNKNOWN, MessageState.NEEDS_HUMAN),
}


@dataclass(frozen=True, slots=True)
class LoggedText:
    """One text. `why` is empty where nothing went wrong, or where the provider's code says nothing to a person."""

    public_id: UUID
    at: datetime
    centre: str
    case_number: str
    case_id: UUID
    kind: str
    step: int
    state: str
    state_label: str
    means: str
    why: str
    code: str
    parts: int
    tries: int


def texts_seen(user: User) -> QuerySet[Message]:
    """Texts about cases of one's centres, the newest first; none about cases that the reader or their firm handled."""
    rows = Message.objects.filter(
        within(user, "conversation__case__centre__path", *LOG_ROLES), direction=Direction.OUT, kind__in=ASKING
    ).exclude(own_work(user, lawyer="conversation__case__lawyer", firm="conversation__case__firm"))
    return rows.select_related("conversation__case__centre").order_by("-pk")


def in_group(rows: QuerySet[Message], group: str) -> QuerySet[Message]:
    """:param group: one of `GROUPS`."""
    return rows.filter(state__in=GROUPS[group])


def about_case(rows: QuerySet[Message], number: str) -> QuerySet[Message]:
    """:param number: the whole number of the case."""
    return rows.filter(conversation__case__number=number)


def logged(rows: Iterable[Message]) -> list[LoggedText]:
    return [_told(row) for row in rows]


def _told(row: Message) -> LoggedText:
    case = cast("Conversation", row.conversation).case  # `texts_seen` finds none without
    state = MessageState(row.state)
    return LoggedText(
        public_id=row.public_id,
        at=row.handed_at or row.created_at,
        centre=str(case.centre),
        case_number=case.number,
        case_id=case.public_id,
        kind=str(row.get_kind_display()),
        step=row.step,
        state=state.value,
        state_label=str(row.get_state_display()),
        means=str(MEANS[state]),
        why=_why(row.error_code) if state not in GROUPS["arrived"] else "",
        code=row.error_code,
        parts=row.segments,
        tries=row.tries,
    )


def _why(code: str) -> str:
    if code in list(Limit):
        return str(WHY[Limit(code)])
    if code in Refusal:
        return str(Refusal(code).label)
    return str(REASONS.get(code, ""))
