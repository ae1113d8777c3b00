"""What managers see of reviewing: how far it has come and who is late; never anything of their own files."""

import html
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.periods import Period
from qa_service.common.rounding import signed
from qa_service.organisations.models import Organisation
from reviews.enums import Anchor, Rule
from reviews.models import Assignment, Checklist, Review, Sample
from reviews.services.samples import draw_sample
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import GOOD, assignment, checklists, checklists_in_force, manager, reviewer, submitted
from tests.surveys.figures.reading import api, browser_of, heard_of_charts, rows_of_csv, tables_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
OVERVIEW = "/api/v1/review-overview"


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def drawn(count: int, *, twice: int = 0) -> tuple[Organisation, list[Case], Sample]:
    """Every case of a quarter."""
    checklists()
    centre = factories.centre(settings={"go_live_on": None})
    firms = [factories.firm(centre) for _each in range(count)]
    cases = [factories.case(centre, firm=firm, lawyer=factories.lawyer(firm)) for firm in firms]
    sample = draw_sample(
        centre=centre,
        period=Period.quarter(2026, 4),
        seed="s",
        rate=Decimal(1),
        rules=[Rule.RANDOM],
        twice=Decimal(twice),
        user=manager(centre),
        now=NOW,
    )
    return centre, cases, sample


def told(user: User, **asked: str) -> Any:
    answer = api(user).get(OVERVIEW, asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def page(user: User) -> str:
    answer = browser_of(user).get(reverse("reviews:overview"))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_progress_is_told_by_sample_on_the_page_in_the_picture_and_to_programs():
    centre, cases, sample = drawn(4)
    reader = reviewer(centre)
    submitted(assignment(cases[0], reader), **GOOD)
    submitted(assignment(cases[1], reader))
    assignment(cases[2], reader)
    boss = manager(centre)

    said = told(boss)
    seen = page(boss)

    # The second came to the best grade, so that another has to read it.
    whole = {"drawn": 4, "given": 3, "read": 1, "released": 1}
    assert said["progress"]["whole"] == whole
    assert [(row["sample"], row["progress"]) for row in said["progress"]["samples"]] == [(str(sample.public_id), whole)]
    assert said["finding"] == "Files drawn: 4; given out: 3; read: 1; released: 1."
    assert tables_of(seen)[0][0][2:] == ["4", "3", "1", "1"]
    assert heard_of_charts(seen)["From drawn to released"] == "Drawn: 4; Given out: 3; Read: 1; Released: 1"


def test_a_file_that_two_must_read_is_given_out_with_the_second():
    centre, cases, _sample = drawn(1, twice=1)
    assignment(cases[0])
    before = told(manager(centre))["progress"]["whole"]["given"]
    assignment(cases[0], reviewer(centre), order=2)

    assert (before, told(manager(centre))["progress"]["whole"]["given"]) == (0, 1)


def test_whoever_is_late_stands_first_whenever_the_case_closed():
    centre, cases, _sample = drawn(3)
    late, punctual = (reviewer(centre, display_name=name) for name in ("李迟", "王准"))
    for case in cases[:2]:
        assignment(case, late)
    assignment(cases[2], punctual)
    Assignment.objects.filter(case=cases[0]).update(due_on=NOW.date() - timedelta(days=3))

    people = told(manager(centre), period="2025")["people"]

    assert [(each["name"], each["open"], each["overdue"], each["first_due"]) for each in people] == [
        ("李迟", 2, 1, "2026-11-17"),
        ("王准", 1, 0, None),
    ]


def test_a_manager_who_handled_a_file_finds_it_in_no_number():
    centre, cases, _sample = drawn(2)
    submitted(assignment(cases[0]), **GOOD)
    assignment(cases[0], reviewer(centre), order=2)
    both = factories.user(Role.MANAGER, Role.LAWYER, at=centre, of=cases[0].lawyer)

    said = told(both)

    assert said["progress"]["whole"] == {"drawn": 1, "given": 0, "read": 0, "released": 0}
    assert said["people"] == []


def test_another_centre_and_another_year_are_not_in_it():
    centre, cases, _sample = drawn(1)
    assignment(cases[0])
    elsewhere = manager(factories.centre())

    assert told(elsewhere)["progress"]["number"] == 0
    assert told(elsewhere)["people"] == []
    assert told(manager(centre), period="2025")["progress"]["number"] == 0
    assert told(manager(centre), period="")["progress"]["number"] == 1
    for asked in ({"centre": centre.code}, {"period": "soon"}, {"year": "2026"}):
        assert api(elsewhere).get(OVERVIEW, asked).status_code == 400
    assert browser_of(elsewhere).get(reverse("reviews:overview"), {"period": "soon"}).status_code == 404


def test_grades_and_losses_are_the_same_on_the_page_and_to_programs():
    centre, cases, _sample = drawn(6)
    lawyer = cases[0].lawyer
    Case.objects.filter(pk__in=[case.pk for case in cases[:5]]).update(lawyer=lawyer, firm=cases[0].firm)
    for case in cases:
        case.refresh_from_db()
        submitted(assignment(case), **GOOD, **({"A1": Anchor.NOT_APPLICABLE} if case == cases[5] else {}))
    boss = manager(centre)

    said = told(boss)
    seen = page(boss)

    good = next(each for each in said["grades"][0]["grades"] if each["grade"] == "good")
    assert (said["grades"][0]["case_type"], good["files"], good["percent"]) == ("", 6, "100.0")
    assert [line["case_type"] for line in said["grades"]] == ["", cases[0].case_type]
    assert "Good or better: 6 of 6 files, 100.0 % (95 % interval 61.0–100.0 %)." in seen
    losses = said["losses"]
    assert [row["lawyer"] for row in losses["lawyers"]] == [lawyer.name, cases[5].lawyer.name]
    place = losses["codes"].index("A2")
    assert losses["lawyers"][0]["items"][place] == {"files": 5, "lost": 60, "docked": 5}
    assert losses["lawyers"][1]["items"][place] == {"files": 1, "lost": None, "docked": 1}
    without = losses["codes"].index("A1")
    assert [line["items"][without]["files"] for line in (losses, *losses["lawyers"])] == [5, 5, 0]
    cells = next(row for row in tables_of(seen)[-1] if row[0].startswith("A2 "))
    assert cells[1:3] == ["60 %", "60 %"]
    heard = heard_of_charts(seen)["Most is lost at A2 Timely and substantive meeting: 60 % of its full marks."]
    assert f"{lawyer.name} 60, {cases[5].lawyer.name} 1/1" in heard
    assert "Most is lost at A2 " in seen


def behind(user: User, markup: str, row: str, column: int) -> list[list[str]]:
    """The list that a press on a cell of the last table leads to."""
    line = next(part for part in markup.split("<tr>") if part.startswith(f'<th scope="row" class="fw-normal">{row}'))
    link = html.unescape(re.findall(r'href="(/reviews/overview/files[^"]+)"', line)[column])
    return tables_of(browser_of(user).get(link).content.decode())[0]


def test_a_press_on_a_cell_leads_to_its_files_with_what_each_lost_there():
    centre, cases, _sample = drawn(3)
    Case.objects.filter(pk=cases[1].pk).update(lawyer=cases[0].lawyer, firm=cases[0].firm)
    for case, lost in zip(cases, (Anchor.NONE, Anchor.NOT_APPLICABLE, Anchor.MOSTLY), strict=True):
        case.refresh_from_db()
        submitted(assignment(case), **(GOOD | {"A1": lost, "A2": Anchor.NONE}))
    boss = manager(centre)
    seen = browser_of(boss).get(reverse("reviews:overview"), {"period": "2026", "page": "1"}).content.decode()
    columns = re.findall(r'<th scope="col" class="number">([^<]+)</th>', seen.rpartition('id="losses"')[2])
    one = columns.index(cases[2].lawyer.name)

    everybody = {row[0]: row[3] for row in behind(boss, seen, "A1 ", 0)}
    assert everybody == {cases[0].number: "100 %", cases[1].number: "not applicable", cases[2].number: "25 %"}
    assert [(row[0], row[3]) for row in behind(boss, seen, "A1 ", one)] == [(cases[2].number, "25 %")]
    door = reverse("reviews:overview-files")
    assert cases[0].number not in browser_of(boss).get(door, {"period": "2025"}).content.decode()
    assert cases[0].number not in browser_of(manager(factories.centre())).get(door).content.decode()
    for asked in ({"item": "Z9"}, {"lawyer": "nobody"}, {"period": "soon"}):
        assert browser_of(boss).get(door, asked).status_code == 404


def test_the_table_files_hold_what_the_page_shows_of_all_its_pages():
    centre, cases, _sample = drawn(12)
    for case in cases:
        submitted(assignment(case), **GOOD)
    boss = browser_of(manager(centre))

    def rows(chart: str = "") -> list[list[str]]:
        return rows_of_csv(boss.get(reverse("reviews:overview-csv"), {"chart": chart} if chart else {}))

    assert rows("progress")[-1] == ["All samples", "", "12", "12", "12", "12"]
    assert [row[:2] for row in rows("grades")] == [["All types", "12"], ["Civil", "12"]]
    losses = {(item.partition(" ")[0], lawyer): figures for item, lawyer, *figures in rows()}
    assert losses["A2", "All"] == ["12", "12", "60"]
    assert [losses["A2", case.lawyer.name] for case in cases] == [["1", "1", ""]] * 12
    assert (rows("agreement"), rows("leniency")) == ([], []), "nothing was read by two"
    submitted(assignment(cases[0], order=2), **GOOD)
    assert {tuple(row[1:]) for row in rows("agreement")} == {("1", "1", "", "", "", "", "", "")}
    assert boss.get(reverse("reviews:overview-csv"), {"chart": "none"}).status_code == 404
    assert boss.get(reverse("reviews:overview-csv"), {"period": "soon"}).status_code == 404


def test_nobody_meets_a_result_of_a_file_they_read_still_or_handled():
    centre, cases, _sample = drawn(2)
    for case in cases:
        submitted(assignment(case), **GOOD)
    reading = factories.user(Role.MANAGER, Role.REVIEWER, at=centre)
    assignment(cases[0], reading, order=3)
    handled = factories.user(Role.MANAGER, Role.LAWYER, at=centre, of=cases[0].lawyer)

    people = (reading, handled, manager(centre))

    assert [told(user)["grades"][0]["files"] for user in people] == [1, 1, 2]
    for case in cases:
        submitted(assignment(case, order=2), **GOOD)
    assert [told(user)["agreement"]["totals"]["files"] for user in people] == [1, 1, 2]


def test_a_list_by_which_nothing_was_marked_is_said_to_be_none():
    centre, _cases, _sample = drawn(1)

    answer = api(manager(centre)).get(OVERVIEW, {"checklist": "0197f1c0-0000-7000-8000-000000000000"})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["checklist"])
    assert told(manager(centre))["losses"] is None
    assert 'name="checklist"' not in page(manager(centre))  # nothing to choose from


def read_by(case: Case, *readers: User, **anchors: Anchor) -> None:
    for turn, reader in enumerate(readers, start=1):
        submitted(assignment(case, reader, order=turn), **(anchors if turn == 1 else GOOD))


def test_agreement_names_reviewers_to_managers_and_nobody_to_a_reviewer():
    centre, cases, _sample = drawn(2)
    first, second = (reviewer(centre, display_name=name) for name in ("评甲", "评乙"))
    read_by(cases[0], first, second, A2=Anchor.PARTLY, C2=Anchor.MOSTLY)
    read_by(cases[1], second)

    of_all = told(manager(centre))["agreement"]
    answer = api(first).get("/api/v1/reviewer-agreement")
    own = browser_of(first).get(reverse("reviews:my-agreement")).content.decode()

    same = {"A2": {"code": "A2", "files": 1, "same": 1, "kappa": None, "alpha": None}}
    assert of_all["totals"] == {"files": 1, "same_grade": 0, "within": 1, "limits": None}
    assert {each["code"]: each for each in of_all["items"]}["A2"] == same["A2"]
    assert {each["code"]: each["same"] for each in of_all["items"]}["C2"] == 0
    assert (of_all["people"], of_all["apart"]) == ([], False)
    assert answer.json()["totals"] == of_all["totals"]
    assert {each["code"]: each for each in answer.json()["items"]}["A2"] == same["A2"]
    assert "评乙" not in own + answer.content.decode()
    assert "Within 8 points" in own


def test_a_file_with_a_third_reader_stands_once_among_the_items():
    centre, cases, _sample = drawn(2)
    first, second, third = (reviewer(centre) for _each in range(3))
    read_by(cases[0], first, second, third, A1=Anchor.NONE, A2=Anchor.NONE, C1=Anchor.NONE)
    read_by(cases[1], first, second, **GOOD)

    items = {each["code"]: each for each in told(manager(centre))["agreement"]["items"]}

    assert [(items[code]["files"], items[code]["same"]) for code in ("A1", "A2", "C2")] == [(2, 1), (2, 1), (2, 1)]


def test_a_reader_who_has_not_handed_in_sees_nothing_of_the_other():
    centre, cases, _sample = drawn(1)
    first, second = reviewer(centre), reviewer(centre)
    read_by(cases[0], first, A2=Anchor.PARTLY)
    assignment(cases[0], second, order=2)

    for reader in (first, second):
        assert api(reader).get("/api/v1/reviewer-agreement").json()["totals"]["files"] == 0


def test_who_handled_a_file_learns_nothing_of_its_readers():
    centre, cases, _sample = drawn(1)
    read_by(cases[0], reviewer(centre), reviewer(centre), A2=Anchor.PARTLY)
    handled = factories.user(Role.MANAGER, Role.REVIEWER, Role.LAWYER, at=centre, of=cases[0].lawyer)

    assert told(handled)["agreement"]["totals"]["files"] == 0
    assert told(handled)["agreement"]["items"] == []


def totals_of(cases: list[Case], readers: list[User], checklist: Checklist) -> None:
    """As if two of them in turn had read each file and differed by what is theirs, without their marks."""
    given = [
        (case, turn, readers[(number + turn) % len(readers)], 80 + 2 * ((number + turn) % len(readers)) + number % 2)
        for number, case in enumerate(cases)
        for turn in (1, 2)
    ]
    assignments = Assignment.objects.bulk_create(
        Assignment(
            case=case, checklist=checklist, reviewer=reader, order=turn, state="submitted",
            assigned_by=reader, assigned_at=NOW, closed_at=NOW,
        )
        for case, turn, reader, _points in given
    )  # fmt: skip
    Review.objects.bulk_create(
        Review(assignment=row, state="submitted", submitted_at=NOW, total=Decimal(points), band="good")
        for row, (_case, _turn, _reader, points) in zip(assignments, given, strict=True)
    )


def test_from_twenty_shared_files_on_limits_picture_and_leniency_are_told():
    centre, cases, _sample = drawn(1)
    cases += [factories.case(centre, firm=cases[0].firm, lawyer=cases[0].lawyer) for _each in range(19)]
    readers = [reviewer(centre, display_name=name) for name in ("评严", "评中", "评宽")]
    totals_of(cases, readers, checklists_in_force()["civil"])
    boss = manager(centre)

    said, seen = told(boss)["agreement"], page(boss)
    own = browser_of(readers[0]).get(reverse("reviews:my-agreement")).content.decode()

    assert [each["name"] for each in said["people"]] == ["评严", "评中", "评宽"]
    limits = said["totals"]["limits"]
    heard = heard_of_charts(seen)["Difference of two readers against their mean"]
    for name in ("lower", "mean", "upper"):
        assert signed(limits[name]["value"]) in heard
    assert "Who marks milder, who harder" in seen
    assert "Over 13 shared files your totals lie −2.0 points from the mean" in own
    assert not any(name in own for name in ("评中", "评宽"))
