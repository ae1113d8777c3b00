"""Referrals, and the register of limits on assignments as the case system reads it."""

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.permissions import HasRole
from qa_service.common.api import DayField, Endpoint, TextField, Whole, sent
from scoring.api.decisions import ProposalStep, person
from scoring.enums import MeasureKind, ReferralAnswer, ReferralKind
from scoring.models import DECIDING_ROLES, AssignmentMeasure, Referral
from scoring.queries.measures import measures_on, measures_seen_by
from scoring.services.measures import end_measure
from scoring.services.procedure import record_answer, send_referral


class MeasureReader(serializers.ModelSerializer[AssignmentMeasure]):
    """Both days are included; `ended_on` is the first day on which it no longer holds, null where none ended it."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=MeasureKind.values)
    lawyer = serializers.CharField(source="lawyer.name")
    lawyer_id = serializers.UUIDField(source="lawyer.public_id")
    licence_number = serializers.CharField(source="lawyer.licence_number", read_only=True)
    firm = serializers.CharField(source="proposal.firm.name")
    centre = serializers.CharField(source="centre.code")

    class Meta:
        model = AssignmentMeasure
        fields = (
            "id", "kind", "lawyer", "lawyer_id", "licence_number", "firm", "centre", "starts_on", "ends_on",
            "legal_basis", "authority", "reference", "ended_on", "end_reason",
        )  # fmt: skip
        read_only_fields = fields


class MeasureFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    """`on`: only what holds on this day."""

    on = django_filters.DateFilter(method="on_day", label=_("In force on this day"))
    kind = django_filters.ChoiceFilter(choices=MeasureKind.choices)
    licence_number = django_filters.CharFilter(field_name="lawyer__licence_number", label=_("Licence number"))

    def on_day(self, rows: QuerySet[AssignmentMeasure], _name: str, day: Any) -> QuerySet[AssignmentMeasure]:
        return rows.filter(pk__in=measures_on(self.request.user, day).values("pk"))


class MeasureList(ListAPIView[AssignmentMeasure]):
    """The register: lawyers who are assigned fewer cases or none."""

    permission_classes = (HasRole.of(*DECIDING_ROLES),)
    serializer_class = MeasureReader
    filterset_class = MeasureFilter
    queryset = AssignmentMeasure.objects.none()

    def get_queryset(self) -> QuerySet[AssignmentMeasure]:
        return measures_seen_by(person(self.request))


class EndWriter(Whole):
    reason = TextField(max_length=2000)


class MeasureEnd(Endpoint):
    """End a limit before its last day."""

    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(request=EndWriter, responses=MeasureReader)
    def post(self, request: Request, public_id: UUID) -> Response:
        seen = measures_seen_by(person(request))
        row = get_object_or_404(seen, public_id=public_id)
        given = sent(request, EndWriter)
        end_measure(measure=row, person=person(request), reason=given["reason"], now=timezone.now())
        return Response(MeasureReader(get_object_or_404(seen, public_id=public_id)).data)


class ReferralReader(serializers.ModelSerializer[Referral]):
    kind = serializers.ChoiceField(choices=ReferralKind.values)
    answer = serializers.CharField()

    class Meta:
        model = Referral
        fields = ("kind", "addressee", "reference", "sent_on", "answer", "answered_on", "answer_reference")
        read_only_fields = fields


class ReferralWriter(Whole):
    addressee = TextField(max_length=100)
    reference = TextField(max_length=60, allow_blank=True, default="")
    sent_on = DayField()


class AuthorityAnswerWriter(Whole):
    """`legal_basis`, `starts_on` and `ends_on` are for a suspension that the authority imposed."""

    answer = serializers.ChoiceField(choices=ReferralAnswer.choices)
    answered_on = DayField()
    reference = TextField(max_length=60, allow_blank=True, default="")
    legal_basis = TextField(max_length=300, allow_blank=True, default="")
    starts_on = DayField(required=False, allow_null=True, default=None)
    ends_on = DayField(required=False, allow_null=True, default=None)


class ReferralSending(ProposalStep):
    """The letter to the competent authority left."""

    @extend_schema(request=ReferralWriter, responses=ReferralReader)
    def post(self, request: Request, public_id: UUID) -> Response:
        found, given = self.proposal(public_id), sent(request, ReferralWriter)
        made = send_referral(proposal=found, person=person(request), **given, now=timezone.now())
        return Response(ReferralReader(made).data)


class AuthorityAnswer(ProposalStep):
    """What the competent authority answered."""

    @extend_schema(request=AuthorityAnswerWriter, responses=ReferralReader)
    def post(self, request: Request, public_id: UUID) -> Response:
        found, given = self.proposal(public_id), sent(request, AuthorityAnswerWriter)
        given["answer"] = ReferralAnswer(given["answer"])
        made = record_answer(proposal=found, person=person(request), **given, now=timezone.now())
        return Response(ReferralReader(made).data)
