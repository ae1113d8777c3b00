"""Giving out a sample whose files two read: never two of one firm, nobody beyond their room, and new pairs first."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.organisations.models import Organisation
from reviews.enums import ConflictReason, Rule
from reviews.models import Assignment, SampledCase
from reviews.services.assignments import Given, assign_sample, decline
from reviews.services.reviewers import set_terms
from reviews.services.samples import draw_sample
from tests import factories
from tests.factories import NOW
from tests.reviews.calibrating import sampled
from tests.reviews.factories import assignment, checklists, manager, reviewer
from tests.reviews.self_rows import QUARTER

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre() -> Organisation:
    checklists()
    return factories.centre()


def given_to_two(centre: Organisation) -> Given:
    boss = manager(centre)
    drawn = sampled(factories.case(centre), by=boss, readers=2)
    return assign_sample(sample=drawn.sample, user=boss, now=NOW)


def room_for_one(person: User) -> None:
    set_terms(reviewer=person, capacity=1, case_types=(), practising_since=None, user=person, now=NOW)


def test_two_of_one_firm_do_not_read_one_file(centre: Organisation) -> None:
    one = reviewer(centre)
    assert one.lawyer is not None
    colleague = factories.user(Role.REVIEWER, at=centre, of=factories.lawyer(one.lawyer.memberships.get().firm))

    given = given_to_two(centre)

    [turn] = given.refused
    assert [row.order for row in given.assigned] == [1]
    assert {reason for reasons in turn.choice.refused.values() for reason in reasons} == {
        ConflictReason.ALREADY_READER,
        ConflictReason.READERS_FIRM,
    }
    assert turn.choice.refused.keys() == {one.pk, colleague.pk}


def test_the_page_says_which_reader_a_file_lacks(client: Client, centre: Organisation) -> None:
    reviewer(centre)
    factories.case(centre)
    client.force_login(boss := manager(centre))
    sample = draw_sample(
        centre=centre, period=QUARTER, seed="1", rate=Decimal(1), rules=[Rule.RANDOM], twice=Decimal(1), user=boss,
        now=NOW,
    )  # fmt: skip

    told = client.post(reverse("reviews:assign", args=[sample.public_id]), follow=True).content.decode()

    assert "已分配 1 件案卷" in told
    assert "1 件案卷已有第一评查员，尚缺第二评查员" in told
    assert "尚无第一评查员0件。" in told
    assert "已有第一评查员、尚缺第二评查员1件。" in told
    assert "件案卷尚无第一评查员" not in told


def test_the_second_files_come_on_top_of_the_first(centre: Organisation) -> None:
    """Each has room for one file: as first reader of it, or as second, and not for one of either."""
    one, other = reviewer(centre), reviewer(centre)
    for person in (one, other):
        room_for_one(person)
    assignment(factories.case(centre), other)

    given = given_to_two(centre)

    assert [(row.reviewer, row.order) for row in given.assigned] == [(one, 1)]
    [turn] = given.refused
    assert (list(turn.choice.refused), list(turn.choice.full)) == ([one.pk], [other.pk])


def test_nobody_gets_a_second_file_for_which_the_first_left_no_room(centre: Organisation) -> None:
    boss, people = manager(centre), [reviewer(centre) for _each in range(2)]
    for person in people:
        room_for_one(person)
    row = sampled(factories.case(centre), by=boss, readers=2)
    SampledCase.objects.create(
        sample=row.sample, case=factories.case(centre), stratum="", reasons=[], probability=1, readers=2
    )

    given = assign_sample(sample=row.sample, user=boss, now=NOW)

    assert [row.order for row in given.assigned] == [1, 1]
    assert [Assignment.objects.filter(reviewer=person).count() for person in people] == [1, 1]


def test_who_has_read_beside_the_first_in_another_sample_comes_after_who_has_not(centre: Organisation) -> None:
    one, other, third = (reviewer(centre) for _each in range(3))
    shared = factories.case(centre)
    for order, person in enumerate((one, other), start=1):
        assignment(shared, person, order=order)
    for person in (other, third, third, third):
        assignment(factories.case(centre), person)

    given = given_to_two(centre)

    assert [row.reviewer for row in given.assigned] == [one, third], "the other has more room, and is linked already"


def test_a_chain_by_people_who_review_here_no_more_links_those_at_its_ends(centre: Organisation) -> None:
    one, gone, left, other, third = (reviewer(centre) for _each in range(5))
    for pair in ((one, gone), (gone, left), (left, other)):
        shared = factories.case(centre)
        for order, person in enumerate(pair, start=1):
            assignment(shared, person, order=order)
    for person in (gone, left):
        Grant.objects.filter(user=person).delete()
    for person in (other, third, third, third):
        assignment(factories.case(centre), person)

    given = given_to_two(centre)

    assert [row.reviewer for row in given.assigned] == [one, third]


def test_a_file_shared_at_another_centre_links_nobody_here(centre: Organisation) -> None:
    one, other, third = (reviewer(centre) for _each in range(3))
    elsewhere = factories.centre()
    for person in (one, other):
        Grant.objects.create(user=person, role=Role.REVIEWER, organisation=elsewhere)
    shared = factories.case(elsewhere)
    for order, person in enumerate((one, other), start=1):
        assignment(shared, person, order=order)
    for _each in range(3):
        assignment(factories.case(centre), third)

    given = given_to_two(centre)

    assert [row.order for row in given.assigned] == [1, 2]
    assert {row.reviewer for row in given.assigned} == {one, other}


def test_who_reads_in_the_place_of_the_first_is_no_colleague_of_the_second(centre: Organisation) -> None:
    one, other, boss = reviewer(centre), reviewer(centre), manager(centre)
    drawn = sampled(factories.case(centre), by=boss, readers=2)
    first, second = assign_sample(sample=drawn.sample, user=boss, now=NOW).assigned
    assert second.reviewer.lawyer is not None
    firm = second.reviewer.lawyer.memberships.get().firm
    factories.user(Role.REVIEWER, at=centre, of=factories.lawyer(firm))
    decline(assignment=first, reason="太忙", user=first.reviewer, now=NOW)

    again = assign_sample(sample=drawn.sample, user=boss, now=NOW)

    assert {first.reviewer, second.reviewer} == {one, other}
    assert again.assigned == ()
    [turn] = again.refused
    assert sorted(reason for reasons in turn.choice.refused.values() for reason in reasons) == [
        ConflictReason.ALREADY_READER,
        ConflictReason.DECLINED,
        ConflictReason.READERS_FIRM,
    ]
