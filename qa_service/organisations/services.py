"""Building the tree and the calendar."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.common.errors import Conflict
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import CalendarDay, CalendarYear, CentreSettings, Firm, Lawyer, Organisation


class CodeTaken(Conflict):
    code = "organisation_code_taken"


@transaction.atomic
def found_organisation(
    *,
    kind: OrganisationKind,
    code: str,
    name: str,
    parent: Organisation | None,
    actor: Actor,
    confirmed: bool = True,
    now: datetime,
) -> Organisation:
    """Add a node under `parent` (or a root). A centre gets its settings row.

    :raises CodeTaken: the code belongs to another organisation.
    """
    if Organisation.objects.filter(code=code).exists():
        raise CodeTaken(_("Another organisation already has the code “%(code)s”.") % {"code": code}, field="code")
    node = Organisation(kind=kind, code=code, name=name, confirmed_at=now if confirmed else None)
    if parent is None:
        Organisation.objects.add_root(instance=node)
    else:
        Organisation.objects.add_child(Organisation.objects.get(pk=parent.pk), instance=node)
    if kind == OrganisationKind.CENTRE:
        CentreSettings.objects.create(centre=node, issuer_name=name)
    record(actor=actor, action="organisations.founded", subject=node, details={"code": code, "kind": kind}, at=now)
    return node


@transaction.atomic
def load_calendar_year(
    *, year: int, holidays: Iterable[tuple[date, str]], workdays: Iterable[tuple[date, str]], source: str
) -> CalendarYear:
    """Replace one year of the calendar by its official notice."""
    CalendarDay.objects.filter(day__year=year).delete()
    days = [CalendarDay(day=day, is_workday=False, name=name) for day, name in holidays]
    days += [CalendarDay(day=day, is_workday=True, name=name) for day, name in workdays]
    CalendarDay.objects.bulk_create(days)
    loaded, _created = CalendarYear.objects.update_or_create(year=year, defaults={"source": source})
    return loaded


@transaction.atomic
def confirm(*, subject: Organisation | Firm | Lawyer, actor: Actor, now: datetime) -> None:
    """A person has looked at a station, firm or lawyer that an import created. Confirming twice is refused."""
    changed = type(subject).objects.filter(pk=subject.pk, confirmed_at=None).update(confirmed_at=now)
    if not changed:
        raise Conflict(_("This entry was already confirmed."), code="already_confirmed")
    record(actor=actor, action="organisations.confirmed", subject=subject, at=now)
