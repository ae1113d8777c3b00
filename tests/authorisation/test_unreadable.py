"""A program whose JSON is broken, or no object, is told so at every door that writes; nothing is done."""

import pytest
import time_machine
from django.db import transaction

from tests.authorisation.matrix import address, doors, table
from tests.authorisation.people import build_country
from tests.authorisation.things import build_things
from tests.authorisation.walk import known
from tests.factories import NOW

pytestmark = pytest.mark.django_db
WRITING = ("POST", "PUT", "PATCH", "DELETE")
# Take files in the parts of a form, and say so.
UPLOADS = {"api-centre-import", "api-file-scans"}
BROKEN = ("{", "[]", "123", "null", '"text"')


def test_no_door_of_the_api_acts_on_a_body_that_is_no_object() -> None:
    with time_machine.travel(NOW, tick=False):
        country = build_country()
        things = build_things(country)
        everybody, wrong, knocked = known(country.everybody), [], 0
        written = table()
        for door in doors():
            for method in set(written.get(door.name, {})) & set(WRITING):
                url = address(door, things)
                if not url.startswith("/api/"):
                    continue
                knocked += 1
                for body in BROKEN:
                    with transaction.atomic():
                        answer = everybody.generic(method, url, data=body, content_type="application/json")
                        transaction.set_rollback(True)
                    if answer.status_code != (415 if door.name in UPLOADS else 400):
                        wrong.append(f"{method} {door.name} {body}: {answer.status_code}")
    assert wrong == []
    assert knocked > 40
