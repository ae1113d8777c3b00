"""The desk's pages of file acceptance, the lawyer's own, the form of one file, and what programs do."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from reviews.documents import acceptance_pdf
from reviews.enums import FileState, PleaState
from reviews.models import FileAcceptance, FileDefect, FileEvent, LatenessPlea
from reviews.queries.acceptance_form import acceptance_content
from reviews.queries.file_lists import files_at_desk
from reviews.queries.work import waiting_for
from reviews.services.acceptance import state_lateness
from tests import factories
from tests.factories import NOW
from tests.reviews import accepting
from tests.reviews.accepting import TODAY, version
from tests.reviews.factories import account_of, manager

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def state(case: Case) -> str:
    return FileAcceptance.objects.get(case=case).state


def post(client: Client, name: str, case: Case, **typed: Any) -> Any:
    return client.post(reverse(f"reviews:{name}", args=[case.public_id]), {"version": version(case)} | typed)


def test_a_file_goes_the_whole_way_by_the_pages() -> None:
    case = accepting.waiting_case()
    handler, desk = browser(account_of(case.lawyer)), browser(manager(case.centre))
    page = reverse("reviews:file", args=[case.public_id])

    assert case.number in desk.get(reverse("reviews:files"), {"queue": "awaited"}).content.decode()
    post(desk, "receive-file", case, handed_in_on=TODAY.isoformat())
    bad = post(desk, "check-file", case, **{"cover-pages": "9-3", "meeting-pages": "7"})
    post(
        desk,
        "check-file",
        case,
        rest="1",
        **{"meeting-finding": "missing", "authority-signed": "no", "last_page": "40"},
    )
    checked = desk.get(page).content.decode()
    sent_back = post(
        desk,
        "return-file",
        case,
        **{"found": ["meeting:missing", "authority:unsigned"], "note-1": "目录缺页码", "due_on": "2026-11-27"},
    )
    own = handler.get(reverse("reviews:my-file", args=[case.public_id])).content.decode()
    assert f'name="handed_in_on" required value="{TODAY}"' in desk.get(page).content.decode()
    post(desk, "receive-file", case, handed_in_on=TODAY.isoformat())
    post(desk, "check-file", case, rest="1")
    accepted = post(desk, "accept-file", case, words="")
    done = desk.get(reverse("reviews:files"), {"queue": "accepted", "q": case.lawyer.name}).content.decode()

    assert (bad.status_code, 'value="7"' in bad.content.decode()) == (422, True)  # what was typed stays
    assert checked.count("text-danger d-block") == 2
    assert (sent_back.status_code, accepted.status_code) == (302, 302)
    assert sorted(FileDefect.objects.values_list("paper", "kind")) == [
        ("", "other"), ("authority", "unsigned"), ("meeting", "missing"),
    ]  # fmt: skip
    assert "目录缺页码" in own
    assert "2026-11-27" in own
    assert state(case) == FileState.ACCEPTED
    assert case.number in done
    post(desk, "reopen-file", case, words="漏收判决书")
    assert state(case) == FileState.TO_CHECK


def test_what_was_written_beside_an_act_that_is_refused_stays_in_its_own_box() -> None:
    checked = accepting.checked()
    others = [accepting.waiting_case(checked.centre) for _file in range(2)]
    boss = browser(manager(checked.centre))

    for act, case, box in (
        ("accept-file", checked, 'id="accept-words" name="words" rows="2">%s</textarea>'),
        ("undo-receipt", accepting.received(others[0]), 'id="undo-words" name="words" value="%s"'),
        ("reopen-file", accepting.accepted(others[1]), 'id="reopen-words" name="words" value="%s"'),
    ):
        named = f"{case.client.name}的原件在法院。"
        page = post(boss, act, case, words=named)
        shown = page.content.decode()
        assert (page.status_code, box % named in shown, shown.count(named)) == (422, True, 1), act


def test_an_old_page_is_told_so_and_its_words_stay() -> None:
    case = accepting.received()
    desk = browser(manager(case.centre))
    old = version(case)
    post(desk, "check-file", case, rest="1")

    refused = post(desk, "return-file", case, version=old, **{"note-1": "缺页", "due_on": "2026-11-27"})
    strange = post(desk, "accept-file", case, version="x")

    assert (refused.status_code, strange.status_code, state(case)) == (409, 409, FileState.TO_CHECK)
    assert "缺页" in refused.content.decode()


def test_of_two_who_check_one_file_the_second_sees_what_the_first_has_stored() -> None:
    case = accepting.received()
    desk = browser(manager(case.centre))
    old = version(case)
    first = {"meeting-finding": "present", "meeting-pages": "7-9", "meeting-signed": "no", "cover-finding": "present"}
    post(desk, "check-file", case, **first)

    second = {"meeting-finding": "missing", "cover-finding": "present", "authority-pages": "3"}
    refused = post(desk, "check-file", case, version=old, **second)
    mistyped = post(desk, "check-file", case, **second | {"authority-pages": "9-3"})

    page = refused.content.decode()
    assert (refused.status_code, page.count('class="theirs')) == (409, 1)
    assert "其他人保存的内容： 卷内有 · 7-9 · 签名 否" in page
    assert (mistyped.status_code, "theirs" in mistyped.content.decode()) == (422, False)


def test_a_lawyer_says_why_by_their_page_and_a_manager_decides_by_theirs() -> None:
    case = accepting.waiting_case(closed_on=TODAY - 40 * A_DAY)
    handler, boss = browser(account_of(case.lawyer)), browser(manager(case.centre))
    own = reverse("reviews:my-file", args=[case.public_id])
    assert "say-why" not in own
    assert 'name="words"' in handler.get(own).content.decode()
    unfit = handler.post(f"{own}/lateness", {"words": f"{case.client.name}住院"})
    handler.post(f"{own}/lateness", {"words": "法院送达迟延。"})
    shown = boss.get(reverse("reviews:file", args=[case.public_id])).content.decode()
    post(boss, "remind-lawyer", case, words="电话")
    refused = post(boss, "decide-lateness", case, decision="refuse", words="")
    unsaid = post(boss, "decide-lateness", case, words="法院的原因。")
    post(boss, "decide-lateness", case, decision="accept", words="")
    after = handler.get(own).content.decode()

    assert (unfit.status_code, "住院" in unfit.content.decode()) == (422, True)
    assert "法院送达迟延。" in shown
    assert (refused.status_code, unsaid.status_code) == (422, 422)
    assert LatenessPlea.objects.get().state == PleaState.ACCEPTED
    assert 'name="words"' not in after


def test_a_lawyer_s_home_counts_down_and_the_desk_s_says_what_waits() -> None:
    case = accepting.waiting_case(closed_on=TODAY - 20 * A_DAY)
    late = accepting.waiting_case(case.centre, lawyer=case.lawyer, firm=case.firm, closed_on=TODAY - 31 * A_DAY)
    accepting.received(accepting.waiting_case(case.centre, lawyer=case.lawyer, firm=case.firm))
    handler, boss = account_of(case.lawyer), manager(case.centre)
    state_lateness(case=late, words="忙", user=handler, now=NOW)
    own = {str(block.title): (block.count, str(block.detail)) for block in waiting_for(handler, NOW)}
    desk = {str(block.title): block.count for block in waiting_for(boss, NOW)}
    listed = browser(handler).get(reverse("reviews:my-files")).content.decode()

    assert len(own) == 2
    assert any(count == 1 and (TODAY + 10 * A_DAY).isoformat() in detail for count, detail in own.values())
    assert sorted(desk.values()) == [1, 1, 1]
    assert late.number in listed
    assert (
        browser(account_of(factories.lawyer(case.firm)))
        .get(reverse("reviews:my-file", args=[case.public_id]))
        .status_code
        == 404
    )


@pytest.mark.usefixtures("fonts")
def test_the_form_of_a_file_prints_what_was_found_and_names_no_client() -> None:
    case = accepting.returned(accepting.waiting_case(closed_on=TODAY - 40 * A_DAY))
    accepting.accepted(case)
    boss = manager(case.centre)
    content = acceptance_content(files_at_desk(boss).get(pk=case.pk), language="en", printed_by=boss, now=NOW)
    answer = browser(boss).get(reverse("reviews:file-form", args=[case.public_id]))

    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert content.accepted_on == TODAY
    assert content.late == "10 days late"
    assert [line.act for line in content.record][-1] == "File accepted"
    assert "目录与卷内页码不符" in content.record[1].what
    assert case.client.name not in repr(content)


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("case_type", ["civil", "criminal"])
def test_a_file_that_was_sent_back_once_and_came_late_has_its_form_on_one_sheet(case_type: str, language: str) -> None:
    with time_machine.travel(NOW, tick=False):
        case = accepting.waiting_case(closed_on=TODAY - 40 * A_DAY, case_type=case_type, stage="first_instance")
        case = accepting.accepted(accepting.returned(case))
        boss = manager(case.centre)
        file = files_at_desk(boss).get(pk=case.pk)
        found = acceptance_content(file, language=language, printed_by=boss, now=NOW)
    dated = tuple(replace(paper, dated=TODAY, signed=True) for paper in found.papers)
    long = replace(found, papers=dated, centre="某某市某某区法律援助中心", firm="某某（某某）律师事务所", last_page=128)

    assert len(found.papers) > 10
    assert len(PdfReader(io.BytesIO(acceptance_pdf(long))).pages) == 1


def test_a_program_takes_a_file_the_whole_way_within_its_reach() -> None:
    case = accepting.waiting_case()
    program, stranger = browser(manager(case.centre)), browser(manager(factories.centre()))

    def send(name: str, method: str = "post", *, by: Client = program, **body: Any) -> Any:
        door = reverse(f"api-{name}", args=[case.public_id])
        return getattr(by, method)(door, {"version": version(case)} | body, content_type="application/json")

    hidden = send("file-receipt", by=stranger, handed_in_on="2026-11-20")
    send("file-receipt", handed_in_on="2026-11-20")
    undone = send("file-receipt-undoing", reason="误录")
    send("file-receipt", handed_in_on="2026-11-20")
    papers: list[dict[str, Any]] = [
        {"code": entry.code, "finding": entry.finding, "pages": entry.pages} for entry in accepting.papers(case)
    ]
    papers[2] |= {"signed": False, "dated": "2026-01-01"}
    send("file-papers", "put", papers=papers[2:3], last_page=60)
    handler = browser(account_of(case.lawyer)).get(reverse("api-file", args=[case.public_id])).json()
    saved = send("file-papers", "put", papers=papers, last_page=60)
    unknown = send("file-papers", "put", papers=[{"code": "x", "finding": "present"}])
    back = send("file-return", defects=[{"paper": "authority", "kind": "unsigned"}])
    send("file-receipt", handed_in_on="2026-11-20")
    refused = send("file-acceptance")
    accepted = send("file-acceptance", words="系复印件，原件在法院。")
    again = send("file-acceptance", words="系复印件，原件在法院。")
    listed = program.get(reverse("api-files"), {"queue": "accepted"}).json()["results"]
    whole = program.get(reverse("api-file", args=[case.public_id])).json()

    assert (hidden.status_code, undone.json()["state"], unknown.status_code) == (404, "awaited", 422)
    assert [paper["defects"] for paper in saved.json()["papers"] if paper["defects"]] == [["unsigned", "misdated"]]
    # What the desk is still looking at is no more the lawyer's to know by API than by page.
    assert {paper["finding"] for paper in saved.json()["papers"]} == {"present"}
    assert [paper for paper in handler["papers"] if paper["finding"] or paper["pages"] or paper["defects"]] == []
    assert (len(handler["papers"]), handler["last_page"], handler["unchecked"]) == (len(papers), None, [])
    assert (back.json()["state"], back.json()["due_on"]) == ("returned", "2026-11-27")
    assert (refused.status_code, accepted.json()["state"], again.status_code) == (422, "accepted", 409)
    assert [row["number"] for row in listed] == [case.number]
    assert len(whole["events"]) == 6
    assert send("file-reopening", reason="漏收").json()["state"] == "to_check"


class TestALawyerWithoutAnAccount:
    """Is told nothing here: nothing runs against them until somebody said how else they were told."""

    def overdue(self, *, reads: bool) -> Case:
        case = accepting.waiting_case(closed_on=TODAY - 31 * A_DAY)
        if reads:
            account_of(case.lawyer)
        return case

    def received(self, *, reads: bool) -> Case:
        return accepting.received(self.overdue(reads=reads))

    def events(self, case: Case) -> list[tuple[str, bool | None, str, str]]:
        told = FileEvent.objects.filter(acceptance__case=case).exclude(told_here=None)
        return list(told.values_list("act", "told_here", "words", "told_how"))

    def test_is_not_reminded_by_the_page_without_words_that_say_how(self) -> None:
        case, reader = self.overdue(reads=False), self.overdue(reads=True)
        desk = browser(manager(case.centre))
        refused = post(desk, "remind-lawyer", case, words="  ")
        left = FileAcceptance.objects.filter(case=case, reminders__gt=0).exists() or self.events(case)
        reminded = desk.post(
            reverse("reviews:remind-lawyer", args=[case.public_id]), {"version": 0, "words": "电话催告"}, follow=True
        )
        here = browser(manager(reader.centre)).post(
            reverse("reviews:remind-lawyer", args=[reader.public_id]), {"version": 0, "words": ""}, follow=True
        )

        assert (refused.status_code, left) == (422, [])
        assert 'name="words" value="  " required' in refused.content.decode()
        assert self.events(case) == [("reminded", False, "电话催告", "")]
        assert self.events(reader) == [("reminded", True, "", "")]
        assert "承办人员没有账号，系统未作告知" in reminded.content.decode()
        assert "已在承办人员首页催告" in here.content.decode()

    def test_is_sent_a_file_back_by_the_page_once_it_is_said_how_they_were_told(self) -> None:
        case, reader = self.received(reads=False), self.received(reads=True)
        form = reverse("reviews:file-form", args=[case.public_id])
        desk = browser(manager(case.centre))
        typed = {"note-1": "缺页码", "due_on": "2026-11-27"}
        refused = post(desk, "return-file", case, **typed)
        state_then = state(case)
        door = reverse("reviews:return-file", args=[case.public_id])
        out = desk.post(door, typed | {"version": version(case), "told_how": "清单当面交付"}, follow=True)
        listed = desk.get(reverse("reviews:files"), {"queue": "returned"}).content.decode()
        door = reverse("reviews:return-file", args=[reader.public_id])
        here = browser(manager(reader.centre)).post(door, typed | {"version": version(reader)}, follow=True)

        assert (refused.status_code, state_then) == (422, FileState.TO_CHECK)
        assert "缺页码" in refused.content.decode()
        assert self.events(case) == [("returned", False, "", "清单当面交付")]
        assert self.events(reader) == [("returned", True, "", "")]
        page = out.content.decode()
        assert "承办人员没有账号，请书面交付补正清单" in page
        assert page.count(form) == 2  # among the page's papers, and beside the word that it is to be handed over
        assert "无账号" in listed
        assert "已在承办人员首页告知" in here.content.decode()
        assert "没有账号" not in here.content.decode()

    def test_is_told_of_by_programs_as_by_pages(self) -> None:
        def send(name: str, case: Case, **body: Any) -> Any:
            door = reverse(f"api-file-{name}", args=[case.public_id])
            sent = {"version": version(case)} | body
            return browser(manager(case.centre)).post(door, sent, content_type="application/json")

        defects = [{"kind": "missing", "paper": "cover"}]
        late, out = self.overdue(reads=False), self.received(reads=False)
        refused = [send("reminder", late), send("return", out, defects=defects)]
        nothing = self.events(late) + self.events(out)
        done = [send("reminder", late, words="微信催告"), send("return", out, defects=defects, told_how="电话")]
        read = [
            send("reminder", self.overdue(reads=True)),
            send("return", self.received(reads=True), defects=defects),
        ]
        whole = browser(manager(out.centre)).get(reverse("api-file", args=[out.public_id])).json()

        assert [
            (answer.status_code, answer.json()["code"], answer.json()["errors"][0]["field"]) for answer in refused
        ] == [
            (422, "how_told_missing", "words"),
            (422, "how_told_missing", "told_how"),
        ]
        assert nothing == []
        assert [(answer.status_code, answer.json()["lawyer_told_here"]) for answer in done] == [(200, False)] * 2
        assert [(answer.status_code, answer.json()["lawyer_told_here"]) for answer in read] == [(200, True)] * 2
        assert [(e["told_here"], e["told_how"]) for e in whole["events"]] == [(None, ""), (False, "电话")]

    @pytest.mark.parametrize("act", ["reminded", "returned"])
    def test_is_on_record_as_told_somehow_or_the_database_refuses(self, act: str) -> None:
        case = accepting.received()
        due_on = TODAY + A_DAY if act == "returned" else None
        with pytest.raises(DatabaseError), transaction.atomic():
            FileEvent.objects.create(
                acceptance=FileAcceptance.objects.get(case=case),
                number=9,
                act=act,
                happened_on=TODAY,
                due_on=due_on,
                told_here=False,
                recorded_by=manager(case.centre),
                recorded_at=NOW,
            )
