"""What the evidence about a case came to, each time it was weighed."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import firms_of, own_work, within
from qa_service.cases.enums import CaseType
from qa_service.common.models import PublicId
from reviews.queries import being_read_by, lawyer_was_told
from scoring.enums import SETTLED_GRADES, Grade
from scoring.models.schemes import Scheme

if TYPE_CHECKING:
    from qa_service.accounts.models import User

# Who reads scores and standings of a whole subtree, with everything behind them.
STAFF_READERS = (Role.MANAGER, Role.SUPERVISOR)


class Weighed(models.Model):
    """What every row of weighed evidence carries: whose case it was, so that sums need no join."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    is_current = models.BooleanField(default=True)
    # Of these only rows in force are ever looked up, by the indexes below: one more each would be kept up for nothing.
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, db_index=False, related_name="+")
    lawyer = models.ForeignKey("organisations.Lawyer", on_delete=models.PROTECT, db_index=False, related_name="+")
    firm = models.ForeignKey("organisations.Firm", on_delete=models.PROTECT, db_index=False, related_name="+")
    station = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, db_index=False, related_name="+")
    case_type = models.CharField(max_length=16, choices=CaseType.choices)
    closed_on = models.DateField()
    # Canonical JSON: what went in, the method, every line and the result. Weighing it again gives the same bytes.
    derivation = models.TextField()
    sha256 = models.CharField(max_length=64)
    computed_at = models.DateTimeField()

    class Meta:
        abstract = True


class CaseScoreQuerySet(models.QuerySet["CaseScore"]):
    def current(self) -> "CaseScoreQuerySet":
        return self.filter(is_current=True)

    def graded(self) -> "CaseScoreQuerySet":
        return self.filter(grade__in=SETTLED_GRADES)

    def visible_to(self, user: "User | AnonymousUser") -> "CaseScoreQuerySet":
        """Staff read their subtree's; the lawyer their own once it is released, a firm once its lawyer was told.

        Of a file that they or their firm handled, staff see what any lawyer or head of a firm sees. Of a file that they
        have still to mark themselves nobody sees what it came to without them.
        """
        own = Q(pk__in=[])
        lawyer_id = getattr(user, "lawyer_id", None)
        if lawyer_id and getattr(user, "has_role", lambda _role: False)(Role.LAWYER):
            own |= Q(lawyer_id=lawyer_id)
        firms = firms_of(user)
        if firms:
            own |= Q(lawyer_was_told(), firm_id__in=firms)
        staff = within(user, "centre__path", *STAFF_READERS) & ~own_work(user, lawyer="lawyer", firm="firm")
        return self.filter(staff | own & Q(released_on__isnull=False)).exclude(being_read_by(user))

    def own_of(self, lawyer: "User") -> "CaseScoreQuerySet":
        """What the person sees as the lawyer of a case, whatever else they may see."""
        holder = lawyer.lawyer_id if lawyer.has_role(Role.LAWYER) else None
        return self.filter(~being_read_by(lawyer), lawyer=holder or 0, released_on__isnull=False)


class CaseScore(PublicId, Weighed):
    """A case's grade from professional evidence. Never changed: new evidence makes a new row beside the former.

    `score` is 0 to 100, cut (not rounded) after 8 decimals, so that it lies in the same band as the exact figure;
    `coverage` is a percentage of the applicable weight.
    """

    score = models.DecimalField(max_digits=12, decimal_places=8, null=True)
    grade = models.CharField(max_length=10, choices=Grade.choices)
    provisional = models.BooleanField()
    coverage = models.DecimalField(max_digits=12, decimal_places=8)
    review_version = models.PositiveIntegerField(null=True)
    evidence_version = models.PositiveBigIntegerField()
    # When the lawyer was given the review; empty while it is going on.
    released_on = models.DateField(null=True)
    # The day on which the passing of time alone changes the score.
    weigh_again_on = models.DateField(null=True)

    objects = CaseScoreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(is_current=True), name="case_score_one_current"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0) & Q(score__lte=100), name="case_score_in_range"
            ),
            models.CheckConstraint(condition=Q(coverage__gte=0) & Q(coverage__lte=100), name="case_score_coverage"),
            models.CheckConstraint(
                condition=Q(grade__in=SETTLED_GRADES, score__isnull=False)
                | Q(grade=Grade.PENDING)
                | Q(grade=Grade.NONE, score__isnull=True),
                name="case_score_graded_has_a_score",
            ),
        ]
        indexes = [
            models.Index(fields=["lawyer", "closed_on"], condition=Q(is_current=True), name="case_score_lawyer"),
            models.Index(fields=["firm", "closed_on"], condition=Q(is_current=True), name="case_score_firm"),
            models.Index(fields=["station", "closed_on"], condition=Q(is_current=True), name="case_score_station"),
            models.Index(fields=["centre", "closed_on"], condition=Q(is_current=True), name="case_score_centre"),
            # The list of all of them, the newest first.
            models.Index(fields=["-closed_on", "-id"], condition=Q(is_current=True), name="case_score_newest"),
            models.Index(
                fields=["weigh_again_on"],
                condition=Q(is_current=True, weigh_again_on__isnull=False),
                name="case_score_weigh_again",
            ),
        ]

    def __str__(self) -> str:
        return f"score {self.pk} of case {self.case_id}"
