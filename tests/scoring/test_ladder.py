"""Repeated failure: the rules that a centre switches on, what they limit, and what is another authority's to impose."""

from contextlib import nullcontext
from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from openpyxl import load_workbook

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.common.errors import InvalidInput
from qa_service.notifications.models import Notification
from reviews.enums import Anchor
from reviews.services.acceptance import reopen_file
from scoring.enums import RECTIFYING, MeasureKind, Outcome, ProposalState, ReferralAnswer, ReferralKind, RuleCode
from scoring.forms.rules import TERM_LABELS
from scoring.models import AssignmentMeasure, Proposal, Referral, Rule
from scoring.queries.proposals import why_overtaken
from scoring.rule_terms import TERMS, default_terms
from scoring.services.appeals import decide_appeal, lodge_appeal
from scoring.services.decision_papers import issue_decision
from scoring.services.issuing import issue_notice
from scoring.services.measures import end_measure
from scoring.services.printing import render_notices
from scoring.services.procedure import (
    FourEyes,
    StepNotDue,
    ask_for_statement,
    decide,
    give_statement,
    record_answer,
    send_referral,
)
from scoring.services.proposals import propose
from scoring.services.rules import publish_rule
from scoring.services.scores import rescore_changed
from scoring.services.withdrawal import withdraw_notice
from scoring.wording import REFERRAL_ANSWERED, REFERRED
from tests import factories
from tests.factories import NOW
from tests.qa_service.documents.reading import text_of
from tests.qa_service.documents.test_editable import opened, words
from tests.reviews import accepting
from tests.reviews.factories import checklists, manager
from tests.scenes import scene
from tests.scoring.deciding import BAD, DISPLAY_OVER, MONDAY, Office, SameScene, correct_marks, office, read
from tests.scoring.factories import graded
from tests.scoring.test_decision_pages import browser, text, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]

LATER = DISPLAY_OVER + timedelta(days=1)


def switched_on(code: RuleCode, person: User, **terms: object) -> Rule:
    return publish_rule(
        code=code,
        read_version=Rule.objects.filter(code=code).count(),
        enabled=True,
        thresholds=default_terms(code) | terms,
        legal_basis="《某省法律援助条例》第三十条",
        authority="某县司法局",
        user=person,
        now=MONDAY,
    )


@scene
def failed_again(code: RuleCode, **terms: object) -> tuple[Office, Proposal]:
    """A second final fail of the lawyer; the rule speaks of the later of the two cases as well."""
    place = office()
    switched_on(code, place.supervisor, **terms)
    for _time in range(2):
        read(place.case(), BAD)
    propose(now=MONDAY)
    return place, Proposal.objects.filter(code=code).latest("case")


def said_and_decided(place: Office, row: Proposal, now: datetime = MONDAY) -> None:
    ask_for_statement(proposal=row, person=place.manager, now=now)
    give_statement(proposal=row, person=place.handler, text="材料已补正。", now=now)
    decide(proposal=row, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=now)


class TestASecondFail(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return failed_again(RuleCode.S3)

    def test_it_is_rectified_once_and_says_what_was_counted(self, row: Proposal) -> None:
        rectifying = Proposal.objects.filter(code__in=RECTIFYING).order_by("case")

        assert list(rectifying.values_list("code", "case")) == [("S2", row.the_case.pk - 1), ("S3", row.the_case.pk)]
        assert row.evidence[0] == {"point": "fails", "figures": {"count": "2", "months": "12"}}

    def test_a_fail_that_is_none_any_more_takes_its_ground_away(self, row: Proposal) -> None:
        assert why_overtaken(row) == ""

        the_first_fails_no_more(row)

        assert "评分或等次已发生变化" in why_overtaken(row)

    def test_fewer_assignments_begin_with_the_notice_and_end_with_an_appeal_that_holds(
        self, place: Office, row: Proposal
    ) -> None:
        said_and_decided(place, row)
        notice = issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        assert [each["text"][:5] for each in notice.content["measures"]][2:] == ["参加针对上", "自送达之日"]
        render_notices(now=DISPLAY_OVER)

        measure = AssignmentMeasure.objects.get()
        assert (measure.kind, measure.starts_on, measure.ends_on) == (
            MeasureKind.REDUCED,
            date(2026, 12, 15),
            date(2027, 3, 15),
        )
        with pytest.raises(StepNotDue):  # begun twice by two notices, it would last longer than the rule allows
            withdraw_notice(notice=notice, person=place.supervisor, reason="案号有误", anew=True, now=DISPLAY_OVER)
        appeal = lodge_appeal(notice=notice, person=place.handler, text="不服。", now=DISPLAY_OVER)
        other = factories.user(Role.MANAGER, at=place.centre)
        decide_appeal(appeal=appeal, person=other, upheld=True, answer="申诉成立。", now=LATER)

        measure.refresh_from_db()
        assert (measure.ended_on, measure.ended_by) == (date(2026, 12, 16), other)
        assert "申诉成立" in measure.end_reason
        with time_machine.travel(LATER, tick=False):
            listed = browser(place.manager).get(reverse("api-measures"), {"on": "2026-12-16"}).json()["results"]
        assert listed == []

    def test_the_paper_of_the_decision_alone_limits_nothing(self, place: Office, row: Proposal) -> None:
        said_and_decided(place, row)

        paper = issue_decision(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        render_notices(now=DISPLAY_OVER)

        paper.refresh_from_db()
        assert paper.delivered_on is not None
        assert not AssignmentMeasure.objects.exists()

    def test_public_criticism_is_only_ever_referred(self, place: Office, row: Proposal) -> None:
        with pytest.raises(StepNotDue):
            refer(place.supervisor, row)
        said_and_decided(place, row)
        with pytest.raises(FourEyes):
            refer(place.manager, row)

        refer(place.supervisor, row)

        row = Proposal.objects.get(pk=row.pk)
        assert (row.referral.kind, row.state) == (ReferralKind.CRITICISM, ProposalState.ACCEPTED)

    def test_what_was_taken_back_is_criticised_by_nobody(self, place: Office, row: Proposal) -> None:
        said_and_decided(place, row)
        notice = issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        render_notices(now=DISPLAY_OVER)
        assert url("refer", row) in text(browser(place.supervisor).get(url("proposal", row)))
        withdraw_notice(notice=notice, person=place.supervisor, reason="评分有误。", now=DISPLAY_OVER)

        assert url("refer", row) not in text(browser(place.supervisor).get(url("proposal", row)))
        with pytest.raises(StepNotDue):
            refer(place.supervisor, row)
        assert not Referral.objects.exists()

    def test_a_notice_to_be_issued_anew_leaves_the_way_to_criticism_open(self, place: Office, row: Proposal) -> None:
        said_and_decided(place, row)
        for _time in range(2):
            # No file yet, so that nothing has begun: what brought a limit with it is not issued anew.
            notice = issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
            withdraw_notice(notice=notice, person=place.supervisor, reason="案号有误", anew=True, now=DISPLAY_OVER)

        refer(place.supervisor, row)

        assert Referral.objects.get().kind == ReferralKind.CRITICISM

    def test_what_the_authority_answers_is_entered_though_the_decision_was_withdrawn_meanwhile(
        self, place: Office, row: Proposal
    ) -> None:
        """The letter left: its answer comes all the same, and the lawyer is to hear of it."""
        said_and_decided(place, row)
        decision = issue_decision(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        refer(place.supervisor, row)
        withdraw_notice(notice=decision, person=place.supervisor, reason="事实有误。", now=LATER)

        with time_machine.travel(LATER, tick=False):
            manager, door = browser(place.manager), url("authority-answer", row)
            offered = door in text(manager.get(url("proposal", row)))
            answered = manager.post(door, {"answer": "not_imposed", "answered_on": str(LATER.date())})

        row = Proposal.objects.get(pk=row.pk)
        assert (offered, answered.status_code) == (True, 302)
        assert (row.referral.answer, row.state) == (ReferralAnswer.NOT_IMPOSED, ProposalState.DECLINED)


def corrected(place: Office, row: Proposal) -> None:
    """By an objection on paper: the lawyer's account is closed by now."""
    User.objects.filter(pk=place.handler.pk).update(is_active=False)
    correct_marks(row.the_case, **dict.fromkeys(BAD, Anchor.FULL))
    rescore_changed(now=LATER)


def the_first_fails_no_more(row: Proposal) -> None:
    """The other case of the two that the proposal counted."""
    first = Proposal.objects.exclude(case=row.case_id).first()
    assert first is not None
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("UPDATE scoring_casescore SET is_current = %s WHERE case_id = %s", [False, first.case_id])


def refer(person: User, row: Proposal, reference: str = "函〔2026〕1号") -> None:
    send_referral(
        proposal=row, person=person, addressee="某县司法局", reference=reference, sent_on=MONDAY.date(), now=LATER
    )


class TestAReferralToSuspend(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        place, row = failed_again(RuleCode.S4, fails=2)
        said_and_decided(place, row)
        return place, Proposal.objects.get(pk=row.pk)

    def test_the_life_of_a_suspension(self, place: Office, row: Proposal) -> None:
        """Decided by one, sent by another, imposed by the authority, read by the case system, lifted with a reason."""
        with time_machine.travel(LATER, tick=False):
            manager, supervisor = browser(place.manager), browser(place.supervisor)
            assert url("refer", row) not in text(manager.get(url("proposal", row)))
            letter, editable = url("referral-letter", row), url("referral-docx", row)
            assert "草稿未编号" in text_of(supervisor.get(letter).content)
            sent = {"addressee": "某县司法局", "reference": "函〔2026〕1号", "sent_on": "2026-12-15"}
            assert supervisor.post(url("refer", row), sent | {"sent_on": "2026-12-31"}).status_code == 422
            unprintable = supervisor.post(url("refer", row), sent | {"addressee": "某县司法局😀"})
            assert (unprintable.status_code, "cannot print 😀" in text(unprintable)) == (422, True)
            assert supervisor.post(url("refer", row), sent).status_code == 302
            assert "Sent to 某县司法局" in text(manager.get(url("proposal", row)))
            said = (text_of(manager.get(letter).content), words(opened(manager.get(editable).content)))
            wanted = (
                "函〔2026〕1号", "关于提请暂停指派", "某县司法局：", row.case.number, place.lawyer.name,
                "2026年12月7日听取了承办人员的陈述和申辩", "理由：事实清楚。", "2026年12月15日",
            )  # fmt: skip
            assert [[each for each in wanted if each not in paper] for paper in said] == [[], []]
            assert [row.case.client.name in paper for paper in said] == [False, False]
            assert letter in text(manager.get(url("proposal", row)))
            answer = {"answer": "imposed", "answered_on": "2026-12-16", "reference": "司决〔2026〕2号"}
            lacking = manager.post(url("authority-answer", row), answer)
            assert (lacking.status_code, "Enter the legal basis" in text(lacking)) == (422, True)
            days = {"legal_basis": "《某省条例》第三十条", "starts_on": "2026-12-16", "ends_on": "2027-06-15"}
            assert manager.post(url("authority-answer", row), answer | days).status_code == 302

            register = browser(place.manager).get(reverse("api-measures"), {"on": "2026-12-16"}).json()["results"]
            told = [(each["kind"], each["lawyer"], each["licence_number"], each["authority"]) for each in register]
            licence = place.lawyer.licence_number
            assert told == [("suspended", place.lawyer.name, licence, "某县司法局")]
            of_one = {"on": "2026-12-16", "licence_number": licence}
            assert browser(place.manager).get(reverse("api-measures"), of_one).json()["results"] == register
            of_one["licence_number"] = factories.lawyer(place.firm, name=place.lawyer.name).licence_number
            assert browser(place.manager).get(reverse("api-measures"), of_one).json()["results"] == []
            assert licence in text(manager.get(reverse("scoring:measures")))
            measure = AssignmentMeasure.objects.get()
            assert place.lawyer.name in text(manager.get(reverse("scoring:measures")))
            assert manager.post(url("measure", measure), {"reason": "."}).status_code == 422
            assert manager.post(url("measure", measure), {"reason": "决定已撤销。"}).status_code == 302
            assert "everybody can be assigned" in text(manager.get(reverse("scoring:measures")))
        assert Proposal.objects.get(pk=row.pk).state == ProposalState.CARRIED_OUT
        with pytest.raises(DatabaseError), transaction.atomic():
            AssignmentMeasure.objects.update(end_reason="别的")

    def test_no_letter_leaves_once_a_fail_that_it_counts_is_none_any_more(self, place: Office, row: Proposal) -> None:
        the_first_fails_no_more(row)

        with pytest.raises(StepNotDue):
            refer(place.supervisor, row)

        assert Referral.objects.get(proposal=row).sent_on is None

    def test_a_letter_leaves_once_and_keeps_its_number(self, place: Office, row: Proposal) -> None:
        refer(place.supervisor, row)

        with pytest.raises(StepNotDue):
            refer(place.supervisor, row, "函〔2026〕2号")

        assert Referral.objects.get(proposal=row).reference == "函〔2026〕1号"

    @pytest.mark.parametrize("day", [MONDAY.date() - timedelta(days=1), LATER.date() + timedelta(days=1)])
    def test_the_authority_answers_neither_before_the_letter_left_nor_after_today(
        self, place: Office, row: Proposal, day: date
    ) -> None:
        refer(place.supervisor, row)

        with pytest.raises(InvalidInput) as refused:
            record_answer(
                proposal=row, person=place.manager, answer=ReferralAnswer.NOT_IMPOSED, reference="",
                answered_on=day, now=LATER,
            )  # fmt: skip

        assert (refused.value.field, Referral.objects.get(proposal=row).answered_on) == ("answered_on", None)

    def test_what_limits_a_lawyer_can_be_ended_until_its_last_day_and_once(self, place: Office, row: Proposal) -> None:
        last = LATER.date() + timedelta(days=30)
        refer(place.supervisor, row)
        record_answer(
            proposal=row, person=place.manager, answer=ReferralAnswer.IMPOSED, reference="司决2号",
            answered_on=LATER.date(), legal_basis="条例", starts_on=LATER.date(), ends_on=last, now=LATER,
        )  # fmt: skip
        measure, told = AssignmentMeasure.objects.get(), Notification.objects.filter(user=place.handler).count()

        with pytest.raises(StepNotDue):
            end_measure(measure=measure, person=place.manager, reason="决定已撤销。", now=LATER + timedelta(days=31))
        for ended in (nullcontext(), pytest.raises(StepNotDue)):
            with ended:
                end_measure(
                    measure=measure, person=place.manager, reason="决定已撤销。", now=LATER + timedelta(days=30)
                )

        measure.refresh_from_db()
        assert (measure.ended_on, Notification.objects.filter(user=place.handler).count() - told) == (last, 1)

    def test_an_authority_that_does_not_act_limits_nothing(self, place: Office, row: Proposal) -> None:
        refer(place.supervisor, row)

        record_answer(
            proposal=row, person=place.manager, answer=ReferralAnswer.NOT_IMPOSED, reference="",
            answered_on=LATER.date(), now=LATER,
        )  # fmt: skip

        assert not AssignmentMeasure.objects.exists()
        assert Proposal.objects.get(pk=row.pk).state == ProposalState.CARRIED_OUT
        told = Notification.objects.filter(user=place.handler, text__in=[REFERRED, REFERRAL_ANSWERED]).order_by("pk")
        assert list(told.values_list("text", flat=True)) == [REFERRED, REFERRAL_ANSWERED]

    def test_what_was_sent_waits_for_its_answer_though_the_marks_were_corrected_since(
        self, place: Office, row: Proposal
    ) -> None:
        refer(place.supervisor, row)
        corrected(place, row)

        propose(now=LATER)

        assert why_overtaken(row)
        assert Proposal.objects.get(pk=row.pk).state == ProposalState.ACCEPTED
        record_answer(
            proposal=row, person=place.manager, answer=ReferralAnswer.NOT_IMPOSED, reference="",
            answered_on=LATER.date(), now=LATER,
        )  # fmt: skip
        assert Proposal.objects.get(pk=row.pk).state == ProposalState.CARRIED_OUT

    def test_what_was_not_sent_yet_is_overtaken_by_corrected_marks(self, place: Office, row: Proposal) -> None:
        corrected(place, row)

        propose(now=LATER)

        assert Proposal.objects.get(pk=row.pk).state == ProposalState.OVERTAKEN
        with pytest.raises(StepNotDue):
            refer(place.supervisor, row)

    def test_no_suspension_is_without_an_end(self, place: Office, row: Proposal) -> None:
        refer(place.supervisor, row)
        with pytest.raises(InvalidInput) as refused:
            record_answer(
                proposal=row, person=place.manager, answer=ReferralAnswer.IMPOSED, reference="司决2号",
                answered_on=LATER.date(), legal_basis="条例", starts_on=LATER.date(), ends_on=None, now=LATER,
            )  # fmt: skip

        assert refused.value.field == "ends_on"

    def test_an_authority_and_a_basis_that_nobody_sees_are_none(self, place: Office, row: Proposal) -> None:
        other = factories.user(Role.MANAGER, at=place.centre)
        send = partial(send_referral, proposal=row, person=other, reference="", sent_on=MONDAY.date(), now=LATER)
        for unseen in ("\u200b", ".\u2060", "\u202e"):
            with pytest.raises(InvalidInput) as refused:
                send(addressee=unseen)
            assert refused.value.field == "addressee"
        assert send(addressee="某县\u202e司法局").addressee == "某县司法局"

        days: dict[str, Any] = {"answered_on": LATER.date(), "starts_on": LATER.date(), "ends_on": date(2027, 6, 15)}
        answer = partial(record_answer, proposal=row, person=other, answer=ReferralAnswer.IMPOSED, now=LATER, **days)
        for basis, reference, field in (
            ("\u200b\u2060", "某司〔2026〕9号", "legal_basis"),
            ("条例", "\u200b", "reference"),
        ):
            with pytest.raises(InvalidInput) as refused:
                answer(legal_basis=basis, reference=reference)
            assert refused.value.field == field
        assert not AssignmentMeasure.objects.exists()


class TestTheRules(SameScene):
    @staticmethod
    def scene() -> tuple[Office, None]:
        return office(), None

    @pytest.mark.parametrize(
        ("typed", "status"),
        [
            ({"legal_basis": ""}, 422),
            ({"authority": " "}, 422),
            ({"legal_basis": "\u200b\u2060"}, 422),
            ({"legal_basis": "《条例》\ue123"}, 422),
            ({"authority": "."}, 422),
            ({"fails": "1"}, 422),
            ({"revision": "1"}, 409),
            ({"enabled": "", "legal_basis": ""}, 302),
            ({}, 302),
        ],
    )
    def test_a_rule_is_on_only_with_a_basis_and_an_authority(
        self, place: Office, typed: dict[str, str], status: int
    ) -> None:
        terms = {
            "fails": "2",
            "complaints": "2",
            "months": "12",
            "reduced_months": "3",
            "revision": "0",
            "enabled": "on",
        }
        form = terms | {"legal_basis": "《条例》第三十条", "authority": "某县司法局"} | typed

        answer = browser(place.supervisor).post(reverse("scoring:rule", args=["S3"]), form)

        assert answer.status_code == status
        assert Rule.objects.filter(code="S3", enabled=True).exists() == (typed == {})

    @pytest.mark.parametrize(
        ("code", "name", "typed", "unknown"),
        [
            ("S4", "vetoes", "V2 V99", "V99"),
            ("S4", "vetoes", "A2", "A2"),
            ("S1", "core_items", "A2 Z9", "Z9"),
            ("S4", "vetoes", "V2 V3", ""),
        ],
    )
    def test_a_code_that_no_checklist_holds_is_told_and_not_waited_for(
        self, place: Office, code: str, name: str, typed: str, unknown: str
    ) -> None:
        checklists()
        terms = default_terms(RuleCode(code)) | {
            name: typed,
            "legal_basis": "《条例》第三十条",
            "authority": "某县司法局",
        }
        before = Rule.objects.filter(code=code).count()

        answer = browser(place.supervisor).post(
            reverse("scoring:rule", args=[code]), terms | {"enabled": "on", "revision": before}
        )

        assert answer.status_code == (422 if unknown else 302)
        assert not unknown or f"has an item of this code: {unknown}." in text(answer)
        assert Rule.objects.filter(code=code).count() == before + (not unknown)

    def test_every_rule_stands_on_one_page_and_a_manager_of_one_centre_does_not_write_them(self, place: Office) -> None:
        factories.centre()
        page = text(browser(place.manager).get(reverse("scoring:rules")))

        assert all(f'id="rule-{code}"' in page for code in RuleCode)
        assert reverse("scoring:rule", args=["S3"]) not in page
        assert browser(place.manager).get(reverse("scoring:rule", args=["S3"])).status_code == 404
        refused = call_rule(place.manager, read_version=0)
        assert refused.status_code == 404

    def test_of_two_who_publish_the_same_version_one_is_told(self, place: Office) -> None:
        assert call_rule(place.supervisor, read_version=0).status_code == 201
        second = call_rule(place.supervisor, read_version=0)

        assert (second.status_code, second.json()["code"]) == (409, "rule_changed")
        assert [row["version"] for row in browser(place.supervisor).get(reverse("api-rules")).json()] == [
            1,
            *(0, 0, 0),
            *(1, 1, 1),
            *(0, 0),
        ]

    @pytest.mark.parametrize(
        "thresholds", [{}, {"fails": 2}, {"vetoes": []}, {"fails": True}, {"fails": 2.5}, {"x": 1}]
    )
    def test_figures_that_cannot_be_are_refused(self, place: Office, thresholds: dict[str, object]) -> None:
        given = (
            thresholds if len(thresholds) != 1 or "fails" not in thresholds else default_terms(RuleCode.S4) | thresholds
        )
        good = given == default_terms(RuleCode.S4) | {"fails": 2}

        answer = call_rule(place.supervisor, read_version=0, code="S4", thresholds=given)

        assert answer.status_code == (201 if good else 422)


def call_rule(
    person: User, *, read_version: int, code: str = "S3", thresholds: dict[str, object] | None = None
) -> object:
    body = {
        "read_version": read_version,
        "enabled": True,
        "thresholds": default_terms(RuleCode(code)) if thresholds is None else thresholds,
        "legal_basis": "《条例》第三十条",
        "authority": "某县司法局",
    }
    return browser(person).post(reverse("api-publish-rule", args=[code]), body, content_type="application/json")


def test_every_term_of_a_rule_has_a_name_for_people() -> None:
    assert {term.name for terms in TERMS.values() for term in terms} == set(TERM_LABELS)


def test_the_subsidy_sheet_recommends_over_accepted_files_and_only_while_its_rule_is_on() -> None:
    place = office()
    kept, sheet = browser(place.supervisor), reverse("scoring:subsidies")
    praised, taken_back = place.case(), place.case()
    for case in (praised, taken_back):
        read(case)
        accepting.accepted(case)
    accepting.accepted(place.case())  # no grade
    untold = place.case()
    accepting.accepted(untold)
    graded(untold, 95, released_on=None)
    reopen_file(reason="漏收判决书", **accepting.by(taken_back, manager(place.centre)))
    period = {"period": f"{NOW.year}-4"}
    assert "Rule R4 is off" in text(kept.get(sheet, period))
    assert kept.get(reverse("scoring:subsidies-xlsx"), period).status_code == 404
    switched_on(RuleCode.R4, place.supervisor, excellent="1.20")

    page = text(kept.get(sheet, period))

    assert "coefficient 1.20: 1 file" in page
    assert "without a grade: 2" in page
    assert (praised.number in page, taken_back.number in page) == (True, False)
    book = load_workbook(BytesIO(kept.get(reverse("scoring:subsidies-xlsx"), period).content)).active
    assert {row[6] for row in book.iter_rows(min_row=2, values_only=True)} == {1.2, None}
    assert "No file was accepted" in text(kept.get(sheet, {"period": "2025"}))
    assert kept.get(sheet, {"centre": "nowhere"}).status_code == 404
