"""Who is not being heard: named only where it is clear, of follow-ups that are over, alike on every face."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from qa_service.accounts.enums import Role
from qa_service.cases.enums import ClientGroup
from qa_service.cases.models import Client
from surveys.figures.heard import GROUPS_SHOWN, Counted, age_group, dimension
from surveys.models import Conversation
from surveys.queries.figures.heard import who_is_heard
from tests import factories
from tests.factories import NOW
from tests.surveys.figures.crowd import crowd
from tests.surveys.figures.reading import api, browser_of, rows_of_csv, tables_of
from tests.surveys.figures.scene import scene
from tests.surveys.recovering import Office, office

UNHEARD = "/api/v1/surveys/unheard"


@pytest.mark.parametrize(
    ("born", "group"),
    [
        (None, ""),
        (2026, "under_18"),
        (2009, "under_18"),
        (2008, "18_34"),
        (1991, "35_59"),
        (1966, "60_74"),
        (1951, "75_and_over"),
    ],
)
def test_ages_are_those_reached_within_the_year(born: int | None, group: str) -> None:
    assert age_group(born, year=2026) == group


def test_a_group_is_named_only_where_its_whole_interval_lies_below_that_of_all_others() -> None:
    clear = dimension("group", [Counted("old", 40, 20, 4), Counted("other", 100, 80, 60)])
    by_chance = dimension("group", [Counted("old", 40, 20, 18), Counted("other", 100, 60, 60)])

    assert [(each.group, each.under_heard) for each in clear.under_heard] == [("old", True)]
    assert by_chance.under_heard == ()


def test_a_group_may_be_less_reached_though_it_answers_as_often() -> None:
    found = dimension("group", [Counted("far", 40, 12, 12), Counted("near", 100, 90, 40)])

    (far,) = found.under_heard
    assert (far.group, far.under_reached, far.under_heard) == ("far", True, False)


def test_of_few_nobody_is_named_and_they_are_one_line_together() -> None:
    found = dimension("township", [Counted("a", 4, 0, 0), Counted("b", 3, 0, 0), Counted("c", 100, 90, 80)])

    assert [each.group for each in found.groups] == ["c"]
    assert found.rest is not None
    assert (found.folded, found.rest.begun, found.rest.group) == (2, 7, "")
    assert found.under_heard == ()


def test_of_many_the_largest_are_shown_and_whoever_is_under_heard() -> None:
    many = [Counted(f"t{place:02}", 60 - place, 50 - place, 40 - place) for place in range(30)]
    silent = Counted("silent", 20, 1, 0)

    found = dimension("township", [*many, silent])

    assert len(found.groups) == GROUPS_SHOWN + 1
    assert found.groups[-1].group == "silent"
    assert found.rest is not None
    assert found.folded == 15


groups = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60)).map(sorted), min_size=1, max_size=25
).map(
    lambda rows: [
        Counted(f"g{place}", begun, arrived, answered) for place, (answered, arrived, begun) in enumerate(rows)
    ]
)


@given(groups)
def test_lines_add_up_and_nobody_is_left_out(counted: list[Counted]) -> None:
    found = dimension("any", counted)
    lines = [*found.groups, *([found.rest] if found.rest else [])]

    assert sum(each.begun for each in lines) == sum(row.begun for row in counted)
    assert sum(each.answered.part for each in lines) == sum(row.answered for row in counted)
    assert all(not each.under_heard or each.begun >= 5 for each in found.groups)
    wholes = {(each.of_reached.whole, each.of_unreached.whole) for each in lines}
    assert len(wholes) <= 1


# --- from rows -------------------------------------------------------------------------------------------------------

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def many(db) -> Office:
    """Of a hundred and twenty, nearly all older people were silent."""
    at = office()
    crowd(at.centre, 120)
    silent = Conversation.objects.filter(response=None).values("recipient")
    Client.objects.update(group=ClientGroup.OTHER)
    Client.objects.filter(pk__in=silent).update(group=ClientGroup.OLDER_PERSON)
    return at


def test_page_file_and_endpoint_name_the_same_and_show_the_same_numbers(many: Office) -> None:
    browser = browser_of(many.manager)
    page = browser.get(reverse("surveys:unheard")).content.decode()
    told = api(many.manager).get(UNHEARD).json()

    assert len(told["told"]) == 1
    assert told["told"][0].startswith("Group of people, Older person: 0.0 % (95 % interval")
    assert told["told"][0] in page
    assert told["finding"] == "1 group is clearly less heard than the others."
    of_api = {
        (dimension["label"], line["label"]): (
            line["begun"],
            line["reached"]["part"],
            line["answered"]["part"],
            line["flag"],
        )
        for dimension in told["dimensions"]
        for line in dimension["lines"]
    }
    of_file = {
        (row[0], row[1]): (int(row[2]), int(row[3]), int(row[7]), row[13])
        for row in rows_of_csv(browser.get(reverse("surveys:unheard-csv")))
    }
    assert of_file == of_api
    sections = re.split(r"<h2[^>]*>", page)[1:-1]
    of_page = {
        (section.split("</h2>")[0], row[0]): (int(row[1]), int(row[2].split(" ")[0]), int(row[3].split(" ")[0]))
        for section in sections
        for (table,) in [tables_of(section)]
        for row in table
    }
    assert of_page == {key: value[:3] for key, value in of_api.items()}


def test_each_dimension_counts_everybody_once(many: Office) -> None:
    found = who_is_heard(user=many.manager, now=NOW)

    assert len(found.dimensions) == 7
    for each in found.dimensions:
        lines = [*each.groups, *([each.rest] if each.rest else [])]
        assert sum(line.begun for line in lines) == found.reach.begun == 120
        assert sum(line.answered.part for line in lines) == found.reach.answered


@pytest.mark.django_db
def test_who_may_still_answer_is_not_unheard() -> None:
    made = scene()

    found = who_is_heard(user=made.at.manager, now=NOW)

    assert (found.reach.begun, found.still_open) == (6, 6)


@pytest.mark.django_db
def test_nothing_is_said_of_nobody() -> None:
    at = office()

    assert api(at.manager).get(UNHEARD).json()["dimensions"] == []
    assert (
        "No follow-up in this selection is over yet."
        in browser_of(at.manager).get(reverse("surveys:unheard")).content.decode()
    )


def test_one_s_own_cases_are_left_out(many: Office) -> None:
    lawyer = Conversation.objects.all()[0].case.lawyer
    handler = factories.user(Role.MANAGER, Role.LAWYER, at=many.centre, of=lawyer)

    assert who_is_heard(user=handler, now=NOW).reach.begun == 0


def test_it_costs_the_same_for_many_as_for_few(many: Office) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            browser.get(reverse("surveys:unheard"))
        return len(found)

    browser = browser_of(many.manager)
    asked()
    few = asked()
    crowd(many.centre, 60, seed=9)

    assert asked() == few
