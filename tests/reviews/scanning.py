"""Scanned files of cases, uploaded and opened as in life."""

import io
from collections.abc import Sequence
from typing import Any

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from reviews.models import Scan
from reviews.services.scans import Upload, draw_scan, upload_scan
from tests.factories import NOW
from tests.qa_service.files.papers import pdf
from tests.reviews import accepting


def uploaded(case: Case, data: bytes = b"", *, user: User | None = None, declared: bool = True, **given: Any) -> Scan:
    data = data or pdf()
    upload = Upload(stream=io.BytesIO(data), size=len(data), **({"name": "卷宗.pdf"} | given))
    person = user or accepting.clerk(case.centre)
    return upload_scan(case=case, upload=upload, declared_open=declared, user=person, now=NOW)


def scanned(case: Case, texts: Sequence[str] = ("first", "second", "third"), **given: Any) -> Scan:
    """A page a text, each opened already."""
    bookmarks = given.pop("bookmarks", False)
    scan = uploaded(case, pdf(texts, bookmarks=bookmarks), **given)
    draw_scan(scan_id=scan.pk, now=NOW)
    return Scan.objects.get(pk=scan.pk)
