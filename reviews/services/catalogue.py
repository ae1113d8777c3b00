"""Where the papers of a binder stand, typed by its reader."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.errors import InvalidInput
from reviews.models import CatalogueEntry, Review
from reviews.pages import PagesUnreadable, pages
from reviews.services.marks import locked_review


@transaction.atomic
def save_catalogue(
    *, review_id: UUID, typed: Mapping[str, str], shown: Mapping[str, str] | None = None, user: User, now: datetime
) -> list[CatalogueEntry]:
    """Store the page or page range ("12" or "12-14") of each paper; an empty one means that it is not in the file.

    :param shown: what stood in the window before anybody typed: of what it left so, what another stored since stays.
    :raises InvalidInput: a range that cannot be read, named for its paper; :raises NotFound, ReviewLocked: as marks.
    """
    review = locked_review(review_id, user=user)
    known = {paper["code"] for paper in review.assignment.checklist.catalogue}
    entries = []
    for code, written in _with_what_was_stored_since(review, typed, shown or {}).items():
        if code in known and written.strip():
            first, last = _range(written, code)
            entries.append(CatalogueEntry(review=review, code=code, first_page=first, last_page=last))
    CatalogueEntry.objects.filter(review=review, code__in=known).delete()
    CatalogueEntry.objects.bulk_create(entries)
    details = {"papers": sorted(entry.code for entry in entries)}
    record(actor=user.actor, action="reviews.catalogue_saved", subject=review, details=details, at=now)
    return entries


def _with_what_was_stored_since(
    review: Review, typed: Mapping[str, str], shown: Mapping[str, str]
) -> Mapping[str, str]:
    """Until something is stored, all that stands in the window counts: a machine may have offered it."""
    stored = {entry.code: entry.pages for entry in CatalogueEntry.objects.filter(review=review)} if shown else {}
    untouched = {code for code, written in typed.items() if stored and shown.get(code) == written.strip()}
    return {code: stored.get(code, "") if code in untouched else written for code, written in typed.items()}


def _range(typed: str, code: str) -> tuple[int, int]:
    try:
        found = pages(typed)
    except PagesUnreadable as error:
        raise InvalidInput(_("Type a page or a range, such as 12 or 12-14."), field=code) from error
    if found.volume:
        raise InvalidInput(_("Type a page or a range, such as 12 or 12-14."), field=code)
    return found.first, found.last
