"""Who is asked about a case and who waits for their turn, for programs."""

from typing import Any, cast
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint
from surveys.enums import PassedOver, Standing
from surveys.models.conversations import STAFF_ROLES
from surveys.queries import turns


class ClientTurnRead(serializers.Serializer[Any]):
    """How one client of a case stands. `on`: when they were asked, or the day before which they are not asked."""

    client = serializers.UUIDField(source="client.public_id")
    name = serializers.CharField(source="client.name")
    standing = serializers.ChoiceField(choices=Standing.choices)
    on = serializers.DateField(allow_null=True)
    state = serializers.CharField(allow_null=True)
    passed_over = serializers.ChoiceField(choices=PassedOver.choices, allow_blank=True)


class WaitingRead(serializers.Serializer[Any]):
    """Who waits because they were asked about another matter within 30 days. `before`: matters of the same person
    that come first; `not_before`: the first moment at which they may be asked about this one.
    """

    case = serializers.UUIDField()
    case_number = serializers.CharField()
    client = serializers.UUIDField()
    asked_at = serializers.DateTimeField()
    before = serializers.IntegerField()
    not_before = serializers.DateTimeField()


class CaseTurnsView(Endpoint):
    """Every known client of one case: asked, to be asked, waiting, or not drawn and why."""

    permission_classes = (HasRole.of(*STAFF_ROLES),)

    @extend_schema(responses=ClientTurnRead(many=True))
    def get(self, request: Request, public_id: UUID) -> Response:
        case = turns.case_to_ask_about(user=cast("User", request.user), public_id=public_id)
        return Response(ClientTurnRead(turns.turns_of_case(case, now=timezone.now()), many=True).data)


class WaitingView(Endpoint):
    """People who wait for their turn, the nearest first: not asked yet, which is not silence."""

    permission_classes = (HasRole.of(*STAFF_ROLES),)

    @extend_schema(responses=WaitingRead(many=True))
    def get(self, request: Request) -> Response:
        rows = turns.waiting_for_turn(user=cast("User", request.user), now=timezone.now())
        found = [
            {
                "case": case.public_id,
                "case_number": case.number,
                "client": client.public_id,
                "asked_at": row.asked_at,
                "before": row.before,
                "not_before": row.not_before,
            }
            for row, case, client in turns.cases_and_clients(rows)
        ]
        return Response(WaitingRead(found, many=True).data)
