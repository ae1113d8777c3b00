"""A lawyer reads the same number of days on every page that counts down to the last day to object."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from reviews.models import CaseReview
from tests.reviews.factories import GOOD
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
