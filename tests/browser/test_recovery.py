"""Unhappy clients' matters, the lawyer's side and the register of complaints, in a real browser."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client as Signing
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from surveys import services
from surveys.enums import AlertKind, ComplaintAct, ConsentWay, Ground, Received, RecoveryAct, Respondent
from surveys.models import Alert, Complaint, LawyerQuestion
from tests import factories
from tests.browser.looking import come_to_rest, sideways, violations
from tests.surveys.faces.rows import SATISFIED, asked, begin, go_through
from tests.surveys.recovering import office, step, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def unhappy(place: Any) -> Alert:
    now = timezone.now()
    until_then = {"closes_at": now + timedelta(days=21), "late_until": now + timedelta(days=60)}
    conversation, key = asked(factories.case(place.centre), invited_at=now, **until_then)
    said = [("q1", "1"), *SATISFIED[1:6], ("q7", "no"), ("q8", "both"), ("q9", "delay"), ("q10", "yes"), ("q11", "")]
    go_through(begin(key), key, said)
    return Alert.objects.get(conversation=conversation, kind=AlertKind.RECOVERY)


def complained(place: Any) -> Complaint:
    now = timezone.now()
    grievance = services.Grievance(
        centre=place.centre,
        case=factories.case(place.centre),
        ground=Ground.NOT_TOLD,
        respondent=Respondent.LAWYER,
        facts="判决下来两个月，没有人告诉我结果，打电话也不接。",
        request="请求更换承办人员，并书面答复。",
        received_on=timezone.localdate(),
        received_by=Received.VISIT,
        complainant_name="赵金凤",
    )
    made = services.register_complaint(user=place.supervisor, grievance=grievance, now=now)
    note = services.ComplaintInput(note="已请中心提供卷宗。")
    services.take_complaint_step(user=place.supervisor, complaint=made, act=ComplaintAct.NOTE, given=note, now=now)
    return made


def signed_in(chromium: Browser, url: str, user: User, language: str = "zh-CN") -> Page:
    signing = Signing()
    signing.force_login(user)
    context = chromium.new_context(viewport={"width": 375, "height": 800}, locale=language)
    cookie = signing.cookies["sessionid"].value
    context.add_cookies([{"name": project.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
    return context.new_page()


def tour(chromium: Browser, url: str, language: str = "zh-CN") -> Iterator[tuple[str, Page]]:
    """Every page of the two, by the person who works on it."""
    place = office()
    now = timezone.now()
    first, second = unhappy(place), unhappy(place)
    until(place.staff, first, RecoveryAct.REACH, now)
    services.put_to_lawyer(
        user=place.staff,
        alert=first,
        consented_on=timezone.localdate(),
        consent_by=ConsentWay.TELEPHONE,
        text="请说明十月开庭改期时，是怎样告知当事人的。",
        now=now,
    )
    for act in (RecoveryAct.VERIFY, RecoveryAct.FIX, RecoveryAct.TELL):
        step(place.staff, first, act, now)
    until(place.staff, second, RecoveryAct.REACH, now)
    found = complained(place)
    lawyer = factories.user(Role.LAWYER, of=first.case.lawyer)
    question = LawyerQuestion.objects.get()
    pages: dict[User, Page] = {}
    for user, name, path in (
        (place.manager, "matters", reverse("surveys:alerts")),
        (place.manager, "matter", reverse("surveys:alert", args=[first.public_id])),
        (place.staff, "matter-spoken", reverse("surveys:alert", args=[second.public_id])),
        (place.staff, "convert", reverse("surveys:alert-convert", args=[second.public_id])),
        (lawyer, "lawyer-questions", reverse("surveys:lawyer-questions")),
        (lawyer, "lawyer-question", reverse("surveys:lawyer-question", args=[question.public_id])),
        (place.supervisor, "complaints", reverse("surveys:complaints")),
        (place.supervisor, "complaint", reverse("surveys:complaint", args=[found.public_id])),
        (place.supervisor, "complaint-new", reverse("surveys:complaint-new")),
        (place.manager, "clocks", reverse("surveys:clocks")),
    ):
        if user not in pages:
            pages[user] = signed_in(chromium, url, user, language)
        page = pages[user]
        page.goto(url + path)
        for summary in page.locator("details > summary:visible").all():
            summary.click()
        page.mouse.move(0, 0)  # off whatever came to lie under it, whose colour is just changing
        come_to_rest(page)
        yield name, page
    for page in pages.values():
        page.context.close()


def test_every_page_is_free_of_faults_and_fits_each_width(chromium: Browser, live_server) -> None:
    found = {name: (violations(page), sideways(page)) for name, page in tour(chromium, live_server.url)}

    assert {name: faults for name, (faults, _wide) in found.items() if faults} == {}
    assert {name: wide for name, (_faults, wide) in found.items() if max(wide.values()) > 0} == {}
