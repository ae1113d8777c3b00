"""The bound file of a closed case on its way to the archive (`domain` 4.10): events that only grow, and the state."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import own_work, within
from qa_service.common.models import PublicId
from reviews.enums import DefectKind, FileAct, FileState, Finding, PleaState

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class FileAcceptance(PublicId):
    """Where the file of one case stands: what `acceptance.progress` says of its events, kept for lists and rules.

    There is none until somebody acts: a closed case without one is awaited, or came in as its case system says.
    `version` grows with every act, so that of two clerks at once one is told. `checklist` is the one whose catalogue
    the file is checked by; `last_page` the last of the binder, where somebody counted.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="file_acceptance")
    checklist = models.ForeignKey("reviews.Checklist", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=FileState.choices, default=FileState.AWAITED)
    version = models.PositiveIntegerField(default=0)
    handed_in_on = models.DateField(null=True, blank=True)
    counts_on = models.DateField(null=True, blank=True)
    correct_by = models.DateField(null=True, blank=True)
    # Empty until the calendar of working days reaches so far.
    check_by = models.DateField(null=True, blank=True)
    returns = models.PositiveSmallIntegerField(default=0)
    # On which the file lay here before it was last sent back; empty where nobody acted since they are counted.
    desk_days = models.PositiveIntegerField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    last_page = models.PositiveIntegerField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    accepted_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=FileState.values), name="file_state_known"),
            models.CheckConstraint(
                condition=Q(state=FileState.AWAITED, handed_in_on__isnull=True, counts_on__isnull=True)
                | ~Q(state=FileState.AWAITED) & Q(handed_in_on__isnull=False, counts_on__isnull=False),
                name="file_handed_in_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(counts_on__isnull=True) | Q(counts_on__lte=F("handed_in_on")),
                name="file_counts_from_a_receipt",
            ),
            models.CheckConstraint(
                condition=Q(state=FileState.RETURNED, correct_by__isnull=False)
                | ~Q(state=FileState.RETURNED) & Q(correct_by__isnull=True),
                name="file_returned_with_a_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=FileState.ACCEPTED,
                    accepted_on__isnull=False,
                    accepted_by__isnull=False,
                    checklist__isnull=False,
                )
                | ~Q(state=FileState.ACCEPTED) & Q(accepted_on__isnull=True, accepted_by__isnull=True),
                name="file_accepted_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state"], condition=Q(state__in=[FileState.TO_CHECK, FileState.RETURNED]), name="file_in_work"
            ),
            models.Index(fields=["accepted_on"], condition=Q(state=FileState.ACCEPTED), name="file_accepted"),
        ]

    def __str__(self) -> str:
        return f"file of case {self.case_id}"


class FileEvent(models.Model):
    """One act, never changed. `happened_on` is the day at the centre, which for a receipt somebody types.

    `told_here`: of a return or reminder, whether the lawyer had an account to be told on; empty where it was not kept.
    Where they had none, `told_how` says how they were told of a return; of a reminder its words do.
    """

    acceptance = models.ForeignKey(FileAcceptance, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=16, choices=FileAct.choices)
    happened_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    # When it was accepted: how late it counted then.
    days_late = models.PositiveIntegerField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True)
    told_here = models.BooleanField(null=True)
    told_how = models.CharField(max_length=500, blank=True, default="")
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["acceptance", "number"], name="file_event_in_turn"),
            models.CheckConstraint(condition=Q(act__in=FileAct.values), name="file_act_known"),
            models.CheckConstraint(
                condition=Q(act=FileAct.RETURNED, due_on__isnull=False, due_on__gt=F("happened_on"))
                | ~Q(act=FileAct.RETURNED) & Q(due_on__isnull=True),
                name="file_event_returned_with_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(act__in=[FileAct.RECEIPT_UNDONE, FileAct.REOPENED]) | ~Q(words=""),
                name="file_event_undone_with_a_reason",
            ),
            # What reached nobody is no reminder, and no day runs against who was never told.
            models.CheckConstraint(
                condition=Q(told_here__isnull=True)
                | Q(told_here=True)
                | Q(act=FileAct.REMINDED) & ~Q(words="")
                | Q(act=FileAct.RETURNED) & ~Q(told_how=""),
                name="file_event_told_somehow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.happened_on}"


class FileDefect(models.Model):
    """What was wrong when a file was sent back, or stood when it was accepted. `paper`: empty where it is the whole."""

    event = models.ForeignKey(FileEvent, on_delete=models.PROTECT, related_name="defects")
    paper = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=12, choices=DefectKind.choices)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "paper", "kind"], name="file_defect_once"),
            models.CheckConstraint(condition=Q(kind__in=DefectKind.values), name="file_defect_known"),
            models.CheckConstraint(
                condition=~Q(kind=DefectKind.OTHER) | ~Q(note=""), name="file_defect_other_in_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.kind}"


class FilePaper(models.Model):
    """What stands in the binder now, paper by paper of the catalogue. Frozen while the file is accepted."""

    acceptance = models.ForeignKey(FileAcceptance, on_delete=models.PROTECT, related_name="papers")
    code = models.CharField(max_length=20)
    finding = models.CharField(max_length=12, choices=Finding.choices)
    first_page = models.PositiveIntegerField(null=True, blank=True)
    last_page = models.PositiveIntegerField(null=True, blank=True)
    dated = models.DateField(null=True, blank=True)
    signed = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["acceptance", "code"], name="file_paper_once"),
            models.CheckConstraint(condition=Q(finding__in=Finding.values), name="file_finding_known"),
            models.CheckConstraint(
                condition=Q(first_page__isnull=True, last_page__isnull=True)
                | Q(
                    finding=Finding.PRESENT,
                    first_page__isnull=False,
                    last_page__isnull=False,
                    first_page__gte=1,
                    last_page__gte=F("first_page"),
                ),
                name="file_paper_pages_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.pages}"

    @property
    def pages(self) -> str:
        if self.first_page is None:
            return ""
        return str(self.first_page) if self.first_page == self.last_page else f"{self.first_page}-{self.last_page}"


class LatenessPleaQuerySet(models.QuerySet["LatenessPlea"]):
    def visible_to(self, user: "User | AnonymousUser") -> "LatenessPleaQuerySet":
        """Managers see their subtree's, a lawyer what they gave themselves."""
        managed = within(user, "case__centre__path", Role.MANAGER, Role.SUPERVISOR) & ~own_work(user)
        return self.filter(managed | Q(stated_by_id=user.pk))


class LatenessPlea(PublicId):
    """The reasons a lawyer gave for lateness, and what a manager made of them. One at a time waits for a decision."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=PleaState.choices, default=PleaState.OPEN)
    words = models.CharField(max_length=500)
    stated_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()
    decided_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=500, blank=True)

    objects = LatenessPleaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state=PleaState.OPEN), name="lateness_plea_one_open"),
            models.CheckConstraint(condition=~Q(words=""), name="lateness_plea_in_words"),
            models.CheckConstraint(
                condition=Q(state=PleaState.OPEN, decided_by__isnull=True, decided_at__isnull=True)
                | Q(state__in=[PleaState.ACCEPTED, PleaState.REFUSED], decided_by__isnull=False)
                & Q(decided_at__isnull=False),
                name="lateness_plea_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=PleaState.REFUSED) | ~Q(decision=""), name="lateness_plea_refused_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("stated_by")),
                name="lateness_plea_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"plea {self.pk}"
