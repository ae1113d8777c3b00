from datetime import date, timedelta

import pytest
from django.utils.translation import override

from qa_service.common.days import time_left

LAST = date(2026, 12, 4)


@pytest.mark.parametrize(
    ("days", "chinese", "english"),
    [
        (12, "还剩 12 天", "12 days left"),
        (1, "还剩 1 天", "1 day left"),
        (0, "今天截止", "ends today"),
        (-1, "", ""),
    ],
)
def test_the_days_to_a_last_day_are_counted_as_a_person_counts(days: int, chinese: str, english: str) -> None:
    today = LAST - timedelta(days=days)

    with override("zh-hans"):
        assert time_left(LAST, today=today) == chinese
    with override("en"):
        assert time_left(LAST, today=today) == english
