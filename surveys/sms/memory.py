"""A gateway that keeps what it is given in a list: for tests. Its capabilities and its faults can be set."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from surveys.sms.base import Capabilities, Entry, Found, Receipt, Sms, SmsError

EVERYTHING = Capabilities(two_way=True, links=True, free_text=True, templates=True, receipts=True, domestic=True)


@dataclass(slots=True)
class Memory:
    name: str = "memory"
    capabilities: Capabilities = EVERYTHING
    outbox: list[Sms] = field(default_factory=list)
    # Raised by the next sends, in order; None lets one through.
    faults: list[SmsError | None] = field(default_factory=list)
    # Taken although the fault says otherwise: a reply that was lost on the way.
    taken_in_spite: bool = False
    refused: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def capabilities_for(self, to: str) -> Capabilities:  # noqa: ARG002
        return self.capabilities

    def refuses(self, to: str) -> str:
        return self.refused.get(to, "")

    def send(self, sms: Sms) -> Receipt:
        fault = self.faults.pop(0) if self.faults else None
        if fault is None or self.taken_in_spite:
            self.outbox.append(sms)
        if fault is not None:
            raise fault
        return Receipt(sid=f"MM{sms.reference}")

    def find(self, *, to: str, since: datetime) -> Iterable[Found]:  # noqa: ARG002
        return [Found(sid=f"MM{sms.reference}", status="sent", body=sms.body) for sms in self.outbox if sms.to == to]

    def book(self, *, since: datetime) -> Iterable[Entry]:
        return [entry for entry in self.entries if entry.at >= since]


_GATEWAY = Memory()


def gateway() -> Memory:
    return _GATEWAY


def reset() -> Memory:
    """A fresh one for the next test."""
    global _GATEWAY  # noqa: PLW0603 - one per process is what a gateway is
    _GATEWAY = Memory()
    return _GATEWAY
