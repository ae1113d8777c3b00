"""Keeping the address book of organs: where each unit is reached, and under which names cases mean it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.errors import Conflict, InvalidInput, NotFound
from qa_service.organisations.models import CentreSettings, Organisation
from surveys.enums import OrganKind, OrganLanguage, OrganWay
from surveys.models import Organ, OrganName
from surveys.models.organs import LONGEST_NAME
from surveys.queries.organ_book import centres_with_a_book

MOST_NAMES = 20
LIMITS = {"email": 254, "address": 200, "phone": 30}


class NameKnown(Conflict):
    """The address book of the centre has a unit of this name already."""

    code = "organ_name_known"


@dataclass(frozen=True, slots=True)
class OrganInput:
    """What stands in one entry. `also_called`: how cases write the name besides."""

    name: str
    kind: OrganKind
    way: OrganWay = OrganWay.LETTER_AND_LINK
    agreed_on: date | None = None
    email: str = ""
    address: str = ""
    phone: str = ""
    language: OrganLanguage = OrganLanguage.CHINESE
    active: bool = True
    also_called: Sequence[str] = ()

    @property
    def columns(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "also_called"}

    @property
    def names(self) -> frozenset[str]:
        return frozenset({self.name, *self.also_called})


@transaction.atomic
def add_organ(*, user: User, centre: Organisation, entry: OrganInput, now: datetime) -> Organ:
    """Write a unit into the book; cases of its names that are due are asked about from then on.

    :raises NotFound: the centre's book is not the user's to keep.
    :raises NameKnown: the book knows one of the names.
    :raises InvalidInput: `field` names what is missing or wrong.
    """
    if not centres_with_a_book(user).filter(pk=centre.pk).exists():
        raise NotFound(_("You may not change this address book."))
    entry = _checked(entry)
    _hold(centre)
    _refuse_known(entry.names, centre=centre)
    organ = Organ.objects.create(centre=centre, created_at=now, updated_at=now, **entry.columns)
    _name(organ, entry.names)
    record(actor=user.actor, action="surveys.organ_added", subject=organ, details={"way": entry.way}, at=now)
    return organ


@transaction.atomic
def change_organ(*, user: User, organ: Organ, entry: OrganInput, now: datetime) -> Organ:
    """Change an entry. What was asked goes on; letters from now on go where it says.

    :raises NotFound: gone, or not the user's to keep.
    :raises NameKnown: another unit of the centre has one of the names.
    :raises InvalidInput: `field` names what is missing or wrong.
    """
    row = Organ.objects.select_for_update().kept_by(user).filter(pk=organ.pk).first()
    if row is None:
        raise NotFound(_("There is no such entry in the address book."))
    entry = _checked(entry)
    _hold(row.centre)
    _refuse_known(entry.names, centre=row.centre, but=row)
    changed = sorted(name for name, value in entry.columns.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, entry.columns[name])
    row.updated_at = now
    row.save()
    if set(row.names.values_list("name", flat=True)) != entry.names:
        row.names.all().delete()
        _name(row, entry.names)
        changed.append("also_called")
    if changed:
        record(actor=user.actor, action="surveys.organ_changed", subject=row, details={"fields": changed}, at=now)
    return row


def _hold(centre: Organisation) -> None:
    """Two who write the same name down at once: the second waits here and is told."""
    CentreSettings.objects.select_for_update().filter(centre=centre).first()


def _name(organ: Organ, names: frozenset[str]) -> None:
    OrganName.objects.bulk_create(
        OrganName(organ=organ, centre_id=organ.centre_id, name=name) for name in sorted(names)
    )


def entry_of(organ: Organ) -> OrganInput:
    """The entry as it stands, to be changed in part."""
    columns = {field.name: getattr(organ, field.name) for field in fields(OrganInput) if field.name != "also_called"}
    names = tuple(name.name for name in organ.names.all() if name.name != organ.name)
    return OrganInput(**columns, also_called=names)


def changed_entry(organ: Organ, changes: Mapping[str, Any]) -> OrganInput:
    return replace(entry_of(organ), **changes)


def _checked(entry: OrganInput) -> OrganInput:
    texts = {name: _clean(getattr(entry, name)) for name in ("name", "email", "address", "phone")}
    others = tuple(sorted({name for name in map(_clean, entry.also_called) if name and name != texts["name"]}))
    if not texts["name"] or len(texts["name"]) > LONGEST_NAME:
        raise InvalidInput(_("Give the name of the unit, as cases write it."), field="name")
    if any(len(name) > LONGEST_NAME for name in others) or len(others) > MOST_NAMES:
        raise InvalidInput(
            _("No more than %(count)s other names, each of at most %(limit)s characters.")
            % {"count": MOST_NAMES, "limit": LONGEST_NAME},
            field="also_called",
        )
    for name, limit in LIMITS.items():
        if len(texts[name]) > limit:
            raise InvalidInput(_("Please shorten this to %(limit)s characters.") % {"limit": limit}, field=name)
    if texts["email"]:
        _refuse_bad_email(texts["email"])
    if entry.way == OrganWay.EMAIL and not texts["email"]:
        raise InvalidInput(_("To be asked by e-mail the unit needs an address."), field="email")
    if entry.way == OrganWay.EMAIL and entry.agreed_on is None:
        raise InvalidInput(_("Say on which day the unit agreed to be asked by e-mail."), field="agreed_on")
    return OrganInput(
        **{**{key: getattr(entry, key) for key in ("kind", "way", "agreed_on", "language", "active")}, **texts},
        also_called=others,
    )


def _refuse_bad_email(text: str) -> None:
    try:
        validate_email(text)
    except ValidationError as wrong:
        raise InvalidInput(_("This is no e-mail address."), field="email") from wrong


def _clean(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def _refuse_known(names: frozenset[str], *, centre: Organisation, but: Organ | None = None) -> None:
    known = OrganName.objects.filter(centre=centre, name__in=names)
    taken = (known.exclude(organ=but) if but else known).select_related("organ").first()
    if taken is not None:
        raise NameKnown(
            _("“%(name)s” stands in the address book already, under %(unit)s.")
            % {"name": taken.name, "unit": taken.organ.name},
            field="name" if taken.name in names else "",
        )
