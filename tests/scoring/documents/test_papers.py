from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from qa_service.common.rounding import plain
from scoring.documents import certificate_pdf, commendation_pdf, rectification_pdf, report_pdf
from scoring.documents.content import ClientVoice, CommendedCase, Display, StandingRow
from scoring.documents.wording import numeral, points
from tests.qa_service.documents import samples
from tests.qa_service.documents.reading import pages_of, placed, text_of


@pytest.mark.parametrize(
    ("score", "printed"), [("96.5", "96.5"), ("90", "90.0"), ("79.995", "80.0"), ("88.125", "88.13"), ("59.90", "59.9")]
)
def test_a_score_is_printed_half_up(score, printed):
    assert points(Decimal(score)) == printed


def test_points_lost_are_as_short_as_they_can_be():
    assert [plain(Decimal(lost)) for lost in ("15", "7.5", "0.25", "10.00")] == ["15", "7.5", "0.25", "10"]


def test_headings_count_in_chinese():
    assert [numeral(number) for number in (1, 9, 10, 11, 20, 35)] == ["一", "九", "十", "十一", "二十", "三十五"]


def test_a_commendation_names_number_cases_lawyers_and_dates(fonts):
    text = text_of(commendation_pdf(samples.commendation(), folders=fonts))

    for expected in (
        "临司发〔2026〕17号",
        "2026年10月19日",
        "公示5个工作日",
        "期满无异议成立",
        *samples.NAMES,
        "临援〔2026〕111号",
    ):
        assert expected in text
    assert "表彰" not in text


def test_counts_of_grades_sum_to_what_is_said(fonts):
    text = text_of(commendation_pdf(samples.commendation(), folders=fonts))

    assert "已评定58件：优秀12件，良好31件，合格14件，不合格1件。" in text


def test_a_short_list_stands_in_the_text_and_a_long_one_in_an_annex(fonts):
    short = text_of(commendation_pdf(samples.commendation(cases=samples.cases(2)), folders=fonts))
    long = text_of(commendation_pdf(samples.commendation(), folders=fonts))

    assert ("名单见下表" in short, "附件：" in short) == (True, False)
    assert ("名单见附件" in long, "附件：" in long) == (True, True)


def test_one_case_is_named_in_the_sentence_and_needs_no_list(fonts):
    (case,) = samples.cases(1)
    text = text_of(commendation_pdf(samples.commendation(cases=(case,)), folders=fonts))

    assert "经评查，临援〔2026〕100号案件（民事）评定为优秀，评定分96.5分，自2026年10月12日" in text
    assert "决定对该案及其承办人员李玥（某某律师事务所）予以通报表扬。" in text
    assert "序号" not in text


def test_what_each_class_of_cases_came_to_is_told_without_the_grades_nobody_got(fonts):
    text = text_of(commendation_pdf(samples.commendation(), folders=fonts))

    assert "其中民事39件（优秀9件、良好20件、合格9件、不合格1件）；刑事16件（优秀3件、良好9件、合格4件）；" in text


def test_one_case_is_commended_on_two_pages(fonts):
    assessment = replace(samples.ASSESSMENT, method="按规则必抽与分层随机抽取相结合")
    case = CommendedCase("临法援〔2025〕刑字第0110号", "刑事", "许伟根", "临江知行律师事务所", Decimal(100))
    notice = samples.commendation(
        cases=(case,), organisation="临江县法律援助中心", approved_by="签发人邵雨桐", copies_to="临江县司法局",
        assessment=assessment,
    )  # fmt: skip

    assert len(pages_of(commendation_pdf(notice, folders=fonts))) == 2


def test_scores_below_each_other_have_as_many_places(fonts):
    row = StandingRow(
        "李玥", "", 6, Decimal("84.8"), Decimal(79), Decimal("78.1"), Decimal("98.125"), (1, 3), answers=5
    )

    assert "李玥6584.8079.0078.10—98.131—3" in text_of(report_pdf(samples.report(standings=(row,)), folders=fonts))


def test_objections_during_the_display_are_told(fonts):
    display = Display(date(2026, 10, 12), date(2026, 10, 16), 5, objections_upheld=1)

    assert "1件异议成立并已更正" in text_of(commendation_pdf(samples.commendation(display=display), folders=fonts))


def test_a_rectification_tells_faults_measures_deadlines_and_the_remedy(fonts):
    text = text_of(rectification_pdf(samples.rectification(), folders=fonts))

    for expected in (
        "临援改〔2026〕8号", "林𬭎", "案件编号：临援〔2026〕0173，类别：民事", "得分58.0分，评定为不合格", "12—15",
        "于2026年11月10日前（含当日）完成", "2026年10月20日听取了", "之日起10个工作日内", "15个工作日内书面答复",
        "申诉期间不停止整改", "送达回证",
    ):  # fmt: skip
        assert expected in text


@pytest.mark.parametrize(
    ("heard_on", "lead"), [(date(2026, 10, 20), "理由和对陈述、申辩意见的采纳情况："), (None, "理由：")]
)
def test_a_rectification_answers_the_lawyer_only_where_the_lawyer_spoke(fonts, heard_on, lead):
    grounds = {"legal_basis": "《法律援助法》第五十九条", "reason": "事实清楚。"}

    text = text_of(rectification_pdf(samples.rectification(heard_on=heard_on, **grounds), folders=fonts))

    assert "依据：《法律援助法》第五十九条。" in text
    assert f"{lead}事实清楚。" in text


def test_a_rectification_frozen_before_its_grounds_were_printed_stays_as_it_was(fonts):
    assert "依据和理由" not in text_of(rectification_pdf(samples.rectification(), folders=fonts))


def test_a_rectification_ends_with_the_receipt(fonts):
    *_, last = pages_of(rectification_pdf(samples.rectification(), folders=fonts))

    assert "送达回证" in last.extract_text()


def test_a_report_prints_denominators_and_who_was_not_reached(fonts):
    text = text_of(report_pdf(samples.report(), folders=fonts))

    assert "应回访272人次，已联系250人次，收回有效答复128份，答复率47.1%（95%区间为41.2%至53.0%）" in text
    assert "联系上200人次，联系率73.5%" in text
    assert "拒访或者要求不再联系的10人次，占联系上的5.0%" in text
    assert "144人次不计入满意度，也不作推定" in text
    assert "4,186,420.50元" in text


def test_a_report_gives_no_rate_on_fewer_than_five_answers(fonts):
    text = text_of(report_pdf(samples.report(voice=ClientVoice(30, 20, 4, 0, 0)), folders=fonts))

    assert "答复不足5人，不计算满意率" in text
    assert "100.0%" not in text


def test_a_unit_without_a_rank_has_a_dash(fonts):
    row = StandingRow("李玥", "", 3, Decimal(80), Decimal(82), None, None, None)

    assert "李玥3080.0082.00——" in text_of(report_pdf(samples.report(standings=(row,)), folders=fonts))


def test_a_report_of_an_empty_period_says_so(fonts):
    text = text_of(
        report_pdf(
            samples.report(
                assessment=None,
                voice=ClientVoice(0, 0, 0, 0, 0),
                standings=(),
                rules=(),
                commendations=(),
                rectifications=(),
                notes=(),
            ),
            folders=fonts,
        )
    )

    for expected in ("本期尚无评定结果", "本期尚未开展回访", "没有签发通报表扬", "没有签发整改通知"):
        assert expected in text


def test_what_is_not_known_is_not_said(fonts):
    text = text_of(report_pdf(samples.report(voice=None, standings=None), folders=fonts))

    assert "回访" not in text
    assert "综合评价" not in text
    assert "三、奖励与整改" in text


def test_a_long_firm_and_name_stand_on_two_lines_of_a_certificate(fonts):
    case = replace(samples.cases(1)[0], lawyer="阿卜杜热依木江·买买提", firm="金色阳光第三律师事务所" * 2)
    content = samples.commendation(cases=(case,))
    (page,) = pages_of(certificate_pdf(content, title="关于表扬优秀案件的通报", folders=fonts))

    begun = [round(x) for text, x, *_rest in placed(page) if text.startswith(("金色阳光", "阿卜杜热依木江"))]
    assert begun == [113, 113]  # 40 mm
