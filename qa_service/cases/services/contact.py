"""What an export may do to a contact plan: make it, and make it safer; never loosen what already holds."""

from collections.abc import Iterable
from datetime import date

from qa_service.audit.services import Act
from qa_service.cases.enums import ContactReason
from qa_service.cases.intake import ContactInput
from qa_service.cases.models import Client, ContactPlan
from qa_service.cases.plans import CHANNELS, weightier

# What an import may write; `revision` tells whoever has the plan open that it changed.
PLAN_FIELDS = (
    "sms_allowed", *CHANNELS, "reason", "found_shared", "needs_safety_check", "guardian_only", "safe_from",
    "safe_until", "language", "code_word", "guardian_name", "guardian_phone", "guardian_index", "guardian_relation",
    "guardian_cleared", "note", "expires_on", "revision",
)  # fmt: skip
# What a corrected entry takes over from the former one, where it says nothing of its own.
KEPT = (
    ("safe_from", "safe_until"),
    ("code_word",),
    ("guardian_name", "guardian_phone", "guardian_index", "guardian_relation", "guardian_cleared"),
)


def new_plan(*, client_id: int, contact: ContactInput, expires_on: date) -> ContactPlan:
    """`expires_on` is the last day on which the consent that the row states lets a text be sent."""
    return ContactPlan(
        client_id=client_id,
        sms_allowed=contact.sms_allowed,
        reason=contact.reason,
        needs_safety_check=contact.needs_safety_check,
        guardian_only=contact.guardian_only,
        letter_allowed=contact.reason == ContactReason.IN_CUSTODY or not contact.needs_safety_check,
        note=contact.note,
        expires_on=expires_on,
    )


def tighten(plan: ContactPlan, contact: ContactInput, *, expires_on: date, of_this_number: bool) -> bool:
    """Take over what makes the plan safer, whoever confirmed it; returns whether anything changed.

    Loosening is for staff alone; a younger consent only makes what nobody confirmed hold longer, and only a consent
    to the number that the person has now: of one that staff have learnt since the row says nothing.
    """
    before = [getattr(plan, field) for field in PLAN_FIELDS]
    if contact.sms_allowed and of_this_number and not plan.confirmed_on:
        plan.expires_on = max(expires_on, plan.expires_on or expires_on)
    _restrict(plan, contact.reason)
    plan.needs_safety_check = plan.needs_safety_check or contact.needs_safety_check
    plan.guardian_only = plan.guardian_only or contact.guardian_only
    plan.note = contact.note or plan.note
    return before != [getattr(plan, field) for field in PLAN_FIELDS]


def inherit(plan: ContactPlan, former: ContactPlan, *, usable_instead: bool) -> bool:
    """A case whose client's name or number was corrected keeps the restrictions of the former entry.

    `usable_instead`: another number has come, to which texts can go. That the former one was of no use is no longer
    true then; every other reason weighs more and would stand in its place. Whether several people have the number is
    not inherited where nobody told it: it is looked up anew.
    """
    before = [getattr(plan, field) for field in PLAN_FIELDS]
    if not ((usable_instead and former.reason == ContactReason.NUMBER_INVALID) or former.found_shared):
        _restrict(plan, ContactReason(former.reason))
        plan.sms_allowed = plan.sms_allowed and former.sms_allowed
    for channel in CHANNELS:
        setattr(plan, channel, getattr(plan, channel) and getattr(former, channel))
    for names in KEPT:
        if not any(getattr(plan, name) for name in names):
            for name in names:
                setattr(plan, name, getattr(former, name))
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
            plan.found_shared = True
            changed.append(plan)
    return changed


def allow_unshared(plans: Iterable[ContactPlan]) -> list[ContactPlan]:
    """Lift what `forbid_shared` found where it no longer holds: a reason that somebody told or set stays.

    Returns the plans that changed.
    """
    lifted = [plan for plan in plans if plan.found_shared]
    for plan in lifted:
        plan.reason, plan.sms_allowed, plan.found_shared = ContactReason.NONE, True, False
    return lifted


def reachable_again(client_id: int) -> Act:
    """What is kept of a reason that ended because another number has come, or nobody else has the number any more."""
    details = {"fields": ["reason"], "loosened": ["reason"], "confirmed": False}
    return Act("cases.contact_plan_changed", Client._meta.label, str(client_id), details)


def _restrict(plan: ContactPlan, reason: ContactReason) -> None:
    former, plan.reason = plan.reason, weightier(plan.reason, reason)
    plan.found_shared = plan.found_shared and not reason
    if plan.reason:
        plan.sms_allowed = False
    if plan.reason == ContactReason.SAFETY != former:
        plan.letter_allowed = False
