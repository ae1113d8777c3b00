"""What is known of one person at this moment: may they be texted, and in which hours."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings

from qa_service.accounts.models import User
from qa_service.cases.enums import ContactReason
from qa_service.cases.models import Case, Client, ContactPlan
from qa_service.cases.plans import NEEDS_PRIVACY
from qa_service.cases.services import reveal_guardian_phone, reveal_phone
from qa_service.common import phones
from qa_service.organisations.models import CentreSettings
from surveys.ladder import Person
from surveys.mid_case import BY_A_PERSON, narrowed, waits_for_word
from surveys.models import Conversation, MidCasePlan
from surveys.queries.persons import ALL_OPEN, Closed, closed_to
from surveys.recovery import is_second
from surveys.services.contact.opt_outs import is_opted_out
from surveys.sms.base import Gateway
from surveys.timing import Hours

# Never sent again by itself where an outcome is unclear.
CAREFUL_REASONS = tuple(NEEDS_PRIVACY)


@dataclass(frozen=True, slots=True)
class Reach:
    person: Person
    hours: Hours
    careful: bool
    language: str


def reach_of(*, client: Client, settings: CentreSettings, gateway: Gateway | None, now: datetime) -> Reach:
    """:raises nothing: a person without a contact plan is simply not texted."""
    opted_out = bool(client.phone_index) and is_opted_out(phone_index=client.phone_index, centre_id=settings.centre_id)
    elsewhere = closed_to(client)
    return reach_with(
        client=client, settings=settings, gateway=gateway, opted_out=opted_out, elsewhere=elsewhere, now=now
    )


def reach_with(
    *,
    client: Client,
    settings: CentreSettings,
    gateway: Gateway | None,
    opted_out: bool,
    elsewhere: Closed,
    now: datetime,
) -> Reach:
    """The same where our own list has been looked at already, for many people at once.

    `elsewhere`: what another centre closed to the same person. Staff are told no more than that the way is not open.
    """
    plan = plan_of(client)
    today = now.astimezone(ZoneInfo(settings.time_zone)).date()
    person = without_text(client, elsewhere=elsewhere)
    refused = bool(gateway and client.phone and gateway.refuses(client.phone))
    return Reach(
        person=replace(
            person,
            sms_allowed=bool(
                plan
                and plan.sms_allowed
                and not plan.reason
                and settings.sms_enabled
                and client.phone
                and not elsewhere.text
            ),
            confirmed=plan is not None and not plan.expired(today=today),
            number_reachable=not refused,
            country_texted=not client.phone or phones.country_code(client.phone) in settings.countries,
            opted_out=opted_out,
        ),
        hours=Hours(
            zone=ZoneInfo(settings.time_zone),
            opens=settings.contact_opens,
            closes=settings.contact_closes,
            safe_from=plan.safe_from if plan else None,
            safe_until=plan.safe_until if plan else None,
            margin=_margin(client, gateway),
        ),
        careful=_careful(plan),
        language=plan.language if plan else "zh-hans",
    )


def _margin(client: Client, gateway: Gateway | None) -> timedelta:
    """Before the hours end, where nobody can tell the carrier until when a text may be delivered."""
    if gateway is None or not client.phone or gateway.capabilities_for(client.phone).validity:
        return timedelta(0)
    return timedelta(minutes=django_settings.SMS_LAST_HAND_OVER_MINUTES)


def without_text(client: Client, *, elsewhere: Closed = ALL_OPEN) -> Person:
    """What is open to this person by the contact plan, and by what another centre closed; text messages apart."""
    plan = plan_of(client)
    in_custody = plan is not None and plan.reason == ContactReason.IN_CUSTODY
    return Person(
        sms_allowed=False,
        phone_allowed=(plan is None or plan.phone_allowed) and not elsewhere.phone,
        visit_allowed=(plan is None or plan.visit_allowed) and not elsewhere.visit,
        # A sheet of paper lies about at home: not where somebody there is to be feared.
        paper_allowed=not elsewhere.letter
        and (plan is None or (plan.letter_allowed and (in_custody or not _careful(plan)))),
        # By its index: whoever only asks which way is open reads no number.
        has_number=bool(client.phone_index),
        in_custody=in_custody,
    )


def while_under_way(person: Person, *, client: Client, conversation: Conversation) -> Person:
    """What of it is open in a follow-up while the case runs; after closing everything.

    Asked again while it runs because a matter was put right, nobody gets a sheet.
    """
    mid_case_plan = conversation.mid_case_plan
    if mid_case_plan is None:
        again = is_second(conversation.wave) and conversation.case.closed_on is None
        return narrowed(person, BY_A_PERSON) if again else person
    return within_plan(person, mid_case_plan=mid_case_plan, client=client, case=conversation.case)


def within_plan(person: Person, *, mid_case_plan: MidCasePlan, client: Client, case: Case) -> Person:
    """The ways that the plan uses; none for whoever must be spoken with first, nor without a contact plan."""
    plan = plan_of(client)
    if plan is None or waits_for_word(
        reason=ContactReason(plan.reason),
        needs_safety_check=plan.needs_safety_check,
        confirmed_on=plan.confirmed_on,
        begun_on=case.begun_on,
    ):
        return narrowed(person, ())
    return narrowed(person, mid_case_plan.terms.ways)


def _careful(plan: ContactPlan | None) -> bool:
    return plan is not None and (plan.needs_safety_check or plan.reason in CAREFUL_REASONS)


def number_to_ring(client: Client, *, user: User, reason: str, now: datetime) -> str:
    """In full; the guardian's where the guardian alone is spoken with. The look is recorded."""
    plan = plan_of(client)
    reveal = reveal_guardian_phone if plan and plan.guardian_only and plan.guardian_phone else reveal_phone
    return reveal(client=client, actor=user.actor, reason=reason, now=now)


def plan_of(client: Client) -> ContactPlan | None:
    try:
        return client.contact_plan
    except ContactPlan.DoesNotExist:
        return None
