"""Issuing, the second phase: a sweep gives every numbered notice its file and tells whom it concerns."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.documents.errors import FontsNotReady, FontUnusable, MissingGlyph, SigningFailed
from qa_service.documents.signing import certificate_of, signed
from qa_service.files.models import StoredFile
from qa_service.files.services import discard, store
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import issuer_name
from scoring.documents import notice_pdf
from scoring.enums import NoticeKind, NoticeState, PrintRefusal
from scoring.models import Notice
from scoring.services.delivery import delivered_at_issue, tell_of_notice
from scoring.services.measures import begin_measure
from scoring.services.next_files import follow_next_files
from scoring.services.notice_content import NEXT_FILES, Content, thawed, verification
from scoring.services.procedure import give_rectification

logger = logging.getLogger(__name__)

FILE_LIMIT = 20 * 2**20
BATCH = 20
RENDERER = Actor.system("render")


def render_notices(*, now: datetime) -> int:
    """Give every numbered notice its file. Run twice at once, the second finds it done; returns how many it issued.

    Those never refused come first, then those refused longest ago: one that cannot be printed keeps none waiting.
    """
    waiting = Notice.objects.filter(state=NoticeState.ISSUING)
    waiting = waiting.order_by(F("refused_at").asc(nulls_first=True), "pk")[:BATCH]
    return sum(_issue(notice, now=now) for notice in waiting)


def _issue(notice: Notice, *, now: datetime) -> int:
    try:
        printed = signed_by(notice.issuer, notice_pdf(content_of(notice)), now=now)
    except (FontsNotReady, FontUnusable, MissingGlyph, SigningFailed) as refused:
        logger.warning("notice %s waits for its file: %s", notice.pk, refused.code)
        still = Notice.objects.filter(pk=notice.pk, state=NoticeState.ISSUING)
        still.update(refused_at=now, refused_for=PrintRefusal(refused.code))
        return 0
    file = store(
        data=printed, name=f"{notice.public_id}.pdf", content_type="application/pdf", limit=FILE_LIMIT, now=now
    )
    issued = 0
    try:
        issued = _record_issue(notice, file, now=now)
    finally:
        if not issued:  # withdrawn, or printed by another worker, this moment
            discard(file)
    return issued


def signed_by(issuer: Organisation, paper: bytes, *, now: datetime) -> bytes:
    """The paper with the signature of whoever issues it; as it is where they do not sign.

    :raises SigningFailed: they do, and it could not be made.
    """
    certificate = certificate_of(issuer.code, organisation=issuer_name(issuer.pk))
    return signed(paper, certificate, now=now) if certificate else paper


@transaction.atomic
def _record_issue(notice: Notice, file: StoredFile, *, now: datetime) -> int:
    issued = Notice.objects.filter(pk=notice.pk, state=NoticeState.ISSUING).update(
        state=NoticeState.ISSUED,
        file=file,
        file_sha256=file.sha256,
        issued_at=now,
        delivered_on=delivered_at_issue(notice, now=now),
    )
    if issued:
        details = {"label": notice.label, "file_sha256": file.sha256}
        record(actor=RENDERER, action="scoring.notice_issued", subject=notice, details=details, at=now)
        if notice.kind == NoticeKind.RECTIFICATION:
            follow_next_files(notice, wanted=NEXT_FILES, now=now)
            give_rectification(notice)
        begin_measure(notice, now=now)
        tell_of_notice(notice, now=now)
    return issued


def content_of(notice: Notice) -> Content:
    """What its paper says, with the code by which anybody checks it."""
    mark = verification(code=notice.verify_code, digest=notice.content_sha256)
    stored = {
        **notice.content,
        "verification": {"url": mark.url, "code": mark.code, "host": mark.host, "digest": mark.digest},
    }
    return thawed(notice.kind, stored)
