"""Contents to print, all invented."""
# ruff: noqa: E501 - facts of a kind read better in one line

from datetime import date
from decimal import Decimal
from typing import Any

from qa_service.common.shares import share_of
from scoring.documents.content import (
    AppealCounts,
    Assessment,
    CaseTotals,
    ClientVoice,
    CommendationContent,
    CommendedCase,
    Display,
    Finding,
    GradeCounts,
    IssuedNotice,
    Measure,
    RectificationContent,
    Remedy,
    ReportContent,
    RuleCount,
    StandingRow,
    Verification,
)  # fmt: skip

NAMES = ("李玥", "陈赟", "孙喆", "何婳", "郑珺", "冯禛", "邸溆", "佘睢", "赵昇", "吴㛃", "黄𬭎", "周䶮")
FIRMS = ("某某律师事务所", "临江县某某基层法律服务所", "临江县法律援助中心")
VERIFICATION = Verification(
    url="https://verify.example.gov.cn/v/EWYLX4A9H6",
    code="EWYLX-4A9H6",
    host="verify.example.gov.cn/v",
    digest="491378574479d1d9",
)
VOICE = ClientVoice(
    272, 250, 128, 125, 118, Decimal("0.889"), Decimal("0.973"),
    reached=share_of(200, 272), response=share_of(128, 272), refusal=share_of(10, 200),
)  # fmt: skip
ASSESSMENT = Assessment(
    frame=272, sample=60, method="随机抽样", reviewers=8, double_reviews=12, third_reviews=2,
    grades=(GradeCounts("民事", 9, 20, 9, 1), GradeCounts("刑事", 3, 9, 4, 0), GradeCounts("行政", 0, 2, 1, 0)),
)  # fmt: skip


def cases(count: int = len(NAMES)) -> tuple[CommendedCase, ...]:
    return tuple(
        CommendedCase(f"临援〔2026〕{100 + at}号", ("民事", "刑事", "行政")[at % 3], NAMES[at % len(NAMES)], FIRMS[at % 3],
                      Decimal("96.5") - at % 6)
        for at in range(count)
    )  # fmt: skip


def commendation(**changes) -> CommendationContent:
    values: dict[str, Any] = {
        "organisation": "临江县司法局", "number": "临司发〔2026〕17号", "issued_on": date(2026, 10, 19),
        "addressees": "各律师事务所、基层法律服务所，各法律援助工作站", "period_label": "2026年第三季度",
        "first_day": date(2026, 7, 1), "last_day": date(2026, 9, 30), "cases": cases(),
        "display": Display(date(2026, 10, 12), date(2026, 10, 16), 5), "assessment": ASSESSMENT,
        "approved_by": "局长办公会议", "verification": VERIFICATION,
        "copies_to": "县人民法院、县人民检察院，县律师工作委员会，市法律援助中心", "printing_office": "临江县司法局办公室",
        "printed_on": date(2026, 10, 20),
    }  # fmt: skip
    return CommendationContent(**(values | changes))


def rectification(**changes) -> RectificationContent:
    values: dict[str, Any] = {
        "organisation": "临江县法律援助中心", "number": "临援改〔2026〕8号", "issued_on": date(2026, 10, 26), "firm": "某某律师事务所",
        "lawyer": "林𬭎", "case_number": "临援〔2026〕0173", "case_class": "民事", "review": "2026年第三季度案件质量评查",
        "score": Decimal("58.0"), "grade": "不合格",
        "findings": (
            Finding("2.3 会见受援人", "卷内无会见笔录；指派通知书载明5月6日送达，至6月2日开庭前无会见记载", "12—15", Decimal(15)),
            Finding("3.1 调查取证", "未调取工资支付记录，也未申请法院调取", "20—31", Decimal(12)),
            Finding("5.2 结案归档", "结案后第47日提交案卷，超过规定期限17日", "", Decimal("7.5")),
        ),
        "measures": (
            Measure("补正案卷材料", date(2026, 11, 10)),
            Measure("提交书面整改报告，写明原因、已采取的措施和防止再次发生的办法", date(2026, 11, 16)),
        ),
        "remedy": Remedy(10, "本中心"), "report_by": date(2026, 11, 16), "heard_on": date(2026, 10, 20),
        "hearing_summary": "承办人员对上述事实没有异议，说明未及时会见系因同期开庭较多。该理由不影响评定结果。",
        "contact": "0000-1234567，临江县法律援助中心质量监督岗", "verification": VERIFICATION,
    }  # fmt: skip
    return RectificationContent(**(values | changes))


def report(**changes) -> ReportContent:
    values: dict[str, Any] = {
        "organisation": "临江县法律援助中心", "period_label": "2026年第三季度", "first_day": date(2026, 7, 1),
        "last_day": date(2026, 9, 30), "as_of": date(2026, 10, 26),
        "totals": CaseTotals(272, (("民事", 180), ("刑事", 72), ("行政", 8), ("非诉讼", 12)), 315, Decimal("4186420.50")),
        "assessment": ASSESSMENT, "voice": VOICE,
        "standings": tuple(
            StandingRow(name, FIRMS[at % 3], 3 + at, Decimal("85.25") + at, Decimal("84.5") + at, Decimal(80) + at,
                        Decimal(90) + at, None if at < 2 else (12 - at, 13 - at))
            for at, name in enumerate(NAMES)
        ),
        "rules": (
            RuleCount("R1", "优秀案件通报表扬", 12, 11, 0, 1), RuleCount("S1", "业务提示", 6, 4, 1, 1), RuleCount("S2", "整改通知", 1, 1, 0, 0),
        ),
        "commendations": tuple(
            IssuedNotice(f"临援通〔2026〕{at + 1}号", case.case_number, case.case_class, case.lawyer, case.firm, date(2026, 10, 19), "有效")
            for at, case in enumerate(cases(11))
        ),
        "rectifications": (
            IssuedNotice("临援改〔2026〕8号", "临援〔2026〕0173", "民事", "林𬭎", "某某律师事务所", date(2026, 10, 26), "整改中"),
        ),
        "appeals": AppealCounts(2, 1, 0, 1), "notes": ("评查标准采用《法律援助案件质量评查标准》第2版。",),
    }  # fmt: skip
    return ReportContent(**(values | changes))
