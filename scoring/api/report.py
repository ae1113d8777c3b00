"""The reports for programs: the figures of the page, the paper, the workbook and the plain file."""

from dataclasses import asdict
from typing import cast

from django.http import HttpResponse
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint
from scoring.models import DECIDING_ROLES
from scoring.views.report import PAPER, ReportKind, chosen_report, paper, plain_file_of, sheets_of

CHOICE = [
    OpenApiParameter("kind", OpenApiTypes.STR, enum=ReportKind.values, description="rewards by default"),
    OpenApiParameter("centre", OpenApiTypes.STR, description="Code of the centre; one's first by default"),
    OpenApiParameter("period", OpenApiTypes.STR, description="2026 or 2026-3; this year by default"),
]


class ReportView(Endpoint):
    """Figures as text, unrounded or to two decimals as on the page; null where nothing may be said."""

    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(parameters=CHOICE, responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        chosen = chosen_report(cast("User", request.user), request.query_params, language=get_language() or PAPER)
        return Response(asdict(chosen.content))


class ReportPaperView(Endpoint):
    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(parameters=CHOICE, responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request) -> HttpResponse:
        return paper(cast("User", request.user), request.query_params)


class ReportWorkbookView(Endpoint):
    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(parameters=CHOICE, responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request) -> HttpResponse:
        return sheets_of(cast("User", request.user), request.query_params)


class ReportFileView(Endpoint):
    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(parameters=CHOICE, responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponse:
        return plain_file_of(cast("User", request.user), request.query_params)
