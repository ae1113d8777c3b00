"""Beside a mean stands what it would be were all readers equally strict; nothing else follows it."""

import json
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.rounding import half_up
from qa_service.organisations.models import Organisation
from reviews.enums import AssignmentState, Band, ReviewState
from reviews.figures.agreement import Reading
from reviews.figures.leanings import leanings
from reviews.models import Assignment, Checklist, Review
from reviews.queries.overview import readers as readers_query
from scoring.standings import Cell, Leaning, adjusted_means, standings
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import checklists, checklists_in_force, manager, reviewer
from tests.reviews.test_readers_agree import MIDDLING, MILD, STRICT, linked, read
from tests.scoring.factories import graded

WEIGHTS = (Decimal("0.8"), Decimal("0.2"))


def cell(unit: int, *figures: int) -> Cell:
    total, squares = sum(figures), sum(figure * figure for figure in figures)
    return Cell(unit=unit, stratum="civil", n=len(figures), total=Decimal(total), squares=Decimal(squares))


def test_a_file_leans_as_those_whose_marks_are_its_result():
    found = leanings([*linked(24), *read(100, STRICT), *read(101, STRICT, MILD), *read(102, STRICT, MILD, MIDDLING)])

    assert found is not None
    strict, both, middle = (found.by_file[file] for file in (100, 101, 102))
    assert strict is not None
    assert both is not None
    assert middle is not None
    assert (-5 < strict < -3, -1 < both < 1, -1 < middle < 1) == (True, True, True)


def test_nobody_can_say_how_a_file_leans_that_a_stranger_read():
    found = leanings([*linked(24), Reading(100, 9, 1, Decimal(80), Band.GOOD)])

    assert found is not None
    assert (found.by_file[100], found.readers) == (None, 3)
    assert leanings(linked(19)) is None


def test_the_part_that_the_file_review_is_of_each_case_is_taken_out():
    table = standings([cell(1, 80, 90), cell(2, 70), cell(3, 60)], [cell(1, 100, 100, 100, 100, 100)], WEIGHTS)
    half, whole = Decimal("0.5"), Decimal(1)

    found = adjusted_means(
        table,
        [
            Leaning(unit=1, points=Decimal(4), part=half),
            Leaning(unit=1, points=Decimal(-2), part=half),
            Leaning(unit=2, points=Decimal(-40), part=whole),
            Leaning(unit=3, points=Decimal(2), part=whole),
            Leaning(unit=3, points=None, part=whole),
        ],
        WEIGHTS,
    )

    # (80 + 90) ÷ 2 less (4 − 2) × ½ ÷ 2, four fifths of it, and a voice of 100 for one fifth; never above 100.
    assert found == {1: Decimal("87.6"), 2: Decimal(100)}


def doubly_read(centre: Organisation) -> list[User]:
    """Twenty-four files of one lawyer, each read by two of three reviewers, the last of whom is milder by eight."""
    checklists()
    lists, people = checklists_in_force(), [reviewer(centre, display_name=name) for name in ("甲", "乙", "丙")]
    firm = factories.firm(centre)
    lawyer = factories.lawyer(firm)
    facts = json.dumps({"lines": [{"source": "file_review", "value": "80", "weight": "70"},
                                  {"source": "time_limits", "value": "80", "weight": "30"},
                                  {"source": "hearing", "value": None, "weight": "10"}]})  # fmt: skip
    for place in range(24):
        case = factories.case(centre, firm=firm, lawyer=lawyer)
        graded(case, 80, derivation=facts)
        pair = [people[place % 3], people[(place + 1) % 3]] if place < 21 else [people[2]]
        for order, person in enumerate(pair, start=1):
            points = 80 + 8 * (person == people[2]) + (place + order) % 3
            was_read(case, person, order, points, lists[case.case_type])
    return people


def was_read(case: Case, person: User, order: int, points: int, checklist: Checklist) -> None:
    row = Assignment.objects.create(
        case=case, checklist=checklist, reviewer=person, order=order, state=AssignmentState.SUBMITTED,
        assigned_by=person, assigned_at=NOW, closed_at=NOW,
    )  # fmt: skip
    Review.objects.create(
        assignment=row, state=ReviewState.SUBMITTED, submitted_at=NOW, total=Decimal(points), band=Band.GOOD
    )


@pytest.mark.django_db
def test_page_file_and_programs_tell_it_beside_the_mean_as_it_is(monkeypatch: pytest.MonkeyPatch):
    centre = factories.centre()
    doubly_read(centre)
    boss = manager(centre)
    browser, program = Client(), APIClient()
    browser.force_login(boss)
    program.force_authenticate(boss)
    asked = {"kind": "lawyer", "period": "2026-Q4"}
    with time_machine.travel(NOW, tick=False):
        page = browser.get(reverse("scoring:standings"), asked).content.decode()
        file = browser.get(reverse("scoring:standings-csv"), asked).content.decode("utf-8-sig")
        (row,) = program.get(reverse("api-standings"), asked).json()["standings"]
        monkeypatch.setattr(readers_query, "READINGS_AT_MOST", 40)
        too_many = browser.get(reverse("scoring:standings"), asked).content.decode()

    adjusted = str(half_up(Decimal(row["adjusted"])))
    assert Decimal(row["raw"]) == 80
    assert 78 < Decimal(adjusted) < 80, "read the milder way more often than not"
    assert f"<div>{adjusted}</div>" in page
    assert f",80.00,{adjusted}," in file
    assert ("请选定一个中心" in too_many, adjusted in too_many) == (True, False)


@pytest.mark.django_db
def test_below_three_readers_of_twenty_files_no_column_is_there():
    centre = factories.centre()
    graded(factories.case(centre), 80)
    browser, program = Client(), APIClient()
    boss = factories.user(Role.MANAGER, at=centre)
    browser.force_login(boss)
    program.force_authenticate(boss)
    with time_machine.travel(NOW, tick=False):
        page = browser.get(reverse("scoring:standings"), {"period": "2026-Q4"}).content.decode()
        (row,) = program.get(reverse("api-standings"), {"period": "2026-Q4"}).json()["standings"]

    assert (row["adjusted"], "按评查宽严相同" in page) == (None, False)
