"""Writing, looking at, publishing and choosing checklists, through the pages."""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.organisations.enums import OrganisationKind
from reviews.enums import Anchor, ChecklistState, Purpose
from reviews.models import CaseReview, Checklist, Item
from reviews.queries.checklists import checklist_for, document_of, lists_in_force, standard_of
from reviews.queries.results import sections_shown
from reviews.services.checklist_drafts import put_scheduled_in_force
from reviews.services.checklist_files import document_from, workbook_of
from reviews.services.marks import MarkEntry, MarksInvalid, save_marks
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import assignment, checklists, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = NOW.date()


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre():
    checklists()
    return factories.centre()


@pytest.fixture
def browser(centre):
    return signed_in(Role.MANAGER, at=centre)


def signed_in(*roles: Role, at: Any) -> Browser:
    browser = Browser()
    browser.force_login(factories.user(*roles, at=at))
    return browser


def url(name: str, checklist: Checklist, *args: Any) -> str:
    return reverse(f"reviews:checklist{name}", args=[checklist.public_id, *args])


def drafted(browser: Browser, owner: Any, *, code: str = "own-civil", source: str = "civil", **given: Any) -> Checklist:
    begun = Checklist.objects.get(code=source, state=ChecklistState.PUBLISHED)
    fields = {"source": begun.public_id, "purpose": begun.purpose, "owner": owner.public_id, "code": code} | given
    answer = browser.post(reverse("reviews:checklist-new"), fields)
    assert answer.status_code == 302, answer.context["form"].errors
    return Checklist.objects.get(code=code, state=ChecklistState.DRAFT)


def publish(browser: Browser, draft: Checklist, *, on: date = TODAY) -> Any:
    draft.refresh_from_db()
    fields = {"revision": draft.revision, "effective_from": on.isoformat()}
    return browser.post(url("-publish", draft), fields, follow=True)


def boxes(draft: Checklist, code: str, /, **changed: Any) -> dict[str, Any]:
    """What the page of one item would post."""
    section, item = next((s, i) for s in draft.draft["sections"] for i in s["items"] if i["code"] == code)
    posted = {
        "revision": draft.revision, "act": "save", "code": code, "section": section["code"], "points": item["points"],
        "reasons": item["reasons"], "anchors": item["anchors"],
    }  # fmt: skip
    posted |= {f"title-{language}": text for language, text in item["title"].items()}
    posted |= {f"evidence-{language}": text for language, text in item["evidence"].items()}
    posted |= {f"floor-{reason}": share for reason, share in item["floors"].items()}
    return posted | changed


def test_a_manager_writes_a_list_from_the_default_and_the_files_of_the_centre_are_marked_by_it(browser, centre):
    draft = drafted(browser, centre)

    browser.post(url("-item", draft, "A2"), boxes(draft, "A2", points="6", anchors=["full", "none"]))
    draft.refresh_from_db()
    unsound = browser.get(url("", draft))
    refused = publish(browser, draft)
    browser.post(url("-item", draft, "A3"), boxes(draft, "A3", points="5"))
    published = publish(browser, draft)

    draft.refresh_from_db()
    case = factories.case(centre)
    told = "分值合计 99 分，应当为 100 分。"
    assert (told in unsound.content.decode(), refused.status_code, told in refused.content.decode()) == (
        True,
        422,
        True,
    )
    assert "已发布" in published.content.decode()
    assert (draft.state, draft.version, draft.owner, draft.effective_from) == ("published", 1, centre, TODAY)
    assert checklist_for(case, purpose=Purpose.FILE_REVIEW) == draft
    assert assignment(case).checklist == draft
    actions = Entry.objects.filter(action__startswith="reviews.checklist_").exclude(actor_id__startswith="system:")
    assert list(actions.order_by("pk").values_list("action", flat=True)) == [
        "reviews.checklist_drafted", "reviews.checklist_changed", "reviews.checklist_changed",
        "reviews.checklist_published",
    ]  # fmt: skip


def test_the_list_of_the_nearest_body_serves_and_another_centre_keeps_the_default():
    checklists()
    bureau = factories.organisation(OrganisationKind.BUREAU)
    centre, sibling = factories.centre(bureau), factories.centre(bureau)
    supervisor, manager = signed_in(Role.SUPERVISOR, at=bureau), signed_in(Role.MANAGER, at=centre)
    of_bureau = drafted(supervisor, bureau, code="bureau-civil")
    publish(supervisor, of_bureau)
    of_centre = drafted(manager, centre, code="centre-civil")
    publish(manager, of_centre)
    elsewhere = factories.centre(factories.organisation(OrganisationKind.BUREAU))

    served = [lists_in_force(each).of("civil", "trial").code for each in (centre, sibling, elsewhere)]
    manager.post(url("-retire", of_centre))

    assert served == ["centre-civil", "bureau-civil", "civil"]
    assert lists_in_force(centre).of("civil", "trial").code == "bureau-civil"


def test_a_list_of_one_stage_goes_before_that_of_every_stage(browser, centre):
    draft = drafted(browser, centre, code="own-criminal-trial", source="criminal")
    heading = {"title_zh": "刑事审判阶段", "title_en": "Criminal trial", "purpose": "file_review"}
    heading |= {"case_type": "criminal", "stage": "trial", "measure": "points", "revision": "0"}
    browser.post(url("-heading", draft), heading)
    publish(browser, draft)

    lists = lists_in_force(centre)
    chosen = (lists.of("criminal", "trial").code, lists.of("criminal", "investigation").code)

    assert chosen == ("own-criminal-trial", "criminal")


def test_a_list_for_a_later_day_waits_for_it_and_then_takes_the_place_of_the_one_before(browser, centre):
    first = drafted(browser, centre)
    publish(browser, first)
    browser.post(url("-draft", first))
    second = Checklist.objects.get(code=first.code, version=2)
    day = TODAY + timedelta(days=10)

    past = publish(browser, second, on=TODAY - timedelta(days=1))
    publish(browser, second, on=day)
    second.refresh_from_db()
    waiting = (second.state, lists_in_force(centre).of("civil", "trial").version)
    early = put_scheduled_in_force(today=day - timedelta(days=1), now=NOW)
    due = (put_scheduled_in_force(today=day, now=NOW), put_scheduled_in_force(today=day, now=NOW))

    first.refresh_from_db()
    assert past.status_code == 422
    assert (waiting, early, due) == (("scheduled", 1), 0, (1, 0))
    assert (first.state, lists_in_force(centre).of("civil", "trial").version) == ("superseded", 2)


@pytest.mark.usefixtures("kept_for_ever")
def test_what_is_published_or_waits_for_its_day_cannot_be_changed_not_even_by_us(browser, centre):
    draft = drafted(browser, centre)
    publish(browser, draft, on=TODAY + timedelta(days=3))

    answers = [browser.get(url("-item", draft, "A1")), browser.post(url("-arrange", draft, "A"), {"act": "remove"})]

    assert [answer.status_code for answer in answers] == [409, 409]
    for change in (
        lambda: Checklist.objects.filter(pk=draft.pk).update(effective_from=TODAY),
        lambda: Checklist.objects.filter(pk=draft.pk).update(stage="trial"),
        lambda: Item.objects.filter(checklist=draft).update(anchors=["full"]),
        lambda: Checklist.objects.filter(pk=draft.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            change()


def test_sections_items_reasons_vetoes_and_papers_are_added_moved_and_taken_away(browser, centre):
    draft = drafted(browser, centre)

    def revision() -> int:
        draft.refresh_from_db()
        return draft.revision

    texts = {"title-zh": "附加", "title-en": "Further"}
    browser.post(url("-add-section", draft), texts | {"code": "G", "revision": revision()})
    item = texts | {"code": "G1", "section": "G", "points": "2.50", "reasons": ["other"]}
    browser.post(url("-add-item", draft, "G"), item | {"floor-other": "0.5", "revision": revision()})
    browser.post(url("-arrange", draft, "G"), {"act": "up", "revision": revision()})
    browser.post(url("-arrange", draft, "F3"), {"act": "remove", "revision": revision()})
    row = {"row-0-code": "rude", "row-0-title-zh": "态度不好", "row-0-title-en": "Rude"}
    browser.post(url("-rows", draft, "reasons"), row | {"row-0-pageless": "1", "revision": revision()})
    veto = {"row-0-code": "V1", "row-0-title-zh": "收钱", "row-0-title-en": "Took money", "row-0-effect": "fail"}
    browser.post(url("-rows", draft, "vetoes"), veto | {"row-0-transfer": "1", "revision": revision()})
    paper = {"row-2-code": "cover", "row-2-title-zh": "封面", "row-2-title-en": "Cover"}
    browser.post(url("-rows", draft, "catalogue"), paper | {"revision": revision()})

    document = document_of(Checklist.objects.get(pk=draft.pk))
    assert [part["code"] for part in document["sections"]] == ["A", "B", "C", "D", "E", "G", "F"]
    assert [part["code"] for part in document["sections"][-1]["items"]] == ["F1", "F2"]
    assert document["sections"][5]["items"] == [
        {
            "code": "G1", "points": "2.5", "title": {"zh": "附加", "en": "Further"}, "evidence": {},
            "reasons": ["other"], "floors": {"other": "0.5"}, "anchors": [],
        }
    ]  # fmt: skip
    assert document["reasons"] == {"rude": {"zh": "态度不好", "en": "Rude", "pageless": True}}
    assert [(each["code"], each["transfer"], each["basis"]) for each in document["vetoes"]] == [("V1", True, {})]
    assert [each["code"] for each in document["catalogue"]] == ["cover"]


def test_what_cannot_be_read_is_told_at_its_box_and_nothing_typed_is_lost(browser, centre):
    draft = drafted(browser, centre)

    item = browser.post(url("-item", draft, "A2"), boxes(draft, "A2", points="many", **{"title-zh": "别的"}))
    rows = browser.post(
        url("-rows", draft, "catalogue"), {"revision": 0, "row-1-code": "a b", "row-1-title-zh": "封面"}
    )

    draft.refresh_from_db()
    assert (item.status_code, rows.status_code, draft.revision) == (422, 422, 0)
    assert 'href="#points"' in item.content.decode()
    assert 'value="别的"' in item.content.decode()
    assert 'value="封面"' in rows.content.decode()


def test_of_two_who_change_a_draft_the_second_is_told_and_keeps_what_was_typed(browser, centre):
    draft = drafted(browser, centre)
    posted = boxes(draft, "A2", **{"title-zh": "第一人"})
    browser.post(url("-item", draft, "A2"), posted)

    second = browser.post(url("-item", draft, "A2"), posted | {"title-zh": "第二人"})
    again = browser.post(url("-item", draft, "A2"), posted | {"title-zh": "第二人", "revision": 1})

    assert (second.status_code, "第二人" in second.content.decode(), again.status_code) == (409, True, 302)


def test_a_workbook_becomes_a_draft_and_its_faults_are_told_by_section_item_and_field(browser, centre):
    civil = Checklist.objects.get(code="civil")
    content = browser.get(url("-workbook", civil)).content
    broken = document_of(civil)
    broken["sections"][1]["items"][0]["points"] = "0"

    def sent(data: bytes, name: str, **fields: str) -> Any:
        given = {"owner": centre.public_id, "file": SimpleUploadedFile(name, data), "code": "province"} | fields
        return browser.post(reverse("reviews:checklist-import"), given)

    taken = sent(content, "list.xlsx")
    reserved = sent(content, "list.xlsx", code="")
    refused = sent(workbook_of(broken), "list.xlsx", code="other")

    draft = Checklist.objects.get(code="province")
    assert (taken.status_code, draft.state) == (302, "draft")
    assert document_of(draft) == document_of(civil) | {"code": "province"}
    assert browser.get(url("-json", draft)).json()["version"] == 1
    assert document_from(io.BytesIO(browser.get(url("-json", draft)).content)) == document_of(draft)
    assert (reserved.status_code, "属于其他单位" in reserved.content.decode()) == (422, True)
    assert (refused.status_code, "B · B1 · 分值：应当是大于 0" in refused.content.decode()) == (422, True)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04torn", b"{]", b"\x00" * 40, b'{"code": 5}'])
def test_any_other_file_is_refused_in_words(browser, centre, data):
    given = {"owner": centre.public_id, "file": SimpleUploadedFile("a.json", data), "code": "x"}

    assert browser.post(reverse("reviews:checklist-import"), given).status_code == 422


def test_indicators_that_are_graded_come_to_the_grade_they_share_and_offer_no_other_mark(browser, centre):
    draft = drafted(browser, centre)
    heading = {"title_zh": "指标评级", "title_en": "Graded", "purpose": "file_review", "case_type": "civil"}
    browser.post(url("-heading", draft), heading | {"stage": "", "measure": "grades", "revision": 0})
    draft.refresh_from_db()
    browser.post(url("-item", draft, "A1"), boxes(draft, "A1", points="40", anchors=["full", "mostly"]))
    preview = browser.get(url("-preview", draft)).content.decode()
    publish(browser, draft)
    row = assignment(factories.case(centre))

    review = submitted(row, **dict.fromkeys(standard_of(row.checklist).items, Anchor.MOSTLY))
    with pytest.raises(MarksInvalid):
        _marked_not_offered(centre)

    told = sections_shown(CaseReview.objects.current().get(case=row.case))
    assert (review.total, review.band) == (Decimal(85), "good")
    assert {mark.anchor for section in told for item in section.items for mark in item.marks} == {"良好"}
    assert ("优秀" in preview, "A1-na" in preview, "A1-mostly" in preview) == (True, False, True)


def _marked_not_offered(centre: Any) -> None:
    row = assignment(factories.case(centre))
    entry = MarkEntry(item="A1", anchor=Anchor.NOT_APPLICABLE)
    save_marks(review_id=row.review.public_id, version=0, entries=[entry], user=row.reviewer, now=NOW)


def test_the_page_of_all_lists_says_what_is_in_force_and_what_is_to_come(browser, centre):
    draft = drafted(browser, centre)
    publish(browser, draft, on=TODAY + timedelta(days=3))

    page = browser.get(reverse("reviews:checklists")).content.decode()
    versions = browser.get(url("", Checklist.objects.get(code="civil"))).content.decode()

    assert all(
        title in page for title in ("民事诉讼代理案件评查表", "庭审旁听评价表", "刑事辩护案件自评表", "系统自带")
    )
    assert "待启用" in page
    assert "自 " in versions


def test_a_draft_may_be_given_up_and_its_preview_waits_until_it_is_sound(browser, centre):
    draft = drafted(browser, centre)
    browser.post(url("-rows", draft, "catalogue"), {"revision": 0})

    preview = browser.get(url("-preview", draft))
    browser.post(url("-discard", draft))

    assert preview.status_code == 302
    assert not Checklist.objects.filter(pk=draft.pk).exists()


def test_a_program_begins_a_draft_changes_it_whole_and_publishes_it(browser, centre):
    def call(way: str, name: str, body: Any = None, **of: Any) -> Any:
        return getattr(browser, way)(reverse(name, kwargs=of), body, content_type="application/json")

    civil = Checklist.objects.get(code="civil", state=ChecklistState.PUBLISHED)
    document = call("get", "api-checklist-document", checklist_id=civil.public_id).json()["document"]
    document["code"] = "own-civil"
    misshapen = call("post", "api-checklist-drafts", {"owner": centre.code, "document": document | {"titel": "x"}})
    begun = call("post", "api-checklist-drafts", {"owner": centre.code, "document": document}).json()
    of = {"checklist_id": begun["public_id"]}
    document["sections"][0]["items"][0]["points"] = "99"
    sent = {"revision": begun["revision"], "document": document}

    changed = call("put", "api-checklist-document", sent, **of).json()
    twice = call("put", "api-checklist-document", sent, **of)
    renamed = sent | {"revision": changed["revision"], "document": document | {"code": "other"}}
    other = call("put", "api-checklist-document", renamed, **of)
    unsound = call("post", "api-checklist-publication", {"revision": changed["revision"]}, **of)
    again = call("get", "api-checklist-document", checklist_id=civil.public_id).json()["document"]
    mended = {"revision": changed["revision"], "document": again | {"code": "own-civil"}}
    ready = call("put", "api-checklist-document", mended, **of).json()
    published = call("post", "api-checklist-publication", {"revision": ready["revision"]}, **of)

    assert "titel" in misshapen.content.decode()
    assert "100" in unsound.content.decode()
    codes = [answer.status_code for answer in (misshapen, twice, other, unsound, published)]
    assert codes == [400, 409, 422, 400, 200], codes
    assert (published.json()["state"], published.json()["version"]) == ("published", 1)
    assert checklist_for(factories.case(centre), purpose=Purpose.FILE_REVIEW).public_id.hex == begun[
        "public_id"
    ].replace("-", "")
