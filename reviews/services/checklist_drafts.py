"""Writing checklists: a draft grows out of a published version or a file, is changed, published or given up."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.drafts import DayPassed, DraftChanged, DraftExists, NotADraft
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.organisations.models import Organisation
from reviews.blueprint import Document, Problem, problems, read_document
from reviews.enums import ChecklistState
from reviews.models import Checklist
from reviews.services.checklists import SYSTEM, digest_of, supersede, write_content

Edit = Callable[[Document], Document]
PUBLISHED_MEANWHILE = _("This version was published meanwhile. Make a new version to change it.")


class CodeTaken(Conflict):
    """Checklists of this code belong to somebody else."""

    code = "code_taken"


class NotInForce(Conflict):
    code = "not_in_force"


class Unsound(InvalidInput):
    """It may not be published; `problems` say why."""

    code = "checklist_unsound"

    def __init__(self, found: tuple[Problem, ...]) -> None:
        super().__init__(_("This checklist cannot be published yet."))
        self.problems = found


@transaction.atomic
def begin_draft(*, document: Document, owner: Organisation, user: User, now: datetime) -> Checklist:
    """The next version of the document's code, as a draft of the owner's.

    :raises DraftExists: there is one; it is left as it is.
    :raises CodeTaken: the code is another owner's, or the service's own.
    """
    versions = Checklist.objects.filter(code=document["code"])
    if versions.exclude(owner=owner).exists():
        raise CodeTaken(
            _("A checklist with the short name “%(code)s” belongs to somebody else. Choose another one.")
            % {"code": document["code"]},
            field="code",
        )
    before = versions.order_by("version").last()
    if before and any(getattr(before, name) != document[name] for name in ("purpose", "case_type", "stage")):
        raise CodeTaken(
            _("The versions of “%(code)s” are for another purpose, type of case or stage. Choose another short name.")
            % {"code": document["code"]},
            field="code",
        )
    draft = Checklist(version=(versions.aggregate(last=Max("version"))["last"] or 0) + 1, owner=owner)
    _hold(draft, document)
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        raise DraftExists(_("A draft of this checklist exists already. Go on with that one."), field="code") from None
    _record(draft, "reviews.checklist_drafted", user=user, now=now)
    return draft


@transaction.atomic
def change_draft(*, checklist: Checklist, edit: Edit, revision: int, user: User, now: datetime) -> Checklist:
    """Apply one edit to the draft as it was read at `revision`.

    :raises DraftChanged: it has been changed since.
    :raises NotADraft: it was published or given up meanwhile.
    """
    draft = _locked_draft(checklist, revision=revision)
    _hold(draft, edit(read_document(draft.draft)))
    draft.revision += 1
    draft.save()
    _record(draft, "reviews.checklist_changed", user=user, now=now, revision=draft.revision)
    return draft


@transaction.atomic
def publish_draft(
    *, checklist: Checklist, revision: int, effective_from: date, today: date, user: User, now: datetime
) -> Checklist:
    """Freeze the draft, and put it in force on its day: at once where that is today.

    Files given out, and papers checked, stay with the version they began with.

    :raises Unsound: something forbids it; nothing is changed.
    :raises DayPassed: nothing is put in force for days gone by.
    :raises DraftChanged: what was looked at is not what would be published.
    """
    draft = _locked_draft(checklist, revision=revision)
    document = read_document(draft.draft)
    found = problems(document)
    if found:
        raise Unsound(found)
    if effective_from < today:
        raise DayPassed(_("Choose today or a later day."), field="effective_from")
    write_content([(draft, document)])
    draft.draft, draft.digest = {}, digest_of(document)
    draft.published_at, draft.effective_from = now, effective_from
    later = effective_from > today
    # Of two that wait for the same place the later published one is meant.
    supersede(
        [draft], *((ChecklistState.SCHEDULED,) if later else (ChecklistState.SCHEDULED, ChecklistState.PUBLISHED))
    )
    draft.state = ChecklistState.SCHEDULED if later else ChecklistState.PUBLISHED
    draft.save()
    _record(draft, "reviews.checklist_published", user=user, now=now, effective_from=effective_from.isoformat())
    return draft


@transaction.atomic
def put_scheduled_in_force(*, today: date, now: datetime) -> int:
    """Lists whose day has come take the place of those before them. Safe to run twice at once."""
    due = Checklist.objects.filter(state=ChecklistState.SCHEDULED, effective_from__lte=today)
    lists = list(due.select_for_update(of=("self",)).order_by("effective_from", "pk"))
    for each in lists:
        supersede([each], ChecklistState.PUBLISHED)
        Checklist.objects.filter(pk=each.pk).update(state=ChecklistState.PUBLISHED)
        details = {"code": each.code, "version": each.version}
        record(actor=SYSTEM, action="reviews.checklist_in_force", subject=each, details=details, at=now)
    return len(lists)


@transaction.atomic
def discard_draft(*, checklist: Checklist, user: User, now: datetime) -> None:
    """Nothing was marked by a draft, so nothing is lost with it but work.

    :raises NotADraft: it was published meanwhile.
    """
    draft = _locked(checklist)
    if draft.state != ChecklistState.DRAFT:
        raise NotADraft(_("This version is published; it can be retired, not given up."))
    _record(draft, "reviews.checklist_discarded", user=user, now=now)
    draft.delete()


@transaction.atomic
def retire_checklist(*, checklist: Checklist, user: User, now: datetime) -> Checklist:
    """No more files are given out on it: the next body's list, or the service's own, serves again.

    :raises NotInForce: it is neither in force nor waiting for its day.
    """
    found = _locked(checklist)
    if found.state not in (ChecklistState.PUBLISHED, ChecklistState.SCHEDULED):
        raise NotInForce(_("Only a version in force, or one that waits for its day, can be retired."))
    found.state = ChecklistState.SUPERSEDED
    found.save(update_fields=["state"])
    _record(found, "reviews.checklist_retired", user=user, now=now)
    return found


def _hold(draft: Checklist, document: Document) -> None:
    """The heading stands in columns too, so that lists of drafts need not be opened."""
    for name in ("code", "purpose", "case_type", "stage", "measure", "title", "reasons", "catalogue"):
        setattr(draft, name, document[name])
    draft.draft = document


def _locked(checklist: Checklist) -> Checklist:
    found = Checklist.objects.select_for_update(of=("self",)).select_related("owner").filter(pk=checklist.pk).first()
    if found is None:
        raise NotADraft(_("This draft was given up meanwhile."))
    return found


def _locked_draft(checklist: Checklist, *, revision: int) -> Checklist:
    draft = _locked(checklist)
    if draft.state != ChecklistState.DRAFT:
        raise NotADraft(PUBLISHED_MEANWHILE)
    if draft.revision != revision:
        raise DraftChanged(
            _("Somebody has changed this draft since you opened it. What you typed is not saved yet; look, then save.")
        )
    return draft


def _record(checklist: Checklist, action: str, *, user: User, now: datetime, **details: object) -> None:
    named = {"code": checklist.code, "version": checklist.version, **details}
    record(actor=user.actor, action=action, subject=checklist, details=named, at=now)
