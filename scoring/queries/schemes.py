"""The method in force on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.common.drafts import NotADraft
from qa_service.common.errors import NotFound
from scoring.calculation import Rules, rules_of
from scoring.models import Scheme
from scoring.models.schemes import may_write_schemes


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
    found = tuple(_published().all())
    if not found:
        raise NoSchemePublished(_("No scheme is published. Run the setup first."))
    return Schemes(found)


@cache
def _published() -> QuerySet[Scheme]:
    """The question, put together once a process: every report of a unit asks it."""
    return Scheme.objects.published().defer("rules").order_by("-version")


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


@dataclass(frozen=True, slots=True)
class Span:
    """Which closing days a version weighs: from `since` (None: the first) up to, not including, `until` (None: open).

    A draft weighs none; nor does a version that a later one overtook before its day (`overtaken`).
    """

    scheme: Scheme
    since: date | None
    until: date | None
    overtaken: bool


def spans_of(versions: Iterable[Scheme]) -> list[Span]:
    """Of all versions, the newest first."""
    spans: list[Span] = []
    until: date | None = None
    everything = False
    for each in versions:
        since = each.effective_from
        if each.published_at is None:
            spans.append(Span(each, None, None, overtaken=False))
            continue
        overtaken = everything or (since is not None and until is not None and since >= until)
        spans.append(Span(each, since, until, overtaken))
        everything = everything or since is None
        until = min(until, since) if until and since else since or until
    return spans


def schemes_seen(user: User) -> QuerySet[Scheme]:
    return Scheme.objects.visible_to(user).order_by("-version")


def scheme_seen(*, user: User, version: int) -> Scheme:
    """:raises NotFound: there is none that the user may read."""
    return _found(Scheme.objects.visible_to(user), version)


def scheme_edited(*, user: User, version: int) -> Scheme:
    """:raises NotFound: there is no such version that the user may write; :raises NotADraft: it was published."""
    found = Scheme.objects.editable_by(user).filter(version=version).first()
    if found is None and may_write_schemes(user) and Scheme.objects.published().filter(version=version).exists():
        raise NotADraft(_("This version was published. Make a new version to change it."))
    if found is None:
        raise NotFound("")
    return found


def _found(among: QuerySet[Scheme], version: int) -> Scheme:
    found = among.filter(version=version).first()
    if found is None:
        raise NotFound("")
    return found
