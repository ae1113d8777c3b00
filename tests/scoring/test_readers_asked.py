"""A grade that takes another reader because of all the evidence: file review hears of it, and the way goes on."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.cases.models import Case, ReaderRequest
from qa_service.cases.services import evidence_changed
from qa_service.notifications.models import Notification
from reviews import marking
from reviews.enums import Anchor, ResultState
from reviews.models import CaseReview, ReaderWaiver
from reviews.queries.work import cases_needing_a_reader
from reviews.services.assignments import ReaderNotNeeded, add_next_reader
from reviews.services.results import NothingToRelease, release_with_one_reader
from scoring.calculation import readers_asked, rules_of, weigh_case
from scoring.defaults import default_scheme
from scoring.enums import Grade, Reason
from scoring.evidence import CaseEvidence, FileReview, Filing
from scoring.models import CaseScore, Proposal
from scoring.services.proposals import propose
from scoring.services.scores import rescore_changed
from tests.factories import NOW
from tests.reviews import factories as reviews
from tests.scoring.deciding import BAD, MONDAY, Office, office, read, submitted

pytestmark = pytest.mark.django_db

# 63.4 on the civil list: a pass by its marks, a fail with a file that came 85 days after the closing.
PASSING = dict.fromkeys(("A1", "B1", "B2", "C1"), Anchor.PARTLY) | dict.fromkeys(("A2", "C2"), Anchor.NONE)
# 89.85: good by its marks, the best grade with a file handed in in time.
NEARLY = {"A2": Anchor.MOSTLY, "C2": Anchor.PARTLY}
LATE = {"closed_on": date(2026, 8, 1), "filed_on": date(2026, 10, 25)}
IN_TIME = {"closed_on": date(2026, 10, 1), "filed_on": date(2026, 10, 5)}


def failing(place: Office) -> Case:
    case = place.case(**LATE)
    read(case, PASSING, times=1)
    return case


def excelling(place: Office) -> Case:
    case = place.case(**IN_TIME)
    read(case, NEARLY, times=1)
    return case


def grade(case: Case) -> str:
    return CaseScore.objects.current().get(case=case).grade


def needing(place: Office) -> list[int]:
    return list(cases_needing_a_reader(place.manager).values_list("case_id", flat=True))


def read_again(case: Case, anchors: dict[str, Anchor]) -> None:
    boss = reviews.manager(case.centre)
    submitted(add_next_reader(case=case, reviewer=reviews.reviewer(case.centre), user=boss, now=NOW), anchors, "")
    rescore_changed(now=NOW)


@pytest.mark.parametrize(("make", "state"), [(failing, Grade.PENDING), (excelling, Grade.GOOD)])
def test_a_grade_that_takes_a_reader_by_all_the_evidence_waits_before_the_manager(make, state) -> None:
    place = office()

    case = make(place)

    result = CaseReview.objects.current().get(case=case)
    assert (result.state, result.readers, grade(case)) == (ResultState.RELEASED, 1, state)
    assert needing(place) == [case.pk]
    told = Notification.objects.filter(user=place.manager, url="/reviews/assignments?needs=reader")
    assert [row.params for row in told] == [{"count": 1}]


def test_a_manager_of_two_centres_is_told_once_of_what_one_sweep_found() -> None:
    place, other = office(), office()
    Grant.objects.create(user=place.manager, role=Role.MANAGER, organisation=other.centre)
    cases = [failing(place), failing(other)]
    ReaderRequest.objects.all().delete()
    Notification.objects.all().delete()

    evidence_changed(case.pk for case in cases)
    rescore_changed(now=NOW)

    told = Notification.objects.filter(url="/reviews/assignments?needs=reader").values_list("user", "params")
    assert dict(told) == {place.manager.pk: {"count": 2}, other.manager.pk: {"count": 1}}
    assert len(told) == 2


def test_a_fail_is_settled_by_the_second_reader_and_proposed() -> None:
    place = office()
    case = failing(place)

    read_again(case, PASSING)
    for result in CaseReview.objects.current().filter(case=case):
        assert (result.state, result.readers) == (ResultState.RELEASED, 2)
    propose(now=MONDAY)

    assert (grade(case), needing(place), ReaderRequest.objects.count()) == (Grade.FAIL, [], 0)
    assert set(Proposal.objects.filter(case=case).values_list("code", flat=True)) == {"S1", "S2"}


def test_the_best_grade_is_given_after_the_second_reader_and_proposed() -> None:
    place = office()
    case = excelling(place)

    read_again(case, NEARLY)
    propose(now=MONDAY)

    assert (grade(case), needing(place)) == (Grade.EXCELLENT, [])
    assert list(Proposal.objects.filter(case=case).values_list("code", flat=True)) == ["R1"]


def test_a_core_item_at_zero_leads_to_coaching_while_the_fail_waits_for_its_reader() -> None:
    place = office()
    case = failing(place)

    propose(now=MONDAY)

    row = Proposal.objects.get(case=case)
    assert (row.code, row.score, grade(case)) == ("S1", None, Grade.PENDING)
    assert [each["figures"]["item"] for each in row.evidence if each["point"] == "item_at_zero"] == ["A2", "C2"]


def test_the_home_and_the_pages_of_file_review_show_it_with_the_way_to_name_a_reader() -> None:
    with time_machine.travel(MONDAY, tick=False), translation.override("en"):
        place = office()
        case = failing(place)
        reviews.reviewer(place.centre)
        result = CaseReview.objects.current().get(case=case)
        browser = Client(headers={"accept-language": "en"})
        browser.force_login(place.manager)
        button = reverse("reviews:add-reader", args=[result.public_id])

        assert "Files that need another reader" in browser.get(reverse("home")).content.decode()
        for page in (reverse("reviews:assignments"), reverse("reviews:result", args=[result.public_id])):
            assert button in browser.get(page).content.decode()
        found = browser.get("/api/v1/review-results", {"needs_reader": "true"}).json()["results"]
        assert [row["case"] for row in found] == [case.number]

        browser.post(button)

        assert needing(place) == []
        assert button not in browser.get(reverse("reviews:assignments")).content.decode()


def test_a_manager_who_handled_the_case_is_told_nothing_of_it() -> None:
    place = office()
    Grant.objects.create(user=place.handler, role=Role.MANAGER, organisation=place.centre)
    both = User.objects.get(pk=place.handler.pk)

    case = failing(place)

    assert CaseReview.objects.visible_to(both).filter(case=case).exists()
    assert cases_needing_a_reader(both).count() == 0


def test_the_best_grade_may_be_left_without_a_second_reader_and_is_then_not_given() -> None:
    place = office()
    case = excelling(place)

    release_with_one_reader(case=case, reason="县内无第二名评查员", user=place.manager, now=NOW)
    rescore_changed(now=NOW)

    assert (needing(place), grade(case)) == ([], Grade.GOOD)
    assert CaseReview.objects.filter(case=case).count() == 1
    with pytest.raises(NothingToRelease):
        release_with_one_reader(case=case, reason="再来一次", user=place.manager, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReaderWaiver.objects.update(reason="别的")


def test_who_released_the_best_marks_with_one_reader_is_not_asked_again() -> None:
    place = office()
    case = place.case(**IN_TIME)
    read(case, {}, times=1, told=False)
    release_with_one_reader(case=case, reason="县内无第二名评查员", user=place.manager, now=NOW)

    rescore_changed(now=NOW)

    assert (needing(place), grade(case), ReaderRequest.objects.filter(case=case).exists()) == ([], Grade.GOOD, True)


def test_a_fail_waits_for_its_reader_whatever_a_manager_leaves() -> None:
    place = office()
    case = failing(place)

    with pytest.raises(NothingToRelease):
        release_with_one_reader(case=case, reason="县内无第二名评查员", user=place.manager, now=NOW)

    assert needing(place) == [case.pk]


def test_failing_marks_released_with_one_reader_go_on_waiting_for_the_second() -> None:
    place = office()
    case = place.case(**IN_TIME)
    read(case, BAD, times=1, told=False)
    release_with_one_reader(case=case, reason="县内无第二名评查员", user=place.manager, now=NOW)

    rescore_changed(now=NOW)

    assert (needing(place), grade(case)) == ([case.pk], Grade.PENDING)
    read_again(case, BAD)
    assert (needing(place), grade(case)) == ([], Grade.FAIL)


def test_nobody_is_asked_for_once_the_evidence_no_longer_takes_a_reader() -> None:
    place = office()
    case = failing(place)
    Case.objects.filter(pk=case.pk).update(filed_on=date(2026, 8, 20))
    evidence_changed(case.pk)
    rescore_changed(now=NOW)

    assert (grade(case), needing(place)) == (Grade.PASS, [])


def test_a_third_reader_is_named_where_the_method_takes_one() -> None:
    place = office()
    case = excelling(place)
    read_again(case, NEARLY)
    with pytest.raises(ReaderNotNeeded):
        add_next_reader(case=case, reviewer=reviews.reviewer(place.centre), user=place.manager, now=NOW)

    ReaderRequest.objects.create(case=case, readers=3, for_fail=False, asked_at=NOW)

    assert needing(place) == [case.pk]
    read_again(case, NEARLY)
    assert (CaseReview.objects.current().get(case=case).readers, needing(place)) == (3, [])


RULES = rules_of(1, default_scheme())


def review(score: str, **more) -> CaseEvidence:
    found = FileReview(version=1, score=Decimal(score), settled=True, **more)
    return CaseEvidence(review=found, filing=Filing(counted_from=date(2026, 10, 1), filed_on=date(2026, 10, 5)))


@pytest.mark.parametrize(
    ("evidence", "readers"),
    [
        (review("95"), 2),
        (review("95", readers=2), 0),
        (review("95", readers=2, spread=Decimal(9)), 3),
        (review("95", readers=3, spread=Decimal(30)), 0),
        (review("95", cap=Grade.GOOD), 0),
        (review("95", cap=Grade.PASS), 0),
        (review("70"), 0),
        (review("40"), 2),
        (review("40", readers=2), 0),
        (review("40", cap=Grade.FAIL), 0),
        (review("40", veto_pending=True), 0),
    ],
)
def test_readers_are_asked_for_only_where_they_settle_the_grade(evidence, readers) -> None:
    assert readers_asked(evidence.review, weigh_case(evidence, RULES), RULES) == readers


def test_nobody_reads_for_a_grade_that_lacks_more_than_readers() -> None:
    evidence = CaseEvidence(
        review=review("95").review,
        filing=Filing(counted_from=date(2026, 10, 1)),
        organ_applies=True,
        hearing_applies=True,
        self_assessment_applies=True,
    )
    result = weigh_case(evidence, RULES)

    assert result.reasons == (Reason.NOT_TWO_READERS, Reason.LOW_COVERAGE)
    assert readers_asked(evidence.review, result, RULES) == 0


def test_the_default_scheme_draws_its_lines_where_the_marks_of_a_file_do() -> None:
    lines = {str(band): least for least, band in marking.BANDS} | {"fail": Decimal(0)}

    assert {str(band): least for band, least in RULES.bands} == lines
    assert RULES.excellent_spread == marking.AGREE_WITHIN


@pytest.mark.parametrize(
    ("evidence", "readers"),
    [
        (review("86"), 2),
        (review("63", readers=1), 2),
        (review("86", readers=2, spread=Decimal(5)), 3),
        (review("70"), 0),
    ],
)
def test_a_scheme_that_draws_them_elsewhere_asks_for_the_readers_its_own_lines_take(evidence, readers) -> None:
    strict = (
        (Grade.EXCELLENT, Decimal(86)),
        (Grade.GOOD, Decimal(80)),
        (Grade.PASS, Decimal(70)),
        (Grade.FAIL, Decimal(0)),
    )
    other = replace(RULES, bands=strict, excellent_spread=Decimal(4))

    assert readers_asked(evidence.review, weigh_case(evidence, other), other) == readers
