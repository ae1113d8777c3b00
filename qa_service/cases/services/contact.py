"""What an export may do to a contact plan: make it, and make it safer; never loosen what already holds."""

from collections.abc import Iterable

from qa_service.cases.enums import ContactReason
from qa_service.cases.intake import ContactInput
from qa_service.cases.models import ContactPlan

# The order of the enumeration says which reason weighs most; no reason weighs least.
WEIGHT = {
    reason: weight for weight, reason in enumerate(reversed([*[r for r in ContactReason if r], ContactReason.NONE]))
}
PLAN_FIELDS = ("sms_allowed", "reason", "needs_safety_check", "guardian_only", "note")


def weightier(one: str, other: str) -> ContactReason:
    return max(ContactReason(one), ContactReason(other), key=WEIGHT.__getitem__)


def new_plan(*, client_id: int, contact: ContactInput) -> ContactPlan:
    return ContactPlan(
        client_id=client_id,
        sms_allowed=contact.sms_allowed,
        reason=contact.reason,
        needs_safety_check=contact.needs_safety_check,
        guardian_only=contact.guardian_only,
        note=contact.note,
    )


def tighten(plan: ContactPlan, contact: ContactInput) -> bool:
    """Take over what makes the plan safer; returns whether anything changed.

    A plan that a member of staff confirmed yields to nothing but a new danger.
    """
    if plan.confirmed_on and contact.reason != ContactReason.SAFETY:
        return False
    before = [getattr(plan, field) for field in PLAN_FIELDS]
    _restrict(plan, contact.reason)
    plan.needs_safety_check = plan.needs_safety_check or contact.needs_safety_check
    plan.guardian_only = plan.guardian_only or contact.guardian_only
    plan.note = contact.note or plan.note
    return before != [getattr(plan, field) for field in PLAN_FIELDS]


def inherit(plan: ContactPlan, former: ContactPlan) -> bool:
    """A case whose client's name or number was corrected keeps the restrictions of the former entry."""
    before = [getattr(plan, field) for field in PLAN_FIELDS]
    _restrict(plan, ContactReason(former.reason))
    if not former.sms_allowed:
        plan.sms_allowed = False
    plan.needs_safety_check = plan.needs_safety_check or former.needs_safety_check
    plan.guardian_only = plan.guardian_only or former.guardian_only
    return before != [getattr(plan, field) for field in PLAN_FIELDS]


def forbid_shared(plans: Iterable[ContactPlan]) -> list[ContactPlan]:
    """Nobody is texted at a number that several people of the centre gave, unless staff confirmed whose it is.

    Returns the plans that changed.
    """
    changed = []
    for plan in plans:
        if plan.sms_allowed and not plan.confirmed_on:
            _restrict(plan, ContactReason.NUMBER_SHARED)
            changed.append(plan)
    return changed


def _restrict(plan: ContactPlan, reason: ContactReason) -> None:
    plan.reason = weightier(plan.reason, reason)
    if plan.reason:
        plan.sms_allowed = False
