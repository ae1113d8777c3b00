"""Two people at the same moment, on the database that lets them: each sees what the other did."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from reviews.models import Assignment, CaseReview, Review
from reviews.services.assignments import assign_sample
from reviews.services.submission import submit_review
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import assignment, manager, marked, reviewer
from tests.reviews.test_samples import centre_with_cases, draw

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Start all acts together; returns what they raised."""
    start, raised = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(5)
            act()
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            raised.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return raised


def test_two_readers_who_submit_at_once_make_two_versions() -> None:
    for _attempt in range(4):
        centre = factories.centre()
        people = [reviewer(centre), reviewer(centre)]
        case = factories.case(centre)
        reviews = [marked(assignment(case, person, order=order)) for order, person in enumerate(people, start=1)]

        raised = at_once(
            *(
                lambda review=review, person=person: submit_review(
                    review_id=review.public_id, version=review.version, user=person, now=NOW
                )
                for review, person in zip(reviews, people, strict=True)
            )
        )

        results = CaseReview.objects.filter(case=case).order_by("version")
        assert raised == []
        assert [(row.version, row.readers, row.superseded_at is None) for row in results] == [
            (1, 1, False),
            (2, 2, True),
        ]


def test_two_managers_who_give_out_one_sample_at_once_give_each_file_once() -> None:
    centre, _cases = centre_with_cases()
    for _number in range(2):
        reviewer(centre)
    boss, other = manager(centre), manager(centre)
    sample = draw(centre, user=boss)
    drawn = sample.cases.count()

    raised = at_once(*(lambda user=user: assign_sample(sample=sample, user=user, now=NOW) for user in (boss, other)))

    assert (raised, Assignment.objects.count(), Review.objects.count()) == ([], drawn, drawn)
