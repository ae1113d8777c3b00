"""No list names a thing of one centre to the people of another: what `visible_to` is for, asked of every door.

The matrix tells who is let in. A list lets in whoever has the role, so here its words are looked at.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

import pytest
import time_machine
from django.http import HttpResponseBase
from django.test import Client, TestCase
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.cases.models import Case
from tests.authorisation.matrix import clients, doors, let_in, table
from tests.authorisation.people import build_country
from tests.authorisation.things import build_things
from tests.factories import NOW

# Published for everybody who reads, is read or asks: no centre's own.
EVERYBODYS = {"api-checklist", "surveys:questionnaire", "api-questionnaire"}
# Lists that are published to every lawyer and firm of the centre; of another centre they tell nobody.
PUBLISHED_HERE = {"reviews:reviewers", "api-reviewers"}
# What is published for anybody names no case; only that there was a draw.
PUBLISHED = {"reviews:statements", "api-sampling-statements"}
# Those of the lists behind which a thing of centre A lies: were one empty, nothing would be proved of it.
FULL = set(
    """
    accounts:centres accounts:firms accounts:people api-alerts api-assignments api-cases api-conversations api-firms
    api-notices api-objections api-organ-batches api-organ-letters api-organs api-organs-asked api-people api-proposals
    api-frame-exclusions api-report api-review-results api-reviewer-objections api-reviews api-samples api-scores
    api-telephone-list
    api-transfers api-vetoes cases:import cases:list cases:unconfirmed privacy:requests reviews:assignments
    reviews:left-out reviews:my-reviews reviews:objections reviews:results reviews:reviewers reviews:samples
    reviews:transfers reviews:vetoes scoring:firm-results scoring:my-results
    scoring:notices scoring:proposals scoring:report scoring:scores surveys:alerts surveys:clocks surveys:complaints
    surveys:lawyer-questions surveys:mid-case surveys:organ-book surveys:organ-letters surveys:organs
    surveys:questionnaires surveys:telephone-list
    """.split()  # noqa: SIM905 - fifty names are read better so
)


@pytest.fixture(autouse=True)
def _clock(settings, fonts):
    settings.DEMO = False


def body(answer: HttpResponseBase) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


class TestLists(TestCase):
    @classmethod
    def setUpTestData(cls):
        with time_machine.travel(NOW, tick=False):
            cls.country = build_country()
            things = build_things(cls.country)
        named = (value for door, by in things.items() if door not in EVERYBODYS for value in by.values())
        cls.marks = {str(value) for value in named if isinstance(value, UUID)}
        cls.marks |= set(Case.with_open.filter(centre=cls.country.centre_a).values_list("number", flat=True))

    def setUp(self):
        travel = time_machine.travel(NOW, tick=False)
        travel.start()
        self.addCleanup(travel.stop)
        self.people = clients(self.country)

    def told(self, client: Client, names: Iterable[str]) -> Iterator[tuple[str, set[str]]]:
        """What of this centre's each door shows."""
        for name in names:
            shown = body(client.get(reverse(name)))
            yield name, {mark for mark in self.marks if mark in shown}

    def test_people_of_the_centre_find_its_things_in_the_lists(self):
        own = [client for (_role, relation), client in self.people.items() if relation == "own"]

        assert FULL - {name for client in own for name, met in self.told(client, FULL) if met} == set()

    def test_nobody_of_another_centre_is_told_of_a_thing_of_this_one(self):
        listed = table()
        doors_of_lists = {door.name for door in doors() if not door.converters} - PUBLISHED
        strangers = [
            (role, relation, client)
            for (role, relation), client in self.people.items()
            if relation in {"sibling", "other"} or (relation == "same" and role in {Role.LAWYER, Role.FIRM})
        ]

        told = [
            f"{name} tells {role} {relation} of {len(met)}"
            for role, relation, client in strangers
            for name, met in self.told(client, doors_of_lists & let_in(role, relation, listed))
            if met and not (relation == "same" and name in PUBLISHED_HERE)
        ]

        assert len(strangers) == 18
        assert told == []
