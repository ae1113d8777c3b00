"""Papers that a lawyer attaches to an objection: for those who see it, and never of a file kept on paper."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.api import PROBLEM_TYPE
from qa_service.common.errors import InvalidInput, TooLarge, UnsupportedFile
from qa_service.files.models import StoredFile
from reviews.enums import PaperGround
from reviews.models import CaseReview, Objection, ObjectionLeaf, ObjectionPaper, PaperOnly
from reviews.retention import REMARKS
from reviews.services.objection_papers import MAX_BYTES, MOST, require_readable
from reviews.services.objections import lodge_objection
from reviews.services.scans import (
    FileOnPaper,
    Upload,
    draw_paper,
    keep_on_paper,
    let_go_of_barred_scans,
    waiting_papers,
)
from tests import factories
from tests.factories import NOW
from tests.qa_service.files.papers import pdf, picture, vast_picture
from tests.reviews.factories import account_of, manager, released

pytestmark = pytest.mark.django_db


@pytest.fixture
def result() -> CaseReview:
    return released(factories.case(factories.centre()))


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def upload(data: bytes = b"", *, name: str = "会见笔录.pdf", size: int = 0) -> Upload:
    data = data or pdf(["proof"])
    return Upload(stream=io.BytesIO(data), size=size or len(data), name=name)


def lodged(result: CaseReview, *papers: Upload) -> Objection:
    lawyer = account_of(result.case.lawyer)
    return lodge_objection(result=result, items=["A2"], statement="已会见", papers=papers, user=lawyer, now=NOW)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def drawn(objection: Objection) -> ObjectionPaper:
    """As the worker does, by the sweep that takes what nobody took."""
    later = timezone.now() + timedelta(minutes=1)
    for key in waiting_papers(now=later):
        draw_paper(paper_id=key, now=later)
    return objection.papers.get()


def test_a_lawyer_attaches_papers_whose_pages_are_read_and_which_nobody_gets_as_they_were_uploaded(
    result: CaseReview,
) -> None:
    lawyer, boss = signed_in(account_of(result.case.lawyer)), signed_in(manager(result.case.centre))
    proof = SimpleUploadedFile("会见笔录.pdf", pdf(["first leaf", "second leaf"]))
    sent: dict[str, Any] = {"items": ["A2"], "statement": "已会见", "papers": proof}

    lawyer.post(reverse("reviews:object", args=[result.public_id]), sent)

    objection, paper = Objection.objects.get(), drawn(Objection.objects.get())
    door = reverse("reviews:objection-paper", args=[objection.public_id, paper.public_id])
    for person, page in (
        (lawyer, reverse("reviews:result", args=[result.public_id])),
        (boss, reverse("reviews:objection", args=[objection.public_id])),
    ):
        shown = person.get(page).content.decode()
        read = person.get(f"{door}?at=2&q=second").content.decode()
        leaf = person.get(f"{door}/2")
        assert (door in shown, "会见笔录.pdf" in shown, f'src="{door}/2"' in read, page in read) == (True,) * 4
        assert b"".join(leaf.streaming_content).startswith(b"\xff\xd8\xff")
        assert (leaf["Content-Type"], leaf["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
        assert person.get(f"{door}/3").status_code == 404


def test_the_firm_reads_the_objection_and_not_what_was_attached(result: CaseReview) -> None:
    lodged(result, upload())
    head = factories.user(Role.FIRM, heads=result.case.firm)

    page = signed_in(head).get(reverse("reviews:result", args=[result.public_id])).content.decode()

    assert ("已会见" in page, "会见笔录.pdf" in page) == (True, False)


@pytest.mark.parametrize(
    ("papers", "refusal"),
    [
        ([upload(), upload(b"<html><script>alert(1)</script>")], UnsupportedFile),
        ([upload(size=MAX_BYTES + 1)], TooLarge),
        ([upload() for _each in range(MOST + 1)], TooLarge),
    ],
    ids=["no paper", "too large", "too many"],
)
def test_what_is_no_paper_too_large_or_too_many_is_refused_and_nothing_is_kept(
    result: CaseReview, papers: list[Upload], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        lodged(result, *papers)

    assert (Objection.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_words_stay_on_the_page_where_a_paper_is_refused(result: CaseReview) -> None:
    sent: dict[str, Any] = {"items": ["A2"], "statement": "已会见", "papers": SimpleUploadedFile("a.pdf", b"<script>")}

    answer = signed_in(account_of(result.case.lawyer)).post(reverse("reviews:object", args=[result.public_id]), sent)

    assert (answer.status_code, "已会见" in answer.content.decode()) == (UnsupportedFile.status, True)


def test_nothing_is_attached_from_a_file_that_must_not_be_copied(result: CaseReview) -> None:
    keep_on_paper(case=result.case, ground=PaperGround.SECRET, user=manager(result.case.centre), now=NOW)

    with pytest.raises(FileOnPaper):
        lodged(result, upload())
    assert lodged(result).papers.count() == 0


def test_programs_attach_papers_and_read_their_pages(result: CaseReview) -> None:
    lawyer = signed_in(account_of(result.case.lawyer))
    proof = SimpleUploadedFile("笔录.png", picture())
    sent: dict[str, Any] = {"items": ["A2"], "statement": "已会见", "papers": proof}

    made = lawyer.post(reverse("api-result-object", args=[result.public_id]), sent).json()
    drawn(Objection.objects.get())

    (paper,) = made["papers"]
    door = reverse("api-objection-paper", args=[made["public_id"], paper["public_id"]])
    assert (paper["name"], paper["state"]) == ("笔录.png", "waiting")
    assert lawyer.get(door).json() == paper | {"state": "ready", "pages": 1, "drawn": 1}
    assert [lawyer.get(f"{door}/pages/{number}").headers["Content-Type"] for number in (1, 2)] == [
        "image/jpeg",
        PROBLEM_TYPE,
    ]


@pytest.mark.parametrize(
    "data", [pdf(["a"], password="secret"), pdf(["a"])[:300], vast_picture()], ids=["locked", "damaged", "vast"]
)
def test_what_nobody_could_read_is_refused_while_another_can_be_chosen(result: CaseReview, data: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        lodged(result, upload(data))

    assert "会见笔录.pdf" in str(refused.value.message)
    assert (Objection.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_papers_together_may_take_so_long_and_no_longer(result: CaseReview) -> None:
    with pytest.raises(InvalidInput) as refused:
        require_readable(result.case, [upload()], seconds=0.0)

    assert (refused.value.code, refused.value.field) == ("paper_unreadable", "papers")


@pytest.mark.parametrize("recorded", [False, True])
def test_papers_of_a_file_that_must_not_be_copied_after_all_go_with_their_pages(
    result: CaseReview, recorded: bool
) -> None:
    drawn(lodged(result, upload()))
    if recorded:
        whom = {"recorded_by": manager(result.case.centre), "recorded_at": NOW}
        PaperOnly.objects.create(case=result.case, ground=PaperGround.SECRET, **whom)
    else:
        Case.objects.filter(pk=result.case_id).update(cause="不公开审理的案件")

    assert let_go_of_barred_scans(now=NOW) == 1

    assert (ObjectionPaper.objects.count(), ObjectionLeaf.objects.count(), StoredFile.objects.count()) == (0, 0, 0)


def test_when_its_time_is_over_the_paper_goes_with_its_bytes(
    result: CaseReview, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    def kept() -> set[Path]:
        return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}

    before = kept()
    drawn(lodged(result, upload()))
    assert len(kept() - before) == 3
    part = next(each for each in REMARKS.parts if each.model is ObjectionPaper)
    assert part.act is not None

    with django_capture_on_commit_callbacks(execute=True):
        part.act([ObjectionPaper.objects.get().pk], NOW)

    assert (ObjectionLeaf.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert kept() == before
