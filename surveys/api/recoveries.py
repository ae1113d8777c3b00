"""An unhappy client's matter for programs: how it stands, its steps, and its way into the register of complaints."""

from typing import Any, cast
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import DayField, Endpoint, Whole, sent
from surveys import services
from surveys.enums import ConsentWay, Finding, Ground, RecoveryAct
from surveys.models import Alert, LawyerQuestion, Recovery
from surveys.queries.alerts import alert_of
from surveys.queries.complaints import seen_complaint
from surveys.queries.recoveries import acts_for, steps_of
from surveys.services.matters.recoveries import LONGEST_NOTE

ASKING = HasRole.of(Role.FOLLOW_UP, Role.MANAGER)
SEEING = HasRole.of(Role.FOLLOW_UP, Role.MANAGER, Role.SUPERVISOR)
BY_HAND = [(act.value, act.label) for act in RecoveryAct if act not in (RecoveryAct.LET_BE, RecoveryAct.CONVERT)]


class RecoveryRead(serializers.ModelSerializer[Recovery]):
    """Where the matter stands; words stay on the page. `acts`: the steps that whoever asks may take now.

    `asked_again`: the conversation of the second, short follow-up.
    """

    alert = serializers.UUIDField(source="alert.public_id", read_only=True)
    asked_again = serializers.UUIDField(source="asked_again.public_id", read_only=True, default=None)
    signed_by = serializers.CharField(source="signed_by.display_name", read_only=True, default=None)
    acts = serializers.SerializerMethodField()

    class Meta:
        model = Recovery
        fields = (
            "alert", "state", "concern", "finding", "ended_as", "attempts", "reached_at", "told_at", "turn",
            "asked_again", "signed_by", "acts",
        )  # fmt: skip
        read_only_fields = fields

    def get_acts(self, recovery: Recovery) -> list[str]:
        return [act.value for act in acts_for(recovery, self.context["user"])]


class RecoveryStepWrite(Whole):
    """`finding` goes with the verification; words with most steps."""

    act = serializers.ChoiceField(choices=BY_HAND)
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    finding = serializers.ChoiceField(choices=Finding.choices, required=False, allow_blank=True, default="")


class LawyerQuestionWrite(Whole):
    """What the lawyer will read, and that, when and how the client agreed to exactly these words."""

    agreed = serializers.BooleanField()
    consented_on = DayField()
    consent_by = serializers.ChoiceField(choices=ConsentWay.choices)
    text = serializers.CharField(max_length=LONGEST_NOTE)

    def validate_agreed(self, agreed: bool) -> bool:
        if not agreed:
            self.fields["agreed"].fail("required")
        return agreed


class LawyerQuestionRead(serializers.ModelSerializer[LawyerQuestion]):
    """Where the question stands; its words and the reply stay on the page."""

    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = LawyerQuestion
        fields = ("id", "consented_on", "consent_by", "put_at", "replied_at", "withdrawn_at")
        read_only_fields = fields


class ConversionWrite(Whole):
    """That the client wants it entered as a complaint, when and how they said so, and in which words."""

    agreed = serializers.BooleanField()
    consented_on = DayField()
    consent_by = serializers.ChoiceField(choices=ConsentWay.choices)
    ground = serializers.ChoiceField(choices=Ground.choices)
    facts = serializers.CharField(max_length=5000)
    request = serializers.CharField(required=False, allow_blank=True, max_length=5000, default="")

    def validate_agreed(self, agreed: bool) -> bool:
        if not agreed:
            self.fields["agreed"].fail("required")
        return agreed


class EnteredRead(serializers.Serializer[Any]):
    """The number of the entry; `id` null where it is the bureau's alone to see."""

    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    id = serializers.UUIDField(read_only=True, allow_null=True)


def entered(user: User, complaint: Any) -> dict[str, Any]:
    seen = seen_complaint(user, complaint)
    return dict(EnteredRead({"label": complaint.label, "id": complaint.public_id if seen else None}).data)


def _read(user: User, alert: Alert) -> dict[str, Any]:
    return dict(RecoveryRead(steps_of(alert), context={"user": user}).data)


class RecoveryView(Endpoint):
    permission_classes = (SEEING,)

    @extend_schema(responses=RecoveryRead)
    def get(self, request: Request, public_id: UUID) -> Response:
        user = cast("User", request.user)
        return Response(_read(user, alert_of(user=user, public_id=public_id)))


class RecoveryStepsView(Endpoint):
    """Take one step: take on, speak with the client, verify, put right, tell, ask again, sign off or send back.

    409: it does not follow from where the matter stands now. 403: somebody else signs it off.
    """

    permission_classes = (SEEING,)

    @extend_schema(request=RecoveryStepWrite, responses={201: RecoveryRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        user = cast("User", request.user)
        alert = alert_of(user=user, public_id=public_id)
        given = sent(request, RecoveryStepWrite)
        finding = Finding(given["finding"]) if given["finding"] else None
        services.take_step(
            user=user,
            alert=alert,
            act=RecoveryAct(given["act"]),
            given=services.StepInput(note=given["note"], finding=finding),
            now=timezone.now(),
        )
        return Response(_read(user, alert_of(user=user, public_id=public_id)), status=201)


class ConversionView(Endpoint):
    """Enter the matter in the bureau's register, with the client's consent, and close it here."""

    permission_classes = (SEEING,)

    @extend_schema(request=ConversionWrite, responses={201: EnteredRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        user = cast("User", request.user)
        alert = alert_of(user=user, public_id=public_id)
        given = sent(request, ConversionWrite)
        consent = services.Consent(
            on=given["consented_on"],
            by=ConsentWay(given["consent_by"]),
            ground=Ground(given["ground"]),
            facts=given["facts"],
            request=given["request"],
        )
        made = services.convert_to_complaint(user=user, alert=alert, consent=consent, now=timezone.now())
        return Response(entered(user, made), status=201)


class LawyerQuestionView(Endpoint):
    """Ask the lawyer of the case once, with the client's consent and in the words agreed to; or take the question back.

    409: nobody has spoken with the client yet, the lawyer was asked already, or there is no open question.
    """

    permission_classes = (ASKING,)

    @extend_schema(request=LawyerQuestionWrite, responses={201: LawyerQuestionRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        user = cast("User", request.user)
        alert = alert_of(user=user, public_id=public_id)
        given = sent(request, LawyerQuestionWrite)
        question = services.put_to_lawyer(
            user=user,
            alert=alert,
            consented_on=given["consented_on"],
            consent_by=ConsentWay(given["consent_by"]),
            text=given["text"],
            now=timezone.now(),
        )
        return Response(LawyerQuestionRead(question).data, status=201)

    @extend_schema(request=None, responses=LawyerQuestionRead)
    def delete(self, request: Request, public_id: UUID) -> Response:
        user = cast("User", request.user)
        alert = alert_of(user=user, public_id=public_id)
        return Response(LawyerQuestionRead(services.withdraw_question(user=user, alert=alert, now=timezone.now())).data)
