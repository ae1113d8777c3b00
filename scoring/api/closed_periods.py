"""Closed periods for programs: every version within reach, and what was frozen in one."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint
from qa_service.common.paging import KeysetPagination
from scoring.api.decisions import person
from scoring.api.scores import UnitStandingRead
from scoring.enums import UnitKind
from scoring.models import ClosedPeriod
from scoring.models.scores import STAFF_READERS
from scoring.queries.closing import FROZEN_KINDS, closed_periods_seen, standings_closed


class ClosedPeriodRead(serializers.ModelSerializer[ClosedPeriod]):
    """Of cases closed from `start` up to, not including, `end`; `reason` is that of a correction.

    `band_low` to `band_high`: between what the middle half of `band_lawyers` lies, null where they are too few.
    """

    id = serializers.UUIDField(source="public_id", read_only=True)
    centre = serializers.CharField(source="centre.code", read_only=True)

    class Meta:
        model = ClosedPeriod
        fields = (
            "id", "centre", "start", "end", "version", "reason", "closed_at", "sha256", "band_low", "band_high",
            "band_lawyers",
        )  # fmt: skip
        read_only_fields = fields


class FrozenStandingRead(UnitStandingRead):
    """As it stood on the day of closing; `closed`: cases closed, whether graded or not."""

    closed = serializers.IntegerField(allow_null=True)


class FrozenTableRead(serializers.Serializer[Any]):
    """`k` is null where the units did not differ by more than chance."""

    kind = serializers.ChoiceField(choices=UnitKind.choices)
    k = serializers.DecimalField(max_digits=12, decimal_places=8, allow_null=True)
    estimated = serializers.BooleanField()
    standings = FrozenStandingRead(many=True)


class FrozenPeriodRead(serializers.Serializer[Any]):
    closed = ClosedPeriodRead()
    tables = FrozenTableRead(many=True)


class ByEnd(KeysetPagination):
    ordering = ("-end", "-pk")


class ClosedPeriodList(ListAPIView[ClosedPeriod]):
    """The latest period first, page by page."""

    permission_classes = (HasRole.of(*STAFF_READERS),)
    serializer_class = ClosedPeriodRead
    pagination_class = ByEnd
    filter_backends = ()
    queryset = ClosedPeriod.objects.none()

    def get_queryset(self) -> QuerySet[ClosedPeriod]:
        return closed_periods_seen(person(self.request))


class ClosedPeriodDetail(Endpoint):
    """One version with the standings frozen in it."""

    permission_classes = (HasRole.of(*STAFF_READERS),)

    @extend_schema(responses={200: FrozenPeriodRead})
    def get(self, request: Request, public_id: UUID) -> Response:
        seen = ClosedPeriod.objects.visible_to(request.user).select_related("centre")
        closed = get_object_or_404(seen, public_id=public_id)
        tables = [_table(closed, kind) for kind in FROZEN_KINDS]
        return Response(FrozenPeriodRead({"closed": closed, "tables": tables}).data)


def _table(closed: ClosedPeriod, kind: UnitKind) -> dict[str, Any]:
    found = standings_closed(closed, kind)
    rows = [
        asdict(row)
        | {"name": found.names[row.unit], "closed": found.closed.get(row.unit)}
        | {"voice_counted": row.voice is not None, "rank": row.rank}
        for row in found.table.rows
    ]
    pool = found.table.cases
    return {"kind": kind, "k": pool.k, "estimated": pool.estimated, "standings": rows}
