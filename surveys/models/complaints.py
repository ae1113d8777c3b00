from typing import TYPE_CHECKING, Self

from django.db import models

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant
from qa_service.accounts.queries import own_work, within
from qa_service.common import phones
from qa_service.common.encryption import EncryptedTextField
from qa_service.common.models import PublicId, Timestamped
from surveys.complaints import OVER, Dates, Rules
from surveys.enums import (
    Complainant,
    ComplaintAct,
    ComplaintOutcome,
    ComplaintState,
    ConsentWay,
    Ground,
    Received,
    Respondent,
)

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class ComplaintRules(models.Model):
    """The clocks and the number of one bureau's register, with the rule they come from."""

    bureau = models.OneToOneField("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    accept_days = models.PositiveSmallIntegerField(default=5)
    decide_days = models.PositiveSmallIntegerField(default=45)
    extend_days = models.PositiveSmallIntegerField(default=30)
    reply_days = models.PositiveSmallIntegerField(default=5)
    number_prefix = models.CharField(max_length=20, default="法援投")
    legal_basis = models.CharField(max_length=200, blank=True)
    # Where the day stands from which the numbers of a year are counted on.
    year = models.PositiveSmallIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "complaint rules"

    def __str__(self) -> str:
        return f"complaints to {self.bureau_id}"

    @property
    def rules(self) -> Rules:
        return Rules(self.accept_days, self.decide_days, self.extend_days, self.reply_days)


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, user: "User") -> Self:
        """The register belongs to the bureau; a centre's manager sees what the bureau gave the centre to look into.

        Never one about themselves: about the centre or its staff, or about their own work.
        """
        bureau = within(user, "bureau__path", Role.SUPERVISOR)
        given = within(user, "centre__path", Role.MANAGER) & models.Q(with_centre=True)
        given &= ~models.Q(respondent=Respondent.CENTRE)
        about_me = models.Q(case__isnull=False) & own_work(user)
        return self.filter(bureau | given).exclude(about_me)

    def open(self) -> Self:
        return self.exclude(state__in=OVER)

    def left_behind(self) -> Self:
        """Open ones in the hands of somebody whose account was closed or whose role no longer reaches them."""
        reaches = Grant.objects.annotate(
            bureau=models.ExpressionWrapper(models.OuterRef("bureau__path"), models.CharField()),
            centre=models.ExpressionWrapper(models.OuterRef("centre__path"), models.CharField()),
            given=models.ExpressionWrapper(models.OuterRef("with_centre"), models.BooleanField()),
        ).filter(
            models.Q(role=Role.SUPERVISOR, bureau__startswith=models.F("organisation__path"))
            | models.Q(role=Role.MANAGER, given=True, centre__startswith=models.F("organisation__path")),
            user=models.OuterRef("handler"),
            user__is_active=True,
        )
        return self.open().filter(~models.Exists(reaches), handler__isnull=False)


class Complaint(PublicId, Timestamped):
    """One entry of a bureau's register: numbered by bureau and year, never deleted."""

    bureau = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=ComplaintState, default=ComplaintState.RECEIVED)

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The recovery or the sealed matter it came from, with the client's consent.
    source = models.OneToOneField(
        "surveys.Alert", null=True, blank=True, on_delete=models.PROTECT, related_name="complaint"
    )
    consented_on = models.DateField(null=True, blank=True)
    consent_by = models.CharField(max_length=10, choices=ConsentWay, blank=True)

    complainant = models.CharField(max_length=12, choices=Complainant, default=Complainant.RECIPIENT)
    client = models.ForeignKey("cases.Client", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    complainant_name = EncryptedTextField()
    contact = EncryptedTextField(blank=True, default="")
    received_by = models.CharField(max_length=10, choices=Received)
    ground = models.CharField(max_length=10, choices=Ground)
    respondent = models.CharField(max_length=8, choices=Respondent)
    respondent_name = models.CharField(max_length=100, blank=True)
    facts = EncryptedTextField()
    request = EncryptedTextField(blank=True, default="")

    received_on = models.DateField()
    asked_more_on = models.DateField(null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    extended_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    reply_sent_on = models.DateField(null=True, blank=True)
    # The day of the clock that runs now; empty where none does, or where the calendar of a year is missing.
    due_on = models.DateField(null=True, blank=True)

    with_centre = models.BooleanField(default=False)
    handler = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=ComplaintOutcome, blank=True)
    reply = EncryptedTextField(blank=True, default="")
    joined_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined")

    objects = ComplaintQuerySet.as_manager()

    @property
    def contact_masked(self) -> str:
        """Enough to know it by: of what they left, or of the client's number, the last four signs."""
        return phones.mask(self.contact) or (self.client.phone_masked if self.client else "")

    class Meta:
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["bureau", "year", "number"], name="complaint_number_once"),
            models.CheckConstraint(
                condition=~models.Q(state__in=[ComplaintState.DECIDED, ComplaintState.REPLIED])
                | models.Q(outcome__gt="", decided_on__isnull=False),
                name="complaint_decided_has_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ComplaintState.REPLIED) | models.Q(reply_sent_on__isnull=False),
                name="complaint_replied_has_day",
            ),
            models.CheckConstraint(
                condition=models.Q(source=None) | models.Q(consented_on__isnull=False, consent_by__gt=""),
                name="complaint_from_follow_up_has_consent",
            ),
            models.CheckConstraint(
                condition=models.Q(with_centre=False) | ~models.Q(respondent=Respondent.CENTRE),
                name="complaint_about_centre_stays_with_bureau",
            ),
        ]
        indexes = [
            models.Index(fields=["bureau", "state", "due_on"], name="complaint_by_clock"),
            models.Index(fields=["case"], name="complaint_by_case"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def dates(self) -> Dates:
        return Dates(
            received_on=self.received_on,
            completed_on=self.completed_on,
            accepted_on=self.accepted_on,
            decided_on=self.decided_on,
            extended=self.extended_on is not None,
        )


class ComplaintStep(models.Model):
    """One step of the register, with its words; never changed."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=10, choices=ComplaintAct)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    note = EncryptedTextField(blank=True, default="")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.act}"
