"""Which way to ask: the best that the gateway can do and the person allows (design.md 5)."""

from dataclasses import dataclass
from typing import Protocol

from surveys.enums import Channel, StaffReason


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
    number_reachable: bool = True
    opted_out: bool = False
    in_custody: bool = False


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
    return Rung(_without_text(person), reason)


def _why_no_text(*, service: TextService | None, person: Person) -> StaffReason:
    if not person.sms_allowed or person.opted_out:
        return StaffReason.NO_TEXT_ALLOWED
    if service is None or not (service.two_way or service.links or service.templates):
        return StaffReason.NO_GATEWAY
    if not person.number_reachable:
        return StaffReason.NUMBER_REFUSED
    return StaffReason.NONE


def _without_text(person: Person) -> Channel:
    if person.in_custody:
        return Channel.LETTER
    if person.phone_allowed:
        return Channel.TELEPHONE
    return Channel.VISIT if person.visit_allowed else Channel.NONE
