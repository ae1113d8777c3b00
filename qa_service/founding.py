"""The first day of an installation: a bureau, a centre below it, its administrator, what is asked and judged by."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.services import grant_role, open_account
from qa_service.audit.actors import Actor
from qa_service.common.errors import Conflict
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from qa_service.organisations.services import change_settings, found_organisation
from reviews.services.checklists import publish_default_checklists
from scoring.services.rules import publish_default_rules
from scoring.services.schemes import publish_default_scheme
from surveys.enums import OrganKind, OrganWay
from surveys.services.organs.organ_book import OrganInput, add_organ
from surveys.services.questionnaires.publishing import publish_defaults as publish_default_questionnaires

FOUNDER: Final = Actor.system("setup")
WORKING_DAYS: Final = "data/working_days.csv"


class AlreadyFounded(Conflict):
    code = "already_set_up"


@dataclass(frozen=True, slots=True)
class Centre:
    """What a centre says of itself on the first day; the rest has defaults, and its page afterwards."""

    code: str
    name: str
    time_zone: str
    go_live_on: date | None
    sms_enabled: bool = False
    office_phone: str = ""
    document_prefix: str = ""


@dataclass(frozen=True, slots=True)
class Organ:
    """A court or other organ that the centre asks, and where letters to it go."""

    name: str
    kind: OrganKind
    way: OrganWay
    address: str


@dataclass(frozen=True, slots=True)
class Administrator:
    username: str
    display_name: str
    password: str


def refuse_if_founded() -> None:
    """:raises AlreadyFounded: when the database already knows an organisation."""
    if Organisation.objects.exists():
        raise AlreadyFounded(_("This database is already set up; nothing was changed."))


@transaction.atomic
def found_installation(
    *, bureau_code: str, bureau_name: str, centre: Centre, administrator: Administrator, now: datetime
) -> User:
    """Make everything a real centre needs before its first import. All or nothing.

    The administrator opens accounts in the whole tree (operator) and manages the first centre, until they give the
    second of these to somebody else.

    :raises AlreadyFounded: when this was done before.
    :raises DomainError: a code or user name is taken, or the password is weak.
    """
    refuse_if_founded()
    bureau = found_organisation(
        kind=OrganisationKind.BUREAU, code=bureau_code, name=bureau_name, parent=None, actor=FOUNDER, now=now
    )
    node = found_centre(centre=centre, parent=bureau, now=now)
    user = open_account(
        username=administrator.username,
        display_name=administrator.display_name,
        password=administrator.password,
        actor=FOUNDER,
        organisation=bureau,
        now=now,
    )
    grant_role(user=user, role=Role.OPERATOR, organisation=bureau, actor=FOUNDER, now=now)
    grant_role(user=user, role=Role.MANAGER, organisation=node, actor=FOUNDER, now=now)
    publish_defaults(now=now)
    return user


def found_centre(*, centre: Centre, parent: Organisation, now: datetime) -> Organisation:
    """Add a centre below `parent` with its own settings."""
    node = found_organisation(
        kind=OrganisationKind.CENTRE, code=centre.code, name=centre.name, parent=parent, actor=FOUNDER, now=now
    )
    changes = {
        "time_zone": centre.time_zone,
        "go_live_on": centre.go_live_on,
        "sms_enabled": centre.sms_enabled,
        "office_phone": centre.office_phone,
        "document_prefix": centre.document_prefix,
    }
    change_settings(centre=node, changes=changes, actor=FOUNDER, now=now)
    return node


def know_organs(organs: Iterable[Organ], *, centre: Organisation, keeper: User, now: datetime) -> None:
    """Write these units into the centre's address book, in the name of whoever keeps it."""
    for organ in organs:
        entry = OrganInput(name=organ.name, kind=organ.kind, way=organ.way, address=organ.address)
        add_organ(user=keeper, centre=centre, entry=entry, now=now)


def publish_defaults(*, now: datetime) -> None:
    """Publish what every centre starts with: questionnaires, checklists, scheme, rules, the official working days."""
    publish_default_questionnaires(now=now)
    publish_default_checklists(now=now)
    publish_default_scheme(now=now)
    publish_default_rules(now=now)
    call_command("import_calendar", Path(settings.BASE_DIR) / WORKING_DAYS, stdout=io.StringIO())
