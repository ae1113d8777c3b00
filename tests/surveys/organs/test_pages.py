"""The staff's pages about organs: the book, who was asked, letters, sheets keyed in, who answers; the one home."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.models import RiskFlag
from surveys import queries, services
from surveys.enums import OrganKind, OrganWay
from surveys.models import Contact, Conversation, LetterBatch, Organ, Response, SecondEntry
from surveys.queries.organ_rates import organ_rates
from surveys.services.answering.answers import AnswerInput
from surveys.services.inviting.codes import offer_code
from surveys.services.organs.organ_mails import link_token
from tests import factories
from tests.factories import NOW
from tests.qa_service.privacy.kept import a_night
from tests.surveys.organs.rows import COURT, GOOD, asked, asking_centre, keyed_in, organ, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
SHEET = {f"value-{code}": value for code, value in GOOD.items()} | {
    "signed_by": "民一庭（章）",
    "received_on": "2026-11-20",
}


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return asking_centre()


def signed_in(*roles: Role, at, **fields) -> Browser:
    browser = Browser()
    browser.user = factories.user(*roles, at=at, **fields)
    browser.force_login(browser.user)
    return browser


def page(name: str, *row) -> str:
    return reverse(f"surveys:{name}", args=[each.public_id for each in row])


def entry(**given) -> dict[str, str]:
    defaults = {"name": COURT, "kind": "court", "way": "letter_link", "active": "on", "also_called": ""}
    return defaults | {"agreed_on": "", "email": "", "address": "", "phone": ""} | given


# --- the address book


def test_a_name_in_cases_is_offered_and_becomes_an_entry(centre):
    factories.case(centre)
    browser = signed_in(Role.MANAGER, at=centre)

    seen = browser.get(page("organ-book")).content.decode()
    offered = re.findall(r'href="([^"]*organs/book/new\?[^"]*)"', seen)[0].replace("&amp;", "&")
    form = browser.get(offered).content.decode()
    browser.post(page("organ-entry-new"), entry(centre=str(centre.public_id)))

    assert f'value="{COURT}"' in form
    assert '<option value="court" selected>' in form
    assert Organ.objects.get().kind == OrganKind.COURT
    assert "案件中出现、通讯录中没有的单位" not in browser.get(page("organ-book")).content.decode()


def test_a_name_in_cases_may_mean_a_unit_that_is_there(centre):
    court = organ(centre)
    factories.case(centre, organ="临江县法院")
    browser = signed_in(Role.MANAGER, at=centre)

    seen = browser.get(page("organ-book")).content.decode()
    browser.post(page("organ-entry-name", court), {"name": "临江县法院"})

    assert f"即{COURT}" in seen
    assert set(court.names.values_list("name", flat=True)) == {COURT, "临江县法院"}


def test_an_entry_is_changed_and_the_record_tells_which_fields(centre):
    court = organ(centre)
    browser = signed_in(Role.MANAGER, at=centre)

    answer = browser.post(
        page("organ-entry", court), entry(phone="0739-5550200", language="en", also_called="县法院\n县法院\n")
    )

    court.refresh_from_db()
    assert (answer.status_code, court.phone, court.language) == (302, "0739-5550200", "en")
    assert set(court.names.values_list("name", flat=True)) == {COURT, "县法院"}
    kept = Entry.objects.get(action="surveys.organ_changed")
    assert (kept.details, "5550200" in str(kept.details)) == ({"fields": ["language", "phone", "also_called"]}, False)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"way": "email"}, "须填写电子邮箱"),
        ({"way": "email", "email": "court@example.org"}, "同意以电子邮件征询的日期"),
        ({"email": "nobody"}, "error-summary"),
        ({"name": " "}, "error-summary"),
        ({"also_called": "长" * 101}, "其他写法"),
    ],
)
def test_an_entry_that_does_not_go_together_is_explained(centre, given, told):
    answer = signed_in(Role.MANAGER, at=centre).post(
        page("organ-entry-new"), entry(centre=str(centre.public_id)) | given
    )

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert Organ.objects.count() == 0


def test_two_units_of_one_centre_never_share_a_name(centre):
    organ(centre, also_called=["县法院"])
    browser = signed_in(Role.MANAGER, at=centre)

    answer = browser.post(page("organ-entry-new"), entry(centre=str(centre.public_id), name="县法院"))

    assert answer.status_code == 422
    assert "已列入通讯录" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "reads", "changes"),
    [
        (Role.OPERATOR, 200, 302),
        (Role.MANAGER, 200, 302),
        (Role.SUPERVISOR, 200, 403),
        (Role.FOLLOW_UP, 200, 403),
        (Role.REVIEWER, 403, 403),
    ],
)
def test_the_book_is_kept_by_managers_and_operators(centre, role, reads, changes):
    court = organ(centre)
    browser = signed_in(role, at=centre)

    found = (browser.get(page("organ-entry", court)), browser.post(page("organ-entry", court), entry()))

    assert [answer.status_code for answer in found] == [reads, changes]


# --- who was asked, and sheets


def test_the_list_shows_the_open_and_is_narrowed(centre):
    waiting, answered = asked(centre), asked(centre)
    keyed_in(answered)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    def shown(query: str = "") -> list[str]:
        found = re.findall(
            r'<a href="/surveys/organs/[0-9a-f-]+/">([^<]+)</a>', browser.get(page("organs") + query).content.decode()
        )
        return sorted(found)

    numbers = [row.case.number for row in (waiting, answered)]
    assert shown() == shown("?show=nonsense&organ=x") == [numbers[0]]
    assert shown("?show=answered") == [numbers[1]]
    assert shown("?show=all") == sorted(numbers)
    assert shown(f"?show=all&organ={factories.case(centre).public_id}") == []


def test_an_empty_list_says_what_is_missing(centre):
    assert "征询起始日期" in signed_in(Role.MANAGER, at=centre).get(page("organs")).content.decode()


def test_a_sheet_is_found_by_its_code_or_its_case_and_keyed_in(centre):
    conversation = asked(centre)
    sent(conversation)
    code = offer_code(conversation)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    found = [browser.post(page("organ-find"), {"given": given}).url for given in (code, conversation.case.number)]
    answer = browser.post(page("organ-answer", conversation), SHEET)

    assert found == [page("organ-answer", conversation)] * 2
    assert answer.status_code == 302
    assert queries.organ_opinions([conversation.case_id])[0].q2 == 4


def test_a_number_that_nobody_was_asked_under_is_told(centre):
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    seen = browser.post(page("organ-find"), {"given": "ABCD\x00EFGH"}, follow=True)

    assert seen.status_code == 400 or "没有以此案号或编号征询过" in seen.content.decode()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"signed_by": ""}, "签字人"),
        ({"received_on": "2026-11-21"}, "收到日期"),
        ({"value-q1": "7"}, "请"),
    ],
)
def test_a_sheet_with_a_fault_stays_as_it_was_keyed(centre, given, told):
    conversation = asked(centre)

    answer = signed_in(Role.FOLLOW_UP, at=centre).post(page("organ-answer", conversation), SHEET | given)

    seen = answer.content.decode()
    assert (answer.status_code, Response.objects.count()) == (422, 0)
    assert told in seen
    assert 'name="value-q2" value="4" checked' in seen


def test_the_second_who_keys_a_sheet_in_sees_both(centre):
    conversation = asked(centre)
    keyed_in(conversation, GOOD)

    answer = signed_in(Role.FOLLOW_UP, at=centre).post(page("organ-answer", conversation), SHEET | {"value-q1": "1"})

    seen = answer.content.decode()
    assert answer.status_code == 409
    shown = seen[seen.index('id="differing"') : seen.index("</section>")]
    assert re.findall(r"<td>([^<]*)</td>", shown) == ["很好", "很差"]


def test_a_second_sheet_is_kept_beside_the_first_for_comparison(centre):
    conversation = asked(centre)
    keyed_in(conversation, GOOD, remark="准备充分")
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    second = SHEET | {"value-q1": "1", "signed_by": "刑一庭（章）", "note": "传真件"}
    refused = browser.post(page("organ-answer", conversation), second)

    kept = browser.post(page("organ-second", conversation), second)

    assert page("organ-second", conversation) in refused.content.decode()
    assert kept.url == page("organ", conversation)
    entry = SecondEntry.objects.get()
    assert (entry.answerer, entry.mode) == ("organ", "paper")
    answer = Response.objects.get().answers.select_related("question", "choice").get(question__code="q1")
    assert answer.choice.value == "5"  # the first stands
    seen = browser.get(page("organ", conversation)).content.decode()
    shown = seen[seen.index("另一份意见表") :]
    assert re.findall(r"<td>([^<]*)</td>", shown)[:2] == ["很好", "很差"]
    assert "签字人：刑一庭（章）；收到日期：2026-11-20。 传真件" in shown


def test_a_second_sheet_of_a_unit_stays_as_evidence_when_the_words_of_clients_go(centre):
    conversation = asked(centre)
    keyed_in(conversation, GOOD)
    signed_in(Role.FOLLOW_UP, at=centre).post(page("organ-second", conversation), SHEET | {"value-q1": "1"})

    a_night(NOW + timedelta(days=4000))

    seen = signed_in(Role.FOLLOW_UP, at=centre).get(page("organ", conversation)).content.decode()
    assert re.findall(r"<td>([^<]*)</td>", seen[seen.index("另一份意见表") :])[:2] == ["很好", "很差"]


def test_a_second_sheet_that_is_low_puts_the_file_before_the_sample_too(centre):
    conversation = asked(centre)
    keyed_in(conversation, GOOD)

    low = SHEET | {f"value-q{number}": "1" for number in range(1, 6)}
    signed_in(Role.FOLLOW_UP, at=centre).post(page("organ-second", conversation), low)

    assert RiskFlag.objects.filter(case=conversation.case, kind="organ_low").exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"signed_by": " "}, "必填"),
        ({"received_on": "2027-01-01"}, "之间"),
        ({"value-q1": "7"}, "请"),
        ({f"value-q{number}": "" for number in range(1, 6)}, "没有勾选"),
    ],
)
def test_a_second_sheet_with_a_fault_stays_as_it_was_keyed(centre, given, told):
    conversation = asked(centre)
    keyed_in(conversation, GOOD)

    answer = signed_in(Role.FOLLOW_UP, at=centre).post(page("organ-second", conversation), SHEET | given)

    assert (answer.status_code, SecondEntry.objects.count()) == (422, 0)
    assert told in answer.content.decode()


def test_nothing_is_kept_beside_an_opinion_that_there_is_not(centre):
    clerk, conversation = signed_in(Role.FOLLOW_UP, at=centre), asked(centre)

    answer = clerk.post(page("organ-second", conversation), SHEET)
    services.save_opinion(
        key=link_token(conversation), answers={"q1": AnswerInput(value="1")}, language="zh-hans", send=False, now=NOW
    )
    beside_what_was_not_sent = clerk.post(page("organ-second", conversation), SHEET)

    assert (answer.status_code, beside_what_was_not_sent.status_code) == (409, 409)
    assert SecondEntry.objects.count() == 0


def test_one_page_tells_what_went_out_and_what_came_back(centre):
    conversation = asked(centre)
    sent(conversation)
    keyed_in(conversation, GOOD, remark="准备充分")

    seen = signed_in(Role.MANAGER, at=centre).get(page("organ", conversation)).content.decode()

    for told in ("首次函件", "2026-11-20", "民一庭（章）", "很好", "一般", "准备充分"):
        assert told in seen, told


def test_a_unit_that_declines_is_written_down(centre):
    conversation = asked(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    nothing = browser.post(page("organ-end", conversation), {})
    browser.post(page("organ-end", conversation), {"outcome": "refused", "note": "院里规定不答复"})

    conversation.refresh_from_db()
    assert (nothing.status_code, conversation.state) == (422, "stopped")
    assert [(row.outcome, row.note) for row in Contact.objects.all()] == [("refused", "院里规定不答复")]


def test_supervisors_read_and_do_not_key_in(centre):
    conversation = asked(centre)
    browser = signed_in(Role.SUPERVISOR, at=centre)

    assert browser.get(page("organ", conversation)).status_code == 200
    assert browser.post(page("organ-answer", conversation), SHEET).status_code == 403
    assert page("organ-answer", conversation) not in browser.get(page("organ", conversation)).content.decode()


# --- letters


@pytest.mark.usefixtures("fonts")
def test_letters_are_put_together_printed_and_leave(centre):
    asked(centre)
    court = Organ.objects.get()
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    waiting = browser.get(page("organ-letters")).content.decode()
    made = browser.post(page("organ-batch-new", court))
    batch = LetterBatch.objects.get()
    printed = browser.post(page("organ-batch-print", batch))
    left = browser.post(page("organ-batch-sent", batch), {"sent_on": "2026-11-20"}, follow=True)

    assert COURT in waiting
    assert made.url == page("organ-batch", batch)
    assert (printed.headers["Content-Type"], printed.content[:5]) == ("application/pdf", b"%PDF-")
    assert "no-store" in printed.headers["Cache-Control"]
    assert "已登记寄出1份函件" in left.content.decode()
    assert Conversation.objects.with_organs().get().sent_out_at is not None


def test_a_day_that_cannot_be_stays_on_the_page(centre):
    asked(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    browser.post(page("organ-batch-new", Organ.objects.get()))
    batch = LetterBatch.objects.get()

    for given in ("", "2026-11-19", "2027-01-01", "nonsense"):
        assert browser.post(page("organ-batch-sent", batch), {"sent_on": given}).status_code == 422

    assert browser.get(page("organ-batch", batch)).status_code == 200


def test_letters_wait_on_the_home_and_so_do_names_to_complete(centre):
    asked(centre)
    factories.case(centre, organ="清源县人民法院")
    manager, clerk = signed_in(Role.MANAGER, at=centre), signed_in(Role.FOLLOW_UP, at=centre)

    homes = [browser.get(reverse("home")).content.decode() for browser in (manager, clerk)]

    assert ["待打印的办案机关征询函" in home for home in homes] == [True, True]
    assert ["待补入通讯录的办案机关" in home for home in homes] == [True, False]


# --- kept apart


@pytest.mark.parametrize("role", [Role.MANAGER, Role.FOLLOW_UP])
def test_a_lawyer_with_a_second_hat_opens_nothing_about_their_own_case(centre, role):
    conversation = asked(centre)
    keyed_in(conversation)
    browser = signed_in(role, Role.LAWYER, at=centre, of=conversation.case.lawyer)

    opened = [browser.get(page(name, conversation)).status_code for name in ("organ", "organ-answer")]
    listed = browser.get(page("organs") + "?show=all").content.decode()

    assert opened == [404, 404]
    assert conversation.case.number not in listed
    assert organ_rates(browser.user) == []


def test_the_head_of_a_firm_with_a_second_hat_keys_nothing_in_for_the_firm_s_cases(centre):
    conversation = asked(centre)
    browser = signed_in(Role.MANAGER, Role.FIRM, at=centre, heads=conversation.case.firm)

    assert browser.post(page("organ-answer", conversation), SHEET).status_code == 404
    assert browser.post(page("organ-print", conversation)).status_code == 404


def test_pages_about_clients_show_nothing_of_organs(centre):
    conversation = asked(centre)
    keyed_in(conversation)
    browser = signed_in(Role.MANAGER, Role.FOLLOW_UP, at=centre)

    lists = [page(name) for name in ("telephone-list", "errand-list", "papers")]
    seen = [conversation.case.number in browser.get(address).content.decode() for address in lists]
    opened = [browser.get(page(name, conversation)).status_code for name in ("interview", "errand")]

    assert (seen, opened) == ([False] * 3, [404, 404])


# --- who answers


def test_who_answers_is_counted_by_unit_beside_its_interval(centre):
    organ(centre)
    organ(centre, name="临江县公安局", kind=OrganKind.POLICE, way=OrganWay.LETTER)
    rows = [asked(centre) for _each in range(6)]
    sent(rows[0])
    for row in rows[:3]:
        keyed_in(row)
    services.expire(now=NOW + timedelta(days=46))
    asked(centre, organ="临江县公安局")
    user = factories.user(Role.MANAGER, at=centre)

    found = {rate.unit: rate for rate in organ_rates(user)}

    court, police = found[COURT], found["临江县公安局"]
    assert (court.asked, court.answered, court.open, court.silent) == (6, 3, 0, 3)
    assert court.share.percent == 50
    assert (police.asked, police.unsent, police.share.percent) == (0, 1, None)
    seen = signed_in(Role.MANAGER, at=centre).get(page("organ-rates")).content.decode()
    assert "50.0 %" in seen
    assert "18.8–81.2 %" in seen
    nowhere = signed_in(Role.MANAGER, at=centre).get(page("organ-rates") + "?period=nonsense")
    assert nowhere.status_code == 404


@pytest.mark.parametrize("name", ["organs", "organ-letters", "organ-rates", "organ-book"])
@pytest.mark.parametrize("rows", [1, 5])
def test_lists_cost_the_same_for_one_and_for_several(centre, django_assert_max_num_queries, name, rows):
    for number in range(rows):
        unit = organ(centre, name=f"第{number}法院")
        row = asked(centre, organ=unit.name)
        services.make_batch(user=factories.user(Role.MANAGER, at=centre), organ=unit, now=NOW)
        keyed_in(row)
        asked(centre, organ=unit.name)
        factories.case(centre, organ=f"第{number}检察院")
    browser = signed_in(Role.MANAGER, at=centre)
    browser.get(page(name))

    with django_assert_max_num_queries(12):
        browser.get(page(name))
