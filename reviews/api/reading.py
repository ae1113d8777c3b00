"""Endpoints of the reader: their files, marks, vetoes, submission."""

from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import PROBLEM_TYPE, domain_problem, sent
from qa_service.common.rounding import half_up, plain
from reviews.adoption import Proposal
from reviews.api import serializers as shapes
from reviews.api.holding import HolderView
from reviews.marking import Total, total
from reviews.models import Assignment
from reviews.queries.checklists import standard_of
from reviews.queries.ledger import PERCENT, Ledger, proposal_words, stored_ledger
from reviews.queries.scorecard import stored_marks, values_of
from reviews.services.assignments import check_conflicts, decline
from reviews.services.catalogue import save_catalogue
from reviews.services.ledger import ArgumentEntry
from reviews.services.marks import MarkEntry, MarksChanged, save_marks
from reviews.services.submission import submit_review
from reviews.services.vetoes import mark_veto, take_back_veto


class ReviewList(ListAPIView[Assignment]):
    """The signed-in reviewer's files."""

    permission_classes = (HasRole.of(Role.REVIEWER),)
    serializer_class = shapes.AssignmentReader
    queryset = Assignment.objects.none()

    def get_queryset(self) -> Any:
        return Assignment.objects.held_by(self.request.user).select_related("review", "case", "checklist")


class ReaderView(HolderView[Assignment]):
    permission_classes = (HasRole.of(Role.REVIEWER),)

    def held(self, request: Request, public_id: UUID) -> Assignment:
        mine = Assignment.objects.held_by(request.user).select_related("review", "case__centre", "checklist")
        return get_object_or_404(mine, review__public_id=public_id)

    def open_to(self, request: Request, public_id: UUID) -> Assignment:
        """As `held`; a file not handed in is closed to whoever is tied to its case by now.

        :raises ConflictOfInterest: at the moment of asking.
        """
        row = self.held(request, public_id)
        if not row.review.locked:
            check_conflicts(case=row.case, reviewer=cast("User", request.user))
        return row


def _shown(found: Total) -> str | None:
    """As on the page."""
    return str(half_up(found.score)) if found.counts else None


def _proposed(found: Proposal | None) -> dict[str, str]:
    return {
        "share": plain(PERCENT * found.share) if found else "",
        "anchor": found.anchor if found else "",
        "reason": found.reason if found else "",
        "words": proposal_words(found),
    }


def _by_number(ledger: Ledger) -> dict[str, dict[str, str]]:
    return {str(number): line for number, line in ledger.items()}


class ReviewDetail(ReaderView):
    """One's own review with its marks. 409 where a tie to the file has come to be since it was given out."""

    @extend_schema(responses=shapes.ReviewReader)
    def get(self, request: Request, review_id: UUID) -> Response:
        row = self.open_to(request, review_id)
        standard = standard_of(row.checklist)
        marks = stored_marks(row.review.pk, standard)
        body = {
            "review": review_id,
            "case": row.case.number,
            "checklist": row.checklist.code,
            "version": row.review.version,
            "state": row.review.state,
            "total": _shown(total(standard.sheet, values_of(marks))),
            "marks": marks,
            "arguments": _by_number(stored_ledger(row.review.pk)),
        }
        return Response(shapes.ReviewReader(body).data)


class ReviewMarks(ReaderView):
    """Save marks on top of the version seen; 409 with what is stored when another window saved first."""

    @extend_schema(request=shapes.MarksWriter, responses={200: shapes.SavedReader, 409: shapes.MarksConflict})
    def put(self, request: Request, review_id: UUID) -> Response:
        values = self.sent(shapes.MarksWriter, request, review_id)
        try:
            saved = save_marks(
                review_id=review_id,
                version=values["version"],
                entries=[MarkEntry(**mark) for mark in values["marks"]],
                arguments=[ArgumentEntry(**line) for line in values["arguments"]],
                comment=values.get("comment"),
                user=cast("User", request.user),
                now=timezone.now(),
            )
        except MarksChanged as conflict:
            body = domain_problem(conflict) | {
                "version": conflict.version,
                "current": conflict.current,
                "arguments": _by_number(conflict.ledger),
                "comment": conflict.comment,
            }
            return Response(body, status=conflict.status, content_type=PROBLEM_TYPE)
        body = {
            "version": saved.version,
            "saved": timezone.localtime(saved.saved_at).strftime("%H:%M"),
            "total": _shown(saved.total),
            "band": saved.total.band if saved.total.counts else None,
            "unmarked": saved.total.unmarked,
            "ledger": _proposed(saved.proposal) if values["arguments"] else None,
        }
        return Response(shapes.SavedReader(body).data)


class ReviewSubmission(ReaderView):
    """Submit a finished review: it is locked for good."""

    @extend_schema(request=shapes.VersionWriter, responses={200: shapes.SubmittedReader})
    def post(self, request: Request, review_id: UUID) -> Response:
        values = self.sent(shapes.VersionWriter, request, review_id)
        user = cast("User", request.user)
        review = submit_review(review_id=review_id, **values, user=user, now=timezone.now())
        body = {"review": review.public_id, "total": str(half_up(review.total or Decimal(0))), "band": review.band}
        return Response(shapes.SubmittedReader(body).data)


class ReviewDecline(ReaderView):
    """Give a file back, with a reason and, where there is one, the relation behind it."""

    @extend_schema(request=shapes.DeclineWriter, responses={204: None})
    def post(self, request: Request, review_id: UUID) -> Response:
        row = self.held(request, review_id)
        given = sent(request, shapes.DeclineWriter)
        decline(assignment=row, **given, user=cast("User", request.user), now=timezone.now())
        return Response(status=204)


class ReviewVetoes(ReaderView):
    """Mark a veto in one's own review, before it is submitted."""

    @extend_schema(request=shapes.VetoWriter, responses={201: shapes.VetoReader})
    def post(self, request: Request, review_id: UUID) -> Response:
        values = self.sent(shapes.VetoWriter, request, review_id)
        self.open_to(request, review_id)
        mark = mark_veto(
            review_id=review_id,
            code=values["veto"],
            statement=values["statement"],
            page=values["page"],
            user=cast("User", request.user),
            now=timezone.now(),
        )
        return Response(shapes.VetoReader(mark).data, status=201)


class ReviewVeto(ReaderView):
    """Take back a veto marked in one's own review, before it is submitted."""

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, review_id: UUID, code: str) -> Response:
        self.held(request, review_id)
        take_back_veto(review_id=review_id, code=code, user=cast("User", request.user), now=timezone.now())
        return Response(status=204)


class ReviewCatalogue(ReaderView):
    """Where each paper of the required catalogue stands: "12" or "12-14", empty where it is not in the file."""

    @extend_schema(request=shapes.CatalogueWriter, responses={204: None})
    def put(self, request: Request, review_id: UUID) -> Response:
        values = self.sent(shapes.CatalogueWriter, request, review_id)
        self.open_to(request, review_id)
        save_catalogue(review_id=review_id, typed=values["pages"], user=cast("User", request.user), now=timezone.now())
        return Response(status=204)
