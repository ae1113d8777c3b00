"""Scanned files: uploaded at the desk, opened by the worker, read by whoever has the file, and by nobody else."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.models import Grant, User
from qa_service.cases.models import Case, CoClient
from qa_service.common.errors import DomainError
from qa_service.files.enums import Trouble
from qa_service.files.models import StoredFile
from qa_service.files.rasters import Limits
from reviews.enums import PaperGround, ScanState
from reviews.models import Assignment, PaperOnly, Scan, ScanPage, Trial
from reviews.retention import SCANS
from reviews.services.assignments import decline
from reviews.services.reviewers import enter_tie
from reviews.services.scans import (
    MAX_BYTES,
    MOST_PAGES,
    MOST_UPLOADS,
    Upload,
    draw_scan,
    keep_on_paper,
    let_go_of_barred_scans,
    upload_scan,
    waiting_scans,
)
from reviews.services.scans.drawing import MOST_ATTEMPTS
from tests import factories
from tests.factories import NOW
from tests.qa_service.files.papers import pdf, picture, with_script
from tests.reviews import accepting
from tests.reviews.calibrating import opened
from tests.reviews.factories import assignment, manager
from tests.reviews.scanning import scanned, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def reader_of(row: Assignment) -> User:
    return User.objects.get(pk=row.reviewer_id)


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def on_disk(settings: Any) -> int:
    return sum(path.is_file() for path in settings.MEDIA_ROOT.rglob("*"))


def desk_page(case: Case, door: str = "scans", *more: Any) -> str:
    return reverse(f"reviews:{door}", args=[case.public_id, *more])


def test_a_file_is_uploaded_opened_looked_through_and_taken_off_at_the_desk(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    case = accepting.waiting_case()
    desk = browser(accepting.clerk(case.centre))
    files = [SimpleUploadedFile("卷宗.pdf", pdf()), SimpleUploadedFile("结案报告.png", picture())]

    undeclared = desk.post(desk_page(case), {"papers": [SimpleUploadedFile("a.pdf", pdf())]})
    sent = desk.post(desk_page(case), {"papers": files, "declared": "on", "unnumbered": "1"})
    waiting = words(desk.get(desk_page(case)))
    for scan in Scan.objects.all():
        draw_scan(scan_id=scan.pk, now=NOW)
    shown = words(desk.get(desk_page(case), {"page": "3"}))
    first, second = Scan.objects.order_by("pk")
    image = desk.get(desk_page(case, "scan-page", second.public_id, 1))

    assert (undeclared.status_code, sent.status_code) == (422, 302)
    assert "hx-trigger" in waiting
    assert [(scan.state, scan.drawn) for scan in (first, second)] == [(ScanState.READY, 3), (ScanState.READY, 1)]
    assert desk_page(case, "scan-page", second.public_id, 1) in shown
    assert image["Content-Type"] == "image/jpeg"
    assert image["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in image["Cache-Control"]
    assert b"".join(image.streaming_content)[:3] == b"\xff\xd8\xff"
    with django_capture_on_commit_callbacks(execute=True):
        for scan in (first, second):
            desk.post(desk_page(case, "remove-scan", scan.public_id))
    assert (Scan.objects.count(), ScanPage.objects.count(), StoredFile.objects.count(), on_disk(settings)) == (0,) * 4


@pytest.mark.parametrize(
    ("data", "size", "status"),
    [
        (b"<html><script>alert(1)</script>", None, 415),
        (b"PK\x03\x04 a workbook", None, 415),
        (b"", None, 422),
        (pdf(), 100 * 2**20, 413),
    ],
    ids=["a web page", "another kind", "nothing", "100 MB"],
)
def test_what_is_no_paper_is_refused_and_nothing_of_it_kept(settings: Any, data: bytes, size: int | None, status: int):
    case = accepting.waiting_case()
    upload = Upload(stream=io.BytesIO(data), size=size or len(data), name="案卷.pdf")

    with pytest.raises(DomainError) as caught:
        upload_scan(case=case, upload=upload, declared_open=True, user=accepting.clerk(case.centre), now=NOW)

    assert caught.value.status == status
    assert (StoredFile.objects.count(), on_disk(settings)) == (0, 0)


def test_a_stream_that_says_less_than_it_holds_is_cut_off(settings: Any) -> None:
    case = accepting.waiting_case()
    upload = Upload(stream=io.BytesIO(b"%PDF-" + b"0" * MAX_BYTES), size=5, name="案卷.pdf")

    with pytest.raises(DomainError) as caught:
        upload_scan(case=case, upload=upload, declared_open=True, user=accepting.clerk(case.centre), now=NOW)

    assert (caught.value.status, on_disk(settings)) == (413, 0)


@pytest.mark.parametrize(
    ("data", "limits", "trouble", "drawn"),
    [
        (pdf(password="secret"), {}, Trouble.ENCRYPTED, 0),
        (pdf()[:700], {}, Trouble.BROKEN, 0),
        (pdf(), {"pages": 2}, Trouble.TOO_MANY, 0),
        (pdf(), {"memory": 30 * 2**20}, Trouble.CRASHED, 0),
        (with_script(), {}, None, 1),
    ],
    ids=["encrypted", "broken", "too long", "the child dies", "a script"],
)
def test_the_reader_sees_that_material_is_missing_and_why_and_goes_on_from_the_binder(
    data: bytes, limits: dict[str, int], trouble: Trouble | None, drawn: int
) -> None:
    row = assignment()
    scan = uploaded(row.case, data)
    draw_scan(scan_id=scan.pk, now=NOW, limits=Limits(**limits))

    scan.refresh_from_db()
    page = words(browser(reader_of(row)).get(reverse("reviews:workspace", args=[row.review.public_id])))

    assert (scan.state, scan.trouble) == ((ScanState.UNREADABLE, trouble) if trouble else (ScanState.READY, ""))
    assert scan.drawn == drawn
    assert (str(Trouble(trouble).label) in page) if trouble else ("material" not in page)
    assert 'id="scorecard"' in page
    assert str(scan.file.public_id) not in page


@pytest.mark.parametrize(("before", "fits"), [(MOST_PAGES - 3, True), (MOST_PAGES - 2, False)])
def test_an_upload_with_which_a_case_would_have_too_many_pages_is_missing_whenever_it_was_sent(
    before: int, fits: bool
) -> None:
    case = accepting.waiting_case()
    first, queued = uploaded(case), uploaded(case, pdf(["one", "two", "three"]))
    Scan.objects.filter(pk=first.pk).update(pages=before, drawn=before, state=ScanState.READY)

    draw_scan(scan_id=queued.pk, now=NOW)

    queued.refresh_from_db()
    told = (ScanState.READY, "", 3, 3) if fits else (ScanState.UNREADABLE, Trouble.CASE_FULL, 0, 0)
    assert (queued.state, queued.trouble, queued.pages, queued.drawn) == told


def test_nothing_more_is_uploaded_of_a_case_that_has_all_its_pages_or_uploads() -> None:
    case = accepting.waiting_case()
    scan = uploaded(case)

    Scan.objects.update(pages=MOST_PAGES)
    with pytest.raises(DomainError) as of_pages:
        uploaded(case)
    Scan.objects.update(pages=3)
    Scan.objects.bulk_create(
        Scan(
            case=case, file=scan.file, kind=scan.kind, progressed_at=NOW, uploaded_by=scan.uploaded_by, uploaded_at=NOW
        )
        for _each in range(MOST_UPLOADS - 1)
    )
    with pytest.raises(DomainError) as of_uploads:
        uploaded(case)

    assert (of_pages.value.status, of_uploads.value.status) == (413, 413)


def test_a_run_that_was_lost_goes_on_behind_its_last_page_and_a_removed_upload_ends_it() -> None:
    case = accepting.waiting_case()
    scan = uploaded(case)

    assert draw_scan(scan_id=scan.pk, now=NOW, seconds=0)
    assert (ScanPage.objects.count(), Scan.objects.get().state) == (1, ScanState.WAITING)
    Scan.objects.update(state=ScanState.DRAWING)
    assert not draw_scan(scan_id=scan.pk, now=NOW)
    later = NOW + timedelta(minutes=3)
    assert waiting_scans(now=later) == [scan.pk]
    assert not draw_scan(scan_id=scan.pk, now=later)
    assert [page.number for page in ScanPage.objects.all()] == [1, 2, 3]
    assert not draw_scan(scan_id=scan.pk, now=later)
    assert Scan.objects.get().state == ScanState.READY


def test_what_ends_its_process_again_and_again_is_given_up() -> None:
    scan = uploaded(accepting.waiting_case())
    Scan.objects.update(attempts=MOST_ATTEMPTS)

    assert not draw_scan(scan_id=scan.pk, now=NOW)
    scan.refresh_from_db()
    assert (scan.state, scan.trouble, scan.drawn) == (ScanState.UNREADABLE, Trouble.CRASHED, 0)


def test_files_that_must_not_be_copied_refuse_uploads_and_let_go_of_what_was_there(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    case = accepting.waiting_case()
    scanned(case)
    desk = browser(manager(case.centre))
    minor = accepting.waiting_case(case.centre)
    type(minor.client).objects.filter(pk=minor.client_id).update(group="minor")
    shared = accepting.waiting_case(case.centre)
    CoClient.objects.create(case=shared, client=minor.client, added_at=NOW)

    with django_capture_on_commit_callbacks(execute=True):
        desk.post(desk_page(case, "keep-on-paper"), {"ground": "secret"})
    assert (ScanPage.objects.count(), on_disk(settings)) == (0, 0)
    for barred in (case, minor, shared):
        assert (
            desk.post(desk_page(barred), {"papers": [SimpleUploadedFile("a.pdf", pdf())], "declared": "on"}).status_code
            == 409
        )
    assert desk.post(desk_page(case, "keep-on-paper"), {"ground": "weather"}).status_code == 422
    assert desk.post(desk_page(case, "allow-scans"), {"reason": " "}).status_code == 422
    desk.post(desk_page(case, "allow-scans"), {"reason": "点错了"})
    assert PaperOnly.objects.count() == 0
    assert scanned(case).state == ScanState.READY


def test_what_the_case_system_says_later_takes_the_uploads_off() -> None:
    grown, minor, silent = (accepting.waiting_case() for _each in range(3))
    for case in (grown, minor, silent):
        scanned(case, ["one"])
    type(grown.client).objects.filter(pk=grown.client_id).update(birth_year=1970)
    type(minor.client).objects.filter(pk=minor.client_id).update(birth_year=minor.accepted_on.year - 17)

    assert let_go_of_barred_scans(now=NOW) == 1
    assert set(Scan.objects.values_list("case", flat=True)) == {grown.pk, silent.pk}
    assert let_go_of_barred_scans(now=NOW) == 0


def test_the_reader_flips_zooms_searches_and_finds_the_catalogue_filled_in() -> None:
    row = assignment()
    scan = scanned(row.case, ["封面 cover", "Meeting record", "Closing report of the CASE"], unnumbered=1)
    ScanPage.objects.filter(number=3).update(heading="结案报告")
    reader = browser(reader_of(row))
    address = reverse("reviews:read-scans", args=[row.review.public_id])

    workspace = words(reader.get(reverse("reviews:workspace", args=[row.review.public_id])))
    second = words(reader.get(address, {"page": "2", "zoom": "150"}))
    hits = words(reader.get(address, {"q": "report of the case"}))
    astray = words(reader.get(address, {"page": "40", "at": "99999999999", "zoom": "7"}))

    assert 'data-page="封面"' in workspace
    assert 'name="paper-closing" value="2"' in workspace
    assert 'data-page="2"' in second
    assert "zoom-150" in second
    assert "at=3&amp;zoom=100&amp;q=report" in hits
    assert "40" in astray
    assert 'data-page="封面"' in astray
    assert str(scan.file.public_id) not in workspace


def test_who_loses_the_role_or_gives_the_file_back_sees_no_page_of_it_any_more() -> None:
    row, other = assignment(), assignment()
    scan, foreign = scanned(row.case), scanned(other.case)
    reader = browser(reader_of(row))

    def seen(of: Scan = scan) -> tuple[int, int]:
        door = reverse("reviews:read-page", args=[row.review.public_id, of.public_id, 1])
        return reader.get(door).status_code, reader.get(
            reverse("reviews:read-scans", args=[row.review.public_id])
        ).status_code

    assert seen() == (200, 200)
    assert seen(foreign)[0] == 404
    grant = Grant.objects.get(user=row.reviewer_id)
    Grant.objects.filter(pk=grant.pk).update(role="observer")
    assert seen() == (403, 403)
    Grant.objects.filter(pk=grant.pk).update(role="reviewer", organisation=other.case.centre)
    assert seen() == (404, 404)
    Grant.objects.filter(pk=grant.pk).update(organisation=grant.organisation_id)
    decline(assignment=row, user=reader_of(row), now=NOW, reason="与当事人相识")
    assert seen() == (404, 404)


@pytest.mark.parametrize("given", ["to be read", "for calibration"])
def test_who_is_tied_to_the_case_by_now_sees_no_page_of_it_after_a_minute_at_the_latest(given: str) -> None:
    centre = factories.centre()
    case = factories.case(centre)
    scan = scanned(case)
    if given == "to be read":
        row = assignment(case)
        reader, at = reader_of(row), row.review.public_id
        doors = [
            reverse("reviews:read-page", args=[at, scan.public_id, 1]),
            reverse("reviews:read-scans", args=[at]),
        ]
    else:
        trial = Trial.objects.filter(file__round=opened(centre, cases=[case, factories.case(centre)]), file__case=case)[
            0
        ]
        reader, at = trial.reviewer, trial.public_id
        doors = [
            reverse("reviews:read-trial-page", args=[at, scan.public_id, 1]),
            reverse("reviews:read-trial", args=[at]),
        ]
    person = browser(reader)

    def seen() -> list[int]:
        return [person.get(door).status_code for door in doors]

    before = seen()
    enter_tie(case=case, earlier_lawyer=reader.lawyer, user=manager(centre), now=NOW)
    at_once = seen()
    with time_machine.travel(NOW + timedelta(seconds=61), tick=False):
        later = seen()

    assert (before, at_once, later) == ([200, 200], [200, 409], [409, 409])


def test_a_scan_goes_when_its_time_is_over_with_every_byte(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    scanned(accepting.waiting_case())

    with django_capture_on_commit_callbacks(execute=True):
        for part in SCANS.parts:
            assert part.act is not None
            part.act(list(part.all().values_list("pk", flat=True)), NOW)

    assert (Scan.objects.count(), ScanPage.objects.count(), StoredFile.objects.count(), on_disk(settings)) == (0,) * 4


def test_the_desk_of_another_centre_finds_nothing() -> None:
    case = accepting.waiting_case()
    scan = scanned(case)
    stranger = browser(accepting.clerk(factories.centre()))

    doors = [desk_page(case), desk_page(case, "scan-page", scan.public_id, 1)]
    assert [stranger.get(door).status_code for door in doors] == [404, 404]
    assert stranger.post(desk_page(case, "remove-scan", scan.public_id)).status_code == 404


def test_a_page_of_the_reader_costs_the_same_for_few_pages_and_for_many() -> None:
    row = assignment()
    scan = scanned(row.case)
    reader = browser(reader_of(row))
    doors = [
        reverse("reviews:read-scans", args=[row.review.public_id]),
        reverse("reviews:read-page", args=[row.review.public_id, scan.public_id, 1]),
        reverse("reviews:workspace", args=[row.review.public_id]),
    ]

    def cost(door: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert reader.get(door).status_code == 200
        return len(asked)

    few = [cost(door) for door in doors * 2][3:]  # the first time, checklists are read too
    page = ScanPage.objects.get(number=1)
    Scan.objects.filter(pk=scan.pk).update(pages=300, drawn=300)
    ScanPage.objects.bulk_create(
        ScanPage(scan=scan, number=number, picture=page.picture, small=page.small, width=1, height=1)
        for number in range(4, 301)
    )

    assert [cost(door) for door in doors] == few
    assert few[1] <= 8
    keep_on_paper(case=row.case, ground=PaperGround.SECRET, user=accepting.clerk(row.case.centre), now=NOW)
    assert StoredFile.objects.count() == 0


def test_the_desk_s_catalogue_is_filled_in_by_machine_until_somebody_says_something_of_a_paper() -> None:
    case = accepting.received()
    scanned(case, name="结案报告.pdf")
    desk = browser(accepting.clerk(case.centre))

    offered = words(desk.get(desk_page(case, "file")))
    typed = {"version": str(accepting.version(case)), "closing-finding": "missing"}
    desk.post(desk_page(case, "check-file"), typed)
    said = words(desk.get(desk_page(case, "file")))

    assert 'name="closing-pages" value="1-3"' in offered
    assert 'value="1-3"' not in said


def test_saving_goes_on_to_the_next_file_and_after_the_last_comes_the_first() -> None:
    first = assignment()
    second = assignment(factories.case(first.case.centre), reader_of(first))
    reader = browser(reader_of(first))

    def saved_and_next(row: Assignment) -> str:
        door = reverse("reviews:workspace", args=[row.review.public_id])
        return str(reader.post(door, {"version": "0", "next": "following"}).headers["Location"])

    doors = [reverse("reviews:workspace", args=[row.review.public_id]) for row in (second, first)]
    assert [saved_and_next(row) for row in (first, second)] == doors


def test_a_program_uploads_sees_how_far_it_is_and_takes_it_off() -> None:
    case = accepting.waiting_case()
    program = browser(accepting.clerk(case.centre))
    door = reverse("api-file-scans", args=[case.public_id])

    undeclared = program.post(door, {"file": SimpleUploadedFile("a.pdf", pdf())})
    sent = program.post(door, {"file": SimpleUploadedFile("a.pdf", pdf()), "declared": "true", "first_page": "5"})
    draw_scan(scan_id=Scan.objects.get().pk, now=NOW)
    (seen,) = program.get(door).json()
    gone = program.delete(reverse("api-file-scan", args=[case.public_id, seen["public_id"]]))
    barred = program.post(
        reverse("api-file-on-paper", args=[case.public_id]), {"ground": "secret"}, content_type="application/json"
    )
    refused = program.post(door, {"file": SimpleUploadedFile("a.pdf", pdf()), "declared": "true"})

    assert (undeclared.status_code, undeclared.json()["errors"][0]["field"]) == (422, "declared")
    assert (sent.status_code, sent.json()["state"]) == (201, "waiting")
    assert (seen["state"], seen["drawn"], seen["first_page"]) == ("ready", 3, 5)
    assert (gone.status_code, barred.status_code, Scan.objects.count()) == (204, 204, 0)
    assert (refused.status_code, refused.json()["code"]) == (409, "file_on_paper")
