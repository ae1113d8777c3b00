"""A mark that is taken as it was sent is the mark that its fields, one by one, would have made of it."""

from typing import Any

import pytest
from rest_framework.exceptions import ValidationError
from rest_framework.serializers import Serializer

from reviews.api.serializers import MarkWriter

WHOLE = {"item": "A1", "anchor": "mostly", "reason_code": "other", "page": "3、12-14", "comment": "见第12页"}
SENT: tuple[Any, ...] = (
    {"item": "A1"},
    {"item": " A1 ", "comment": "  张页\u3000", "page": " 3 "},
    {"item": "A1", "page": 3, "anchor": ""},
    {"item": "A1", "more": "told"},
    {"item": "A1", "comment": "一\n二"},
    {"item": "A1", "comment": "一" * 1000 + " "},
    {"item": "A1", "comment": "一" * 1001},
    {"item": "A" * 9},
    {"item": "A1", "page": "1" * 41, "reason_code": "r" * 41},
    {"item": "A1", "page": "\x00", "comment": "\ud800"},
    {"item": "A1", "anchor": " full"},
    {"item": "A1", "anchor": "best"},
    {"item": "A1", "anchor": None, "comment": None},
    {"item": "A1", "anchor": ["full"], "comment": {"a": 1}, "page": True},
    {"item": " "},
    {"anchor": "full"},
    {},
    None,
    "A1",
    [WHOLE],
)


def taken(read: Any, data: Any) -> Any:
    try:
        return dict(read(data))
    except ValidationError as refused:
        return refused.detail


@pytest.mark.parametrize("data", [WHOLE, *SENT], ids=range(len(SENT) + 1))
def test_a_mark_is_read_alike_both_ways(data: Any) -> None:
    shape = MarkWriter()

    assert taken(shape.run_validation, data) == taken(lambda sent: Serializer.run_validation(shape, sent), data)
