"""The sheet an interviewer keys in: every question at once, since nobody knows yet which the answers will open."""

import unicodedata
from dataclasses import dataclass

from django.db.models import Q

from qa_service.accounts.models import User
from qa_service.common.tokens import SHORT_CODE_LENGTH, digest
from surveys.branching import MONEY, SheetChoice
from surveys.enums import Audience, Mode, QuestionKind
from surveys.models import Conversation
from surveys.models.questionnaires import in_language
from surveys.queries.forms import FormAnswer, answers_of, response_of
from surveys.queries.sheets import sheet_asked


def conversation_named(*, user: User, given: str) -> Conversation | None:
    """By the number of its case, or by the code on a sheet of paper or in a text; within the user's scope."""
    plain = unicodedata.normalize("NFKC", given).strip()
    code = "".join(sign for sign in plain.upper() if sign.isalnum())
    wanted = Q(case__number__in={plain, given.strip()})
    if len(code) == SHORT_CODE_LENGTH:
        wanted |= Q(code_digest=digest(code))
    found = Conversation.objects.visible_to(user).filter(wanted, audience=Audience.CLIENT)
    return found.order_by("-invited_at", "-pk").first()


@dataclass(frozen=True, slots=True)
class AskedChoice:
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question in the reader's language. `conditional`: only some answers open it. `kept`: said before."""

    code: str
    kind: QuestionKind
    text: str
    hint: str
    choices: tuple[AskedChoice, ...]
    conditional: bool
    kept: FormAnswer


def interview_questions(conversation: Conversation, *, mode: Mode = Mode.TELEPHONE) -> tuple[AskedQuestion, ...]:
    """All questions of the mode, in order, with what the client has already said by another way."""
    kept = answers_of(response_of(conversation))
    nothing = FormAnswer(value="", text="")
    return tuple(
        AskedQuestion(
            code=item.code,
            kind=QuestionKind(item.kind),
            text=in_language(chinese=item.text_zh, english=item.text_en),
            hint=in_language(chinese=item.hint_zh, english=item.hint_en),
            choices=tuple(_choice(choice) for choice in item.choices),
            conditional=bool(item.shown_when),
            # Whether money was asked for is sealed from who telephones, and asked again.
            kept=nothing if item.code == MONEY else kept.get(item.code, nothing),
        )
        for item in sheet_asked(conversation).questions
        if not item.modes or mode in item.modes
    )


def _choice(choice: SheetChoice) -> AskedChoice:
    return AskedChoice(value=choice.value, text=in_language(chinese=choice.text_zh, english=choice.text_en))
