"""What is known of one person at this moment: may they be texted, and in which hours."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from qa_service.cases.enums import ContactReason
from qa_service.cases.models import Client, ContactPlan
from qa_service.organisations.models import CentreSettings
from surveys.ladder import Person
from surveys.services.opt_outs import is_opted_out
from surveys.sms.base import Gateway
from surveys.timing import Hours

# Never sent again by itself where an outcome is unclear.
CAREFUL_REASONS = (ContactReason.SAFETY,)


@dataclass(frozen=True, slots=True)
class Reach:
    person: Person
    hours: Hours
    careful: bool
    language: str


def reach_of(*, client: Client, settings: CentreSettings, gateway: Gateway | None) -> Reach:
    """:raises nothing: a person without a contact plan is simply not texted."""
    plan = plan_of(client)
    refused = bool(gateway and client.phone and gateway.refuses(client.phone))
    return Reach(
        person=Person(
            sms_allowed=bool(plan and plan.sms_allowed and not plan.reason and settings.sms_enabled and client.phone),
            phone_allowed=plan is None or plan.phone_allowed,
            visit_allowed=plan is None or plan.visit_allowed,
            number_reachable=not refused,
            opted_out=bool(client.phone_index)
            and is_opted_out(phone_index=client.phone_index, centre_id=settings.centre_id),
            in_custody=plan is not None and plan.reason == ContactReason.IN_CUSTODY,
        ),
        hours=Hours(
            zone=ZoneInfo(settings.time_zone),
            opens=settings.contact_opens,
            closes=settings.contact_closes,
            safe_from=plan.safe_from if plan else None,
            safe_until=plan.safe_until if plan else None,
        ),
        careful=plan is not None and (plan.needs_safety_check or plan.reason in CAREFUL_REASONS),
        language=plan.language if plan else "zh-hans",
    )


def plan_of(client: Client) -> ContactPlan | None:
    try:
        return client.contact_plan
    except ContactPlan.DoesNotExist:
        return None
