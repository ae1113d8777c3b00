"""What cannot be read, whether sent by a program or kept in a damaged record, is said so at every door."""

import time_machine
from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.test import TestCase
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.common.encryption import EncryptedTextField
from tests.authorisation.matrix import address, doors, table
from tests.authorisation.people import build_country
from tests.authorisation.things import build_things
from tests.authorisation.walk import known
from tests.factories import NOW

WRITING = ("POST", "PUT", "PATCH", "DELETE")
# Take files in the parts of a form, and say so.
UPLOADS = {"api-centre-import", "api-file-scans"}
BROKEN = ("{", "[]", "123", "null", '"text"')
# Without a worker nothing is ready.
NOT_READY = {"readyz"}
TOLD = "无法读取，请告知运维人员"


class Unreadable(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        with time_machine.travel(NOW, tick=False):
            cls.country = build_country()
            cls.things = build_things(cls.country)

    def setUp(self) -> None:
        travel = time_machine.travel(NOW, tick=False)
        travel.start()
        self.addCleanup(travel.stop)
        self.everybody = known(self.country.everybody)

    def test_no_door_of_the_api_acts_on_a_body_that_is_no_object(self) -> None:
        wrong, knocked = [], 0
        written = table()
        for door in doors():
            for method in set(written.get(door.name, {})) & set(WRITING):
                url = address(door, self.things)
                if not url.startswith("/api/"):
                    continue
                knocked += 1
                for body in BROKEN:
                    with transaction.atomic():
                        answer = self.everybody.generic(method, url, data=body, content_type="application/json")
                        transaction.set_rollback(True)
                    if answer.status_code != (415 if door.name in UPLOADS else 400):
                        wrong.append(f"{method} {door.name} {body}: {answer.status_code}")
        assert wrong == []
        assert knocked > 40

    def test_every_list_shows_damaged_records_as_such_and_goes_on(self) -> None:
        _damage_everything()
        manager = known(self.country.people[Role.MANAGER, "own"])
        wrong, telling, written = [], set(), table()
        for door in doors():
            if door.converters or door.name in NOT_READY or "GET" not in written.get(door.name, {}):
                continue
            cache.clear()
            with transaction.atomic():
                answer = manager.get(address(door, self.things), headers={"Accept-Language": "zh-hans"})
                transaction.set_rollback(True)
            wrong += [f"{door.name}: {answer.status_code}"] * (answer.status_code >= 500 or answer.status_code == 409)
            said = not answer.streaming and TOLD in answer.content.decode(errors="replace")
            telling |= {door.name} if said else set()
        assert wrong == []
        assert telling >= {"api-cases", "privacy:requests"}

    def test_what_would_act_on_a_damaged_record_is_refused(self) -> None:
        _damage_everything()

        answer = self.everybody.post(reverse("cases:reveal-phone", kwargs=self.things["cases:detail"]))

        assert answer.status_code == 409


def _damage_everything() -> None:
    """Whatever is kept encrypted is no ciphertext any more."""
    kept = [
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedTextField)
    ]
    with connection.cursor() as cursor:
        for table_name, column in kept:
            assert column
            named = f"{connection.ops.quote_name(table_name)} SET {connection.ops.quote_name(column)}"
            cursor.execute(f"UPDATE {named} = 'x' WHERE {connection.ops.quote_name(column)} <> ''")
