"""Further clients of a case: the export names one person where several were helped, staff add the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work
from qa_service.audit.services import record, record_many
from qa_service.cases.enums import FaultReason
from qa_service.cases.intake import ClientInput, ContactInput, Problem, read_person
from qa_service.cases.models import Case, CoClient
from qa_service.cases.services.clients import Clients
from qa_service.cases.services.settling import unsettle_surveys
from qa_service.cases.services.single import RowRefused
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted
from qa_service.organisations.models import CentreSettings

LONGEST_REASON = 200
# As they are called in `intake.columns.TITLES`.
PERSON_FIELDS = ("client_name", "phone", "gender", "age", "group", "sms_consent", "contact_note", "township", "dialect")


class ClientAlready(Conflict):
    """The person is a client of the case as it is."""

    code = "client_already"


class NotForOwnCase(NotPermitted):
    """Who handled a case does not choose which of its clients can be asked about it."""

    code = "not_for_own_case"


@dataclass(frozen=True, slots=True)
class _Joining:
    number: str
    client: ClientInput
    contact: ContactInput
    spoken_on: date


@transaction.atomic
def add_client(*, case: Case, fields: Mapping[str, str | float | date | None], user: User, now: datetime) -> CoClient:
    """Add a person to a case, with a contact plan of their own. `fields` are those of `PERSON_FIELDS`.

    A person whom the centre knows by name and number is that person; a note that speaks of danger, custody or a child
    makes their plan as safe as it would in a file.

    :raises RowRefused: `field` names what a file of the same would be refused for.
    :raises ClientAlready: the person is a client of this case.
    :raises NotForOwnCase: the user, or their firm, handled it.
    """
    settings = _settings_of(case, user=user)
    today = now.astimezone(ZoneInfo(settings.time_zone)).date()
    joining = _read(case, fields, today=today)
    unsettle_surveys(cases=Case.with_open.filter(pk=case.pk))  # before its clients, as everywhere
    clients = Clients(centre=case.centre, consent_days=settings.contact_plan_days, now=now)
    clients.prepare([joining], former={})
    record_many(actor=user.actor, acts=clients.acts(), at=now)
    key = clients.key(joining.client)
    if key == case.client_id:
        raise ClientAlready(_("This person is the client that the export names."))
    row, added = CoClient.objects.get_or_create(case=case, client_id=key, defaults={"added_at": now})
    if not added and row.taken_off_at is None:
        raise ClientAlready(_("This person is a client of this case already."))
    row.added_at, row.taken_off_at = now, None
    row.save(update_fields=["added_at", "taken_off_at"])
    details = {"client": str(row.client.public_id)}
    record(actor=user.actor, action="cases.client_added", subject=case, details=details, at=now)
    return row


@transaction.atomic
def take_client_off(*, co_client: CoClient, why: str, user: User, now: datetime) -> CoClient:
    """The person is no client of the case: no question about it reaches them any more. Done twice it changes nothing.

    :raises InvalidInput: no reason.
    :raises NotForOwnCase: the user, or their firm, handled the case.
    """
    _settings_of(co_client.case, user=user)
    row = CoClient.objects.select_for_update(of=("self",)).select_related("case", "client").get(pk=co_client.pk)
    reason = why.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidInput(_("Say in at most %(limit)s characters why.") % {"limit": LONGEST_REASON}, field="why")
    if row.taken_off_at is None:
        # Whoever is left alone is asked, even if the lot once passed them over.
        unsettle_surveys(cases=Case.with_open.filter(pk=row.case_id))
        row.taken_off_at = now
        row.save(update_fields=["taken_off_at"])
        record(
            actor=user.actor,
            action="cases.client_taken_off",
            # With the person, so that the reason goes when they ask for what is kept of them to be erased.
            subject=row.client,
            details={"case": str(row.case.public_id)},
            remark=reason,
            at=now,
        )
    return row


def _settings_of(case: Case, *, user: User) -> CentreSettings:
    """Held until the end: an import of the centre would create the same person."""
    if Case.with_open.filter(own_work(user, lawyer="lawyer", firm="firm"), pk=case.pk).exists():
        raise NotForOwnCase(_("You or your firm handled this case: another person adds or removes its clients."))
    return CentreSettings.objects.select_for_update().get(centre=case.centre_id)


def _read(case: Case, fields: Mapping[str, str | float | date | None], *, today: date) -> _Joining:
    # The age is that of today, not of the day the case was accepted.
    row = {name: fields.get(name) for name in PERSON_FIELDS} | {"accepted_on": today}
    try:
        client, contact, _helped, _oddities = read_person(row, cause=case.cause, today=today)
    except Problem as problem:
        reason = FaultReason(problem.reason)
        raise RowRefused(reason.label, field=problem.field, reason=reason.value) from None
    if fields.get("phone") and not client.phone:
        raise InvalidInput(_("This is not a telephone number."), field="phone")
    return _Joining(number=case.number, client=client, contact=contact, spoken_on=today)
