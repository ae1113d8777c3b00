"""The bureau's register of complaints for programs: entries, one of them with its clock, its steps."""

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.cases.models import Case
from qa_service.cases.queries import staff_cases
from qa_service.common.api import DayField, Endpoint, Whole, sent
from qa_service.common.errors import InvalidInput
from qa_service.organisations.models import Organisation
from surveys import services
from surveys.api.recoveries import EnteredRead, entered
from surveys.enums import (
    RECEIVED_BY_ITSELF,
    Complainant,
    ComplaintAct,
    ComplaintOutcome,
    ComplaintState,
    Ground,
    Received,
    Respondent,
)
from surveys.models import Complaint
from surveys.queries.complaints import (
    ENTERING,
    centres_of,
    complaint_acts,
    complaint_of,
    complaints_seen_by,
    handlers_of,
    in_same_register,
)
from surveys.services.matters.complaints import reveal_contact

SEEING = (Role.MANAGER, Role.SUPERVISOR)
SHOWN = [("late", "Late"), ("left", "Whoever handled it is gone"), ("all", "All"), *ComplaintState.choices]
# As the register's own forms have it: what is converted is entered with its consent, and no office complains.
RECEIVED = [each for each in Received.choices if each[0] not in RECEIVED_BY_ITSELF]
COMPLAINANTS = [each for each in Complainant.choices if each[0] != Complainant.OFFICE]


class ComplaintQuery(serializers.Serializer[Any]):
    """Which entries to list: the open ones unless `state` says otherwise. `q`: part of a number."""

    q = serializers.CharField(required=False, allow_blank=True, max_length=64, default="")
    state = serializers.ChoiceField(choices=SHOWN, allow_blank=True, default="")
    ground = serializers.ChoiceField(choices=Ground.choices, allow_blank=True, default="")
    year = serializers.IntegerField(min_value=2000, max_value=2999, required=False)


class ComplaintRead(serializers.ModelSerializer[Complaint]):
    """One entry. Names, addresses and words stay on the page. `due_on`: the day of the clock that runs now."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    bureau = serializers.CharField(source="bureau.code", read_only=True)
    centre = serializers.CharField(source="centre.code", read_only=True)
    case = serializers.UUIDField(source="case.public_id", read_only=True, default=None)
    case_number = serializers.CharField(source="case.number", read_only=True, default="")
    handler = serializers.UUIDField(source="handler.public_id", read_only=True, default=None)
    joined_to = serializers.CharField(source="joined_to.label", read_only=True, default=None)

    class Meta:
        model = Complaint
        fields = (
            "id", "label", "bureau", "centre", "case", "case_number", "complainant", "respondent", "ground", "state",
            "received_by", "received_on", "asked_more_on", "completed_on", "accepted_on", "extended_on", "decided_on",
            "reply_sent_on", "due_on", "with_centre", "handler", "outcome", "joined_to",
        )  # fmt: skip
        read_only_fields = fields


class ComplaintDetail(ComplaintRead):
    """The same with `acts`: the steps that whoever asks may take now."""

    acts = serializers.SerializerMethodField()

    class Meta(ComplaintRead.Meta):
        fields = (*ComplaintRead.Meta.fields, "acts")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]

    def get_acts(self, complaint: Complaint) -> list[str]:
        return [act.value for act in complaint_acts(complaint, self.context["user"])]


class ComplaintWrite(Whole):
    """A complaint as it came, by letter, by word of mouth or otherwise."""

    centre = serializers.CharField(max_length=32, help_text="Code of the centre")
    case_number = serializers.CharField(required=False, allow_blank=True, max_length=64, default="")
    received_on = DayField()
    received_by = serializers.ChoiceField(choices=RECEIVED)
    complainant = serializers.ChoiceField(choices=COMPLAINANTS)
    complainant_name = serializers.CharField(max_length=50)
    contact = serializers.CharField(max_length=200)
    respondent = serializers.ChoiceField(choices=Respondent.choices)
    respondent_name = serializers.CharField(required=False, allow_blank=True, max_length=100, default="")
    ground = serializers.ChoiceField(choices=Ground.choices)
    facts = serializers.CharField(max_length=5000)
    request = serializers.CharField(required=False, allow_blank=True, max_length=5000, default="")


class ComplaintStepWrite(Whole):
    """`on`: the day of the step, today unless given. `handler`: the person's id. `joined_to`: the label of another."""

    act = serializers.ChoiceField(choices=[each for each in ComplaintAct.choices if each[0] != ComplaintAct.REGISTER])
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000, default="")
    on = DayField(required=False, allow_null=True, default=None)
    outcome = serializers.ChoiceField(choices=ComplaintOutcome.choices, required=False, allow_blank=True, default="")
    handler = serializers.UUIDField(required=False, allow_null=True, default=None)
    with_centre = serializers.BooleanField(required=False, default=False)
    joined_to = serializers.CharField(required=False, allow_blank=True, max_length=60, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["act"] == ComplaintAct.ASSIGN and attrs["handler"] is None:
            raise serializers.ValidationError({"handler": self.fields["handler"].error_messages["required"]})
        return attrs


@extend_schema(parameters=[ComplaintQuery])
class ComplaintsView(ListAPIView[Complaint]):
    """The register; POST enters a complaint for the bureau."""

    permission_classes = (HasRole.of(*ENTERING),)
    serializer_class = ComplaintRead
    queryset = Complaint.objects.none()
    query_class = ComplaintQuery

    def get_queryset(self) -> QuerySet[Complaint]:
        user = cast("User", self.request.user)
        if not user.has_role(*SEEING):
            self.permission_denied(self.request)
        wanted = ComplaintQuery(data=self.request.query_params)
        wanted.is_valid(raise_exception=True)
        return complaints_seen_by(user, now=timezone.now(), chosen=wanted.validated_data).select_related("joined_to")

    @extend_schema(parameters=[], request=ComplaintWrite, responses={201: EnteredRead})
    def post(self, request: Request) -> Response:
        user = cast("User", request.user)
        given = sent(request, ComplaintWrite)
        centre = get_object_or_404(centres_of(user, *ENTERING), code=given.pop("centre"))
        made = services.register_complaint(user=user, grievance=_grievance(user, centre, given), now=timezone.now())
        return Response(entered(user, made), status=201)


def _grievance(user: User, centre: Organisation, given: dict[str, Any]) -> services.Grievance:
    words = {"received_by": Received, "complainant": Complainant, "respondent": Respondent, "ground": Ground}
    case = _case(user, centre, given.pop("case_number").strip())
    return services.Grievance(
        centre=centre, case=case, **{name: words.get(name, _as_is)(value) for name, value in given.items()}
    )


def _as_is(value: Any) -> Any:
    return value


def _case(user: User, centre: Organisation, number: str) -> Case | None:
    found = staff_cases(user).filter(centre=centre, number=number).first() if number else None
    if number and found is None:
        raise InvalidInput(_("This centre has no case of this number."), field="case_number")
    return found


class ComplaintView(Endpoint):
    permission_classes = (HasRole.of(*SEEING),)

    @extend_schema(responses=ComplaintDetail)
    def get(self, request: Request, public_id: UUID) -> Response:
        user = cast("User", request.user)
        found = complaint_of(user=user, public_id=public_id)
        return Response(ComplaintDetail(found, context={"user": user}).data)


class ContactRead(serializers.Serializer[Any]):
    """The number or address that the reply goes to; empty where none is known. Each look is recorded."""

    contact = serializers.CharField(read_only=True)


class ComplaintNumberView(Endpoint):
    """How whoever complains is reached: what they left, else the client's number."""

    permission_classes = (HasRole.of(*SEEING),)

    @extend_schema(request=None, responses=ContactRead)
    def post(self, request: Request, public_id: UUID) -> Response:
        user = cast("User", request.user)
        found = complaint_of(user=user, public_id=public_id)
        contact = reveal_contact(user=user, complaint=found, now=timezone.now())
        # Nothing between here and whoever asks keeps it.
        return Response(ContactRead({"contact": contact}).data, headers={"Cache-Control": "no-store"})


class ComplaintStepsView(Endpoint):
    """Take one step of the procedure: give it to somebody, accept, decide, reply and the others.

    409: it does not follow from where the complaint stands now. 403: the bureau's to do.
    """

    permission_classes = (HasRole.of(*SEEING),)

    @extend_schema(request=ComplaintStepWrite, responses={201: ComplaintDetail})
    def post(self, request: Request, public_id: UUID) -> Response:
        user = cast("User", request.user)
        found = complaint_of(user=user, public_id=public_id)
        given = sent(request, ComplaintStepWrite)
        act = ComplaintAct(given.pop("act"))
        after = services.take_complaint_step(
            user=user, complaint=found, act=act, given=_step(found, given), now=timezone.now()
        )
        return Response(ComplaintDetail(after, context={"user": user}).data, status=201)


def _step(complaint: Complaint, given: dict[str, Any]) -> services.ComplaintInput:
    handler = given["handler"]
    if handler is not None:
        handler = handlers_of(complaint).filter(public_id=handler).first()
        if handler is None:
            raise InvalidInput(_("This person may not handle this complaint."), field="handler")
    return services.ComplaintInput(
        note=given["note"],
        on=given["on"],
        outcome=ComplaintOutcome(given["outcome"]) if given["outcome"] else None,
        handler=handler,
        with_centre=given["with_centre"],
        joined_to=in_same_register(complaint, given["joined_to"].strip()),
    )
