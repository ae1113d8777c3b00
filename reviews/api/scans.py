"""Endpoints of scanned files: a scanning room uploads, sees how far each upload is opened, and takes one off."""

from typing import BinaryIO, cast
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.cases.models import Case
from qa_service.common.api import Endpoint, Whole, sent
from reviews import tasks
from reviews.enums import DESK, PaperGround
from reviews.models import Scan
from reviews.queries.file_lists import files_at_desk
from reviews.services.scans import MOST_PAGES, Upload, keep_on_paper, remove_scan, upload_scan


class ScanWriter(Whole):
    """`declared`: somebody has looked, and no minor is named, no hearing was closed, nothing is secret."""

    file = serializers.FileField(allow_empty_file=True, max_length=200)
    paper = serializers.CharField(max_length=20, allow_blank=True, default="")
    first_page = serializers.IntegerField(min_value=1, max_value=100_000, allow_null=True, default=None)
    unnumbered = serializers.IntegerField(min_value=0, max_value=MOST_PAGES, default=0)
    declared = serializers.BooleanField(default=False)


class ScanReader(serializers.ModelSerializer[Scan]):
    """`drawn` of `pages` can be read. `trouble`: why the others, or all, cannot."""

    class Meta:
        model = Scan
        fields = (
            "public_id", "name", "paper", "first_page", "unnumbered", "state", "trouble", "pages", "drawn",
            "uploaded_at",
        )  # fmt: skip


class PaperOnlyWriter(Whole):
    ground = serializers.ChoiceField(choices=PaperGround.choices)


class ScanView(Endpoint):
    permission_classes = (HasRole.of(*DESK),)

    def of_case(self, request: Request, case_id: UUID) -> tuple[User, Case]:
        user = cast("User", request.user)
        return user, get_object_or_404(files_at_desk(user), public_id=case_id)


class FileScans(ScanView):
    """The uploads of a file in their turn, and one more: PDF, JPEG or PNG. It is opened by the worker."""

    parser_classes = (MultiPartParser,)

    @extend_schema(responses=ScanReader(many=True))
    def get(self, request: Request, case_id: UUID) -> Response:
        _user, case = self.of_case(request, case_id)
        return Response(ScanReader(Scan.objects.filter(case=case), many=True).data)

    @extend_schema(request=ScanWriter, responses={201: ScanReader})
    def post(self, request: Request, case_id: UUID) -> Response:
        user, case = self.of_case(request, case_id)
        given = sent(request, ScanWriter)
        file, declared = given.pop("file"), given.pop("declared")
        upload = Upload(stream=cast("BinaryIO", file.file), size=file.size, name=file.name, **given)
        scan = upload_scan(case=case, upload=upload, declared_open=declared, user=user, now=timezone.now())
        tasks.start_drawing(scan_id=scan.pk)
        return Response(ScanReader(scan).data, status=201)


class FileScan(ScanView):
    """Take an upload off, with its pages and their text."""

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, case_id: UUID, scan_id: UUID) -> Response:
        user, case = self.of_case(request, case_id)
        scan = get_object_or_404(Scan.objects.visible_to(user), case=case, public_id=scan_id)
        remove_scan(case=case, scan=scan, user=user, now=timezone.now())
        return Response(status=204)


class FileOnPaper(ScanView):
    """The file must not be copied: what was uploaded goes at once, and nothing more is taken."""

    @extend_schema(request=PaperOnlyWriter, responses={204: None})
    def post(self, request: Request, case_id: UUID) -> Response:
        user, case = self.of_case(request, case_id)
        ground = PaperGround(sent(request, PaperOnlyWriter)["ground"])
        keep_on_paper(case=case, ground=ground, user=user, now=timezone.now())
        return Response(status=204)
