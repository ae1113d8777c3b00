"""How evidence is weighed: data, in versions. A published one never changes."""

from django.db import models
from django.db.models import Q


class SchemeQuerySet(models.QuerySet["Scheme"]):
    def published(self) -> "SchemeQuerySet":
        return self.filter(published_at__isnull=False)


class Scheme(models.Model):
    """One version of the method; `rules` is what `scoring.calculation.Rules` is read from, all figures as text."""

    version = models.PositiveIntegerField(unique=True)
    rules = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(version__gte=1), name="scheme_version_from_one")]

    def __str__(self) -> str:
        return f"scheme {self.version}"
