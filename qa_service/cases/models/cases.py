"""Cases, and what other rooms must hear of one."""

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from qa_service.accounts.enums import STAFF_ROLES, Role
from qa_service.accounts.queries import firms_of, within
from qa_service.cases.enums import CaseType, FlagKind, Stage
from qa_service.cases.models.clients import Client
from qa_service.common.models import PublicId, Timestamped

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class CoClientQuerySet(models.QuerySet["CoClient"]):
    def current(self) -> "CoClientQuerySet":
        return self.filter(taken_off_at=None)


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: "User | AnonymousUser") -> "CaseQuerySet":
        """Staff see their subtree, a lawyer the cases they handled, the head of a firm the firm's."""
        condition = within(user, "centre__path", *STAFF_ROLES)
        lawyer_id = getattr(user, "lawyer_id", None)
        if lawyer_id and getattr(user, "has_role", lambda _role: False)(Role.LAWYER):
            condition |= Q(lawyer_id=lawyer_id)
        firms = firms_of(user)
        if firms:
            condition |= Q(firm_id__in=firms)
        return self.filter(condition)

    def locked(self) -> "CaseQuerySet":
        """Held against everybody else who holds them so, until the transaction ends.

        Their keys are not: rows that point at a case may be written meanwhile. PostgreSQL looks at those keys at
        commit, and waiting there for a whole row would end in a deadlock.
        """
        return self.select_for_update(of=("self",), no_key=True)


class ClosedCases(models.Manager["Case"]):
    """Closed cases: what is drawn, read, weighed, counted and released is only ever one of these."""

    def get_queryset(self) -> CaseQuerySet:
        return CaseQuerySet(self.model, using=self._db).filter(closed_on__isnull=False)

    def visible_to(self, user: "User | AnonymousUser") -> CaseQuerySet:
        return self.get_queryset().visible_to(user)

    def locked(self) -> CaseQuerySet:
        return self.get_queryset().locked()


class Case(PublicId, Timestamped):
    """One case, as the case system exported it. Unique per centre and number.

    Under way as long as `closed_on` is empty. `objects` are the closed ones, so that whoever forgets the others leaves
    them out; who means both says `with_open`. Rows that point at a case lead to it however it stands.
    """

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    case_type = models.CharField(max_length=16, choices=CaseType.choices)
    cause = models.CharField(max_length=100, blank=True)
    stage = models.CharField(max_length=20, choices=Stage.choices)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="cases")
    people_helped = models.PositiveIntegerField(default=1)
    station = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lawyer = models.ForeignKey("organisations.Lawyer", on_delete=models.PROTECT, related_name="+")
    firm = models.ForeignKey("organisations.Firm", on_delete=models.PROTECT, related_name="+")
    organ = models.CharField(max_length=100, blank=True)
    # Under which the organ keeps the case: what it looks up when it is asked.
    organ_number = models.CharField(max_length=100, blank=True, default="")
    accepted_on = models.DateField()
    # Of the centre's own clocks, where the case system knows them: when aid was granted, when the subsidy was paid.
    decided_on = models.DateField(null=True, blank=True)
    assigned_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    # Of a case under way: the next day in court that the export knows.
    hearing_on = models.DateField(null=True, blank=True)
    judgment_received_on = models.DateField(null=True, blank=True)
    filed_on = models.DateField(null=True, blank=True)
    subsidy_paid_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    recovered_amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    first_seen_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    # Empty: history or seen too late; a person must release it before the client is asked.
    survey_released_at = models.DateTimeField(null=True, blank=True)
    # When nobody was left to be asked about the case after its closing; as long as it is empty that is still looked at.
    survey_settled_at = models.DateTimeField(null=True, blank=True)
    # When the court or other organ was asked about the lawyer's work; it never is a second time.
    organ_asked_at = models.DateTimeField(null=True, blank=True)

    objects = ClosedCases()
    with_open = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "number"], name="case_once_a_centre"),
            models.CheckConstraint(condition=~Q(number=""), name="case_has_a_number"),
            models.CheckConstraint(condition=Q(closed_on__gte=F("accepted_on")), name="case_closed_after_accepted"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=False) | Q(survey_released_at=None), name="case_released_when_closed"
            ),
            models.CheckConstraint(
                condition=Q(survey_released_at__isnull=False) | Q(survey_settled_at=None),
                name="case_settled_when_released",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(hearing_on=None), name="case_hearing_while_under_way"
            ),
            models.CheckConstraint(condition=Q(recovered_amount__gte=0), name="case_recovered_not_negative"),
            models.CheckConstraint(condition=Q(case_type__in=CaseType.values), name="case_type_known"),
        ]
        indexes = [
            models.Index(fields=["centre", "closed_on"], name="case_centre_closed"),
            models.Index(fields=["lawyer", "closed_on"], name="case_lawyer_closed"),
            models.Index(fields=["firm", "closed_on"], name="case_firm_closed"),
            models.Index(
                fields=["closed_on", "id"],
                condition=Q(survey_released_at__isnull=False, survey_settled_at=None),
                name="case_unsettled",
            ),
            models.Index(
                fields=["centre", "closed_on"],
                condition=Q(survey_released_at__isnull=False, organ_asked_at=None) & ~Q(organ=""),
                name="case_organ_not_asked",
            ),
            models.Index(fields=["centre", "assigned_on"], condition=Q(closed_on=None), name="case_under_way"),
            # The list of all of them, those closed last first.
            models.Index(fields=["-closed_on", "-id"], condition=Q(closed_on__isnull=False), name="case_newest"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def type_and_stage(self) -> str:
        """Both in words; a matter outside litigation has no stage of its own, so it is said once."""
        kind = CaseType(self.case_type).label
        return str(kind) if self.stage == self.case_type else f"{kind} · {Stage(self.stage).label}"

    @property
    def day_closed(self) -> date:
        """:raises ValueError: it is under way; nothing that counts from its closing may be asked about it yet."""
        if self.closed_on is None:
            raise ValueError(f"case {self.pk} is under way")
        return self.closed_on

    @property
    def begun_on(self) -> date:
        """Since when it was handled: whoever belonged to the firm on a day after that is tied to it."""
        return self.assigned_on or self.accepted_on


class CoClient(PublicId):
    """A further person whom one case helped (共同受援人). The export names one, `Case.client`; staff add the others.

    Who was entered by mistake, or is none any more, is taken off: the row stays, so that the record says who was there.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="co_clients")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="co_cases")
    added_at = models.DateTimeField()
    taken_off_at = models.DateTimeField(null=True, blank=True)

    objects = CoClientQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "client"], name="co_client_once_a_case")]

    def __str__(self) -> str:
        return f"client {self.client_id} of case {self.case_id}"


class RiskFlag(models.Model):
    """Something that sampling should know. The reason of a sealed kind is never shown with the draw."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="risk_flags")
    kind = models.CharField(max_length=20, choices=FlagKind.choices)
    sealed = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(cleared_at__isnull=True), name="flag_once_while_open"
            ),
        ]

    def __str__(self) -> str:
        return f"flag on case {self.case_id}"


class EvidenceChange(models.Model):
    """Evidence about a case has changed since it was last scored; the version grows with every change."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="+")
    version = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"evidence of case {self.case_id}"


class ReaderRequest(models.Model):
    """The grade of a case takes more readers of its file than it had: weighing asks, and file review names them.

    `readers`: how many it takes in all. `for_fail`: until they have read there is no grade; else not the best one.
    `for_appeal`: an appeal put the marks in question, so that the request stands whatever the grade comes to.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="+")
    readers = models.PositiveSmallIntegerField()
    for_fail = models.BooleanField()
    for_appeal = models.BooleanField(null=True, blank=True)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reader asked for case {self.case_id}"


class ComplaintRequest(models.Model):
    """What was found about a case belongs in the register of complaints: who found it asks, who keeps it enters it.

    `source`: the finding, once. `facts`: what was found and where, with nobody's words in it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    source = models.UUIDField(unique=True)
    facts = models.CharField(max_length=500)
    asked_by: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"complaint asked for about case {self.case_id}"
