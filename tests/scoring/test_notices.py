"""A number is given once, always gets its file, and no client stands in a notice."""

import re
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Thread

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext

from qa_service.accounts.enums import Role
from qa_service.common.errors import Conflict, InvalidInput, NotIndependent, NotPermitted
from qa_service.common.periods import Period
from qa_service.documents.errors import FontsNotReady, MissingGlyph
from qa_service.documents.fonts import FontFolders
from qa_service.notifications.models import Notification
from qa_service.organisations.models import CentreSettings, Organisation
from reviews.enums import Anchor
from scoring.documents.content import AppealCounts
from scoring.enums import AppealState, NoticeKind, NoticeState, ProposalState, RuleCode
from scoring.models import Appeal, Notice, NumberCounter, Proposal
from scoring.queries.notices import open_appeals
from scoring.queries.reports import rewards_and_sanctions
from scoring.services import issuing
from scoring.services import printing as service
from scoring.services.appeals import AppealTooLate, decide_appeal, lodge_appeal
from scoring.services.delivery import acknowledge_notice
from scoring.services.issuing import IssuedAlready, issue_notice
from scoring.services.notice_content import Content, content_digest, findings_on_paper
from scoring.services.printing import render_notices
from scoring.services.procedure import FourEyes, StepNotDue
from scoring.services.withdrawal import withdraw_notice
from scoring.wording import APPEAL_ANSWERED, NOTICE_WITHDRAWN
from tests import factories
from tests.qa_service.documents.reading import text_of
from tests.scoring.deciding import (
    DISPLAY_OVER,
    Office,
    SameScene,
    accepted,
    issued,
    numbered,
    office,
    printed,
    read,
    ready,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]
CLIENT = "欧阳秀兰"


def while_it_is_printed(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Once, between the first look and the lock."""
    printing = issuing.notice_pdf

    def printed_slowly(content: Content) -> bytes:
        monkeypatch.setattr(issuing, "notice_pdf", printing)
        happens()
        return printing(content)

    monkeypatch.setattr(issuing, "notice_pdf", printed_slowly)


class TestANumberThatIsGiven(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Notice]:
        return numbered(RuleCode.S2)

    def test_the_number_and_the_frozen_text_come_first_and_the_file_follows(
        self, place: Office, notice: Notice
    ) -> None:
        assert (notice.state, notice.label, notice.file) == (NoticeState.ISSUING, "临援改〔2026〕1号", None)
        assert notice.content_sha256 == content_digest(notice.content)
        assert Proposal.objects.get(pk=notice.proposal_id).state == ProposalState.CARRIED_OUT

        assert [render_notices(now=DISPLAY_OVER), render_notices(now=DISPLAY_OVER)] == [1, 0]

        notice.refresh_from_db()
        assert (notice.state, notice.issued_at) == (NoticeState.ISSUED, DISPLAY_OVER)
        assert notice.file is not None
        assert notice.file.sha256 == notice.file_sha256
        assert Notification.objects.filter(user=place.handler, url=f"/scoring/notices/{notice.public_id}").count() == 1

    def test_each_kind_counts_by_itself_without_a_gap(self, place: Office, notice: Notice) -> None:
        labels = [notice.label, *(numbered(code, place)[1].label for code in (RuleCode.R1, RuleCode.S2))]

        assert labels == ["临援改〔2026〕1号", "临援通〔2026〕1号", "临援改〔2026〕2号"]

    def test_a_new_year_begins_with_one(self, place: Office) -> None:
        _place, row = ready(RuleCode.S2, place)

        notice = issue_notice(proposal=row, person=place.supervisor, now=datetime(2026, 12, 31, 16, 0, tzinfo=UTC))

        assert (notice.year, notice.number) == (2027, 1)

    def test_a_proposal_is_issued_once(self, place: Office, notice: Notice) -> None:
        with pytest.raises(IssuedAlready) as refused:
            issue_notice(proposal=notice.proposal, person=place.supervisor, now=DISPLAY_OVER)

        assert refused.value.notice == notice
        assert NumberCounter.objects.get().last == 1

    def test_the_database_refuses_the_same_number_twice(self, notice: Notice) -> None:
        copy = Notice.objects.get(pk=notice.pk)
        copy.pk = None
        copy.public_id = factories.user().public_id
        copy.verify_code = "OTHER"
        copy.proposal = ready(RuleCode.S2, office())[1]

        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save(force_insert=True)

    def test_the_database_refuses_an_issued_notice_without_a_file(self, notice: Notice) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(state=NoticeState.ISSUED)

    @pytest.mark.parametrize(
        "change",
        [
            {"kind": NoticeKind.RECTIFICATION},
            {"lawyer": None},
            {"firm": None},
            {"case": None},
            {"state": NoticeState.WITHDRAWN, "withdrawn_at": DISPLAY_OVER},
            {"state": NoticeState.WITHDRAWN, "withdrawal_reason": "有误"},
        ],
    )
    def test_the_database_refuses_a_second_of_a_kind_a_sanction_of_nobody_and_a_withdrawal_without_day_or_reason(
        self, notice: Notice, change: dict[str, object]
    ) -> None:
        def another(**fields: object) -> Notice:
            copied = {each.attname: getattr(notice, each.attname) for each in Notice._meta.concrete_fields}
            own = {"id": None, "public_id": factories.user().public_id, "verify_code": "OTHER", "number": None}
            row = Notice(**copied | own | {"kind": NoticeKind.DECISION, "label": "临司发〔2026〕17号"})
            for name, value in fields.items():
                setattr(row, name, value)
            return row

        with pytest.raises(IntegrityError), transaction.atomic():
            another(**change).save(force_insert=True)

        another().save(force_insert=True)

    def test_a_number_whose_printing_broke_off_gets_its_file_later(
        self, notice: Notice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def killed(*_args: object, **_kwargs: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            broken.setattr(service, "_record_issue", killed)
            with pytest.raises(KeyboardInterrupt):
                render_notices(now=DISPLAY_OVER)
        assert Notice.objects.get(pk=notice.pk).state == NoticeState.ISSUING

        assert render_notices(now=DISPLAY_OVER) == 1
        assert Notice.objects.get(pk=notice.pk).file is not None

    def test_two_sweeps_at_once_issue_once(
        self, place: Office, notice: Notice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        printing = service.notice_pdf

        def while_another_sweeps(content: Content) -> bytes:
            with monkeypatch.context() as plain:
                plain.setattr(service, "notice_pdf", printing)
                assert render_notices(now=DISPLAY_OVER) == 1
            return printing(content)

        with monkeypatch.context() as slow:
            slow.setattr(service, "notice_pdf", while_another_sweeps)
            assert render_notices(now=DISPLAY_OVER) == 0

        assert Notification.objects.filter(user=place.handler, url=f"/scoring/notices/{notice.public_id}").count() == 1

    def test_a_notice_that_cannot_be_printed_keeps_no_other_waiting(
        self, place: Office, notice: Notice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = notice
        _place, second = numbered(RuleCode.S2, place)
        printing = service.notice_pdf

        def refuses_the_first(content: Content) -> bytes:
            if content.number == first.label:
                raise MissingGlyph("\U000f1234")
            return printing(content)

        monkeypatch.setattr(service, "BATCH", 1)
        with monkeypatch.context() as broken:
            broken.setattr(service, "notice_pdf", refuses_the_first)
            issued_by_sweep = [render_notices(now=DISPLAY_OVER) for _sweep in range(3)]

        first.refresh_from_db()
        second.refresh_from_db()
        assert issued_by_sweep == [0, 1, 0]
        assert (first.state, first.refused_for, first.refused_at) == ("issuing", "missing_glyph", DISPLAY_OVER)
        assert second.state == NoticeState.ISSUED
        assert render_notices(now=DISPLAY_OVER) == 1


class TestADecisionThatHasNoNumberYet(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return ready(RuleCode.S2)

    def test_whoever_decided_does_not_issue(self, place: Office, row: Proposal) -> None:
        with pytest.raises(FourEyes):
            issue_notice(proposal=row, person=place.manager, now=DISPLAY_OVER)

    def test_a_numbering_that_broke_off_used_no_number(
        self, place: Office, row: Proposal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def killed(**_kwargs: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            broken.setattr(issuing, "record", killed)
            with pytest.raises(KeyboardInterrupt):
                issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        assert not NumberCounter.objects.exists()

        assert issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER).number == 1

    def test_a_name_no_font_can_draw_refuses_before_a_number_is_used(self, place: Office, row: Proposal) -> None:
        place.lawyer.name = "王\U000f1234"
        place.lawyer.save()

        with pytest.raises(MissingGlyph):
            issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)

        assert not NumberCounter.objects.exists()
        assert Proposal.objects.get(pk=row.pk).state == ProposalState.ACCEPTED

    def test_of_two_who_issue_while_the_trial_is_printed_one_is_told_of_the_others_number(
        self, place: Office, row: Proposal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given: list[Notice] = []
        while_it_is_printed(
            monkeypatch,
            lambda: given.append(issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)),
        )

        with pytest.raises(IssuedAlready) as refused:
            issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)

        assert [refused.value.notice] == given
        assert NumberCounter.objects.get().last == 1

    def test_what_changes_while_the_trial_is_printed_is_looked_at_again_before_a_number_is_used(
        self, place: Office, row: Proposal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        offices = CentreSettings.objects.filter(centre=place.centre)
        while_it_is_printed(monkeypatch, lambda: offices.update(office_phone="0739-5550199"))

        with pytest.raises(StepNotDue):
            issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)

        assert not NumberCounter.objects.exists()

    def test_fonts_that_are_not_ready_refuse_before_a_number_is_used(
        self, place: Office, row: Proposal, settings, tmp_path: Path
    ) -> None:
        settings.DATA_DIR = tmp_path

        with pytest.raises(FontsNotReady):
            issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)

        assert not NumberCounter.objects.exists()


def test_coaching_is_no_notice() -> None:
    place, row = accepted(RuleCode.S1)

    with pytest.raises(StepNotDue):
        issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)


class TestARectificationThatIsIssued(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Notice]:
        return issued(RuleCode.S2)

    def test_printing_again_gives_the_same_bytes(self, notice: Notice) -> None:
        again = service.notice_pdf(service.content_of(notice))

        assert again == printed(notice)

    def test_a_rectification_says_on_what_ground_it_was_decided_and_why(self, notice: Notice) -> None:
        text = "".join(text_of(printed(notice)).split())

        assert "依据：《中华人民共和国法律援助法》第五十七条、第五十九条。" in text
        assert "理由和对陈述、申辩意见的采纳情况：事实清楚。" in text

    def test_a_rectification_sends_the_lawyer_to_a_page_that_bears_this_name(self, notice: Notice) -> None:
        with translation.override("zh-hans"):
            page = gettext("My results")

        assert f"“{page}”页面" in re.sub("—[0-9]—", "", text_of(printed(notice)).replace("\n", ""))

    def test_a_rectification_says_what_was_found_where_and_that_the_lawyer_was_heard(self, notice: Notice) -> None:
        text = text_of(printed(notice))

        for expected in ("见第12页", "听取了承办人员的陈述和申辩", "送达回证", "10个工作日内", "0739-5550100"):
            assert expected in text

    def test_a_withdrawn_notice_keeps_its_number_and_says_why(self, place: Office, notice: Notice) -> None:
        with pytest.raises(InvalidInput):
            withdraw_notice(notice=notice, person=place.supervisor, reason=" ", now=DISPLAY_OVER)
        withdraw_notice(notice=notice, person=place.supervisor, reason="案号有误", now=DISPLAY_OVER)

        notice.refresh_from_db()
        assert (notice.state, notice.number, notice.withdrawal_reason) == (NoticeState.WITHDRAWN, 1, "案号有误")
        assert numbered(RuleCode.S2, place)[1].number == 2
        with pytest.raises(StepNotDue):
            withdraw_notice(notice=notice, person=place.supervisor, reason="再次", now=DISPLAY_OVER)

    def test_reading_is_acknowledged_once_by_the_lawyer_alone(self, place: Office, notice: Notice) -> None:
        with pytest.raises(NotPermitted):
            acknowledge_notice(notice=notice, person=place.manager, now=DISPLAY_OVER)
        acknowledge_notice(notice=notice, person=place.handler, now=DISPLAY_OVER)
        with pytest.raises(StepNotDue):
            acknowledge_notice(notice=notice, person=place.handler, now=DISPLAY_OVER)

    def test_a_lawyer_appeals_once_within_ten_working_days(self, place: Office, notice: Notice) -> None:
        with pytest.raises(AppealTooLate):  # issued on 15 December, so the last day is the 29th
            lodge_appeal(
                notice=notice, person=place.handler, text="不服", now=datetime(2026, 12, 29, 16, 0, tzinfo=UTC)
            )
        appeal = lodge_appeal(
            notice=notice, person=place.handler, text=" 不服 \n", now=datetime(2026, 12, 29, 15, 0, tzinfo=UTC)
        )
        with pytest.raises(Conflict):
            lodge_appeal(notice=notice, person=place.handler, text="再次", now=DISPLAY_OVER)

        assert (appeal.state, appeal.text) == (AppealState.LODGED, "不服")
        assert Notification.objects.filter(user=place.supervisor).filter(url__contains=str(notice.public_id)).exists()

    @pytest.mark.parametrize(
        ("read_on", "last_day"),
        [
            (None, date(2026, 12, 29)),  # issued on 15 December: electronic delivery
            (datetime(2026, 12, 15, 3, 0, tzinfo=UTC), date(2026, 12, 29)),
            (datetime(2026, 12, 18, 3, 0, tzinfo=UTC), date(2027, 1, 1)),
            (datetime(2026, 12, 29, 15, 0, tzinfo=UTC), date(2027, 1, 12)),
            (datetime(2026, 12, 29, 16, 0, tzinfo=UTC), date(2026, 12, 29)),  # the time had passed
        ],
    )
    def test_the_time_to_appeal_counts_from_delivery(
        self, place: Office, notice: Notice, read_on: datetime | None, last_day: date
    ) -> None:
        if read_on:
            acknowledge_notice(notice=notice, person=place.handler, now=read_on)
        end = datetime.combine(last_day, time(15, 59), UTC)  # 23:59 in Shanghai

        with pytest.raises(AppealTooLate):
            lodge_appeal(notice=notice, person=place.handler, text="不服", now=end + timedelta(minutes=1))

        assert lodge_appeal(notice=notice, person=place.handler, text="不服", now=end).state == AppealState.LODGED

    def test_nobody_appeals_against_praise_or_for_another(self, place: Office, notice: Notice) -> None:
        _place, praise = issued(RuleCode.R1, place)

        with pytest.raises(NotPermitted):
            lodge_appeal(notice=praise, person=place.handler, text="不服", now=DISPLAY_OVER)
        with pytest.raises(NotPermitted):
            lodge_appeal(notice=notice, person=place.manager, text="不服", now=DISPLAY_OVER)

    def test_an_appeal_is_answered_by_people_who_took_no_part(self, place: Office, notice: Notice) -> None:
        appeal = lodge_appeal(notice=notice, person=place.handler, text="不服", now=DISPLAY_OVER)
        for took_part in (place.manager, place.supervisor):
            with pytest.raises(NotIndependent):
                decide_appeal(appeal=appeal, person=took_part, upheld=False, answer="驳回", now=DISPLAY_OVER)
        other = factories.user(Role.MANAGER, at=place.centre)

        decide_appeal(appeal=appeal, person=other, upheld=True, answer="事实有误", now=DISPLAY_OVER)

        appeal.refresh_from_db()
        assert (appeal.state, appeal.decided_by) == (AppealState.UPHELD, other)
        assert Notice.objects.get(pk=notice.pk).state == NoticeState.WITHDRAWN
        told = Notification.objects.filter(user=place.handler, text__in=[APPEAL_ANSWERED, NOTICE_WITHDRAWN])
        assert list(told.order_by("pk").values_list("text", flat=True)) == [APPEAL_ANSWERED, NOTICE_WITHDRAWN]
        with pytest.raises(StepNotDue):
            decide_appeal(appeal=appeal, person=other, upheld=False, answer="再次", now=DISPLAY_OVER)

    def test_an_appeal_is_answered_once_though_the_notice_stays_in_force(self, place: Office, notice: Notice) -> None:
        appeal = lodge_appeal(notice=notice, person=place.handler, text="不服", now=DISPLAY_OVER)
        one, two = (factories.user(Role.MANAGER, at=place.centre) for _each in range(2))
        decide_appeal(appeal=appeal, person=one, upheld=False, answer="驳回", now=DISPLAY_OVER)

        with pytest.raises(StepNotDue):
            decide_appeal(appeal=appeal, person=two, upheld=True, answer="成立", now=DISPLAY_OVER)

        appeal.refresh_from_db()
        assert (appeal.state, appeal.decided_by, appeal.answer) == (AppealState.DISMISSED, one, "驳回")

    def test_the_report_still_counts_an_appeal_that_was_settled_by_withdrawal(
        self, place: Office, notice: Notice
    ) -> None:
        appeal = lodge_appeal(notice=notice, person=place.handler, text="不服", now=DISPLAY_OVER)
        Appeal.objects.filter(pk=appeal.pk).update(
            state=AppealState.SETTLED, answer="案号有误", decided_by=place.supervisor, decided_at=DISPLAY_OVER
        )

        counted = rewards_and_sanctions(centre=place.centre, period=Period.year(2026), label="", now=DISPLAY_OVER)

        assert not open_appeals(place.supervisor).exists()
        assert counted.appeals == AppealCounts(received=1, upheld=0, dismissed=0, waiting=0, settled=1)

    def test_a_sanction_leaves_the_lawyers_view_after_two_years_and_praise_stays(
        self, place: Office, notice: Notice
    ) -> None:
        _place, praise = issued(RuleCode.R1, place)
        later = DISPLAY_OVER + timedelta(days=731)

        with time_machine.travel(later, tick=False):
            own = set(Notice.objects.visible_to(place.handler))
            managers = set(Notice.objects.visible_to(place.manager))

        assert (own, managers) == ({praise}, {praise, notice})


def test_a_paper_that_is_not_in_the_file_is_cited_by_no_page() -> None:
    _place, notice = numbered(RuleCode.S2, absent="A2")

    pages = {finding["item"][:2]: finding["pages"] for finding in notice.content["findings"]}
    assert (pages["A2"], pages["B1"]) == ("无", "12")


def test_what_two_readers_remarked_reads_as_one_sentence() -> None:
    _place, notice = numbered(RuleCode.S2, remark="会见笔录只有一页。", then="未记载诉求。")

    assert {finding["fact"] for finding in notice.content["findings"]} == {"会见笔录只有一页；未记载诉求。"}


def test_in_a_locked_remark_a_sign_no_font_draws_is_a_missing_sort_and_the_notice_goes_out() -> None:
    rare = "\U00020021"  # an ideograph: perhaps a site's own face holds it, so it may be typed
    _place, notice = issued(RuleCode.S2, remark=f"见证人{rare}签名不全")

    assert notice.state == NoticeState.ISSUED
    assert {finding["fact"] for finding in notice.content["findings"]} == {"见证人〓签名不全"}
    assert "〓" in text_of(printed(notice))


@pytest.mark.parametrize(
    ("words", "printed_as"),
    [
        ("欧阳秀兰说没有见过律师", "受援人说没有见过律师"),
        ("欧阳 秀兰说没有见过律师", "受援人说没有见过律师"),
        ("欧阳女士说没有见过律师", "某女士说没有见过律师"),
    ],
)
def test_in_a_locked_remark_the_client_stands_unnamed_and_the_notice_goes_out(words: str, printed_as: str) -> None:
    place = office()
    client = factories.client(place.centre)
    row = ready(RuleCode.S2, place, client=client, remark=words)[1]
    client.name = CLIENT  # corrected after the file was read
    client.save()

    row.refresh_from_db()
    shown = {finding.fact for finding in findings_on_paper(row.the_case)}
    notice = issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)

    assert {finding["fact"] for finding in notice.content["findings"]} == shown == {printed_as}


def test_a_lawyer_who_bears_the_clients_name_by_chance_can_be_served() -> None:
    place = office()
    client = factories.client(place.centre, name=place.lawyer.name)

    assert numbered(RuleCode.S2, place, client=client)[1].number == 1


# --- what is printed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [RuleCode.R1, RuleCode.S2])
def test_the_paper_names_number_lawyer_firm_and_case_and_no_client(code: RuleCode) -> None:
    place = office()
    case = {"client": factories.client(place.centre, name=CLIENT), "cause": "家庭暴力离婚纠纷"}
    _place, notice = issued(code, place, **case)

    text = text_of(printed(notice))

    for named in (notice.label, place.lawyer.name, place.firm.name, notice.case.number, notice.verify_code):
        assert named in text
    for unnamed in (CLIENT, "家庭暴力", notice.case.client.phone):
        assert unnamed not in text
    assert place.lawyer.licence_number not in text


def test_a_commendation_tells_how_the_quarter_was_assessed_who_signed_and_who_gets_a_copy() -> None:
    place = office()
    client = factories.client(place.centre, name=CLIENT)
    read(place.case(client=client), {"C2": Anchor.PARTLY, "A2": Anchor.PARTLY}, times=1)
    _place, notice = issued(RuleCode.R1, place)

    text = text_of(printed(notice)).replace("\n", "")

    bureau = Organisation.objects.get_parent(place.centre)
    for expected in (
        "一、评查基本情况",
        "本期办结法律援助案件2件，由3名评查人员评查",
        "已评定2件：优秀1件，良好1件，合格0件，不合格0件。",
        f"经签发人{place.supervisor.display_name}批准",
        f"抄送：{bureau.name}。",
        "2026年12月15日印发",
    ):
        assert expected in text
    assert CLIENT not in text


@pytest.mark.documents_tools
def test_the_code_on_the_paper_opens_the_public_page(tmp_path: Path, client, settings) -> None:
    settings.PUBLIC_BASE_URL = "https://qa.example.gov.cn"
    _place, notice = issued(RuleCode.R1)
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(printed(notice))

    subprocess.run(["pdftoppm", "-r", "200", "-png", str(paper), str(tmp_path / "page")], check=True)
    pages = sorted(map(str, tmp_path.glob("page*.png")))
    # zbarimg fails when one of the pages bears no code.
    found = subprocess.run(["zbarimg", "-q", "--raw", *pages], check=False, capture_output=True, text=True)
    read = found.stdout.strip()

    assert read == f"https://qa.example.gov.cn/v/{notice.verify_code}"
    assert notice.label in client.get(read.removeprefix("https://qa.example.gov.cn")).content.decode()


# --- many at once ----------------------------------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_people_issuing_at_once_leave_no_gap_and_repeat_no_number(fonts: FontFolders) -> None:
    place = office()
    rows = [ready(RuleCode.S2, place)[1] for _ in range(8)]
    failures: list[BaseException] = []

    def issue(row: Proposal) -> None:
        try:
            issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        except StepNotDue:
            pass  # the other thread was first
        except BaseException as error:  # noqa: BLE001 - shown below
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=issue, args=[row]) for row in rows for _twice in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    given = Notice.objects.filter(kind=NoticeKind.RECTIFICATION).order_by("number")
    numbers = list(given.values_list("number", flat=True))
    assert numbers == list(range(1, 9))
