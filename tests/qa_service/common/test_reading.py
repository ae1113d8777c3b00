"""Rows read by a statement composed once are those that the ORM reads."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa_service.cases.models import Case
from qa_service.common.reading import composed, read
from tests import factories

pytestmark = pytest.mark.django_db


def test_keys_days_moments_and_what_is_encrypted_are_read_as_the_orm_reads_them() -> None:
    case = factories.case(factories.centre())
    columns = ("pk", "public_id", "closed_on", "first_seen_at", "client__name")
    asked = Case.objects.order_by("pk")
    reading = composed(asked.filter(public_id=UUID(int=0)).filter(centre=0).values_list(*columns))

    with CaptureQueriesContext(connection) as statements:
        found = read(reading, (case.public_id, case.centre_id))

    assert found == list(asked.filter(pk=case.pk).values_list(*columns))
    assert read(reading, (UUID(int=0), case.centre_id)) == []
    assert len(statements) == 1
