"""The reports for programs: the figures of the page, the paper, the workbook and the plain file."""

from dataclasses import asdict
from typing import cast
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint
from scoring.enums import ReportForm
from scoring.models import DECIDING_ROLES
from scoring.queries.lawyer_file import file_to_read, lawyer_file
from scoring.queries.report_choice import OFFERED, PAPER, gathered, report_asked
from scoring.views.report import file_of, require_short

CHOICE = [
    OpenApiParameter("kind", OpenApiTypes.STR, enum=[kind.value for kind in OFFERED], description="rewards by default"),
    OpenApiParameter(
        "centre", OpenApiTypes.STR, description="Code of the centre, of some kinds of a bureau; one's first by default"
    ),
    OpenApiParameter(
        "period",
        OpenApiTypes.STR,
        description="2026, 2026-Q3, or 2026-11-01/2026-12-01 without the last day; this year by default",
    ),
]


class ReportView(Endpoint):
    """Figures as text, unrounded or to two decimals as on the page; null where nothing may be said."""

    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(parameters=CHOICE, responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        user = cast("User", request.user)
        asked = report_asked(user, request.query_params)
        require_short(asked)
        return Response(asdict(gathered(asked, reader=user, language=get_language() or PAPER, now=timezone.now())))


class ReportPaperView(Endpoint):
    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(parameters=CHOICE, responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request) -> HttpResponse:
        return file_of(cast("User", request.user), request.query_params, ReportForm.PDF)


class ReportWorkbookView(Endpoint):
    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(parameters=CHOICE, responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request) -> HttpResponse:
        return file_of(cast("User", request.user), request.query_params, ReportForm.XLSX)


class ReportFileView(Endpoint):
    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(parameters=CHOICE, responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponse:
        return file_of(cast("User", request.user), request.query_params, ReportForm.CSV)


class LawyerFileView(Endpoint):
    """All that happened with one lawyer, as far as the reader may see it: tables with their headings."""

    permission_classes = (HasRole.of(*DECIDING_ROLES, Role.LAWYER),)

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, public_id: UUID) -> Response:
        reading = file_to_read(cast("User", request.user), public_id)
        return Response(asdict(lawyer_file(reading, language=get_language() or PAPER, now=timezone.now())))
