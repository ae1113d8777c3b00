"""What the endpoints of file review take and give."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from qa_service.common.api import DayField, Whole
from reviews.adoption import MOST_ARGUMENTS
from reviews.enums import Anchor, Rule, Treatment
from reviews.models import (
    AcceptedLateness,
    Assignment,
    CaseReview,
    Objection,
    ObjectionPaper,
    Sample,
    VetoMark,
    VetoTransfer,
)
from reviews.queries.ledger import ARGUMENT_FIELDS, arguments_of_result
from reviews.queries.previews import has_own_files, published_statement

MARK_LIMITS = {"item": 8, "reason_code": 40, "page": 40, "comment": 1000}
MARK_FIELDS = MARK_LIMITS.keys() | {"anchor"}


class MarkWriter(Whole):
    item = serializers.CharField(max_length=MARK_LIMITS["item"])
    anchor = serializers.ChoiceField(choices=["", *Anchor.values], default="")
    reason_code = serializers.CharField(max_length=MARK_LIMITS["reason_code"], allow_blank=True, default="")
    page = serializers.CharField(max_length=MARK_LIMITS["page"], allow_blank=True, default="")
    comment = serializers.CharField(max_length=MARK_LIMITS["comment"], allow_blank=True, default="")

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Reading a mark field by field takes as long as storing it; as pages send it, nothing is to be done to it."""
        return _mark_as_sent(data) or super().run_validation(data)


def _mark_as_sent(data: Any) -> dict[str, str] | None:
    """What the fields above would make of plain texts within their bounds; None of whatever they must look at."""
    if not isinstance(data, dict) or not data.keys() <= MARK_FIELDS:
        return None
    anchor, texts = data.get("anchor", ""), {name: data.get(name, "") for name in MARK_LIMITS}
    if not all(isinstance(text, str) and text.isprintable() for text in (anchor, *texts.values())):
        return None
    mark = {name: text.strip() for name, text in texts.items()}
    fits = mark["item"] and all(len(mark[name]) <= limit for name, limit in MARK_LIMITS.items())
    return mark | {"anchor": anchor} if fits and (not anchor or anchor in Anchor.values) else None


class ArgumentWriter(Whole):
    """A line of the ledger, by its number; a line taken out is sent blank.

    `reasonable`: why the reader holds the argument reasonable, though the court rejected it.
    """

    number = serializers.IntegerField(min_value=1, max_value=MOST_ARGUMENTS)
    words = serializers.CharField(max_length=200, allow_blank=True, default="")
    page = serializers.CharField(max_length=40, allow_blank=True, default="")
    judgment_page = serializers.CharField(max_length=40, allow_blank=True, default="")
    treatment = serializers.ChoiceField(choices=["", *Treatment.values], default="")
    reasonable = serializers.CharField(max_length=300, allow_blank=True, default="")


class MarksWriter(Whole):
    version = serializers.IntegerField(min_value=0)
    marks = MarkWriter(many=True)
    arguments = ArgumentWriter(many=True, default=list)
    comment = serializers.CharField(max_length=2000, allow_blank=True, required=False)


class LedgerProposalReader(serializers.Serializer[Any]):
    """`share` is a percentage, rounded; `anchor` and `reason` are empty where the ledger speaks for nothing."""

    share = serializers.CharField(allow_blank=True)
    anchor = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    words = serializers.CharField(allow_blank=True)


class SavedReader(serializers.Serializer[Any]):
    """`total` is rounded for display; `saved` is the time of day in the reader's zone.

    `total` and `band` are null while no item applies. `ledger` says what the arguments speak for, where some were sent.
    """

    version = serializers.IntegerField()
    saved = serializers.CharField()
    total = serializers.CharField(allow_null=True)
    band = serializers.CharField(allow_null=True)
    unmarked = serializers.ListField(child=serializers.CharField())
    ledger = LedgerProposalReader(allow_null=True)


class MarkReader(serializers.Serializer[Any]):
    anchor = serializers.CharField(allow_blank=True)
    reason_code = serializers.CharField(allow_blank=True)
    page = serializers.CharField(allow_blank=True)
    comment = serializers.CharField(allow_blank=True)


class ArgumentReader(serializers.Serializer[Any]):
    words = serializers.CharField(allow_blank=True)
    page = serializers.CharField(allow_blank=True)
    judgment_page = serializers.CharField(allow_blank=True)
    treatment = serializers.CharField(allow_blank=True)
    reasonable = serializers.CharField(allow_blank=True)


class ShownArgumentReader(ArgumentReader):
    """`reader`: of which reader it is, by turn."""

    reader = serializers.IntegerField()


class MarksConflict(serializers.Serializer[Any]):
    """Another window saved first: what is stored now, by item code; the arguments by number."""

    type = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    version = serializers.IntegerField()
    current = serializers.DictField(child=MarkReader())
    arguments = serializers.DictField(child=ArgumentReader())
    comment = serializers.CharField()


class AssignmentReader(serializers.ModelSerializer[Assignment]):
    """A file in a reader's hands. Why it was drawn is not part of it."""

    review = serializers.UUIDField(source="review.public_id")
    case = serializers.CharField(source="case.number")
    checklist = serializers.CharField(source="checklist.code")

    class Meta:
        model = Assignment
        fields = ("public_id", "review", "case", "checklist", "order", "state", "due_on")


class ReviewReader(serializers.Serializer[Any]):
    review = serializers.UUIDField()
    case = serializers.CharField()
    checklist = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.CharField()
    total = serializers.CharField(allow_null=True)
    marks = serializers.DictField(child=MarkReader())
    arguments = serializers.DictField(child=ArgumentReader())


class VersionWriter(Whole):
    version = serializers.IntegerField(min_value=0)


class SubmittedReader(serializers.Serializer[Any]):
    """`total` is rounded to two places, as on the page."""

    review = serializers.UUIDField()
    total = serializers.CharField()
    band = serializers.CharField()


class DeclineWriter(Whole):
    reason = serializers.CharField(max_length=200)
    relation = serializers.ChoiceField(choices=["", "lawyer", "firm"], default="")


class VetoWriter(Whole):
    veto = serializers.CharField(max_length=8)
    statement = serializers.CharField(max_length=1000)
    page = serializers.CharField(max_length=40)


class AnswerWriter(Whole):
    answer = serializers.CharField(max_length=2000)


class KeyedAnswerWriter(AnswerWriter):
    """`received_on`: when the answer came in on paper."""

    received_on = DayField()


class VetoDecisionWriter(Whole):
    confirmed = serializers.BooleanField()
    reason = serializers.CharField(max_length=1000)


class VetoReader(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    veto = serializers.CharField(source="veto.code")
    state = serializers.CharField()


class WaitingVetoReader(serializers.ModelSerializer[VetoMark]):
    """A veto with what was said of it, and never by whom.

    `answer_due_on` is null until the lawyer was told and it can be counted. `served_on`: when a lawyer without an
    account was handed the paper; `answer_received_on`: when their answer came on paper.
    """

    case = serializers.CharField(source="review.assignment.case.number")
    veto = serializers.CharField(source="veto.code")

    class Meta:
        model = VetoMark
        fields = (
            "public_id", "case", "veto", "state", "statement", "page", "served_on", "answer_due_on", "answer",
            "answer_received_on",
        )  # fmt: skip


class TransferWriter(Whole):
    """`organ`: to which it was handed on; `reference`: the number of the letter."""

    organ = serializers.CharField(max_length=100)
    reference = serializers.CharField(max_length=100)
    transferred_on = DayField()


class TransferReader(serializers.ModelSerializer[VetoTransfer]):
    class Meta:
        model = VetoTransfer
        fields = ("public_id", "organ", "reference", "transferred_on", "recorded_at")


class CatalogueWriter(Whole):
    """`pages`: code of the paper → page or range."""

    pages = serializers.DictField(child=serializers.CharField(max_length=20, allow_blank=True))


class ReleaseWriter(Whole):
    reason = serializers.CharField(max_length=200)


class DrawnByWriter(Whole):
    """Wherever it is drawn. `until` is the last day; `rate` a share from 0 to 1.

    `twice`: the share of the drawn files that two people read; a fifth where three or more review there and it is not
    sent, else none.
    """

    start = DayField()
    until = DayField()
    rate = serializers.DecimalField(max_digits=4, decimal_places=3, min_value=0, max_value=1, default=Decimal("0.1"))
    rules = serializers.ListField(child=serializers.ChoiceField(choices=Rule.choices), default=list(Rule.values))
    twice = serializers.DecimalField(
        max_digits=4, decimal_places=3, min_value=0, max_value=1, allow_null=True, default=None
    )
    seed = serializers.CharField(max_length=64)


class DrawWriter(DrawnByWriter):
    """An empty `frame_digest` draws without a preview. `city_wide`: nobody of the centre's county reads the files."""

    centre = serializers.CharField(max_length=32)
    city_wide = serializers.BooleanField(default=False)
    frame_digest = serializers.CharField(max_length=64, allow_blank=True, default="")


class DrawTogetherWriter(DrawnByWriter):
    """`centres`: their codes, two or more. `frame_digests`: by the code of a centre, what its preview gave."""

    centres = serializers.ListField(child=serializers.CharField(max_length=32), allow_empty=False)
    frame_digests = serializers.DictField(child=serializers.CharField(max_length=64), default=dict)


class PlanReader(serializers.Serializer[Any]):
    frame_size = serializers.IntegerField()
    frame_digest = serializers.CharField()
    drawn = serializers.IntegerField()
    read_twice = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    excluded = serializers.IntegerField()
    nobodys = serializers.IntegerField(allow_null=True)


class SampleReader(serializers.ModelSerializer[Sample]):
    """Where the rule of risk drew, the counts tell the files at random from the others (`by_rule`), and no more.

    Who has own files in the frame reads only how many files of others were drawn: `frame_size` is null, `digest`,
    `counts` and `strata` are empty.
    """

    centre = serializers.CharField(source="centre.code")
    frame_size = serializers.SerializerMethodField()
    statement = serializers.SerializerMethodField()

    class Meta:
        model = Sample
        fields = ("public_id", "centre", "period_start", "period_end", "seed", "rate", "frame_size", "statement")

    def get_frame_size(self, row: Sample) -> int | None:
        return None if has_own_files(self.context["request"].user, row) else row.frame_size

    def get_statement(self, row: Sample) -> dict[str, Any]:
        return published_statement(row, self.context["request"].user)


class RefusedReader(serializers.Serializer[Any]):
    """`order`: whether the first or the second reader is lacking."""

    case = serializers.CharField()
    order = serializers.IntegerField()
    conflicts = serializers.IntegerField()
    full = serializers.IntegerField()
    other_types = serializers.IntegerField()


class GivenReader(serializers.Serializer[Any]):
    assigned = serializers.IntegerField()
    refused = RefusedReader(many=True)


class HandOverWriter(Whole):
    """Without a `reviewer` the free one with the lightest load takes the file."""

    reviewer = serializers.UUIDField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=200)


class ResultReader(serializers.ModelSerializer[CaseReview]):
    """A case's result. It never says who marked. `objection_until` is null until the lawyer was told and it is counted.

    `served_on`: when a lawyer without an account was handed the paper. `score` is rounded to two places, as on the
    page.
    """

    score = serializers.DecimalField(max_digits=5, decimal_places=2, rounding=ROUND_HALF_UP, read_only=True)
    case = serializers.CharField(source="case.number")
    grade = serializers.CharField()
    grade_cap = serializers.CharField()
    reason = serializers.SerializerMethodField()

    class Meta:
        model = CaseReview
        fields = (
            "public_id", "case", "version", "state", "score", "grade", "grade_cap", "veto_state", "vetoes", "method",
            "readers", "limited", "items", "reason", "released_at", "served_on", "objection_until",
        )  # fmt: skip

    def get_reason(self, result: CaseReview) -> str:
        return gettext(result.reason)


class WholeResultReader(ResultReader):
    """With the adoption ledger of each reading: the main arguments and what the court made of them."""

    arguments = serializers.SerializerMethodField()

    class Meta:
        model = CaseReview
        fields = (*ResultReader.Meta.fields, "arguments")

    @extend_schema_field(ShownArgumentReader(many=True))
    def get_arguments(self, result: CaseReview) -> list[dict[str, Any]]:
        found = arguments_of_result(result)
        return [{"reader": turn, **{name: getattr(row, name) for name in ARGUMENT_FIELDS}} for turn, row in found]


class ObjectionWriter(Whole):
    """Sent as a form where papers are attached."""

    items = serializers.ListField(child=serializers.CharField(max_length=8), allow_empty=False)
    statement = serializers.CharField(max_length=4000)
    papers = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True, max_length=200), required=False, default=list
    )


class KeyedObjectionWriter(ObjectionWriter):
    """`received_on`: when the objection came in on paper."""

    received_on = DayField()


class ResultServiceWriter(Whole):
    """`served_on`: when the paper came into the lawyer's hands."""

    served_on = DayField()


class LatenessReader(serializers.ModelSerializer[AcceptedLateness]):
    case = serializers.CharField(source="case.number")

    class Meta:
        model = AcceptedLateness
        fields = ("public_id", "case", "reason", "accepted_at", "withdrawn_at", "withdrawal_reason")


class RulingWriter(Whole):
    item = serializers.CharField(max_length=8)
    upheld = serializers.BooleanField()
    anchor = serializers.ChoiceField(choices=["", *Anchor.values], default="")
    reason_code = serializers.CharField(max_length=40, allow_blank=True, default="")
    page = serializers.CharField(max_length=40, allow_blank=True, default="")
    comment = serializers.CharField(max_length=1000, allow_blank=True, default="")


class ObjectionDecisionWriter(Whole):
    rulings = RulingWriter(many=True)
    answer = serializers.CharField(max_length=4000)


class ObjectionPaperReader(serializers.ModelSerializer[ObjectionPaper]):
    """`drawn` of `pages` can be read, each as a picture. `trouble`: why the others, or all, cannot."""

    class Meta:
        model = ObjectionPaper
        fields = ("public_id", "name", "state", "trouble", "pages", "drawn")


class ObjectionReader(serializers.ModelSerializer[Objection]):
    """`items` are the codes objected to; `decide_by` is null until the calendar of working days reaches so far."""

    case = serializers.CharField(source="case.number")
    items = serializers.SerializerMethodField()
    papers = ObjectionPaperReader(many=True)

    class Meta:
        model = Objection
        fields = (
            "public_id", "case", "state", "lodged_at", "received_on", "decide_by", "items", "statement", "papers",
            "answer",
        )  # fmt: skip

    def get_items(self, objection: Objection) -> list[str]:
        return sorted(row.item.code for row in objection.items.all())
