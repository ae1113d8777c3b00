"""Matters that clients raised, and the numbers to ring, for programs."""

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint
from surveys import queries, services
from surveys.api.serializers import AlertQuery, AlertRead, ConversationRead, NumberRead
from surveys.enums import AlertState
from surveys.models import Alert
from surveys.queries.alerts import alert_of, alerts_seen_by
from surveys.services.answering.alert_calls import reveal_for_alert
from surveys.services.matters.alerts import move_alert
from surveys.services.matters.passing_on import pass_to_bureau

READERS = HasRole.of(Role.FOLLOW_UP, Role.MANAGER, Role.SUPERVISOR)
CALLERS = HasRole.of(Role.FOLLOW_UP, Role.MANAGER)


class PassedOnRead(serializers.Serializer[Any]):
    seen_there = serializers.BooleanField(read_only=True)


def _user(request: Request) -> User:
    return cast("User", request.user)


@extend_schema(parameters=[AlertQuery])
class AlertListView(ListAPIView[Alert]):
    """Matters that clients raised and the user may see, the latest first."""

    permission_classes = (READERS,)
    serializer_class = AlertRead
    queryset = Alert.objects.none()
    query_class = AlertQuery

    def get_queryset(self) -> QuerySet[Alert]:
        wanted = self.query_class(data=self.request.query_params)
        wanted.is_valid(raise_exception=True)
        rows = alerts_seen_by(_user(self.request), now=timezone.now(), **wanted.validated_data)
        return rows.select_related("case__centre", "conversation__recipient", "acknowledged_by")


class AlertView(Endpoint):
    permission_classes = (READERS,)

    @extend_schema(responses=AlertRead)
    def get(self, request: Request, public_id: UUID) -> Response:
        return Response(AlertRead(alert_of(user=_user(request), public_id=public_id)).data)


class _AlertStep(Endpoint):
    permission_classes = (READERS,)
    to: AlertState

    @extend_schema(request=None, responses=AlertRead)
    def post(self, request: Request, public_id: UUID) -> Response:
        found = alert_of(user=_user(request), public_id=public_id)
        return Response(AlertRead(move_alert(user=_user(request), alert=found, to=self.to, now=timezone.now())).data)


class AlertAcknowledgeView(_AlertStep):
    """Take the matter on by name. An unhappy client's matter has steps of its own (409)."""

    to = AlertState.ACKNOWLEDGED


class AlertCloseView(_AlertStep):
    """Close a matter that was taken on."""

    to = AlertState.CLOSED


class AlertPassOnView(Endpoint):
    """It is about the centre's own people: pass it on to the bureau. The centre does not see it any more.

    `seen_there`: whether anybody of the bureau may see it now. 409: the bureau's already, closed, or a matter of danger
    or a wrong number, which stays with the centre.
    """

    permission_classes = (READERS,)

    @extend_schema(request=None, responses=PassedOnRead)
    def post(self, request: Request, public_id: UUID) -> Response:
        found = alert_of(user=_user(request), public_id=public_id)
        seen = pass_to_bureau(user=_user(request), alert=found, now=timezone.now())
        return Response(PassedOnRead({"seen_there": seen}).data)


class AlertNumberView(Endpoint):
    """The number to ring about a matter. Refused (409) where the client or the contact plan says so."""

    permission_classes = (READERS,)

    @extend_schema(request=None, responses=NumberRead)
    def post(self, request: Request, public_id: UUID) -> Response:
        found = alert_of(user=_user(request), public_id=public_id)
        return _number(reveal_for_alert(user=_user(request), alert=found, now=timezone.now()))


class HoldView(Endpoint):
    """Hold one person for half an hour, so that nobody else rings them; or let go."""

    permission_classes = (CALLERS,)

    @extend_schema(request=None, responses=ConversationRead)
    def post(self, request: Request, public_id: UUID) -> Response:
        found = queries.conversation_to_record(user=_user(request), public_id=public_id)
        services.begin_interview(user=_user(request), conversation=found, now=timezone.now())
        return Response(ConversationRead(queries.telephone_conversation(user=_user(request), public_id=public_id)).data)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, public_id: UUID) -> Response:
        found = queries.conversation_to_record(user=_user(request), public_id=public_id)
        services.release_interview(user=_user(request), conversation=found, now=timezone.now())
        return Response(status=204)


class ConversationNumberView(Endpoint):
    """The number to ring, for who holds the person. Refused (409) where the contact plan says so."""

    permission_classes = (CALLERS,)

    @extend_schema(request=None, responses=NumberRead)
    def post(self, request: Request, public_id: UUID) -> Response:
        found = queries.telephone_conversation(user=_user(request), public_id=public_id)
        return _number(services.reveal_for_call(user=_user(request), conversation=found, now=timezone.now()))


def _number(phone: str) -> Response:
    """Nothing between here and the caller keeps it."""
    return Response(NumberRead({"phone": phone}).data, headers={"Cache-Control": "no-store"})
