"""Anybody may check a notice by its code: in words, without an account, and without a name for a rectification."""

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from scoring.enums import RuleCode
from scoring.queries.notices import masked
from scoring.services.withdrawal import withdraw_notice
from scoring.views.verify import TRIES_A_MINUTE
from tests.scoring.deciding import DISPLAY_OVER, issued, numbered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]


@pytest.fixture(autouse=True)
def _fresh_count() -> None:
    cache.clear()


def page(code: str, language: str = "zh-hans") -> tuple[int, str]:
    answer = Browser(headers={"accept-language": language}).get(reverse("scoring:verify", args=[code]))
    return answer.status_code, answer.content.decode()


def test_a_notice_in_force_is_valid() -> None:
    _place, notice = issued(RuleCode.R1)

    status, text = page(notice.verify_code, "en")

    assert status == 200
    assert 'class="verdict valid"' in text
    for shown in (notice.label, notice.title, notice.content_sha256[:16], notice.file_sha256):
        assert shown in text


def test_who_reads_english_is_told_what_kind_of_paper_bears_the_chinese_title() -> None:
    _place, notice = issued(RuleCode.S2)

    said = [page(notice.verify_code, language)[1] for language in ("en", "zh-hans")]

    assert ["(Rectification notice)" in text for text in said] == [True, False]
    assert [notice.title in text for text in said] == [True, True]


def test_a_withdrawn_notice_says_so() -> None:
    place, notice = issued(RuleCode.S2)
    withdraw_notice(notice=notice, person=place.supervisor, reason="案号有误", now=DISPLAY_OVER)

    status, text = page(notice.verify_code)

    assert (status, 'class="verdict revoked"' in text, "案号有误" in text) == (200, True, False)


def test_an_unknown_code_and_one_not_yet_issued_are_not_found() -> None:
    _place, waiting = numbered(RuleCode.S2)

    for code in ("ABCDEFGHJK", waiting.verify_code, "%00", "'; --"):
        status, text = page(code)
        assert (status, 'class="verdict unknown"' in text) == (404, True)


def test_a_rectification_names_nobody_and_a_commendation_masks_the_name() -> None:
    place, praise = issued(RuleCode.R1)
    _place, sanction = issued(RuleCode.S2, place)

    praised, sanctioned = page(praise.verify_code)[1], page(sanction.verify_code)[1]

    assert masked(place.lawyer.name) in praised
    for name in (place.lawyer.name, place.firm.name, praise.case.client.name):
        assert name not in praised
        assert name not in sanctioned
    assert masked(place.lawyer.name) not in sanctioned


def test_a_code_is_understood_as_people_type_it() -> None:
    _place, notice = issued(RuleCode.R1)
    typed = f" {notice.verify_code[:4].lower()}-{notice.verify_code[4:]} "

    answer = Browser().get(reverse("scoring:verify-form"), {"code": typed})

    assert 'class="verdict valid"' in answer.content.decode()


def test_an_empty_form_asks_for_a_code() -> None:
    answer = Browser().get(reverse("scoring:verify-form"))

    assert answer.status_code == 200
    assert answer["X-Robots-Tag"] == "noindex"


def test_guessing_codes_is_slowed_down() -> None:
    answers = [page(f"GUESS{number}")[0] for number in range(TRIES_A_MINUTE + 1)]

    assert answers == [404] * TRIES_A_MINUTE + [429]


def test_the_endpoint_says_the_same() -> None:
    _place, notice = issued(RuleCode.R1)

    found = Browser().get(reverse("api-verification", args=[notice.verify_code]))

    assert (found.status_code, found.json()["state"], found.json()["number"]) == (200, "issued", notice.label)
    assert Browser().get(reverse("api-verification", args=["NONE"])).status_code == 404


def test_a_program_has_no_more_tries_than_the_page_whatever_address_it_writes_itself() -> None:
    for number in range(TRIES_A_MINUTE - 1):
        page(f"GUESS{number}")

    answers = [
        Browser().get(reverse("api-verification", args=["NONE"]), headers={"X-Forwarded-For": f"203.0.113.{number}"})
        for number in range(2)
    ]

    assert [answer.status_code for answer in answers] == [404, 429]
    assert (answers[1]["Retry-After"], answers[1]["Content-Type"]) == ("60", "application/problem+json")
