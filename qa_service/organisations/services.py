"""Building the tree and the calendar."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import slug_re
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qa_service.audit.actors import Actor
from qa_service.audit.services import Act, record, record_many
from qa_service.common.days import refuse_implausible
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.common.retelling import SLUG
from qa_service.common.workdays import CalendarYearMissing, add_workdays
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import (
    CalendarDay,
    CalendarYear,
    CentreSettings,
    Firm,
    FormerName,
    Lawyer,
    Organisation,
)
from qa_service.organisations.queries import calendar

RowT = TypeVar("RowT", bound=Model)
ConfirmedT = TypeVar("ConfirmedT", Organisation, Firm, Lawyer)
NAME_LENGTH = 100
A_STATEMENT = 500

# None: at the top of its own tree.
# Categories of Unicode: control and format signs, lone surrogates, ends of lines and paragraphs.
STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
STANDS_UNDER: Mapping[str, tuple[str | None, ...]] = {
    OrganisationKind.BUREAU: (None, OrganisationKind.BUREAU),
    OrganisationKind.CENTRE: (None, OrganisationKind.BUREAU),
    OrganisationKind.STATION: (OrganisationKind.CENTRE,),
}


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
    :raises InvalidInput: such a node does not stand there, nobody could read its name, or no address could hold its
        code.
    """
    _refuse_unreadable(name)
    if not slug_re.match(code):
        raise InvalidInput(_(SLUG), field="code")
    if (parent.kind if parent else None) not in STANDS_UNDER[kind]:
        text = _("A centre stands under a bureau, a station under a centre, a bureau under a bureau.")
        raise InvalidInput(text, field="parent", code="organisation_misplaced")
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
def rename(*, subject: Organisation | Firm, name: str, actor: Actor, now: datetime) -> None:
    """Call a place or a firm by a new name from now on; what was issued keeps the name that it bears.

    The former name stays on record, and imports and the search for conflicts go on finding its bearer by it. A centre
    that signed with its own name signs with the new one.

    :raises InvalidInput: the name is empty, too long, unreadable, or the one it has.
    :raises Conflict: another firm of the centre, or another station, has the name.
    """
    kept = type(subject).objects.select_for_update().get(pk=subject.pk)
    former = kept.name
    _refuse_name(kept, name)
    kept.name = subject.name = name
    kept.save(update_fields=["name"])
    owner = {"firm": kept} if isinstance(kept, Firm) else {"organisation": kept}
    FormerName.objects.update_or_create(**owner, name=former, defaults={"given_up_on": localdate(now)})
    if isinstance(kept, Organisation):
        CentreSettings.objects.filter(centre=kept, issuer_name=former).update(issuer_name=name)
    record(actor=actor, action="organisations.renamed", subject=kept, details={"name": [former, name]}, at=now)


def _refuse_unreadable(name: str) -> None:
    """A name stands in lists, letters and notices, on one line: what steers a terminal or a reader is no part of it."""
    steers = any(unicodedata.category(sign) in STEERING for sign in name)
    if steers or not any(sign.isalpha() for sign in name):
        text = _("A name has at least one letter, and no line breaks or signs that nobody sees.")
        raise InvalidInput(text, field="name")


def _refuse_name(subject: Organisation | Firm, name: str) -> None:
    if not name.strip() or len(name) > NAME_LENGTH or name == subject.name:
        text = _("Give a new name of 1 to %(limit)d characters.") % {"limit": NAME_LENGTH}
        raise InvalidInput(text, field="name")
    _refuse_unreadable(name)
    if isinstance(subject, Firm):
        others = Firm.objects.filter(centre=subject.centre_id, name=name)
    else:
        above = subject.path[: -Organisation.steplen]
        others = Organisation.objects.filter(path__startswith=above, depth=subject.depth, name=name)
    if others.exists():
        raise Conflict(_("“%(name)s” is already another's name there.") % {"name": name}, field="name")


# Clients are asked from the third to the seventh day after closing (domain.md 4.6). What stands otherwise, as in the
# demo, where nobody waits for days, stays until somebody changes it.
FIRST_CONTACT_DAYS = range(3, 8)


@transaction.atomic
def change_settings(*, centre: Organisation, changes: Mapping[str, Any], actor: Actor, now: datetime) -> CentreSettings:
    """Change how a centre works; `changes` by the names of fields. The record says what was and what is.

    :raises InvalidInput: a value that the field does not take, named by the field.
    """
    settings = CentreSettings.objects.select_for_update().get(centre=centre)
    changed = {name: value for name, value in changes.items() if getattr(settings, name) != value}
    before = {name: _written(getattr(settings, name)) for name in changed}
    for name, value in changed.items():
        if isinstance(value, date):
            refuse_implausible(value, today=localdate(now), field=name)
        if name == "first_contact_delay_days" and value not in FIRST_CONTACT_DAYS:
            raise InvalidInput(_("Choose 3 to 7 days."), field=name)
        setattr(settings, name, value)
    try:
        settings.full_clean()
    except ValidationError as wrong:
        field, texts = next(iter(wrong.message_dict.items()))
        raise InvalidInput(texts[0], field="" if field == NON_FIELD_ERRORS else field) from wrong
    if changed:
        settings.save(update_fields=list(changed))
        details = {name: [before[name], _written(getattr(settings, name))] for name in changed}
        record(actor=actor, action="organisations.settings_changed", subject=centre, details=details, at=now)
    return settings


def _written(value: Any) -> str:
    return "" if value is None else str(value)


@transaction.atomic
def load_calendar_year(
    *,
    year: int,
    holidays: Iterable[tuple[date, str]],
    workdays: Iterable[tuple[date, str]],
    source: str,
    actor: Actor,
    now: datetime,
) -> CalendarYear:
    """Replace one year of the calendar by its official notice."""
    days = [CalendarDay(day=day, is_workday=False, name=name) for day, name in holidays]
    days += [CalendarDay(day=day, is_workday=True, name=name) for day, name in workdays]
    replaced, _counts = CalendarDay.objects.filter(day__year=year).delete()
    CalendarDay.objects.bulk_create(days)
    loaded, created = CalendarYear.objects.update_or_create(year=year, defaults={"source": source})
    details = {"source": source, "days": len(days), "replaced": None if created else replaced}
    record(actor=actor, action="organisations.calendar_loaded", subject=loaded, details=details, at=now)
    return loaded


@transaction.atomic
def confirm(*, subject: Organisation | Firm | Lawyer, actor: Actor, now: datetime) -> None:
    """A person has looked at a station, firm or lawyer that an import created. Confirming twice is refused."""
    changed = type(subject).objects.filter(pk=subject.pk, confirmed_at=None).update(confirmed_at=now)
    if not changed:
        raise Conflict(_("This entry was already confirmed."), code="already_confirmed")
    record(actor=actor, action="organisations.confirmed", subject=subject, at=now)


@transaction.atomic
def confirm_all(*, subjects: QuerySet[ConfirmedT], actor: Actor, now: datetime) -> int:
    """A person has looked at these; returns how many were not confirmed before. The record names each."""
    model = subjects.model
    wanted = list(subjects.order_by().values_list("pk", flat=True))
    keys = list(
        model._default_manager.select_for_update().filter(pk__in=wanted, confirmed_at=None).values_list("pk", flat=True)
    )
    model._default_manager.filter(pk__in=keys).update(confirmed_at=now)
    acts = [Act("organisations.confirmed", model._meta.label, str(pk)) for pk in keys]
    record_many(actor=actor, acts=acts, at=now)
    return len(keys)


def fill_last_days(rows: QuerySet[RowT], field: str, *, begun: Callable[[RowT], date], workdays: int) -> int:
    """Give each row whose term the calendar now covers its last day; returns how many. Three statements for all.

    :param rows: held until the transaction ends; :param begun: the day from which a row's term counts.
    """
    known, dated = calendar(), []
    for row in rows:
        try:
            setattr(row, field, add_workdays(begun(row), workdays, known))
        except CalendarYearMissing:
            continue
        dated.append(row)
    return rows.model._default_manager.bulk_update(dated, [field], batch_size=A_STATEMENT)
