"""What every gateway is and says: its capabilities, what it is given, what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

MAINLAND_CHINA = 86


class Verdict(StrEnum):
    """What to do about a failure. Exactly one for each code of a provider."""

    OK_TO_RETRY = "ok_to_retry"
    UNKNOWN = "unknown"
    PERMANENT = "permanent"
    SUPPRESS = "suppress"
    HALT = "halt"


@dataclass(frozen=True, slots=True)
class Capabilities:
    two_way: bool
    links: bool
    free_text: bool
    templates: bool
    receipts: bool
    # Inside the country whose people are texted: art. 38 PIPL asks for an assessment before numbers leave it.
    domestic: bool
    # Sends to real telephones; the demo's and the tests' do not, so nobody can be woken by them.
    reaches_people: bool = True
    # A text can be given a last hour. Where it cannot, one that waits for a telephone that is off arrives when it may.
    validity: bool = True


@dataclass(frozen=True, slots=True)
class Sms:
    """One text to be sent. `reference` is ours, `valid_for` the seconds in which it may still be delivered.

    `template` and `variables` say the same words by name, for gateways that send registered templates alone; empty for
    words that are none of ours any more.
    """

    reference: str
    to: str
    body: str
    valid_for: int
    template: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Sms({self.reference})"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider took the text; `status` is its own word at that moment."""

    sid: str
    status: str = "accepted"


@dataclass(frozen=True, slots=True)
class Found:
    """A text that the provider's own list holds. `sid` is empty where the list names none; `reference` is ours, where
    the list gives it back: then it settles alone which text this is.
    """

    sid: str
    status: str
    body: str
    error_code: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A text of either direction in the provider's own book. `sender` and `body` are given of what came in alone."""

    sid: str
    inbound: bool
    status: str
    at: datetime
    sender: str = ""
    body: str = ""
    error_code: str = ""

    def __repr__(self) -> str:
        return f"Entry({self.sid})"


class SmsError(Exception):
    """Sending did not end in a receipt. Carries no number and no text.

    `retry_after`: the seconds the provider itself asks us to wait, 0 where it names none.
    """

    def __init__(self, verdict: Verdict, code: str = "", *, retry_after: int = 0) -> None:
        super().__init__(f"{verdict}:{code}")
        self.verdict = verdict
        self.code = code
        self.retry_after = retry_after


@runtime_checkable
class Blanks(Protocol):
    """A provider that keeps what was sent, and lets its words be taken away again."""

    def blank(self, *, sid: str) -> None:
        """Leave no words of a settled text with the provider; one that it does not hold any more is as good.

        :raises SmsError: they may still stand there.
        """
        ...


class Gateway(Protocol):
    name: str

    def capabilities_for(self, to: str) -> Capabilities:
        """What can be done with this number: carriers of one country allow what those of another forbid."""
        ...

    def refuses(self, to: str) -> str:
        """The code of a standing reason not to send to this number at all, or empty."""
        ...

    def send(self, sms: Sms) -> Receipt:
        """Hand one text over, outside any transaction.

        :raises SmsError: with the verdict; UNKNOWN where it may or may not have been taken.
        """
        ...

    def find(self, *, to: str, since: datetime) -> Iterable[Found]:
        """What the provider's list holds for a number since a moment: how an unclear outcome is settled.

        :raises SmsError: the list could not be read.
        """
        ...

    def book(self, *, since: datetime) -> Iterable[Entry]:
        """Whatever was sent or came in since a moment: for what the provider told us in vain.

        :raises SmsError: the book could not be read whole.
        """
        ...
