"""The method in force on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from qa_service.common.errors import NotFound
from scoring.calculation import Rules, rules_of
from scoring.models import Scheme


class NoSchemePublished(NotFound):
    code = "no_scheme_published"


@dataclass(frozen=True, slots=True)
class Schemes:
    """All published versions, the newest first; at least one."""

    versions: Sequence[Scheme]

    def on(self, day: date) -> Scheme:
        """By which a case closed on this day is weighed: of those in force then, the one published last."""
        found = (each for each in self.versions if each.effective_from is None or each.effective_from <= day)
        return next(found, self.versions[-1])


def published_schemes() -> Schemes:
    """One query.

    :raises NoSchemePublished: setup has not run.
    """
    found = tuple(Scheme.objects.published().defer("rules").order_by("-version"))
    if not found:
        raise NoSchemePublished(_("No scheme is published. Run the setup first."))
    return Schemes(found)


def scheme_in_force(day: date = date.max) -> Scheme:
    """On a day; without one, the version published last, whose day may be still to come.

    :raises NoSchemePublished: setup has not run.
    """
    return published_schemes().on(day)


def rules_by(scheme: Scheme) -> Rules:
    """A published scheme never changes, so its rules are read once a process."""
    return _rules(scheme.version, scheme.digest, scheme.pk)


@lru_cache(maxsize=32)
def _rules(version: int, _digest: str, pk: int) -> Rules:
    return rules_of(version, Scheme.objects.values_list("rules", flat=True).get(pk=pk))
