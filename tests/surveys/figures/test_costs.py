"""What an answer costs: known parts summed, unknown ones named, each centre at its own prices."""

from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.organisations.models import CentreSettings
from surveys.figures.costs import Acts, costs
from surveys.figures.funnel import Way
from surveys.queries.figures.costs import cost_of_asking
from surveys.queries.figures.funnel import response_funnel
from tests import factories
from tests.factories import NOW
from tests.surveys.figures.crowd import crowd
from tests.surveys.figures.reading import api, browser_of, rows_of_csv, tables_of
from tests.surveys.figures.scene import Scene, scene

COSTS = "/api/v1/surveys/costs"


def test_known_parts_are_summed_and_unknown_ones_counted() -> None:
    acts = [
        Acts(Way.TEXT, "part", 100, Decimal("0.05")),
        Acts(Way.TEXT, "reply", 20, None),
        Acts(Way.TELEPHONE, "call", 10, Decimal(2), minutes=6),
        Acts(Way.TELEPHONE, "call", 5, None, minutes=None),
    ]

    whole, text, telephone = costs(acts, {Way.TEXT: 10, Way.TELEPHONE: 5})

    assert (whole.known, whole.unpriced, whole.answered, whole.per_answer) == (Decimal(25), 25, 15, Decimal(25) / 15)
    assert (text.acts, text.known, text.unpriced, text.per_answer) == (
        (("part", 100), ("reply", 20)), Decimal("5.00"), 20, Decimal("0.5"),
    )  # fmt: skip
    assert (telephone.minutes, telephone.untimed, telephone.minutes_per_answer) == (60, 5, Decimal(12))


def test_what_has_no_price_at_all_is_not_known_and_never_nothing() -> None:
    _whole, visit = costs([Acts(Way.VISIT, "visit", 3, None, minutes=None)], {Way.VISIT: 2})

    assert (visit.per_answer, visit.minutes_per_answer) == (None, None)


def test_without_an_answer_there_is_nothing_to_divide_by() -> None:
    whole, text = costs([Acts(Way.TEXT, "part", 4, Decimal(1))], {})

    assert (whole.known, whole.per_answer, text.per_answer) == (Decimal(4), None, None)


def test_an_act_that_costs_nothing_is_known_to_cost_nothing() -> None:
    whole, _text = costs([Acts(Way.TEXT, "reply", 4, Decimal(0))], {Way.TEXT: 2})

    assert (whole.per_answer, whole.unpriced) == (Decimal(0), 0)


# --- from rows -------------------------------------------------------------------------------------------------------

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def made(db: None) -> Scene:
    return scene()


def price(made: Scene, **fields: object) -> None:
    CentreSettings.objects.filter(centre=made.at.centre).update(**fields)


@pytest.mark.django_db
def test_each_act_is_counted_once_and_each_answer_by_the_way_it_came(made: Scene) -> None:
    found = cost_of_asking(user=made.at.manager, now=NOW)

    acts = {cost.way: dict(cost.acts) for cost in found.ways[1:]}
    assert acts == {
        Way.TEXT: {"part": 5, "reply": 2},
        Way.TELEPHONE: {"call": 4},
        Way.VISIT: {"visit": 1},
        Way.LETTER: {"letter": 1},
    }
    funnel = response_funnel(user=made.at.manager, now=NOW)
    of_funnel = {each.way: each.answered for each in funnel.ways if each.answered}
    assert {cost.way: cost.answered for cost in found.ways[1:] if cost.answered} == of_funnel
    assert found.ways[0].answered == funnel.whole.answered


@pytest.mark.django_db
def test_page_file_and_endpoint_show_the_same_sums(made: Scene, settings) -> None:
    settings.SMS_SEGMENT_PRICE, settings.SMS_REPLY_PRICE = Decimal("0.05"), Decimal(0)
    price(made, call_cost=Decimal("1.50"), call_minutes=8, letter_cost=Decimal("3.20"))
    browser = browser_of(made.at.manager)

    told = api(made.at.manager).get(COSTS).json()
    (table,) = tables_of(browser.get(reverse("surveys:costs")).content.decode())
    rows = rows_of_csv(browser.get(reverse("surveys:costs-csv")))

    assert told["finding"] == "One of 2 answers costs at least 4.73 CNY; some prices are not set."
    lines = {line["way"]: line for line in told["lines"]}
    assert (lines["text"]["money"], lines["text"]["per_answer"], lines["text"]["at_least"]) == ("0.25", "0.25", False)
    assert (lines["telephone"]["money"], lines["telephone"]["minutes"]) == ("6.00", 32)
    assert (lines["visit"]["money"], lines["visit"]["not_known"]) == (
        None, "without a price: 1; without minutes: 1",
    )  # fmt: skip
    assert (lines["all"]["money"], lines["all"]["at_least"]) == ("9.45", True)
    for row, cells, line in zip(rows, table, told["lines"], strict=True):
        assert row[0] == cells[0] == line["label"]
        assert row[3] == (line["money"] or "")
        least = "at least " if line["at_least"] else ""
        assert cells[3] == (f"{least}{line['money']}" if line["money"] else "not known")
        assert row[4] == (line["per_answer"] or "")


@pytest.mark.django_db
def test_without_any_price_the_page_says_so_and_where_to_set_them(made: Scene) -> None:
    page = browser_of(made.at.manager).get(reverse("surveys:costs")).content.decode()

    assert "What an answer costs is not known: no prices are set." in page
    assert "SMS_SEGMENT_PRICE" in page


@pytest.mark.django_db
def test_each_centre_counts_at_its_own_prices(made: Scene) -> None:
    price(made, call_cost=Decimal(1))
    sibling = factories.centre(made.at.bureau)
    CentreSettings.objects.filter(centre=sibling).update(call_cost=Decimal(100))
    crowd(sibling, 40)

    ways = {cost.way: cost for cost in cost_of_asking(user=made.at.supervisor, now=NOW).ways}
    here = {cost.way: cost for cost in cost_of_asking(user=made.at.manager, now=NOW).ways}

    calls = dict(ways[Way.TELEPHONE].acts)["call"]
    assert ways[Way.TELEPHONE].known == 4 + (calls - 4) * 100
    assert here[Way.TELEPHONE].known == 4


@pytest.mark.django_db
def test_follow_up_staff_are_not_asked_what_it_costs(made: Scene) -> None:
    assert browser_of(made.at.staff).get(reverse("surveys:costs")).status_code == 403
    assert reverse("surveys:costs") not in browser_of(made.at.staff).get(reverse("surveys:funnel")).content.decode()
    assert reverse("surveys:costs") in browser_of(made.at.manager).get(reverse("surveys:funnel")).content.decode()


@pytest.mark.django_db
def test_one_s_own_cases_cost_nobody_s_own_figures(made: Scene) -> None:
    handler = factories.user(Role.MANAGER, Role.LAWYER, at=made.at.centre, of=made.cases["replied"].lawyer)

    assert dict(cost_of_asking(user=handler, now=NOW).ways[1].acts) == {"part": 4, "reply": 1}


@pytest.mark.django_db
def test_a_price_below_nothing_is_refused_by_the_database(made: Scene) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        price(made, visit_cost=Decimal(-1))


@pytest.mark.django_db
def test_it_costs_the_same_for_many_as_for_few(made: Scene) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            browser.get(reverse("surveys:costs"))
        return len(found)

    browser = browser_of(made.at.manager)
    asked()
    few = asked()
    crowd(made.at.centre, 40)

    assert asked() == few
