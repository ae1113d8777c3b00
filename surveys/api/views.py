"""Follow-up for programs: what the staff's pages can do."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint, sent
from surveys import queries, services
from surveys.api.serializers import (
    AfterwardsWrite,
    CallRead,
    CallWrite,
    ConversationRead,
    InterviewRead,
    InterviewWrite,
    SecondEntryRead,
    SecondEntryWrite,
    answers_given,
    heard_in,
    number_in,
)
from surveys.enums import Answerer, Identity, Mode, PhoneOutcome
from surveys.models import Conversation

READERS = HasRole.of(Role.FOLLOW_UP, Role.MANAGER, Role.SUPERVISOR)
CALLERS = HasRole.of(Role.FOLLOW_UP, Role.MANAGER)


def _user(request: Request) -> User:
    return cast("User", request.user)


class ConversationListView(ListAPIView[Conversation]):
    """Conversations with clients of the user's subtree, the latest first."""

    permission_classes = (READERS,)
    serializer_class = ConversationRead
    queryset = Conversation.objects.none()

    def get_queryset(self) -> QuerySet[Conversation]:
        rows = Conversation.objects.visible_to(_user(self.request)).with_clients().as_told().with_texts()
        return rows.select_related("case__centre", "recipient", "questionnaire")


class TelephoneListView(ListAPIView[Conversation]):
    """Open conversations that a person of the centre has to reach."""

    permission_classes = (CALLERS,)
    serializer_class = ConversationRead
    queryset = Conversation.objects.none()

    def get_queryset(self) -> QuerySet[Conversation]:
        rows = queries.staff_list(user=_user(self.request))
        return rows.select_related("questionnaire", "case__centre", "recipient")


class ConversationView(Endpoint):
    permission_classes = (READERS,)

    @extend_schema(responses=ConversationRead)
    def get(self, request: Request, public_id: UUID) -> Response:
        found = queries.telephone_conversation(user=_user(request), public_id=public_id)
        return Response(ConversationRead(found).data)


class CallView(Endpoint):
    """One call that did not end in an interview, by who holds the person. Refused (409) without that."""

    permission_classes = (CALLERS,)

    @extend_schema(request=CallWrite, responses={201: CallRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        conversation = queries.conversation_to_record(user=_user(request), public_id=public_id)
        given = CallWrite(data=request.data)
        given.is_valid(raise_exception=True)
        contact = services.record_call(
            user=_user(request),
            conversation=conversation,
            outcome=PhoneOutcome(given.validated_data["outcome"]),
            note=given.validated_data["note"],
            call_back_at=given.validated_data["call_back_at"],
            number=number_in(given.validated_data),
            heard=heard_in(given.validated_data),
            of_centre=given.validated_data["of_centre"],
            held=True,
            now=timezone.now(),
        )
        return Response(CallRead(contact).data, status=status.HTTP_201_CREATED)


class InterviewView(Endpoint):
    """A finished interview, visit, letter or paper form. A second one is refused (409)."""

    permission_classes = (CALLERS,)

    @extend_schema(request=InterviewWrite, responses={201: InterviewRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        conversation = queries.conversation_to_record(user=_user(request), public_id=public_id)
        given, now = sent(request, InterviewWrite), timezone.now()
        response = services.record_interview(
            user=_user(request),
            conversation=conversation,
            **_interview(given),
            number=number_in(given),
            identity=Identity(given["identity"]),
            plan_confirmed=given["plan_confirmed"],
            now=now,
        )
        return Response(InterviewRead(response, context={"at": now}).data, status=status.HTTP_201_CREATED)


class SecondEntryView(Endpoint):
    """A second answer to an interview that is recorded: kept beside the first, which stands."""

    permission_classes = (CALLERS,)

    @extend_schema(request=SecondEntryWrite, responses={201: SecondEntryRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        conversation = queries.conversation_to_record(user=_user(request), public_id=public_id)
        entry = services.keep_second_entry(
            user=_user(request),
            conversation=conversation,
            **_interview(sent(request, SecondEntryWrite)),
            now=timezone.now(),
        )
        return Response(SecondEntryRead(entry).data, status=status.HTTP_201_CREATED)


class AfterwardsView(Endpoint):
    """What a client told staff once the follow-up was answered, stopped or closed."""

    permission_classes = (CALLERS,)

    @extend_schema(request=AfterwardsWrite, responses={201: CallRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        conversation = queries.conversation_to_record(user=_user(request), public_id=public_id)
        given = sent(request, AfterwardsWrite)
        contact = services.note_afterwards(
            user=_user(request),
            conversation=conversation,
            heard=heard_in(given),
            of_centre=given["of_centre"],
            leave_alone=given["leave_alone"],
            note=given["note"],
            now=timezone.now(),
        )
        return Response(CallRead(contact).data, status=status.HTTP_201_CREATED)


def _interview(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "answers": answers_given(given["answers"]),
        "answerer": Answerer(given["answerer"]),
        "mode": Mode(given["mode"]),
        "note": given["note"],
        "heard": heard_in(given),
        "of_centre": given["of_centre"],
    }
