import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from reviews.enums import Anchor, AssignmentState
from reviews.models import Assignment, CaseReview, CatalogueEntry, Mark, Objection, Review, Sample, VetoMark
from reviews.queries.checklists import standard_of
from reviews.services.marks import save_marks
from reviews.services.objections import lodge_objection
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import (
    GOOD,
    account_of,
    assignment,
    checklists,
    manager,
    marked,
    released,
    reviewer,
    submitted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def reader_of(row: Assignment) -> User:
    return User.objects.get(pk=row.reviewer_id)


def form_of(review: Review, **fields: str) -> dict[str, str]:
    return {"version": str(review.version), **{key.replace("__", "-"): value for key, value in fields.items()}}


def test_a_reviewer_sees_their_files_and_nobody_elses(client):
    row = assignment()
    other = assignment()
    client.force_login(reader_of(row))

    page = client.get(reverse("reviews:my-reviews")).content.decode()

    assert row.case.number in page
    assert other.case.number not in page


def test_a_reviewer_reads_how_many_items_of_each_file_are_marked(client):
    row = assignment()
    submitted(row, **GOOD)
    items = row.checklist.items.count()
    client.force_login(reader_of(row))

    assert f">{items}/{items}<" in client.get(reverse("reviews:my-reviews")).content.decode()


def test_a_result_says_the_readers_words_and_not_that_there_are_words(client):
    result = released(factories.case(factories.centre()), **GOOD)
    client.force_login(account_of(result.case.lawyer))

    page = client.get(reverse("reviews:result", args=[result.public_id])).content.decode()

    assert "见第12页" in page
    assert "其他" not in page


def test_a_reviewer_without_files_is_told_so(client):
    client.force_login(reviewer(factories.centre()))

    assert "empty-state" in client.get(reverse("reviews:my-reviews")).content.decode()


def test_the_workspace_never_shows_the_client_or_why_the_file_was_drawn(client):
    row = assignment()
    client.force_login(reader_of(row))

    page = client.get(reverse("reviews:workspace", args=[row.review.public_id])).content.decode()

    assert row.case.client.name not in page
    assert "C2-anchor" in page


def test_the_form_saves_whole_without_scripts(client):
    row = assignment()
    client.force_login(reader_of(row))
    url = reverse("reviews:workspace", args=[row.review.public_id])

    answer = client.post(url, form_of(row.review, A1__anchor="partly", A1__page="3", A1__reason_code="late"))

    assert answer.status_code == 302
    mark = Mark.objects.get(review=row.review, anchor="partly")
    assert (mark.item.code, mark.page, mark.reason_code) == ("A1", "3", "late")


def test_a_stale_form_shows_both_values_and_stores_nothing(client):
    row = assignment()
    stale = row.review
    marked(row, A1=Anchor.NONE)
    client.force_login(reader_of(row))

    answer = client.post(reverse("reviews:workspace", args=[stale.public_id]), {"version": "0", "A1-anchor": "mostly"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'id="A1-mostly" value="mostly" data-field="anchor" aria-describedby="evidence-A1" checked' in page
    assert 'class="theirs"' in page
    assert Mark.objects.get(review=stale, item__code="A1").anchor == "none"


@pytest.mark.parametrize(
    "sent",
    [
        {"version": "0", "A1-anchor": "75.5"},
        {"version": "0", "A1-anchor": "mostly", "A1-was": "[" * 100_000},
        {"version": "0", "L1-was": "[" * 100_000, "L1-text": "一"},
        {"version": "9" * 5000, "A1-anchor": "mostly"},
    ],
)
def test_a_form_that_was_tampered_with_is_refused_in_words(client, sent):
    row = assignment()
    client.force_login(reader_of(row))
    url = reverse("reviews:workspace", args=[row.review.public_id])

    assert client.post(url, sent).status_code in (302, 409, 422)
    assert client.post(f"{url}/submit", {"version": sent["version"]}).status_code in (302, 409, 422)


def test_a_window_that_marked_one_item_takes_nothing_from_another_that_marked_the_rest(client):
    row = assignment()
    client.force_login(reader_of(row))
    url = reverse("reviews:workspace", args=[row.review.public_id])
    stale = form_of(row.review, A1__anchor="partly", A1__page="3", A1__reason_code="late")
    review = marked(row, A1=Anchor.NONE)
    save_marks(
        review_id=review.public_id, version=review.version, entries=[], comment="另见函。", user=reader_of(row), now=NOW
    )

    refused = client.post(url, stale)
    kept = re.findall(r'name="([A-Z0-9]+-was)" value="([^"]*)"', refused.content.decode())
    (version,) = re.findall(r'name="version" value="(\d+)"', refused.content.decode())
    shown = {f"{code}-anchor": "full" for code in standard_of(row.checklist).items}
    again = client.post(url, shown | stale | {name: unescape(was) for name, was in kept} | {"version": version})

    assert (refused.status_code, refused.content.decode().count('class="theirs"'), again.status_code) == (409, 1, 302)
    anchors = dict(Mark.objects.filter(review=review).values_list("item__code", "anchor"))
    assert anchors == dict.fromkeys(anchors, "full") | {"A1": "partly"}
    assert Review.objects.get().comment == "另见函。"


def test_two_windows_that_marked_different_items_come_together_without_a_word(client):
    row = assignment()
    client.force_login(reader_of(row))
    url = reverse("reviews:workspace", args=[row.review.public_id])

    answers = [
        client.post(url, form_of(row.review, A1__anchor="partly", A1__page="3", A1__reason_code="late")),
        client.post(url, form_of(row.review, B1__anchor="full")),
    ]

    given = Mark.objects.exclude(anchor="").values_list("item__code", "anchor")
    assert [answer.status_code for answer in answers] == [302, 302]
    assert dict(given) == {"A1": "partly", "B1": "full"}


def test_two_windows_that_both_wrote_of_the_whole_file_are_asked_which_words_stand(client):
    row = assignment()
    client.force_login(reader_of(row))
    url = reverse("reviews:workspace", args=[row.review.public_id])
    loaded = form_of(row.review) | {"comment-was": ""}
    first = client.post(url, loaded | {"comment": "甲窗口\r\n两行"})

    untouched = client.post(url, loaded | {"comment": "", "A1-anchor": "full"})
    alike = client.post(url, loaded | {"comment": "甲窗口\r\n两行"})
    apart = client.post(url, loaded | {"comment": "乙窗口"})
    before, page = Review.objects.get().comment, apart.content.decode()
    (version,) = re.findall(r'name="version" value="(\d+)"', page)
    chosen = client.post(url, loaded | {"comment": "乙窗口", "comment-was": before, "version": version})

    assert [answer.status_code for answer in (first, untouched, alike, apart, chosen)] == [302, 302, 302, 409, 302]
    assert (page.count('class="theirs"'), ">乙窗口</textarea>" in page) == (1, True)
    assert 'name="comment-was" value="甲窗口' in page
    assert (before, Review.objects.get().comment) == ("甲窗口\n两行", "乙窗口")


@pytest.mark.parametrize("was", ["", "[1]", "nonsense", '["full"]', "{}"])
def test_a_form_that_lost_what_it_was_loaded_with_is_asked_and_takes_nothing(client, was):
    row = assignment()
    marked(row, A1=Anchor.NONE)
    client.force_login(reader_of(row))

    answer = client.post(
        reverse("reviews:workspace", args=[row.review.public_id]),
        form_of(row.review, A1__anchor="partly", A1__was=was, B1__was=was),
    )

    assert (answer.status_code, answer.content.decode().count('class="theirs"')) == (409, 1)


def test_submitting_lists_what_is_missing_as_links_then_asks_once_then_locks(client):
    row = assignment()
    client.force_login(reader_of(row))
    url = reverse("reviews:submit", args=[row.review.public_id])

    unfinished = client.get(url)
    review = marked(row, **GOOD)
    finished = client.get(url).content.decode()
    answer = client.post(url, {"version": review.version})
    locked = client.get(reverse("reviews:workspace", args=[review.public_id])).content.decode()

    assert "#item-A1" in unfinished.content.decode()
    assert "87.40" in finished
    assert answer.status_code == 302
    assert "87.40" in locked
    assert 'name="A1-anchor"' not in locked


def test_a_second_reader_sees_nothing_of_the_first(client):
    row = assignment()
    review = marked(row, **GOOD)
    review.refresh_from_db()
    submitted_review = submitted_with_comment(row, review)
    second = assignment(row.case, reviewer(row.case.centre), order=2)
    User.objects.get(pk=second.reviewer_id)
    client.force_login(reader_of(second))

    page = client.get(reverse("reviews:workspace", args=[second.review.public_id])).content.decode()

    assert "见第12页" not in page
    assert client.get(reverse("reviews:workspace", args=[submitted_review.public_id])).status_code == 404


def submitted_with_comment(row, review):
    from reviews.services.submission import submit_review

    return submit_review(review_id=review.public_id, version=review.version, user=reader_of(row), now=NOW)


def test_a_manager_who_reads_the_file_sees_its_result_only_after_submitting(client):
    case = factories.case(factories.centre())
    result = released(case)
    both = factories.user(Role.REVIEWER, Role.MANAGER, at=case.centre)
    second = assignment(case, both, order=2)
    client.force_login(both)
    url = reverse("reviews:result", args=[result.public_id])

    before = client.get(url).status_code
    submitted(second, **GOOD)

    assert (before, client.get(url).status_code) == (404, 200)


@pytest.mark.parametrize(
    ("door", "body"),
    [
        ("reviews:workspace", None),
        ("reviews:submit", None),
        ("reviews:submit", {"version": "0"}),
        ("reviews:catalogue", {"paper-opinion": "31-35"}),
        ("reviews:veto", {"veto": "V9", "statement": "无代理词", "page": "12"}),
        ("api-review", None),
        ("api-review-submit", {"version": 0}),
        ("api-review-vetoes", {"veto": "V9", "statement": "无代理词", "page": "12"}),
        ("api-review-catalogue", {"pages": {"opinion": "31-35"}}),
    ],
)
def test_a_reader_with_a_new_conflict_is_refused_at_every_door_to_the_file(client, door, body):
    row = assignment()
    person = reader_of(row)
    person.lawyer = row.case.lawyer
    person.save()
    client.force_login(person)
    url, of_program = reverse(door, args=[row.review.public_id]), door.startswith("api")

    if body is None:
        answer = client.get(url)
    elif of_program:
        answer = (client.put if door.endswith("catalogue") else client.post)(url, body, content_type="application/json")
    else:
        answer = client.post(url, body)

    assert answer.status_code == 409
    assert (VetoMark.objects.count(), CatalogueEntry.objects.count()) == (0, 0)


def test_the_catalogue_keeps_typed_pages(client):
    row = assignment()
    client.force_login(reader_of(row))
    url = reverse("reviews:catalogue", args=[row.review.public_id])

    client.post(url, {"paper-opinion": "31-35", "paper-cover": " 1 "})
    client.post(url, {"paper-opinion": "35-31"})

    assert [str(entry) for entry in CatalogueEntry.objects.order_by("first_page")] == ["cover 1", "opinion 31–35"]


def test_a_catalogue_with_one_page_that_is_none_comes_back_as_it_was_typed(client):
    row = assignment()
    client.force_login(reader_of(row))
    url = reverse("reviews:catalogue", args=[row.review.public_id])
    client.post(url, {"paper-opinion": "31-35"})

    answer = client.post(
        url, {"paper-opinion": "31-36", "was-opinion": "31–35", "paper-cover": "首页", "was-cover": ""}
    )

    page = answer.content.decode()
    boxes = dict(re.findall(r'name="((?:paper|was)-(?:opinion|cover))" value="([^"]*)"', page))
    assert answer.status_code == 422
    assert boxes == {"paper-opinion": "31-36", "was-opinion": "31–35", "paper-cover": "首页", "was-cover": ""}
    assert "卷宗封面、目录 · " in page  # which of them it is
    assert [entry.pages for entry in CatalogueEntry.objects.all()] == ["31–35"]


def test_of_two_windows_neither_takes_out_of_the_catalogue_what_the_other_found(client):
    row = assignment()
    client.force_login(reader_of(row))
    url = reverse("reviews:catalogue", args=[row.review.public_id])
    empty = {"was-opinion": "", "was-cover": ""}

    client.post(url, empty | {"paper-opinion": "31-35", "paper-cover": ""})
    client.post(url, empty | {"paper-opinion": "", "paper-cover": "1"})
    both = {entry.code: entry.pages for entry in CatalogueEntry.objects.all()}
    client.post(url, {"was-opinion": "31–35", "paper-opinion": "", "was-cover": "1", "paper-cover": "1"})

    assert both == {"opinion": "31–35", "cover": "1"}
    assert [entry.code for entry in CatalogueEntry.objects.all()] == ["cover"]


def test_a_second_reader_neither_sees_nor_clears_where_the_first_found_the_papers(client):
    first = assignment()
    second = assignment(first.case, reviewer(first.case.centre), order=2)
    client.force_login(reader_of(first))
    client.post(reverse("reviews:catalogue", args=[first.review.public_id]), {"paper-opinion": "31-35"})

    client.force_login(reader_of(second))
    page = client.get(reverse("reviews:workspace", args=[second.review.public_id])).content.decode()
    client.post(reverse("reviews:catalogue", args=[second.review.public_id]), {"paper-opinion": "7"})

    kept = CatalogueEntry.objects.order_by("review__assignment__order")
    assert ("31" in re.findall(r'name="paper-opinion" value="([^"]*)"', page)[0], [e.pages for e in kept]) == (
        False,
        ["31–35", "7"],
    )


def test_a_file_is_given_back_with_a_reason(client):
    row = assignment()
    client.force_login(reader_of(row))
    url = reverse("reviews:decline", args=[row.review.public_id])

    client.post(url, {"reason": "", "relation": ""})
    row.refresh_from_db()
    still_open = row.state
    client.post(url, {"reason": "大学同学", "relation": "lawyer"})
    row.refresh_from_db()

    assert (still_open, row.state) == (AssignmentState.OPEN, AssignmentState.DECLINED)
    assert client.get(reverse("reviews:workspace", args=[row.review.public_id])).status_code == 404


def test_a_veto_is_marked_answered_and_decided_on_pages(client):
    row = assignment()
    client.force_login(reader_of(row))
    client.post(
        reverse("reviews:veto", args=[row.review.public_id]), {"veto": "V9", "statement": "无代理词", "page": "目录"}
    )
    submitted(row, **GOOD)
    veto = VetoMark.objects.get()
    client.force_login(account_of(row.case.lawyer))
    assert "无代理词" in client.get(reverse("reviews:results")).content.decode()
    client.post(reverse("reviews:answer-veto", args=[veto.public_id]), {"answer": "已口头发表"})
    client.force_login(manager(row.case.centre))
    assert "已口头发表" in client.get(reverse("reviews:vetoes")).content.decode()
    client.post(reverse("reviews:decide-veto", args=[veto.public_id]), {"decision": "confirm", "reason": "属实"})

    assert CaseReview.objects.current().get().grade == "pass"


@pytest.mark.usefixtures("context_kept")
def test_a_manager_previews_draws_and_gives_out_a_sample(client):
    checklists()
    centre = factories.centre()
    for _each in range(6):
        factories.case(centre)
    reviewer(centre)
    client.force_login(manager(centre))

    preview = client.get(reverse("reviews:draw"))
    plan = preview.context["plan"]
    nothing_yet = Sample.objects.count()
    data = {**preview.context["form"].data, "frame_digest": plan.frame_digest}
    answer = client.post(reverse("reviews:draw"), data)
    sample = Sample.objects.get()
    client.post(reverse("reviews:assign", args=[sample.public_id]))
    page = client.get(answer.url).content.decode()

    assert nothing_yet == 0
    assert sample.cases.count() == len(plan.draws) == Assignment.objects.count() == 6
    assert sample.seed in page


def test_nobody_draws_on_a_page_what_it_has_not_shown(client):
    checklists()
    centre = factories.centre()
    factories.case(centre)
    client.force_login(manager(centre))
    url = reverse("reviews:draw")
    asked = {
        "centre": centre.pk,
        "start": "2026-05-01",
        "until": "2026-11-30",
        "rate": 100,
        "twice": 0,
        "rules": "random",
        "seed": "s",
    }

    unseen = client.post(url, asked)
    stale = client.post(url, asked | {"frame_digest": "0" * 64})
    shown = re.findall(r'name="frame_digest" value="(\w+)"', unseen.content.decode())
    undrawn = Sample.objects.count()
    drawn = client.post(url, asked | {"frame_digest": shown[0]})

    assert (unseen.status_code, stale.status_code, undrawn) == (409, 409, 0)
    assert "请先预览再抽取" in unseen.content.decode()
    # What would be drawn stands below, to be confirmed.
    assert (drawn.status_code, Sample.objects.count()) == (302, 1)


def test_a_draw_of_an_impossible_period_is_refused_with_a_summary(client):
    checklists()
    centre = factories.centre()
    client.force_login(manager(centre))
    data = {
        "centre": centre.pk,
        "start": "2026-05-01",
        "until": "2026-04-01",
        "rate": 10,
        "rules": "random",
        "seed": "s",
    }

    answer = client.post(reverse("reviews:draw"), data)

    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()


def test_a_manager_hands_a_file_over(client):
    row = assignment()
    other = reviewer(row.case.centre)
    client.force_login(manager(row.case.centre))
    url = reverse("reviews:reassign", args=[row.public_id])

    assert other.display_name in client.get(url).content.decode()
    gone = client.post(url, {"reason": "病假", "reviewer": str(uuid4())})
    assert (gone.status_code, Assignment.objects.filter(case=row.case).count()) == (422, 1)
    client.post(url, {"reason": "病假", "reviewer": str(other.public_id)})

    assert Assignment.objects.get(case=row.case, state=AssignmentState.OPEN).reviewer == other


def test_a_manager_names_a_second_reader_or_releases(client):
    row = assignment()
    submitted(row)
    reviewer(row.case.centre)
    client.force_login(manager(row.case.centre))
    page = client.get(reverse("reviews:assignments")).content.decode()
    result = CaseReview.objects.current().get()
    url = reverse("reviews:add-reader", args=[result.public_id])

    assert str(result.public_id) in page
    client.post(url)

    assert Assignment.objects.get(order=2).state == AssignmentState.OPEN


def test_a_reason_longer_than_its_box_releases_nothing_and_stays_in_the_box(client):
    row = assignment()
    submitted(row)
    client.force_login(manager(row.case.centre))
    result = CaseReview.objects.current().get()
    door = reverse("reviews:release", args=[result.public_id])

    refused = client.post(door, {"reason": "长" * 201})

    assert refused.status_code == 422
    assert f'value="{"长" * 201}" aria-invalid="true"' in refused.content.decode()
    assert CaseReview.objects.current().get() == result
    program = reverse("api-result-release", args=[result.public_id])
    assert client.post(program, {"reason": "长" * 201}, content_type="application/json").status_code == 400
    client.post(door, {"reason": "长" * 200})
    assert CaseReview.objects.current().get().state == "released"


def test_a_manager_has_a_good_file_read_a_second_time_from_its_result(client):
    row = assignment()
    submitted(row, **GOOD)
    boss, result = manager(row.case.centre), CaseReview.objects.current().get()
    other = reviewer(row.case.centre)
    page, door = [reverse(f"reviews:{name}", args=[result.public_id]) for name in ("result", "add-reader")]
    people = {"manager": boss, "lawyer": account_of(row.case.lawyer)}
    offered = {}
    for name, person in people.items():
        client.force_login(person)
        offered[name] = door in client.get(page).content.decode()

    client.force_login(boss)
    client.post(door)

    assert (result.state, offered) == ("released", {"manager": True, "lawyer": False})
    assert Assignment.objects.get(order=2).reviewer == other
    assert door not in client.get(page).content.decode()

    submitted(Assignment.objects.get(order=2), **GOOD)
    assert CaseReview.objects.current().get().readers == 2
    assert (
        door
        not in client.get(
            reverse("reviews:result", args=[CaseReview.objects.current().get().public_id])
        ).content.decode()
    )


def test_the_lawyer_reads_the_result_without_the_readers_name_and_objects(client):
    case = factories.case(factories.centre())
    result = released(case)
    reader = reader_of(Assignment.objects.get(case=case))
    client.force_login(account_of(case.lawyer))
    url = reverse("reviews:result", args=[result.public_id])

    page = client.get(url).content.decode()
    client.post(reverse("reviews:object", args=[result.public_id]), {"items": ["C2"], "statement": "有书面意见"})

    assert "见第12页" in page
    assert "87.40" in page
    assert 'href="#objection-title"' in page
    assert page.index("异议期内只能提出一次异议，提交后不能追加") < page.index('id="objection"')
    assert reader.display_name not in page
    assert str(reader.public_id) not in page
    assert Objection.objects.get().items.get().item.code == "C2"


def test_an_objection_after_its_period_is_refused_by_post(client):
    case = factories.case(factories.centre())
    result = released(case)
    client.force_login(account_of(case.lawyer))
    url = reverse("reviews:object", args=[result.public_id])

    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        client.force_login(User.objects.get(lawyer=case.lawyer))
        answer = client.post(url, {"items": ["C2"], "statement": "不服"})

    assert answer.status_code == 409
    assert not Objection.objects.exists()


def test_a_manager_decides_an_objection_item_by_item(client):
    case = factories.case(factories.centre())
    result = released(case)
    client.force_login(account_of(case.lawyer))
    client.post(reverse("reviews:object", args=[result.public_id]), {"items": ["C2"], "statement": "有书面意见"})
    objection = Objection.objects.get()
    client.force_login(manager(case.centre))
    url = reverse("reviews:objection", args=[objection.public_id])

    assert "有书面意见" in client.get(url).content.decode()
    undecided = [client.post(url, said | {"answer": "x"}).status_code for said in ({}, {"C2-decision": "?"})]
    client.post(url, {"C2-decision": "uphold", "C2-anchor": "full", "answer": "采纳"})

    assert undecided == [422, 422]
    assert CaseReview.objects.current().get().version == 2
    assert client.get(reverse("reviews:objections")).status_code == 200


def test_of_an_objected_mark_nothing_stands_for_what_was_not_said(client):
    case = factories.case(factories.centre())
    result = released(case)
    objection = lodge_objection(
        result=result, items=["A1", "C2"], statement="不服", user=account_of(case.lawyer), now=NOW
    )
    client.force_login(manager(case.centre))

    page = client.get(reverse("reviews:objection", args=[objection.public_id])).content.decode()

    marks = re.findall(r"<li>(.*?)</li>", page.partition("<fieldset")[2])
    assert marks == ["满足", "部分满足 · 其他（请在说明中写明） · 页码 12 · 见第12页"]


@pytest.mark.parametrize("who", ["other lawyer", "other centre's manager", "same firm's lawyer"])
def test_a_result_outside_ones_reach_is_not_found(client, who):
    case = factories.case(factories.centre())
    result = released(case)
    person = {
        "other lawyer": lambda: factories.user(Role.LAWYER, of=factories.lawyer()),
        "other centre's manager": lambda: manager(factories.centre()),
        "same firm's lawyer": lambda: factories.user(Role.LAWYER, of=factories.lawyer(case.firm)),
    }[who]()
    client.force_login(person)

    assert client.get(reverse("reviews:result", args=[result.public_id])).status_code == 404


def test_the_head_of_the_firm_reads_the_result_but_cannot_object(client):
    case = factories.case(factories.centre())
    result = released(case)
    client.force_login(factories.user(Role.FIRM, heads=case.firm))

    page = client.get(reverse("reviews:result", args=[result.public_id]))

    assert page.status_code == 200
    assert 'name="statement"' not in page.content.decode()


def test_an_unreleased_result_is_not_the_lawyers_to_see(client):
    row = assignment()
    submitted(row)
    client.force_login(account_of(row.case.lawyer))
    result = CaseReview.objects.get()

    assert client.get(reverse("reviews:result", args=[result.public_id])).status_code == 404


@pytest.mark.parametrize("name", ["samples", "draw", "assignments", "vetoes", "objections"])
def test_managers_pages_turn_reviewers_away(client, name):
    client.force_login(reviewer(factories.centre()))

    assert client.get(reverse(f"reviews:{name}")).status_code == 403


def test_lists_take_as_many_queries_for_many_rows_as_for_one(client, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    centre = factories.centre()
    boss = factories.user(Role.MANAGER, Role.REVIEWER, at=centre)
    law = factories.lawyer(factories.firm(centre))
    lawyer = factories.user(Role.LAWYER, of=law)
    names = {"my-reviews": boss, "samples": boss, "assignments": boss, "objections": boss, "results": lawyer}

    def grow():
        case = factories.case(centre, lawyer=law)
        result = released(case)
        assignment(factories.case(centre), boss)
        submitted(assignment(factories.case(centre)))
        client.force_login(lawyer)
        client.post(reverse("reviews:object", args=[result.public_id]), {"items": ["C2"], "statement": "有"})

    def count():
        found = {}
        for name, person in names.items():
            client.force_login(person)
            client.get(reverse(f"reviews:{name}"))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(f"reviews:{name}"))
            found[name] = len(queries)
        return found

    grow()
    one = count()
    for _each in range(3):
        grow()

    assert count() == one


# --- what is too long is refused whole, and stays in its box ----------------------------------------------------------


def test_an_objection_that_is_too_long_is_refused_and_stays_in_its_box(client):
    case = factories.case(factories.centre())
    result = released(case)
    client.force_login(account_of(case.lawyer))
    url, words = reverse("reviews:object", args=[result.public_id]), "异" * 4001

    answer = client.post(url, {"items": ["C2"], "statement": words})

    page = answer.content.decode()
    assert (answer.status_code, Objection.objects.count()) == (422, 0)
    assert words in page
    assert "4001" in page
    assert 'maxlength="4000"' not in page  # a browser would cut what is pasted, without a word
    client.post(url, {"items": ["C2"], "statement": "异" * 3998 + "\r\n" + "议"})
    assert Objection.objects.get().statement == "异" * 3998 + "\n" + "议"


def test_the_answer_to_an_objection_that_is_too_long_loses_nothing_typed(client):
    case = factories.case(factories.centre())
    result = released(case)
    lawyer = account_of(case.lawyer)
    objection = lodge_objection(result=result, items=["C2"], statement="不服", user=lawyer, now=NOW)
    client.force_login(manager(case.centre))
    typed = {"C2-decision": "uphold", "C2-anchor": "mostly", "C2-reason_code": "other", "C2-page": "35"}

    answer = client.post(
        reverse("reviews:objection", args=[objection.public_id]),
        typed | {"C2-comment": "见补充意见", "answer": "答" * 4001},
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "答" * 4001 in page
    for kept in (
        'value="uphold" class="ms-3" checked',
        'value="mostly" selected',
        'value="other" selected',
        'value="35"',
        'value="见补充意见"',
    ):
        assert kept in page
    assert Objection.objects.get().state == "lodged"


def test_words_about_a_veto_that_are_too_long_stay_where_they_were_typed(client):
    row = assignment()
    client.force_login(reader_of(row))
    words = {"veto": "V9", "statement": "事" * 1001, "page": "目录"}

    answer = client.post(reverse("reviews:veto", args=[row.review.public_id]), words)

    assert (answer.status_code, VetoMark.objects.count()) == (422, 0)
    assert "事" * 1001 in answer.content.decode()
    client.post(reverse("reviews:veto", args=[row.review.public_id]), words | {"statement": "无代理词"})
    submitted(row, **GOOD)
    veto = VetoMark.objects.get()

    client.force_login(account_of(row.case.lawyer))
    answer = client.post(reverse("reviews:answer-veto", args=[veto.public_id]), {"answer": "答" * 2001})
    assert (answer.status_code, "答" * 2001 in answer.content.decode()) == (422, True)
    client.post(reverse("reviews:answer-veto", args=[veto.public_id]), {"answer": "已口头发表"})

    client.force_login(manager(row.case.centre))
    url = reverse("reviews:decide-veto", args=[veto.public_id])
    answer = client.post(url, {"decision": "confirm", "reason": "由" * 1001})
    assert (answer.status_code, "由" * 1001 in answer.content.decode()) == (422, True)
    for unsaid in ({}, {"decision": "accept"}):
        assert client.post(url, {"reason": "属实"} | unsaid).status_code == 422
    veto.refresh_from_db()
    assert (veto.answer, veto.state) == ("已口头发表", "answered")


def test_a_remark_that_no_notice_could_quote_is_refused_by_its_item_with_the_page_as_typed(client):
    row = assignment()
    client.force_login(reader_of(row))
    client.cookies["django_language"] = "en"
    url = reverse("reviews:workspace", args=[row.review.public_id])

    answer = client.post(url, {"version": "0", "A1-comment": "已核对", "B1-comment": "谈话笔录缺页😀"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "B1 · Notices cannot print 😀" in page
    assert "谈话笔录缺页😀" in page
    assert "已核对" in page


@pytest.mark.usefixtures("context_kept")
def test_every_item_that_cannot_be_taken_is_named_and_that_nothing_was_saved(client):
    row = assignment()
    client.force_login(reader_of(row))
    client.cookies["django_language"] = "en"
    url = reverse("reviews:workspace", args=[row.review.public_id])

    answer = client.post(url, {"version": "0", "A1-comment": "缺页😀", "B1-comment": "已核对", "C2-page": "不详"})

    told = [str(message) for message in answer.context["messages"]]
    assert (answer.status_code, told[0].split(".")[0]) == (422, "Nothing was saved yet")
    assert [sentence.split(" ")[0] for sentence in told[1:]] == ["A1", "C2"]
    assert not Mark.objects.exists()


def test_a_readers_comment_that_is_too_long_is_refused_with_the_page_as_typed(client):
    row = assignment()
    client.force_login(reader_of(row))
    url = reverse("reviews:workspace", args=[row.review.public_id])

    answer = client.post(url, {"version": "0", "comment": "评" * 2001})

    assert answer.status_code == 422
    assert "评" * 2001 in answer.content.decode()
    assert Review.objects.get().comment == ""


def test_a_reason_to_release_that_is_too_long_is_not_cut(client):
    case = factories.case(factories.centre())
    submitted(assignment(case))
    client.force_login(manager(case.centre))
    url = reverse("reviews:release", args=[CaseReview.objects.current().get().public_id])

    answer = client.post(url, {"reason": "由" * 501})

    assert answer.status_code == 422
    assert "501" in answer.content.decode()
    assert f'value="{"由" * 501}"' in answer.content.decode()
    assert CaseReview.objects.current().get().state == "awaiting_second"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("days", "field"), [({"until": "9999-12-31"}, "until"), ({"start": "0001-01-01"}, "start")])
@pytest.mark.usefixtures("context_kept")
def test_a_period_of_a_draw_that_nobody_can_have_meant_is_refused_at_its_field(client, method, days, field):
    checklists()
    centre = factories.centre()
    client.force_login(manager(centre))
    data = client.get(reverse("reviews:draw")).context["form"].data

    page = getattr(client, method)(reverse("reviews:draw"), {**data, **days})

    assert page.context["form"].errors == {field: ["请填写 1950-01-01 至 2031-12-31 之间的日期。"]}
    assert Sample.objects.count() == 0
