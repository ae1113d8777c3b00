"""Saving marks as the reader works: one upsert whatever the number of items, and no silent loss between two tabs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.common.errors import Conflict, InvalidInput, NotFound, NotPermitted
from qa_service.common.inserting import upsert
from qa_service.documents.quotable import why_not_quotable
from reviews.adoption import Proposal, ledger_item, proposal_for
from reviews.enums import AssignmentState, ReviewState
from reviews.marking import Total, total
from reviews.models import Mark, Review
from reviews.pages import PagesUnreadable, cited
from reviews.queries.checklists import Standard, anchors_of, standard_by_id
from reviews.queries.held import HeldReview, held_review
from reviews.queries.ledger import Ledger, argued, stored_ledger
from reviews.queries.scorecard import FIELDS, Unfit, blank, stored_marks, values_of, why_no_place
from reviews.services.ledger import ArgumentEntry, ArgumentInvalid, checked_ledger, store_ledger
from reviews.services.words import whole

LIMITS = {"page": 40, "comment": 1000}
COMMENT_LIMIT = 2000


def no_hearing_yet(items: Iterable[str]) -> str:
    """What is said of items that can only be "not applicable" at the stage of the case (`reviews.stages`)."""
    told = _("%(items)s: before trial there is no hearing, so nothing but “not applicable” can stand there.")
    return told % {"items": gettext(", ").join(items)}


class MarksChanged(Conflict):
    """Another tab saved first. `current` are the marks as stored, by item code, `comment` that on the whole file,
    `ledger` the arguments by number; `version` is the one to build on.
    """

    code = "marks_changed"

    def __init__(self, *, version: int, current: dict[str, dict[str, str]], comment: str, ledger: Ledger) -> None:
        super().__init__(_("This review was changed in another window."))
        self.ledger = ledger
        self.version = version
        self.current = current
        self.comment = comment


class ReviewLocked(Conflict):
    code = "review_locked"


class MarkInvalid(InvalidInput):
    code = "mark_invalid"


class MarksInvalid(MarkInvalid):
    """Several at once. It speaks as the first does; `refused` are all, one an item, in the order they came."""

    def __init__(self, refused: "Sequence[MarkInvalid | ArgumentInvalid]") -> None:
        super().__init__(refused[0].message, field=refused[0].field)
        self.refused = refused


class MarkUnfit(InvalidInput):
    """What a reader wrote beside a mark could not stand in a notice."""

    code = "mark_unfit"


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkEntry:
    """One item's mark as it comes from the reader; `anchor` may still be empty."""

    item: str
    anchor: str = ""
    reason_code: str = ""
    page: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """`proposal`: what the ledger speaks for, where lines of it were saved."""

    version: int
    saved_at: datetime
    total: Total
    proposal: Proposal | None = None


@transaction.atomic
def save_marks(
    *,
    review_id: UUID,
    version: int,
    entries: Iterable[MarkEntry],
    arguments: Iterable[ArgumentEntry] = (),
    comment: str | None = None,
    user: User,
    now: datetime,
) -> Saved:
    """Store the entries and the review's next version: four statements, for one item or two hundred.

    :param arguments: the lines of the ledger that changed, which cost one statement more, or none without marks.
    :param version: the version the reader saw.
    :raises NotFound: the review is not this reader's; :raises ReviewLocked: it is submitted or was taken back.
    :raises MarksChanged: another tab saved since; nothing is stored.
    :raises MarkInvalid: an unknown item, anchor or reason, or a text too long or not fit for a notice.
    """
    held = _held_review(review_id, user=user)
    standard = standard_by_id(held.checklist_id)
    given, lines = _checked(entries, arguments, standard, clients=held.clients)
    fields = {"version": version + 1, "saved_at": now} | _commented(comment)
    # The marks were read with the version, by one statement: those of the version that the reader saw, and no other's.
    # That version is part of the condition too: of two windows that save at once, one finds no row to update.
    unchanged = held.version == version and (
        Review.objects.filter(pk=held.pk, version=version, state=ReviewState.DRAFT).update(**fields)
    )
    if not unchanged:
        raise _changed(held.pk, standard)
    stored = {standard.codes[item_id]: mark for item_id, mark in held.marks.items()}
    changed = {code: entry for code, entry in given.items() if entry != stored.get(code, blank())}
    marks = [
        Mark(review_id=held.pk, item_id=standard.items[code].pk, updated_at=now, **entry)
        for code, entry in changed.items()
    ]
    upsert(marks, unique=("review", "item"), changing=(*FIELDS, "updated_at"))
    store_ledger(held.pk, lines, now=now)
    proposal = proposal_for(standard.sheet, argued(held.ledger | lines)) if lines else None
    details = {"items": sorted(changed)} | ({"arguments": sorted(lines)} if lines else {})
    record(actor=user.actor, action="reviews.marked", subject=Review(pk=held.pk), details=details, at=now)
    return Saved(version + 1, now, total(standard.sheet, values_of(stored | changed)), proposal)


def _changed(pk: int, standard: Standard) -> MarksChanged:
    # The version before the marks: one more save between the two is met at the next try, and not saved over.
    version, comment = Review.objects.values_list("version", "comment").get(pk=pk)
    stored = stored_marks(pk, standard)
    current = {code: stored.get(code, blank()) for code in standard.items}
    return MarksChanged(version=version, current=current, comment=comment, ledger=stored_ledger(pk))


def _commented(comment: str | None) -> dict[str, str]:
    return {} if comment is None else {"comment": whole(comment, limit=COMMENT_LIMIT, field="comment")}


def locked_review(review_id: UUID, *, user: User) -> Review:
    """The reader's own open review, its row held until the transaction ends.

    The case first, as where files are given out and taken back: a file is not handed over or given back meanwhile.
    """
    held = _held_review(review_id, user=user)
    Case.objects.locked().get(pk=held.case_id)
    rows = Review.objects.select_for_update(of=("self",)).select_related(
        "assignment__checklist", "assignment__case__centre__settings", "assignment__case__client"
    )
    review = rows.get(pk=held.pk)
    if review.locked:
        raise ReviewLocked(_("This review has been submitted and cannot be changed."))
    if review.assignment.state != AssignmentState.OPEN:
        raise ReviewLocked(_("This file is no longer yours to mark."))
    return review


def _held_review(review_id: UUID, *, user: User) -> HeldReview:
    held = held_review(review_id, reader=user.pk)
    if held is None:
        raise NotFound(_("There is no such review."))
    if held.state == ReviewState.SUBMITTED:
        raise ReviewLocked(_("This review has been submitted and cannot be changed."))
    if held.assignment_state != AssignmentState.OPEN:
        raise ReviewLocked(_("This file is no longer yours to mark."))
    if not _still_reviewer(user, held.path):
        raise NotPermitted(_("You no longer review for this centre."))
    return held


def _checked(
    entries: Iterable[MarkEntry],
    arguments: Iterable[ArgumentEntry],
    standard: Standard,
    *,
    clients: Collection[str],
) -> tuple[dict[str, dict[str, str]], Ledger]:
    """:raises MarksInvalid: every entry and line that cannot be taken, not only the first."""
    given, refused = _sorted(entries, standard, clients=clients)
    lines, unfit = checked_ledger(arguments, clients=clients)
    if lines and ledger_item(standard.sheet) is None:
        unfit.append(ArgumentInvalid(_("No court decides cases of this kind: there is no ledger."), field="arguments"))
    if refused or unfit:
        raise MarksInvalid([*refused, *unfit])
    return given, lines


def checked_entries(
    entries: Iterable[MarkEntry], standard: Standard, *, clients: Collection[str]
) -> dict[str, dict[str, str]]:
    """Each as `checked_entry` has it, by item.

    :raises MarksInvalid: every entry that cannot be taken, not only the first.
    """
    given, refused = _sorted(entries, standard, clients=clients)
    if refused:
        raise MarksInvalid(refused)
    return given


def _sorted(
    entries: Iterable[MarkEntry], standard: Standard, *, clients: Collection[str]
) -> tuple[dict[str, dict[str, str]], list[MarkInvalid]]:
    """What can be taken, and what is wrong with the others."""
    given: dict[str, dict[str, str]] = {}
    refused: list[MarkInvalid] = []
    for entry in entries:
        try:
            given[entry.item] = checked_entry(entry, standard, clients=clients)
        except MarkInvalid as error:
            refused.append(error)
    return given, refused


def checked_entry(entry: MarkEntry, standard: Standard, *, clients: Collection[str]) -> dict[str, str]:
    """The mark's texts, fit to be quoted: a locked review is corrected by nobody.

    :param clients: the names of everybody whom the case helped, which no notice prints.
    :raises MarkInvalid: named for the item and field at fault.
    """
    item = standard.items.get(entry.item)
    if item is None:
        raise MarkInvalid(_("This checklist has no item %(item)s.") % {"item": entry.item[:8]}, field="item")
    values = {field: getattr(entry, field).replace("\r\n", "\n").strip() for field in FIELDS}
    if values["anchor"] and values["anchor"] not in anchors_of(item):
        raise MarkInvalid(_("Choose one of the anchors."), field=f"{entry.item}.anchor")
    if values["reason_code"] and values["reason_code"] not in item.reasons:
        raise MarkInvalid(_("Choose one of the reasons."), field=f"{entry.item}.reason_code")
    for field, limit in LIMITS.items():
        if len(values[field]) > limit:
            message = _("At most %(limit)s characters.") % {"limit": limit}
            raise MarkInvalid(message, field=f"{entry.item}.{field}")
        unfit = why_not_quotable(values[field], clients=clients)
        if unfit:
            raise MarkInvalid(unfit, field=f"{entry.item}.{field}")
    return values | {"page": cited_pages(values["page"], field=f"{entry.item}.page")}


def cited_pages(typed: str, *, field: str) -> str:
    """:raises MarkInvalid: it names no place in a file."""
    try:
        return cited(typed)
    except PagesUnreadable as error:
        raise MarkInvalid(why_no_place(typed), field=field) from error


def require_quotable(unfit: Iterable[Unfit]) -> None:
    """As `checked_entry`, for what was saved before this was asked of it: submitted it is corrected by nobody.

    :raises MarkUnfit: named for the first item and field at fault.
    """
    for each in unfit:
        message = _("%(item)s: %(why)s") % {"item": each.item, "why": each.why}
        raise MarkUnfit(message, field=f"{each.item}.{each.field}")


def _still_reviewer(user: User, path: str) -> bool:
    """Whoever loses the role loses the file at once. The grants are those of this request."""
    return any(
        grant.role == Role.REVIEWER and grant.organisation and path.startswith(grant.organisation.path)
        for grant in user.held
    )
