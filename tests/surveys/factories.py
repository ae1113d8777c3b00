"""Rows of asking, made through the services that make them in life."""

from datetime import datetime
from itertools import count
from typing import Any

from qa_service.cases.enums import Relation
from qa_service.cases.models import Case, Client
from qa_service.organisations.queries import calendar
from surveys import services
from surveys.models import Conversation, Message
from surveys.services.inviting.invitations import Frame, invite
from surveys.services.outgoing.claims import claim, hand_over
from surveys.services.outgoing.gateways import gateway_in_use
from tests import factories
from tests.factories import NOW
from tests.scenes import scene
from tests.surveys.published import published

_sids = count(1)


@scene
def questionnaires(now: datetime = NOW) -> None:
    published(now=now)


@scene
def case_to_ask(*, settings: dict[str, Any] | None = None, plan: dict[str, Any] | None = None, **fields: Any) -> Case:
    """A released case of a centre that texts at once, whose client may be texted."""
    at = fields.pop("at", None) or factories.centre(
        settings={"sms_enabled": True, "first_contact_delay_days": 0} | (settings or {})
    )
    client = fields.pop("client", None) or factories.client(at, plan=plan)
    return factories.case(at, client=client, **fields)


def through_guardian(client: Client | None, phone: str) -> None:
    """The guardian alone is spoken with, on this number."""
    assert client is not None
    plan = client.contact_plan
    plan.keep_guardian(phone)
    plan.guardian_only, plan.guardian_relation, plan.guardian_cleared = True, Relation.PARENT, True
    plan.save()


@scene
def invited(now: datetime = NOW, **fields: Any) -> Conversation:
    """A conversation whose invitation lies in the outbox (or on the telephone list)."""
    questionnaires(now)
    case = case_to_ask(**fields)
    # As the sweep does once it has found whose turn it is, which is a question of its own and costs four times as much.
    frame = Frame(gateway=gateway_in_use(), calendar=calendar(), now=now)
    begun = invite(case=case, client=case.client, frame=frame)
    return Conversation.objects.get(pk=begun.pk)


def asked(now: datetime = NOW, **fields: Any) -> Conversation:
    """The same, with the invitation sent."""
    conversation = invited(now, **fields)
    services.deliver_next(now=now)
    return conversation


def reply(conversation: Conversation, body: str, *, sid: str = "", now: datetime = NOW, **given: Any) -> Any:
    assert conversation.recipient is not None
    return services.receive_text(
        gateway="memory",
        sid=sid or f"IN{next(_sids)}",
        sender=conversation.recipient.phone,
        body=body,
        now=now,
        **given,
    )


def claimed(now: datetime = NOW, *, gateway: str = "memory") -> Message | None:
    """The first text that is due, held by a worker that has not sent it yet; None where nothing is."""
    return next(iter(claim(gateway=gateway, most=1, now=now).messages), None)


def handed_over(now: datetime = NOW, *, gateway: str = "memory") -> Message:
    """The same, by a worker that is just about to tell the provider of it."""
    message = claimed(now, gateway=gateway)
    assert message is not None
    assert hand_over([message], now=now)
    return message
