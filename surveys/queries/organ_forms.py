"""The form as an organ sees it: whose work it judges, in which case, and what it has saved. Reading changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from surveys.enums import Audience, Mode, QuestionKind
from surveys.languages import NEEDED
from surveys.models import Response, SignedOpinion
from surveys.queries.forms import FormAnswer, FormState, answers_of, conversation_by_key, response_of, state_of
from surveys.queries.interview import AskedQuestion, interview_questions
from surveys.queries.sheets import sheet_asked

OPEN_TO_ORGAN = (FormState.START, FormState.QUESTION)


@dataclass(frozen=True, slots=True)
class OrganForm:
    """A case is its number, class and lawyer; of the client nothing is here to be shown. `items` have choices."""

    state: FormState
    unit: str
    centre: str
    office_phone: str
    case_number: str
    organ_number: str
    case_class: str
    lawyer: str
    firm: str
    closed_on: date
    answer_by: date
    language: str
    languages: tuple[str, ...]
    items: tuple[AskedQuestion, ...]
    remarks: tuple[AskedQuestion, ...]
    answers: Mapping[str, FormAnswer]
    signed_by: str
    receipt: str

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_TO_ORGAN


def organ_form(*, key: str, now: datetime) -> OrganForm:
    """In the language that is active. :raises LinkUnknown: no key of an organ's."""
    conversation = conversation_by_key(key, audience=Audience.ORGAN)
    response = response_of(conversation)
    case = conversation.case
    settings = case.centre.settings
    questions = interview_questions(conversation, mode=Mode.WEB)
    last = conversation.answer_by.astimezone(ZoneInfo(settings.time_zone)).date()
    return OrganForm(
        state=state_of(conversation, response, mode=Mode.WEB, now=now),
        unit=conversation.unit,
        centre=settings.issuer_name or case.centre.name,
        office_phone=settings.office_phone,
        case_number=case.number,
        organ_number=case.organ_number,
        case_class=case.type_and_stage,
        lawyer=case.lawyer.name,
        firm=case.firm.name,
        closed_on=case.day_closed,
        answer_by=last,
        language=response.language if response else conversation.language,
        languages=(*NEEDED, *sheet_asked(conversation).languages),
        items=tuple(item for item in questions if item.choices),
        remarks=tuple(item for item in questions if item.kind == QuestionKind.TEXT),
        answers=MappingProxyType(answers_of(response)),
        signed_by=_signed_by(response),
        receipt=response.receipt if response else "",
    )


def _signed_by(response: Response | None) -> str:
    signature = SignedOpinion.objects.filter(response=response).first() if response else None
    return signature.signed_by if signature else ""
