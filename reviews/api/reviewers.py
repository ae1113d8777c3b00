"""Endpoints of the list of reviewers: terms, objections in advance, relations, and who may read one file."""

from typing import Any, cast
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.cases.enums import CaseType
from qa_service.common.api import DayField, Endpoint, Whole, sent
from qa_service.common.errors import InvalidInput
from qa_service.organisations.models import Firm, Lawyer
from qa_service.organisations.queries import today_at
from reviews.api.managing import ManagerView
from reviews.conflicts import CAPACITY
from reviews.enums import MANAGING
from reviews.models import Relation, ReviewerObjection
from reviews.models.reviewers import MOST_FILES
from reviews.queries.reviewer_list import (
    cases_whose_readers_are_named_by,
    centres_of_list,
    lawyers_who_object_on_paper,
    objections_to_reviewers,
    published_list,
    relation_to,
    relations_declared_by,
    reviewers_listed_for,
    reviewers_managed_by,
    ties_known,
    ties_taken_out_by,
    who_may_read,
)
from reviews.services.relations import REASON_LIMIT, declare_relation, take_back_relation
from reviews.services.reviewers import (
    decide_reviewer_objection,
    enter_tie,
    object_to_reviewer,
    set_terms,
    take_out_tie,
)


class ListedReader(serializers.Serializer[Any]):
    """`practising_since` null: not known. `case_types` empty: all. `open_files` is null for who does not manage."""

    reviewer = serializers.UUIDField()
    name = serializers.CharField()
    centre = serializers.CharField()
    firms = serializers.ListField(child=serializers.CharField())
    practising_since = serializers.DateField(allow_null=True)
    case_types = serializers.ListField(child=serializers.CharField())
    capacity = serializers.IntegerField()
    open_files = serializers.IntegerField(allow_null=True)


class TermsShape(Whole):
    capacity = serializers.IntegerField(min_value=0, max_value=MOST_FILES, default=CAPACITY)
    case_types = serializers.ListField(child=serializers.ChoiceField(choices=CaseType.choices), default=list)
    practising_since = DayField(allow_null=True, default=None)


class ReviewerObjectionWriter(Whole):
    """`lawyer` (a licence number) and `received_on` are of an objection on paper, which a manager enters."""

    reviewer = serializers.UUIDField()
    reason = serializers.CharField(max_length=500)
    lawyer = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    received_on = DayField(allow_null=True, default=None)


class ReviewerObjectionReader(serializers.ModelSerializer[ReviewerObjection]):
    reviewer = serializers.UUIDField(source="reviewer.public_id")
    lawyer = serializers.CharField(source="lawyer.licence_number")

    class Meta:
        model = ReviewerObjection
        fields = ("public_id", "reviewer", "lawyer", "reason", "lodged_at", "received_on", "state", "answer")


class ReviewerDecisionWriter(Whole):
    upheld = serializers.BooleanField()
    answer = serializers.CharField(max_length=500)


class RelationShape(Whole):
    """The licence number of a lawyer, or the full name of a firm. `whom`: its public id, by which it is taken back."""

    whom = serializers.UUIDField(read_only=True)
    lawyer = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    firm = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class DeclaredRelation(RelationShape):
    """`given_back`: numbers of the open files of theirs that the reviewer held, and holds no more."""

    given_back = serializers.ListField(child=serializers.CharField(), read_only=True)


class RelationReason(Whole):
    reason = serializers.CharField(max_length=REASON_LIMIT)


class TieShape(Whole):
    """The full name of the firm of the other side, or the licence number of who dealt with the matter before."""

    opposing_firm = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    earlier_lawyer = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")


class KnownTieReader(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    opposing_firm = serializers.CharField(allow_null=True)
    earlier_lawyer = serializers.CharField(allow_null=True)


class MayReadReader(serializers.Serializer[Any]):
    reviewer = serializers.UUIDField(source="person.public_id")
    free = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    other_type = serializers.BooleanField()
    full = serializers.BooleanField()


class FileReadersReader(serializers.Serializer[Any]):
    """`ties` empty: who stood on the other side is not known."""

    ties = KnownTieReader(many=True)
    reviewers = MayReadReader(many=True)


def _lawyer(number: str, *, field: str) -> Lawyer | None:
    found = Lawyer.objects.filter(licence_number=number).first() if number else None
    if number and found is None:
        raise InvalidInput(_("No lawyer with this licence number is known here."), field=field)
    return found


def _firm(name: str, *, field: str) -> Firm | None:
    found = Firm.objects.filter(name=name).order_by("pk").first() if name else None
    if name and found is None:
        raise InvalidInput(_("No firm of this name is known here."), field=field)
    return found


class ReviewerList(Endpoint):
    """The published lists that one reads."""

    permission_classes = (HasRole.of(*MANAGING, Role.REVIEWER, Role.LAWYER, Role.FIRM),)

    @extend_schema(responses=ListedReader(many=True))
    def get(self, request: Request) -> Response:
        user = cast("User", request.user)
        lists = published_list(centres_of_list(user), managing=user.has_role(*MANAGING))
        rows = [
            {
                "reviewer": row.person.public_id,
                "name": row.person.display_name,
                "centre": each.centre.code,
                "firms": row.firms,
                "practising_since": row.practising_since,
                "case_types": row.case_types,
                "capacity": row.capacity,
                "open_files": row.open_files,
            }
            for each in lists
            for row in each.reviewers
        ]
        return Response(ListedReader(rows, many=True).data)


class ReviewerTermsView(ManagerView):
    """On what terms somebody reviews."""

    @extend_schema(request=TermsShape, responses=TermsShape)
    def put(self, request: Request, person_id: UUID) -> Response:
        user = cast("User", request.user)
        person = get_object_or_404(reviewers_managed_by(user), public_id=person_id)
        row = set_terms(reviewer=person, **sent(request, TermsShape), user=user, now=timezone.now())
        return Response(TermsShape(row).data)


class ReviewerObjectionList(ListAPIView[ReviewerObjection]):
    """Objections to reviewers: a lawyer's own, and those a manager decides. POST lodges one, or enters one on paper."""

    permission_classes = (HasRole.of(Role.LAWYER, *MANAGING),)
    serializer_class = ReviewerObjectionReader
    queryset = ReviewerObjection.objects.none()

    def get_queryset(self) -> Any:
        return objections_to_reviewers(cast("User", self.request.user))

    @extend_schema(request=ReviewerObjectionWriter, responses={201: ReviewerObjectionReader})
    def post(self, request: Request) -> Response:
        given, user = sent(request, ReviewerObjectionWriter), cast("User", request.user)
        listed = reviewers_listed_for(user)
        reviewer = get_object_or_404(User.objects.filter(pk__in=listed), public_id=given["reviewer"])
        on_paper = bool(given["lawyer"]) and user.has_role(*MANAGING)
        lawyer = user.lawyer if user.has_role(Role.LAWYER) else None
        if on_paper:
            lawyer = lawyers_who_object_on_paper(user).filter(licence_number=given["lawyer"]).first()
        if lawyer is None:
            raise InvalidInput(_("No lawyer with this licence number is known here."), field="lawyer")
        row = object_to_reviewer(
            reviewer=reviewer,
            lawyer=lawyer,
            reason=given["reason"],
            centre=listed[reviewer.pk],
            received_on=given["received_on"],
            entered_by=user if on_paper else None,
            user=user,
            now=timezone.now(),
        )
        return Response(ReviewerObjectionReader(row).data, status=201)


class ReviewerObjectionDecision(ManagerView):
    """Uphold an objection to a reviewer or not, with reasons."""

    @extend_schema(request=ReviewerDecisionWriter, responses=ReviewerObjectionReader)
    def post(self, request: Request, objection_id: UUID) -> Response:
        user = cast("User", request.user)
        found = get_object_or_404(objections_to_reviewers(user), public_id=objection_id)
        given = sent(request, ReviewerDecisionWriter)
        row = decide_reviewer_objection(objection=found, **given, user=user, now=timezone.now())
        return Response(ReviewerObjectionReader(row).data)


def _relation(row: Relation) -> dict[str, Any]:
    """Nobody is named where it was declared with a file that is read blind: see `relations_declared_by`."""
    of, unnamed = row.lawyer or row.firm, bool(vars(row).get("of_file"))
    return RelationShape(
        {
            "whom": of.public_id if of else None,
            "lawyer": row.lawyer.licence_number if row.lawyer and not unnamed else "",
            "firm": row.firm.name if row.firm and not unnamed else "",
        }
    ).data


class ReviewerRelations(Endpoint):
    """A reviewer declares whose files they must not read. GET: what they have declared and not taken back."""

    permission_classes = (HasRole.of(Role.REVIEWER),)

    @extend_schema(responses=RelationShape(many=True))
    def get(self, request: Request) -> Response:
        return Response([_relation(row) for row in relations_declared_by(cast("User", request.user))])

    @extend_schema(request=RelationShape, responses={201: DeclaredRelation})
    def post(self, request: Request) -> Response:
        given = sent(request, RelationShape)
        declared = declare_relation(
            lawyer=_lawyer(given["lawyer"], field="lawyer"),
            firm=_firm(given["firm"], field="firm"),
            user=cast("User", request.user),
            now=timezone.now(),
        )
        given_back = [row.case.number for row in declared.given_back]
        return Response(_relation(declared.relation) | {"given_back": given_back}, status=201)


class ReviewerRelationAgain(Endpoint):
    """A reviewer takes a declared relation back, with the reason; the managers are told."""

    permission_classes = (HasRole.of(Role.REVIEWER),)

    @extend_schema(request=RelationReason, responses=RelationShape)
    def post(self, request: Request, whom: UUID) -> Response:
        user = cast("User", request.user)
        found = get_object_or_404(relation_to(user, whom))
        given = sent(request, RelationReason)
        take_back_relation(relation=found, **given, user=user, now=timezone.now())
        return Response(_relation(found))


class FileReaders(ManagerView):
    """Who may read one file and who may not, with every reason. POST enters what is known of the other side."""

    @extend_schema(responses=FileReadersReader)
    def get(self, request: Request, case_id: UUID) -> Response:
        cases = cases_whose_readers_are_named_by(cast("User", request.user)).select_related("centre__settings")
        case = get_object_or_404(cases, public_id=case_id)
        found = who_may_read(case, today=today_at(case.centre, timezone.now()))
        body = {"ties": ties_known(case), "reviewers": found}
        return Response(FileReadersReader(body).data)

    @extend_schema(request=TieShape, responses={201: KnownTieReader})
    def post(self, request: Request, case_id: UUID) -> Response:
        user = cast("User", request.user)
        case = get_object_or_404(cases_whose_readers_are_named_by(user), public_id=case_id)
        given = sent(request, TieShape)
        row = enter_tie(
            case=case,
            opposing_firm=_firm(given["opposing_firm"], field="opposing_firm"),
            earlier_lawyer=_lawyer(given["earlier_lawyer"], field="earlier_lawyer"),
            user=user,
            now=timezone.now(),
        )
        return Response(KnownTieReader(row).data, status=201)


class KnownTieView(ManagerView):
    """What was entered of the other side by mistake is taken out."""

    @extend_schema(request=None, responses=KnownTieReader)
    def delete(self, request: Request, tie_id: UUID) -> Response:
        user = cast("User", request.user)
        found = get_object_or_404(ties_taken_out_by(user), public_id=tie_id)
        return Response(KnownTieReader(take_out_tie(tie=found, user=user, now=timezone.now())).data)
