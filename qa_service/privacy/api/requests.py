"""The register of requests, for programs: entered, read and answered. A person is named by the key of their row."""

from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import DayField, Endpoint, Whole, sent
from qa_service.common.paging import KeysetPagination
from qa_service.privacy.enums import Asker, CameBy, Proof, RequestKind, RequestState
from qa_service.privacy.models import HANDLERS, PersonRequest
from qa_service.privacy.queries.people import person_reached
from qa_service.privacy.queries.requests import request_of
from qa_service.privacy.services import Asking, answer_request, register_request

LONGEST = 2000
DECISIONS = (RequestState.GRANTED, RequestState.REFUSED, RequestState.WITHDRAWN)


class PersonRequestRead(serializers.ModelSerializer[PersonRequest]):
    """Without a word of the person: `client` is a key, `outcome` says of an erasure what went and what stays."""

    client = serializers.UUIDField(source="client.public_id", read_only=True)
    centre = serializers.CharField(source="centre.code", read_only=True)

    class Meta:
        model = PersonRequest
        fields = (
            "public_id", "client", "centre", "kind", "asker", "proof", "came_by", "received_on", "due_on", "state",
            "done_on", "outcome", "rest_waits",
        )  # fmt: skip
        read_only_fields = fields


class PersonRequestWrite(Whole):
    """`asker_name` where it is not the person; the proof of a right to ask is then `authority`."""

    client = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=RequestKind.choices)
    asker = serializers.ChoiceField(choices=Asker.choices, default=Asker.PERSON)
    asker_name = serializers.CharField(max_length=50, allow_blank=True, default="")
    proof = serializers.ChoiceField(choices=Proof.choices)
    came_by = serializers.ChoiceField(choices=CameBy.choices)
    received_on = DayField()
    wanted = serializers.CharField(max_length=LONGEST, allow_blank=True, default="")


class PersonAnswerWrite(Whole):
    """A refusal needs its reason."""

    decision = serializers.ChoiceField(choices=[(each.value, each.label) for each in DECISIONS])
    reason = serializers.CharField(max_length=LONGEST, allow_blank=True, default="")


class Newest(KeysetPagination):
    ordering = ("-received_on", "-pk")


class PersonRequestsView(ListAPIView[PersonRequest]):
    """What persons asked about their own data, the newest first."""

    permission_classes = (HasRole.of(*HANDLERS),)
    serializer_class = PersonRequestRead
    pagination_class = Newest
    filter_backends = ()
    queryset = PersonRequest.objects.none()

    def get_queryset(self) -> QuerySet[PersonRequest]:
        seen = PersonRequest.objects.visible_to(cast("User", self.request.user))
        return seen.select_related("client", "centre")

    @extend_schema(request=PersonRequestWrite, responses={201: PersonRequestRead})
    def post(self, request: Request) -> Response:
        """Enter a request; the last day to answer is counted from the day it came."""
        user, given = cast("User", request.user), sent(request, PersonRequestWrite)
        client = person_reached(user, given.pop("client"))
        row = register_request(user=user, client=client, asking=Asking.read(given), now=timezone.now())
        return Response(PersonRequestRead(row).data, status=status.HTTP_201_CREATED)


class PersonRequestView(Endpoint):
    """One request."""

    permission_classes = (HasRole.of(*HANDLERS),)

    @extend_schema(responses=PersonRequestRead)
    def get(self, request: Request, public_id: UUID) -> Response:
        return Response(PersonRequestRead(request_of(cast("User", request.user), public_id)).data)


class PersonAnswerView(Endpoint):
    """Answer a request; what is granted is carried out at once."""

    permission_classes = (HasRole.of(*HANDLERS),)

    @extend_schema(request=PersonAnswerWrite, responses=PersonRequestRead)
    def post(self, request: Request, public_id: UUID) -> Response:
        user = cast("User", request.user)
        row = request_of(user, public_id)
        given = sent(request, PersonAnswerWrite)
        decision = RequestState(given["decision"])
        answered = answer_request(user=user, request=row, decision=decision, reason=given["reason"], now=timezone.now())
        return Response(PersonRequestRead(answered).data)
