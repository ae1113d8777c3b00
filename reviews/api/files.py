"""Endpoints of file acceptance: the desk's lists, one file, and every act on it."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.cases.models import Case
from qa_service.common.api import Endpoint, sent
from reviews.api import file_shapes as shapes
from reviews.api.managing import ManagerView
from reviews.enums import DESK, Queue
from reviews.queries.acceptance import file_shown
from reviews.queries.file_lists import file_line, files_at_desk, files_seen_by, open_pleas, queue
from reviews.services import acceptance as services
from reviews.services.acceptance import DefectEntry, PaperEntry


class FileFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    queue = django_filters.ChoiceFilter(choices=Queue.choices, method="of_queue", label=_("List"))
    number = django_filters.CharFilter(field_name="number", lookup_expr="icontains", label=_("Case"))
    centre = django_filters.CharFilter(field_name="centre__code", label=_("Code of the centre"))

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    def of_queue(self, rows: QuerySet[Case], _name: str, wanted: str) -> QuerySet[Case]:
        return queue(rows, Queue(wanted), now=timezone.now()).order_by()


class FileList(ListAPIView[Case]):
    """Files of closed cases: the desk's subtree, a lawyer's own, a firm's."""

    permission_classes = (HasRole.of(Role.LAWYER, Role.FIRM, *DESK),)
    serializer_class = shapes.FileLineReader
    filterset_class = FileFilter
    queryset = Case.objects.none()

    def get_queryset(self) -> Any:
        return files_seen_by(cast("User", self.request.user))


class FileDetail(Endpoint):
    """One file with its papers and its record; `version` is what an act on it names."""

    permission_classes = (HasRole.of(Role.LAWYER, Role.FIRM, *DESK),)

    @extend_schema(responses=shapes.FileReader)
    def get(self, request: Request, case_id: UUID) -> Response:
        case = get_object_or_404(files_seen_by(cast("User", request.user)), public_id=case_id)
        shown = file_shown(case, now=timezone.now())
        at_desk = files_at_desk(cast("User", request.user)).filter(pk=case.pk).exists()
        return Response(shapes.FileReader(shown if at_desk else shown.for_the_lawyer()).data)


class DeskView(Endpoint):
    permission_classes = (HasRole.of(*DESK),)

    def done(self, request: Request, case_id: UUID, service: Any, shape: type[Any]) -> Response:
        """Run one service on a file that the person reaches, with what was sent, and tell what became of it."""
        user, now = cast("User", request.user), timezone.now()
        case = get_object_or_404(files_at_desk(user), public_id=case_id)
        service(case=case, user=user, now=now, **self.given(sent(request, shape)))
        return line_of(user, case_id, now)

    def given(self, values: dict[str, Any]) -> dict[str, Any]:
        """In the words of the service."""
        return values


def line_of(user: User, case_id: UUID, now: datetime) -> Response:
    fresh = get_object_or_404(files_seen_by(user), public_id=case_id)
    return Response(shapes.FileLineReader(file_line(fresh, now=now)).data)


class FileReceipt(DeskView):
    """Enter that a file came in."""

    @extend_schema(request=shapes.ReceiptWriter, responses=shapes.FileLineReader)
    def post(self, request: Request, case_id: UUID) -> Response:
        return self.done(request, case_id, services.receive_file, shapes.ReceiptWriter)


class FileReceiptUndoing(DeskView):
    """Take out a receipt that was entered by mistake. A POST: of a DELETE no description says what it takes."""

    @extend_schema(request=shapes.UndoWriter, responses=shapes.FileLineReader)
    def post(self, request: Request, case_id: UUID) -> Response:
        return self.done(request, case_id, services.undo_receipt, shapes.UndoWriter)


class FileReminder(DeskView):
    """Remind the lawyer of an overdue file. `words` say how it was given; needed where the lawyer has no account."""

    @extend_schema(request=shapes.RemarkWriter, responses=shapes.FileLineReader)
    def post(self, request: Request, case_id: UUID) -> Response:
        return self.done(request, case_id, services.remind_lawyer, shapes.RemarkWriter)


class FilePapers(DeskView):
    """What stands in the binder, in place of what was stored: typed, or from the system that keeps its index."""

    @extend_schema(request=shapes.PapersWriter, responses=shapes.FileReader)
    def put(self, request: Request, case_id: UUID) -> Response:
        self.done(request, case_id, services.save_papers, shapes.PapersWriter)
        case = get_object_or_404(files_at_desk(cast("User", request.user)), public_id=case_id)
        return Response(shapes.FileReader(file_shown(case, now=timezone.now())).data)

    def given(self, values: dict[str, Any]) -> dict[str, Any]:
        return values | {"papers": [PaperEntry(**paper) for paper in values["papers"]]}


class FileReturn(DeskView):
    """Send a file back to be put right; five working days unless a day is given.

    The answer says in `lawyer_told_here` whether the lawyer was told; where they have no account `told_how` is needed.
    """

    @extend_schema(request=shapes.ReturnWriter, responses=shapes.FileLineReader)
    def post(self, request: Request, case_id: UUID) -> Response:
        return self.done(request, case_id, services.return_file, shapes.ReturnWriter)

    def given(self, values: dict[str, Any]) -> dict[str, Any]:
        return values | {"defects": [DefectEntry(**defect) for defect in values["defects"]]}


class FileAcceptanceView(DeskView):
    """Accept a file whose papers are all checked."""

    @extend_schema(request=shapes.RemarkWriter, responses=shapes.FileLineReader)
    def post(self, request: Request, case_id: UUID) -> Response:
        return self.done(request, case_id, services.accept_file, shapes.RemarkWriter)


class FileReopening(DeskView):
    """Take an acceptance back, saying why."""

    permission_classes = ManagerView.permission_classes

    @extend_schema(request=shapes.UndoWriter, responses=shapes.FileLineReader)
    def post(self, request: Request, case_id: UUID) -> Response:
        return self.done(request, case_id, services.reopen_file, shapes.UndoWriter)


class FileLateness(Endpoint):
    """The lawyer says why their file is late."""

    permission_classes = (HasRole.of(Role.LAWYER),)

    @extend_schema(request=shapes.WordsWriter, responses={201: shapes.PleaReader})
    def post(self, request: Request, case_id: UUID) -> Response:
        user = cast("User", request.user)
        case = get_object_or_404(files_seen_by(user), public_id=case_id)
        plea = services.state_lateness(case=case, user=user, now=timezone.now(), **sent(request, shapes.WordsWriter))
        return Response(shapes.PleaReader(plea).data, status=201)


class FileLatenessDecision(ManagerView):
    """Accept what the lawyer said of a late file, and it counts as in time; or not, saying why."""

    @extend_schema(request=shapes.PleaDecisionWriter, responses=shapes.PleaReader)
    def post(self, request: Request, case_id: UUID) -> Response:
        user = cast("User", request.user)
        plea = get_object_or_404(open_pleas(user), case__public_id=case_id)
        given = sent(request, shapes.PleaDecisionWriter)
        return Response(shapes.PleaReader(services.decide_plea(plea=plea, user=user, now=timezone.now(), **given)).data)
