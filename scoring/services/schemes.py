"""Writing and publishing the method by which evidence is weighed."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import InvalidOperation
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.cases.services import evidence_changed
from qa_service.common.drafts import DraftChanged, DraftExists, NotADraft
from qa_service.common.errors import InvalidInput
from scoring.calculation import digest, rules_of
from scoring.calculation.method import Misshapen, Problem, flat, nested, problems
from scoring.defaults import default_scheme
from scoring.models import CaseScore, CaseVoice, Scheme

SYSTEM = Actor.system("setup")
A_MARKING = 2000


class SchemeInvalid(InvalidInput):
    code = "scheme_invalid"


class Unsound(InvalidInput):
    """It may not be published; `problems` say why."""

    code = "scheme_unsound"

    def __init__(self, found: tuple[Problem, ...]) -> None:
        super().__init__(_("This scheme cannot be published yet."))
        self.problems = found


class DayWeighed(InvalidInput):
    """Cases closed since that day were weighed by the scheme before."""

    code = "day_weighed"


@transaction.atomic
def publish_default_scheme(*, now: datetime) -> Scheme:
    """Publish the default method where none is in force; the one in force is returned as it stands."""
    current = Scheme.objects.published().order_by("-version").first()
    return current or publish_scheme(rules=default_scheme(), actor=SYSTEM, now=now)


@transaction.atomic
def publish_scheme(*, rules: dict[str, Any], actor: Actor, now: datetime) -> Scheme:
    """Put a method in force as the next version, whatever day a case closed on.

    :raises SchemeInvalid: a part is missing or is no figure.
    """
    try:
        flat(rules)
        rules_of(1, rules)
    except (Misshapen, KeyError, ValueError, TypeError, InvalidOperation) as fault:
        raise SchemeInvalid(_("This scheme contradicts itself."), field="rules") from fault
    last = Scheme.objects.aggregate(last=Max("version"))["last"] or 0
    scheme = Scheme.objects.create(version=last + 1, rules=rules, digest=digest(rules), published_at=now)
    record(actor=actor, action="scoring.scheme_published", subject=scheme, details={"version": scheme.version}, at=now)
    return scheme


@transaction.atomic
def begin_draft(*, figures: Mapping[str, Any], note: str = "", user: User, now: datetime) -> Scheme:
    """The next version, as a draft with these figures (by their paths, as `method.flat` gives them).

    :raises DraftExists: there is one; it is left as it is.
    """
    # Of the published ones: two drafts would be of one version, which the database refuses.
    last = Scheme.objects.published().aggregate(last=Max("version"))["last"] or 0
    draft = Scheme(version=last + 1, rules=nested(figures), note=note)
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        raise DraftExists(_("A draft of the next scheme exists already. Go on with that one.")) from None
    _record(draft, "scoring.scheme_drafted", user=user, now=now)
    return draft


@transaction.atomic
def change_draft(
    *, scheme: Scheme, figures: Mapping[str, Any], note: str, revision: int, user: User, now: datetime
) -> Scheme:
    """Write these figures into the draft as it was read at `revision`.

    :raises DraftChanged: it has been changed since.
    :raises NotADraft: it was published or given up meanwhile.
    """
    draft = _locked_draft(scheme, revision=revision)
    draft.rules, draft.note = nested(figures), note
    draft.revision += 1
    draft.save()
    _record(draft, "scoring.scheme_changed", user=user, now=now, revision=draft.revision)
    return draft


@transaction.atomic
def publish_draft(*, scheme: Scheme, revision: int, effective_from: date, user: User, now: datetime) -> Scheme:
    """Freeze the draft: it weighs the cases closed from its day on, and moves nothing that was weighed.

    The day may lie in the past as long as no case closed since has been weighed, so that a new installation can weigh
    what it imports by its own method. A sweep that is weighing such a case at this moment is waited for.

    :raises Unsound: something forbids it.
    :raises DayWeighed: a case closed on that day or later has a score or a voice.
    :raises DraftChanged: what was looked at is not what would be published.
    :raises NotADraft: it was published or given up meanwhile.
    """
    draft = _locked_draft(scheme, revision=revision)
    found = problems(draft.rules)
    if found:
        raise Unsound(found)
    _refuse_weighed(effective_from)
    _mark_closed_since(effective_from)
    _refuse_weighed(effective_from)
    draft.digest, draft.published_at, draft.effective_from = digest(draft.rules), now, effective_from
    draft.save()
    _record(draft, "scoring.scheme_published", user=user, now=now, effective_from=effective_from.isoformat())
    return draft


@transaction.atomic
def discard_draft(*, scheme: Scheme, user: User, now: datetime) -> None:
    """Nothing was weighed by a draft, so nothing is lost with it but work.

    :raises NotADraft: it was published or given up meanwhile.
    """
    draft = _locked_draft(scheme)
    _record(draft, "scoring.scheme_discarded", user=user, now=now)
    draft.delete()


def _refuse_weighed(day: date) -> None:
    if any(rows.objects.filter(closed_on__gte=day).exists() for rows in (CaseScore, CaseVoice)):
        raise DayWeighed(
            _("Cases closed on this day or later have been weighed already, and stay as they are. Choose a later day."),
            field="effective_from",
        )


def _mark_closed_since(day: date) -> None:
    """A sweep holds the marks of what it weighs until it has written: to mark them again is to wait for it."""
    ids = list(Case.objects.filter(closed_on__gte=day).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), A_MARKING):
        evidence_changed(ids[start : start + A_MARKING])


def _locked_draft(scheme: Scheme, *, revision: int | None = None) -> Scheme:
    """`revision`: as it was read; None: whatever was written since."""
    draft = Scheme.objects.select_for_update().filter(pk=scheme.pk).first()
    if draft is None:
        raise NotADraft(_("This draft was given up meanwhile."))
    if draft.published_at is not None:
        raise NotADraft(_("This version was published meanwhile. Make a new version to change it."))
    if revision is not None and draft.revision != revision:
        raise DraftChanged(
            _("Somebody has changed this draft since you opened it. What you typed is not saved yet; look, then save.")
        )
    return draft


def _record(scheme: Scheme, action: str, *, user: User, now: datetime, **details: object) -> None:
    record(actor=user.actor, action=action, subject=scheme, details={"version": scheme.version, **details}, at=now)
