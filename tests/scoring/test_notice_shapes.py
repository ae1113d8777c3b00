"""Notices in other shapes than their PDF: a page that says the same, a file to edit, many in one file."""

import csv
import io
import re
import zipfile

import docx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from qa_service.accounts.models import User
from scoring.enums import RuleCode
from scoring.models import Notice
from scoring.services import batches
from scoring.services.withdrawal import withdraw_notice
from tests.qa_service.documents.reading import text_of
from tests.scoring.deciding import DISPLAY_OVER, Office, SameScene, issued, numbered, office, printed, ready

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]
# What the paper has besides its text: the code, the receipt, the numbers of its pages.
BESIDES = re.compile(r"扫码或凭码核验真伪核验码.{10}.*?摘要[0-9a-f]{16}|送达回证送达文书.*$|—\d+—")


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def plain(text: str) -> str:
    return "".join(text.split())


def of_two() -> tuple[Office, tuple[Notice, Notice]]:
    place, praise = issued(RuleCode.R1)
    return place, (praise, issued(RuleCode.S2, place)[1])


class TestOfEachKind(SameScene):
    scene = staticmethod(of_two)

    @pytest.mark.parametrize("turn", [0, 1])
    def test_the_page_says_what_the_paper_says(self, place: Office, notice, turn: int) -> None:
        shown = notice[turn]

        page = signed_in(place.supervisor).get(reverse("scoring:notice-text", args=[shown.public_id])).content.decode()

        article = page[page.index("<article") : page.index("</article>")]
        said = plain(strip_tags(article))
        assert 'lang="zh-CN"' in article
        assert shown.label in said
        wanted = re.split(r"[。；：，、（）]", BESIDES.sub("", text_of(printed(shown))))
        assert [part for part in wanted if part not in said and part not in plain(shown.label)] == []

    def test_only_a_red_head_is_edited_outside(self, place: Office, notice) -> None:
        praise, _sanction = notice
        browser = signed_in(place.manager)

        answers = [browser.get(reverse("scoring:notice-docx", args=[each.public_id])) for each in notice]
        pages = [browser.get(reverse("scoring:notice", args=[each.public_id])).content.decode() for each in notice]

        elsewhere = signed_in(office().manager).get(reverse("scoring:notice-docx", args=[praise.public_id]))
        assert [each.status_code for each in (*answers, elsewhere)] == [200, 404, 404]
        paper = docx.Document(io.BytesIO(answers[0].content))
        assert praise.label in [each.text for each in paper.paragraphs]
        assert praise.case.client.name not in "".join(each.text for each in paper.paragraphs)
        offered = [
            reverse("scoring:notice-docx", args=[each.public_id]) in page
            for each, page in zip(notice, pages, strict=True)
        ]
        assert offered == [True, False]

    def test_many_come_in_one_file_with_a_list(self, place: Office, notice) -> None:
        answer = signed_in(place.manager).get(reverse("scoring:notice-batch"), {"period": "2026-Q4"})

        archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        listing, *papers = sorted(archive.namelist(), reverse=True)
        lines = list(csv.DictReader(io.StringIO(archive.read(listing).decode("utf-8-sig"))))
        assert [archive.read(line["文件"]) for line in lines] == [printed(each) for each in notice]
        assert [line["文号"] for line in lines] == [each.label for each in notice]
        assert len(papers) == 2

    @pytest.mark.parametrize(
        ("asked", "status", "said"),
        [
            ({"period": "2026-Q3"}, 422, "没有有效的文书"),
            ({"period": "1900"}, 422, "没有有效的文书"),
            ({"kind": "appeal_decision"}, 422, "没有有效的文书"),
            ({"kind": "none"}, 404, "没有这类文书"),
        ],
    )
    def test_where_there_is_none_words_come_in_place_of_an_empty_file(
        self, place: Office, asked: dict[str, str], status: int, said: str
    ) -> None:
        answer = signed_in(place.manager).get(reverse("scoring:notice-batch"), asked)

        assert (answer.status_code, said in answer.content.decode()) == (status, True)

    def test_what_was_withdrawn_or_is_of_another_centre_is_not_among_them(self, place: Office, notice) -> None:
        withdraw_notice(notice=notice[1], person=place.supervisor, reason="案号有误", now=DISPLAY_OVER)
        door, stranger = reverse("scoring:notice-batch"), office().manager

        here, there = (signed_in(user).get(door) for user in (place.manager, stranger))

        assert len(zipfile.ZipFile(io.BytesIO(b"".join(here.streaming_content))).namelist()) == 2
        assert there.status_code == 422

    def test_too_many_and_a_period_that_is_none_are_refused_in_words(self, place: Office, monkeypatch) -> None:
        monkeypatch.setattr(batches, "MOST", 1)
        browser, door = signed_in(place.manager), reverse("scoring:notice-batch")

        answers = [browser.get(door), browser.get(door, {"period": "soon"})]

        assert [each.status_code for each in answers] == [413, 422]


def test_there_is_no_other_shape_before_the_file() -> None:
    place, waiting = numbered(RuleCode.R1)
    doors = ("scoring:notice-text", "scoring:notice-docx")

    answers = [signed_in(place.supervisor).get(reverse(door, args=[waiting.public_id])) for door in doors]

    assert [each.status_code for each in answers] == [404, 404]


def test_the_draft_is_edited_before_it_has_a_number(time_machine) -> None:
    time_machine.move_to(DISPLAY_OVER, tick=False)
    place, row = ready(RuleCode.R1)
    _place, other = ready(RuleCode.S2, place)
    browser = signed_in(place.manager)

    answers = [browser.get(reverse("scoring:draft-docx", args=[each.public_id])) for each in (row, other)]

    assert [each.status_code for each in answers] == [200, 409]
    texts = [each.text for each in docx.Document(io.BytesIO(answers[0].content)).paragraphs]
    assert "草稿　未编号" in texts
    assert Notice.objects.count() == 0
    assert (
        reverse("scoring:draft-docx", args=[row.public_id])
        in signed_in(place.supervisor).get(reverse("scoring:proposal", args=[row.public_id])).content.decode()
    )
