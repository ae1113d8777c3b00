"""Organs for programs: the address book, who was asked, letters on paper, opinions keyed in, who answers."""

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.cases.api.closed_cases import CHOICE
from qa_service.common.api import Endpoint, sent
from qa_service.common.paging import KeysetPagination
from surveys import services
from surveys.api.figures import chosen
from surveys.api.organ_shapes import (
    BatchRead,
    BatchSent,
    LanguageWrite,
    NoOpinionWrite,
    OpinionWrite,
    OrganAskedQuery,
    OrganAskedRead,
    OrganChange,
    OrganNew,
    OrganRateRead,
    OrganRead,
    StackRead,
    UnknownNameRead,
)
from surveys.api.serializers import InterviewRead, SecondEntryRead, answers_given
from surveys.enums import ErrandOutcome, OrganKind, OrganWay
from surveys.models import Conversation, LetterBatch, Organ
from surveys.models.organs import BOOK_KEEPERS, BOOK_READERS, ORGAN_READERS, ORGAN_STAFF
from surveys.queries import organ_book, organ_letters, organs
from surveys.queries.organ_rates import organ_rates
from surveys.services.organs.organ_book import changed_entry

PDF = "application/pdf"


def _user(request: Request) -> User:
    return cast("User", request.user)


class ByName(KeysetPagination):
    ordering = ("name", "pk")


class OrgansView(ListAPIView[Organ]):
    """The address books of the user's centres; POST adds a unit."""

    permission_classes = (HasRole.of(*BOOK_READERS),)
    serializer_class = OrganRead
    pagination_class = ByName
    filter_backends = ()
    queryset = Organ.objects.none()

    def get_queryset(self) -> QuerySet[Organ]:
        return organ_book.organs_in_book(_user(self.request))

    @extend_schema(request=OrganNew, responses={201: OrganRead})
    def post(self, request: Request) -> Response:
        user = _user(request)
        if not user.has_role(*BOOK_KEEPERS):
            self.permission_denied(request)
        given = sent(request, OrganNew)
        centre = get_object_or_404(organ_book.centres_with_a_book(user), code=given.pop("centre"))
        made = services.add_organ(user=user, centre=centre, entry=_entry(given), now=timezone.now())
        return Response(OrganRead(made).data, status=201)


def _entry(given: dict[str, Any]) -> services.OrganInput:
    return services.OrganInput(**_worded(given))


def _worded(given: dict[str, Any]) -> dict[str, Any]:
    words = {"kind": OrganKind, "way": OrganWay}
    return {name: words[name](value) if name in words else value for name, value in given.items()}


class OrganView(Endpoint):
    """One unit; PATCH changes what is sent."""

    permission_classes = (HasRole.of(*BOOK_READERS),)

    @extend_schema(responses={200: OrganRead})
    def get(self, request: Request, public_id: UUID) -> Response:
        return Response(OrganRead(organ_book.organ_in_book(user=_user(request), public_id=public_id)).data)

    @extend_schema(request=OrganChange, responses={200: OrganRead})
    def patch(self, request: Request, public_id: UUID) -> Response:
        user = _user(request)
        if not user.has_role(*BOOK_KEEPERS):
            self.permission_denied(request)
        organ = organ_book.organ_kept_by(user=user, public_id=public_id)
        given = OrganChange(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        entry = changed_entry(organ, _worded(given.validated_data))
        services.change_organ(user=user, organ=organ, entry=entry, now=timezone.now())
        return Response(OrganRead(organ_book.organ_in_book(user=user, public_id=public_id)).data)


class UnknownNamesView(Endpoint):
    """Names of organs in cases to be asked about that the address book of their centre does not know."""

    permission_classes = (HasRole.of(*BOOK_KEEPERS),)

    @extend_schema(responses=UnknownNameRead(many=True))
    def get(self, request: Request) -> Response:
        return Response(UnknownNameRead(organ_book.unknown_names(_user(request), now=timezone.now()), many=True).data)


@extend_schema(parameters=[OrganAskedQuery])
class OrgansAskedView(ListAPIView[Conversation]):
    """Units that were asked, about which case, and how far it has got; the latest first."""

    permission_classes = (HasRole.of(*ORGAN_READERS),)
    serializer_class = OrganAskedRead
    queryset = Conversation.objects.none()
    query_class = OrganAskedQuery

    def get_queryset(self) -> QuerySet[Conversation]:
        wanted = OrganAskedQuery(data=self.request.query_params)
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        found = organs.organs_asked(_user(self.request), show=organs.Show(given["show"]), organ=given.get("organ"))
        return found.select_related("case__centre", "case__lawyer", "organ", "response")


class OrganAskedView(Endpoint):
    permission_classes = (HasRole.of(*ORGAN_READERS),)

    @extend_schema(responses=OrganAskedRead)
    def get(self, request: Request, public_id: UUID) -> Response:
        return Response(OrganAskedRead(organs.organ_conversation(user=_user(request), public_id=public_id)).data)


class OpinionView(Endpoint):
    """An opinion that came on paper. A second one is refused (409)."""

    permission_classes = (HasRole.of(*ORGAN_STAFF),)

    @extend_schema(request=OpinionWrite, responses={201: InterviewRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        conversation = organs.organ_conversation(user=_user(request), public_id=public_id)
        given = sent(request, OpinionWrite)
        given["answers"] = answers_given(given["answers"])
        now = timezone.now()
        made = services.record_opinion(user=_user(request), conversation=conversation, now=now, **given)
        return Response(InterviewRead(made, context={"at": now}).data, status=201)


class SecondOpinionView(Endpoint):
    """A further sheet of an opinion that is stored: kept beside the first, which stays what is weighed."""

    permission_classes = (HasRole.of(*ORGAN_STAFF),)

    @extend_schema(request=OpinionWrite, responses={201: SecondEntryRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        conversation = organs.organ_conversation(user=_user(request), public_id=public_id)
        given = sent(request, OpinionWrite)
        given["answers"] = answers_given(given["answers"])
        kept = services.keep_second_opinion(user=_user(request), conversation=conversation, now=timezone.now(), **given)
        return Response(SecondEntryRead(kept).data, status=201)


class NoOpinionView(Endpoint):
    """The unit declined (`refused`), or what was sent came back (`returned`)."""

    permission_classes = (HasRole.of(*ORGAN_STAFF),)

    @extend_schema(request=NoOpinionWrite, responses={200: OrganAskedRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        user = _user(request)
        conversation = organs.organ_conversation(user=user, public_id=public_id)
        given = sent(request, NoOpinionWrite)
        services.end_asking(
            user=user,
            conversation=conversation,
            outcome=ErrandOutcome(given["outcome"]),
            note=given["note"],
            now=timezone.now(),
        )
        return Response(OrganAskedRead(organs.organ_conversation(user=user, public_id=public_id)).data)


PAPER = extend_schema(
    request=LanguageWrite, responses={(200, PDF): OpenApiResponse(OpenApiTypes.BINARY, description="PDF")}
)


class LetterView(Endpoint):
    """The letter about one case as PDF; printing is recorded."""

    permission_classes = (HasRole.of(*ORGAN_STAFF),)

    @PAPER
    def post(self, request: Request, public_id: UUID) -> HttpResponse:
        user = _user(request)
        conversation = organs.organ_conversation(user=user, public_id=public_id)
        language = sent(request, LanguageWrite)["language"]
        data = services.print_letter(user=user, conversation=conversation, language=language, now=timezone.now())
        return HttpResponse(data, content_type=PDF, headers={"Cache-Control": "no-store"})


class StacksView(Endpoint):
    """Letters that wait to be printed, by unit."""

    permission_classes = (HasRole.of(*ORGAN_STAFF),)

    @extend_schema(responses=StackRead(many=True))
    def get(self, request: Request) -> Response:
        return Response(StackRead(organ_letters.stacks_to_print(_user(request)), many=True).data)


class BatchesView(ListAPIView[LetterBatch]):
    """Letters put together that have not left."""

    permission_classes = (HasRole.of(*ORGAN_STAFF),)
    serializer_class = BatchRead
    filter_backends = ()
    queryset = LetterBatch.objects.none()

    def get_queryset(self) -> QuerySet[LetterBatch]:
        return organ_letters.batches_to_send(_user(self.request))


class OrganBatchView(Endpoint):
    """Put the letters to one unit together, at most fifty."""

    permission_classes = (HasRole.of(*ORGAN_STAFF),)

    @extend_schema(request=None, responses={201: BatchRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        user = _user(request)
        organ = organ_book.organ_in_book(user=user, public_id=public_id)
        made = services.make_batch(user=user, organ=organ, now=timezone.now())
        return Response(BatchRead(organ_letters.batch_counted(user=user, public_id=made.public_id)).data, status=201)


class BatchPaperView(Endpoint):
    """The letters of a batch that are still open, as one PDF; printing is recorded."""

    permission_classes = (HasRole.of(*ORGAN_STAFF),)

    @PAPER
    def post(self, request: Request, public_id: UUID) -> HttpResponse:
        language = sent(request, LanguageWrite)["language"]
        data = services.print_batch(user=_user(request), public_id=public_id, language=language, now=timezone.now())
        return HttpResponse(data, content_type=PDF, headers={"Cache-Control": "no-store"})


class BatchSentView(Endpoint):
    """The letters left on this day: from it the unit's time runs."""

    permission_classes = (HasRole.of(*ORGAN_STAFF),)

    @extend_schema(request=BatchSent, responses={200: BatchRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        user = _user(request)
        organ_letters.batch_seen(user=user, public_id=public_id)
        given = sent(request, BatchSent)
        services.send_batch(user=user, public_id=public_id, day=given["sent_on"], now=timezone.now())
        return Response(BatchRead(organ_letters.batch_counted(user=user, public_id=public_id)).data)


class RatesView(Endpoint):
    """Who answers: counts by unit."""

    permission_classes = (HasRole.of(*ORGAN_READERS),)

    @extend_schema(parameters=CHOICE, responses=OrganRateRead(many=True))
    def get(self, request: Request) -> Response:
        choice, _about = chosen(request)
        return Response(OrganRateRead(organ_rates(_user(request), choice), many=True).data)
