"""What the lawyer is to do after a decision, what they reported of it, and that another person looked."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.common.models import PublicId
from qa_service.files.enums import PaperKind
from qa_service.files.models import StoredFile
from scoring.enums import TASK_OF_RULE, RuleCode, TaskAnswer, TaskKind, TaskState
from scoring.models.decisions import Proposal


class CorrectiveTaskQuerySet(models.QuerySet["CorrectiveTask"]):
    def visible_to(self, user: User | AnonymousUser) -> "CorrectiveTaskQuerySet":
        """Whose task it is, and who decides where it was proposed; nobody else of the firm."""
        seen = Q(proposal__in=Proposal.objects.visible_to(user))
        if isinstance(user, User) and user.lawyer_id is not None and user.has_role(Role.LAWYER):
            seen |= Q(lawyer=user.lawyer_id)
        return self.filter(seen)


class CorrectiveTask(PublicId):
    """业务提示、整改、培训: what the lawyer is asked to work on, by when, and that somebody saw it done."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="task")
    lawyer = models.ForeignKey("organisations.Lawyer", on_delete=models.PROTECT, related_name="+")
    # Items of the checklist, of coaching alone: what is to be rectified stands on the notice.
    items = models.JSONField(default=list)
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=TaskState.choices, default=TaskState.OPEN)
    note = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = CorrectiveTaskQuerySet.as_manager()

    class Meta:
        # Its name of the days when there was coaching alone.
        db_table = "scoring_coachingtask"

    def __str__(self) -> str:
        return f"corrective task {self.pk}"

    @property
    def kind(self) -> TaskKind:
        return TASK_OF_RULE[RuleCode(self.proposal.code)]


class TaskReport(PublicId):
    """整改报告: what the lawyer did, in words, with a paper, or both; answered once by another person."""

    task = models.ForeignKey(CorrectiveTask, on_delete=models.PROTECT, related_name="reports")
    text = models.TextField(blank=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # When it came in on paper; `given_at` is when it was typed in.
    received_on = models.DateField(null=True, blank=True)
    answer = models.CharField(max_length=8, choices=TaskAnswer.choices, blank=True)
    note = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=Q(answer=""), name="task_report_open_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | (~Q(answer="") & ~Q(note="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="task_report_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.pk} on task {self.task_id}"


class TaskPaper(PublicId):
    """The paper that came with a report. Who sees the task downloads it."""

    report = models.OneToOneField(TaskReport, on_delete=models.PROTECT, related_name="paper")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4, choices=PaperKind.choices)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"paper of report {self.report_id}"
