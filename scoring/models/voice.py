"""What clients said, case by case for the centre alone; for lawyers and firms only as released batches."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import firms_of, own_work, within
from scoring.models.scores import STAFF_READERS, Weighed

if TYPE_CHECKING:
    from qa_service.accounts.models import User

# Fewer clients than this never make a figure that a lawyer or a firm may see (design, rule 4).
SMALLEST_BATCH = 5


class ClientVoiceBatchQuerySet(models.QuerySet["ClientVoiceBatch"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ClientVoiceBatchQuerySet":
        own = Q(pk__in=[])
        lawyer_id = getattr(user, "lawyer_id", None)
        if lawyer_id and getattr(user, "has_role", lambda _role: False)(Role.LAWYER):
            own |= Q(lawyer_id=lawyer_id)
        firms = firms_of(user)
        if firms:
            own |= Q(firm_id__in=firms)
        return self.filter(own | within(user, "firm__centre__path", *STAFF_READERS))


class ClientVoiceBatch(models.Model):
    """A mean over five or more clients of one lawyer in one firm, or (`lawyer` empty) of a firm's remaining ones.

    Every answer belongs to one batch at most, and whatever a lawyer or firm sees is made of whole batches: however
    figures are combined or subtracted, at least five people stand behind what comes out. Frozen by the database.
    `n` is how many answers, `clients` how many different people; `mean` is 0 to 100, unrounded.
    """

    lawyer = models.ForeignKey("organisations.Lawyer", on_delete=models.PROTECT, null=True, related_name="+")
    firm = models.ForeignKey("organisations.Firm", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    n = models.PositiveIntegerField()
    clients = models.PositiveIntegerField()
    mean = models.DecimalField(max_digits=12, decimal_places=8)
    released_at = models.DateTimeField()

    objects = ClientVoiceBatchQuerySet.as_manager()

    class Meta:
        ordering = ["released_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lawyer", "firm", "number"],
                condition=Q(lawyer__isnull=False),
                name="voice_batch_of_lawyer_once",
            ),
            models.UniqueConstraint(
                fields=["firm", "number"], condition=Q(lawyer__isnull=True), name="voice_batch_of_firm_once"
            ),
            models.CheckConstraint(
                condition=Q(clients__gte=SMALLEST_BATCH) & Q(n__gte=models.F("clients")), name="voice_batch_not_small"
            ),
            models.CheckConstraint(condition=Q(mean__gte=0) & Q(mean__lte=100), name="voice_batch_in_range"),
        ]

    def __str__(self) -> str:
        return f"voice batch {self.pk}"


class BatchedAnswer(models.Model):
    """Which case's answer went into which batch: once for ever, and shown to nobody.

    `voice` is the answer as it was weighed then: what the client says later moves no figure that was released. Empty in
    rows from before it was kept; those stay out of the reports.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="+")
    batch = models.ForeignKey(ClientVoiceBatch, on_delete=models.PROTECT, related_name="answers")
    voice = models.ForeignKey("scoring.CaseVoice", on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"answer in batch {self.batch_id}"


class CaseVoiceQuerySet(models.QuerySet["CaseVoice"]):
    def current(self) -> "CaseVoiceQuerySet":
        return self.filter(is_current=True)

    def visible_to(self, user: "User | AnonymousUser") -> "CaseVoiceQuerySet":
        """Managers and supervisors alone, and never about a case that they or their own firm handled.

        A lawyer or a firm sees what no single client said, whatever other hat the person wears.
        """
        return self.filter(within(user, "centre__path", *STAFF_READERS)).of_others(user)

    def of_others(self, user: "User | AnonymousUser") -> "CaseVoiceQuerySet":
        """Without the cases that the person or their own firm handled."""
        if not getattr(user, "lawyer_id", None) and not firms_of(user):
            return self
        return self.exclude(own_work(user, lawyer="lawyer", firm="firm"))


class CaseVoice(Weighed):
    """One client's answer weighed, 0 to 100."""

    score = models.DecimalField(max_digits=12, decimal_places=8)
    response_id = models.PositiveBigIntegerField()
    answered_at = models.DateTimeField()

    objects = CaseVoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(is_current=True), name="case_voice_one_current"),
            models.CheckConstraint(condition=Q(score__gte=0) & Q(score__lte=100), name="case_voice_in_range"),
        ]
        indexes = [
            models.Index(fields=["lawyer", "closed_on"], condition=Q(is_current=True), name="case_voice_lawyer"),
            models.Index(fields=["firm", "closed_on"], condition=Q(is_current=True), name="case_voice_firm"),
            models.Index(fields=["centre", "closed_on"], condition=Q(is_current=True), name="case_voice_centre"),
        ]

    def __str__(self) -> str:
        return f"voice on case {self.case_id}"
