"""Ordered reports for programs: ordering one, how far it is, its file; and how often one is told of reports."""

from http import HTTPStatus
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint, TextField, Whole, sent
from scoring.api.decisions import person
from scoring.enums import ReportForm, Telling
from scoring.models import ReportOrder
from scoring.queries.report_choice import OFFERED
from scoring.queries.report_orders import orders_of, wish_of
from scoring.services.telling_of_reports import wish_reports
from scoring.views.report_orders import ORDERING, WISHING, file_of_order, ordered


class OrderReader(serializers.ModelSerializer[ReportOrder]):
    id = serializers.UUIDField(source="public_id")
    place = serializers.CharField(source="place.code", default=None)
    lawyer = serializers.UUIDField(source="lawyer.public_id", default=None)
    why = serializers.CharField(source="get_failure_display", help_text="In words; empty unless it failed")

    class Meta:
        model = ReportOrder
        fields = (
            "id", "kind", "place", "lawyer", "period", "form", "state", "done", "parts", "ordered_at", "finished_at",
            "expires_at", "failure", "why",
        )  # fmt: skip
        read_only_fields = fields


class OrderWriter(Whole):
    """What is not given is as where a report is asked for."""

    kind = serializers.ChoiceField(choices=[*(kind.value for kind in OFFERED), "lawyer"], required=False)
    centre = TextField(required=False, help_text="Code of the centre or bureau")
    period = serializers.CharField(required=False, help_text="2026, 2026-Q3, or 2026-11-01/2026-12-01")
    lawyer = serializers.UUIDField(required=False, help_text="Whose file, where that is the kind")
    form = serializers.ChoiceField(choices=ReportForm.choices, required=False, help_text="xlsx by default")


class WishShape(Whole):
    how_often = serializers.ChoiceField(choices=Telling.choices)


class OrderList(ListAPIView[ReportOrder]):
    """One's own, the newest first."""

    permission_classes = (HasRole.of(*ORDERING),)
    serializer_class = OrderReader
    queryset = ReportOrder.objects.none()

    def get_queryset(self) -> QuerySet[ReportOrder]:
        return orders_of(person(self.request))

    @extend_schema(request=OrderWriter, responses={202: OrderReader})
    def post(self, request: Request) -> Response:
        """Order one. The same order twice is one, while the first is under way."""
        given = sent(request, OrderWriter)
        made = ordered(person(request), {name: str(value) for name, value in given.items()})
        return Response(OrderReader(made).data, status=HTTPStatus.ACCEPTED)


class OrderDetail(Endpoint):
    """How far it is."""

    permission_classes = (HasRole.of(*ORDERING),)

    @extend_schema(responses={200: OrderReader})
    def get(self, request: Request, public_id: UUID) -> Response:
        found = get_object_or_404(orders_of(person(request)), public_id=public_id)
        return Response(OrderReader(found).data)


class OrderFile(Endpoint):
    permission_classes = (HasRole.of(*ORDERING),)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: UUID) -> FileResponse:
        return file_of_order(person(request), public_id)


class Wish(Endpoint):
    """How often one is told, on the home and by e-mail, that reports can be read."""

    permission_classes = (HasRole.of(*WISHING),)

    @extend_schema(responses={200: WishShape})
    def get(self, request: Request) -> Response:
        return Response({"how_often": wish_of(person(request))})

    @extend_schema(request=WishShape, responses={200: WishShape})
    def put(self, request: Request) -> Response:
        chosen = Telling(sent(request, WishShape)["how_often"])
        wish_reports(user=person(request), how_often=chosen)
        return Response({"how_often": chosen})
