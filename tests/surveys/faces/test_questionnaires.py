"""Writing, judging, publishing and using questionnaires, through the pages."""

import json
from importlib.resources import files
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.common.json_files import document_in
from qa_service.organisations.enums import OrganisationKind
from surveys import services
from surveys.blueprint import read_document, to_document
from surveys.enums import Publication
from surveys.languages import LANGUAGES
from surveys.models import Choice, Conversation, Message, Plan, Question, Questionnaire
from surveys.queries.questionnaires import blueprint_of
from tests import factories
from tests.surveys import factories as survey_rows
from tests.surveys.faces.rows import begin as begin_form
from tests.surveys.faces.rows import page as form_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def today():
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def centre():
    survey_rows.questionnaires()
    return factories.centre(code="linjiang", settings={"sms_enabled": True, "first_contact_delay_days": 0})


@pytest.fixture
def browser(centre):
    return signed_in(Role.MANAGER, at=centre)


def signed_in(*roles: Role, at: Any) -> Browser:
    browser = Browser()
    browser.force_login(factories.user(*roles, at=at))
    return browser


def default(key: str = "client-closing") -> Questionnaire:
    return Questionnaire.objects.get(key=key, owner=None)


def url(name: str, questionnaire: Questionnaire, *args: Any) -> str:
    return reverse(f"surveys:questionnaire{name}", args=[questionnaire.public_id, *args])


def drafted(browser: Browser, centre: Any, key: str = "linjiang-client") -> Questionnaire:
    browser.post(
        reverse("surveys:questionnaire-new"),
        {"source": default().public_id, "owner": centre.public_id, "key": key},
    )
    return Questionnaire.objects.get(key=key, state=Publication.DRAFT)


def boxes(draft: Questionnaire, asked: str, /, **changed: Any) -> dict[str, Any]:
    """What the page of one question would post."""
    question = next(item for item in draft.draft["questions"] if item["code"] == asked)
    posted: dict[str, Any] = {
        "revision": draft.revision, "act": "save", "code": asked, "scale": "choice",
        "modes": question.get("modes", []),
        "when": [f"{rule['question']}={value}" for rule in question.get("shown_when", []) for value in rule["any_of"]],
    }  # fmt: skip
    posted |= {f"text-{name}": text for name, text in question["text"].items()}
    posted |= {f"hint-{name}": text for name, text in question.get("hint", {}).items()}
    for number, choice in enumerate(question["choices"]):
        posted |= {f"choices-{number}-{name}": text for name, text in choice.items()}
    return posted | changed


def test_a_manager_writes_a_questionnaire_from_the_default_and_puts_it_to_use(browser, centre):
    draft = drafted(browser, centre)

    browser.post(url("-question", draft, "q3"), boxes(draft, "q3", **{"text-zh": "您听明白了吗？"}))
    draft.refresh_from_db()
    published = browser.post(url("-publish", draft), {"revision": draft.revision}, follow=True)
    browser.post(url("-use", draft), {"wave": "closing", "centres": [centre.public_id]})

    draft.refresh_from_db()
    case = factories.case(centre, client=factories.client(centre))
    services.invite_due(now=factories.NOW)
    assert "已发布" in published.content.decode()
    assert (draft.state, draft.version, draft.owner) == (Publication.PUBLISHED, 1, centre)
    assert Conversation.objects.get(case=case).questionnaire == draft
    assert draft.questions.get(code="q3").text_zh == "您听明白了吗？"
    told = (
        Entry.objects.filter(action__startswith="surveys.questionnaire")
        .exclude(actor_id__startswith="system:")
        .order_by("pk")
    )
    assert list(told.values_list("action", flat=True)) == [
        "surveys.questionnaire_drafted", "surveys.questionnaire_changed", "surveys.questionnaire_published",
        "surveys.questionnaire_used",
    ]  # fmt: skip


def test_the_next_version_takes_over_and_the_older_stays_with_those_it_asked(browser, centre):
    first = drafted(browser, centre)
    browser.post(url("-publish", first), {"revision": 0})
    browser.post(url("-use", first), {"wave": "closing", "centres": [centre.public_id]})
    case = factories.case(centre, client=factories.client(centre))
    services.invite_due(now=factories.NOW)

    browser.post(url("-draft", first))
    second = Questionnaire.objects.get(key=first.key, version=2)
    browser.post(url("-publish", second), {"revision": 0})

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (Publication.RETIRED, Publication.PUBLISHED)
    assert Conversation.objects.get(case=case).questionnaire == first


def test_a_centre_that_no_longer_uses_it_asks_by_the_default_again(browser, centre):
    own = drafted(browser, centre)
    browser.post(url("-publish", own), {"revision": 0})
    browser.post(url("-use", own), {"wave": "closing", "centres": [centre.public_id]})
    refused = browser.post(url("-retire", own), follow=True)
    own.refresh_from_db()
    kept = own.state

    browser.post(url("-use", own), {"wave": "closing"})
    browser.post(url("-retire", own))

    own.refresh_from_db()
    assert ("仍在使用" in refused.content.decode(), kept, own.state) == (
        True, Publication.PUBLISHED, Publication.RETIRED,
    )  # fmt: skip
    assert Plan.objects.get(centre=centre).questionnaire_key == "client-closing"


def test_what_forbids_to_publish_is_told_in_place_and_nothing_is_published(browser, centre):
    draft = drafted(browser, centre)
    browser.post(url("-arrange", draft, "q6"), {"revision": 0, "act": "remove"})

    refused = browser.post(url("-publish", draft), {"revision": 1})

    draft.refresh_from_db()
    said = refused.content.decode()
    assert (refused.status_code, draft.state) == (422, Publication.DRAFT)
    assert "缺少代码为 q6 的题目" in said
    assert "questions[9].shown_when[1].question" in said


def test_two_editors_of_one_draft_get_a_notice_and_lose_nothing(browser, centre):
    draft = drafted(browser, centre)
    typed = boxes(draft, "q3", **{"text-zh": "甲写的"})
    browser.post(url("-question", draft, "q3"), boxes(draft, "q3", **{"text-zh": "乙写的"}))

    refused = browser.post(url("-question", draft, "q3"), typed)

    draft.refresh_from_db()
    assert (refused.status_code, draft.revision) == (409, 1)
    assert 'value="甲写的"' in refused.content.decode()
    assert blueprint_of(draft).question("q3").texts["zh-hans"] == "乙写的"

    browser.post(url("-question", draft, "q3"), typed | {"revision": draft.revision})

    draft.refresh_from_db()
    assert blueprint_of(draft).question("q3").texts["zh-hans"] == "甲写的"


def test_what_was_looked_at_is_what_is_published(browser, centre):
    draft = drafted(browser, centre)
    browser.post(url("-arrange", draft, "q3"), {"revision": 0, "act": "up"})

    browser.post(url("-publish", draft), {"revision": 0})

    draft.refresh_from_db()
    assert draft.state == Publication.DRAFT


def test_a_question_of_ones_own_is_added_with_ready_answers(browser, centre):
    draft = drafted(browser, centre)
    typed = {"revision": 0, "code": "x1", "scale": "frequency", "text-zh": "守约吗？", "text-en": "Punctual?"}

    filled = browser.post(url("-add", draft), typed | {"act": "fill"})
    browser.post(url("-add", draft), typed | {"act": "save", "when": ["q1=1", "q1=2"], "modes": ["web"]})

    draft.refresh_from_db()
    assert 'value="sometimes"' in filled.content.decode()
    assert draft.draft["questions"][-1] == {
        "code": "x1", "kind": "choice", "text": {"zh": "守约吗？", "en": "Punctual?"}, "modes": ["web"],
        "shown_when": [{"question": "q1", "any_of": ["1", "2"]}],
        "choices": [
            {"value": "always", "zh": "每次都是", "en": "Always"},
            {"value": "sometimes", "zh": "有时", "en": "Sometimes"},
            {"value": "never", "zh": "从来没有", "en": "Never"},
            {"value": "unknown", "zh": "不记得了／不想回答", "en": "I don't remember / I'd rather not say"},
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [
        {"code": ""},
        {"code": "with space"},
        {"code": "很"},
        {"text-zh": "字" * 301},
        {"modes": ["fax"]},
        {"when": ["=" * 10]},
        {"choices-0-value": "no good"},
        {"choices-0-zh": "字" * 121},
    ],
)
def test_what_a_box_cannot_hold_is_refused_with_what_was_typed_kept(browser, centre, typed):
    draft = drafted(browser, centre)

    refused = browser.post(url("-question", draft, "q3"), boxes(draft, "q3", **typed))

    draft.refresh_from_db()
    assert (refused.status_code, draft.revision) == (422, 0)
    assert 'id="error-summary"' in refused.content.decode()


def test_odd_requests_are_answered(browser, centre):
    draft = drafted(browser, centre)
    answers = [
        browser.post(url("-question", draft, "q3"), {"scale": "nonsense"}).status_code,
        browser.post(url("-question", draft, "nothing"), {}).status_code,
        browser.post(url("-arrange", draft, "q3"), {"act": "sideways"}).status_code,
        browser.post(url("-arrange", draft, "q3"), {"act": "up", "revision": "²"}).status_code,
        browser.post(url("-publish", draft), {"revision": "9" * 5000}).status_code,
        browser.post(url("-use", draft), {"wave": "nothing"}).status_code,
        browser.post(url("-use", draft), {"wave": "closing"}).status_code,
        browser.get(url("-phone", draft, "zz")).status_code,
        browser.get(url("-phone", draft, "q1") + "?a=%01&a=q1&language=xx&a=q1:9").status_code,
        browser.get(url("-preview", draft) + "?language=%01&question=zz").status_code,
        browser.get(reverse("surveys:questionnaires") + "?page=x").status_code,
        browser.get(reverse("surveys:questionnaire-new") + "?source=x").status_code,
    ]

    assert answers == [422, 404, 302, 302, 302, 422, 409, 404, 200, 200, 200, 200]


@pytest.mark.usefixtures("kept_for_ever")
def test_a_published_version_is_frozen_by_the_database_itself(browser, centre):
    published, draft = default(), drafted(browser, centre)
    question, choice = published.questions.first(), published.questions.first().choices.first()
    own = Question.objects.create(questionnaire=draft, code="q1", position=1)

    for change in (
        lambda: Questionnaire.objects.filter(pk=published.pk).update(title_zh="别的"),
        lambda: Questionnaire.objects.filter(pk=published.pk).update(state=Publication.DRAFT),
        lambda: Questionnaire.objects.filter(pk=published.pk).update(texts={"thanks": {}}),
        lambda: Question.objects.filter(pk=question.pk).update(text_zh="别的"),
        lambda: Choice.objects.filter(pk=choice.pk).update(text_zh="别的"),
        lambda: Choice.objects.bulk_create([Choice(question=question, value="z", position=90, text_zh="", text_en="")]),
        lambda: Question.objects.bulk_create([Question(questionnaire=published, code="q99", position=90)]),
        # Taken out of it they could be changed, and put back.
        lambda: Question.objects.filter(pk=question.pk).update(questionnaire=draft, code="q99", position=90),
        lambda: Choice.objects.filter(pk=choice.pk).update(question=own, value="z", position=90),
        lambda: published.questions.all()._raw_delete("default"),
        lambda: question.choices.all()._raw_delete("default"),
        lambda: Questionnaire.objects.filter(pk=published.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            change()


def test_a_published_version_is_not_edited_by_its_pages(browser, centre):
    draft = drafted(browser, centre)
    browser.post(url("-publish", draft), {"revision": 0})

    answers = [
        browser.get(url("-question", draft, "q3")).status_code,
        browser.get(url("-heading", draft)).status_code,
        browser.post(url("-arrange", draft, "q3"), {"revision": 0, "act": "remove"}).status_code,
        browser.post(url("-discard", draft)).status_code,
        browser.post(url("-publish", draft), {"revision": 0}).status_code,
    ]

    assert answers == [409, 409, 409, 409, 302]
    assert Questionnaire.objects.filter(pk=draft.pk, state=Publication.PUBLISHED).exists()


def test_a_draft_is_given_up(browser, centre):
    draft = drafted(browser, centre)

    browser.post(url("-discard", draft))

    assert not Questionnaire.objects.filter(pk=draft.pk).exists()


def test_there_is_one_draft_of_a_key_and_the_second_editor_is_led_to_it(browser, centre):
    draft = drafted(browser, centre)
    browser.post(url("-publish", draft), {"revision": 0})
    browser.post(url("-draft", draft))

    again = browser.post(url("-draft", draft), follow=True)

    there = Questionnaire.objects.get(key=draft.key, state=Publication.DRAFT)
    assert again.redirect_chain[-1][0] == url("", there)


def test_what_is_exported_is_imported_again(browser, centre):
    file = browser.get(url("-file", default()))
    upload = SimpleUploadedFile("questions.json", file.content)

    browser.post(reverse("surveys:questionnaire-import"), {"file": upload, "owner": centre.public_id, "key": "ours"})

    draft = Questionnaire.objects.get(key="ours")
    assert file.headers["Content-Disposition"] == 'attachment; filename="client-closing-v2.json"'
    assert draft.draft == to_document(read_document(document_in(file.content))) | {"key": "ours"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"key": "x",\n "audience" }', "第 2 行第 13 列"),
        ("[]", "不是对象"),
        ('{"key": "x", "audience": "client", "title": {"zh": 5}, "questions": [{"code": "a b"}]}', "questions[0].code"),
        ('{"key": "client-closing", "audience": "client", "title": {}, "questions": []}', "属于别人"),
        ("", "请选择文件"),
    ],
)
def test_a_file_that_cannot_be_taken_says_where(browser, centre, content, told):
    refused = browser.post(
        reverse("surveys:questionnaire-import"), {"text": content, "owner": centre.public_id, "key": ""}
    )

    assert refused.status_code == 422
    assert told in refused.content.decode()
    assert not Questionnaire.objects.filter(state=Publication.DRAFT).exists()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[" * 100_000, b" " * (600 * 1024)])
def test_what_is_no_file_of_ours_is_refused_kindly(browser, centre, content):
    upload = SimpleUploadedFile("x.json", content)

    refused = browser.post(
        reverse("surveys:questionnaire-import"), {"file": upload, "owner": centre.public_id, "key": "x"}
    )

    assert refused.status_code == 422


def test_a_bureau_writes_for_its_centres_and_a_centre_may_not_touch_it():
    survey_rows.questionnaires()
    bureau = factories.organisation(OrganisationKind.BUREAU)
    below, foreign = factories.centre(bureau), factories.centre()
    supervisor, manager = signed_in(Role.SUPERVISOR, at=bureau), signed_in(Role.MANAGER, at=below)
    stranger, clerk = signed_in(Role.MANAGER, at=foreign), signed_in(Role.FOLLOW_UP, at=below)
    draft = drafted(supervisor, bureau, "bureau-client")
    unseen = manager.get(url("", draft)).status_code  # a draft of the bodies above is their own matter
    supervisor.post(url("-publish", draft), {"revision": 0})

    seen = [manager.get(url("", draft)).status_code, clerk.get(url("-preview", draft)).status_code]
    hidden = [stranger.get(url("", draft)).status_code, stranger.get(url("-file", draft)).status_code]
    changed = [manager.post(url("-retire", draft)).status_code, clerk.post(url("-retire", draft)).status_code]
    manager.post(url("-use", draft), {"wave": "closing", "centres": [below.public_id, foreign.public_id]})

    assert (unseen, seen, hidden, changed) == (404, [200, 200], [404, 404], [404, 403])
    assert list(Plan.objects.filter(questionnaire_key="bureau-client").values_list("centre", flat=True)) == [below.pk]


def test_nobody_writes_the_services_own_nor_for_others(browser, centre):
    foreign = factories.centre()
    browser.post(
        reverse("surveys:questionnaire-new"),
        {"source": default().public_id, "owner": foreign.public_id, "key": "theirs"},
    )
    led = browser.post(url("-draft", default()))

    assert not Questionnaire.objects.filter(state=Publication.DRAFT).exists()
    assert led.url == f"{reverse('surveys:questionnaire-new')}?source={default().public_id}"
    assert browser.post(url("-retire", default())).status_code == 404


def test_the_list_takes_as_many_queries_for_many_as_for_one(browser, centre):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as taken:
            browser.get(reverse("surveys:questionnaires"))
        return len(taken)

    drafted(browser, centre, "one")
    before = queries()
    for number in range(8):
        drafted(browser, centre, f"more-{number}")

    assert queries() == before


def test_one_questionnaire_takes_as_many_queries_however_long(browser, centre):
    def queries(questionnaire: Questionnaire) -> int:
        with CaptureQueriesContext(connection) as taken:
            browser.get(url("", questionnaire))
        return len(taken)

    assert queries(default("client-closing")) == queries(default("organ-opinion"))


# --- texts to telephones ---


def test_its_own_texts_are_sent_once_published(browser, centre, gateway):
    draft = drafted(browser, centre)
    own = {
        "texts-invitation.sms_two_way-zh": "您好，请回复1至5评分。拒收请回复T",
        "texts-invitation.sms_two_way-en": "Rate 1 to 5. Reply T to stop.",
    }
    browser.post(url("-texts", draft), own | {"revision": 0})
    browser.post(url("-publish", draft), {"revision": 1})
    browser.post(url("-use", draft), {"wave": "closing", "centres": [centre.public_id]})
    case = factories.case(centre, client=factories.client(centre))

    services.invite_due(now=factories.NOW)

    sent = Message.objects.get(conversation__case=case)
    assert sent.body == "【服务回访】您好，请回复1至5评分。拒收请回复T"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("您的律 师怎么样？拒收请回复T", "律师"),
        ("您好{name}，拒收请回复T", "{name}"),
        ("请评分", "拒收"),
        ("临江县服务点向您问好，拒收请回复T", "临江县服务点"),
    ],
)
def test_a_telling_text_cannot_be_published(browser, text, told, centre):
    type(centre).objects.filter(pk=centre.pk).update(name="临江县服务点")
    draft = drafted(browser, centre)
    browser.post(
        url("-texts", draft),
        {"revision": 0, "texts-invitation.sms_two_way-zh": text, "texts-invitation.sms_two_way-en": "Reply T to stop"},
    )

    refused = browser.post(url("-publish", draft), {"revision": 1})
    page = browser.get(url("-texts", draft))

    assert refused.status_code == 422
    assert told in refused.content.decode()
    assert told in page.content.decode()


def test_a_preview_counts_parts_and_price(browser, centre, settings):
    unpriced = browser.get(url("-preview", default()) + "?language=en").content.decode()
    settings.SMS_SEGMENT_PRICE = 2
    priced = browser.get(url("-preview", default()) + "?language=en").content.decode()

    assert ("未知" in unpriced, "4 CNY" in priced, "2 CNY" in priced) == (True, True, True)


# --- preview ---


def test_the_preview_is_the_clients_own_page_and_stores_nothing(browser, centre):
    draft = drafted(browser, centre)
    before = Questionnaire.objects.get(pk=draft.pk).revision

    shown = browser.get(url("-phone", draft, "q1"))
    on = browser.post(url("-phone", draft, "q1") + "?language=en", {"value": "2"})
    wrong = browser.post(url("-phone", draft, "q1"), {"value": "9"})
    english = browser.post(url("-phone", draft, "q1"), {"tool": "en"})
    last = browser.post(url("-phone", draft, "q11") + "?a=q1:5", {"text": "x"}, follow=True)

    assert "总的来说，您对这次服务满意吗？" in shown.content.decode()
    assert (on.status_code, "question/q2?language=en&a=q1%3A2" in on.url) == (303, True)
    assert (wrong.status_code, shown.headers["X-Frame-Options"]) == (422, "SAMEORIGIN")
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert "All in all" in english.content.decode()
    assert "未保存" in last.content.decode()
    assert (Conversation.objects.count(), Questionnaire.objects.get(pk=draft.pk).revision) == (0, before)


def test_the_preview_of_an_organ_s_form_is_its_own_page_and_stores_nothing(browser):
    organs = Questionnaire.objects.get(audience="organ", state="published")
    everything = {f"value-q{number}": "5" for number in range(1, 6)}

    frame = browser.get(url("-preview", organs)).content.decode()
    shown = browser.get(url("-phone", organs, "q1"))
    english = browser.post(url("-phone", organs, "q1"), {"tool": "en", "value-q1": "2"}).content.decode()
    missing = browser.post(url("-phone", organs, "q1"), {"act": "send", "value-q1": "5"})
    last = browser.post(url("-phone", organs, "q1"), everything | {"act": "send"}, follow=True)

    assert f'{url("-phone", organs, "q3")}?language=zh-hans#at-q3"' in frame
    page = shown.content.decode()
    assert (page.count("<fieldset"), 'id="at-q3"' in page, "未保存" in page) == (5, True, False)
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Your opinion on the handling of this case" in english
    assert 'name="value-q1" value="2" id="q1-2" checked' in english or 'value="2"' in english.split("checked")[0][-60:]
    assert (missing.status_code, missing.content.decode().count("<li>")) == (422, 4)
    assert "未保存" in last.content.decode()
    assert Conversation.objects.count() == 0


def test_branches_open_in_the_preview(browser, centre):
    unhappy = browser.post(url("-phone", default(), "q7") + "?a=q1:1", {"value": "no"})
    happy = browser.post(url("-phone", default(), "q7") + "?a=q1:5", {"value": "no"})

    assert ("question/q8?" in unhappy.url, "question/q11?" in happy.url) == (True, True)


# --- languages ---


def spoken_in(language: str) -> Questionnaire:
    document = json.loads(
        json.dumps(to_document(blueprint_of(default()))).replace('"en":', f'"{language}": "[{language}]", "en":')
    )
    made = services.publish(content=document | {"version": 3, "languages": [language]}, now=factories.NOW)
    assert made is not None
    return made


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code not in {"zh-hans", "en"}])
def test_a_complete_language_is_offered_and_its_answers_kept(centre, code):
    spoken_in(code)
    from surveys.services.inviting.invitations import offer_link

    case = factories.case(centre, client=factories.client(centre))
    services.invite_due(now=factories.NOW)
    key = offer_link(Conversation.objects.get(case=case)).rsplit("/", 1)[1]
    phone = begin_form(key)

    chosen = phone.post(form_page(key, "q1"), {"tool": code, "value": "4"}).content.decode()
    later = phone.post(form_page(key, "q1"), {"value": "4"}, follow=True).content.decode()

    language = LANGUAGES[code]
    direction = "rtl" if language.right_to_left else "ltr"
    assert f'lang="{language.tag}" dir="{direction}">[{code}]' in chosen
    assert 'value="4" id="choice-2" checked' in chosen
    assert f"[{code}]" in later
    assert '<html lang="zh-CN"' in later


def test_a_language_with_a_gap_is_not_offered(browser, centre):
    draft = drafted(browser, centre)
    browser.post(
        url("-heading", draft), {"revision": 0, "title_zh-hans": "回访", "title_en": "Follow-up", "languages": ["ug"]}
    )
    browser.post(url("-publish", draft), {"revision": 1})

    draft.refresh_from_db()
    shown = browser.get(url("-phone", draft, "q1")).content.decode()

    assert (draft.state, draft.languages, LANGUAGES["ug"].name in shown) == (Publication.PUBLISHED, [], False)


def test_an_older_version_takes_nothing_from_a_later_one_that_the_site_published(centre):
    document = to_document(blueprint_of(default()))
    later = services.publish(content=document | {"version": 7}, now=factories.NOW)

    older = services.publish(content=document | {"version": 5}, now=factories.NOW)

    assert older is None
    assert Questionnaire.objects.get(key="client-closing", state=Publication.PUBLISHED) == later


def test_publishing_costs_the_same_for_few_questions_and_for_many(django_assert_num_queries):
    whole = json.loads(files("surveys.defaults").joinpath("client.json").read_text(encoding="utf-8"))
    few = whole | {"key": "few", "questions": whole["questions"][:1]}
    with CaptureQueriesContext(connection) as of_few:
        services.publish(content=few, now=factories.NOW)

    with django_assert_num_queries(len(of_few)):
        published = services.publish(content=whole | {"key": "many"}, now=factories.NOW)

    assert published is not None
    assert to_document(blueprint_of(published)) == to_document(read_document(whole | {"key": "many"}))
