"""Papers attached to an objection: PDF, JPEG or PNG, kept with it. Nothing of a file that must not be copied."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from qa_service.common.errors import TooLarge
from qa_service.files.enums import PaperKind
from qa_service.files.services import store
from qa_service.files.sniffing import kind_of_paper
from reviews.models import Objection, ObjectionPaper
from reviews.queries.scans import ground_known
from reviews.services.scans import FileOnPaper, Upload

MAX_BYTES: Final = 10 * 2**20
MOST: Final = 5


def attach(objection: Objection, papers: Sequence[Upload], *, now: datetime) -> None:
    """Keep them with an objection that is being lodged; all of them or none.

    :raises FileOnPaper: nothing of this file may be copied: papers are handed in at the centre.
    :raises TooLarge: more of them, or a larger one, than one objection may have.
    :raises UnsupportedFile, InvalidInput: see `kind_of_paper`.
    """
    if not papers:
        return
    ground = ground_known(objection.case)
    if ground is not None:
        raise FileOnPaper(ground)
    if len(papers) > MOST:
        raise TooLarge(_("At most %(most)d papers can be attached.") % {"most": MOST}, field="papers")
    kinds = [_checked(each) for each in papers]
    for each, kind in zip(papers, kinds, strict=True):
        stored = store(
            data=each.stream, name=each.name, content_type="application/octet-stream", limit=MAX_BYTES, now=now
        )
        ObjectionPaper.objects.create(objection=objection, file=stored, kind=kind, name=stored.name)


def _checked(upload: Upload) -> PaperKind:
    if upload.size > MAX_BYTES:
        raise TooLarge(_("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 2**20}, field="papers")
    return kind_of_paper(upload.stream)
