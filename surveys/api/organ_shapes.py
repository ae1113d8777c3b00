"""What goes over the wire about organs. Of an opinion nothing is read here: it reaches people in a case's evidence."""

from typing import Any

from rest_framework import serializers

from qa_service.common.api import DayField, Whole
from surveys.api.serializers import AnswerWrite
from surveys.enums import ErrandOutcome, OrganKind, OrganLanguage, OrganWay
from surveys.models import Conversation, LetterBatch, Organ
from surveys.queries.organs import Show
from surveys.services.organs.opinions import LONGEST_SIGNATURE, NO_ANSWER


class OrganRead(serializers.ModelSerializer[Organ]):
    """`names`: all under which cases mean the unit."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    centre = serializers.CharField(source="centre.code", read_only=True)
    names = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Organ
        fields = (
            "id", "centre", "name", "names", "kind", "way", "agreed_on", "email", "address", "phone",
            "language", "active",
        )  # fmt: skip
        read_only_fields = fields


class OrganChange(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100)
    also_called = serializers.ListField(child=serializers.CharField(max_length=100), required=False, max_length=20)
    kind = serializers.ChoiceField(choices=OrganKind.choices)
    way = serializers.ChoiceField(choices=OrganWay.choices, required=False)
    agreed_on = DayField(required=False, allow_null=True)
    email = serializers.EmailField(required=False, allow_blank=True, max_length=254)
    address = serializers.CharField(required=False, allow_blank=True, max_length=200)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=30)
    language = serializers.ChoiceField(choices=OrganLanguage.choices, required=False)
    active = serializers.BooleanField(required=False)


class OrganNew(OrganChange):
    centre = serializers.CharField(max_length=32, help_text="Code of the centre")


class UnknownNameRead(serializers.Serializer[Any]):
    centre = serializers.CharField(source="centre.code", read_only=True)
    name = serializers.CharField(read_only=True)
    kind = serializers.CharField(read_only=True)
    cases = serializers.IntegerField(read_only=True)
    last_closed_on = serializers.DateField(read_only=True)


class OrganAskedQuery(serializers.Serializer[Any]):
    """Which to list: those still open unless `show` says otherwise; of one unit with `organ`."""

    show = serializers.ChoiceField(
        choices=[(show.value, show.value) for show in Show], required=False, default=Show.OPEN.value
    )
    organ = serializers.UUIDField(required=False)


class OrganAskedRead(serializers.ModelSerializer[Conversation]):
    """How far one unit's opinion on one case has got."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    case = serializers.UUIDField(source="case.public_id", read_only=True)
    case_number = serializers.CharField(source="case.number", read_only=True)
    centre = serializers.CharField(source="case.centre.code", read_only=True)
    organ = serializers.UUIDField(source="organ.public_id", read_only=True)
    late = serializers.BooleanField(source="response.late", read_only=True, default=False)

    class Meta:
        model = Conversation
        fields = (
            "id", "case", "case_number", "centre", "organ", "unit", "state", "channel", "invited_at", "sent_out_at",
            "reminders", "remind_at", "closes_at", "late_until", "finished_at", "late",
        )  # fmt: skip
        read_only_fields = fields


class OpinionWrite(Whole):
    """A sheet as it was ticked; an item left open is left out."""

    signed_by = serializers.CharField(max_length=LONGEST_SIGNATURE)
    received_on = DayField()
    answers = AnswerWrite(many=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")


class NoOpinionWrite(Whole):
    outcome = serializers.ChoiceField(choices=[(outcome, ErrandOutcome(outcome).label) for outcome in NO_ANSWER])
    note = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")


class LanguageWrite(Whole):
    language = serializers.CharField(required=False, allow_blank=True, max_length=10, default="")


class StackRead(serializers.Serializer[Any]):
    organ = serializers.UUIDField(source="organ.public_id", read_only=True)
    unit = serializers.CharField(source="organ.name", read_only=True)
    letters = serializers.IntegerField(read_only=True)
    reminders = serializers.IntegerField(read_only=True)


class BatchRead(serializers.ModelSerializer[LetterBatch]):
    """`open`: of the letters, those whose case is neither answered nor closed."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    organ = serializers.UUIDField(source="organ.public_id", read_only=True)
    unit = serializers.CharField(source="organ.name", read_only=True)
    letters = serializers.IntegerField(source="count", read_only=True)
    open = serializers.IntegerField(read_only=True)

    class Meta:
        model = LetterBatch
        fields = ("id", "organ", "unit", "letters", "open", "made_at", "sent_on")
        read_only_fields = fields


class BatchSent(serializers.Serializer[Any]):
    sent_on = DayField()


class OrganRateRead(serializers.Serializer[Any]):
    """Cases of one unit. `percent`: answered of those settled, with the 95 % interval; null where none is settled."""

    unit = serializers.CharField(read_only=True)
    centre = serializers.CharField(read_only=True)
    asked = serializers.IntegerField(read_only=True)
    answered = serializers.IntegerField(read_only=True)
    late = serializers.IntegerField(read_only=True)
    open = serializers.IntegerField(read_only=True)
    silent = serializers.IntegerField(read_only=True)
    unsent = serializers.IntegerField(read_only=True)
    percent = serializers.CharField(source="share.percent", read_only=True, allow_null=True)
    low = serializers.CharField(source="share.low_percent", read_only=True, allow_null=True)
    high = serializers.CharField(source="share.high_percent", read_only=True, allow_null=True)
