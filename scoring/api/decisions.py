"""Proposals, decisions and notices for programs: the steps of the pages, to the same people."""

from typing import cast
from uuid import UUID

import django_filters
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint, sent
from qa_service.common.errors import InvalidInput
from qa_service.common.filters import YesNo, among
from scoring.api import decision_shapes as shapes
from scoring.enums import AppealState, Outcome
from scoring.models import DECIDING_ROLES, Appeal, Notice, Proposal, Statement
from scoring.queries.notices import notices_seen_by, notices_to_serve, verified
from scoring.queries.passing import panel_people
from scoring.queries.proposals import proposals_seen_by
from scoring.services.appeals import decide_appeal, key_in_appeal, lodge_appeal
from scoring.services.decision_papers import (
    draft_of_appeal_decision,
    draft_of_decision,
    issue_appeal_decision,
    issue_decision,
)
from scoring.services.delivery import acknowledge_notice, serve_notice
from scoring.services.issuing import draft_of_notice, issue_notice
from scoring.services.panels import record_meeting
from scoring.services.procedure import (
    ask_for_statement,
    decide,
    give_statement,
    key_in_statement,
    stop_display,
)
from scoring.services.withdrawal import withdraw_notice
from scoring.views.verify import MINUTE, too_many_tries

NOTICE_READERS = (*DECIDING_ROLES, Role.LAWYER, Role.FIRM)


def person(request: Request) -> User:
    return cast("User", request.user)


class ProposalList(ListAPIView[Proposal]):
    """What rules proposed about cases of one's centres, the open ones first."""

    permission_classes = (HasRole.of(*DECIDING_ROLES),)
    serializer_class = shapes.ProposalReader
    queryset = Proposal.objects.none()

    def get_queryset(self) -> QuerySet[Proposal]:
        return proposals_seen_by(person(self.request))


class ProposalDetail(RetrieveAPIView[Proposal]):
    permission_classes = (HasRole.of(*DECIDING_ROLES),)
    serializer_class = shapes.ProposalReader
    queryset = Proposal.objects.none()
    lookup_field = "public_id"

    def get_queryset(self) -> QuerySet[Proposal]:
        return proposals_seen_by(person(self.request))


class ProposalStep(Endpoint):
    """One step of a proposal: found within the person's reach, then taken."""

    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    def proposal(self, public_id: UUID) -> Proposal:
        return get_object_or_404(proposals_seen_by(person(self.request)), public_id=public_id)

    def answer(self, public_id: UUID) -> Response:
        return Response(shapes.ProposalReader(self.proposal(public_id)).data)


class StatementRequest(ProposalStep):
    """Tell the lawyer what is proposed and ask for a statement within five working days."""

    @extend_schema(request=shapes.ServiceWriter, responses=shapes.ProposalReader)
    def post(self, request: Request, public_id: UUID) -> Response:
        given = sent(request, shapes.ServiceWriter)
        ask_for_statement(
            proposal=self.proposal(public_id), person=person(request), served_on=given["served_on"], now=timezone.now()
        )
        return self.answer(public_id)


class KeyedStatement(ProposalStep):
    """Enter what a lawyer without an account answered on paper."""

    @extend_schema(request=shapes.KeyedStatementWriter, responses=shapes.ProposalReader)
    def post(self, request: Request, public_id: UUID) -> Response:
        found, given = self.proposal(public_id), sent(request, shapes.KeyedStatementWriter)
        key_in_statement(proposal=found, person=person(request), **given, now=timezone.now())
        return self.answer(public_id)


class ProposalDecision(ProposalStep):
    """Accept, with reasons, after the lawyer was heard; or decline, with reasons, at any time."""

    @extend_schema(request=shapes.DecisionWriter, responses=shapes.ProposalReader)
    def post(self, request: Request, public_id: UUID) -> Response:
        found, given = self.proposal(public_id), sent(request, shapes.DecisionWriter)
        decide(
            proposal=found,
            person=person(request),
            outcome=Outcome(given["outcome"]),
            reason=given["reason"],
            now=timezone.now(),
        )
        return self.answer(public_id)


class PanelMeetings(ProposalStep):
    """Panels that met about a proposal or the appeal against its notice; recording that one did."""

    @extend_schema(responses=shapes.MeetingReader(many=True))
    def get(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 - the framework's signature
        rows = self.proposal(public_id).meetings.prefetch_related("members").order_by("held_on", "pk")
        return Response(shapes.MeetingReader(rows, many=True).data)

    @extend_schema(request=shapes.MeetingWriter, responses={201: shapes.MeetingReader})
    def post(self, request: Request, public_id: UUID) -> Response:
        found, given = self.proposal(public_id), sent(request, shapes.MeetingWriter)
        named = given.pop("members")
        people = list(panel_people(found).filter(username__in=named))
        if len(people) != len(set(named)):
            raise InvalidInput(_("Somebody named here does not decide for this centre."), field="members")
        made = record_meeting(proposal=found, person=person(request), members=people, **given, now=timezone.now())
        return Response(shapes.MeetingReader(made).data, status=201)


class DisplayStop(ProposalStep):
    """An objection raised during the public display holds: the proposal ends."""

    @extend_schema(request=shapes.ReasonWriter, responses=shapes.ProposalReader)
    def post(self, request: Request, public_id: UUID) -> Response:
        found, given = self.proposal(public_id), sent(request, shapes.ReasonWriter)
        stop_display(proposal=found, person=person(request), reason=given["reason"], now=timezone.now())
        return self.answer(public_id)


class ProposalDraft(ProposalStep):
    """The paper as it would be issued now, marked as a draft: no number is used and nothing is written."""

    @extend_schema(
        parameters=[OpenApiParameter("title", OpenApiTypes.STR, description="Lines of the title, as for issuing")],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, public_id: UUID) -> HttpResponse:
        found, title = self.proposal(public_id), request.query_params.get("title", "")
        data = draft_of_notice(proposal=found, person=person(request), title=title, now=timezone.now())
        return HttpResponse(data, content_type="application/pdf", headers={"Cache-Control": "no-store"})


class DecisionPaper(ProposalStep):
    """The decision behind a sanction: its draft, which writes nothing, and numbering it."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: UUID) -> HttpResponse:
        data = draft_of_decision(proposal=self.proposal(public_id), person=person(request), now=timezone.now())
        return HttpResponse(data, content_type="application/pdf", headers={"Cache-Control": "no-store"})

    @extend_schema(request=shapes.DecisionPaperWriter, responses={201: shapes.NoticeReader})
    def post(self, request: Request, public_id: UUID) -> Response:
        found, given = self.proposal(public_id), sent(request, shapes.DecisionPaperWriter)
        paper = issue_decision(proposal=found, person=person(request), **given, now=timezone.now())
        return Response(shapes.NoticeReader(paper).data, status=201)


class ProposalIssue(ProposalStep):
    """Number and freeze the notice; its file follows within seconds, and only then is it issued."""

    @extend_schema(request=shapes.IssueWriter, responses={201: shapes.NoticeReader})
    def post(self, request: Request, public_id: UUID) -> Response:
        found, given = self.proposal(public_id), sent(request, shapes.IssueWriter)
        notice = issue_notice(proposal=found, person=person(request), **given, now=timezone.now())
        return Response(shapes.NoticeReader(notice).data, status=201)


class LawyersStatement(Endpoint):
    """The lawyer reads what is proposed about their case, and answers once, until the day is over."""

    permission_classes = (HasRole.of(Role.LAWYER),)

    def statement(self, public_id: UUID) -> Statement:
        asked = Statement.objects.select_related(
            "proposal__case", "proposal__centre", "proposal__lawyer", "proposal__rule", "proposal__decision"
        )
        own = asked.filter(proposal__lawyer__isnull=False, proposal__lawyer=person(self.request).lawyer_id)
        return get_object_or_404(own, proposal__public_id=public_id)

    @extend_schema(responses=shapes.StatementReader)
    def get(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 - the framework's signature
        return Response(shapes.StatementReader(self.statement(public_id)).data)

    @extend_schema(request=shapes.StatementWriter, responses={201: shapes.StatementReader})
    def post(self, request: Request, public_id: UUID) -> Response:
        asked, given = self.statement(public_id), sent(request, shapes.StatementWriter)
        give_statement(proposal=asked.proposal, person=person(request), text=given["text"], now=timezone.now())
        return Response(shapes.StatementReader(self.statement(public_id)).data, status=201)


def with_appeals(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Each notice with what its page shows of an appeal: one more query, however many notices there are."""
    return notices.prefetch_related(Prefetch("appeals", Appeal.objects.select_related("lodged_by", "decided_by")))


class NoticeFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    to_serve = YesNo(method="only_to_serve", label=_("Waits for its paper to be handed over"))

    class Meta:
        model = Notice
        fields: tuple[str, ...] = ()

    def only_to_serve(self, rows: QuerySet[Notice], _name: str, wanted: bool) -> QuerySet[Notice]:
        return among(rows, notices_to_serve(person(self.request)), wanted=wanted)


class NoticeList(ListAPIView[Notice]):
    """Notices of one's centres; to a lawyer or the head of a firm their own."""

    permission_classes = (HasRole.of(*NOTICE_READERS),)
    serializer_class = shapes.NoticeReader
    filterset_class = NoticeFilter
    queryset = Notice.objects.none()

    def get_queryset(self) -> QuerySet[Notice]:
        return with_appeals(notices_seen_by(person(self.request)))


class NoticeDetail(RetrieveAPIView[Notice]):
    permission_classes = (HasRole.of(*NOTICE_READERS),)
    serializer_class = shapes.NoticeReader
    queryset = Notice.objects.none()
    lookup_field = "public_id"

    def get_queryset(self) -> QuerySet[Notice]:
        return with_appeals(notices_seen_by(person(self.request)))


class NoticeStep(Endpoint):
    def notice(self, public_id: UUID) -> Notice:
        seen = with_appeals(notices_seen_by(person(self.request))).select_related("proposal__case")
        return get_object_or_404(seen, public_id=public_id)

    def answer(self, public_id: UUID) -> Response:
        return Response(shapes.NoticeReader(self.notice(public_id)).data)


class NoticeWithdrawal(NoticeStep):
    """Take a notice back, saying why; its number stays used."""

    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(request=shapes.WithdrawalWriter, responses=shapes.NoticeReader)
    def post(self, request: Request, public_id: UUID) -> Response:
        found, given = self.notice(public_id), sent(request, shapes.WithdrawalWriter)
        withdraw_notice(
            notice=found, person=person(request), reason=given["reason"], anew=given["anew"], now=timezone.now()
        )
        return self.answer(public_id)


class NoticeAcknowledgement(NoticeStep):
    """Whom it concerns has read it, which is not agreement: the lawyer, or who answers for the body that it praises."""

    permission_classes = (HasRole.of(*NOTICE_READERS),)

    @extend_schema(request=None, responses=shapes.NoticeReader)
    def post(self, request: Request, public_id: UUID) -> Response:
        acknowledge_notice(notice=self.notice(public_id), person=person(request), now=timezone.now())
        return self.answer(public_id)


class NoticeAppeal(NoticeStep):
    """The lawyer's appeal to a rectification, within ten working days of its delivery."""

    permission_classes = (HasRole.of(Role.LAWYER),)

    @extend_schema(request=shapes.AppealWriter, responses={201: shapes.AppealReader})
    def post(self, request: Request, public_id: UUID) -> Response:
        found, given = self.notice(public_id), sent(request, shapes.AppealWriter)
        lodged = lodge_appeal(notice=found, person=person(request), text=given["text"], now=timezone.now())
        return Response(shapes.AppealReader(lodged).data, status=201)


class NoticeService(NoticeStep):
    """Enter the day on which a lawyer without an account was handed the rectification on paper."""

    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(request=shapes.NoticeServiceWriter, responses=shapes.NoticeReader)
    def post(self, request: Request, public_id: UUID) -> Response:
        found, given = self.notice(public_id), sent(request, shapes.NoticeServiceWriter)
        serve_notice(notice=found, person=person(request), served_on=given["served_on"], now=timezone.now())
        return self.answer(public_id)


class KeyedAppeal(NoticeStep):
    """Enter the appeal on paper of a lawyer who has no account, or none any more."""

    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(request=shapes.KeyedAppealWriter, responses={201: shapes.AppealReader})
    def post(self, request: Request, public_id: UUID) -> Response:
        found, given = self.notice(public_id), sent(request, shapes.KeyedAppealWriter)
        lodged = key_in_appeal(notice=found, person=person(request), **given, now=timezone.now())
        return Response(shapes.AppealReader(lodged).data, status=201)


class AppealAnswer(NoticeStep):
    """Answer the appeal, with reasons; upheld, it takes the notice back. By people who took no part."""

    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(request=shapes.AppealAnswerWriter, responses=shapes.AppealReader)
    def post(self, request: Request, public_id: UUID) -> Response:
        found, given = self.notice(public_id), sent(request, shapes.AppealAnswerWriter)
        lodged = get_object_or_404(Appeal, notice=found)
        decide_appeal(
            appeal=lodged,
            person=person(request),
            upheld=given["state"] == AppealState.UPHELD,
            answer=given["answer"],
            reread=given["reread"],
            now=timezone.now(),
        )
        return Response(shapes.AppealReader(Appeal.objects.get(pk=lodged.pk)).data)


class AppealDecisionPaper(NoticeStep):
    """The decision on the appeal against a notice, once it was answered: its draft, and numbering it."""

    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: UUID) -> HttpResponse:
        appeal = get_object_or_404(Appeal, notice=self.notice(public_id))
        data = draft_of_appeal_decision(appeal=appeal, person=person(request), now=timezone.now())
        return HttpResponse(data, content_type="application/pdf", headers={"Cache-Control": "no-store"})

    @extend_schema(request=shapes.DecisionPaperWriter, responses={201: shapes.NoticeReader})
    def post(self, request: Request, public_id: UUID) -> Response:
        appeal = get_object_or_404(Appeal, notice=self.notice(public_id))
        given = sent(request, shapes.DecisionPaperWriter)
        paper = issue_appeal_decision(appeal=appeal, person=person(request), **given, now=timezone.now())
        return Response(shapes.NoticeReader(paper).data, status=201)


class VerificationThrottle(BaseThrottle):
    """The page's own count: two doors give nobody twice as many tries."""

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 - the framework's signature
        return not too_many_tries(request._request)

    def wait(self) -> float:
        return MINUTE


class Verification(Endpoint):
    """What anybody may know of a notice by its code; no account, no name for a rectification."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (VerificationThrottle,)

    @extend_schema(responses={200: shapes.VerifiedReader, 404: OpenApiResponse(description="No notice bears the code")})
    def get(self, request: Request, code: str) -> Response:  # noqa: ARG002 - the framework's signature
        found = verified(code)
        if found is None:
            raise Http404
        return Response(shapes.VerifiedReader(found).data)
