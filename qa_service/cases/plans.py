"""What loosens a contact plan and who may do so: plain values in, plain values out."""

from dataclasses import dataclass, fields, replace
from datetime import date, time

from qa_service.cases.enums import ContactReason, Relation

# Reasons that protect a person, or a family that mourns: only a manager lifts one, and while one stands only a manager
# loosens anything.
PROTECTING = frozenset(
    {
        ContactReason.DECEASED,
        ContactReason.SAFETY,
        ContactReason.IN_CUSTODY,
        ContactReason.MINOR,
        ContactReason.INCAPACITY,
        ContactReason.OPPONENT_HOUSEHOLD,
    }
)
# With these nobody speaks before knowing that the person is alone.
NEEDS_PRIVACY = frozenset({ContactReason.SAFETY, ContactReason.OPPONENT_HOUSEHOLD})
# The order of the enumeration says which reason weighs most; no reason weighs least.
WEIGHT = {
    reason: weight for weight, reason in enumerate(reversed([*[r for r in ContactReason if r], ContactReason.NONE]))
}


def weightier(one: str, other: str) -> ContactReason:
    return max(ContactReason(one), ContactReason(other), key=WEIGHT.__getitem__)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a contact plan says. Text messages are allowed where no reason speaks against them."""

    reason: ContactReason = ContactReason.NONE
    phone_allowed: bool = True
    visit_allowed: bool = True
    letter_allowed: bool = True
    needs_safety_check: bool = False
    guardian_only: bool = False
    safe_from: time | None = None
    safe_until: time | None = None
    language: str = "zh-hans"
    code_word: str = ""
    guardian_name: str = ""
    guardian_phone: str = ""
    guardian_relation: Relation = Relation.NONE
    guardian_cleared: bool = False
    note: str = ""

    def __repr__(self) -> str:
        return "Terms(…)"

    @property
    def sms_allowed(self) -> bool:
        return self.reason == ContactReason.NONE

    @property
    def protected(self) -> bool:
        return self.reason in PROTECTING or self.needs_safety_check or self.guardian_only

    def settled(self) -> "Terms":
        """With what follows from itself: whoever may be in danger is asked first whether they are alone.

        A letter lies about, so none goes to a home where somebody is to be feared; into custody it is the way. Of
        somebody who has died nobody asks the family.
        """
        if self.reason == ContactReason.DECEASED:
            return replace(self, phone_allowed=False, visit_allowed=False, letter_allowed=False)
        careful = self.needs_safety_check or self.reason in NEEDS_PRIVACY
        letters = self.letter_allowed and (not careful or self.reason == ContactReason.IN_CUSTODY)
        return replace(self, needs_safety_check=careful, letter_allowed=letters)


TERMS = tuple(field.name for field in fields(Terms))
CHANNELS = ("phone_allowed", "visit_allowed", "letter_allowed")
FLAGS = ("needs_safety_check", "guardian_only")


def changed(before: Terms, after: Terms) -> tuple[str, ...]:
    return tuple(name for name in TERMS if getattr(before, name) != getattr(after, name))


def loosened(before: Terms, after: Terms) -> tuple[str, ...]:
    """The terms that let more happen after than before."""
    found = ["reason"] if _reason_lifted(before.reason, after.reason) else []
    found += [name for name in CHANNELS if getattr(after, name) and not getattr(before, name)]
    found += [name for name in FLAGS if getattr(before, name) and not getattr(after, name)]
    if _hours_widened(before, after):
        found.append("safe_hours")
    if before.code_word and not after.code_word:
        found.append("code_word")
    return tuple(found)


def needs_manager(before: Terms, after: Terms) -> bool:
    return before.protected and bool(loosened(before, after))


def _reason_lifted(before: ContactReason, after: ContactReason) -> bool:
    """A protecting reason gives way to a weightier one that protects too, and to nothing else."""
    if before in (after, ContactReason.NONE):
        return False
    if before in PROTECTING:
        return not (after in PROTECTING and WEIGHT[after] > WEIGHT[before])
    return after == ContactReason.NONE


def _hours_widened(before: Terms, after: Terms) -> bool:
    return (after.safe_from or time.min) < (before.safe_from or time.min) or (after.safe_until or time.max) > (
        before.safe_until or time.max
    )


def expired(expires_on: date | None, *, today: date) -> bool:
    """Whether what was last confirmed no longer lets a text be sent; the last day counts whole."""
    return expires_on is None or today > expires_on
