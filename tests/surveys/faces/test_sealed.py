"""A sealed matter, and all that follows from it, changes no byte of anything a lawyer or a firm can open."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.organisations.enums import FirmKind
from scoring.services.scores import rescore_changed
from surveys import services
from surveys.enums import AlertKind, AlertState, ConsentWay, Ground, RecoveryAct
from surveys.models import Alert, Complaint
from surveys.services.answering.answers import RESPONDENT, raise_alert
from surveys.services.matters.alerts import move_alert
from tests import factories
from tests.authorisation.matrix import address, doors, not_refused, table
from tests.authorisation.people import Country, build_country
from tests.authorisation.things import build_things
from tests.authorisation.walk import known
from tests.factories import NOW
from tests.surveys.faces.rows import asked
from tests.surveys.faces.test_telephone import record, to_call
from tests.surveys.factories import reply
from tests.surveys.recovering import Office, answered, office

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
# Tokens and nonces differ with every answer; nothing else may.
CHANGING = re.compile(rb'(csrfmiddlewaretoken" value="|nonce-|nonce=")[^"\' ]+')


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def browser_of(user: User) -> Browser:
    browser = known(user)
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


Shown = tuple[tuple[str, str], tuple[int, bytes]]


def everything(
    readers: Sequence[tuple[str, str]], country: Country, things: dict[str, dict[str, Any]]
) -> Iterator[Shown]:
    """What every door that is not shut to the role shows to each reader, by GET: pages, lists, exports, endpoints."""
    listed = table()
    for role, relation in readers:
        reader = country.people[role, relation]
        browser, open_to_them = browser_of(reader), not_refused(role, relation, listed)
        for door in doors():
            if door.name not in open_to_them:
                continue
            cache.clear()
            answer = browser.get(address(door, things))
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            yield (reader.username, door.name), (answer.status_code, CHANGING.sub(b"", body))


def raise_sealed(case: Any) -> Alert:
    """The client says on the form that money was asked for."""
    answered(case, money="yes")
    return Alert.objects.get(case=case, kind=AlertKind.MONEY)


def test_no_door_of_the_service_shows_a_lawyer_or_a_firm_a_trace(settings):
    settings.DEMO = False
    country: Country = build_country()
    things = build_things(country)
    readers = [(role, relation) for role in (Role.LAWYER, Role.FIRM) for relation in ("own", "same")]
    case = factories.case(country.centre_a, firm=country.firm_a, lawyer=country.lawyer_a)
    rescore_changed(now=NOW)
    before = dict(everything(readers, country, things))

    sealed = raise_sealed(case)
    rescore_changed(now=LATER)
    supervisor = country.people[Role.SUPERVISOR, "parent"]
    move_alert(user=supervisor, alert=sealed, to=AlertState.ACKNOWLEDGED, now=NOW)
    consent = services.Consent(on=NOW.date(), by=ConsentWay.TELEPHONE, ground=Ground.MONEY, facts="向我要了五百元。")
    services.convert_to_complaint(user=supervisor, alert=sealed, consent=consent, now=NOW)
    services.escalate(now=NOW + timedelta(days=30))

    after = dict(everything(readers, country, things))
    assert {door for door in before if before[door] != after[door]} == set()
    assert len(before) > 150
    # The same walk does find it where it may be read.
    found = everything([(Role.SUPERVISOR, "parent")], country, things)
    assert any("法援投" in body.decode(errors="ignore") for _where, (_status, body) in found)


STAFF_DOORS = (
    "home",
    "surveys:overview",
    "surveys:funnel",
    "surveys:answers",
    "surveys:unheard",
    "surveys:costs",
    "surveys:alerts",
    "surveys:telephone-list",
    "surveys:complaints",
    "cases:list",
)


def walked(user: User, place: Office) -> dict[str, bytes]:
    """Lists, counts and the endpoints of one of the staff, and what a search finds."""
    browser = browser_of(user)
    pages = {name: browser.get(reverse(name)) for name in STAFF_DOORS}
    pages |= {f"alerts {show}": browser.get(reverse("surveys:alerts"), {"show": show}) for show in ("late", "closed")}
    pages["money"] = browser.get(reverse("surveys:alerts"), {"kind": "money"})
    pages["search"] = browser.get(reverse("surveys:complaints"), {"q": "法援投", "state": "all"})
    pages["export"] = browser.post(reverse("surveys:complaints-export"), {"state": "all"})
    return {name: CHANGING.sub(b"", page.content) for name, page in pages.items()}


@pytest.mark.parametrize("who", ["staff", "manager"])
def test_one_about_the_centres_own_staff_bypasses_the_director_and_everybody_at_the_centre(who):
    place = office()
    own = factories.firm(place.centre, kind=FirmKind.CENTRE_STAFF)
    conversation = answered(factories.case(place.centre, firm=own))
    before = walked(getattr(place, who), place)

    raise_alert(conversation=conversation, kind=AlertKind.MONEY, actor=RESPONDENT, now=NOW)
    sealed = Alert.objects.get(kind=AlertKind.MONEY)

    assert sealed.for_bureau
    assert walked(getattr(place, who), place) == before
    page = reverse("surveys:alert", args=[sealed.public_id])
    assert browser_of(getattr(place, who)).get(page).status_code == 404
    assert browser_of(place.supervisor).get(page).status_code == 200
    services.escalate(now=NOW + timedelta(days=30))
    assert walked(getattr(place, who), place).keys() == before.keys()


def test_follow_up_staff_count_no_sealed_matter():
    place = office()
    conversation = answered(factories.case(place.centre))
    before = walked(place.staff, place)

    raise_alert(conversation=conversation, kind=AlertKind.MONEY, actor=RESPONDENT, now=NOW)

    assert walked(place.staff, place) == before


def test_the_record_of_the_case_names_no_sealed_matter():
    place = office()
    case = factories.case(place.centre)
    sealed = raise_sealed(case)
    move_alert(user=place.manager, alert=sealed, to=AlertState.ACKNOWLEDGED, now=NOW)

    page = browser_of(place.staff).get(reverse("cases:detail", args=[case.public_id])).content.decode()

    assert "money" not in page
    assert Complaint.objects.count() == 0


WITHHELD = "Part of what was said is withheld here"


def danger_pages(place: Office) -> dict[str, str]:
    alert = Alert.objects.get(kind=AlertKind.DANGER, sealed=False)
    page = reverse("surveys:alert", args=[alert.public_id])
    return {
        who: browser_of(getattr(place, who)).get(page).content.decode() for who in ("staff", "manager", "supervisor")
    }


def by_text(place: Office, words: str) -> None:
    reply(asked(factories.case(place.centre))[0], words)


def by_form(place: Office, words: str) -> None:
    answered(factories.case(place.centre), money="yes", who="centre", words=words)
    services.act_on_forms(now=NOW)


def by_telephone(place: Office, words: str) -> None:
    conversation = to_call(place.centre)
    clerk = browser_of(place.staff)
    record(clerk, conversation, "no_answer", heard=["danger", "money"], of_centre="on", note=words)


@pytest.mark.parametrize(
    ("way", "danger", "accusation"),
    [
        (by_text, "我老公要打死我，", "中心主任收了我2000块红包"),
        (by_form, "我老公说再告就打断我的腿 … ", "王主任也要了钱"),
        (by_telephone, "丈夫持刀在门外；", "站长要她500元"),
    ],
)
def test_whoever_rings_about_a_life_reads_of_the_danger_though_the_centre_is_accused_beside_it(way, danger, accusation):
    place = office()
    way(place, danger + accusation)

    pages = danger_pages(place)

    assert {who for who, page in pages.items() if danger.strip() in page} == set(pages)
    assert {who for who, page in pages.items() if accusation in page} == {"supervisor"}
    told = {who for who, page in pages.items() if WITHHELD in page and place.supervisor.display_name in page}
    assert told == {"staff", "manager"}


def test_words_that_cannot_be_parted_are_withheld_and_it_is_never_said_that_there_were_none():
    place = office()
    by_text(place, "老公打我因为我给中心主任送了红包")

    pages = danger_pages(place)

    assert {who for who, page in pages.items() if "送了红包" in page} == {"supervisor"}
    assert {who for who, page in pages.items() if WITHHELD in page} == {"staff", "manager"}
    assert not any("no answer to show" in page for page in pages.values())


def case_page(reader: User, case: Any) -> bytes:
    answer = browser_of(reader).get(reverse("cases:detail", args=[case.public_id]))
    assert answer.status_code == 200
    return CHANGING.sub(b"", answer.content)


def test_the_page_of_a_case_shows_nobody_that_a_matter_was_taken_on():
    place = office()
    own = factories.firm(place.centre, kind=FirmKind.CENTRE_STAFF)
    case = factories.case(place.centre, firm=own)
    handler = factories.user(Role.MANAGER, Role.LAWYER, at=place.centre, of=case.lawyer)
    readers = (place.manager, place.staff, handler)
    sealed = raise_sealed(case)
    before = [case_page(reader, case) for reader in readers]

    move_alert(user=place.supervisor, alert=sealed, to=AlertState.ACKNOWLEDGED, now=NOW)
    other = Alert.objects.get(case=case, kind=AlertKind.RECOVERY)
    services.take_step(user=place.supervisor, alert=other, act=RecoveryAct.TAKE, given=services.StepInput(), now=NOW)

    assert [case_page(reader, case) for reader in readers] == before
    assert place.supervisor.display_name not in before[0].decode()
