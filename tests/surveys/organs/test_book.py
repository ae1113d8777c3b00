"""What the address book takes, whoever writes into it: the pages ask for less, a program may send anything."""

from typing import Any

import pytest

from qa_service.accounts.enums import Role
from qa_service.common.errors import InvalidInput, NotFound
from surveys import services
from surveys.enums import OrganKind
from surveys.models import Organ
from tests import factories
from tests.factories import NOW
from tests.surveys.organs.rows import asking_centre, keeper

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"name": " \x00 "}, "name"),
        ({"also_called": tuple(f"{number}号法庭" for number in range(21))}, "also_called"),
        ({"also_called": ("长" * 121,)}, "also_called"),
        ({"phone": "0" * 31}, "phone"),
        ({"address": "长" * 201}, "address"),
        ({"email": "court.example.org"}, "email"),
    ],
)
def test_what_is_missing_or_wrong_is_named_by_its_field(entry: dict[str, Any], field: str) -> None:
    centre = asking_centre()
    given = services.OrganInput(**({"name": "临江县人民法院", "kind": OrganKind.COURT} | entry))

    with pytest.raises(InvalidInput) as refused:
        services.add_organ(user=keeper(centre), centre=centre, entry=given, now=NOW)

    assert (refused.value.field, Organ.objects.count()) == (field, 0)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.FOLLOW_UP])
def test_nobody_writes_into_a_book_that_they_do_not_keep(role: Role) -> None:
    """The manager of another centre, and whoever only reads this one."""
    centre = asking_centre()
    stranger = factories.user(role, at=centre if role is Role.FOLLOW_UP else factories.centre())
    entry = services.OrganInput(name="临江县人民法院", kind=OrganKind.COURT)

    with pytest.raises(NotFound):
        services.add_organ(user=stranger, centre=centre, entry=entry, now=NOW)

    assert Organ.objects.count() == 0
