"""Endpoints of managers and lawyers: samples, assignments, results, vetoes, objections."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.accounts.queries import organisations_reached
from qa_service.cases.models import Case
from qa_service.common.api import require_readable, sent
from qa_service.common.errors import InvalidInput
from qa_service.common.filters import among
from qa_service.common.periods import Period
from qa_service.organisations.enums import OrganisationKind
from reviews.api import serializers as shapes
from reviews.enums import MANAGING, ResultState
from reviews.models import Assignment, CaseReview, Objection, Sample, VetoMark
from reviews.queries.lateness import cases_excused_by
from reviews.queries.previews import previewed_sample
from reviews.queries.results import results_to_tell, vetoes_to_answer
from reviews.queries.reviewers import reviewers_of
from reviews.queries.transfers import vetoes_to_transfer, vetoes_transferable
from reviews.queries.work import cases_needing_a_reader, vetoes_to_decide, vetoes_to_tell
from reviews.services.assignments import add_next_reader, assign_sample, hand_over
from reviews.services.lateness import accept_lateness, take_back_lateness
from reviews.services.marks import MarkEntry
from reviews.services.objections import Ruling, decide_objection, key_in_objection, lodge_objection
from reviews.services.results import release_with_one_reader
from reviews.services.samples import draw_sample
from reviews.services.telling import serve_result
from reviews.services.transfers import record_transfer
from reviews.services.vetoes import answer_veto, decide_veto
from reviews.services.vetoes_on_paper import key_in_veto_answer, serve_veto


class ManagerView(APIView):
    permission_classes = (HasRole.of(*MANAGING),)


def drawn_from(request: Request) -> dict[str, Any]:
    """The parameters of a draw, at a centre within the person's reach."""
    values = sent(request, shapes.DrawWriter)
    if values["until"] < values["start"]:
        raise InvalidInput(_("The last day lies before the first."), field="until")
    centres = organisations_reached(cast("User", request.user), *MANAGING).filter(kind=OrganisationKind.CENTRE)
    return {
        "centre": get_object_or_404(centres, code=values["centre"]),
        "period": Period(values["start"], values["until"] + timedelta(days=1)),
        "rate": values["rate"],
        "rules": values["rules"],
        "seed": values["seed"],
        "frame_digest": values["frame_digest"],
    }


class SamplePreview(ManagerView):
    """How many files a draw would take, but for those that only the rule `risk` adds unseen; writes nothing."""

    @extend_schema(request=shapes.DrawWriter, responses=shapes.PlanReader)
    def post(self, request: Request) -> Response:
        parameters = drawn_from(request)
        del parameters["frame_digest"]
        plan = previewed_sample(**parameters, user=cast("User", request.user), now=timezone.now())
        body = {
            "frame_size": plan.frame_size,
            "frame_digest": plan.frame_digest,
            "drawn": len(plan.draws),
            "counts": dict(plan.counts()),
            "excluded": len(plan.excluded),
        }
        return Response(shapes.PlanReader(body).data)


class SampleList(ListAPIView[Sample]):
    """The samples of one's centres; POST draws one. The same seed again returns the sample it drew."""

    permission_classes = (HasRole.of(*MANAGING),)
    serializer_class = shapes.SampleReader
    queryset = Sample.objects.none()

    def get_queryset(self) -> Any:
        return Sample.objects.visible_to(self.request.user).select_related("centre")

    @extend_schema(request=shapes.DrawWriter, responses={201: shapes.SampleReader})
    def post(self, request: Request) -> Response:
        parameters = drawn_from(request)
        user = cast("User", request.user)
        sample = draw_sample(**parameters, user=user, now=timezone.now())
        return Response(shapes.SampleReader(sample, context={"request": request}).data, status=201)


class SampleAssignment(ManagerView):
    """Give every file of the sample without a reader to the free reviewer with the lightest load."""

    @extend_schema(request=None, responses=shapes.GivenReader)
    def post(self, request: Request, sample_id: UUID) -> Response:
        require_readable(request)
        sample = get_object_or_404(
            Sample.objects.visible_to(request.user).select_related("centre"), public_id=sample_id
        )
        given = assign_sample(sample=sample, user=cast("User", request.user), now=timezone.now())
        refused = [
            {"case": case.number, "conflicts": len(choice.refused), "full": len(choice.full)}
            for case, choice in given.refused
        ]
        return Response(shapes.GivenReader({"assigned": len(given.assigned), "refused": refused}).data)


class AssignmentList(ListAPIView[Assignment]):
    """Every assignment of one's centres."""

    permission_classes = (HasRole.of(*MANAGING),)
    serializer_class = shapes.AssignmentReader
    queryset = Assignment.objects.none()

    def get_queryset(self) -> Any:
        return Assignment.objects.visible_to(self.request.user).select_related("review", "case", "checklist")


class AssignmentHandOver(ManagerView):
    """Take a file from its reader and give it to another."""

    @extend_schema(request=shapes.HandOverWriter, responses={201: shapes.AssignmentReader})
    def post(self, request: Request, assignment_id: UUID) -> Response:
        managed = Assignment.objects.visible_to(request.user).select_related("case__centre")
        row = get_object_or_404(managed, public_id=assignment_id)
        given = sent(request, shapes.HandOverWriter)
        wanted = given["reviewer"]
        named = next((person for person in reviewers_of(row.case.centre) if person.public_id == wanted), None)
        if wanted and named is None:
            raise InvalidInput(_("This person is not a reviewer of the centre."), field="reviewer")
        second = hand_over(
            assignment=row,
            reviewer=named,
            reason=given["reason"],
            user=cast("User", request.user),
            now=timezone.now(),
        )
        return Response(shapes.AssignmentReader(second).data, status=201)


class ResultFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    number = django_filters.CharFilter(field_name="case__number", lookup_expr="icontains", label=_("Case"))
    state = django_filters.ChoiceFilter(choices=ResultState.choices, label=_("State"))
    needs_reader = django_filters.BooleanFilter(method="only_needing", label=_("Needs another reader"))
    to_tell = django_filters.BooleanFilter(method="only_to_tell", label=_("Waits for its paper to be handed over"))

    class Meta:
        model = CaseReview
        fields: tuple[str, ...] = ()

    def only_needing(self, rows: QuerySet[CaseReview], _name: str, wanted: bool) -> QuerySet[CaseReview]:
        return among(rows, cases_needing_a_reader(cast("User", self.request.user)), wanted=wanted)

    def only_to_tell(self, rows: QuerySet[CaseReview], _name: str, wanted: bool) -> QuerySet[CaseReview]:
        return among(rows, results_to_tell(cast("User", self.request.user)), wanted=wanted)


class ResultList(ListAPIView[CaseReview]):
    """Results in force: a lawyer's and a firm's own once released, a manager's centres' in every state."""

    permission_classes = (HasRole.of(Role.LAWYER, Role.FIRM, *MANAGING),)
    serializer_class = shapes.ResultReader
    filterset_class = ResultFilter
    queryset = CaseReview.objects.none()

    def get_queryset(self) -> Any:
        return CaseReview.objects.current().visible_to(self.request.user).select_related("case")


@extend_schema_view(get=extend_schema(description="A result, for the lawyer and firm it concerns and for managers."))
class ResultDetail(RetrieveAPIView[CaseReview]):
    permission_classes = (HasRole.of(Role.LAWYER, Role.FIRM, *MANAGING),)
    serializer_class = shapes.ResultReader
    queryset = CaseReview.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "result_id"

    def get_queryset(self) -> Any:
        return CaseReview.objects.visible_to(self.request.user).select_related("case")


class ResultReaders(ManagerView):
    """Name the next reader of a file: a second, or a third where two differ or the grade takes one."""

    @extend_schema(request=None, responses={201: shapes.AssignmentReader})
    def post(self, request: Request, result_id: UUID) -> Response:
        require_readable(request)
        managed = CaseReview.objects.current().managed_by(request.user).select_related("case__centre")
        result = get_object_or_404(managed, public_id=result_id)
        row = add_next_reader(case=result.case, user=cast("User", request.user), now=timezone.now())
        return Response(shapes.AssignmentReader(row).data, status=201)


class ResultRelease(ManagerView):
    """Release a result whose grade takes a second reader, or leave a released one as it was read; with the reason.

    For a centre that has nobody for it. A fail that was released goes on waiting for its reader.
    """

    @extend_schema(request=shapes.ReleaseWriter, responses=shapes.ResultReader)
    def post(self, request: Request, result_id: UUID) -> Response:
        managed = CaseReview.objects.current().managed_by(request.user).select_related("case__centre")
        found = get_object_or_404(managed, public_id=result_id)
        given = sent(request, shapes.ReleaseWriter)
        released = release_with_one_reader(
            case=found.case, **given, user=cast("User", request.user), now=timezone.now()
        )
        return Response(shapes.ResultReader(released).data)


class ResultObjections(APIView):
    """The lawyer's objection to marks, within ten working days of being told of them."""

    permission_classes = (HasRole.of(Role.LAWYER),)

    @extend_schema(request=shapes.ObjectionWriter, responses={201: shapes.ObjectionReader})
    def post(self, request: Request, result_id: UUID) -> Response:
        result = get_object_or_404(CaseReview.objects.visible_to(request.user), public_id=result_id)
        given = sent(request, shapes.ObjectionWriter)
        user = cast("User", request.user)
        objection = lodge_objection(result=result, **given, user=user, now=timezone.now())
        return Response(shapes.ObjectionReader(objection).data, status=201)


class ResultService(ManagerView):
    """Enter the day on which a lawyer without an account was handed the result on paper."""

    @extend_schema(request=shapes.ResultServiceWriter, responses=shapes.ResultReader)
    def post(self, request: Request, result_id: UUID) -> Response:
        found = get_object_or_404(CaseReview.objects.managed_by(request.user), public_id=result_id)
        given = sent(request, shapes.ResultServiceWriter)
        served = serve_result(result=found, **given, user=cast("User", request.user), now=timezone.now())
        return Response(shapes.ResultReader(served).data)


class KeyedObjections(ManagerView):
    """Enter the objection on paper of a lawyer who was told on paper."""

    @extend_schema(request=shapes.KeyedObjectionWriter, responses={201: shapes.ObjectionReader})
    def post(self, request: Request, result_id: UUID) -> Response:
        found = get_object_or_404(CaseReview.objects.managed_by(request.user), public_id=result_id)
        given = sent(request, shapes.KeyedObjectionWriter)
        user = cast("User", request.user)
        objection = key_in_objection(result=found, **given, user=user, now=timezone.now())
        return Response(shapes.ObjectionReader(objection).data, status=201)


class LateFile(ManagerView):
    """A reason for which a late file counts as in time: accepted with POST, taken back with DELETE, saying why."""

    def _case(self, request: Request, case_id: UUID) -> Case:
        return get_object_or_404(cases_excused_by(cast("User", request.user)), public_id=case_id)

    def _reason(self, request: Request) -> str:
        return str(sent(request, shapes.ReleaseWriter)["reason"])

    @extend_schema(request=shapes.ReleaseWriter, responses={201: shapes.LatenessReader})
    def post(self, request: Request, case_id: UUID) -> Response:
        case, user = self._case(request, case_id), cast("User", request.user)
        row = accept_lateness(case=case, reason=self._reason(request), user=user, now=timezone.now())
        return Response(shapes.LatenessReader(row).data, status=201)

    @extend_schema(request=shapes.ReleaseWriter, responses={200: shapes.LatenessReader})
    def delete(self, request: Request, case_id: UUID) -> Response:
        case, user = self._case(request, case_id), cast("User", request.user)
        row = take_back_lateness(case=case, reason=self._reason(request), user=user, now=timezone.now())
        return Response(shapes.LatenessReader(row).data)


class ObjectionList(ListAPIView[Objection]):
    """Objections: a lawyer's own, and those to files of a manager's centres."""

    permission_classes = (HasRole.of(Role.LAWYER, *MANAGING),)
    serializer_class = shapes.ObjectionReader
    queryset = Objection.objects.none()

    def get_queryset(self) -> Any:
        return Objection.objects.visible_to(self.request.user).select_related("case")


class ObjectionDecision(ManagerView):
    """Decide every objected item and answer the lawyer."""

    @extend_schema(request=shapes.ObjectionDecisionWriter, responses=shapes.ObjectionReader)
    def post(self, request: Request, objection_id: UUID) -> Response:
        objection = get_object_or_404(Objection.objects.visible_to(request.user), public_id=objection_id)
        given = sent(request, shapes.ObjectionDecisionWriter)
        rulings = [
            Ruling(ruling["item"], upheld=ruling.pop("upheld"), mark=MarkEntry(**ruling)) for ruling in given["rulings"]
        ]
        decided = decide_objection(
            objection=objection,
            rulings=rulings,
            answer=given["answer"],
            user=cast("User", request.user),
            now=timezone.now(),
        )
        return Response(shapes.ObjectionReader(decided).data)


class VetoFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    to_tell = django_filters.BooleanFilter(method="only_to_tell", label=_("Waits for its paper to be handed over"))

    class Meta:
        model = VetoMark
        fields: tuple[str, ...] = ()

    def only_to_tell(self, rows: QuerySet[VetoMark], _name: str, wanted: bool) -> QuerySet[VetoMark]:
        return among(rows, vetoes_to_tell(cast("User", self.request.user)), wanted=wanted)


class VetoList(ListAPIView[VetoMark]):
    """Veto items that wait: for the lawyer's answer, or for a manager's decision."""

    permission_classes = (HasRole.of(Role.LAWYER, *MANAGING),)
    serializer_class = shapes.WaitingVetoReader
    filterset_class = VetoFilter
    queryset = VetoMark.objects.none()

    def get_queryset(self) -> Any:
        user = cast("User", self.request.user)
        own = vetoes_to_answer(user.lawyer_id) if user.lawyer_id and user.has_role(Role.LAWYER) else None
        managed = vetoes_to_decide(user) if user.has_role(*MANAGING) else None
        wanted = Q(pk__in=[])
        for rows in (own, managed):
            wanted |= Q(pk__in=rows.order_by().values("pk")) if rows is not None else Q(pk__in=[])
        return VetoMark.objects.filter(wanted).select_related("veto", "review__assignment__case")


class VetoAnswer(APIView):
    """The lawyer's answer to a veto."""

    permission_classes = (HasRole.of(Role.LAWYER),)

    @extend_schema(request=shapes.AnswerWriter, responses=shapes.VetoReader)
    def post(self, request: Request, veto_id: UUID) -> Response:
        user = cast("User", request.user)
        mark = get_object_or_404(vetoes_to_answer(user.lawyer_id or 0), public_id=veto_id)
        given = sent(request, shapes.AnswerWriter)
        answered = answer_veto(veto_mark=mark, **given, user=user, now=timezone.now())
        return Response(shapes.VetoReader(answered).data)


class VetoService(ManagerView):
    """Enter the day on which a lawyer without an account was handed the veto on paper."""

    @extend_schema(request=shapes.ResultServiceWriter, responses=shapes.WaitingVetoReader)
    def post(self, request: Request, veto_id: UUID) -> Response:
        user = cast("User", request.user)
        mark = get_object_or_404(vetoes_to_decide(user), public_id=veto_id)
        given = sent(request, shapes.ResultServiceWriter)
        told = serve_veto(veto_mark=mark, **given, user=user, now=timezone.now())
        return Response(shapes.WaitingVetoReader(told).data)


class KeyedVetoAnswer(ManagerView):
    """Enter the answer on paper of a lawyer who was told on paper."""

    @extend_schema(request=shapes.KeyedAnswerWriter, responses=shapes.WaitingVetoReader)
    def post(self, request: Request, veto_id: UUID) -> Response:
        user = cast("User", request.user)
        mark = get_object_or_404(vetoes_to_decide(user), public_id=veto_id)
        given = sent(request, shapes.KeyedAnswerWriter)
        answered = key_in_veto_answer(veto_mark=mark, **given, user=user, now=timezone.now())
        return Response(shapes.WaitingVetoReader(answered).data)


class TransferList(ListAPIView[VetoMark]):
    """Confirmed vetoes that also go to another organ and that nobody has handed on yet."""

    permission_classes = (HasRole.of(Role.SUPERVISOR),)
    serializer_class = shapes.WaitingVetoReader
    queryset = VetoMark.objects.none()

    def get_queryset(self) -> Any:
        return vetoes_to_transfer(cast("User", self.request.user))


class TransferRecord(APIView):
    """Record that a confirmed veto was handed on, to whom, when and under what reference."""

    permission_classes = (HasRole.of(Role.SUPERVISOR),)

    @extend_schema(request=shapes.TransferWriter, responses={201: shapes.TransferReader})
    def post(self, request: Request, veto_id: UUID) -> Response:
        user = cast("User", request.user)
        mark = get_object_or_404(vetoes_transferable(user), public_id=veto_id)
        given = sent(request, shapes.TransferWriter)
        made = record_transfer(veto_mark=mark, **given, user=user, now=timezone.now())
        return Response(shapes.TransferReader(made).data, status=201)


class VetoDecision(ManagerView):
    """Confirm or dismiss a veto, by a person who did not mark it."""

    @extend_schema(request=shapes.VetoDecisionWriter, responses=shapes.VetoReader)
    def post(self, request: Request, veto_id: UUID) -> Response:
        user = cast("User", request.user)
        mark = get_object_or_404(vetoes_to_decide(user), public_id=veto_id)
        given = sent(request, shapes.VetoDecisionWriter)
        decided = decide_veto(veto_mark=mark, **given, user=user, now=timezone.now())
        return Response(shapes.VetoReader(decided).data)
