"""What somebody typed into a page whose session had ended, carried over the sign-in: sealed, for twelve hours.

It travels in the page at the door and nowhere else: no row is written for somebody who is not signed in, nothing is
kept in the browser of a computer that others use, and whoever reads the source of the page learns nothing. Where it is
known whose session it was, nobody else can send it. A form with a password is never taken along.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from cryptography.fernet import InvalidToken

from qa_service.common.encryption import decrypt, encrypt

PURPOSE = "typed"
CARRIED_FOR = timedelta(hours=12)
CARRIED_AT_MOST = 500_000  # characters; beyond it a page says that nothing could be kept
NEVER_CARRIED = "password"


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent: to which address, from which page, and whose session it was where that is known."""

    address: str
    page: str
    fields: tuple[tuple[str, str], ...]
    person: int | None
    at: int

    @classmethod
    def of(
        cls, *, address: str, page: str, fields: Mapping[str, list[str]], person: int | None, now: datetime
    ) -> Self | None:
        """None: there is nothing to carry, or what must not or cannot be carried."""
        pairs = tuple((name, value) for name, values in fields.items() for value in values)
        if not pairs or any(NEVER_CARRIED in name for name, _value in pairs):
            return None
        if sum(len(name) + len(value) for name, value in pairs) > CARRIED_AT_MOST:
            return None
        return cls(address=address, page=page, fields=pairs, person=person, at=int(now.timestamp()))

    def sealed(self) -> str:
        return encrypt(json.dumps({"for": PURPOSE, **asdict(self)}))

    @classmethod
    def opened(cls, token: str, *, person: int, now: datetime) -> Self | None:
        """None: not ours, too old, or typed in the session of somebody else."""
        try:
            held: dict[str, Any] = json.loads(decrypt(token) or "{}")
        except (InvalidToken, ValueError):
            return None
        if held.pop("for", None) != PURPOSE:
            return None
        fields = tuple((name, value) for name, value in held.pop("fields"))
        typed = cls(fields=fields, **held)
        old = now.timestamp() - typed.at > CARRIED_FOR.total_seconds()
        return None if old or typed.person not in {None, person} else typed
