"""The draft of a notice: read before it has a number, the same in every word, and without a trace."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from qa_service.accounts.models import User
from qa_service.audit.models import Entry
from scoring.enums import RuleCode
from scoring.models import Notice, NumberCounter, Proposal
from scoring.services.issuing import draft_of_notice, issue_notice
from scoring.services.printing import render_notices
from scoring.services.procedure import FourEyes, StepNotDue
from tests.qa_service.documents.reading import text_of
from tests.scoring.deciding import DISPLAY_OVER, numbered, printed, proposed, ready

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]
# What only a draft bears, and what only an issued paper does.
OF_A_DRAFT = re.compile("草稿|未编号|印章位置")
OF_AN_ISSUED = re.compile("扫码或凭码核验真伪核验码.{10}.*?摘要[0-9a-f]{16}")
NOTICES = pytest.mark.parametrize("code", [RuleCode.R1, RuleCode.S2])


def paper_of(notice: Notice) -> str:
    render_notices(now=DISPLAY_OVER)
    notice.refresh_from_db()
    return text_of(printed(notice))


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


@NOTICES
def test_the_draft_is_the_paper_that_is_issued_in_every_word(code: RuleCode) -> None:
    place, row = ready(code)
    draft = text_of(draft_of_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER))

    notice = issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)

    paper = paper_of(notice)
    assert OF_A_DRAFT.sub("", draft) == OF_AN_ISSUED.sub("", paper).replace(notice.label, "")
    assert draft.count("草稿") > 1
    assert notice.label not in draft
    assert not OF_AN_ISSUED.search(draft)


@NOTICES
def test_reading_a_draft_writes_nothing_and_uses_no_number(code: RuleCode, time_machine) -> None:
    time_machine.move_to(DISPLAY_OVER, tick=False)
    place, row = ready(code)
    browser, before = signed_in(place.supervisor), Entry.objects.count()

    read_twice = [browser.get(reverse(door, args=[row.public_id])) for door in ("scoring:draft", "api-draft")]

    assert [(each.status_code, each["Content-Type"], each.content[:5]) for each in read_twice] == [
        (200, "application/pdf", b"%PDF-")
    ] * 2
    assert (Notice.objects.count(), NumberCounter.objects.count(), Entry.objects.count()) == (0, 0, before)
    assert Proposal.objects.get(pk=row.pk).state == row.state


def test_the_page_leads_to_the_draft_where_it_offers_to_issue(time_machine) -> None:
    time_machine.move_to(DISPLAY_OVER, tick=False)
    place, row = ready(RuleCode.S2)
    link = reverse("scoring:draft", args=[row.public_id])
    page = reverse("scoring:proposal", args=[row.public_id])

    offered = [link in signed_in(user).get(page).content.decode() for user in (place.supervisor, place.manager)]

    assert offered == [True, True]


@NOTICES
def test_who_decided_reads_the_draft_and_does_not_issue_it(code: RuleCode) -> None:
    place, row = ready(code)

    draft = text_of(draft_of_notice(proposal=row, person=place.manager, now=DISPLAY_OVER))
    others = text_of(draft_of_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER))

    named = f"签发人{place.supervisor.display_name}"
    assert draft == others.replace(named, "签发人〔待定〕")
    assert (place.manager.display_name in draft, named in others) == (False, code is RuleCode.R1)
    with pytest.raises(FourEyes):
        issue_notice(proposal=row, person=place.manager, now=DISPLAY_OVER)


def test_there_is_no_draft_before_the_decision_nor_after_the_number(time_machine) -> None:
    time_machine.move_to(DISPLAY_OVER, tick=False)
    place, undecided = proposed(RuleCode.S2)
    _place, notice = numbered(RuleCode.S2, place)
    browser = signed_in(place.supervisor)

    with pytest.raises(StepNotDue):
        draft_of_notice(proposal=undecided, person=place.supervisor, now=DISPLAY_OVER)
    met = [
        browser.get(reverse(door, args=[row.public_id])).status_code
        for row in (undecided, notice.proposal)
        for door in ("scoring:draft", "api-draft")
    ]
    assert met == [409] * 4
