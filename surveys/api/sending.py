"""How sending stands, for programs."""

from typing import Any, cast

import django_filters
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
from surveys.enums import MessageState
from surveys.models import Message, SendingWarning
from surveys.queries.sending import READING_ROLES, sending_centres, sending_of, warnings_for
from surveys.queries.text_log import GROUPS, LOG_ROLES, about_case, in_group, logged, texts_seen

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


class TextRead(serializers.Serializer[Any]):
    """One invitation or reminder, its state and what that means, in the language asked for. No words, no number."""

    public_id = serializers.UUIDField(read_only=True)
    at = serializers.DateTimeField(read_only=True)
    centre = serializers.CharField(read_only=True)
    case_number = serializers.CharField(read_only=True)
    kind = serializers.CharField(read_only=True)
    step = serializers.IntegerField(read_only=True)
    state = serializers.ChoiceField(choices=MessageState.choices, read_only=True)
    means = serializers.CharField(read_only=True)
    why = serializers.CharField(read_only=True)
    code = serializers.CharField(read_only=True)
    parts = serializers.IntegerField(read_only=True)
    tries = serializers.IntegerField(read_only=True)


class TextFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    state = django_filters.ChoiceFilter(choices=[(name, name) for name in GROUPS], method="of_state")
    case_number = django_filters.CharFilter(max_length=100, method="of_case")

    def of_state(self, rows: QuerySet[Message], _name: str, group: str) -> QuerySet[Message]:
        return in_group(rows, group)

    def of_case(self, rows: QuerySet[Message], _name: str, number: str) -> QuerySet[Message]:
        return about_case(rows, number)


class ByPath(KeysetPagination):
    ordering = "path"


class ByMoment(KeysetPagination):
    ordering = ("-at", "-pk")


class Newest(KeysetPagination):
    ordering = "-pk"


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


@extend_schema(responses=TextRead(many=True))
class TextsView(ListAPIView[Message]):
    """Invitations and reminders one by one, the newest first; none about cases that the reader or their firm handled.

    What clients write and what they are answered is not listed.
    """

    permission_classes = (HasRole.of(*LOG_ROLES),)
    serializer_class = TextRead
    pagination_class = Newest
    filterset_class = TextFilter
    queryset = Message.objects.none()

    def get_queryset(self) -> QuerySet[Message]:
        return texts_seen(cast("User", self.request.user))

    def list(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:  # noqa: ARG002 - the framework's call
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(TextRead(logged(rows), many=True).data)
