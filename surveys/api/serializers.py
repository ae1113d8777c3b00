"""What goes over the wire: read and write apart. Answers are written here, never read: they reach people as means."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from qa_service.cases.enums import NumberOwner
from qa_service.common.api import MomentField, Whole
from surveys.enums import CLIENTS_ANSWERERS, AlertKind, Identity, Mode, PhoneOutcome, StaffReason
from surveys.matters import SPOKEN_OF
from surveys.models import Alert, Conversation, Response
from surveys.queries.second_entries import was_kept_beside
from surveys.services import AnswerInput
from surveys.services.answering.answers import InvalidAnswer
from surveys.services.contact.numbers import NewNumber

CALL_OUTCOMES = [(value, label) for value, label in PhoneOutcome.choices if value != PhoneOutcome.REACHED]
KEYED_IN = [(mode.value, mode.label) for mode in (Mode.TELEPHONE, Mode.VISIT, Mode.PAPER, Mode.LETTER)]


class ConversationRead(serializers.ModelSerializer[Conversation]):
    """How far one client's follow-up has got; the telephone number is masked."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    case = serializers.UUIDField(source="case.public_id", read_only=True)
    case_number = serializers.CharField(source="case.number", read_only=True)
    centre = serializers.CharField(source="case.centre.code", read_only=True)
    phone_masked = serializers.CharField(source="recipient.phone_masked", read_only=True, default="")
    questionnaire = serializers.CharField(source="questionnaire.key", read_only=True)
    version = serializers.IntegerField(source="questionnaire.version", read_only=True)

    class Meta:
        model = Conversation
        fields = (
            "id", "case", "case_number", "centre", "phone_masked", "questionnaire", "version", "wave", "state",
            "channel", "language", "staff_reason", "urgent", "call_attempts", "call_back_at", "invited_at",
            "first_opened_at", "finished_at", "closes_at", "late_until",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: Conversation) -> dict[str, Any]:
        """Whom the bureau alone asks is told of as one who has answered."""
        shown: dict[str, Any] = super().to_representation(instance)
        if instance.left_to_bureau:
            ended = shown["finished_at"] or serializers.DateTimeField().to_representation(instance.updated_at)
            shown |= {
                "state": instance.told_state.value,
                "channel": instance.told_channel.value,
                "staff_reason": StaffReason.NONE.value,
                "urgent": False,
                "finished_at": ended,
                "call_back_at": None,
            }
        return shown


class HeardWrite(Whole):
    """Of what the person spoke to staff: each opens its matter.

    `of_centre`: they say that it was somebody of the centre or a station, so money, complaints and danger are
    the bureau's; a danger that the note says comes from somebody else stays with the centre.
    """

    heard = serializers.ListField(
        child=serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in SPOKEN_OF]),
        required=False,
        default=list,
        max_length=len(SPOKEN_OF),
    )
    of_centre = serializers.BooleanField(required=False, default=False)


class LearntWrite(HeardWrite):
    """Another number of the person, learnt beside the answers, and whose it is."""

    new_phone = serializers.CharField(required=False, allow_blank=True, max_length=30, default="")
    phone_owner = serializers.ChoiceField(choices=NumberOwner.choices, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Whose number it is decides whether anything is sent to it."""
        if attrs["new_phone"] and not attrs["phone_owner"]:
            raise serializers.ValidationError({"phone_owner": _("Say whose number it is.")})
        return attrs


def heard_in(given: Mapping[str, Any]) -> frozenset[AlertKind]:
    return frozenset(AlertKind(kind) for kind in given["heard"])


def number_in(given: Mapping[str, Any]) -> NewNumber | None:
    phone = given["new_phone"]
    return NewNumber(phone=phone, owner=NumberOwner(given["phone_owner"])) if phone else None


class CallWrite(LearntWrite):
    outcome = serializers.ChoiceField(choices=CALL_OUTCOMES)
    note = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")
    call_back_at = MomentField(required=False, allow_null=True, default=None)


class CallRead(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    outcome = serializers.CharField(read_only=True)
    at = serializers.DateTimeField(read_only=True)


class AfterwardsWrite(HeardWrite):
    """At least one of `heard` and `leave_alone`: the wish for no more texts and no more of what is being asked."""

    leave_alone = serializers.BooleanField(required=False, default=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")


class AnswerWrite(Whole):
    question = serializers.SlugField(max_length=20)
    value = serializers.CharField(required=False, allow_blank=True, max_length=20, default="")
    text = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")


def answers_given(answers: list[dict[str, str]]) -> dict[str, AnswerInput]:
    """:raises InvalidAnswer: one question is answered twice, and nobody knows which is meant."""
    repeated = [code for code, times in Counter(each["question"] for each in answers).items() if times > 1]
    if repeated:
        raise InvalidAnswer(_("This question is answered twice."), field=repeated[0], code="answered_twice")
    return {each["question"]: AnswerInput(value=each["value"], text=each["text"]) for each in answers}


class SecondEntryWrite(HeardWrite):
    answerer = serializers.ChoiceField(choices=CLIENTS_ANSWERERS)
    mode = serializers.ChoiceField(choices=KEYED_IN, default=Mode.TELEPHONE)
    answers = AnswerWrite(many=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")


class InterviewWrite(SecondEntryWrite, LearntWrite):
    """`identity`: the fact given at intake by which the person was known. `plan_confirmed`: the contact plan was gone
    through with them."""

    identity = serializers.ChoiceField(choices=Identity.choices, required=False, allow_blank=True, default="")
    plan_confirmed = serializers.BooleanField(required=False, default=False)


class InterviewRead(serializers.Serializer[Any]):
    """What is recorded. `kept_beside`: the client had answered before; those first answers stand, what was sent is kept
    beside them, and what it tells of trouble is followed up. It says so too where the sealed question was answered
    twice, whatever was said."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    receipt = serializers.CharField(read_only=True)
    mode = serializers.CharField(read_only=True)
    late = serializers.BooleanField(read_only=True)
    finished_at = serializers.DateTimeField(read_only=True)
    kept_beside = serializers.SerializerMethodField()

    @extend_schema_field(serializers.BooleanField())
    def get_kept_beside(self, response: Response) -> bool:
        return was_kept_beside(response, at=self.context["at"])


class SecondEntryRead(serializers.Serializer[Any]):
    """What was kept beside a first answer, which stands."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    mode = serializers.CharField(read_only=True)
    entered_at = serializers.DateTimeField(read_only=True)


ALERT_VIEWS = [("late", "Late"), ("sign", "To be signed off"), ("closed", "Closed")]


class AlertQuery(serializers.Serializer[Any]):
    """Which matters to list. Without `show`: those not yet closed."""

    kind = serializers.ChoiceField(choices=AlertKind.choices, allow_blank=True, default="")
    show = serializers.ChoiceField(choices=ALERT_VIEWS, allow_blank=True, default="")


class AlertRead(serializers.ModelSerializer[Alert]):
    """One matter a client raised; what was said stays on the page. `may_call` null: not asked, or not to be known."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    case = serializers.UUIDField(source="case.public_id", read_only=True)
    case_number = serializers.CharField(source="case.number", read_only=True)
    centre = serializers.CharField(source="case.centre.code", read_only=True)
    conversation = serializers.UUIDField(source="conversation.public_id", read_only=True)
    phone_masked = serializers.CharField(source="conversation.recipient.phone_masked", read_only=True, default="")
    acknowledged_by = serializers.CharField(source="acknowledged_by.display_name", read_only=True, default=None)

    class Meta:
        model = Alert
        fields = (
            "id", "kind", "state", "sealed", "case", "case_number", "centre", "conversation", "phone_masked",
            "may_call", "raised_at", "acknowledge_by", "contact_by", "settle_by", "acknowledged_by", "acknowledged_at",
            "closed_at",
        )  # fmt: skip
        read_only_fields = fields


class NumberRead(serializers.Serializer[Any]):
    """A telephone number in full, E.164; empty where none is known. Each look is recorded."""

    phone = serializers.CharField(read_only=True)
