"""What the service failed at and left out for a while, for programs."""

from typing import cast
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
from qa_service.common.api import Endpoint
from qa_service.common.paging import KeysetPagination
from surveys.models import SetAside
from surveys.models.set_aside import TOLD_ROLES
from surveys.queries.set_aside import row_set_aside, rows_set_aside
from surveys.services.contact.setting_aside import try_again

TOLD = HasRole.of(*TOLD_ROLES)


class SetAsideRead(serializers.ModelSerializer[SetAside]):
    """One row, by its key in the log, and nothing of what it holds. `case_number` empty: which case is not told."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    centre = serializers.CharField(source="centre.code", read_only=True)
    case_number = serializers.CharField(source="case.number", read_only=True, default="")

    class Meta:
        model = SetAside
        fields = ("id", "sweep", "row", "centre", "case_number", "fault", "tries", "since", "again_at")
        read_only_fields = fields


class Longest(KeysetPagination):
    ordering = ("since", "pk")


class SetAsideListView(ListAPIView[SetAside]):
    """What the service failed at and left out for a while, the longest first."""

    permission_classes = (TOLD,)
    serializer_class = SetAsideRead
    pagination_class = Longest
    filter_backends = ()
    queryset = SetAside.objects.none()

    def get_queryset(self) -> QuerySet[SetAside]:
        return rows_set_aside(cast("User", self.request.user), now=timezone.now())


class TryAgainView(Endpoint):
    """Have it tried by the next sweep, in an hour at the latest. What was not mended is left out anew."""

    permission_classes = (TOLD,)

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, public_id: UUID) -> Response:
        user = cast("User", request.user)
        try_again(user=user, row=row_set_aside(user=user, public_id=public_id), now=timezone.now())
        return Response(status=204)
