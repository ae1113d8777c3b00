"""Reading the register of complaints."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached, people_with, reached_paths
from qa_service.common.errors import NotFound
from qa_service.documents.csv_export import CellValue
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import on_the_day_there
from surveys import complaints as rules
from surveys.enums import Clock, ComplaintAct, ComplaintState, Respondent
from surveys.models import Complaint, Conversation, Recovery
from surveys.models.complaints import ComplaintQuerySet
from surveys.queries.alerts import WHOLE, Written, everyday_reading, texts_from_client

ENTERING = (Role.FOLLOW_UP, Role.MANAGER, Role.SUPERVISOR)


class ComplaintUnknown(NotFound):
    code = "complaint_unknown"


def complaints_seen_by(user: User, *, now: datetime, chosen: dict[str, Any] | None = None) -> ComplaintQuerySet:
    """What the filters leave: open ones unless said otherwise, the nearest day first, then the newest."""
    chosen = chosen or {}
    seen = Complaint.objects.visible_to(user)
    rows = seen.select_related("bureau", "centre__settings", "case", "handler")
    if text := (chosen.get("q") or "").strip():
        rows = rows.filter(Q(label__icontains=text) | Q(case__number__icontains=text))
    if chosen.get("ground"):
        rows = rows.filter(ground=chosen["ground"])
    if chosen.get("year"):
        rows = rows.filter(year=chosen["year"])
    if chosen.get("centre"):
        rows = rows.filter(centre=chosen["centre"])
    rows = _in_state(rows, chosen.get("state") or "", now=now)
    return rows.order_by(F("due_on").asc(nulls_last=True), "-year", "-number", "-pk")


def _in_state(rows: ComplaintQuerySet, state: str, *, now: datetime) -> ComplaintQuerySet:
    if state == "all":
        return rows
    if state == "late":
        return rows.exclude(state__in=rules.OVER).filter(past_due(now))
    if state == "left":
        return rows.left_behind()
    if state in ComplaintState.values:
        return rows.filter(state=state)
    return rows.exclude(state__in=rules.OVER)


def past_due(now: datetime) -> Q:
    """Those whose day has passed at their centre."""
    return on_the_day_there(now, "centre", lambda day: Q(due_on__lt=day))


def complaint_of(*, user: User, public_id: UUID) -> Complaint:
    """:raises ComplaintUnknown: none, or not this person's to see."""
    rows = Complaint.objects.visible_to(user).select_related(
        "bureau", "centre__settings", "case__lawyer", "case__firm", "client__contact_plan", "handler", "joined_to"
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise ComplaintUnknown(_("There is no such complaint."))
    return found


def seen_complaint(user: User, complaint: Complaint) -> bool:
    """Whether it is this person's to see, who may just have entered it for the bureau or given it away."""
    return Complaint.objects.visible_to(user).filter(pk=complaint.pk).exists()


def handlers_of(complaint: Complaint) -> QuerySet[User]:
    """Supervisors of the bureau and, unless it is about the centre, its managers."""
    wanted = Q(pk__in=people_with(Role.SUPERVISOR, complaint.bureau).values("pk"))
    if complaint.respondent != Respondent.CENTRE:
        wanted |= Q(pk__in=people_with(Role.MANAGER, complaint.centre).values("pk"))
    return User.objects.filter(wanted, is_active=True).order_by("username")


def in_same_register(complaint: Complaint, label: str) -> Complaint | None:
    """The one of this number that it may be joined to, whoever may see it."""
    return Complaint.objects.filter(bureau=complaint.bureau_id, label=label).first()


def centres_of(user: User, *roles: Role) -> QuerySet[Organisation]:
    return organisations_reached(user, *roles).filter(kind=OrganisationKind.CENTRE)


def complaint_acts(complaint: Complaint, user: User) -> tuple[ComplaintAct, ...]:
    """The steps this person may take now: the bureau all that are open, the centre's manager a note."""
    acts = rules.open_acts(
        ComplaintState(complaint.state),
        asked_more=complaint.asked_more_on is not None,
        extended=complaint.extended_on is not None,
    )
    return acts if _is_of_bureau(complaint, user) else tuple(act for act in acts if act is ComplaintAct.NOTE)


def written_since(complaint: Complaint, user: User) -> list[Written]:
    """What the client wrote by text once it stood here, where they had been asked again; what is sealed only for the
    bureau."""
    asked = Recovery.objects.filter(alert=complaint.source_id).values("asked_again")
    conversation = Conversation.objects.filter(pk__in=asked).first()
    if conversation is None:
        return []
    reading = WHOLE if _is_of_bureau(complaint, user) else everyday_reading(conversation)
    texts = texts_from_client(conversation, reading=reading, since=complaint.created_at)
    return [text for text in texts if text.body]


def _is_of_bureau(complaint: Complaint, user: User) -> bool:
    return any(complaint.bureau.path.startswith(path) for path in reached_paths(user, Role.SUPERVISOR))


def running_clock(complaint: Complaint) -> Clock | None:
    return rules.running(ComplaintState(complaint.state))


def register_rows(rows: QuerySet[Complaint]) -> Iterator[tuple[CellValue, ...]]:
    """The register as a table under its `header`. Telephone numbers, addresses and words stay inside."""
    for row in rows.iterator(chunk_size=1000):
        yield (
            row.label, row.received_on, row.get_received_by_display(), str(row.bureau), str(row.centre),
            row.case.number if row.case else "", row.get_complainant_display(), row.complainant_name,
            row.get_respondent_display(), row.respondent_name, row.get_ground_display(), row.get_state_display(),
            row.accepted_on, row.due_on, str(row.handler or ""), row.decided_on, row.get_outcome_display(),
            row.reply_sent_on,
        )  # fmt: skip


def header() -> list[str]:
    return [
        _("Number of the entry"), _("Received on"), _("Received by"), _("Bureau"), _("Centre"), _("Case number"),
        _("Who complains"), _("Name"), _("Complains of"), _("Name of the person or body complained of"), _("Ground"),
        _("State"), _("Accepted on"), _("Due on"), _("Handler"), _("Decided on"), _("Outcome of the complaint"),
        _("Reply sent on"),
    ]  # fmt: skip
