"""Papers of single steps: the sheet of a public display, the written answer to an appeal."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from scoring.documents import display_pdf
from scoring.documents.steps import DisplayContent, DisplayedCase
from scoring.enums import RuleCode
from scoring.models import Notice, Proposal
from scoring.services.appeals import AnswerNotQuotable, decide_appeal, lodge_appeal
from scoring.services.procedure import stop_display
from scoring.services.withdrawal import withdraw_notice
from tests import factories
from tests.qa_service.documents.reading import pages_of, text_of
from tests.scoring.deciding import DISPLAY_OVER, MONDAY, Office, accepted, issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]

RARE = "\U00020021"  # no font at hand draws it; a site's own may


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def answered(place: Office, notice: Notice, *, upheld: bool) -> User:
    """By another manager; who they are."""
    appeal = lodge_appeal(notice=notice, person=place.handler, text="事实不符。", now=DISPLAY_OVER)
    other = factories.user(Role.MANAGER, at=place.centre)
    with pytest.raises(AnswerNotQuotable):
        decide_appeal(
            appeal=appeal, person=other, upheld=upheld, answer=f"{notice.case.client.name}说得对", now=DISPLAY_OVER
        )
    decide_appeal(appeal=appeal, person=other, upheld=upheld, answer=f"庭审笔录{RARE}可以证明。", now=DISPLAY_OVER)
    return other


@pytest.mark.parametrize(("upheld", "reached"), [(True, "申诉理由成立"), (False, "申诉理由不成立，维持《整改通知书》")])
def test_an_appeal_is_answered_in_writing_with_a_receipt(upheld: bool, reached: str, time_machine) -> None:
    time_machine.move_to(DISPLAY_OVER, tick=False)
    place, notice = issued(RuleCode.S2)
    door, page = (reverse(f"scoring:{name}", args=[notice.public_id]) for name in ("appeal-answer", "notice"))
    before = signed_in(place.handler).get(door).status_code
    other = answered(place, notice, upheld=upheld)

    answers = [signed_in(user).get(door) for user in (place.handler, other)]

    assert (before, [each.status_code for each in answers]) == (404, [200, 200])
    assert answers[0].content == answers[1].content
    text = text_of(answers[0].content)
    for said in (reached, "庭审笔录〓可以证明。", notice.label, place.lawyer.name, "2026年12月15日收到", "送达回证"):
        assert "".join(said.split()) in text
    assert notice.case.client.name not in text
    assert door in signed_in(place.handler).get(page).content.decode()


def of_two_on_display() -> tuple[Office, Proposal, Proposal]:
    place, row = accepted(RuleCode.R1)
    return place, row, accepted(RuleCode.R1, place)[1]


def test_one_sheet_shows_all_that_the_centre_displays_on_the_same_days(time_machine) -> None:
    time_machine.move_to(MONDAY, tick=False)
    place, row, other = of_two_on_display()
    door, browser = reverse("scoring:display-sheet", args=[row.public_id]), signed_in(place.manager)

    both = text_of(browser.get(door).content)
    stop_display(proposal=other, person=place.supervisor, reason="异议成立", now=MONDAY)
    one = text_of(browser.get(door).content)

    assert "2026年12月8日至12月14日，共5个工作日" in both
    assert ("下列2件" in both, "下列1件" in one) == (True, True)
    assert [each.case.number in both for each in (row, other)] == [True, True]
    assert [each.case.number in one for each in (row, other)] == [True, False]
    assert "/v/displays" in both
    assert row.case.client.name not in both
    assert browser.get(reverse("scoring:receipt", args=[row.public_id])).status_code == 404
    assert door in browser.get(reverse("scoring:proposal", args=[row.public_id])).content.decode()


@pytest.mark.parametrize("count", [25, 30, 33])
def test_a_long_list_on_display_and_what_to_do_about_it_take_two_pages(count: int) -> None:
    cases = tuple(
        DisplayedCase(f"临法援〔2026〕民字第{number:04d}号", "民事", "欧阳慧敏", "湖南省临江县正大光明律师事务所")
        for number in range(1, count + 1)
    )
    address = "https://quality.linjiang.example/v/displays"
    paper = display_pdf(
        DisplayContent("临江县法律援助中心", cases, date(2026, 12, 8), date(2026, 12, 14), 5, "0739-5550100", address)
    )

    before, last = ["".join(page.extract_text().split()) for page in pages_of(paper)]
    assert cases[0].case_number in before
    assert cases[-1].case_number in last
    assert f"网上公示：{address}对上述案件" in last
    assert last.index("予以保密") < last.index("2026年12月8日", last.index("予以保密"))


def test_what_is_not_on_display_has_no_sheet_and_whoever_is_heard_on_paper_signs_a_receipt() -> None:
    place, row = accepted(RuleCode.S1)
    receipt = signed_in(place.manager).get(reverse("scoring:receipt", args=[row.public_id]))

    for said in ("送达回证", "拟处理事项及陈述申辩权利告知书", row.case.number, place.lawyer.name, "送达人签名"):
        assert said in text_of(receipt.content)
    assert signed_in(place.manager).get(reverse("scoring:display-sheet", args=[row.public_id])).status_code == 404


def test_a_certificate_says_what_its_notice_says_and_is_given_while_that_stands(time_machine) -> None:
    time_machine.move_to(DISPLAY_OVER, tick=False)
    place, notice = issued(RuleCode.R1)
    stranger = factories.user(Role.LAWYER, of=factories.lawyer(place.firm))
    door, page = (reverse(f"scoring:{name}", args=[notice.public_id]) for name in ("certificate", "notice"))

    asked = [signed_in(user).get(door) for user in (place.handler, place.manager, stranger)]
    led = door in signed_in(place.handler).get(page).content.decode()
    withdraw_notice(notice=notice, person=place.supervisor, reason="案号有误", now=DISPLAY_OVER)

    assert ([each.status_code for each in asked], led) == ([200, 200, 404], True)
    (paper,) = pages_of(asked[0].content)
    assert paper.mediabox.width > paper.mediabox.height
    text = text_of(asked[0].content)
    for said in (
        "证书",
        place.lawyer.name,
        notice.label,
        notice.title,
        notice.verify_code,
        "2026年12月15日",
        "特发此证",
    ):
        assert said in text
    assert notice.case.client.name not in text
    assert "荣誉" not in text
    assert signed_in(place.handler).get(door).status_code == 409
    assert door not in signed_in(place.handler).get(page).content.decode()
