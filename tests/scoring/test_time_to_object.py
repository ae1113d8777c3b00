"""A lawyer reads the same number of days on every page that counts down to the last day to object."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from reviews.models import CaseReview
from reviews.services.objections import Ruling, decide_objection, lodge_objection
from tests.factories import NOW
from tests.reviews.factories import GOOD, manager
from tests.scoring.deciding import office, read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("day", "left"), [(1, "还剩 3 天"), (3, "还剩 1 天"), (4, "今天截止"), (5, "")])
def test_every_page_counts_the_days_alike(day: int, left: str) -> None:
    place = office()
    read(place.case(), GOOD)
    result = CaseReview.objects.current().get()
    browser = Browser()

    with time_machine.travel(datetime(2026, 12, day, 2, 0, tzinfo=UTC), tick=False):
        browser.force_login(place.handler)
        pages = [
            browser.get(reverse("scoring:my-results")).content.decode(),
            browser.get(reverse("reviews:results")).content.decode(),
            browser.get(reverse("reviews:result", args=[result.public_id])).content.decode(),
        ]

    for page in pages:
        assert left in page
        assert ("还剩" in page, "今天截止" in page) == ("还剩" in left, "今天截止" in left)


@pytest.mark.parametrize(("decided", "said"), [(False, "已提出异议"), (True, "异议已决定")])
def test_who_has_objected_is_told_of_that_and_of_no_days_left(decided: bool, said: str) -> None:
    place = office()
    case = place.case()
    read(case, GOOD)
    result = CaseReview.objects.current().get()
    objection = lodge_objection(result=result, items=["C2"], statement="不服", user=place.handler, now=NOW)
    if decided:
        by = manager(place.centre)
        decide_objection(objection=objection, rulings=[Ruling("C2", upheld=False)], answer="维持", user=by, now=NOW)
    browser = Browser()

    with time_machine.travel(datetime(2026, 12, 1, 2, 0, tzinfo=UTC), tick=False):
        browser.force_login(place.handler)
        pages = [browser.get(reverse(name)).content.decode() for name in ("scoring:my-results", "reviews:results")]

    assert said in pages[0]
    assert ("已提出" in pages[1], "已决定" in pages[1]) == (not decided, decided)
    assert ["还剩" in page for page in pages] == [False, False]
