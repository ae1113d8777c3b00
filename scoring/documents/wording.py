"""Small turns of phrase shared by the official documents. These papers are Chinese by law and custom, in every language
of the pages, so their words live here and not in the translations."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from qa_service.common.rounding import half_up
from qa_service.common.shares import Share, percent
from qa_service.documents.content import Align, Column, Table
from scoring.documents.content import Assessment, GradeCounts

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMERALS = "零一二三四五六七八九"


def chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def whole_sentence(said: str) -> str:
    """A stored point as a paper says it: closed by one full stop, its days written out."""
    return f"{_ISO_DAY.sub(lambda found: chinese_day(date.fromisoformat(found[0])), said).rstrip('。')}。"


def span(first: date, last: date) -> str:
    """Both days, the year said once where they share it."""
    end = chinese_day(last)
    return f"{chinese_day(first)}至{end if first.year != last.year else end.removeprefix(f'{last.year}年')}"


def numeral(number: int) -> str:
    """1 to 99 in Chinese, as headings count."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _NUMERALS[ones]
    return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")


def headings() -> Iterator[str]:
    """一、 二、 三、 …"""
    for number in range(1, 100):
        yield f"{numeral(number)}、"


def points_in_column(score: Decimal) -> str:
    """A score among others below each other: half-up, always two places."""
    return str(half_up(score))


def points(score: Decimal) -> str:
    """A score for print: half-up to two places, at least one of them shown."""
    return str(half_up(score)).removesuffix("0")


def share(part: int, whole: int) -> str:
    shown = percent(part, whole)
    return "—" if shown is None else f"{shown}%"


def with_interval(found: Share) -> str:
    """73.5%（95%区间为68.0%至78.4%）"""
    if found.low is None:
        return "—"
    return f"{found.percent}%（95%区间为{found.low_percent}%至{found.high_percent}%）"


def sampling_sentence(assessment: Assessment) -> str:
    drawn = f"本期办结法律援助案件{assessment.frame}件，"
    if assessment.sample is None:
        return f"{drawn}采取{assessment.method}的方式抽取部分案件进行评查。"
    if assessment.sample:
        drawn += f"采取{assessment.method}的方式抽取{assessment.sample}件，{_not_given(assessment)}"
    if assessment.read == 0:
        return f"{drawn}尚未评查。"
    if assessment.read is not None and assessment.read < (assessment.sample or 0):
        drawn += f"已评查{assessment.read}件，"
    read = f"由{assessment.reviewers}名评查人员评查，其中{assessment.double_reviews}件由两人分别评查"
    third = f"，{assessment.third_reviews}件因两人分差较大由第三人复评" if assessment.third_reviews else ""
    return f"{drawn}{read}{third}。"


def _not_given(assessment: Assessment) -> str:
    """That not every file drawn has a reader, where so."""
    if assessment.given is None or assessment.sample is None or assessment.given >= assessment.sample:
        return ""
    return f"其中{assessment.given}件已分派，{assessment.sample - assessment.given}件尚未分派，"


def grades_sentence(grades: tuple[GradeCounts, ...]) -> str:
    excellent, good = sum(row.excellent for row in grades), sum(row.good for row in grades)
    passed, failed = sum(row.passed for row in grades), sum(row.failed for row in grades)
    total = sum(row.total for row in grades)
    return f"已评定{total}件：优秀{excellent}件，良好{good}件，合格{passed}件，不合格{failed}件。"


def grades_by_class(grades: tuple[GradeCounts, ...]) -> str:
    """What each class of cases came to, in one sentence; nothing where there is one class only."""
    if len(grades) == 1:
        return ""
    return f"其中{'；'.join(map(_of_class, grades))}。"


def _of_class(row: GradeCounts) -> str:
    counts = (("优秀", row.excellent), ("良好", row.good), ("合格", row.passed), ("不合格", row.failed))
    told = "、".join(f"{name}{count}件" for name, count in counts if count)
    return f"{row.case_class}{row.total}件（{told}）"


def grades_table(grades: tuple[GradeCounts, ...]) -> Table:
    titles = ("案件类别", "优秀", "良好", "合格", "不合格", "合计")
    rows = [(row.case_class, row.excellent, row.good, row.passed, row.failed, row.total) for row in grades]
    if len(rows) > 1:
        rows.append(("合计", *(sum(int(row[at]) for row in rows) for at in range(1, len(titles)))))  # type: ignore[arg-type]
    columns = tuple(Column(title, 2 if at == 0 else 1, Align.CENTRE) for at, title in enumerate(titles))
    return Table(columns, tuple(tuple(str(value) for value in row) for row in rows))
