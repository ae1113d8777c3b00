"""The register of requests as those who answer them see it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa_service.accounts.models import User
from qa_service.common.errors import NotFound
from qa_service.common.waiting import Waiting
from qa_service.privacy.enums import Stay
from qa_service.privacy.models import HANDLERS, PersonRequest
from qa_service.privacy.queries.erased import title_of


class RequestUnknown(NotFound):
    code = "request_unknown"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of what became of an erasure. `why` is empty for what went."""

    title: str
    rows: int
    why: str
    until: date | None


def requests_seen_by(user: User, *, state: str = "") -> QuerySet[Any]:
    """Open ones unless said otherwise, the nearest day first; those without a day come first of all."""
    rows = PersonRequest.objects.visible_to(user).select_related("centre__settings", "client")
    if state != "all":
        rows = rows.open()
    return rows.order_by(F("due_on").asc(nulls_first=True) if state != "all" else F("received_on").desc(), "-pk")


def request_of(user: User, public_id: UUID) -> PersonRequest:
    """:raises RequestUnknown: none, or not this person's to see."""
    rows = PersonRequest.objects.visible_to(user).select_related(
        "centre__settings", "client__centre__settings", "client__contact_plan", "registered_by", "decided_by"
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise RequestUnknown(_("There is no such request."))
    return found


def outcome_told(request: PersonRequest) -> list[Told]:
    """What went and what stays, in words."""
    return [
        Told(
            title=title_of(line["rule"]),
            rows=line["rows"],
            why=str(Stay(line["why"]).label) if line["why"] else "",
            until=date.fromisoformat(line["until"]) if line["until"] else None,
        )
        for line in request.outcome
    ]


def waiting_for(user: User, now: datetime) -> list[Waiting]:
    """The room's block on a person's home."""
    if not user.has_role(*HANDLERS):
        return []
    days = list(PersonRequest.objects.visible_to(user).open().values_list("due_on", "centre__settings__time_zone"))
    late = sum(1 for day, zone in days if day is not None and day < localdate(now, ZoneInfo(zone) if zone else None))
    detail = ngettext("%(late)d is late.", "%(late)d are late.", late) % {"late": late} if late else ""
    title = gettext_lazy("Requests about personal data to answer")
    return [Waiting(title, len(days), reverse("privacy:requests"), urgent=bool(late), detail=detail)] if days else []
