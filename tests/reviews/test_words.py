"""What nobody can see is no reason."""

import pytest

from qa_service.common.errors import InvalidInput
from reviews.services.hearings import cancel_hearing
from reviews.services.words import typed
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import manager
from tests.reviews.hearing_rows import planned


@pytest.mark.parametrize("unseen", ["", " \n\t", "\u200b", "\u2060\ufeff", "\u3000\u00a0", "\u2800\u3164", "\u0301"])
def test_what_has_neither_width_nor_ink_counts_as_nothing(unseen: str) -> None:
    assert typed(unseen) == ""


@pytest.mark.parametrize("seen", ["因改期", "?", "\U00030edd", "a\u0301", "是\u200b", "👍"])
def test_whatever_can_be_seen_is_taken_as_it_was_typed(seen: str) -> None:
    assert typed(f" {seen}\n") == seen


@pytest.mark.django_db
def test_a_reason_that_shows_nothing_is_refused() -> None:
    centre = factories.centre()
    hearing, boss = planned(centre), manager(centre)

    with pytest.raises(InvalidInput):
        cancel_hearing(hearing=hearing, reason="\u200b", user=boss, now=NOW)
