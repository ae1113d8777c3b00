"""Follow-up records that still have to be printed and bound before their words may be erased."""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast

from qa_service.accounts.models import User
from qa_service.accounts.queries import within
from qa_service.audit.models import Entry
from surveys.models import Response
from surveys.queries.papers import PRINTING_ROLES


def records_to_bind(user: User) -> QuerySet[Any]:
    """Of the centres where the user prints, those of the oldest cases first; `printed`: its sheet has been printed."""
    printed = Entry.objects.filter(
        action="surveys.printed",
        subject_type="cases.Case",
        subject_id=Cast(OuterRef("conversation__case_id"), CharField()),
        details__paper="record",
        at__gte=OuterRef("finished_at"),
    )
    rows = Response.objects.visible_to(user).to_bind()
    return (
        rows.filter(within(user, "conversation__case__centre__path", *PRINTING_ROLES))
        .annotate(printed=Exists(printed))
        .select_related("conversation__case__centre", "entered_by")
        .order_by("conversation__case__closed_on", "pk")
    )
