"""What is written costs the database the same for one row, item or neighbour as for thirty."""

import csv
import io
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.actors import Actor
from qa_service.cases.models import Case
from qa_service.cases.services import receive_import, release_surveys, run_import
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from qa_service.organisations.services import load_calendar_year
from reviews.defaults import default_checklists
from reviews.enums import Anchor, Rule
from reviews.models import Assignment, CaseReview, Checklist, Review
from reviews.services.assignments import assign_sample, nudge_late
from reviews.services.checklists import publish_checklist
from reviews.services.marks import MarkEntry, save_marks
from reviews.services.objections import Ruling, decide_objection, lodge_objection
from reviews.services.samples import draw_sample
from reviews.services.submission import submit_review
from scoring.models.voice import SMALLEST_BATCH
from scoring.services.proposals import propose
from scoring.services.rules import publish_default_rules
from scoring.services.satisfaction import release_client_satisfaction
from scoring.services.schemes import publish_default_scheme
from scoring.services.scores import rescore_changed
from scoring.services.voice import release_client_voice
from surveys import services
from surveys.enums import Answerer, Mode
from surveys.services.answering.answers import AnswerInput
from tests import factories
from tests.factories import NOW
from tests.qa_service.cases.county import CSV, EXPECTED
from tests.reviews import factories as review_rows
from tests.scoring import factories as weigh_rows
from tests.surveys import factories as survey_rows
from tests.surveys.faces import rows as forms

MANY = 30
MANY_ITEMS = 200
CLERK = Actor("user:1", "某人")
Act = Callable[[], Any]


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def cost_of(act: Act) -> list[str]:
    cache.clear()
    reset_queries()
    with CaptureQueriesContext(connection) as asked:
        act()
    return [query["sql"] for query in asked.captured_queries]


def cases(count: int) -> tuple[Organisation, list[Case]]:
    review_rows.checklists()
    centre = factories.centre()
    firm = factories.firm(centre)
    return centre, [factories.case(centre, firm=firm, lawyer=factories.lawyer(firm)) for _each in range(count)]


def a_sample_drawn(count: int) -> Act:
    centre, _cases = cases(count)
    boss = review_rows.manager(centre)
    return lambda: draw_sample(
        centre=centre,
        period=Period.quarter(2026, 4),
        seed="s",
        rate=Decimal(1),
        rules=[Rule.RANDOM],
        user=boss,
        now=NOW,
    )


def a_sample_given_out(count: int) -> Act:
    centre, _cases = cases(count)
    boss = review_rows.manager(centre)
    for _each in range(count):
        review_rows.reviewer(centre)
    sample = draw_sample(
        centre=centre,
        period=Period.quarter(2026, 4),
        seed="s",
        rate=Decimal(1),
        rules=[Rule.RANDOM],
        user=boss,
        now=NOW,
    )
    return lambda: assign_sample(sample=sample, user=boss, now=NOW)


def readers_reminded(count: int) -> Act:
    _centre, found = cases(count)
    for case in found:
        review_rows.assignment(case)
    return lambda: nudge_late(now=NOW + timedelta(days=30))


def marks_saved(count: int) -> Act:
    row = review_rows.assignment()
    entries = [replace(each, comment="见卷") for each in review_rows.entries(row.checklist)][:count]
    review = Review.objects.get(assignment=row)
    return lambda: save_marks(review_id=review.public_id, version=0, entries=entries, user=row.reviewer, now=NOW)


def a_review_submitted(count: int) -> Act:
    """Among so many of the same lawyer and reader."""
    _centre, found = cases(1)
    reader = review_rows.reviewer(found[0].centre)
    reader.refresh_from_db()
    for _each in range(count - 1):
        beside = factories.case(found[0].centre, firm=found[0].firm, lawyer=found[0].lawyer)
        review_rows.submitted(review_rows.assignment(beside, reader))
    review = review_rows.marked(review_rows.assignment(found[0], reader), **review_rows.GOOD)
    return lambda: submit_review(review_id=review.public_id, version=review.version, user=reader, now=NOW)


OBJECTED = ("A2", "A3", "A4", "B1", "B2", "B3", "C1", "C2", "C3", "E2")


def released_to_the_lawyer() -> tuple[CaseReview, User]:
    result = review_rows.released(cases(1)[1][0])
    return result, User.objects.get(lawyer=result.case.lawyer)


def an_objection_lodged(count: int) -> Act:
    result, lawyer = released_to_the_lawyer()
    return lambda: lodge_objection(result=result, items=OBJECTED[:count], statement="不同意。", user=lawyer, now=NOW)


def an_objection_decided(count: int) -> Act:
    result, lawyer = released_to_the_lawyer()
    objection = lodge_objection(result=result, items=OBJECTED[:count], statement="不同意。", user=lawyer, now=NOW)
    judge = review_rows.manager(result.case.centre)
    rulings = [Ruling(code, upheld=True, mark=MarkEntry(item=code, anchor=Anchor.FULL)) for code in OBJECTED[:count]]
    return lambda: decide_objection(objection=objection, rulings=rulings, answer="采纳。", user=judge, now=NOW)


def a_sheet_keyed_in(count: int) -> Act:
    survey_rows.questionnaires()
    conversation = survey_rows.invited(plan={"sms_allowed": False, "reason": "not_consented"})
    clerk = factories.user(Role.FOLLOW_UP, at=conversation.case.centre)
    answers = {code: AnswerInput(value=value) for code, value in forms.SATISFIED[:count]}
    return lambda: services.record_interview(
        user=clerk, conversation=conversation, answers=answers, answerer=Answerer.CLIENT, mode=Mode.PAPER, now=NOW
    )


def an_answer_on_the_web(count: int) -> Act:
    """Among so many people who were asked."""
    for _each in range(count - 1):
        forms.asked()
    _conversation, key = forms.asked()
    browser = forms.begin(key)
    forms.answer(browser, key, "q1", "5")
    return lambda: forms.answer(browser, key, "q2", "always")


def late_clients_released(count: int) -> Act:
    _centre, found = cases(count)
    Case.objects.update(survey_released_at=None)
    return lambda: release_surveys(cases=found, actor=CLERK, now=NOW)


def a_calendar_loaded(count: int) -> Act:
    days = [(date(2029, 1, 1) + timedelta(days=n), "节日") for n in range(count)]
    return lambda: load_calendar_year(year=2029, holidays=days, workdays=[], source="通知", actor=CLERK, now=NOW)


def a_file_taken_in(count: int) -> Act:
    """Of one station and of lawyers whom another centre knows: a new place in the tree is made once, and by itself."""
    title, header, *rows = csv.reader(io.StringIO(CSV.read_bytes().decode("gb18030")))
    place = header.index("受理站点")
    refused = {fault["line"] for fault in EXPECTED["refused"]}
    good = [
        [*row[:place], "大湾法律援助工作站", *row[place + 1 :]]
        for line, row in enumerate(rows, start=3)
        if line not in refused
    ]

    def of(rows: list[list[str]]) -> Act:
        written = io.StringIO()
        csv.writer(written).writerows([title, header, *rows])
        upload, centre = io.BytesIO(written.getvalue().encode()), factories.centre()
        job = receive_import(centre=centre, upload=upload, name="cases.csv", actor=CLERK, dry_run=False, now=NOW)
        return lambda: run_import(import_id=job.pk, now=NOW)

    of(good[:MANY])()
    return of(good[:count])


def cases_weighed(count: int) -> Act:
    publish_default_scheme(now=NOW)
    for case in cases(count)[1]:
        review_rows.released(case)
    return lambda: rescore_changed(now=NOW)


def answers_given_to_a_lawyer_in_one_batch(count: int) -> Act:
    firm = factories.firm(factories.centre())
    lawyer = factories.lawyer(firm)
    for _each in range(max(count, SMALLEST_BATCH)):
        weigh_rows.voice(factories.case(firm.centre, lawyer=lawyer, firm=firm))
    return lambda: release_client_voice(now=NOW)


def clients_counted_in_the_report(count: int) -> Act:
    firm = factories.firm(factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0}))
    for _each in range(max(count, SMALLEST_BATCH)):
        weigh_rows.answered(5, at=firm.centre, firm=firm)
    return lambda: release_client_satisfaction(now=NOW)


def of_many_items() -> Checklist:
    """The civil list with one item again and again, in force."""
    document = deepcopy(next(each for each in default_checklists() if each["case_type"] == "civil"))
    section, part = document["sections"][0], str(Decimal(100) / MANY_ITEMS)
    item = section["items"][0] | {"points": part, "floors": {}}
    items = [item | {"code": f"A{n}"} for n in range(1, MANY_ITEMS + 1)]
    document |= {"sections": [section | {"items": items}], "vetoes": []}
    return publish_checklist(document=document, actor=CLERK, now=NOW)


SAVES = (
    a_sample_drawn, a_sample_given_out, readers_reminded, marks_saved, a_review_submitted, an_objection_lodged,
    an_objection_decided, a_sheet_keyed_in, an_answer_on_the_web, late_clients_released, a_calendar_loaded,
    a_file_taken_in, answers_given_to_a_lawyer_in_one_batch, clients_counted_in_the_report,
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("save", SAVES, ids=lambda save: save.__name__)
def test_a_save_costs_the_same_for_one_and_for_many(save: Callable[[int], Act]) -> None:
    cost_of(save(1))  # what a process keeps once it has read it is read now
    of_one, of_many = cost_of(save(1)), cost_of(save(MANY))

    assert_the_same(of_one, of_many)


@pytest.mark.django_db
def test_saving_a_review_costs_six_statements_from_door_to_door_for_one_mark_and_for_two_hundred() -> None:
    """The sending of a page that saves by itself: whoever asks is found with their roles, the review with its marks."""
    review_rows.checklists()
    row, checklist = review_rows.assignment(), of_many_items()
    Assignment.objects.update(checklist=checklist)
    review = Review.objects.get(assignment=row)
    browser = Client()
    browser.force_login(row.reviewer)
    sent = [{"item": f"A{n}", "anchor": "mostly", "page": "3"} for n in range(1, MANY_ITEMS + 1)]

    def save(marks: list[dict[str, str]]) -> Act:
        version = Review.objects.values_list("version", flat=True).get(pk=review.pk)
        url, body = f"/api/v1/reviews/{review.public_id}/marks", {"version": version, "marks": marks}
        return lambda: browser.put(url, body, content_type="application/json")

    cost_of(save(sent[:1]))
    of_one, of_many = (
        [sql for sql in cost_of(save(marks)) if "SAVEPOINT" not in sql] for marks in ([sent[0] | {"page": "4"}], sent)
    )

    assert review.marks.count() == MANY_ITEMS
    assert (len(of_one), len(of_many)) == (6, 6), of_many


@pytest.mark.django_db
def test_weighing_and_proposing_cost_the_same_for_one_case_and_for_many() -> None:
    """The cases that were weighed are those put before the rules."""
    publish_default_rules(now=NOW)

    def costs(count: int) -> tuple[list[str], list[str]]:
        return cost_of(cases_weighed(count)), cost_of(lambda: propose(now=NOW))

    costs(1)
    of_one, of_many = costs(1), costs(MANY)

    for weighed_or_proposed in zip(of_one, of_many, strict=True):
        assert_the_same(*weighed_or_proposed)


def assert_the_same(of_one: list[str], of_many: list[str]) -> None:
    assert len(of_one) > 1
    assert len(of_many) == len(of_one), "\n".join(sorted(set(of_many) - set(of_one)))[:3000]
