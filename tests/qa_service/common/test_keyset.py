"""Pages by key hold every row once, in the order of the list, whatever its keys and wherever they are empty."""

import random
from datetime import date
from typing import Any

import pytest
from django.db.models import Case as Choice
from django.db.models import F, Value, When
from django.db.models.functions import Coalesce

from qa_service.cases.models import Case
from qa_service.common.keyset import PlaceUnknown, page_after, page_in_order
from tests import factories
from tests.stage import Stage

pytestmark = pytest.mark.django_db

UNFILED_FIRST = Choice(When(filed_on=None, then=Value(0)), default=Value(1))
ORDERS: list[tuple[Any, ...]] = [
    ("pk",),
    ("-closed_on", "-pk"),
    ("filed_on", "pk"),
    ("-filed_on", "closed_on", "-pk"),
    (F("filed_on").asc(nulls_first=True), "pk"),
    (F("filed_on").asc(nulls_last=True), "-closed_on", "pk"),
    (F("filed_on").desc(nulls_first=True), F("judgment_received_on").desc(nulls_last=True), "pk"),
    (F("filed_on").desc(nulls_last=True), "pk"),
    (UNFILED_FIRST, "-closed_on", "pk"),
    (UNFILED_FIRST.desc(), Coalesce("filed_on", "closed_on"), "-pk"),
    ("station__name", "lawyer__name", "pk"),
]


class TestOfCases:
    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def cases(cls, stage: Stage) -> None:
        stage(cls.worked_through)

    @staticmethod
    def worked_through() -> None:
        chance, centre = random.Random(4), factories.centre()
        firm, client = factories.firm(centre), factories.client(centre)
        lawyer, station = factories.lawyer(firm), factories.organisation("station", centre)
        for _each in range(23):
            closed_on = date(2026, 11, chance.randint(8, 10))
            filed_on, judged_on = (chance.choice((None, date(2026, 11, chance.randint(11, 13)))) for _day in range(2))
            factories.case(
                centre,
                firm=firm,
                lawyer=lawyer,
                client=client,
                station=chance.choice((None, station)),
                closed_on=closed_on,
                filed_on=filed_on,
                judgment_received_on=judged_on,
            )

    @pytest.mark.parametrize("order", ORDERS)
    def test_each_row_stands_on_one_page_and_in_its_place(self, order: tuple[Any, ...]) -> None:
        rows = Case.objects.order_by(*order)
        found, after = list[int](), ""
        for _page in range(6):
            page = page_in_order(rows, after=after, size=4)
            found += [row.pk for row in page.rows]
            after = page.last

        assert found == [row.pk for row in rows]
        assert after == ""

    def test_a_row_that_left_the_list_still_says_where_it_goes_on(self) -> None:
        rows = Case.objects.order_by("closed_on", "pk")
        first = page_in_order(rows, after="", size=4, by="id")
        gone = rows.exclude(pk=first.last)

        assert first.last == str(first.rows[-1].pk)
        assert page_in_order(gone, after=first.last, size=4, by="id").rows == list(rows[4:8])

    @pytest.mark.parametrize("after", ["x", "5f2b0e7c-6a1d-4a3b-9d2e-0123456789ab", "\x00", "٣"])
    def test_a_place_that_no_list_gave_out_is_refused(self, after: str) -> None:
        with pytest.raises(PlaceUnknown):
            page_after(Case.objects.all(), day="closed_on", after=after, size=4)
        with pytest.raises(PlaceUnknown):
            page_in_order(Case.objects.order_by("pk"), after="9" * 30, size=4, by="id")
