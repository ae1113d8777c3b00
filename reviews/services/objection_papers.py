"""Papers attached to an objection: PDF, JPEG or PNG, kept with it. Nothing of a file that must not be copied.

Of an objection there is one, and nothing can be added to it: what nobody could read is refused while it is lodged.
"""

import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from qa_service.cases.models import Case
from qa_service.common.errors import InvalidInput, TooLarge
from qa_service.files.enums import PaperKind, Trouble
from qa_service.files.rasters import LIMITS, PagesUnreadable, pages_of
from qa_service.files.services import store
from qa_service.files.sniffing import kind_of_paper
from reviews.models import Objection, ObjectionPaper
from reviews.queries.scans import ground_known
from reviews.services.scans import FileOnPaper, Upload

MAX_BYTES: Final = 10 * 2**20
MOST: Final = 5
# In all: whoever lodges waits for it, and so does the process that serves others.
SECONDS: Final = 20.0
# The others are the machine's, and nobody's papers wait for it.
THEIRS_TO_MEND: Final = (Trouble.ENCRYPTED, Trouble.BROKEN, Trouble.TOO_MANY, Trouble.TOO_SLOW)


def require_readable(case: Case, papers: Sequence[Upload], *, seconds: float = SECONDS) -> None:
    """Look at papers before anything is locked: each is opened once, by the process apart, as far as its first leaf.

    :raises FileOnPaper: nothing of this file may be copied: papers are handed in at the centre.
    :raises TooLarge: more of them, or a larger one, than one objection may have.
    :raises UnsupportedFile, InvalidInput: see `kind_of_paper`; one that is damaged, locked or too long, or at which
        the `seconds` for all of them are over.
    """
    if not papers:
        return
    _require_allowed(case)
    if len(papers) > MOST:
        raise TooLarge(_("At most %(most)d papers can be attached.") % {"most": MOST}, field="papers")
    kinds = [_checked(each) for each in papers]
    ends = time.monotonic() + seconds
    for each, kind in zip(papers, kinds, strict=True):
        _open(each, kind, wait=min(LIMITS.wait, ends - time.monotonic()))


def attach(objection: Objection, papers: Sequence[Upload], *, now: datetime) -> None:
    """Keep them with an objection that is being lodged; all of them or none. The worker draws their pages.

    :raises FileOnPaper: as `require_readable`, which has looked at the rest.
    """
    if not papers:
        return
    _require_allowed(objection.case)
    for each in papers:
        kind = kind_of_paper(each.stream)
        stored = store(
            data=each.stream, name=each.name, content_type="application/octet-stream", limit=MAX_BYTES, now=now
        )
        ObjectionPaper.objects.create(objection=objection, file=stored, kind=kind, name=stored.name, progressed_at=now)


def _require_allowed(case: Case) -> None:
    ground = ground_known(case)
    if ground is not None:
        raise FileOnPaper(ground)


def _checked(upload: Upload) -> PaperKind:
    if upload.size > MAX_BYTES:
        raise TooLarge(_("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 2**20}, field="papers")
    return kind_of_paper(upload.stream)


def _open(upload: Upload, kind: PaperKind, *, wait: float) -> None:
    """:raises InvalidInput: whoever attaches it can put right what is wrong with it, and is told."""
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(upload.stream, copy)
        upload.stream.seek(0)
        copy.seek(0)
        frames = pages_of(copy, kind=kind, limits=replace(LIMITS, wait=wait))
        try:
            with closing(frames):  # type: ignore[type-var]  # a generator, whose end is the child's
                next(frames)
        except PagesUnreadable as unreadable:
            if unreadable.trouble in THEIRS_TO_MEND:
                text = _("“%(name)s” cannot be read. %(why)s")
                raise InvalidInput(
                    text % {"name": upload.name, "why": unreadable.trouble.label},
                    field="papers",
                    code="paper_unreadable",
                ) from unreadable
