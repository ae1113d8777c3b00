"""The sheet an interviewer keys in: every question at once, since nobody knows yet which the answers will open."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Q

from qa_service.accounts.models import User
from qa_service.common import phones
from qa_service.common.encryption import blind_index
from qa_service.common.tokens import SHORT_CODE_LENGTH, digest
from surveys.branching import SEALED, SheetChoice, SheetQuestion, telling_of_sealed
from surveys.enums import Audience, Identity, Mode, QuestionKind
from surveys.languages import CHINESE, ENGLISH, NEEDED
from surveys.models import ClosingCard, Conversation
from surveys.models.questionnaires import in_language
from surveys.queries.alerts import WHOLE, Reading, everyday_reading
from surveys.queries.forms import FormAnswer, answers_of, response_of
from surveys.queries.sheets import sheet_asked


def conversation_named(*, user: User, given: str) -> Conversation | None:
    """By the number of its case, the code on a sheet of paper or in a text, or the telephone of whoever rings.

    Within the user's scope; the latest where several fit. A number shows nothing: the person is confirmed first.
    """
    given = given.replace("\x00", "")  # PostgreSQL keeps no such sign
    plain = unicodedata.normalize("NFKC", given).strip()
    code = "".join(sign for sign in plain.upper() if sign.isalnum())
    wanted = Q(case__number__in={plain, given.strip()})
    if len(code) == SHORT_CODE_LENGTH:
        wanted |= Q(code_digest=digest(code))
        card = ClosingCard.objects.filter(code_digest=digest(code)).first()
        wanted |= card.asks if card else Q()
    wanted |= _of_number(plain)
    found = Conversation.objects.visible_to(user).filter(wanted, audience=Audience.CLIENT)
    return found.order_by("-invited_at", "-pk").first()


def _of_number(given: str) -> Q:
    """Whose number it is or their guardian's, or was before it was corrected; nobody where it is no number."""
    try:
        index = blind_index(phones.parse(given))
    except phones.NotATelephoneNumber:
        return Q()
    own = Q(recipient__phone_index=index) | Q(recipient__former_phone_index=index)
    return own | Q(recipient__contact_plan__guardian_index=index)


@dataclass(frozen=True, slots=True)
class AskedChoice:
    value: str
    text: str
    own: str = ""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question in the reader's language. `conditional`: only some answers open it. `kept`: said before.

    `own`: the same in the client's language, where that is another and the questionnaire speaks it.
    """

    code: str
    kind: QuestionKind
    text: str
    hint: str
    choices: tuple[AskedChoice, ...]
    conditional: bool
    kept: FormAnswer
    own: str = ""


def interview_questions(
    conversation: Conversation, *, mode: Mode = Mode.TELEPHONE, language: str = "", reading: Reading | None = None
) -> tuple[AskedQuestion, ...]:
    """All questions of the mode, in order, with what the client has already said by another way. `language`: theirs.

    `reading`: of whoever asks; without it that of anybody of the centre. Whether money was asked for is kept from who
    telephones, with whatever else was asked for that reason alone, and asked again.
    """
    kept, nothing = answers_of(response_of(conversation)), FormAnswer(value="", text="")
    values = {code: answer.value for code, answer in kept.items()}
    hidden = frozenset[str]() if reading == WHOLE else telling_questions(conversation, values)
    if hidden:
        kept = {code: answer for code, answer in kept.items() if code not in hidden}
    if hidden and any(answer.text for answer in kept.values()):
        reading = reading or everyday_reading(conversation)
        kept = {code: replace(answer, text=reading.read(answer.text).words) for code, answer in kept.items()}
    return tuple(
        asked_question(item, kept=kept.get(item.code, nothing), language=language)
        for item in _asked_in(conversation, mode)
    )


def codes_asked(conversation: Conversation, *, mode: Mode) -> tuple[str, ...]:
    """Of which questions something may be keyed in."""
    return tuple(item.code for item in _asked_in(conversation, mode))


def _asked_in(conversation: Conversation, mode: Mode) -> tuple[SheetQuestion, ...]:
    return tuple(item for item in sheet_asked(conversation).questions if item.asked_by(mode))


def asked_question(item: SheetQuestion, *, kept: FormAnswer, language: str = "") -> AskedQuestion:
    """In the language that is active, and in the client's."""
    text, own = _both(item, language)
    return AskedQuestion(
        code=item.code,
        kind=QuestionKind(item.kind),
        text=text,
        hint=in_language(chinese=item.hint_zh, english=item.hint_en),
        choices=tuple(AskedChoice(choice.value, *_both(choice, language)) for choice in item.choices),
        conditional=bool(item.shown_when),
        kept=kept,
        own=own,
    )


def _both(item: SheetQuestion | SheetChoice, language: str) -> tuple[str, str]:
    """Its words as the reader reads them, and as the client says them where that differs."""
    shown = in_language(chinese=item.text_zh, english=item.text_en)
    own = {**item.text_further, CHINESE: item.text_zh, ENGLISH: item.text_en}.get(language, "")
    return shown, "" if own == shown else own


def speaks(conversation: Conversation, language: str) -> bool:
    """Whether the questions can be read out in this language as they stand."""
    return language in (*NEEDED, *sheet_asked(conversation).languages)


def sealed_questions(conversation: Conversation) -> frozenset[str]:
    """The codes mean money in a client's questionnaire alone."""
    return SEALED if conversation.audience == Audience.CLIENT else frozenset()


def telling_questions(conversation: Conversation, answers: Mapping[str, str]) -> frozenset[str]:
    """These, and what was asked of this client because of what they answered to them; nothing of an organ."""
    if not sealed_questions(conversation):
        return frozenset()
    return telling_of_sealed(sheet_asked(conversation).questions, answers)


@dataclass(frozen=True, slots=True)
class IntakeFact:
    """What the person told us when they came, to know them again. Nothing of the case."""

    kind: Identity
    fact: str

    def __repr__(self) -> str:
        return f"IntakeFact({self.kind})"


def intake_facts(conversation: Conversation) -> tuple[IntakeFact, ...]:
    """The facts by which the person may be known, best first; where a code word is agreed, that alone."""
    client = conversation.recipient
    if client is None:
        return ()
    plan = getattr(client, "contact_plan", None)
    if plan and plan.code_word:
        return (IntakeFact(Identity.CODE_WORD, plan.code_word),)
    told = (
        (Identity.GUARDIAN_NAME, plan.guardian_name if plan and plan.guardian_only else ""),
        (Identity.BIRTH_YEAR, str(client.birth_year or "")),
        (Identity.TOWNSHIP, client.township),
        (Identity.CAME_IN, f"{conversation.case.accepted_on:%Y-%m}"),
    )
    return tuple(IntakeFact(kind, fact) for kind, fact in told if fact)


@dataclass(frozen=True, slots=True)
class Difference:
    """One question on which two entries of the same interview differ."""

    question: str
    stored: str
    keyed: str


def differences(
    conversation: Conversation, keyed: Mapping[str, tuple[str, str]], *, mode: Mode, reading: Reading | None = None
) -> tuple[Difference, ...]:
    """Where what was keyed in (choice and text by question) is not what is stored.

    What is sealed is left out: not even whether the two agree is told. What it alone opened counts as not answered.
    """
    hidden = telling_questions(conversation, {code: value for code, (value, _text) in keyed.items()})
    open_keyed = {code: answer for code, answer in keyed.items() if code not in hidden}
    sheet = interview_questions(conversation, mode=mode, reading=reading)
    return compared(sheet, open_keyed, sealed=sealed_questions(conversation))


def compared(
    sheet: Iterable[AskedQuestion], keyed: Mapping[str, tuple[str, str]], *, sealed: Collection[str]
) -> tuple[Difference, ...]:
    """The same of questions that were read already, for several entries beside one."""
    found = []
    for asked in sheet:
        if asked.code in sealed:
            continue
        labels = {choice.value: choice.text for choice in asked.choices}
        value, text = keyed.get(asked.code, ("", ""))
        stored = " · ".join(part for part in (labels.get(asked.kept.value, ""), asked.kept.text) if part)
        mine = " · ".join(part for part in (labels.get(value, ""), text) if part)
        if mine != stored:
            found.append(Difference(question=asked.text, stored=stored, keyed=mine))
    return tuple(found)
