"""What the endpoints of file acceptance take and give. Never the client."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from qa_service.cases.models import Case
from qa_service.common.api import DayField, Whole
from reviews.enums import DefectKind, FileAct, FileState, Finding
from reviews.models import LatenessPlea
from reviews.queries.file_lists import FileLine, file_line


class VersionWriter(Whole):
    """`version`: of the file as the program read it; 0 where nobody has acted on it yet."""

    version = serializers.IntegerField(min_value=0)


class ReceiptWriter(VersionWriter):
    handed_in_on = DayField()


class UndoWriter(VersionWriter):
    reason = serializers.CharField(max_length=500)


class RemarkWriter(VersionWriter):
    words = serializers.CharField(max_length=500, allow_blank=True, default="")


class PaperWriter(Whole):
    """`pages`: "12" or "12-14". `signed`: null where nobody looked."""

    code = serializers.CharField(max_length=20)
    finding = serializers.ChoiceField(choices=Finding.choices)
    pages = serializers.CharField(max_length=20, allow_blank=True, default="")
    dated = DayField(allow_null=True, default=None)
    signed = serializers.BooleanField(allow_null=True, default=None)


class PapersWriter(VersionWriter):
    papers = PaperWriter(many=True)
    last_page = serializers.IntegerField(allow_null=True, default=None)


class DefectWriter(Whole):
    """`paper`: its code in the catalogue; empty where the whole file is meant."""

    paper = serializers.CharField(max_length=20, allow_blank=True, default="")
    kind = serializers.ChoiceField(choices=DefectKind.choices)
    note = serializers.CharField(max_length=300, allow_blank=True, default="")


class ReturnWriter(RemarkWriter):
    """`told_how`: how the lawyer was told; needed where they have no account (`lawyer_told_here` of the file)."""

    defects = DefectWriter(many=True)
    due_on = DayField(allow_null=True, default=None)
    told_how = serializers.CharField(max_length=500, allow_blank=True, default="")


class WordsWriter(Whole):
    words = serializers.CharField(max_length=500)


class PleaDecisionWriter(Whole):
    accepted = serializers.BooleanField()
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class PleaReader(serializers.ModelSerializer[LatenessPlea]):
    case = serializers.CharField(source="case.number")

    class Meta:
        model = LatenessPlea
        fields = ("public_id", "case", "state", "words", "stated_at", "decision", "decided_at")


class FileLineReader(serializers.Serializer[Any]):
    """`due_on`: by when it is to come, or to come back. `over`: days beyond that, or beyond its limit when it came.

    `lawyer_told_here`: the lawyer has an account and is told of acts on it; if not, tell them by telephone or on paper.
    """

    case = serializers.UUIDField(source="case.public_id")
    number = serializers.CharField(source="case.number")
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=FileState.choices)
    handed_in_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    over = serializers.IntegerField()
    lawyer_told_here = serializers.BooleanField(source="told_here")

    def to_representation(self, instance: Any) -> Any:
        line: FileLine = file_line(instance, now=timezone.now()) if isinstance(instance, Case) else instance
        return super().to_representation(line)


class DefectReader(serializers.Serializer[Any]):
    paper = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=DefectKind.choices)
    note = serializers.CharField(allow_blank=True)


class EventReader(serializers.Serializer[Any]):
    act = serializers.ChoiceField(choices=FileAct.choices)
    on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    days_late = serializers.IntegerField(allow_null=True)
    words = serializers.CharField(allow_blank=True)
    told_here = serializers.BooleanField(allow_null=True)
    told_how = serializers.CharField(allow_blank=True)
    by = serializers.CharField()
    defects = DefectReader(many=True)


class PaperReader(serializers.Serializer[Any]):
    """`defects`: what does not fit by what was typed."""

    code = serializers.CharField()
    title = serializers.CharField()
    finding = serializers.CharField(allow_blank=True)
    pages = serializers.CharField(allow_blank=True)
    dated = serializers.DateField(allow_null=True)
    signed = serializers.BooleanField(allow_null=True)
    defects = serializers.ListField(child=serializers.ChoiceField(choices=DefectKind.choices))


class FileReader(serializers.Serializer[Any]):
    line = FileLineReader()
    last_page = serializers.IntegerField(allow_null=True)
    last_day = serializers.DateField()
    days_late = serializers.IntegerField()
    excused = serializers.SerializerMethodField()
    papers = PaperReader(many=True)
    unchecked = serializers.ListField(child=serializers.CharField(), source="check.unchecked")
    events = EventReader(many=True)
    pleas = PleaReader(many=True)

    def get_excused(self, shown: Any) -> bool:
        """A reason for the lateness was accepted."""
        return shown.excused is not None
