"""Every URL and method, every role, own / same centre / child / parent / sibling / other: as the reviewed table says.

On the same walk one person's name, numbers and words stand planted everywhere, and what is shown is looked at: lists
name no thing of one centre to another's people, and nobody but their own staff meets a word of that person.

The table is `table.yaml`. To see what new doors do, run this file with the beginning of their names in `WRITE_MATRIX`
(`reviews:result`), read what it wrote line by line, and commit it: nobody but a reader decides whether a letter is
right.
"""

import os
from uuid import UUID

import pytest
import time_machine
import yaml
from django.test import TestCase

from qa_service.cases.models import Case
from tests.authorisation.lookers import FULL, STAFF_WORK_AT, Canary, Lists
from tests.authorisation.matrix import LET_IN, METHODS, NO_SUCH_METHOD, TABLE, Door, address, doors, table
from tests.authorisation.people import RELATIONS, Country, build_country
from tests.authorisation.things import build_things
from tests.authorisation.walk import Walk, clients, known, sparing
from tests.factories import NOW
from tests.qa_service.privacy.canary import heard, listening, plant_everywhere

OWN = "own"
# Who holds the key of a form or the code on a notice is let in, whoever it is; a published checklist is for everybody
# who reads or is read.
PUBLIC = {"surveys:form", "surveys:form-stop", "surveys:form-done", "surveys:form-question"}
PUBLIC |= {"surveys:organ-form", "surveys:organ-form-done"}
PUBLIC |= {"scoring:verify", "api-verification", "api-checklist"}
PUBLIC |= {"reviews:statement", "reviews:statement-paper", "api-sampling-statement"}
# Published for everybody who reads, is read or asks: no centre's own.
EVERYBODYS = {"api-checklist", "surveys:questionnaire", "api-questionnaire"}


@pytest.fixture(autouse=True)
def _clock(settings, fonts):
    settings.DEMO = False


class Doors(TestCase):
    """One country for a class; each knock is undone. The doors are dealt out, so that no one test is the longest."""

    country: Country
    part: int
    parts = 4

    @classmethod
    def setUpTestData(cls):
        with time_machine.travel(NOW, tick=False):
            cls.country = build_country()
            cls.things = build_things(cls.country)
        named = (value for door, by in cls.things.items() if door not in EVERYBODYS for value in by.values())
        cls.marks = {str(value) for value in named if isinstance(value, UUID)}
        cls.marks |= set(Case.with_open.filter(centre=cls.country.centre_a).values_list("number", flat=True))
        plant_everywhere()

    def setUp(self):
        travel = time_machine.travel(NOW, tick=False)
        travel.start()
        self.addCleanup(travel.stop)
        self.enterContext(sparing())
        self.people = clients(self.country)
        self.everybody = known(self.country.everybody)

    def every_door_is_as_reviewed(self):
        """Each cell is as the table says; no list names what is another's; no page, address or log line the canary."""
        lists, canary = Lists(self.marks), Canary()
        own_part = list(doors())[self.part :: self.parts]
        walk = Walk(self.people, [lists, canary])

        with listening() as ears:
            wrong = self._wrong_cells(walk, own_part)

        names = {door.name for door in own_part}
        assert wrong == []
        assert lists.told == []
        assert len(lists.strangers) == 18
        assert (names & FULL) - lists.full == set(), "empty lists prove nothing"
        assert canary.said == []
        assert [line for line in [*ears.lines, *ears.raw] if heard(line)] == []
        assert canary.sang == (STAFF_WORK_AT in names)

    def _wrong_cells(self, walk: Walk, own_part: list[Door]) -> list[str]:
        expected, wrong = table(), []
        for door in own_part:
            url = address(door, self.things)
            if door.name not in expected:
                wrong.append(f"{door.name}: no row")
                continue
            for method, cells in expected[door.name].items():
                met = walk.row(door, method, url)
                wrong += [
                    f"{method} {door.name} {role}: {met[role]}, not {cells[role]}"
                    for role in met
                    if met[role] != cells.get(role)
                ]
            wrong += self._unlisted(walk, door, url, expected[door.name])
        return wrong

    def _unlisted(self, walk: Walk, door: Door, url: str, listed: dict[str, dict[str, str]]) -> list[str]:
        """A method that the table does not list lets nobody in.

        Whoever holds every role and is told that there is no such method speaks for all.
        """
        own = [(role, client) for (role, relation), client in self.people.items() if relation == OWN]
        unlisted = [method for method in METHODS if method not in listed]
        return [
            f"{method} {door.name}: lets {role} in and has no row"
            for method in unlisted
            if walk.probe(self.everybody, method, url) != NO_SUCH_METHOD
            for role, client in own
            if walk.probe(client, method, url) in LET_IN
        ]


class TestFirstDoors(Doors):
    part = 0

    def test_every_cell_is_as_the_table_says_and_nobody_is_told_what_is_not_theirs(self):
        if os.environ.get("WRITE_MATRIX"):
            self._write()
            return
        self.every_door_is_as_reviewed()

    def test_every_row_has_a_door(self):
        assert set(table()) - {door.name for door in doors()} == set()

    def test_no_door_to_a_thing_of_one_centre_lets_in_the_people_of_another(self):
        one_thing = {door.name for door in doors() if door.converters} - PUBLIC
        let_in = [
            f"{method} {name} {role}: {cells}"
            for name, rows in table().items()
            if name in one_thing
            for method, row_ in rows.items()
            for role, cells in row_.items()
            if LET_IN & set(cells.split()[RELATIONS.index("sibling") :])
        ]
        assert let_in == []

    def _write(self):
        found, walk = table(), Walk(self.people)
        for door in doors():
            if not door.name.startswith(os.environ["WRITE_MATRIX"]):
                continue
            url = address(door, self.things)
            rows = {method: walk.row(door, method, url) for method in METHODS}
            found[door.name] = {
                method: cells for method, cells in rows.items() if LET_IN & set("".join(cells.values()))
            }
            if not found[door.name]:  # a door that lets nobody in is listed by what GET meets there
                found[door.name] = {"GET": rows["GET"]}
        TABLE.write_text(yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=200), encoding="utf-8")


class TestSecondDoors(Doors):
    part = 1

    def test_every_cell_is_as_the_table_says_and_nobody_is_told_what_is_not_theirs(self):
        self.every_door_is_as_reviewed()


class TestThirdDoors(Doors):
    part = 2

    def test_every_cell_is_as_the_table_says_and_nobody_is_told_what_is_not_theirs(self):
        self.every_door_is_as_reviewed()


class TestFourthDoors(Doors):
    part = 3

    def test_every_cell_is_as_the_table_says_and_nobody_is_told_what_is_not_theirs(self):
        self.every_door_is_as_reviewed()
