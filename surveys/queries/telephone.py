"""Whom the staff have to reach."""

import uuid
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.common.errors import NotFound
from surveys.models import Conversation


def telephone_list(*, user: User, now: datetime) -> QuerySet[Conversation]:  # noqa: ARG001 - every list takes the clock
    """Open conversations for staff that the user may see: urgent first, then by promised time, then by age."""
    return (
        Conversation.objects.visible_to(user)
        .for_staff()
        .select_related("case__centre", "case__station", "recipient__contact_plan", "held_by")
        .order_by("-urgent", F("call_back_at").asc(nulls_last=True), "invited_at", "pk")
    )


def telephone_conversation(*, user: User, public_id: uuid.UUID | str) -> Conversation:
    """One conversation of the user's scope, whatever its state.

    :raises NotFound: outside the scope, or none.
    """
    found = (
        Conversation.objects.visible_to(user)
        .select_related(
            "case__centre__settings", "case__station", "recipient__contact_plan", "questionnaire", "held_by", "response"
        )
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such conversation."))
    return found
