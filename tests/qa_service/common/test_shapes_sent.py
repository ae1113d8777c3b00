"""Whatever a program sends to any door of the API, a field that nobody knows is refused by its name."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from django.apps import apps
from rest_framework import serializers
from rest_framework.serializers import BaseSerializer

from qa_service.common.api import Whole

SENT = ("Writer", "Write")


def shapes() -> Iterator[tuple[str, type]]:
    """Of the API of every app: what is named for being sent."""
    for app in apps.get_app_configs():
        folder = Path(app.path) / "api"
        for found in iter_modules([str(folder)]):
            module = import_module(f"{app.name}.api.{found.name}")
            for name, shape in vars(module).items():
                if name.endswith(SENT) and isinstance(shape, type) and shape.__module__ == module.__name__:
                    yield f"{module.__name__}.{name}", shape


@pytest.mark.parametrize(("name", "shape"), [pytest.param(*each, id=each[0]) for each in shapes()])
def test_every_shape_in_which_something_is_sent_refuses_what_it_does_not_know(
    name: str, shape: type[BaseSerializer[object]]
) -> None:
    sent = shape(data={"nobody_knows_this": 1})

    assert not sent.is_valid()
    assert "nobody_knows_this" in sent.errors, name


def test_every_room_where_something_is_sent_was_walked() -> None:
    rooms = {name.partition(".api.")[0] for name, _shape in shapes()}

    assert rooms >= {
        "reviews",
        "scoring",
        "surveys",
        *(f"qa_service.{app}" for app in ("accounts", "cases", "privacy")),
    }
    assert len(list(shapes())) > 80


class Named(Whole):
    code = serializers.CharField()


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ({"code": "1", "colour": "x"}, ["colour"]),
        ({"code": "1", "焦金雀": "x"}, ["non_field_errors"]),
        ({"code": "1", "13905390001": "x", "colour": "x"}, ["colour", "non_field_errors"]),
    ],
)
def test_what_looks_like_no_name_of_a_field_is_refused_and_not_repeated(sent: dict[str, str], named: list[str]) -> None:
    shape = Named(data=sent)

    assert not shape.is_valid()
    assert list(shape.errors) == named
