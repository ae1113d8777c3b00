"""通报表扬: which cases and lawyers are commended, on what ground, after which display. The wording keeps to
past-tense facts: no client, no ranking, and never 表彰, an honour only the state may confer."""

from qa_service.documents.content import (
    Align,
    Annex,
    Block,
    Certificate,
    Circular,
    Column,
    Heading,
    Imprint,
    Paragraph,
    Signature,
    Table,
)
from scoring.documents.content import CommendationContent, CommendedBody, CommendedCase
from scoring.documents.wording import grades_by_class, grades_sentence, headings, points, sampling_sentence, span

_LISTED_IN_THE_TEXT = 3
_SMALL = 10.5  # 五号: a case's number stays on one line
_REQUIREMENTS = (
    "各承办单位要组织学习上述案件的办理做法，对照评查标准查找本单位案件质量的不足，切实提高法律援助服务质量。",
    "受到表扬的承办人员要珍惜荣誉，继续依法履职尽责，为受援人提供符合标准的法律援助服务。",
)
_REQUIREMENTS_OF_A_PERIOD = (
    "各承办单位要学习借鉴其办理法律援助案件的做法，严格执行法律援助服务标准，切实提高服务质量。",
    "受到表扬的人员和单位要珍惜荣誉，继续依法履职尽责，为受援人提供符合标准的法律援助服务。",
)
_COLUMNS = (
    Column("序号", 1, Align.CENTRE),
    Column("案件编号", 3.1, Align.CENTRE),
    Column("类别", 1.4, Align.CENTRE),
    Column("承办人员", 1.8, Align.CENTRE),
    Column("承办单位", 4.5),
    Column("评定分", 1.3, Align.CENTRE),
)


def circular(content: CommendationContent) -> Circular:
    if content.body is not None:
        return _of_a_period(content, content.body)
    annexed = len(content.cases) > _LISTED_IN_THE_TEXT
    roll = _roll(content.cases)
    number = headings()
    blocks: list[Block] = [Paragraph(_opening(content))]
    if content.assessment:
        blocks += [Heading(f"{next(number)}评查基本情况"), *_assessment(content)]
    if len(content.cases) == 1:
        blocks += [Heading(f"{next(number)}通报表扬决定"), Paragraph(_decision_on_one(content, content.cases[0]))]
    else:
        blocks += [Heading(f"{next(number)}通报表扬名单"), Paragraph(_decision(content, annexed=annexed))]
        blocks += [] if annexed else [roll]
    blocks += [Heading(f"{next(number)}有关要求"), *map(Paragraph, content.requirements or _REQUIREMENTS)]
    annex_title = (f"{content.period_label}法律援助", "优秀案件及承办人员名单")
    return Circular(
        mark=content.mark or f"{content.organisation}文件",
        number=content.number,
        title_lines=content.title_lines or title_lines(content.organisation, content.period_label),
        addressees=content.addressees,
        blocks=tuple(blocks),
        signature=Signature(content.organisation, content.issued_on, content.seal_mm),
        annexes=(Annex(annex_title, (roll,)),) if annexed else (),
        verification=content.verification,
        imprint=_imprint(content),
    )


def _of_a_period(content: CommendationContent, body: CommendedBody) -> Circular:
    """For what a person or a body did over a period: its own figures alone, and no ranking."""
    number = headings()
    blocks: list[Block] = [
        Paragraph(_opening(content)),
        Heading(f"{next(number)}通报表扬决定"),
        Paragraph(_decision_on_body(content, body)),
        Heading(f"{next(number)}有关要求"),
        *map(Paragraph, content.requirements or _REQUIREMENTS_OF_A_PERIOD),
    ]
    return Circular(
        mark=content.mark or f"{content.organisation}文件",
        number=content.number,
        title_lines=content.title_lines or title_lines(content.organisation, content.period_label, body),
        addressees=content.addressees,
        blocks=tuple(blocks),
        signature=Signature(content.organisation, content.issued_on, content.seal_mm),
        verification=content.verification,
        imprint=_imprint(content),
    )


def _decision_on_body(content: CommendationContent, body: CommendedBody) -> str:
    named = f"{body.name}（{body.of}）" if body.of else body.name
    return (
        f"{content.period_label}，{named}承办的法律援助案件有{body.graded}件经案件质量评查评定等次，"
        f"应当归档的{body.due}件案卷中{body.in_time}件按期归档，评查情况符合通报表扬条件。"
        f"{_displayed(content)}决定对{named}予以通报表扬。"
    )


def whom(body: CommendedBody | None) -> str:
    if body is None:
        return "优秀案件及承办人员"
    return "优秀承办人员" if body.of else "表现突出单位"


def certificate_of_body(content: CommendationContent, body: CommendedBody, *, title: str) -> Certificate:
    """As `certificate`, of what was done over a period; of a body it goes to whoever answers for it."""
    text = (
        f"{'你' if body.of else '你单位'}{content.period_label}承办法律援助案件的质量经评查符合通报表扬条件，"
        f"已由{content.organisation}以《{title}》（{content.number}）予以通报表扬。特发此证。"
    )
    return Certificate(
        title="通报表扬证书",
        to=f"{body.of}\n{body.name}" if body.of else body.name,
        text=text,
        signature=Signature(content.organisation, content.issued_on, content.seal_mm),
        verification=content.verification,
    )


def certificate(content: CommendationContent, case: CommendedCase, *, title: str) -> Certificate:
    """通报表扬证书 of one person: it says what the circular said, by its number, and falls with it.

    :param title: of the circular, in one line.
    """
    text = (
        f"你承办的{case.case_number}法律援助案件（{case.case_class}），经案件质量评查评定为优秀，"
        f"已由{content.organisation}以《{title}》（{content.number}）予以通报表扬。特发此证。"
    )
    return Certificate(
        title="通报表扬证书",
        to=f"{case.firm}\n{case.lawyer}",
        text=text,
        signature=Signature(content.organisation, content.issued_on, content.seal_mm),
        verification=content.verification,
    )


def title_lines(organisation: str, period_label: str, body: CommendedBody | None = None) -> tuple[str, ...]:
    """The standard title, broken by sense."""
    return (organisation, f"关于表扬{period_label}法律援助", f"{whom(body)}的通报")


def _opening(content: CommendationContent) -> str:
    return (
        f"根据{content.legal_basis}关于法律援助服务质量监督的规定，"
        f"{content.organisation}对{span(content.first_day, content.last_day)}办结的"
        "法律援助案件开展了质量评查。现将有关情况通报如下。"
    )


def _assessment(content: CommendationContent) -> list[Block]:
    assessment = content.assessment
    if assessment is None:
        return []
    blocks: list[Block] = [Paragraph(sampling_sentence(assessment))]
    if assessment.grades:
        blocks.append(Paragraph(grades_sentence(assessment.grades) + grades_by_class(assessment.grades)))
    return blocks


def _decision_on_one(content: CommendationContent, case: CommendedCase) -> str:
    """One case needs no list: it stands in the sentence."""
    return (
        f"经评查，{case.case_number}案件（{case.case_class}）评定为优秀，评定分{points(case.score)}分，"
        f"{_displayed(content)}决定对该案及其承办人员{case.lawyer}（{case.firm}）予以通报表扬。"
    )


def _displayed(content: CommendationContent) -> str:
    display = content.display
    objections = (
        "期满无异议成立" if not display.objections_upheld else f"期间有{display.objections_upheld}件异议成立并已更正"
    )
    approved = f"经{content.approved_by}批准，" if content.approved_by else ""
    return f"自{span(display.first_day, display.last_day)}公示{display.workdays}个工作日，{objections}。{approved}"


def _decision(content: CommendationContent, *, annexed: bool) -> str:
    listed = "名单见附件" if annexed else "名单见下表"
    return (
        f"经评查，{len(content.cases)}件案件评定为优秀，{_displayed(content)}"
        f"决定对上述{len(content.cases)}件案件及其承办人员{_names(content.cases)}予以通报表扬（{listed}）。"
    )


def _names(cases: tuple[CommendedCase, ...]) -> str:
    names = list(dict.fromkeys(case.lawyer for case in cases))
    shown = "、".join(names[:_LISTED_IN_THE_TEXT])
    return shown if len(names) <= _LISTED_IN_THE_TEXT else f"{shown}等{len(names)}人"


def _roll(cases: tuple[CommendedCase, ...]) -> Table:
    rows = (
        (str(number), case.case_number, case.case_class, case.lawyer, case.firm, points(case.score))
        for number, case in enumerate(cases, start=1)
    )
    return Table(_COLUMNS, tuple(rows), size=_SMALL)


def _imprint(content: CommendationContent) -> Imprint | None:
    if not content.copies_to and not content.printing_office:
        return None
    return Imprint(
        content.copies_to, content.printing_office or content.organisation, content.printed_on or content.issued_on
    )
