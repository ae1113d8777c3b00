"""What the endpoints of deciding take and give."""

from decimal import ROUND_HALF_UP
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from qa_service.common.api import DayField, TextField, Whole
from scoring.enums import (
    AppealState,
    NoticeKind,
    NoticeState,
    Outcome,
    ProposalState,
    RuleCode,
    Subject,
    TaskKind,
    TaskState,
    Undone,
)
from scoring.models import (
    Appeal,
    CorrectiveTask,
    Decision,
    Notice,
    PanelMeeting,
    PanelMember,
    Proposal,
    PublicDisplay,
    Statement,
    TaskReport,
)
from scoring.queries.proposals import sentences
from scoring.services.proposed import what_is_proposed
from scoring.templatetags.citations import cited


class DecisionWriter(Whole):
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    reason = TextField(max_length=2000)


class ReasonWriter(Whole):
    reason = TextField(max_length=2000)


class WithdrawalWriter(ReasonWriter):
    """`anew`: only what the paper says is wrong; the decision stands, and another notice is issued in its place."""

    anew = serializers.BooleanField(default=False)


class AppealWriter(Whole):
    text = TextField(max_length=5000)


class NoticeServiceWriter(Whole):
    """`served_on`: when the paper came into the lawyer's hands."""

    served_on = DayField()


class KeyedAppealWriter(AppealWriter):
    """`received_on`: when the appeal came in on paper."""

    received_on = DayField()


class TaskWriter(Whole):
    note = TextField(max_length=2000)


class ReportWriter(Whole):
    """Words, a paper, or both; sent as a form where there is a paper."""

    text = TextField(max_length=5000, allow_blank=True, default="")
    paper = serializers.FileField(allow_empty_file=True, max_length=200, required=False, allow_null=True, default=None)


class KeyedReportWriter(ReportWriter):
    """`received_on`: when the report came in on paper."""

    received_on = DayField()


class StatementWriter(Whole):
    text = TextField(max_length=5000)


class KeyedStatementWriter(StatementWriter):
    """`received_on`: when the answer came in on paper."""

    received_on = DayField()


class ServiceWriter(Whole):
    """`served_on`: for a lawyer without an account, the day on which the paper came into their hands."""

    served_on = DayField(required=False, allow_null=True, default=None)


class DecisionPaperWriter(Whole):
    """`own_number`: as for issuing a notice."""

    own_number = TextField(required=False, allow_blank=True, default="", max_length=40)


class IssueWriter(Whole):
    """`own_number`: what the bureau's office gave, in place of the next of the centre's series; `title`: the lines of
    a circular's title, broken otherwise than by default. Neither need be sent, but the number of a letter to a centre,
    which is the bureau's."""

    own_number = TextField(required=False, allow_blank=True, default="", max_length=40)
    title = TextField(required=False, allow_blank=True, default="", max_length=300)


class AppealAnswerWriter(Whole):
    """`upheld` takes the notice back; with `reread` a further reader reads the file."""

    state = serializers.ChoiceField(choices=(AppealState.UPHELD.value, AppealState.DISMISSED.value))
    answer = TextField(max_length=2000)
    reread = serializers.BooleanField(default=False)


class MeetingWriter(Whole):
    """`members` are user names of people who decide for the centre; `others` the names of further people."""

    held_on = DayField()
    members = serializers.ListField(child=TextField(max_length=150), max_length=30, default=list)
    others = serializers.ListField(child=TextField(max_length=50), max_length=30, default=list)
    minutes = TextField(max_length=5000)


class MeetingReader(serializers.ModelSerializer[PanelMeeting]):
    """`on_appeal`: about the appeal against the notice."""

    members = serializers.SlugRelatedField[PanelMember](slug_field="name", many=True, read_only=True)
    on_appeal = serializers.SerializerMethodField()

    class Meta:
        model = PanelMeeting
        fields = ("held_on", "members", "minutes", "on_appeal", "entered_at")
        read_only_fields = fields

    def get_on_appeal(self, row: PanelMeeting) -> bool:
        return row.appeal_id is not None


class DecisionReader(serializers.ModelSerializer[Decision]):
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    decided_by = serializers.StringRelatedField[Decision]()

    class Meta:
        model = Decision
        fields = ("outcome", "reason", "legal_basis", "decided_by", "decided_at")
        read_only_fields = fields


class HearingReader(serializers.ModelSerializer[Statement]):
    """What the lawyer was told of and when, and what they answered; `submitted_at` is null until they did."""

    class Meta:
        model = Statement
        fields = ("notified_at", "served_on", "due_on", "text", "received_on", "submitted_at")
        read_only_fields = fields


class DisplayReader(serializers.ModelSerializer[PublicDisplay]):
    """Both days included, counted in working days."""

    class Meta:
        model = PublicDisplay
        fields = ("starts_on", "ends_on", "workdays", "completed_at", "stopped_at", "stop_reason")
        read_only_fields = fields


class TaskReader(serializers.ModelSerializer[CorrectiveTask]):
    """`items`: codes of the checklist's items that the lawyer is coached on; what to rectify stands on the notice."""

    items = serializers.ListField(child=serializers.CharField())
    kind = serializers.ChoiceField(choices=TaskKind.values)
    state = serializers.ChoiceField(choices=TaskState.values)

    class Meta:
        model = CorrectiveTask
        fields = ("kind", "items", "due_on", "state", "note", "done_at")
        read_only_fields = fields


class ReportReader(serializers.ModelSerializer[TaskReport]):
    """`answer` is empty until another person checked it; `paper` is the name of what came with it, or null."""

    answer = serializers.CharField()
    paper = serializers.CharField(source="paper.name", default=None)

    class Meta:
        model = TaskReport
        fields = ("text", "paper", "given_at", "received_on", "answer", "note", "answered_at")
        read_only_fields = fields


class ListedTaskReader(serializers.ModelSerializer[CorrectiveTask]):
    """A task with whose it is and what was reported of it."""

    id = serializers.UUIDField(source="public_id")
    proposal = serializers.UUIDField(source="proposal.public_id")
    case = serializers.CharField(source="proposal.case.number")
    centre = serializers.CharField(source="proposal.centre.code")
    lawyer = serializers.CharField(source="lawyer.name")
    kind = serializers.ChoiceField(choices=TaskKind.values)
    state = serializers.ChoiceField(choices=TaskState.values)
    items = serializers.ListField(child=serializers.CharField())
    reports = ReportReader(many=True)

    class Meta:
        model = CorrectiveTask
        fields = (
            "id", "proposal", "case", "centre", "lawyer", "kind", "items", "due_on", "state", "note", "done_at",
            "reports",
        )  # fmt: skip
        read_only_fields = fields


class FindingReader(serializers.Serializer[Any]):
    """An item of the checklist, the fact found, the pages that show it and the points it cost."""

    item = serializers.CharField()
    fact = serializers.CharField()
    pages = serializers.CharField()
    points = serializers.DecimalField(max_digits=5, decimal_places=2, rounding=ROUND_HALF_UP)


class ProposedReader(serializers.Serializer[Any]):
    """`measures` are sentences in the reader's language. Both are empty once it is decided: the notice says it then."""

    measures = serializers.ListField(child=serializers.CharField())
    findings = FindingReader(many=True)


class StatementReader(serializers.ModelSerializer[Statement]):
    """What the lawyer is asked about and what would follow, with what speaks for and against it, their answer once it
    is given, and what was decided; why stands on the notice, where one follows."""

    proposal = serializers.UUIDField(source="proposal.public_id")
    rule = serializers.ChoiceField(source="proposal.code", choices=RuleCode.values)
    case = serializers.CharField(source="proposal.case.number")
    legal_basis = serializers.SerializerMethodField()
    authority = serializers.SerializerMethodField()
    proposed = serializers.SerializerMethodField()
    evidence = serializers.SerializerMethodField()
    counter_evidence = serializers.SerializerMethodField()
    outcome = serializers.ChoiceField(
        source="proposal.decision.outcome", choices=Outcome.choices, read_only=True, default=None, allow_null=True
    )
    decided_at = serializers.DateTimeField(
        source="proposal.decision.decided_at", read_only=True, default=None, allow_null=True
    )

    class Meta:
        model = Statement
        fields = (
            "proposal", "rule", "case", "legal_basis", "authority", "proposed", "evidence", "counter_evidence",
            "due_on", "text", "received_on", "submitted_at", "outcome", "decided_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_legal_basis(self, row: Statement) -> str:
        return cited(row.proposal.rule.legal_basis)

    def get_authority(self, row: Statement) -> str:
        return f"{cited(row.proposal.rule.authority)} · {row.proposal.centre.name}"

    @extend_schema_field(ProposedReader)
    def get_proposed(self, row: Statement) -> dict[str, Any]:
        shown: dict[str, Any] = ProposedReader(what_is_proposed(row.proposal)).data
        return shown

    def get_evidence(self, row: Statement) -> list[str]:
        return sentences(row.proposal.evidence)

    def get_counter_evidence(self, row: Statement) -> list[str]:
        return sentences(row.proposal.counter_evidence)


class ProposalReader(serializers.ModelSerializer[Proposal]):
    """`evidence` and `counter_evidence` are sentences in the reader's language; `statement_due_on` once asked.

    `statement`, `decision`, `display` and `task` are null until there is one. `score` is rounded to two places.
    `subject` says whom it is about: a case, or a unit over the days from `period_start` up to, not including,
    `period_end`, and then `case` is null. `about` is the number of the case or the name of the unit. `undone`: that the
    notice was taken back after it was carried out, on an appeal or else; empty where it stands.
    """

    id = serializers.UUIDField(source="public_id")
    rule = serializers.ChoiceField(source="code", choices=RuleCode.values)
    state = serializers.ChoiceField(choices=ProposalState.values)
    undone = serializers.ChoiceField(choices=Undone.values, allow_blank=True, read_only=True)
    subject = serializers.ChoiceField(choices=Subject.values)
    about = serializers.CharField(source="named")
    case = serializers.CharField(source="case.number", default=None, allow_null=True)
    centre = serializers.CharField(source="centre.code")
    lawyer = serializers.CharField(source="lawyer.name", default=None, allow_null=True)
    firm = serializers.CharField(source="firm.name", default=None, allow_null=True)
    score = serializers.DecimalField(
        max_digits=5, decimal_places=2, rounding=ROUND_HALF_UP, read_only=True, allow_null=True
    )
    evidence = serializers.SerializerMethodField()
    counter_evidence = serializers.SerializerMethodField()
    statement_due_on = serializers.DateField(source="statement.due_on", default=None)
    statement = HearingReader(read_only=True, default=None, allow_null=True)
    decision = DecisionReader(read_only=True, default=None, allow_null=True)
    display = DisplayReader(read_only=True, default=None, allow_null=True)
    task = TaskReader(read_only=True, default=None, allow_null=True)

    class Meta:
        model = Proposal
        fields = (
            "id",
            "rule",
            "state",
            "undone",
            "subject",
            "about",
            "period_start",
            "period_end",
            "case",
            "centre",
            "lawyer",
            "firm",
            "score",
            "evidence",
            "counter_evidence",
            "statement_due_on",
            "statement",
            "decision",
            "display",
            "task",
            "proposed_at",
            "closed_at",
        )
        read_only_fields = fields

    def get_evidence(self, row: Proposal) -> list[str]:
        return sentences(row.evidence)

    def get_counter_evidence(self, row: Proposal) -> list[str]:
        return sentences(row.counter_evidence)


class AppealReader(serializers.ModelSerializer[Appeal]):
    id = serializers.UUIDField(source="public_id")
    state = serializers.ChoiceField(choices=AppealState.values)
    lodged_by = serializers.StringRelatedField[Appeal]()
    decided_by = serializers.StringRelatedField[Appeal]()

    class Meta:
        model = Appeal
        fields = (
            "id", "state", "text", "lodged_by", "lodged_at", "received_on", "due_on", "answer", "decided_by",
            "decided_at",
        )  # fmt: skip
        read_only_fields = fields


class NoticeReader(serializers.ModelSerializer[Notice]):
    """`about` is whom it praises, corrects or is written to; `case` is null where that hangs on no single one.

    `delivered_on` is null until it reached the lawyer, at home or on paper: the time to appeal counts from it."""

    id = serializers.UUIDField(source="public_id")
    number = serializers.CharField(source="label")
    kind = serializers.ChoiceField(choices=NoticeKind.values)
    state = serializers.ChoiceField(choices=NoticeState.values)
    about = serializers.CharField(source="whose")
    case = serializers.CharField(source="case.number", default=None, allow_null=True)
    lawyer = serializers.CharField(source="lawyer.name", default=None, allow_null=True)
    firm = serializers.CharField(source="firm.name", default=None, allow_null=True)
    issuer = serializers.CharField(source="issuer.code")
    appeals = AppealReader(many=True, read_only=True)

    class Meta:
        model = Notice
        fields = (
            "id",
            "number",
            "kind",
            "state",
            "title",
            "about",
            "case",
            "lawyer",
            "firm",
            "issuer",
            "verify_code",
            "file_sha256",
            "numbered_at",
            "issued_at",
            "delivered_on",
            "acknowledged_at",
            "withdrawn_at",
            "withdrawal_reason",
            "appeals",
        )
        read_only_fields = fields


class VerifiedReader(serializers.Serializer[Any]):
    """`about` is the lawyer's masked name for a commendation, empty for a rectification."""

    state = serializers.CharField()
    kind = serializers.CharField()
    number = serializers.CharField(source="label")
    title = serializers.CharField()
    issuer = serializers.CharField()
    issued_on = serializers.DateField()
    digest = serializers.CharField()
    file_sha256 = serializers.CharField()
    about = serializers.CharField(allow_blank=True)
    withdrawn_on = serializers.DateField(allow_null=True)
    replaced_by = serializers.CharField(allow_blank=True)
