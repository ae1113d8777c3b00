"""Papers that a lawyer attaches to an objection: for those who see it, and never of a file kept on paper."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.common.errors import TooLarge, UnsupportedFile
from qa_service.files.models import StoredFile
from reviews.enums import PaperGround
from reviews.models import CaseReview, Objection, ObjectionPaper
from reviews.retention import REMARKS
from reviews.services.objection_papers import MAX_BYTES, MOST
from reviews.services.objections import lodge_objection
from reviews.services.scans import FileOnPaper, Upload, keep_on_paper
from tests import factories
from tests.factories import NOW
from tests.qa_service.files.papers import pdf
from tests.reviews.factories import account_of, manager, released

pytestmark = pytest.mark.django_db


@pytest.fixture
def result() -> CaseReview:
    return released(factories.case(factories.centre()))


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


def test_a_lawyer_attaches_papers_which_those_who_decide_take_down(result: CaseReview) -> None:
    lawyer, boss = signed_in(account_of(result.case.lawyer)), signed_in(manager(result.case.centre))
    proof = pdf(["proof"])
    sent: dict[str, Any] = {"items": ["A2"], "statement": "已会见", "papers": SimpleUploadedFile("会见笔录.pdf", proof)}

    lawyer.post(reverse("reviews:object", args=[result.public_id]), sent)

    objection, paper = Objection.objects.get(), ObjectionPaper.objects.get()
    door = reverse("reviews:objection-paper", args=[objection.public_id, paper.public_id])
    for person, page in (
        (lawyer, reverse("reviews:result", args=[result.public_id])),
        (boss, reverse("reviews:objection", args=[objection.public_id])),
    ):
        shown = person.get(page).content.decode()
        assert (door in shown, "会见笔录.pdf" in shown) == (True, True)
        taken = person.get(door)
        assert b"".join(taken.streaming_content) == proof
        assert taken["Content-Disposition"].startswith("attachment")
        assert (taken["Content-Type"], taken["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")


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


def test_programs_attach_and_take_down_papers(result: CaseReview) -> None:
    lawyer, proof = signed_in(account_of(result.case.lawyer)), pdf(["proof"])
    sent: dict[str, Any] = {"items": ["A2"], "statement": "已会见", "papers": SimpleUploadedFile("笔录.pdf", proof)}

    made = lawyer.post(reverse("api-result-object", args=[result.public_id]), sent).json()

    (paper,) = made["papers"]
    assert paper["name"] == "笔录.pdf"
    taken = lawyer.get(reverse("api-objection-paper", args=[made["public_id"], paper["public_id"]]))
    assert b"".join(taken.streaming_content) == proof


def test_when_its_time_is_over_the_paper_goes_with_its_bytes(
    result: CaseReview, django_capture_on_commit_callbacks: Any
) -> None:
    def kept() -> set[Path]:
        return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}

    before = kept()
    lodged(result, upload())
    assert len(kept() - before) == 1
    part = next(each for each in REMARKS.parts if each.model is ObjectionPaper)
    assert part.act is not None

    with django_capture_on_commit_callbacks(execute=True):
        part.act([ObjectionPaper.objects.get().pk], NOW)

    assert (ObjectionPaper.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert kept() == before
