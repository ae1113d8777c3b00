"""How evidence is weighed: data, in versions. A published one never changes."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import within
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation

if TYPE_CHECKING:
    from qa_service.accounts.models import User

# One method serves all centres, so that their figures can be compared: it is written by who reaches every one of them.
WRITERS = (Role.MANAGER, Role.SUPERVISOR)


def may_write_schemes(user: "User | AnonymousUser") -> bool:
    """Whether a manager's or supervisor's role of theirs reaches every centre there is."""
    centres = Organisation.objects.filter(kind=OrganisationKind.CENTRE)
    reached = within(user, "path", *WRITERS)
    return centres.filter(reached).exists() and not centres.exclude(reached).exists()


class SchemeQuerySet(models.QuerySet["Scheme"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """What is published is no secret from those whom it weighs; a draft is for those who may write it."""
        if not user.is_authenticated:
            return self.none()
        return self if may_write_schemes(user) else self.published()

    def editable_by(self, user: "User | AnonymousUser") -> Self:
        return self.filter(published_at=None) if may_write_schemes(user) else self.none()


class Scheme(models.Model):
    """One version of the method; `rules` is what `scoring.calculation.Rules` is read from, all figures as text.

    A draft has no day of publishing. A published version weighs the cases closed from `effective_from` on, until the
    day from which a later version does; empty, as of the first one: whatever their day.
    """

    version = models.PositiveIntegerField(unique=True)
    rules = models.JSONField()
    digest = models.CharField(max_length=64, blank=True)
    # What is different from the version before, and why.
    note = models.CharField(max_length=500, blank=True, default="")
    # Counts the changes of a draft: who edits an older one is told.
    revision = models.PositiveIntegerField(default=0)
    effective_from = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(version__gte=1), name="scheme_version_from_one"),
            models.CheckConstraint(
                condition=Q(published_at=None, effective_from=None) | Q(published_at__isnull=False) & ~Q(digest=""),
                name="scheme_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"scheme {self.version}"
