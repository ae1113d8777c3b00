"""Records to bind, for programs."""

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
from qa_service.common.api import Whole, sent
from qa_service.common.paging import KeysetPagination
from surveys.models import Response as Record
from surveys.queries.binding import records_to_bind
from surveys.queries.papers import PRINTING_ROLES
from surveys.services.organs.binding import confirm_bound


class RecordToBindRead(serializers.Serializer[Any]):
    """`conversation` names the interview whose record is printed, `printed` tells whether it was."""

    id = serializers.UUIDField(source="public_id")
    conversation = serializers.UUIDField(source="conversation.public_id")
    case_number = serializers.CharField(source="conversation.case.number")
    centre = serializers.CharField(source="conversation.case.centre.code")
    closed_on = serializers.DateField(source="conversation.case.closed_on", allow_null=True)
    finished_at = serializers.DateTimeField()
    printed = serializers.BooleanField()


class BoundWrite(Whole):
    records = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=200)


class BoundRead(serializers.Serializer[Any]):
    bound = serializers.IntegerField(help_text="How many were not confirmed before")


class ByClosing(KeysetPagination):
    ordering = ("conversation__case__closed_on", "pk")


class RecordsToBindView(ListAPIView[Record]):
    """Follow-up records that are not bound yet, of the oldest cases first; POST confirms that some are."""

    permission_classes = (HasRole.of(*PRINTING_ROLES),)
    serializer_class = RecordToBindRead
    pagination_class = ByClosing
    filter_backends = ()
    queryset = Record.objects.none()

    def get_queryset(self) -> QuerySet[Record]:
        return records_to_bind(cast("User", self.request.user))

    @extend_schema(request=BoundWrite, responses=BoundRead)
    def post(self, request: Request) -> Response:
        given = sent(request, BoundWrite)
        count = confirm_bound(user=cast("User", request.user), records=given["records"], now=timezone.now())
        return Response(BoundRead({"bound": count}).data)
