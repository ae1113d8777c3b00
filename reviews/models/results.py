"""A case's result of file review, version by version, and the lawyer's objections to it."""

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import firms_of, own_work, within
from qa_service.common.models import PublicId
from reviews.enums import Anchor, Band, ItemDecision, Method, ObjectionState, ResultState, Standing
from reviews.models.reviews import being_read_by

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class CaseReviewQuerySet(models.QuerySet["CaseReview"]):
    def current(self) -> "CaseReviewQuerySet":
        return self.filter(superseded_at=None)

    def visible_to(self, user: "User | AnonymousUser") -> "CaseReviewQuerySet":
        """Managers see their subtree's; a lawyer sees their own once released, a firm once its lawyer was told.

        A firm reads nothing before the lawyer: whoever may object must not hear of it from somebody else.

        Nobody sees the result of a file they are still reading themselves.
        """
        own = Q(pk__in=[])
        lawyer_id = getattr(user, "lawyer_id", None)
        if lawyer_id and getattr(user, "has_role", lambda _role: False)(Role.LAWYER):
            own |= Q(case__lawyer_id=lawyer_id)
        firms = firms_of(user)
        if firms:
            own |= Q(case__firm_id__in=firms) & self._of_the_told()
        return self.filter(self._managed(user) | own & Q(released_at__isnull=False)).exclude(being_read_by(user))

    def told(self) -> "CaseReviewQuerySet":
        """As the property of a row says it."""
        return self.filter(self._of_the_told())

    @staticmethod
    def _of_the_told() -> Q:
        begun = Q(objection_until__isnull=False) | Q(served_on__isnull=False)
        return begun & (Q(told_lawyer=None) | Q(told_lawyer=F("case__lawyer")))

    def untold(self) -> "CaseReviewQuerySet":
        """Released and in force, and the lawyer has not been told: the time to object has not begun."""
        return self.current().filter(self._of_the_untold())

    def in_question(self, day: date) -> "CaseReviewQuerySet":
        """The lawyer may still object on that day, or was not told yet that they may."""
        return self.current().filter(self._of_those_in_question(day))

    def out_of_question(self, day: date) -> "CaseReviewQuerySet":
        """In force, and the lawyer was told and may object no more."""
        return self.current().exclude(self._of_those_in_question(day))

    @classmethod
    def _of_those_in_question(cls, day: date) -> Q:
        return cls._of_the_untold() | Q(objection_until__gte=day)

    @staticmethod
    def _of_the_untold() -> Q:
        return Q(state=ResultState.RELEASED, objection_until=None, served_on=None)

    def told_another(self) -> "CaseReviewQuerySet":
        """Released and in force, and who was told is no longer the lawyer of the case."""
        told = self.current().filter(state=ResultState.RELEASED, told_lawyer__isnull=False)
        return told.exclude(told_lawyer=F("case__lawyer"))

    def managed_by(self, user: "User | AnonymousUser") -> "CaseReviewQuerySet":
        return self.filter(self._managed(user))

    @staticmethod
    def _managed(user: "User | AnonymousUser") -> Q:
        """Never their own cases': as who handled them they see what any lawyer sees."""
        return within(user, "case__centre__path", Role.MANAGER, Role.SUPERVISOR) & ~own_work(user)


class CaseReview(PublicId):
    """The result of all readers of one case. Never changed: a correction is the next version, with its reason.

    `items` is a list, in the checklist's order, of what each item came to: {"code", "share" (percent as text, or null
    where it did not apply), "marks": [{"anchor", "reason_code", "page", "comment", "readers"}]}. `readers` are the
    turns (1, 2, 3) of those who gave the mark, absent in results made before they were kept; nobody is named. An item
    "corrected" after an objection bears the new mark, and in "as_read" the readers' own: [{"anchor", "readers"}].
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    checklist = models.ForeignKey("reviews.Checklist", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=ResultState.choices)
    score = models.DecimalField(max_digits=13, decimal_places=10)
    grade = models.CharField(max_length=10, choices=Band.choices)
    grade_cap = models.CharField(max_length=10, choices=Band.choices, blank=True)
    veto_state = models.CharField(max_length=10, choices=Standing.choices)
    vetoes = models.JSONField(default=list)
    method = models.CharField(max_length=12, choices=Method.choices)
    readers = models.PositiveSmallIntegerField()
    spread = models.DecimalField(max_digits=13, decimal_places=10)
    agreed = models.BooleanField()
    limited = models.BooleanField()
    items = models.JSONField()
    reason = models.CharField(max_length=500)
    created_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    # Filled once, when the lawyer has been told: on release for those who have an account, later for the others.
    objection_until = models.DateField(null=True, blank=True)
    # Who was told. An import may name another lawyer afterwards, who was not.
    told_lawyer = models.ForeignKey(
        "organisations.Lawyer", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # When the paper reached a lawyer who has no account, and who entered it; empty for those told on their home.
    served_on = models.DateField(null=True, blank=True)
    served_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # When the words beside the marks were erased; the marks stand.
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = CaseReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="case_review_version_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(superseded_at__isnull=True), name="case_review_one_current"
            ),
            models.CheckConstraint(condition=Q(score__gte=0) & Q(score__lte=100), name="case_review_score_in_range"),
            models.CheckConstraint(
                condition=Q(state=ResultState.RELEASED, released_at__isnull=False)
                | ~Q(state=ResultState.RELEASED)
                & Q(released_at__isnull=True, objection_until__isnull=True, served_on__isnull=True),
                name="case_review_released_at",
            ),
            models.CheckConstraint(
                condition=Q(served_on__isnull=True, served_by__isnull=True)
                | Q(served_on__isnull=False, served_by__isnull=False),
                name="case_review_served_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="case_review_has_a_reason"),
            models.CheckConstraint(
                condition=Q(
                    state__in=ResultState.values,
                    grade__in=Band.values,
                    grade_cap__in=["", *Band.values],
                    veto_state__in=Standing.values,
                    method__in=Method.values,
                ),
                name="case_review_words_known",
            ),
        ]

    def __str__(self) -> str:
        return f"review of case {self.case_id}, version {self.version}"

    @property
    def told(self) -> bool:
        """Whether the lawyer of the case was told, so that their time to object runs or has run."""
        begun = self.objection_until is not None or self.served_on is not None
        return begun and not self.told_another

    @property
    def told_another(self) -> bool:
        """Whether who was told is no longer the lawyer of the case."""
        return self.told_lawyer_id is not None and self.told_lawyer_id != self.case.lawyer_id


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ObjectionQuerySet":
        """A lawyer sees their own, managers their subtree's; nobody those to a file they are still reading."""
        own = Q(pk__in=[])
        lawyer_id = getattr(user, "lawyer_id", None)
        if lawyer_id and getattr(user, "has_role", lambda _role: False)(Role.LAWYER):
            own = Q(case__lawyer_id=lawyer_id)
        managed = within(user, "case__centre__path", Role.MANAGER, Role.SUPERVISOR) & ~own_work(user)
        return self.filter(own | managed).exclude(being_read_by(user))


class Objection(PublicId):
    """A lawyer's objection to marks, within 10 working days of being told; decided within 15 by one who did not mark.

    `received_on`: it came on paper from a lawyer who was told on paper, and `lodged_by` entered it.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    result = models.ForeignKey(CaseReview, on_delete=models.PROTECT, related_name="objections")
    lodged_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    lodged_at = models.DateTimeField()
    received_on = models.DateField(null=True, blank=True)
    statement = models.TextField(max_length=4000)
    # Empty until the calendar of working days reaches so far.
    decide_by = models.DateField(null=True, blank=True)
    # When those who decide were told that the day is near, and last that it is past.
    reminded_at = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ObjectionState.choices, default=ObjectionState.LODGED)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(max_length=4000, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["result"], name="objection_once_a_result"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=ObjectionState.LODGED), name="objection_one_open_a_case"
            ),
            models.CheckConstraint(
                condition=Q(state=ObjectionState.LODGED, decided_by__isnull=True, decided_at__isnull=True)
                | Q(state=ObjectionState.DECIDED, decided_by__isnull=False, decided_at__isnull=False) & ~Q(answer=""),
                name="objection_decided_with_an_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"objection {self.pk}"


class ObjectedItem(models.Model):
    """One item objected to. When upheld, the new mark stands in place of every reader's."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey("reviews.Item", on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=ItemDecision.choices, default=ItemDecision.OPEN)
    anchor = models.CharField(max_length=8, choices=Anchor.choices, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    page = models.CharField(max_length=40, blank=True)
    comment = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["objection", "item"], name="objected_item_once"),
            models.CheckConstraint(
                condition=~Q(decision=ItemDecision.UPHELD) | ~Q(anchor=""), name="objected_item_new_mark"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=ItemDecision.values, anchor__in=["", *Anchor.values]),
                name="objected_item_words_known",
            ),
        ]

    def __str__(self) -> str:
        return f"objected item {self.item_id}"
