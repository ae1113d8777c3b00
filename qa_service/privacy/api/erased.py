"""What was erased and what is held back, for programs: counts alone."""

from typing import cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint
from qa_service.common.paging import KeysetPagination
from qa_service.privacy.models import Erased, HeldBack
from qa_service.privacy.queries.terms import READERS


class ErasedRead(serializers.ModelSerializer[Erased]):
    """`centre` is null for what belongs to no centre."""

    centre = serializers.CharField(source="centre.code", default=None, allow_null=True, read_only=True)

    class Meta:
        model = Erased
        fields = ("day", "centre", "rule", "cause", "count")
        read_only_fields = fields


class HeldBackRead(serializers.ModelSerializer[HeldBack]):
    centre = serializers.CharField(source="centre.code", read_only=True)

    class Meta:
        model = HeldBack
        fields = ("day", "centre", "rule", "hold", "count")
        read_only_fields = fields


class ByDay(KeysetPagination):
    ordering = ("-day", "-pk")


class ErasedListView(ListAPIView[Erased]):
    """How many rows of which rule were erased at which centre on which day, the newest first."""

    permission_classes = (HasRole.of(*READERS),)
    serializer_class = ErasedRead
    pagination_class = ByDay
    filter_backends = ()
    queryset = Erased.objects.none()

    def get_queryset(self) -> QuerySet[Erased]:
        return Erased.objects.visible_to(cast("User", self.request.user), *READERS).select_related("centre")


class HeldBackView(Endpoint):
    """What is over and stands, and what holds it, as the last sweep found it."""

    permission_classes = (HasRole.of(*READERS),)

    @extend_schema(responses=HeldBackRead(many=True))
    def get(self, request: Request) -> Response:
        rows = HeldBack.objects.visible_to(cast("User", request.user), *READERS).select_related("centre")
        return Response(HeldBackRead(rows.order_by("centre__path", "rule", "hold"), many=True).data)
