"""Opening the scanned file of a case: the first page of 300 on the screen against one page drawn by the plain library.

The file is what a scanner makes: A4 at 300 to the inch. The baseline opens it and draws its first page, as a viewer
that keeps no pages does on every look; ours answers from what the worker drew, the whole workspace round it. And the
worker itself: the first page after an upload of 300 against the only page of a short one, for who comes at once.
"""

import io
import itertools
import os
import tempfile
from collections.abc import Callable
from typing import Any

from bench.measure import Row, control, interleaved, ratio

ROUNDS = 15
PAGES = 300
SCANNED = (2480, 3508)
GOAL = 1.0
GOAL_AFTER_UPLOAD = 1.5


def prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qa_service.settings.test")
    folder = tempfile.mkdtemp(prefix="bench-scans-")
    os.environ.setdefault("TEST_DATABASE_URL", f"sqlite:///{folder}/scans.sqlite3")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.MEDIA_ROOT = f"{folder}/files"
    call_command("migrate", verbosity=0)


def run() -> list[Row]:
    prepare()
    long, short = scan_of(PAGES), scan_of(1)
    plain, ours = plain_job(long), opening_job(long)
    looks = interleaved({"plain": plain, "ours": ours, "again": plain_job(long)}, rounds=ROUNDS)
    draws = interleaved({"short": drawing_job(short), "long": drawing_job(long)}, rounds=ROUNDS)
    return [
        control(one=looks["plain"], other=looks["again"], name="A/A control, one page drawn"),
        ratio("first page of 300 shown ÷ one page drawn, time", of=looks["ours"], to=looks["plain"], at_most=GOAL),
        ratio(
            "first page after an upload of 300 ÷ of one page, time",
            of=draws["long"],
            to=draws["short"],
            at_most=GOAL_AFTER_UPLOAD,
        ),
    ]


def scan_of(pages: int) -> bytes:
    """A PDF of so many scanned pages: grey, with the lines of a typed paper."""
    from PIL import Image, ImageDraw, ImageFilter
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen import canvas

    leaf = Image.effect_noise(SCANNED, 12).point(lambda grey: min(255, grey + 100))
    pen = ImageDraw.Draw(leaf)
    for line in range(45):
        pen.text((250, 300 + 66 * line), f"{line} " + "the facts and reasons of the claim " * 4, fill=30, font_size=38)
    scanned = io.BytesIO()
    leaf.filter(ImageFilter.GaussianBlur(1)).save(scanned, "JPEG", quality=75)
    picture = ImageReader(scanned)
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=(595, 842))
    for _page in range(pages):
        paper.drawImage(picture, 0, 0, 595, 842)
        paper.showPage()
    paper.save()
    return out.getvalue()


def plain_job(data: bytes) -> Callable[[], None]:
    import pypdfium2

    def job() -> None:
        document = pypdfium2.PdfDocument(io.BytesIO(data))
        page = document[0]
        picture = page.render(scale=1754 / 842).to_pil()
        picture.save(io.BytesIO(), "JPEG", quality=75)

    return job


def opening_job(data: bytes) -> Callable[[], None]:
    """The workspace with the page in it, as a reader opens a file."""
    from django.test import Client
    from django.urls import reverse

    from qa_service.accounts.models import User
    from reviews.models import Scan, ScanPage
    from tests.reviews import factories as rows

    row = rows.assignment()
    scan = begun(row.case, data)
    page = ScanPage.objects.get(scan=scan)
    Scan.objects.filter(pk=scan.pk).update(pages=PAGES, drawn=PAGES, state="ready")
    ScanPage.objects.bulk_create(
        ScanPage(scan=scan, number=number, picture=page.picture, small=page.small, width=1240, height=1754)
        for number in range(2, PAGES + 1)
    )
    browser = Client()
    browser.force_login(User.objects.get(pk=row.reviewer_id), backend="django.contrib.auth.backends.ModelBackend")
    doors = [
        reverse("reviews:workspace", args=[row.review.public_id]),
        reverse("reviews:read-page", args=[row.review.public_id, scan.public_id, 1]),
    ]

    def job() -> None:
        for door in doors:
            answer: Any = browser.get(door)
            assert answer.status_code == 200, answer.status_code
            b"".join(answer) if answer.streaming else answer.content

    return job


def drawing_job(data: bytes) -> Callable[[], None]:
    """Until the first page is kept; the upload itself is outside."""
    from tests import factories

    centre = factories.centre()
    cases = (factories.case(centre) for _each in itertools.count())

    def job() -> None:
        begun(next(cases), data)

    return job


def begun(case: Any, data: bytes) -> Any:
    """An upload of which the first page is kept."""
    from reviews.services.scans import draw_scan
    from tests.factories import NOW
    from tests.reviews.scanning import uploaded

    scan = uploaded(case, data)
    draw_scan(scan_id=scan.pk, now=NOW, seconds=0)
    return scan
