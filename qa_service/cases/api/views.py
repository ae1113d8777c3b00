"""Cases and imports for programs."""

from typing import Any, BinaryIO, cast
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import STAFF_ROLES
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.cases import tasks
from qa_service.cases.api.serializers import (
    CasePut,
    CaseRead,
    CaseWrite,
    CoClientRead,
    CoClientWrite,
    ImportRead,
    ImportUpload,
    TakeOffWrite,
)
from qa_service.cases.forms import CaseFilter
from qa_service.cases.models import IMPORT_ROLES, Case, Import
from qa_service.cases.queries import (
    ADDING_ROLES,
    cases_known_to,
    centres_for_import,
    co_clients_of,
    imports_of,
)
from qa_service.cases.services import (
    add_client,
    confirm_import,
    look_at_refused_rows,
    put_case,
    receive_import,
    run_import,
    runs_at_once,
    take_client_off,
)
from qa_service.common.api import Endpoint
from qa_service.organisations.models import Organisation

CODE = OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH, description="Code of the centre")
NUMBER = OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description="Case number, as in the file")


def _user(request: Request) -> User:
    return cast("User", request.user)


def _centre(request: Request, code: str) -> Organisation:
    return get_object_or_404(centres_for_import(request.user), code=code)


class CaseListView(ListAPIView[Case]):
    """Cases of the user's subtree: closed ones, or those under way where asked for; the last closed first."""

    permission_classes = (HasRole.of(*STAFF_ROLES),)
    serializer_class = CaseRead
    filterset_class = CaseFilter
    queryset = Case.objects.none()

    def get_queryset(self) -> QuerySet[Case]:
        return cases_known_to(cast("User", self.request.user))


class CaseDetailView(RetrieveAPIView[Case]):
    permission_classes = (HasRole.of(*STAFF_ROLES),)
    serializer_class = CaseRead
    lookup_field = "public_id"
    queryset = Case.objects.none()

    def get_queryset(self) -> QuerySet[Case]:
        return cases_known_to(cast("User", self.request.user))


class CaseClientsView(Endpoint):
    """The further clients of a case: those whom staff added to the one whom the export names."""

    permission_classes = (HasRole.of(*STAFF_ROLES),)

    @extend_schema(responses=CoClientRead(many=True))
    def get(self, request: Request, public_id: UUID) -> Response:
        case = get_object_or_404(cases_known_to(_user(request)), public_id=public_id)
        return Response(CoClientRead(co_clients_of(case), many=True).data)

    @extend_schema(request=CoClientWrite, responses={201: CoClientRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        case = get_object_or_404(cases_known_to(_user(request), *ADDING_ROLES), public_id=public_id)
        given = CoClientWrite(data=request.data)
        given.is_valid(raise_exception=True)
        row = add_client(case=case, fields=given.cells(), user=_user(request), now=timezone.now())
        return Response(CoClientRead(row).data, status=status.HTTP_201_CREATED)


class CaseClientOffView(Endpoint):
    """The person is no client of the case any more; no question about it reaches them."""

    permission_classes = (HasRole.of(*ADDING_ROLES),)

    @extend_schema(request=TakeOffWrite, responses={204: None})
    def post(self, request: Request, public_id: UUID, client_id: UUID) -> Response:
        case = get_object_or_404(cases_known_to(_user(request), *ADDING_ROLES), public_id=public_id)
        row = get_object_or_404(case.co_clients.all(), client__public_id=client_id)
        given = TakeOffWrite(data=request.data)
        given.is_valid(raise_exception=True)
        take_client_off(co_client=row, why=given.validated_data["why"], user=_user(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class CentreCaseView(Endpoint):
    """One case by its centre and number. Sending the same again changes nothing and says so."""

    permission_classes = (HasRole.of(*IMPORT_ROLES),)

    @extend_schema(parameters=[CODE, NUMBER], request=CaseWrite, responses={200: CasePut, 201: CasePut})
    def put(self, request: Request, code: str, number: str) -> Response:
        centre = _centre(request, code)
        written = CaseWrite(data=request.data)
        written.is_valid(raise_exception=True)
        result = put_case(
            centre=centre,
            fields={"number": number, **written.cells()},
            actor=cast("User", request.user).actor,
            now=timezone.now(),
        )
        body = CasePut(result, context={"request": request}).data
        return Response(body, status=status.HTTP_201_CREATED if result.created else status.HTTP_200_OK)


class CentreImportView(Endpoint):
    """A whole file. Short ones are answered at once (200), long ones by the worker (202 and where to look)."""

    permission_classes = (HasRole.of(*IMPORT_ROLES),)
    parser_classes = (MultiPartParser,)

    @extend_schema(parameters=[CODE], request=ImportUpload, responses={200: ImportRead, 202: ImportRead})
    def post(self, request: Request, code: str) -> Response:
        centre = _centre(request, code)
        given = ImportUpload(data=request.data)
        given.is_valid(raise_exception=True)
        upload = given.validated_data["file"]
        job = receive_import(
            centre=centre,
            upload=cast("BinaryIO", upload.file),
            name=upload.name,
            actor=cast("User", request.user).actor,
            dry_run=given.validated_data["dry_run"],
            now=timezone.now(),
        )
        return _answer(request, job)


class ImportView(RetrieveAPIView[Import]):
    """How an import stands, and the rows it refused."""

    permission_classes = (HasRole.of(*IMPORT_ROLES),)
    serializer_class = ImportRead
    lookup_field = "public_id"
    queryset = Import.objects.none()

    def get_queryset(self) -> QuerySet[Import]:
        return imports_of(cast("User", self.request.user)).prefetch_related("faults")

    def retrieve(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        return Response(_body(request, self.get_object()))


class ImportConfirmView(Endpoint):
    """After a dry run: let the rows in."""

    permission_classes = (HasRole.of(*IMPORT_ROLES),)

    @extend_schema(request=None, responses={200: ImportRead, 202: ImportRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        user = cast("User", request.user)
        job = get_object_or_404(imports_of(user), public_id=public_id)
        return _answer(request, confirm_import(job=job, actor=user.actor, now=timezone.now()))


def _answer(request: Request, job: Import) -> Response:
    if runs_at_once(job):
        job = run_import(import_id=job.pk, now=timezone.now())
        return Response(_body(request, job))
    tasks.start(import_id=job.pk)
    body = _body(request, job)
    return Response(body, status=status.HTTP_202_ACCEPTED, headers={"Location": body["url"]})


def _body(request: Request, job: Import) -> Any:
    body = ImportRead(job, context={"request": request}).data
    look_at_refused_rows(job=job, actor=cast("User", request.user).actor, rows=len(body["faults"]), now=timezone.now())
    return body
