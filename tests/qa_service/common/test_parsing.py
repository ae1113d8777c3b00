"""What a program may send that is no JSON we can keep, at doors that anybody may knock at."""

import pytest
from django.test import Client as Browser

from qa_service.accounts.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db

HOSTILE = {
    "arrays without end": b"[" * 100_000,
    "closed arrays without end": b"[" * 100_000 + b"]" * 100_000,
    "objects without end": b'{"a":' * 100_000,
    "half a character": b'{"username": "\\ud83d", "password": "x"}',
    "half a character as a name": b'{"\\udc00": "x"}',
    "no UTF-8": b'{"username": "\xff"}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("path", ["/api/v1/sign-in", "/api/v1/centres/{code}/cases/1"])
def test_json_that_cannot_be_kept_is_malformed_and_no_fault_of_ours(path: str, body: bytes) -> None:
    centre = factories.centre()
    browser = Browser()
    browser.force_login(factories.user(Role.MANAGER, at=centre))
    send = browser.post if path.endswith("sign-in") else browser.put

    answer = send(path.format(code=centre.code), body, content_type="application/json")

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


def test_a_token_that_is_no_text_is_a_wrong_token() -> None:
    answer = Browser().get("/api/v1/cases", headers={"Authorization": "Token \xff"})

    assert answer.status_code == 401
