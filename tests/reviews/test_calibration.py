"""Several mark the same files alone, a panel agrees on the marks, each sees how near they came; it counts nowhere."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.cases.models import EvidenceChange
from qa_service.common.errors import DomainError, InvalidInput, NotIndependent, NotPermitted
from qa_service.notifications.models import Notification
from qa_service.organisations.models import Membership
from reviews.enums import Anchor, ConflictReason, TrialState
from reviews.models import (
    AgreedMark,
    Assignment,
    CalibrationRound,
    CaseReview,
    Mark,
    Relation,
    Review,
    Trial,
    TrialMark,
)
from reviews.queries import people_who_marked, review_evidence, waiting_for
from reviews.queries.calibration import files_read_lately, outcome_of, own_outcome
from reviews.queries.checklists import standard_of
from reviews.queries.reviewer_list import who_may_read
from reviews.services.assignments import ConflictOfInterest, assign_case, assign_sample
from reviews.services.calibration import (
    AgreedEntry,
    AgreementChanged,
    NotAllAgreed,
    PersonTied,
    RoundNotOpen,
    TrialChanged,
    TrialLocked,
    agree_on_file,
    call_off,
    close_round,
    end_marking,
    remind_of_calibrations,
    save_trial,
    submit_trial,
)
from reviews.services.objections import Ruling, decide_objection, lodge_objection
from reviews.services.submission import Unfinished
from tests import factories
from tests.factories import NOW
from tests.reviews.calibrating import (
    LATER,
    agreed,
    all_trialled,
    closed,
    entries,
    opened,
    readers_of,
    sampled,
    trialled,
)
from tests.reviews.factories import account_of, assignment, manager, released, reviewer, submitted
from tests.reviews.scanning import scanned

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return factories.centre()


@pytest.fixture
def boss(centre):
    return manager(centre)


def page(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"reviews:{name}", args=args))


# --- opened -----------------------------------------------------------------------------------------------------------


def test_each_reviewer_is_given_every_file_with_the_list_it_is_marked_by_today(centre, boss):
    row = opened(centre, by=boss)

    assert (row.checklist.code, Trial.objects.filter(file__round=row).count()) == ("civil", 6)
    told = Notification.objects.filter(text__startswith="You are asked to mark", params={"count": 2})
    assert set(told.values_list("user", flat=True)) == {person.pk for person in readers_of(row)}
    blocks = [(str(each.title), each.count) for each in waiting_for(readers_of(row)[0], NOW)]
    assert ("待校准评分的案卷", 2) in blocks


def test_too_few_files_readers_or_people_on_the_panel_open_no_round(centre, boss):
    one_file, two = [factories.case(centre)], [reviewer(centre) for _each in range(2)]
    third = reviewer(centre)

    for few, field in (
        ({"cases": one_file}, "files"),
        ({"readers": two}, "readers"),
        ({"panel": [boss]}, "panel"),
        ({"readers": [*two, third], "panel": [boss, third]}, "panel"),
        ({"readers": [*two, boss]}, "readers"),
        ({"cases": [factories.case(centre), factories.case(centre, case_type="criminal", stage="trial")]}, "files"),
        ({"cases": [factories.case(centre), factories.case(factories.centre())]}, "files"),
    ):
        with pytest.raises(InvalidInput) as refused:
            opened(centre, by=boss, **few)
        assert refused.value.field == field
    assert not CalibrationRound.objects.exists()


def test_a_file_is_taken_that_was_read_and_none_whose_marks_may_still_move(centre, boss):
    free, reading, read_, drawn, contested, waiting = (factories.case(centre) for _each in range(6))
    assignment(reading)
    submitted(assignment(waiting))  # the best grade: it waits for a second reader
    results = [released(read_), released(contested)]
    lodge_objection(result=results[1], items=["C2"], statement="不服", user=account_of(contested.lawyer), now=NOW)
    sampled(drawn, by=boss)

    for case, now, why in (
        (reading, LATER, "正在评查"),
        (drawn, LATER, "已抽中"),
        (read_, NOW, "仍可对评查结果提出异议"),
        (contested, LATER, "异议尚未处理"),
        (waiting, LATER, "尚未公布"),
    ):
        with pytest.raises(InvalidInput) as refused:
            opened(centre, by=boss, cases=[free, case], now=now)
        assert why in str(refused.value.message)
    # What is offered to choose from is of the same kind.
    assert files_read_lately(centre, boss, now=NOW) == {}
    assert read_.number in files_read_lately(centre, boss, now=LATER)
    assert opened(centre, by=boss, cases=[free, read_], now=LATER).files.count() == 2
    with pytest.raises(InvalidInput):
        opened(centre, by=boss, cases=[read_, factories.case(centre)], now=LATER)


def test_who_knows_a_file_from_calibration_reads_it_for_no_result(centre, boss):
    row = opened(centre, by=boss)
    case, (reader, *_others) = row.files.all()[0].case, readers_of(row)
    on_panel, free = row.panelists.exclude(person=boss).get().person, reviewer(centre)

    for person in (reader, on_panel):
        with pytest.raises(ConflictOfInterest) as refused:
            assignment(case, person, by=boss)
        assert refused.value.reasons == (ConflictReason.CALIBRATED,)
    assert [each.person for each in who_may_read(case, today=NOW.date()) if each.free] == [free]
    given = assign_case(case=case, user=boss, now=NOW)
    other = row.files.all()[1].case
    (by_sample,) = assign_sample(sample=sampled(other, by=boss).sample, user=boss, now=NOW).assigned
    assert {given.reviewer, by_sample.reviewer} == {free}

    # Two managers at once: one gives out the file while the other puts its reader into a round.
    Trial.objects.create(file=row.files.all()[0], reviewer=free)
    with pytest.raises(ConflictOfInterest) as refused:
        submitted(given)
    assert refused.value.reasons == (ConflictReason.CALIBRATED,)


def test_who_marks_in_a_round_neither_settles_nor_closes_it_nor_decides_an_objection_to_its_files(centre, boss, client):
    readers = [reviewer(centre) for _each in range(3)]
    for role in (Role.MANAGER, Role.REVIEWER):
        Grant.objects.get_or_create(user=readers[0], role=role, organisation=centre)
    both = User.objects.get(pk=readers[0].pk)
    row = all_trialled(opened(centre, by=boss, readers=readers))
    file = row.files.order_by("pk")[0]
    client.force_login(both)
    body = {"version": 0, "note": "n", "items": [{"item": "A1", "anchor": "full", "reason": "ok"}]}

    put = client.put(reverse("api-calibration-agreement", args=[file.public_id]), body, content_type="application/json")
    doors = [
        reverse("reviews:calibration", args=[row.public_id]),
        reverse("reviews:calibration-file", args=[file.public_id]),
    ]
    pages = [client.get(door).content.decode() for door in doors]
    outsider = manager(centre)
    for person in (both, outsider):
        with pytest.raises(NotPermitted):
            agreed(file, by=person)
    closed(row, by=boss)
    result = released(file.case)
    objection = lodge_objection(
        result=result, items=["C2"], statement="不服", user=account_of(file.case.lawyer), now=NOW
    )
    decision: dict[str, Any] = {"objection": objection, "rulings": [Ruling("C2", upheld=False)], "answer": "维持"}

    assert (put.status_code, AgreedMark.objects.filter(reason="ok").exists()) == (403, False)
    assert ["由本轮评议小组商定" in page for page in pages] == [True, True]
    for known in (both, boss):  # one marked it, one talked it over
        with pytest.raises(NotIndependent):
            decide_objection(**decision, user=known, now=NOW)
    assert decide_objection(**decision, user=outsider, now=NOW).decided_by == outsider


def test_who_saved_no_mark_and_heard_nothing_of_a_round_called_off_may_read_its_files(centre, boss):
    row = opened(centre, by=boss)
    file = row.files.all()[0]
    marked, idle, _third = readers_of(row)
    trial = Trial.objects.get(file=file, reviewer=marked)
    save_trial(
        trial_id=trial.public_id, version=0, entries=entries(trial)[:1], comment="", user=marked, now=NOW
    )  # fmt: skip
    call_off(round_=row, reason="评查员变动", user=boss, now=NOW)

    barred = {each.person for each in who_may_read(file.case, today=NOW.date()) if each.reasons}

    assert barred == {marked}
    assert assignment(file.case, idle).order == 1


def test_who_has_read_a_file_or_knows_it_from_a_round_marks_it_not_for_practice(centre, boss):
    case, other = factories.case(centre), factories.case(centre)
    released(case)
    reader = Assignment.objects.get(case=case).reviewer
    people = [reviewer(centre) for _each in range(2)]
    row = closed(all_trialled(opened(centre, by=boss, cases=[case, other], now=LATER)), by=boss)

    for known in (reader, readers_of(row)[0]):
        with pytest.raises(PersonTied) as refused:
            opened(centre, by=boss, cases=[case, factories.case(centre)], readers=[*people, known], now=LATER)
        assert str(known) in str(refused.value.message)


def test_nobody_tied_to_a_file_marks_it_or_settles_its_marks(centre, boss):
    case = factories.case(centre)
    colleague = reviewer(centre)
    Membership.objects.filter(lawyer=colleague.lawyer).update(firm=case.firm)
    people = [reviewer(centre) for _each in range(3)]

    for given in ({"readers": [*people[:2], colleague]}, {"panel": [boss, colleague]}):
        with pytest.raises(PersonTied):
            opened(centre, by=boss, cases=[case, factories.case(centre)], **given)


# --- marked alone -----------------------------------------------------------------------------------------------------


def test_marks_are_saved_handed_in_for_good_and_unfinished_ones_are_not_taken(centre, boss):
    trial = Trial.objects.filter(file__round=opened(centre, by=boss)).first()
    assert trial is not None
    half = entries(trial)[:2]
    args: dict[str, Any] = {"trial_id": trial.public_id, "comment": "", "user": trial.reviewer, "now": NOW}
    save_trial(version=0, entries=half, **args)

    with pytest.raises(TrialChanged):
        save_trial(version=0, entries=half, **args)
    with pytest.raises(Unfinished):
        submit_trial(trial_id=trial.public_id, version=1, user=trial.reviewer, now=NOW)
    trialled(Trial.objects.get(pk=trial.pk))
    with pytest.raises(TrialLocked):
        trialled(Trial.objects.get(pk=trial.pk))
    with pytest.raises(DatabaseError), transaction.atomic():
        TrialMark.objects.filter(trial=trial).update(anchor=Anchor.NONE)


def test_a_tie_that_has_come_up_is_asked_about_when_the_marks_are_handed_in(centre, boss):
    trial = Trial.objects.select_related("file__case", "reviewer").filter(file__round=opened(centre, by=boss))[0]
    Relation.objects.create(reviewer=trial.reviewer, firm=trial.file.case.firm, declared_at=NOW)

    with pytest.raises(ConflictOfInterest):
        trialled(trial)


def test_before_the_marking_is_over_nobody_sees_a_mark_of_another(centre, boss, client):
    row = opened(centre, by=boss)
    trial = Trial.objects.filter(file__round=row)[0]
    trialled(trial, A2=Anchor.NONE)
    other = Trial.objects.exclude(reviewer=trial.reviewer).filter(file=trial.file)[0]

    managed = page(client, boss, "calibration", row.public_id).content.decode()
    theirs = page(client, other.reviewer, "trial", other.public_id).content.decode()

    assert not any("未见笔录" in shown for shown in (managed, theirs))
    assert page(client, boss, "calibration-file", trial.file.public_id).status_code == 404
    assert page(client, other.reviewer, "trial", trial.public_id).status_code == 404
    assert page(client, other.reviewer, "calibration", row.public_id).status_code == 404


def test_saving_takes_as_few_statements_for_one_mark_as_for_all(centre, boss, django_assert_max_num_queries):
    trial = Trial.objects.filter(file__round=opened(centre, by=boss)).select_related("reviewer")[0]
    everything = entries(trial, A2=Anchor.NONE)
    assert trial.reviewer.held

    for version, chosen in enumerate((everything, everything[:1], everything)):
        with django_assert_max_num_queries(6):  # two of them a savepoint's
            save_trial(
                trial_id=trial.public_id, version=version, entries=chosen, comment="", user=trial.reviewer, now=NOW
            )  # fmt: skip


def test_whoever_loses_the_role_loses_the_file(centre, boss, client):
    trial = Trial.objects.filter(file__round=opened(centre, by=boss))[0]
    Grant.objects.filter(user=trial.reviewer).delete()

    assert page(client, trial.reviewer, "trial", trial.public_id).status_code in (403, 404)


def test_with_the_last_file_the_panel_is_called_and_a_manager_may_end_the_marking_before(centre, boss):
    whole, early = opened(centre, by=boss), opened(centre, by=boss)

    assert all_trialled(whole).state == "discussion"
    with pytest.raises(NotAllAgreed):
        end_marking(round_=early, user=boss, now=NOW)
    for trial in Trial.objects.filter(file__round=early, reviewer=readers_of(early)[0]):
        trialled(trial)
    end_marking(round_=early, user=boss, now=NOW)

    assert Trial.objects.filter(file__round=early, state=TrialState.MISSING).count() == 4
    assert Notification.objects.filter(user=boss, text__startswith="The marks of the calibration round").count() == 2


# --- it counts nowhere ------------------------------------------------------------------------------------------------


def test_what_is_marked_for_calibration_reaches_no_result_and_makes_nobody_a_reader(centre, boss):
    case, other = factories.case(centre), factories.case(centre)
    before = released(case)
    EvidenceChange.objects.all().delete()
    counts = [model.objects.count() for model in (Assignment, Review, Mark, CaseReview)]

    row = opened(centre, by=boss, cases=[case, other], now=LATER)
    closed(all_trialled(row, *[{"A2": Anchor.NONE, "C2": Anchor.NONE}] * 3), by=boss)

    assert [model.objects.count() for model in (Assignment, Review, Mark, CaseReview)] == counts
    evidence = review_evidence([case.pk, other.pk])
    assert (evidence[case.pk].version, evidence[case.pk].score, other.pk in evidence) == (1, before.score, False)
    assert not set(people_who_marked(case.pk)) & {person.pk for person in readers_of(row)}
    assert not EvidenceChange.objects.exists()


# --- agreed on and closed ---------------------------------------------------------------------------------------------


def test_the_panel_agrees_with_a_reason_on_every_item_or_the_round_stays_open(centre, boss):
    row = all_trialled(opened(centre, by=boss))
    first, second = row.files.order_by("pk")
    with pytest.raises(InvalidInput):
        agreed(first, by=boss, A2="never")
    agreed(first, by=boss)
    with pytest.raises(AgreementChanged):
        agreed(first, by=boss)
    agreed(second, by=boss, note="")

    with pytest.raises(NotAllAgreed):
        close_round(round_=row, user=boss, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        AgreedMark.objects.filter(file=first).update(reason="")
    AgreedMark.objects.filter(file=second, item__code="A2").delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        CalibrationRound.objects.filter(pk=row.pk).update(state="closed", closed_by=boss, closed_at=NOW)


def test_neither_what_the_panel_writes_nor_why_a_round_is_called_off_names_a_client(centre, boss):
    row = all_trialled(opened(centre, by=boss))
    file = row.files.select_related("case__client")[0]
    said = f"{file.case.client.name}的卷宗"

    def refused(act):
        with pytest.raises(InvalidInput) as caught:
            act()
        return caught.value.field

    codes = standard_of(row.checklist).items
    reasons = [AgreedEntry(code, Anchor.FULL, said) for code in codes]
    args: dict[str, Any] = {"file": file, "version": 0, "user": boss, "now": NOW}
    assert refused(lambda: agreed(file, by=boss, note=said)) == "note"
    assert refused(lambda: agree_on_file(entries=reasons, note="逐项讨论。", **args)) == f"{next(iter(codes))}.reason"
    assert refused(lambda: call_off(round_=row, reason=said, user=boss, now=NOW)) == "reason"
    assert not AgreedMark.objects.exists()


def filled_in(page):
    """The form of a file before its panel, as a browser sends it back."""
    form = {"version": str(page.context["row"].version), "note": page.context["note"][0]}
    form["note-was"] = page.context["note"][1]
    for item, words, was, _theirs in page.context["items"]:
        form |= {f"{item.code}-{name}": words[name] for name in ("anchor", "reason")} | {f"{item.code}-was": was}
    return form


@pytest.mark.usefixtures("context_kept")
def test_of_two_of_the_panel_at_one_file_neither_wipes_what_the_other_agreed_on(centre, boss, client):
    file = all_trialled(opened(centre, by=boss)).files.order_by("pk")[0]
    client.force_login(boss)
    url = reverse("reviews:calibration-file", args=[file.public_id])
    both = filled_in(client.get(url))
    one = {"A1-anchor": "mostly", "A1-reason": "缺日期", "A2-anchor": "partly", "A2-reason": "过迟", "note": "甲记"}
    other = {"A1-anchor": "none", "A1-reason": "缺委托书", "A3-anchor": "none", "A3-reason": "没有告知"}

    client.post(url, both | one)
    refused = client.post(url, both | other)
    client.post(url, filled_in(refused))

    beside = {item.code: theirs for item, _words, _was, theirs in refused.context["items"] if theirs}
    kept = dict(AgreedMark.objects.filter(file=file).values_list("item__code", "reason"))
    file.refresh_from_db()
    assert (refused.status_code, beside) == (409, {"A1": "基本满足 · 缺日期"})
    assert "其他人保存的内容" in refused.content.decode()
    assert ([kept[code] for code in ("A1", "A2", "A3")], file.note) == (["缺委托书", "过迟", "没有告知"], "甲记")


@pytest.mark.usefixtures("context_kept")
def test_what_two_of_the_panel_wrote_of_one_discussion_stands_side_by_side(centre, boss, client):
    file = all_trialled(opened(centre, by=boss)).files.order_by("pk")[0]
    client.force_login(boss)
    url = reverse("reviews:calibration-file", args=[file.public_id])
    both = filled_in(client.get(url))

    client.post(url, both | {"note": "甲记"})
    page = client.post(url, both | {"note": "乙记"})

    assert (page.context["note"], page.context["their_note"]) == (("乙记", "甲记"), "甲记")
    assert page.content.decode().count('class="theirs"') == 1


def test_the_panel_looks_into_the_file_while_it_talks_and_not_before_or_after(centre, boss, client):
    row = opened(centre, by=boss)
    on_panel, file = row.panelists.exclude(person=boss).get().person, row.files.all()[0]
    scan = scanned(file.case, ["one"], user=boss)
    doors = (("read-calibration-file", file.public_id), ("read-calibration-page", file.public_id, scan.public_id, 1))

    def met(person):
        return [page(client, person, *door).status_code for door in doors]

    before = met(on_panel)
    talking = met(on_panel) if all_trialled(row).state == "discussion" else []
    reader = met(readers_of(row)[0])
    Relation.objects.create(reviewer=on_panel, firm=file.case.firm, declared_at=NOW)
    tied = met(on_panel)
    closed(CalibrationRound.objects.get(pk=row.pk), by=boss)

    assert (before, talking, reader, tied) == ([404, 404], [200, 200], [404, 404], [403, 403])
    assert met(boss) == [404, 404]


def test_a_closed_round_stands_whatever_is_tried(centre, boss):
    row = closed(all_trialled(opened(centre, by=boss)), by=boss)

    tries = (
        lambda: CalibrationRound.objects.filter(pk=row.pk).update(name="改"),
        lambda: AgreedMark.objects.filter(file__round=row).update(anchor=Anchor.NONE),
        lambda: row.files.update(note="改"),
        lambda: Trial.objects.filter(file__round=row).update(total=1),
        lambda: row.panelists.update(person=readers_of(row)[0]),
    )
    for attempt in tries:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    with pytest.raises(RoundNotOpen):
        call_off(round_=row, reason="不再需要", user=boss, now=NOW)


def test_one_called_off_says_why_and_is_marked_no_more(centre, boss):
    row = opened(centre, by=boss)
    with pytest.raises(InvalidInput):
        call_off(round_=row, reason=" ", user=boss, now=NOW)

    call_off(round_=row, reason="评查员变动", user=boss, now=NOW)

    with pytest.raises(DomainError):
        trialled(Trial.objects.filter(file__round=row)[0])


# --- what came of it --------------------------------------------------------------------------------------------------


def test_each_reader_and_item_lies_beside_the_panel_with_its_number(centre, boss):
    row = opened(centre, by=boss)
    closed(all_trialled(row, {}, {"A2": Anchor.NONE}, {"A2": Anchor.PARTLY}), by=boss, A2=Anchor.PARTLY)

    found = outcome_of(row)

    by_reader = {line.aligned.reader: line.aligned for line in found.readers}
    full, none, exact = (by_reader[person.pk] for person in readers_of(row))
    assert (exact.alignment.score, exact.alignment.interval) == (Decimal(100), None)
    # A2 has 7 points of a hundred: the panel gave 2.8 of them.
    assert ([str(each.leaning.normalize()) for each in (full, none)], full.files) == (["4.2", "-2.8"], 2)
    assert full.alignment.interval is not None
    assert full.alignment.interval.low < float(full.alignment.score or 0) < full.alignment.interval.high
    item = next(line.aligned for line in found.items if line.aligned.code == "A2")
    assert (item.same.part, item.same.whole) == (2, 6)
    assert found.aligned.thin
    assert found.aligned.among is not None


def test_managers_and_the_panel_read_the_minutes_and_a_reader_reads_their_own_alone(centre, boss, client):
    row = opened(centre, by=boss)
    closed(all_trialled(row, {}, {"A2": Anchor.NONE}, {}), by=boss)
    me, strict, _third = readers_of(row)
    on_panel = row.panelists.exclude(person=boss).get().person

    minutes = [page(client, person, "calibration", row.public_id).content.decode() for person in (boss, on_panel)]
    own = page(client, me, "my-calibration", row.public_id).content.decode()

    assert all(str(strict) in shown and "材料齐备" in shown and "说明不了" in shown for shown in minutes)
    assert ("材料齐备" in own, str(strict) in own, "未见笔录" in own) == (True, False, False)
    assert page(client, me, "calibration", row.public_id).status_code == 404
    assert page(client, reviewer(centre), "my-calibration", row.public_id).status_code == 404
    aligned = own_outcome(row, me).aligned
    assert aligned is not None
    assert aligned.alignment.score == 100


def test_the_pages_and_lists_of_rounds_ask_as_often_for_more_files_and_rounds(centre, boss, client):
    asked, people = [], [reviewer(centre) for _each in range(3)]
    for number in (2, 3):
        cases = [factories.case(centre) for _each in range(number)]
        row = opened(centre, by=boss, cases=cases, readers=people)
        for trial in Trial.objects.filter(file__round=row, reviewer=people[0]):
            trialled(trial)
        closed(end_marking(round_=row, user=boss, now=NOW), by=boss)
        one = (row.public_id,)
        for person, name, args in (
            (boss, "reviews:calibration", one),
            (people[0], "reviews:my-calibration", one),
            (boss, "reviews:calibrations", ()),
            (people[0], "reviews:my-calibrations", ()),
            (boss, "api-calibration", one),
            (boss, "api-calibrations", ()),
            (people[0], "api-trials", ()),
        ):
            client.force_login(person)
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(name, args=args))
            asked.append((name, len(queries)))

    assert asked[:7] == asked[7:]


def test_whoever_comes_to_be_of_the_firm_of_a_file_sees_nothing_of_the_round(centre, boss, client):
    row = closed(all_trialled(opened(centre, by=boss)), by=boss)
    tied = factories.user(Role.MANAGER, at=centre, of=row.files.all()[0].case.lawyer)

    assert page(client, tied, "calibration", row.public_id).status_code == 404


# --- by page and program ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("context_kept")
def test_a_round_is_opened_marked_agreed_on_and_closed_on_its_pages(centre, boss, client):
    cases = [factories.case(centre) for _each in range(2)]
    people = [reviewer(centre) for _each in range(4)]
    opened(centre, by=boss)  # publishes the lists
    client.force_login(boss)
    form = {
        "name": "校准",
        "due_on": "2026-12-18",
        "numbers": "\n".join(case.number for case in cases),
        "readers": [str(person.public_id) for person in people[:3]],
        "panel": [str(boss.public_id), str(people[3].public_id)],
    }
    url = reverse("reviews:open-calibration")
    refused = client.post(url, form | {"numbers": "不存在"})
    done = client.post(url, form)
    row = CalibrationRound.objects.get(name="校准")
    assert (refused.status_code, "不存在" in refused.content.decode(), done.status_code) == (422, True, 302)

    for trial in Trial.objects.filter(file__round=row):
        client.force_login(trial.reviewer)
        typed = {f"{each.item}-anchor": each.anchor for each in entries(trial)}
        there = reverse("reviews:trial", args=[trial.public_id])
        assert client.get(there).status_code == 200
        assert client.post(there, {"version": "0", "next": "submit", "comment": ""} | typed).status_code == 302

    client.force_login(people[3])
    for file in row.files.all():
        there = reverse("reviews:calibration-file", args=[file.public_id])
        shown = client.get(there)
        assert client.post(there, filled_in(shown) | {"note": "一致"}).status_code == 302
    client.post(reverse("reviews:close-calibration", args=[row.public_id]))

    assert CalibrationRound.objects.get(pk=row.pk).state == "closed"


def test_a_program_saves_and_hands_in_marks_and_reads_what_came_of_the_round(centre, boss, client):
    row = opened(centre, by=boss)
    trial = Trial.objects.filter(file__round=row)[0]
    client.force_login(trial.reviewer)
    marks = [{"item": each.item, "anchor": each.anchor, "comment": each.comment} for each in entries(trial)]
    url = reverse("api-trial-marks", args=[trial.public_id])

    sent = [client.put(url, {"version": 0, "marks": marks}, content_type="application/json") for _twice in range(2)]
    submit = reverse("api-trial-submit", args=[trial.public_id])
    handed = client.post(submit, {"version": 1}, content_type="application/json")
    for other in Trial.objects.filter(file__round=row, state=TrialState.OPEN):
        trialled(other)
    client.force_login(boss)
    outcome = reverse("api-calibration-outcome", args=[row.public_id])
    early = client.get(outcome)
    closed(CalibrationRound.objects.get(pk=row.pk), by=boss)

    assert ([each.status_code for each in sent], sent[1].json()["code"]) == ([200, 409], "trial_changed")
    assert (handed.json()["state"], early.status_code) == ("submitted", 404)
    found = client.get(outcome).json()
    assert ({each["score"] for each in found["reviewers"]}, found["thin"]) == ({100.0}, True)


def test_a_program_opens_a_round_agrees_on_its_marks_and_closes_it(centre, boss, client):
    opened(centre, by=boss)  # publishes the lists
    cases = [factories.case(centre) for _each in range(2)]
    people = [reviewer(centre) for _each in range(4)]
    client.force_login(boss)
    sent = {
        "centre": centre.code,
        "name": "校准",
        "due_on": "2026-12-18",
        "files": [case.number for case in cases],
        "readers": [str(person.public_id) for person in people[:3]],
        "panel": [str(boss.public_id), str(people[3].public_id)],
    }

    def post(name, body=None, *args):
        return client.post(reverse(f"api-{name}", args=args), body or {}, content_type="application/json")

    refused = [
        post("calibrations", sent | wrong)
        for wrong in (
            {"files": ["不存在", cases[0].number]},
            {"panel": [str(people[0].public_id), str(boss.public_id)]},
        )
    ]
    made = post("calibrations", sent).json()
    row = CalibrationRound.objects.get(public_id=made["public_id"])
    here = (row.public_id,)
    marking = client.get(reverse("api-calibration", args=here)).json()
    for trial in Trial.objects.filter(file__round=row).exclude(reviewer=people[2]):
        trialled(trial, A2=Anchor.NONE)
    ended = post("calibration-end", None, *here).json()
    agree = {"items": [{"item": i["item"], "anchor": "full", "reason": "齐备"} for i in ended["files"][0]["items"]]}
    agreement = [reverse("api-calibration-agreement", args=[file["public_id"]]) for file in ended["files"]]
    args = {"content_type": "application/json"}
    saved = [client.put(url, agree | {"version": 0, "note": "一致"}, **args) for url in (*agreement, agreement[0])]

    assert [(each.status_code, each.json()["errors"][0]["field"]) for each in refused] == [
        (422, "files"),
        (422, "panel"),
    ]
    assert (made["expected"], marking["files"], marking["progress"][0]["expected"]) == (6, [], 2)
    assert {given["anchor"] for item in ended["files"][0]["items"] for given in item["given"]} == {"full", "none"}
    assert [each.status_code for each in saved] == [200, 200, 409]
    assert saved[2].json()["errors"][0]["version"] == "1"
    assert post("calibration-close", None, *here).status_code == 204
    assert post("calibration-off", {"reason": "晚了"}, *here).status_code == 409


def test_who_has_files_left_is_reminded_before_the_day_and_each_week_after(centre, boss):
    row = opened(centre, by=boss)
    done, late, _third = readers_of(row)
    for trial in Trial.objects.filter(file__round=row, reviewer=done):
        trialled(trial)
    due = row.due_on - NOW.date()

    told = [remind_of_calibrations(now=NOW + due + timedelta(days=days)) for days in (-4, -3, -2, 1, 2, 8)]
    call_off(round_=row, reason="评查员变动", user=boss, now=NOW)

    assert told == [0, 2, 0, 2, 0, 2]
    assert remind_of_calibrations(now=NOW + due + timedelta(days=30)) == 0
    near = Notification.objects.filter(
        text__contains="are due by", user=late, params={"count": 2, "day": str(row.due_on)}
    )
    assert near.count() == 1
    assert not Notification.objects.filter(text__contains="for calibration are due", user=done).exists()


@pytest.mark.usefixtures("fonts")
def test_the_result_of_a_closed_round_is_a_paper_for_managers_and_the_panel(centre, boss, client):
    row = opened(centre, by=boss)
    strict = readers_of(row)[1]
    early = page(client, boss, "calibration-paper", row.public_id)
    closed(all_trialled(row, {}, {"A2": Anchor.NONE}, {}), by=boss)

    paper = page(client, boss, "calibration-paper", row.public_id)

    text = "".join(each.extract_text() for each in PdfReader(BytesIO(paper.content)).pages).replace("\n", "")
    said = ("材料齐备", "逐项讨论", str(strict), str(boss), *(file.case.number[-5:] for file in row.files.all()))
    assert (early.status_code, paper["Content-Type"]) == (404, "application/pdf")
    assert [each for each in said if each not in text] == []
    assert page(client, strict, "calibration-paper", row.public_id).status_code == 404
