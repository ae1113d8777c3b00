"""What a client says otherwise later, on a call or a form: the first answer stands, and the later one is heard."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from importlib import import_module
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from surveys.enums import AlertKind, Concern, Mode
from surveys.models import Alert, Answer, Conversation, Recovery, Response, SecondEntry
from surveys.queries.evidence import client_answers
from surveys.queries.figures.answers import answer_statistics
from surveys.queries.second_entries import entry_answers
from tests import factories
from tests.qa_service.documents.reading import text_of
from tests.surveys import factories as survey_rows
from tests.surveys.faces.rows import CLIENT_NAME, SATISFIED, answer, asked, begin, go_through, press
from tests.surveys.faces.test_costs_of_answers import statements, work_of
from tests.surveys.faces.test_telephone import UNHAPPY, address, record, signed_in
from tests.surveys.recovering import Office, office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
LATER = factories.NOW + timedelta(hours=2)
CONTENT = dict(SATISFIED[:-1])


@pytest.fixture
def today() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def place() -> Office:
    return office(sms_enabled=True)


def texted(place: Office, body: str) -> tuple[Conversation, str]:
    """Answered by text two hours ago; the key of the link that thanked for it."""
    conversation, key = asked(factories.case(place.centre, client=factories.client(place.centre, name=CLIENT_NAME)))
    survey_rows.reply(conversation, body)
    return conversation, key


def left_half_done(place: Office, *answers: tuple[str, str]) -> Conversation:
    with time_machine.travel(factories.NOW, tick=False):
        conversation, key = asked(factories.case(place.centre))
        go_through(begin(key), key, list(answers))
    return conversation


def clerk(place: Office) -> Browser:
    return signed_in(Role.FOLLOW_UP, at=place.centre)


def marks(conversation: Conversation) -> tuple[str, list[str]]:
    """The mark that stands, and those beside it."""
    first = Answer.objects.get(response__conversation=conversation, question__code="q1").choice
    assert first is not None
    return first.value, [entry_answers(entry)["q1"][0] for entry in conversation.second_entries.all()]


def matter_page(place: Office, who: str) -> str:
    browser = Browser()
    browser.force_login(getattr(place, who))
    return browser.get(reverse("surveys:alert", args=[Alert.objects.get().public_id])).content.decode()


def test_an_unhappy_mark_on_the_call_after_a_better_one_by_text_is_kept_beside_it_and_opens_a_recovery(place):
    conversation, _key = texted(place, "5")

    sent = record(clerk(place), conversation, "reached", UNHAPPY, **{"text-q10": "周三下午"})

    assert sent.status_code == 302
    assert marks(conversation) == ("5", ["1"])
    recovery = Recovery.objects.get()
    assert (recovery.concern, recovery.alert.may_call) == (Concern(UNHAPPY["q8"]), True)
    beside = entry_answers(SecondEntry.objects.get())
    assert [beside[code] for code in ("q8", "q9", "q10")] == [
        (UNHAPPY["q8"], ""), (UNHAPPY["q9"], ""), ("yes", "周三下午"),
    ]  # fmt: skip
    # What counts is what was said first, and only that.
    (counted,) = client_answers([conversation.case_id])
    assert (counted.q1, counted.q8, counted.mode) == (5, None, Mode.SMS)


def test_the_caller_is_told_that_what_they_keyed_in_is_kept_beside_what_the_client_had_said(place):
    conversation, _key = texted(place, "5")
    browser = clerk(place)

    record(browser, conversation, "reached", UNHAPPY)
    told = browser.get(reverse("surveys:telephone-list")).content.decode()
    page = browser.get(address("interview", conversation)).content.decode()

    assert "以最初的回答为准" in told
    beside = page[page.index('aria-label="另存的一份"') :]
    assert re.findall(r"<td>([^<]*)</td>", beside)[:2] == ["非常满意", "非常不满意"]


def test_a_call_that_says_the_same_as_the_text_is_kept_once(place):
    conversation, _key = texted(place, "5")
    browser = clerk(place)

    record(browser, conversation, "reached", CONTENT)

    assert marks(conversation) == ("5", [])
    assert "以最初的回答为准" not in browser.get(reverse("surveys:telephone-list")).content.decode()


def test_who_was_unhappy_by_text_and_is_not_on_the_call_is_still_seen_to(place):
    conversation, _key = texted(place, "1")

    sent = record(clerk(place), conversation, "reached", CONTENT | {"q7": "no"})

    assert (sent.status_code, marks(conversation)) == (302, ("1", ["5"]))
    # The unhappy client's matter has room for what else is unclear.
    assert list(Alert.objects.values_list("kind", flat=True)) == [AlertKind.RECOVERY]


def test_the_mark_of_a_form_left_half_done_stands_whatever_is_keyed_in_later(place):
    conversation = left_half_done(place, ("q1", "1"), ("q2", "never"), ("q8", "service"), ("q9", "delay"))

    record(clerk(place), conversation, "reached", CONTENT)

    assert marks(conversation) == ("1", ["5"])
    kept = Response.objects.get()
    said = dict(kept.answers.values_list("question__code", "choice__value"))
    assert (kept.mode, bool(kept.finished_at), said["q2"], said["q3"], said["q8"]) == (
        Mode.WEB, True, "never", CONTENT["q3"], "service",
    )  # fmt: skip
    assert Recovery.objects.get().concern == Concern.SERVICE


def test_that_money_was_spoken_of_before_is_told_to_no_caller_by_what_is_kept(place):
    pages = []
    for money in ("no", "yes"):
        conversation = left_half_done(place, *SATISFIED[:5], ("q6", money))
        browser = clerk(place)
        record(browser, conversation, "reached", CONTENT)
        told = browser.get(reverse("surveys:telephone-list")).content.decode()
        seen = browser.get(address("interview", conversation)).content.decode()
        pages.append(("以最初的回答为准" in told, "就可显示的内容而言，两份一致。" in seen, "<td>" in seen))

    assert pages == [(True, True, False)] * 2


@pytest.mark.parametrize("who", ["staff", "supervisor"])
def test_whoever_sees_to_a_recovery_and_whoever_signs_it_off_reads_the_mark_that_opened_it(place, who):
    conversation, _key = texted(place, "5")
    record(clerk(place), conversation, "reached", UNHAPPY, **{"text-q11": "电话打了七次没人接"})

    page = matter_page(place, who)

    later = page[page.index("Said later") if "Said later" in page else page.index("后来的评价") :]
    assert "非常不满意" in later[:200]
    assert all(said in page for said in ("非常满意", "电话打了七次没人接"))
    assert 'aria-label="另存的一份"' in page


def test_words_of_money_kept_beside_are_read_with_the_sealed_matter_alone(place):
    conversation, _key = texted(place, "5")
    browser, above = clerk(place), Browser()
    above.force_login(place.supervisor)
    record(browser, conversation, "reached", CONTENT)
    told = {f"value-{code}": value for code, value in UNHAPPY.items()} | {"text-q11": "律师收了我2000块"}
    browser.post(address("interview-second", conversation), told)

    pages = {
        alert.kind: above.get(reverse("surveys:alert", args=[alert.public_id])).content.decode()
        for alert in Alert.objects.all()
    }

    assert {kind: "2000块" in page for kind, page in pages.items()} == {
        AlertKind.RECOVERY: False, AlertKind.MONEY: True,
    }  # fmt: skip
    assert "2000块" not in browser.get(address("interview", conversation)).content.decode()


def test_the_form_of_the_call_says_whose_mark_stands_in_it_and_that_another_is_kept_beside(place):
    conversation, _key = texted(place, "5")
    browser = clerk(place)
    browser.post(address("interview-take", conversation))

    page = browser.get(address("interview", conversation)).content.decode()

    question = page[page.index('id="question-q1"') : page.index('id="question-q2"')]
    assert ("短信" in question, "另一份" in question, 'value="5" checked' in question) == (True, True, True)
    assert "另一份" not in page[page.index('id="question-q2"') :]


@pytest.mark.usefixtures("fonts")
def test_the_printed_record_says_what_came_by_text_and_what_was_said_on_the_call(place):
    conversation, _key = texted(place, "5")
    browser = clerk(place)
    record(browser, conversation, "reached", UNHAPPY)

    printed = browser.post(reverse("surveys:print-record", args=[conversation.public_id]))
    assert printed.status_code == 200, printed.content.decode()[-1500:]
    text = text_of(printed.content)

    first, called = "2026-11-2010:00", "2026-11-2012:00"
    head, rest = text[: text.index("回访内容")], text[text.index("回访内容") :]
    assert ("短信，后经电话" in head, called in head, first in head) == (True, True, False)
    assert rest.index(f"非常满意（短信，{first}）") < rest.index("另存的一份") < rest.index("非常不满意")
    assert f"电话，{called}" in rest


def test_what_was_asked_by_telephone_after_a_mark_by_text_is_counted_by_telephone(place):
    conversation, key = texted(place, "5")
    go_through(begin(key), key, [("q2", "never")])
    record(clerk(place), conversation, "reached", CONTENT)

    found = {each.question.code: each for each in answer_statistics(user=place.manager, now=LATER).questions}

    counted = {code: [(line.mode, line.n) for line in found[code].by_mode if line.n] for code in ("q1", "q2", "q3")}
    assert counted == {"q1": [(Mode.SMS, 1)], "q2": [(Mode.WEB, 1)], "q3": [(Mode.TELEPHONE, 1)]}
    told = Entry.objects.filter(action="surveys.answered").order_by("pk").values_list("details", flat=True)
    assert [each["mode"] for each in told] == ["sms", "web"]


def test_the_ways_of_answers_that_are_there_already_are_found_by_when_they_came(place):
    migration = import_module("surveys.migrations.0010_way_of_each_answer")
    conversation, key = texted(place, "5")
    with time_machine.travel(LATER - timedelta(hours=1), tick=False):
        go_through(begin(key), key, [("q2", "never")])
    record(clerk(place), conversation, "reached", CONTENT)
    kept = dict(Answer.objects.values_list("question__code", "mode"))
    Answer.objects.update(mode="")

    migration.find(apps, SimpleNamespace(connection=connection))

    assert dict(Answer.objects.values_list("question__code", "mode")) == kept
    assert (kept["q1"], kept["q2"], kept["q3"]) == ("", "web", "telephone")


# --- what somebody else answers on the call ---


def of_others(conversation: Conversation) -> list[tuple[str, str]]:
    return [(entry.answerer, entry.mode) for entry in conversation.second_entries.all()]


@pytest.mark.parametrize("who", ["other", "guardian", "authorised"])
def test_what_another_answers_on_the_call_is_never_the_clients(place, who):
    conversation, _key = texted(place, "1")

    record(clerk(place), conversation, "reached", UNHAPPY | {"q7": "yes", "q10": "no"}, answerer=who)

    kept = Response.objects.get()
    said = list(kept.answers.values_list("question__code", "choice__value"))
    assert (kept.mode, kept.answerer, said, bool(kept.receipt)) == (Mode.SMS, "client", [("q1", "1")], True)
    assert of_others(conversation) == [(who, "telephone")]
    assert entry_answers(SecondEntry.objects.get())["q2"] == ("never", "")
    (counted,) = client_answers([conversation.case_id])
    assert (counted.q1, counted.q2, counted.q8) == (1, None, None)
    # Who may not answer for the client does not say either whether they may be rung.
    assert Alert.objects.get().may_call is (None if who == "other" else False)


def test_what_another_tells_of_money_and_danger_is_seen_to_and_sealed(place):
    conversation = left_half_done(place, *SATISFIED[:6])
    answers = CONTENT | {"q6": "yes", "q6who": "centre", "q10": "no"}
    browser = clerk(place)

    record(browser, conversation, "reached", answers, answerer="other", **{"text-q11": "她老公要杀她"})

    assert set(Alert.objects.values_list("kind", "for_bureau")) >= {(AlertKind.MONEY, True)}
    assert Alert.objects.filter(kind=AlertKind.DANGER).exists()
    said = dict(Response.objects.get().answers.values_list("question__code", "choice__value"))
    assert (said["q6"], set(said)) == ("no", {code for code, _value in SATISFIED[:6]})
    assert "是谁要的" not in browser.get(address("interview", conversation)).content.decode()


def test_a_sheet_of_another_with_nothing_on_it_closes_nothing(place):
    conversation, _key = texted(place, "5")

    sent = record(clerk(place), conversation, "reached", {}, answerer="other", mode="paper")

    assert (sent.status_code, SecondEntry.objects.count(), Response.objects.get().receipt) == (422, 0, "")


@pytest.mark.usefixtures("fonts")
def test_the_printed_record_says_who_answered_what(place):
    conversation, _key = texted(place, "5")
    browser = clerk(place)
    record(browser, conversation, "reached", CONTENT | {"q2": "never"}, answerer="other")

    text = text_of(browser.post(reverse("surveys:print-record", args=[conversation.public_id])).content)
    page = browser.get(address("interview", conversation)).content.decode()

    own, others = text.split("另存的一份", 1)
    assert ("受援人本人" in own, "后经电话" in own, "其他人" in own) == (True, False, False)
    assert "其他人" in others
    assert "之后的内容由" in page


# --- on the client's own form, after an answer by text ---

UNHAPPY_FORM = [("q1", "1"), *SATISFIED[1:7], ("q8", "service"), ("q9", "delay"), ("q10", "yes"), ("q11", "")]


def test_an_unhappy_mark_on_the_form_after_a_better_one_by_text_is_kept_beside_it_and_opens_a_recovery(place):
    conversation, key = texted(place, "5")

    go_through(begin(key), key, UNHAPPY_FORM)

    assert marks(conversation) == ("5", ["1"])
    beside = entry_answers(SecondEntry.objects.get())
    assert {code: value for code, (value, _words) in beside.items()} == {
        "q1": "1", "q8": "service", "q9": "delay", "q10": "yes",
    }  # fmt: skip
    recovery = Recovery.objects.get()
    assert (recovery.concern, recovery.alert.may_call) == (Concern.SERVICE, True)
    (counted,) = client_answers([conversation.case_id])
    assert (counted.q1, counted.q3, counted.q8, bool(Response.objects.get().receipt)) == (5, "yes", None, True)
    page = matter_page(place, "supervisor")
    assert all(said in page for said in ("后来的评价", "由受援人本人填写", "非常满意", "非常不满意"))


def test_an_unhappy_mark_on_a_form_that_is_left_there_is_seen_to_as_one_by_text_would_be(place):
    conversation, key = texted(place, "4")

    go_through(begin(key), key, [("q1", "2")])

    assert (marks(conversation), Recovery.objects.count()) == (("4", ["2"]), 1)


def test_the_form_says_that_the_mark_by_text_stands_and_shows_what_was_chosen_since(place):
    _conversation, key = texted(place, "5")
    browser = begin(key)
    address_of_first = reverse("surveys:form-question", args=[key, "q1"])

    before = browser.get(address_of_first).content.decode()
    answer(browser, key, "q1", "1")
    after = browser.get(address_of_first).content.decode()

    assert ["用短信回答的是“非常满意”，这个回答不会改动" in page for page in (before, after)] == [True, True]
    assert [re.findall(r'value="(\w+)" id="[\w-]+" checked', page) for page in (before, after)] == [["5"], ["1"]]
    assert "用短信回答" not in browser.get(reverse("surveys:form-question", args=[key, "q2"])).content.decode()


def test_who_chooses_anew_the_mark_they_sent_by_text_says_nothing_else(place):
    conversation, key = texted(place, "5")

    go_through(begin(key), key, [*SATISFIED[:1], *SATISFIED])

    assert (marks(conversation), Alert.objects.count()) == (("5", []), 0)


def test_who_changes_their_mind_twice_on_the_form_leaves_one_entry_and_all_their_words(place):
    conversation, key = texted(place, "1")

    go_through(begin(key), key, [("q8", "result"), ("q1", "2"), ("q1", "5"), *SATISFIED[1:]])

    assert marks(conversation) == ("1", ["5"])
    said = dict(Response.objects.get().answers.values_list("question__code", "choice__value"))
    assert (said["q8"], said["q7"]) == ("result", "yes")
    assert Recovery.objects.get().concern == Concern.RESULT


def test_what_somebody_else_told_otherwise_goes_with_what_came_from_their_telephone(place):
    _conversation, key = texted(place, "5")
    go_through(begin(key), key, [("q1", "1")])

    Browser().post(reverse("surveys:form-stop", args=[key]), {"why": "not_me"})

    assert (Response.objects.count(), SecondEntry.objects.count()) == (0, 0)


def test_an_answer_told_otherwise_costs_the_database_as_much_as_one_that_is_told_first(place):
    costs = []
    for mark in ("5", "1"):
        _conversation, key = texted(place, mark)
        browser = begin(key)
        costs.append(
            [len(work_of(statements(partial(press, browser, key, code, value)))) for code, value in UNHAPPY_FORM]
        )

    (first, *otherwise), (_nothing_new, *told_first) = costs
    assert max(first, *otherwise) <= 6
    assert otherwise == told_first


def test_a_form_that_was_begun_and_left_empty_does_not_write_over_the_mark_that_came_by_text(place):
    conversation, key = asked(factories.case(place.centre, client=factories.client(place.centre)))
    browser = begin(key)
    survey_rows.reply(conversation, "5", now=LATER)

    page = browser.get(reverse("surveys:form-question", args=[key, "q1"])).content.decode()
    go_through(browser, key, UNHAPPY_FORM)

    assert "用短信回答的是“非常满意”，这个回答不会改动" in page
    assert (marks(conversation), Recovery.objects.count()) == (("5", ["1"]), 1)
    (counted,) = client_answers([conversation.case_id])
    assert (counted.q1, counted.mode, counted.late) == (5, Mode.SMS, False)


def test_clients_own_entries_hold_the_way_back_with_a_sentence(place):
    migration = import_module("surveys.migrations.0008_later_marks")
    # The last step on the way there is the first one back.
    way_back = partial(migration.Migration.operations[-1].reverse_code, apps, SimpleNamespace(connection=connection))
    _conversation, key = texted(place, "5")

    way_back()
    go_through(begin(key), key, [("q1", "1")])
    with pytest.raises(migration.WrittenByClients, match="1 answers that clients changed"):
        way_back()

    assert SecondEntry.objects.count() == 1


def test_a_program_is_told_that_what_it_keyed_in_is_kept_beside(place):
    told = []
    program = APIClient()
    program.force_authenticate(place.staff)
    for mark in ("5", "1"):
        conversation, _key = texted(place, mark)
        answers = [{"question": code, "value": value} for code, value in CONTENT.items()]
        sent = {"answerer": "client", "mode": "telephone", "identity": "township", "answers": answers}
        door = f"/api/v1/surveys/conversations/{conversation.public_id}/interview"
        told.append(program.post(door, sent).json()["kept_beside"])

    assert told == [False, True]


def test_money_told_on_the_call_is_heard_though_the_form_had_said_no(place):
    conversation = left_half_done(place, *SATISFIED[:6])

    record(clerk(place), conversation, "reached", CONTENT | {"q6": "yes", "q6who": "centre", "q10": "no"})

    alert = Alert.objects.get()
    assert (alert.kind, alert.for_bureau) == (AlertKind.MONEY, True)


def test_beside_a_first_answer_stands_nothing_that_only_money_had_them_asked(place):
    """They had been asked whether we may call, and were asked again by an answer that tells of money alone."""
    first = [("q1", "1"), *SATISFIED[1:7], ("q8", "result"), ("q10", "yes")]
    seen = []
    for money in ({"q6": "no"}, {"q6": "yes", "q6who": "centre", "q10": "no"}):
        conversation, browser = left_half_done(place, *first), clerk(place)
        record(browser, conversation, "reached", CONTENT | money)
        page = browser.get(address("interview", conversation)).content.decode()
        seen.append(re.findall(r"<td>([^<]*)</td>", page[page.index('aria-label="另存的一份"') :]))

    assert seen[0] == seen[1]
    assert seen[0][:2] == ["非常不满意", "非常满意"]


def test_whoever_telephones_learns_of_no_money_by_what_they_need_not_ask(place):
    """Every question that is sealed has to be put again, whatever was answered to it."""
    seen = []
    for money in ("no", "yes"):
        rest = [("q7", "yes"), ("q10", "no")] if money == "yes" else [("q7", "yes")]
        who = [("q6who", "lawyer")] if money == "yes" else []
        conversation = left_half_done(place, *SATISFIED[:5], ("q6", money), *who, *rest)
        for keyed in ("", "staff"):
            refused = record(clerk(place), conversation, "reached", {**CONTENT, "q6": keyed})
            page = refused.content.decode()
            seen.append((refused.status_code, re.findall(r'href="#question-(\w+)"', page)))

    assert seen == [(422, ["q6"]), (422, ["q10"])] * 2
