"""Rules that propose, and the steps by which people decide: each step is a row with a name, a day and a reason."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from qa_service.common.models import PublicId
from qa_service.common.periods import Period
from reviews.queries import being_read_by
from scoring.enums import IN_EFFECT, OPEN_STATES, Outcome, ProposalState, RuleCode, Subject

if TYPE_CHECKING:
    from qa_service.cases.models import Case
    from qa_service.organisations.models import Firm, Lawyer, Organisation
    from scoring.models.notices import Notice

DECIDING_ROLES = (Role.MANAGER, Role.SUPERVISOR)


class Rule(models.Model):
    """One version of a rule. A rule proposes only while it is on, and only with a legal basis and an authority."""

    code = models.CharField(max_length=4, choices=RuleCode.choices)
    version = models.PositiveSmallIntegerField(default=1)
    enabled = models.BooleanField(default=True)
    thresholds = models.JSONField(default=dict)
    legal_basis = models.CharField(max_length=300)
    authority = models.CharField(max_length=100)
    published_at = models.DateTimeField()
    # Empty for the versions that a centre starts with.
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="rule_version_once"),
            models.CheckConstraint(
                condition=Q(enabled=False) | (~Q(legal_basis="") & ~Q(authority="")), name="rule_on_has_a_basis"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: User | AnonymousUser) -> "ProposalQuerySet":
        """Those who decide, in their subtree; a lawyer sees a proposal only through the step that hears them.

        Nor do those who decide see one about a file that they or their firm handled: that none commends an excellent
        file of theirs would tell that a complaint holds it back. Nor while the file is still theirs to
        mark. A station's own people see none about it, for the same reason.
        """
        seen = self.filter(within(user, "centre__path", *DECIDING_ROLES))
        others = seen.exclude(own_work(user, lawyer="lawyer", firm="firm")).exclude(being_read_by(user))
        return others.exclude(station__in=[grant.organisation_id for grant in getattr(user, "held", ())])

    def open(self) -> "ProposalQuerySet":
        return self.filter(state__in=OPEN_STATES)


def _once(subject: Subject, *whose: str) -> models.UniqueConstraint:
    """A unit has one proposal by a rule for a period: a rerun finds it, whatever became of it."""
    return models.UniqueConstraint(
        fields=["code", "centre", *whose, "trigger"],
        condition=Q(subject=subject) & ~Q(state=ProposalState.OVERTAKEN),
        name=f"proposal_once_{subject.value}",
    )


def _whose(subject: Subject, *named: str) -> Q:
    """Which of the fields say whom it is about; the others are empty."""
    fields = {f"{field}__isnull": field not in named for field in ("case", "lawyer", "firm", "station")}
    return Q(subject=subject, period_start__isnull=subject == Subject.CASE, **fields)


class Proposal(PublicId):
    """What a rule suggests about one case, or about a unit over a period that the centre has closed.

    `trigger` names the marks or the period it rests on: a rerun never doubles it. Of a lawyer's period `firm` is the
    one that their cases were handled by last, so that nobody of it decides. `period_end` is the first day after it.
    """

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=4, choices=RuleCode.choices)
    subject = models.CharField(max_length=10, choices=Subject.choices, default=Subject.CASE)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    lawyer = models.ForeignKey(
        "organisations.Lawyer", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    firm = models.ForeignKey("organisations.Firm", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    station = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    trigger = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    score = models.DecimalField(max_digits=12, decimal_places=8, null=True)
    evidence = models.JSONField(default=list)
    counter_evidence = models.JSONField(default=list)
    proposed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "case", "trigger"], condition=~Q(state=ProposalState.OVERTAKEN), name="proposal_once"
            ),
            _once(Subject.LAWYER, "lawyer"),
            _once(Subject.FIRM, "firm"),
            _once(Subject.STATION, "station"),
            _once(Subject.CENTRE),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.CheckConstraint(
                condition=_whose(Subject.CASE, "case", "lawyer", "firm")
                | _whose(Subject.LAWYER, "lawyer", "firm")
                | _whose(Subject.FIRM, "firm")
                | _whose(Subject.STATION, "station")
                | _whose(Subject.CENTRE),
                name="proposal_about_somebody",
            ),
            models.CheckConstraint(
                condition=Q(period_start=None, period_end=None) | Q(period_end__gt=F("period_start")),
                name="proposal_period_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "state", "-proposed_at"], name="proposal_queue"),
            models.Index(fields=["lawyer", "state"], name="proposal_lawyer"),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk} by {self.code}"

    @property
    def notice(self) -> "Notice | None":
        """What it came to, once that has its number: of several the last, for the others were withdrawn; one query."""
        return self.papers.filter(kind__in=IN_EFFECT).order_by("-pk").first()

    @property
    def the_case(self) -> "Case":
        """:raises ValueError: it hangs on no single case."""
        if self.case is None:
            raise ValueError(f"{self} hangs on no case")
        return self.case

    @property
    def the_lawyer(self) -> "Lawyer":
        """:raises ValueError: it is about a body."""
        if self.lawyer is None:
            raise ValueError(f"{self} is about no lawyer")
        return self.lawyer

    @property
    def the_firm(self) -> "Firm":
        """:raises ValueError: it is about no firm, nor about anybody of one."""
        if self.firm is None:
            raise ValueError(f"{self} is about no firm")
        return self.firm

    @property
    def period(self) -> Period | None:
        """The closed period that it speaks of; None of a case."""
        return Period(self.period_start, self.period_end) if self.period_start and self.period_end else None

    @property
    def body(self) -> "Lawyer | Firm | Organisation | None":
        """Whom it is about over a period; None of a case."""
        return {
            Subject.LAWYER: self.lawyer,
            Subject.FIRM: self.firm,
            Subject.STATION: self.station,
            Subject.CENTRE: self.centre,
        }.get(Subject(self.subject))

    @property
    def named(self) -> str:
        """What lists and letters call it by: the number of its case, or the name of whom it is about."""
        return self.case.number if self.case is not None else str(getattr(self.body, "name", ""))


class Statement(models.Model):
    """The lawyer was told of a proposal, may answer until `due_on`, and perhaps did (陈述申辩)."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="statement")
    notified_at = models.DateTimeField()
    notified_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # When the paper reached a lawyer who has no account; empty for the others, who find it on their home.
    served_on = models.DateField(null=True, blank=True)
    # Empty until the calendar of working days reaches so far; until then the answer is taken.
    due_on = models.DateField(null=True, blank=True)
    text = models.TextField(blank=True)
    # When the answer came in on paper; `submitted_at` is when it was typed in.
    received_on = models.DateField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"statement on proposal {self.proposal_id}"


class Decision(models.Model):
    """A named person decided, and said why."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.TextField()
    legal_basis = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason")]

    def __str__(self) -> str:
        return f"decision on proposal {self.proposal_id}"


class PublicDisplay(models.Model):
    """公示: both days included, counted in working days."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="display")
    starts_on = models.DateField()
    ends_on = models.DateField()
    workdays = models.PositiveSmallIntegerField()
    completed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    stop_reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="display_in_order")]

    def __str__(self) -> str:
        return f"display of proposal {self.proposal_id}"
