"""The demo's gateway: every text lies on a page that looks like a telephone, and is there as soon as it is sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from surveys.sms.base import Capabilities, Entry, Found, Receipt, Sms


@dataclass(frozen=True, slots=True)
class Handset:
    name: str = "handset"

    def capabilities_for(self, to: str) -> Capabilities:  # noqa: ARG002 - every number is the same page
        return Capabilities(
            two_way=True, links=True, free_text=True, templates=True, receipts=True, domestic=True, reaches_people=False
        )

    def refuses(self, to: str) -> str:  # noqa: ARG002
        return ""

    def send(self, sms: Sms) -> Receipt:
        """The row itself is what the page shows, so nothing more is to be done."""
        return Receipt(sid=f"HS{sms.reference}", status="delivered")

    def find(self, *, to: str, since: datetime) -> Iterable[Found]:  # noqa: ARG002
        """Nothing lies outside our own rows, so an interrupted text was not shown and may be sent again."""
        return ()

    def book(self, *, since: datetime) -> Iterable[Entry]:  # noqa: ARG002
        """The page writes its answers to our own rows: there is nothing to miss."""
        return ()


def gateway() -> Handset:
    return Handset()
