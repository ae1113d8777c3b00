"""After a rectification the lawyer is invited to talk, and the next three files are read."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from qa_service.cases.enums import FlagKind
from qa_service.cases.models import Case, RiskFlag
from qa_service.common.periods import Period
from qa_service.files.services import open_file
from reviews.enums import Rule
from reviews.queries.sampling import planned_sample
from scoring.enums import RuleCode
from scoring.services.next_files import flag_next_files
from scoring.services.withdrawal import withdraw_notice
from tests import factories
from tests.qa_service.documents.reading import text_of
from tests.reviews.factories import checklists
from tests.scoring.deciding import DISPLAY_OVER, Office, issued, office_below

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]
LATER = DISPLAY_OVER + timedelta(days=30)


def closed(place: Office, *days: int) -> list[Case]:
    return [place.case(closed_on=date(2026, 12, day)) for day in days]


def flagged() -> set[int]:
    rows = RiskFlag.objects.filter(kind=FlagKind.RECTIFICATION, cleared_at=None)
    return set(rows.values_list("case_id", flat=True))


def test_the_paper_asks_for_a_talk_and_announces_the_files() -> None:
    _place, notice = issued(RuleCode.S2)
    assert notice.file is not None
    with open_file(notice.file) as file:
        text = text_of(bytes(file.read()))

    assert "接受约谈，当面说明情况，于2026年12月29日前（含当日）完成" in text
    assert "办结的3件法律援助案件，全部纳入案件质量评查" in text


def test_the_next_three_files_are_drawn_and_no_fourth() -> None:
    place, _notice = issued(RuleCode.S2)
    before, *rest = closed(place, 15, 20, 18, 22, 25)
    others = factories.case(place.centre, closed_on=date(2026, 12, 19))

    assert [flag_next_files(now=LATER), flag_next_files(now=LATER)] == [3, 0]

    assert flagged() == {case.pk for case in rest[:3]}
    checklists()
    plan = planned_sample(
        centre=place.centre, period=Period.month(2026, 12), seed="s", rate=Decimal(0), rules=[Rule.RISK], now=LATER
    )
    assert {draw.case_id for draw in plan.draws} == flagged()
    assert not {before.pk, others.pk} & flagged()


def test_files_are_flagged_as_they_close() -> None:
    place, _notice = issued(RuleCode.S2)
    closed(place, 18)
    assert flag_next_files(now=LATER) == 1
    closed(place, 20, 21, 22)

    assert [flag_next_files(now=LATER), flag_next_files(now=LATER)] == [2, 0]


def test_praise_puts_no_file_before_the_sample() -> None:
    place, _notice = issued(RuleCode.R1)
    closed(place, 18)

    assert flag_next_files(now=LATER) == 0


def test_a_file_flagged_for_two_notices_is_let_go_with_the_second() -> None:
    place, first = issued(RuleCode.S2)
    _place, second = issued(RuleCode.S2, place)
    (case,) = closed(place, 18)
    flag_next_files(now=LATER)

    after = []
    for notice in (first, second):
        withdraw_notice(notice=notice, person=place.supervisor, reason="案号有误", now=LATER)
        after.append(flagged())

    assert after == [{case.pk}, set()]


def test_a_notice_taken_back_leaves_the_files_of_another_lawyer() -> None:
    place, _first = issued(RuleCode.S2)
    there, second = issued(RuleCode.S2, office_below(factories.organisation("bureau")))
    (kept,), _let_go = closed(place, 18), closed(there, 18)
    flag_next_files(now=LATER)

    withdraw_notice(notice=second, person=there.supervisor, reason="案号有误", now=LATER)

    assert flagged() == {kept.pk}


def test_a_notice_taken_back_lets_the_files_go() -> None:
    place, notice = issued(RuleCode.S2)
    closed(place, 18)
    flag_next_files(now=LATER)

    withdraw_notice(notice=notice, person=place.supervisor, reason="案号有误", now=LATER)
    closed(place, 20)

    assert flag_next_files(now=LATER) == 0
    assert flagged() == set()
