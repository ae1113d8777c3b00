"""Every page with its data on a telephone's screen: nothing beyond the edge, nothing hidden, nothing broken in two."""

import inspect
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as project
from django.test import Client as Signing
from django.urls import reverse
from playwright.sync_api import Browser, Page

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Import
from qa_service.common.periods import Period
from qa_service.founding import FOUNDER
from qa_service.organisations.models import CentreSettings
from reviews.enums import Rule
from reviews.models import CaseReview, Mark, Review, Sample
from reviews.services.assignments import assign_sample
from reviews.services.objections import lodge_objection
from reviews.services.reviewers import object_to_reviewer
from reviews.services.sample_changes import leave_out, publish_statement
from reviews.services.samples import draw_sample
from reviews.services.submission import submit_review
from scoring.enums import RuleCode
from scoring.models import Notice, Proposal
from scoring.services.voice import release_client_voice
from surveys.enums import Channel, StaffReason
from surveys.models import Alert, Complaint, Conversation, LetterBatch, Questionnaire
from surveys.queries.questionnaires import blueprint_of
from surveys.services.organs.organ_letters import make_batch
from surveys.services.questionnaires.drafts import begin_draft
from tests import factories
from tests.authorisation.matrix import doors, let_in, table
from tests.authorisation.people import build_country
from tests.browser.looking import broken, clipped_on_paper, unseen, violations
from tests.browser.test_recovery import complained, unhappy
from tests.factories import NOW
from tests.qa_service.cases.county import bring_in
from tests.reviews import factories as reviews
from tests.reviews.scanning import scanned
from tests.scoring.deciding import Office, accepted, numbered, office, proposed, read
from tests.scoring.factories import LATER, voice
from tests.surveys.faces.rows import asked
from tests.surveys.organs import rows as organ_rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW: Any = {"width": 375, "height": 800}
# Pages that no other test of this folder holds against the rules of accessibility.
UNHEARD = re.compile(
    r"^/(scoring/(?!proposals/)|reviews/(?!objections|vetoes)|accounts/(people$|centres)|surveys/organs/)"
)
# Files, and what programs ask.
NO_PAGE = re.compile(r"^api-|-(csv|pdf|xlsx|batch|schema|docs|workbook)$|^healthz$|^readyz$")
ENOUGH_PAGES = 40


@dataclass(frozen=True)
class County:
    """A centre some weeks on: marks, an objection, proposals, notices, unhappy clients, a drawn sample."""

    at: Office
    reader: User
    head: User
    job: Import
    result: CaseReview
    review: Review
    sample: Sample
    proposals: tuple[Proposal, ...]
    notice: Notice
    alert: Alert
    complaint: Complaint
    draft: Questionnaire
    asked_of: Conversation
    letters: LetterBatch

    def pages(self) -> Iterator[tuple[User, str]]:
        """Who opens what."""
        manager, lawyer, case = self.at.manager, self.at.handler, self.notice.case
        for person in (manager, lawyer, self.reader, self.head):
            yield person, reverse("home")
        name: Any
        row: list[Any]
        for name, *row in (
            ("scoring:my-results",),
            ("reviews:results",),
            ("reviews:reviewers",),
            ("reviews:result", self.result.public_id),
            ("scoring:case-result", case.public_id),
        ):
            yield lawyer, reverse(name, args=row)
        yield self.head, reverse("scoring:firm-results")
        yield self.reader, reverse("reviews:my-reviews")
        yield self.reader, reverse("reviews:my-agreement")
        yield self.reader, reverse("reviews:workspace", args=[self.review.public_id])
        yield self.reader, reverse("reviews:read-scans", args=[self.review.public_id])
        yield manager, reverse("reviews:file", args=[self.review.assignment.case.public_id])
        yield manager, reverse("reviews:scans", args=[self.review.assignment.case.public_id])
        for name, *row in (
            ("cases:list",),
            ("cases:detail", case.public_id),
            ("cases:contact-plan", case.client.public_id),
            ("cases:import",),
            ("cases:import-job", self.job.public_id),
            ("cases:unconfirmed",),
            ("surveys:overview",),
            ("surveys:waiting",),
            ("surveys:funnel",),
            ("surveys:answers",),
            ("surveys:unheard",),
            ("surveys:costs",),
            ("surveys:sending",),
            ("surveys:text-log",),
            ("surveys:set-aside",),
            ("surveys:organs",),
            ("surveys:organ", self.asked_of.public_id),
            ("surveys:organ-answer", self.asked_of.public_id),
            ("surveys:organ-letters",),
            ("surveys:organ-batch", self.letters.public_id),
            ("surveys:organ-rates",),
            ("surveys:organ-book",),
            ("surveys:telephone-list",),
            ("surveys:errand-list",),
            ("surveys:papers",),
            ("surveys:release-list",),
            ("surveys:alerts",),
            ("surveys:alert", self.alert.public_id),
            ("surveys:questionnaires",),
            ("surveys:questionnaire", self.draft.public_id),
            ("surveys:questionnaire-question", self.draft.public_id, "q1"),
            ("surveys:questionnaire-preview", self.draft.public_id),
            ("surveys:questionnaire-texts", self.draft.public_id),
            ("reviews:samples",),
            ("reviews:overview",),
            ("reviews:overview-files",),
            ("reviews:sample", self.sample.public_id),
            ("reviews:statement", self.sample.public_id),
            ("reviews:left-out",),
            ("reviews:reviewers",),
            ("reviews:reviewer-terms", self.reader.public_id),
            ("reviews:file-readers", self.review.assignment.case.public_id),
            ("reviews:assignments",),
            ("reviews:objections",),
            ("scoring:glance",),
            ("scoring:coverage",),
            ("scoring:standings",),
            ("scoring:scores",),
            ("scoring:closed-periods",),
            ("scoring:schemes",),
            ("scoring:rules",),
            ("scoring:tasks",),
            ("scoring:measures",),
            ("scoring:subsidies",),
            ("scoring:proposals",),
            *(("scoring:proposal", each.public_id) for each in self.proposals),
            ("scoring:notices",),
            ("scoring:notice", self.notice.public_id),
            ("scoring:report",),
            ("scoring:displays",),
            ("accounts:people",),
            ("accounts:centres",),
            ("accounts:person", self.reader.public_id),
        ):
            yield manager, reverse(name, args=row)
        yield self.at.supervisor, reverse("scoring:honesty")
        yield self.at.supervisor, reverse("surveys:complaints")
        yield self.at.supervisor, reverse("surveys:complaint", args=[self.complaint.public_id])


def county() -> County:
    place = office(sms_enabled=True)
    factories.Grant.objects.create(user=place.manager, role=Role.FOLLOW_UP, organisation=place.centre)
    place.lawyer.name, place.firm.name = "欧阳慧敏", "湖南省临江县正大光明律师事务所"
    place.lawyer.save()
    place.firm.save()
    head = factories.user(Role.FIRM, heads=place.firm)
    _place, notice = numbered(RuleCode.S2, place)
    _place, shown = accepted(RuleCode.R1, place)
    _place, waiting = proposed(RuleCode.S1, place)
    for score in (100, 85, 85, 65, 35):
        voice(place.case(), score)
    release_client_voice(now=LATER)

    disputed, clear = place.case(), place.case()
    for case in (disputed, clear):
        read(case, reviews.GOOD, times=1, remark="第12页缺少受援人签名，第15页日期与委托手续不符")
    lodge_objection(
        result=CaseReview.objects.current().get(case=disputed),
        items=["A2"],
        statement="第12页已有签名。",
        user=place.handler,
        now=NOW,
    )
    row = reviews.assignment(place.case())
    scanned(row.case, name="卷宗扫描件第一册（含会见笔录、阅卷笔录与全部证据目录）.pdf", unnumbered=1)
    sample = draw_sample(
        centre=place.centre,
        period=Period.quarter(2026, 4),
        seed="s",
        rate=Decimal("0.1"),
        rules=(Rule.RANDOM, Rule.EVERY_LAWYER),
        user=place.manager,
        now=NOW,
    )
    assign_sample(sample=sample, user=place.manager, now=NOW)
    publish_statement(sample=sample, user=place.manager, now=NOW)
    assert place.handler.lawyer is not None
    object_to_reviewer(
        reviewer=User.objects.get(pk=row.reviewer_id),
        lawyer=place.handler.lawyer,
        reason="曾在另一案件中互为对方代理人",
        centre=place.centre,
        user=place.handler,
        now=NOW,
    )
    leave_out(case=place.case(), kind="elsewhere", reason="案卷已调往中级人民法院", user=place.manager, now=NOW)

    job = bring_in(place.centre, dry_run=True)
    factories.firm(place.centre, confirmed_at=None)
    for channel, reason in (
        (Channel.TELEPHONE, StaffReason.NO_TEXT_ALLOWED),
        (Channel.VISIT, StaffReason.NO_TEXT_ALLOWED),
    ):
        person = factories.client(place.centre, plan={"sms_allowed": False, "needs_safety_check": True})
        asked(factories.case(place.centre, client=person), channel=channel, staff_reason=reason)
    asked_of, letters = organs_asked(place)
    own = replace(blueprint_of(Questionnaire.objects.get(key="client-closing")), key="linjiang")
    return County(
        at=place,
        reader=User.objects.get(pk=row.reviewer_id),
        head=head,
        job=job,
        result=CaseReview.objects.current().get(case=clear),
        review=row.review,
        sample=sample,
        proposals=(shown, waiting),
        notice=notice,
        alert=unhappy(place),
        complaint=complained(place),
        draft=begin_draft(blueprint=own, owner=place.centre, actor=FOUNDER, now=NOW),
        asked_of=asked_of,
        letters=letters,
    )


def organs_asked(place: Office) -> tuple[Conversation, LetterBatch]:
    """The court was asked about a few cases: some letters are put together, one is to be printed; a name is unknown."""
    CentreSettings.objects.filter(centre=place.centre).update(organs_from=NOW.date().replace(day=1), organ_delay_days=0)
    court = organ_rows.organ(place.centre, address="临江县城关镇人民路8号", also_called=["临江县法院"])
    conversation = organ_rows.asked(place.centre)
    letters = make_batch(user=place.manager, organ=court, now=NOW)
    organ_rows.asked(place.centre)
    factories.case(place.centre, organ="临江县劳动人事争议仲裁院")
    return conversation, letters


class Phones:
    """One telephone a person, in one language."""

    def __init__(self, chromium: Browser, url: str, language: str) -> None:
        self.chromium, self.url, self.language = chromium, url, language
        self.held: dict[int, Page] = {}
        self.refused: list[str] = []  # by a page's own rules or by a script of it, since the page was opened

    def of(self, person: User) -> Page:
        if person.pk not in self.held:
            signing = Signing()
            signing.force_login(person)
            context = self.chromium.new_context(viewport=NARROW, locale=self.language, base_url=self.url)
            cookie = signing.cookies["sessionid"].value
            context.add_cookies([{"name": project.SESSION_COOKIE_NAME, "value": cookie, "url": self.url}])
            page = context.new_page()
            page.on("pageerror", lambda error: self.refused.append(str(error)))
            page.on("console", lambda said: self.refused.append(said.text) if said.type == "error" else None)
            self.held[person.pk] = page
        return self.held[person.pk]

    def opened(self, person: User, path: str) -> Page:
        page = self.of(person)
        self.refused.clear()
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        return page


def shots(page: Page, language: str, path: str) -> None:
    """Pictures for a person to look at, where asked for: NARROW_SHOTS names a folder."""
    if folder := os.environ.get("NARROW_SHOTS"):
        page.screenshot(path=Path(folder) / f"{language}{path.strip('/').replace('/', '_')[:40]}.png", full_page=True)


def faults_of(page: Page) -> list[str]:
    sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return unseen(page) + broken(page) + (["scrolls sideways"] if sideways else [])


def test_every_page_shows_all_it_holds_on_a_telephone_and_on_paper(chromium: Browser, live_server, fonts) -> None:
    found: dict[str, list[str]] = {}
    with time_machine.travel(NOW, tick=True):
        made = county()
        for language in ("zh-CN", "en"):
            phones = Phones(chromium, live_server.url, language)
            for person, path in made.pages():
                heard = UNHEARD.match(path)
                if language == "en" and not heard:
                    continue  # one language shows what the sheet does; the longer words are tried where tables are many
                page = phones.opened(person, path)
                shots(page, language, path)
                found[f"{language} {path}"] = [f"console: {said}" for said in phones.refused] + faults_of(page)
                found[f"{language} {path}"] += violations(page) if language != "en" and heard else []
                found[f"{language} {path}"] += clipped_on_paper(page) if heard else []

    assert {page: faults for page, faults in found.items() if faults} == {}


def test_no_page_asks_for_what_its_own_rules_refuse_or_scrolls_sideways(
    chromium: Browser, live_server, fonts, settings
) -> None:
    """Of those the county above has not, and that stand in an address of their own: once each, by whoever is let in."""
    settings.DEMO = False
    found: dict[str, list[str]] = {}
    with time_machine.travel(NOW, tick=True):
        country = build_country()
        phones = Phones(chromium, live_server.url, "zh-CN")
        listed = table()
        seen_above = set(re.findall(r'"([a-z]+:[a-z-]+)"', inspect.getsource(County.pages)))
        for role in Role:
            place = "parent" if role == Role.SUPERVISOR else "own"
            met = let_in(role, place, listed)
            names = {door.name for door in doors() if not door.converters and not NO_PAGE.search(door.name)}
            for name in sorted((names & met) - set(found) - seen_above):
                page = phones.opened(country.people[role, place], reverse(name))
                sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
                found[name] = list(phones.refused) + (["scrolls sideways"] if sideways else [])

    assert len(found) > ENOUGH_PAGES
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_a_word_without_end_wraps_where_the_lawyer_reads_the_result(chromium: Browser, live_server) -> None:
    """A remark of the readers, an objection and its answer: nobody has to scroll sideways for them."""
    endless = "https://example.cn/" + "x" * 280
    with time_machine.travel(NOW, tick=True):
        case = factories.case(factories.centre())
        lawyer = reviews.account_of(case.lawyer)
        review = reviews.marked(reviews.assignment(case), **reviews.GOOD)
        Mark.objects.filter(review=review).update(comment=endless)
        reader = User.objects.get(pk=review.assignment.reviewer_id)
        submit_review(review_id=review.public_id, version=review.version, user=reader, now=NOW)
        result = CaseReview.objects.current().get(case=case)
        lodge_objection(result=result, items=["A2"], statement=endless, user=lawyer, now=NOW)
        page = Phones(chromium, live_server.url, "zh-CN").opened(
            lawyer, reverse("reviews:result", args=[result.public_id])
        )

        for width in (375, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            beyond = page.evaluate(
                "[...document.querySelectorAll('main td, main blockquote, main p')]"
                ".filter(box => box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).display != 'inline')"
                ".map(box => box.innerText.slice(0, 40))"
            )
            sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert (width, beyond, sideways) == (width, [], False)
