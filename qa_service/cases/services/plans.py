"""What staff do to a contact plan: confirm it with the person, make it safer, loosen it with a reason."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import within
from qa_service.audit.services import record
from qa_service.cases.enums import NumberOwner
from qa_service.cases.models import Client, ContactPlan
from qa_service.cases.plans import Terms, changed, loosened, needs_manager
from qa_service.cases.services.erased import refuse_erased
from qa_service.cases.services.holding import cases_of, hold_client
from qa_service.cases.services.settling import unsettle_surveys
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted
from qa_service.organisations.models import CentreSettings

# However well the person is known: after this long one asks again.
LONGEST_DAYS = 730
LONGEST_REASON = 200
FACTS = ("township", "dialect")
GUARDIANS_NUMBER = ("guardian_only", "guardian_phone")


class PlanChanged(Conflict):
    """A colleague, or an import, has changed the plan since it was opened."""

    code = "plan_changed"


class ManagerNeeded(NotPermitted):
    """`details["terms"]` are those that only a manager loosens."""

    code = "manager_needed"


@transaction.atomic
def change_plan(
    *,
    client: Client,
    terms: Terms,
    revision: int,
    township: str = "",
    dialect: str = "",
    why: str = "",
    confirmed: bool = False,
    expires_on: date | None = None,
    user: User,
    now: datetime,
) -> ContactPlan:
    """Write the plan anew, as it was seen at `revision`. Saying again what already stands changes nothing.

    :raises PlanChanged: it was changed meanwhile.
    :raises ManagerNeeded: something is loosened that only a manager loosens.
    :raises InvalidInput: loosened without a reason, texts allowed without asking the person, a guardian not cleared.
    """
    terms = terms.settled()
    # As the plan stands before it is held: with another guardian by then, it has another revision and is refused.
    guarded = ContactPlan.objects.filter(client_id=client.pk).first()
    if guarded is None or any(getattr(guarded, name) != getattr(terms, name) for name in GUARDIANS_NUMBER):
        # Two clients of a case on one telephone are one to ask: on another they may be two. Cases are held first.
        unsettle_surveys(cases=cases_of(client))
    facts = _facts(client, township=township, dialect=dialect)
    if facts:
        hold_client(client)
    plan = _locked(client)
    if plan.revision != revision:
        raise PlanChanged(_("Somebody has changed this contact plan meanwhile. Look at what stands now."))
    before = plan.terms
    fields, looser = changed(before, terms), loosened(before, terms)
    _check(client, before, terms, why=why, confirmed=confirmed)
    if needs_manager(before, terms) and not _manages(user, client):
        raise ManagerNeeded(
            _("A safety note, custody, age or a guardian protects this person. Only a manager may loosen the plan."),
            terms=looser,
        )
    for name in fields:
        setattr(plan, name, getattr(terms, name))
    plan.keep_guardian(terms.guardian_phone)
    plan.sms_allowed = terms.sms_allowed
    if confirmed:
        _confirm(plan, expires_on=expires_on, now=now)
    _describe(client, facts, now=now)
    if fields or confirmed:
        plan.found_shared = False  # what stands now, a person says
        plan.revision += 1
        plan.save()
    if fields or confirmed or facts:
        details = {"fields": [*fields, *facts], "loosened": list(looser), "confirmed": confirmed}
        remark = why.strip()[:LONGEST_REASON] if looser else ""
        record(
            actor=user.actor,
            action="cases.contact_plan_changed",
            subject=client,
            details=details,
            remark=remark,
            at=now,
        )
    return plan


@transaction.atomic
def confirm_plan(*, client: Client, user: User, expires_on: date | None = None, now: datetime) -> ContactPlan:
    """The person was asked and everything stands as it is."""
    plan = _locked(client)
    _confirm(plan, expires_on=expires_on, now=now)
    plan.found_shared = False  # what stands now, a person says
    plan.revision += 1
    plan.save(update_fields=["confirmed_on", "expires_on", "found_shared", "revision"])
    record(
        actor=user.actor,
        action="cases.contact_plan_changed",
        subject=client,
        details={"fields": [], "loosened": [], "confirmed": True},
        at=now,
    )
    return plan


def _locked(client: Client) -> ContactPlan:
    """The plan, held until the end of the transaction; a person without one gets the strictest.

    :raises PersonErased: there is nobody left to reach.
    """
    refuse_erased(client)
    plan, _made = ContactPlan.objects.select_for_update().get_or_create(client_id=client.pk)
    return plan


def _check(client: Client, before: Terms, terms: Terms, *, why: str, confirmed: bool) -> None:
    if loosened(before, terms) and not why.strip():
        raise InvalidInput(_("Say why more is allowed now: the reason is kept with your name."), field="why")
    if terms.sms_allowed and not before.sms_allowed and not confirmed:
        raise InvalidInput(
            _("Text messages are allowed only after the person was asked: tick that you have just confirmed it."),
            field="confirmed",
        )
    if terms.sms_allowed and not client.phone:
        raise InvalidInput(_("There is no telephone number to which a text could go."), field="reason")
    if terms.sms_allowed and client.phone_owner not in (NumberOwner.CLIENT, NumberOwner.GUARDIAN):
        raise InvalidInput(_("The number is not the person's own: no text may go to it."), field="reason")
    if terms.safe_from and terms.safe_until and terms.safe_from >= terms.safe_until:
        raise InvalidInput(_("The safe hours must end after they begin."), field="safe_until")
    _check_guardian(terms)


def _check_guardian(terms: Terms) -> None:
    known = bool(terms.guardian_name or terms.guardian_phone)
    if known != bool(terms.guardian_relation):
        raise InvalidInput(
            _("Give the guardian's name or number, and who they are to the client."), field="guardian_relation"
        )
    if known and not terms.guardian_cleared:
        raise InvalidInput(
            _("Make sure first that the guardian is not the opponent and does not live with them."),
            field="guardian_cleared",
        )


def _confirm(plan: ContactPlan, *, expires_on: date | None, now: datetime) -> None:
    settings = CentreSettings.objects.get(centre_id=plan.client.centre_id)
    today = now.astimezone(ZoneInfo(settings.time_zone)).date()
    until = expires_on or today + timedelta(days=settings.contact_plan_days)
    if not today <= until <= today + timedelta(days=LONGEST_DAYS):
        raise InvalidInput(_("The last day must lie between today and two years from now."), field="expires_on")
    plan.confirmed_on, plan.expires_on = today, until


def _facts(client: Client, *, township: str, dialect: str) -> dict[str, str]:
    """What is told of the person otherwise than it stands."""
    given = {"township": township.strip()[:40], "dialect": dialect.strip()[:40]}
    return {name: given[name] for name in FACTS if getattr(client, name) != given[name]}


def _describe(client: Client, facts: Mapping[str, str], *, now: datetime) -> None:
    if facts:
        for name, told in facts.items():
            setattr(client, name, told)
        client.updated_at = now
        client.save(update_fields=[*facts, "updated_at"])


def _manages(user: User, client: Client) -> bool:
    return Client.objects.filter(within(user, "centre__path", Role.MANAGER), pk=client.pk).exists()
