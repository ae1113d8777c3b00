"""What clients answered, with its words, for every face."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa_service.accounts.models import User
from surveys.branching import RATING, SheetChoice, SheetQuestion
from surveys.documents.figures.content import (
    About,
    AnswerLine,
    AnswerPart,
    AnswersContent,
    QuestionLines,
    VersionLine,
)
from surveys.enums import Mode, QuestionKind
from surveys.figures.funnel import Way
from surveys.figures.tallies import NO_OPINION, TONES, Distribution, Part, QuestionTally, Tone
from surveys.models.questionnaires import in_language
from surveys.queries.figures.answers import AnswerStatistics, answer_statistics
from surveys.queries.figures.scope import Choice
from surveys.queries.figures.told import rate_lines
from surveys.queries.figures.words import WAYS, share_words


def answers_content(*, user: User, choice: Choice, about: About, key: str = "", now: datetime) -> AnswersContent:
    """In the active language."""
    found = answer_statistics(user=user, choice=choice, key=key, now=now)
    questions = tuple(_question(each) for each in found.questions)
    return AnswersContent(
        about=about,
        key=found.questionnaire.key if found.questionnaire else "",
        title=found.questionnaire.title if found.questionnaire else "",
        versions=tuple(
            VersionLine(each.version, localdate(each.published_at) if each.published_at else None)
            for each in found.versions
        ),
        others=tuple((each.key, each.title) for each in found.others),
        responses=found.responses,
        finding=_finding(found, questions),
        rates=rate_lines(found.reach),
        questions=questions,
        money=found.money,
    )


def _finding(found: AnswerStatistics, questions: Iterable[QuestionLines]) -> str:
    """The rating in a line, or why there is none."""
    if not found.responses:
        return _("Nobody in this selection has answered yet.")
    rated = [each for each in questions if each.code == RATING]
    share = rated[-1].whole.favourable if rated else None
    if share is None:
        return _("%(count)d responses, too few ratings to draw anything from.") % {"count": found.responses}
    latest = rated[-1].whole
    counted = {"n": latest.n, "what": rated[-1].favourable, "share": share_words(share)}
    told = _("Of %(n)d who rated, %(what)s: %(share)s.") % counted
    if rated[-1].differs:
        told = _("%(told)s The ways of asking differ.") % {"told": told}
    return told


def _question(tally: QuestionTally) -> QuestionLines:
    question = tally.question
    return QuestionLines(
        code=question.code,
        text=in_language(chinese=question.text_zh, english=question.text_en, further=question.text_further),
        versions=tally.versions,
        asked_in=_asked_in(tally.versions),
        begins_anew=tally.begins_anew,
        differs=_differs(tally),
        favourable=_favourable(question) if tally.polar else "",
        choices=tuple(_text(each) for each in question.choices if each.value not in NO_OPINION),
        whole=_line(question, tally.whole),
        by_way=tuple(_line(question, each) for each in tally.by_mode),
    )


def _asked_in(versions: tuple[int, ...]) -> str:
    numbers = _(", ").join(map(str, versions))
    return ngettext("version %(numbers)s", "versions %(numbers)s", len(versions)) % {"numbers": numbers}


def _differs(tally: QuestionTally) -> str:
    """A flag where answers of different ways may not be read as one."""
    return _("The ways of asking differ by more than chance: compare them line by line.") if tally.modes_differ else ""


def _favourable(question: SheetQuestion) -> str:
    if question.kind == QuestionKind.SCALE:
        return _("satisfied (5, 4 or 3)")
    good = next(each for each in question.choices if TONES.get(each.value) in (Tone.GOOD, Tone.BEST))
    return _("answered “%(answer)s”") % {"answer": _text(good)}


def _line(question: SheetQuestion, found: Distribution) -> AnswerLine:
    labels = {each.value: _text(each) for each in question.choices}
    return AnswerLine(
        code=found.mode.value if found.mode else "all",
        label=str(Mode(found.mode).label) if found.mode else str(WAYS[Way.ALL]),
        n=found.n,
        none=found.none,
        silent=found.silent,
        parts=tuple(_part(each, labels[each.value]) for each in found.parts),
        favourable=found.favourable,
    )


def _part(part: Part, label: str) -> AnswerPart:
    assert part.share.percent is not None  # noqa: S101 - parts are made of opinions
    side = "" if part.tone is Tone.PLAIN else part.tone.value
    return AnswerPart(part.value, label, part.share.part, part.share.percent, side)


def _text(choice: SheetChoice) -> str:
    return in_language(chinese=choice.text_zh, english=choice.text_en, further=choice.text_further)
