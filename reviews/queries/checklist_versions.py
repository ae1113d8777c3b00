"""Checklists as their editors see them: versions, what is in force when, and by whom they may be written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached
from qa_service.cases.enums import CaseType, Stage
from qa_service.common.errors import NotFound
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from reviews.enums import EVERY_STAGE, EVERY_TYPE, MANAGING, ChecklistState
from reviews.models import Checklist

OWNING = (OrganisationKind.BUREAU, OrganisationKind.CENTRE)
IN_USE = (ChecklistState.PUBLISHED, ChecklistState.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Family:
    """All versions of one code that the reader may see, the newest first."""

    code: str
    versions: tuple[Checklist, ...]

    @property
    def shown(self) -> Checklist:
        """Whose heading names the family: that in force, else the newest."""
        return self.in_force or self.versions[0]

    @property
    def in_force(self) -> Checklist | None:
        return self._in(ChecklistState.PUBLISHED)

    @property
    def to_come(self) -> Checklist | None:
        return self._in(ChecklistState.SCHEDULED)

    @property
    def draft(self) -> Checklist | None:
        return self._in(ChecklistState.DRAFT)

    def _in(self, state: ChecklistState) -> Checklist | None:
        return next((each for each in self.versions if each.state == state), None)


def checklist_codes(user: User) -> QuerySet[Checklist, str]:
    return Checklist.objects.visible_to(user).order_by("code").values_list("code", flat=True).distinct()


def checklist_families(user: User, codes: Iterable[str]) -> list[Family]:
    """One query, however many codes."""
    found: dict[str, list[Checklist]] = {code: [] for code in codes}
    rows = Checklist.objects.visible_to(user).filter(code__in=found).select_related("owner").defer("draft", "catalogue")
    for row in rows.order_by("code", "-version"):
        found[row.code].append(row)
    return [Family(code, tuple(versions)) for code, versions in found.items() if versions]


def checklist_seen(*, user: User, public_id: UUID) -> Checklist:
    """:raises NotFound: there is none that the user may read."""
    return _found(Checklist.objects.visible_to(user), public_id)


def checklist_edited(*, user: User, public_id: UUID) -> Checklist:
    """:raises NotFound: there is none that the user may write."""
    return _found(Checklist.objects.editable_by(user), public_id)


def _found(among: QuerySet[Checklist], public_id: UUID) -> Checklist:
    found = among.select_related("owner").filter(public_id=public_id).first()
    if found is None:
        raise NotFound("")
    return found


def possible_owners(user: User) -> QuerySet[Organisation]:
    """Bureaux and centres for which the user may write lists."""
    return organisations_reached(user, *MANAGING).filter(kind__in=OWNING)


def lists_to_begin_with(user: User) -> QuerySet[Checklist]:
    found = Checklist.objects.visible_to(user).filter(state__in=IN_USE).select_related("owner")
    return found.order_by("purpose", "case_type", "code")


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a version was used, as far as is known; `until` is the first day of the next."""

    checklist: Checklist
    since: date | None
    until: date | None


def spans_of(versions: Iterable[Checklist]) -> list[Span]:
    """Versions of one code, the newest first. A draft has no days, nor has one that never came into force."""
    spans: list[Span] = []
    until: date | None = None
    for each in versions:
        since = each.effective_from or (each.published_at.date() if each.published_at else None)
        spans.append(Span(each, since, until))
        until = since or until
    return spans


def case_type_name(checklist: Checklist) -> str:
    return str(CaseType(checklist.case_type).label) if checklist.case_type != EVERY_TYPE else ""


def stage_name(checklist: Checklist) -> str:
    return str(Stage(checklist.stage).label) if checklist.stage != EVERY_STAGE else ""
