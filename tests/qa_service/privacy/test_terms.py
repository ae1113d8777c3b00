"""What is kept and for how long: read by staff, set within bounds by whoever answers for the place, and recorded."""

from html import unescape

import pytest
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.privacy.models import RetentionTerm
from qa_service.privacy.queries.terms import kept_at, kept_by
from qa_service.privacy.rooms import RULES, rules_by_key
from tests import factories

pytestmark = pytest.mark.django_db
TEXTS = rules_by_key()["surveys.texts"]


def browser(person):
    signed_in = Browser(headers={"accept-language": "en"})
    signed_in.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return signed_in


@pytest.fixture
def bureau():
    return factories.organisation("bureau")


@pytest.fixture
def centre(bureau):
    return factories.centre(bureau)


def days_at(place):
    return kept_by(TEXTS, place).days


def test_the_nearest_place_above_counts_and_else_the_default(bureau, centre):
    other = factories.centre(bureau)
    RetentionTerm.objects.create(organisation=bureau, rule=TEXTS.key, days=300)
    RetentionTerm.objects.create(organisation=centre, rule=TEXTS.key, days=100)

    assert (days_at(centre), days_at(other), days_at(factories.centre())) == (100, 300, TEXTS.term.days)
    assert {kept.rule.key: kept.days for kept in kept_at(centre)}[TEXTS.key] == 100


def test_every_rule_stands_on_the_page_with_its_ground_and_its_term(centre):
    page = browser(factories.user(Role.FOLLOW_UP, at=centre)).get(reverse("privacy:kept")).content.decode()
    page = unescape(page)

    assert [rule.key for rule in RULES if str(rule.title) not in page or str(rule.ground.label) not in page] == []
    assert "180 days after the text" in page
    assert "As long as the record it stands in." in page
    assert "Not before the paper is bound into the file." in page


def test_names_of_tables_are_for_the_operator_alone(centre):
    pages = {
        role: browser(factories.user(role, at=centre))
        .get("/privacy/", headers={"accept-language": "zh-hans"})
        .content.decode()
        for role in (Role.FOLLOW_UP, Role.OPERATOR)
    }

    assert [page.count("cases.Client.phone_masked") for page in pages.values()] == [0, 1]
    assert all("网页地址" in page and "上传的文件" in page for page in pages.values())


def test_a_manager_sets_a_term_of_the_centre_and_takes_it_back(centre):
    boss = browser(factories.user(Role.MANAGER, at=centre))
    door = reverse("privacy:term", args=[centre.public_id, TEXTS.key])

    assert boss.post(door, {"days": "90"}).status_code == 302
    assert days_at(centre) == 90
    assert boss.post(door, {"days": ""}).status_code == 302
    assert days_at(centre) == TEXTS.term.days
    said = [{"rule": TEXTS.key, "days": [180, 90]}, {"rule": TEXTS.key, "days": [90, 180]}]
    assert (
        list(Entry.objects.filter(action="privacy.term_set").order_by("pk").values_list("details", flat=True)) == said
    )
    assert "180 → 90" in boss.get(reverse("privacy:kept")).content.decode()


@pytest.mark.parametrize("days", [60, 731, 0])
def test_a_term_outside_the_bounds_is_refused_and_says_which_they_are(centre, days):
    boss = browser(factories.user(Role.MANAGER, at=centre))

    answer = boss.post(reverse("privacy:term", args=[centre.public_id, TEXTS.key]), {"days": str(days)})

    assert answer.status_code == 422
    assert "Give between 61 and 730 days." in answer.content.decode()
    assert days_at(centre) == 180


def test_a_supervisor_sets_for_the_bureau_and_a_manager_for_no_bureau(bureau, centre):
    door = reverse("privacy:term", args=[bureau.public_id, TEXTS.key])

    assert browser(factories.user(Role.MANAGER, at=bureau)).post(door, {"days": "90"}).status_code == 404
    assert browser(factories.user(Role.SUPERVISOR, at=bureau)).post(door, {"days": "90"}).status_code == 302
    assert days_at(centre) == 90


@pytest.mark.parametrize("rule", ["cases.uploads", "accounts.sign_ins", "audit.entries", "nothing.such"])
def test_what_has_one_term_everywhere_is_set_nowhere(centre, rule):
    boss = browser(factories.user(Role.MANAGER, at=centre))

    assert boss.post(reverse("privacy:term", args=[centre.public_id, rule]), {"days": "30"}).status_code == 404
    asked = boss.put(reverse("api-kept-term", args=[centre.code, rule]), {"days": 30}, content_type="application/json")
    assert asked.status_code == (404 if rule == "nothing.such" else 422)
    assert not RetentionTerm.objects.exists()


def test_a_program_reads_and_sets_as_the_pages_do(centre):
    boss = browser(factories.user(Role.MANAGER, at=centre))
    door = reverse("api-kept-term", args=[centre.code, TEXTS.key])

    set_to = boss.put(door, {"days": 61}, content_type="application/json")
    too_few = boss.put(door, {"days": 60}, content_type="application/json")
    listed = {row["rule"]: row for row in boss.get(reverse("api-kept", args=[centre.code])).json()}

    assert (set_to.status_code, too_few.status_code) == (200, 422)
    assert listed[TEXTS.key] | {"title": "", "purpose": "", "since": ""} == {
        "rule": TEXTS.key,
        "title": "",
        "fields_kept": ["surveys.Message.phone", "surveys.Message.phone_index", "surveys.Message.body"],
        "purpose": "",
        "ground": "follow_up",
        "since": "",
        "days": 61,
        "shortest": 61,
        "longest": 730,
        "bound_first": False,
        "set_at": centre.code,
        "settable": True,
    }
    assert listed["audit.entries"]["days"] is None
