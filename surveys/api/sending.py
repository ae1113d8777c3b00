"""How sending stands, for programs."""

from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.paging import KeysetPagination
from qa_service.organisations.models import Organisation
from surveys.models import SendingWarning
from surveys.queries.sending import READING_ROLES, sending_centres, sending_of, warnings_for

READERS = HasRole.of(*READING_ROLES)


class HeldRead(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True)
    why = serializers.CharField(read_only=True)
    number = serializers.IntegerField(read_only=True)
    until = serializers.DateTimeField(read_only=True, allow_null=True)


class SendingRead(serializers.Serializer[Any]):
    """Texts of one centre that were handed over, beside its limits, and those that wait, by reason."""

    centre = serializers.CharField(source="centre.code", read_only=True)
    today = serializers.IntegerField(read_only=True)
    texts_a_day = serializers.IntegerField(source="centre.settings.texts_a_day", read_only=True)
    month = serializers.IntegerField(read_only=True)
    texts_a_month = serializers.IntegerField(source="centre.settings.texts_a_month", read_only=True)
    text_countries = serializers.CharField(source="centre.settings.text_countries", read_only=True)
    held = HeldRead(many=True, read_only=True)


class WarningRead(serializers.ModelSerializer[SendingWarning]):
    """`centre` null: a matter of the text service."""

    centre = serializers.CharField(source="centre.code", read_only=True, default=None)

    class Meta:
        model = SendingWarning
        fields = ("kind", "centre", "day", "number", "at")
        read_only_fields = fields


class ByPath(KeysetPagination):
    ordering = "path"


class ByMoment(KeysetPagination):
    ordering = ("-at", "-pk")


class SendingView(ListAPIView[Organisation]):
    """The user's centres: what has gone against the limits, what waits and why."""

    permission_classes = (READERS,)
    serializer_class = SendingRead
    pagination_class = ByPath
    filter_backends = ()
    queryset = Organisation.objects.none()

    def get_queryset(self) -> QuerySet[Organisation]:
        return sending_centres(cast("User", self.request.user))

    def list(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:  # noqa: ARG002 - the framework's call
        centres = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(SendingRead(sending_of(centres, now=timezone.now()), many=True).data)


@extend_schema(description="Warnings of the last 30 days about the user's centres; operators also see the service's.")
class WarningsView(ListAPIView[SendingWarning]):
    permission_classes = (READERS,)
    serializer_class = WarningRead
    pagination_class = ByMoment
    filter_backends = ()
    queryset = SendingWarning.objects.none()

    def get_queryset(self) -> QuerySet[SendingWarning]:
        return warnings_for(cast("User", self.request.user), now=timezone.now())
