"""The method in force."""

from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from qa_service.common.errors import NotFound
from scoring.calculation import Rules, rules_of
from scoring.models import Scheme


class NoSchemePublished(NotFound):
    code = "no_scheme_published"


def scheme_in_force() -> Scheme:
    """The newest published scheme.

    :raises NoSchemePublished: setup has not run.
    """
    found = Scheme.objects.published().order_by("-version").first()
    if found is None:
        raise NoSchemePublished(_("No scheme is published. Run the setup first."))
    return found


def rules_by(scheme: Scheme) -> Rules:
    """A published scheme never changes, so its rules are read once a process."""
    return _rules(scheme.version, scheme.digest, scheme.pk)


@lru_cache(maxsize=32)
def _rules(version: int, _digest: str, pk: int) -> Rules:
    return rules_of(version, Scheme.objects.values_list("rules", flat=True).get(pk=pk))
