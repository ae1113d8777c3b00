"""A person who asks about their own data, and whoever answers."""

from datetime import date
from typing import Any

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Client
from qa_service.privacy.enums import CameBy, Proof, RequestKind, RequestState
from qa_service.privacy.models import PersonRequest
from qa_service.privacy.services import Asking, answer_request, register_request
from tests import factories
from tests.factories import NOW

TODAY = date(2026, 11, 20)


def boss_of(client: Client | None) -> User:
    assert client is not None
    return factories.user(Role.MANAGER, at=client.centre)


def asks(
    client: Client | None, kind: str = RequestKind.ERASURE, *, by: User | None = None, **said: Any
) -> PersonRequest:
    assert client is not None
    given: dict[str, Any] = {"proof": Proof.IDENTITY_CARD, "came_by": CameBy.COUNTER, "received_on": TODAY} | said
    return register_request(
        user=by or boss_of(client), client=client, asking=Asking(kind=RequestKind(kind), **given), now=NOW
    )


def granted(request: PersonRequest, *, by: User | None = None, now: Any = NOW) -> PersonRequest:
    return answer_request(user=by or boss_of(request.client), request=request, decision=RequestState.GRANTED, now=now)


def told(request: PersonRequest) -> dict[str, tuple[int, str]]:
    """By rule: how many rows, and why they stay."""
    return {line["rule"]: (line["rows"], line["why"]) for line in request.outcome}
