"""What many cases begin with, built once for all of a class."""

from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

import pytest
from django.test import TestCase
from pytest_django import DjangoDbBlocker

from tests import scenes
from tests.forgetting import forget

T = TypeVar("T")


class Stage(Protocol):
    def __call__(self, scene: Callable[[], T]) -> T: ...


@pytest.fixture(scope="class")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """Builds the scene that is given; each case plays in a savepoint over it, as in Django's TestCase."""
    with django_db_blocker.unblock():
        atomics = TestCase._enter_atomics()
    forget()
    scenes.set_stage()

    def build(scene: Callable[[], T]) -> T:
        with django_db_blocker.unblock():
            made = scene()
            scenes.settle()
            return made

    yield build
    with django_db_blocker.unblock():
        TestCase._rollback_atomics(atomics)
