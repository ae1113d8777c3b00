"""Reading cases."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import STAFF_ROLES, Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached, within
from qa_service.audit.models import Entry
from qa_service.cases.enums import ImportState
from qa_service.cases.models import IMPORT_ROLES, Case, Client, CoClient, Import
from qa_service.common.naming import names
from qa_service.common.periods import Period
from qa_service.common.waiting import Waiting
from qa_service.documents.csv_export import safe_text
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Firm, Lawyer, Organisation

# Who adds clients to a case: whoever speaks with clients.
ADDING_ROLES = (Role.MANAGER, Role.FOLLOW_UP)


@dataclass(frozen=True, slots=True)
class ClosedCases:
    """Which closed cases figures are of: None and empty choose everything; `period` is that of closing.

    `below`: of all centres whose path in the tree begins so.
    """

    centre_id: int | None = None
    period: Period | None = None
    case_type: str = ""
    below: str = ""

    @property
    def closing(self) -> Period | None:
        """When the cases closed, where that is chosen."""
        return self.period

    def of(self, case: str = "") -> Q:
        """The condition on rows whose case is found by the path `case` (with its two underscores)."""
        condition = Q()
        if self.centre_id is not None:
            condition &= Q(**{f"{case}centre": self.centre_id})
        if self.below:
            condition &= Q(**{f"{case}centre__path__startswith": self.below})
        if self.case_type:
            condition &= Q(**{f"{case}case_type": self.case_type})
        if (closing := self.closing) is not None:
            condition &= Q(**{f"{case}closed_on__gte": closing.start, f"{case}closed_on__lt": closing.end})
        return condition


def cases_to_ask(*, now: datetime) -> QuerySet[Case]:
    """Released cases of centres that have gone live: the frame of the sweeps that ask clients and organs."""
    released = Case.objects.filter(survey_released_at__lte=now, client__erased_at=None)
    return released.select_related("client__contact_plan", "centre")


def unsettled(case: str = "") -> Q:
    """The condition on rows: somebody may still have to be asked about the released case.

    :param case: the path of fields to the case, with its two underscores.
    """
    return Q(**{f"{case}survey_released_at__isnull": False, f"{case}survey_settled_at": None})


def awaiting_release() -> QuerySet[Case]:
    """Cases whose clients nobody may ask yet: closed before go-live, or first seen too late."""
    return Case.objects.filter(survey_released_at=None, client__erased_at=None)


def clients_of(case: Case) -> list[Client]:
    """Whom the case helped, as far as they are known: the person of the export first, then those whom staff added."""
    return [case.client, *(row.client for row in co_clients_of(case))]


def changed_since(cases: QuerySet[Case], since: datetime, *, fields: Collection[str]) -> frozenset[int]:
    """Ids of those of which an export changed one of the fields after that moment, as the record has it."""
    keys = cases.order_by().annotate(key=Cast("pk", CharField())).values("key")
    entries = Entry.objects.filter(
        action="cases.changed", at__gt=since, subject_type=Case._meta.label, subject_id__in=keys
    )
    rows = entries.values_list("subject_id", "details")
    return frozenset(int(key) for key, details in rows.iterator() if not set(fields).isdisjoint(details["fields"]))


def taken_off_among(case_ids: Iterable[int]) -> frozenset[tuple[int, int]]:
    """Case and client of everybody who is no client of one of these cases any more; one query."""
    rows = CoClient.objects.filter(case__in=set(case_ids), taken_off_at__isnull=False)
    gone = rows.exclude(client=F("case__client"))
    return frozenset(gone.values_list("case", "client"))


def with_a_case(clients: QuerySet[Client], *, leaving: Q | None = None) -> QuerySet[Client]:
    """Who of them is a client still: a name or number put right leaves an entry behind that no case points at.

    `leaving`: cases that are about to get another client.
    """
    own = Case.with_open.filter(client=OuterRef("pk"))
    if leaving is not None:
        own = own.exclude(leaving)
    joined = CoClient.objects.current().filter(client=OuterRef("pk"))
    return clients.filter(Exists(own) | Exists(joined))


def client_names(case: Case) -> frozenset[str]:
    """Of everybody who is or was a client of the case: what no notice prints."""
    joined = Client.objects.filter(co_cases__case=case).values_list("name", flat=True)
    return frozenset({case.client.name, *joined})


def clients_named_in(text: str, *, centre: Organisation) -> frozenset[str]:
    """Of all clients that the centre ever had, those whom the text names. Every name is read."""
    whose = Client.objects.filter(centre=centre, erased_at=None)
    return frozenset(name for name in whose.values_list("name", flat=True) if names(text, name))


def co_clients_of(case: Case) -> QuerySet[CoClient]:
    """Those whom staff added and who still are clients of the case, with how each may be reached."""
    return case.co_clients.current().exclude(client=case.client_id).select_related("client__contact_plan")


def staff_cases(user: User | AnonymousUser, *roles: Role) -> QuerySet[Case]:
    """Closed cases with the person behind them: for staff of the subtree alone, never for a lawyer or a firm."""
    return cases_known_to(user, *roles).filter(closed_on__isnull=False)


def cases_known_to(user: User | AnonymousUser, *roles: Role) -> QuerySet[Case]:
    """The same with those under way."""
    return (
        Case.with_open.filter(within(user, "centre__path", *(roles or STAFF_ROLES)))
        .select_related("centre", "station", "lawyer", "firm", "client__contact_plan")
        .order_by("-closed_on", "-pk")
    )


def contactable_people(user: User | AnonymousUser, *roles: Role) -> QuerySet[Client]:
    """Clients of the subtree where the user holds one of the roles, with how each may be reached."""
    reached = Client.objects.filter(within(user, "centre__path", *(roles or STAFF_ROLES)))
    return reached.select_related("centre__settings", "contact_plan")


def centres_for_import(user: User | AnonymousUser) -> QuerySet[Organisation]:
    return organisations_reached(user, *IMPORT_ROLES).filter(kind=OrganisationKind.CENTRE)


def unconfirmed_stations(user: User | AnonymousUser) -> QuerySet[Organisation]:
    return organisations_reached(user, *IMPORT_ROLES).filter(kind=OrganisationKind.STATION, confirmed_at=None)


def unconfirmed_firms(user: User | AnonymousUser) -> QuerySet[Firm]:
    reached = within(user, "centre__path", *IMPORT_ROLES)
    return Firm.objects.filter(reached, confirmed_at=None).select_related("centre").order_by("name", "pk")


def unconfirmed_lawyers(user: User | AnonymousUser) -> QuerySet[Lawyer]:
    """Lawyers belong to no centre: whoever reaches one of their firms may look at them."""
    reached = within(user, "centre__path", *IMPORT_ROLES)
    firms = Firm.objects.filter(reached).values("pk")
    return Lawyer.objects.filter(confirmed_at=None, memberships__firm__in=firms).distinct().order_by("name", "pk")


def imports_of(user: User | AnonymousUser) -> QuerySet[Import]:
    return Import.objects.visible_to(user).select_related("centre").order_by("-created_at", "-pk")


def fault_rows(job: Import) -> Iterator[tuple[int, str, str, str]]:
    """Line, column, reason, value of every refused row, safe to open in a spreadsheet."""
    for fault in job.faults.order_by("line").iterator(chunk_size=1000):
        yield fault.line, safe_text(fault.column), fault.reason, safe_text(fault.told)


def waiting_for(user: User, now: datetime) -> list[Waiting]:  # noqa: ARG001 - every room's block has this shape
    """The room's blocks on a person's home."""
    if not user.has_role(*IMPORT_ROLES):
        return []
    ready = Import.objects.visible_to(user).filter(state=ImportState.PREVIEWED)
    previews = ready.exclude(new_count=0, updated_count=0, unchanged_count=0, refused_count=0).count()
    unknown = unconfirmed_stations(user).count() + unconfirmed_firms(user).count() + unconfirmed_lawyers(user).count()
    blocks = (
        Waiting(_("Imports to confirm"), previews, reverse("cases:import")),
        Waiting(_("Stations, firms and lawyers to confirm"), unknown, reverse("cases:unconfirmed")),
    )
    return [block for block in blocks if block.count]
