"""Which way to ask: the best that the gateway can do and the person allows (design.md 5)."""

from dataclasses import dataclass
from typing import Protocol

from surveys.enums import Channel, StaffReason

DEPTH = {channel: depth for depth, channel in enumerate(Channel)}


class TextService(Protocol):
    """What a gateway states of itself. `surveys.sms` has the real one."""

    @property
    def two_way(self) -> bool: ...
    @property
    def links(self) -> bool: ...
    @property
    def templates(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Person:
    """What the contact plan, the number and our own list allow."""

    sms_allowed: bool
    phone_allowed: bool = True
    visit_allowed: bool = True
    paper_allowed: bool = True
    has_number: bool = True
    # What the person last agreed to is recent enough to text them.
    confirmed: bool = True
    number_reachable: bool = True
    # Its country is among those that the centre texts.
    country_texted: bool = True
    opted_out: bool = False
    in_custody: bool = False

    @property
    def takes_texts(self) -> bool:
        """Whatever the gateway carries, and whether or not the number itself asked for none."""
        return self.sms_allowed and self.confirmed and self.number_reachable and self.country_texted


@dataclass(frozen=True, slots=True)
class Rung:
    channel: Channel
    reason: StaffReason = StaffReason.NONE


def best_rung(*, service: TextService | None, person: Person) -> Rung:
    """The highest rung open to this person; `reason` says why it is not a text message.

    A reply is preferred to a link, a link to a code: each asks more of the reader than the one before. A code asks the
    reader to telephone, so it goes only to people who may telephone.
    """
    reason = _why_no_text(service=service, person=person)
    if reason is StaffReason.NONE and service is not None:
        if service.two_way:
            return Rung(Channel.SMS_TWO_WAY)
        if service.links:
            return Rung(Channel.SMS_LINK)
        return Rung(Channel.SMS_CODE)
    return Rung(first_staff_rung(person), reason)


def _why_no_text(*, service: TextService | None, person: Person) -> StaffReason:
    if not person.sms_allowed or person.opted_out:
        return StaffReason.NO_TEXT_ALLOWED
    if not person.confirmed:
        return StaffReason.PLAN_EXPIRED
    if service is None or not (service.two_way or service.links or service.templates):
        return StaffReason.NO_GATEWAY
    if not person.country_texted:
        return StaffReason.COUNTRY
    if not person.number_reachable:
        return StaffReason.NUMBER_REFUSED
    return StaffReason.NONE


def staff_rungs(person: Person) -> tuple[Channel, ...]:
    """The rungs on which a person of the centre asks, as far as they are open to this person, best first.

    In custody a letter goes in, then perhaps somebody; nobody there can be telephoned or send a sheet back unread.
    """
    if person.in_custody:
        open_to = {Channel.LETTER: person.paper_allowed, Channel.VISIT: person.visit_allowed}
    else:
        open_to = {
            Channel.TELEPHONE: person.phone_allowed and person.has_number,
            Channel.VISIT: person.visit_allowed,
            Channel.PAPER: person.paper_allowed,
        }
    return tuple(channel for channel, is_open in open_to.items() if is_open)


def first_staff_rung(person: Person) -> Channel:
    """Where a text message gives way; NONE when no other way is open."""
    return next(iter(staff_rungs(person)), Channel.NONE)


def next_rung(*, after: Channel, person: Person) -> Channel:
    """The rung below one that failed or lapsed; NONE when none is left. Nobody is asked twice on one rung."""
    rungs = staff_rungs(person)
    if after in rungs:
        below = rungs[rungs.index(after) + 1 :]
    else:  # the contact plan has closed the rung since
        below = tuple(rung for rung in rungs if DEPTH[rung] > DEPTH[after])
    return next(iter(below), Channel.NONE)


def rungs_left(*, on: Channel, person: Person) -> int:
    """How many rungs there are from this one down, itself included."""
    rungs = staff_rungs(person)
    return len(rungs) - rungs.index(on) if on in rungs else 1
