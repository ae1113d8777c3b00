"""Visits, letters and paper forms for programs: what is to be done, and what became of each."""

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint, MomentField, sent
from surveys import queries, services
from surveys.api.serializers import CallRead, ConversationRead, HeardWrite, heard_in
from surveys.enums import ERRAND_CHANNELS, Channel, ErrandOutcome
from surveys.models import Conversation
from surveys.queries.papers import PRINTING_ROLES

CALLERS = HasRole.of(*PRINTING_ROLES)
RUNGS = [(channel.value, channel.label) for channel in ERRAND_CHANNELS]


class ErrandQuery(serializers.Serializer[Any]):
    """Those of one rung, or all."""

    rung = serializers.ChoiceField(choices=RUNGS, allow_blank=True, default="")


class ErrandWrite(HeardWrite):
    """`again_at`: the visit that was promised, where they asked for another time."""

    outcome = serializers.ChoiceField(choices=ErrandOutcome.choices)
    again_at = MomentField(required=False, allow_null=True, default=None)
    note = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")


@extend_schema(parameters=[ErrandQuery])
class ErrandListView(ListAPIView[Conversation]):
    """Clients to visit, to send a letter or a form to, or whose sheet is out."""

    permission_classes = (CALLERS,)
    serializer_class = ConversationRead
    queryset = Conversation.objects.none()
    query_class = ErrandQuery

    def get_queryset(self) -> QuerySet[Conversation]:
        wanted = ErrandQuery(data=self.request.query_params)
        wanted.is_valid(raise_exception=True)
        rung = wanted.validated_data["rung"]
        channels = [Channel(rung)] if rung else ERRAND_CHANNELS
        rows = queries.errands(user=cast("User", self.request.user), channels=channels, now=timezone.now())
        return rows.select_related("questionnaire", "case__centre", "recipient")


class ErrandView(Endpoint):
    """What became of one visit, letter or paper form that brought no answers. Answers go to `interview`."""

    permission_classes = (CALLERS,)

    @extend_schema(request=ErrandWrite, responses={201: CallRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        user = cast("User", request.user)
        conversation = queries.telephone_conversation(user=user, public_id=public_id)
        given = sent(request, ErrandWrite)
        contact = services.record_errand(
            user=user,
            conversation=conversation,
            outcome=ErrandOutcome(given["outcome"]),
            note=given["note"],
            again_at=given["again_at"],
            heard=heard_in(given),
            of_centre=given["of_centre"],
            now=timezone.now(),
        )
        return Response(CallRead(contact).data, status=201)
