"""Questionnaires as their editors see them: versions, problems, what a text would cost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, Count, F, Q, QuerySet, Value

from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached, within
from qa_service.common.errors import NotFound
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Firm, Lawyer, Organisation
from surveys import lint
from surveys import texts as own_texts
from surveys.blueprint import Blueprint, ChoicePlan, ConditionPlan, Problem, QuestionPlan, problems, read_document
from surveys.blueprint.soundness import SAMPLE
from surveys.enums import Audience, Mode, Publication, QuestionKind
from surveys.languages import CHINESE, ENGLISH
from surveys.models import Plan, Questionnaire
from surveys.models.questionnaires import EDITORS
from surveys.segments import Size, measure

OWNING = (OrganisationKind.BUREAU, OrganisationKind.CENTRE)


@dataclass(frozen=True, slots=True)
class Family:
    """All versions of one key that the reader may see, and in how many plans it stands."""

    key: str
    latest: Questionnaire
    published: Questionnaire | None
    draft: Questionnaire | None
    plans: int
    editable: bool


def questionnaire_keys(user: User) -> QuerySet[Questionnaire, str]:
    return Questionnaire.objects.visible_to(user).order_by("key").values_list("key", flat=True).distinct()


def questionnaire_families(user: User, keys: Iterable[str]) -> list[Family]:
    """Three queries, however many keys."""
    versions: dict[str, list[Questionnaire]] = {key: [] for key in keys}
    rows = Questionnaire.objects.visible_to(user).filter(key__in=versions).select_related("owner").defer("draft")
    for row in rows.order_by("key", "-version"):
        versions[row.key].append(row)
    used = plans_seen(user).filter(questionnaire_key__in=versions, active=True).values("questionnaire_key")
    counts = {row["questionnaire_key"]: row["count"] for row in used.annotate(count=Count("pk")).order_by()}
    mine = set(Questionnaire.objects.editable_by(user).filter(key__in=versions).values_list("key", flat=True))
    return [
        Family(
            key=key,
            latest=found[0],
            published=next((row for row in found if row.state == Publication.PUBLISHED), None),
            draft=next((row for row in found if row.state == Publication.DRAFT), None),
            plans=counts.get(key, 0),
            editable=key in mine,
        )
        for key, found in versions.items()
        if found
    ]


def questionnaire_seen(*, user: User, public_id: UUID) -> Questionnaire:
    """:raises NotFound: there is none within the user's reach."""
    found = Questionnaire.objects.visible_to(user).select_related("owner").filter(public_id=public_id).first()
    if found is None:
        raise NotFound("")
    return found


def questionnaire_edited(*, user: User, public_id: UUID) -> Questionnaire:
    """:raises NotFound: there is none that the user may change."""
    found = Questionnaire.objects.editable_by(user).select_related("owner").filter(public_id=public_id).first()
    if found is None:
        raise NotFound("")
    return found


def possible_owners(user: User) -> QuerySet[Organisation]:
    """Bureaux and centres for which the user may write questionnaires."""
    return organisations_reached(user, *EDITORS).filter(kind__in=OWNING)


def centres_for(user: User, questionnaire: Questionnaire) -> QuerySet[Organisation]:
    """Centres that the user may let ask by it: below its owner, and within the user's reach."""
    reached = organisations_reached(user, *EDITORS).filter(kind=OrganisationKind.CENTRE)
    owner = questionnaire.owner
    return reached.filter(path__startswith=owner.path) if owner else reached


def plans_seen(user: User) -> QuerySet[Plan]:
    """Plans of the centres within reach, and the one for every centre."""
    return Plan.objects.filter(Q(centre=None) | within(user, "centre__path", *EDITORS))


def blueprint_of(questionnaire: Questionnaire) -> Blueprint:
    """The document of a draft, the rows of what is published; two queries for the latter."""
    if questionnaire.state == Publication.DRAFT:
        return read_document(questionnaire.draft)
    return Blueprint(
        key=questionnaire.key,
        audience=Audience(questionnaire.audience),
        titles=_written(questionnaire.title_zh, questionnaire.title_en, questionnaire.title_further),
        languages=tuple(questionnaire.languages),
        texts=questionnaire.texts,
        questions=tuple(
            QuestionPlan(
                code=question.code,
                kind=QuestionKind(question.kind),
                texts=_written(question.text_zh, question.text_en, question.text_further),
                hints=_written(question.hint_zh, question.hint_en, question.hint_further),
                by_text=question.by_text,
                modes=tuple(Mode(mode) for mode in question.modes),
                shown_when=tuple(
                    ConditionPlan(question=rule["question"], any_of=tuple(rule["any_of"]))
                    for rule in question.shown_when
                ),
                choices=tuple(
                    ChoicePlan(choice.value, _written(choice.text_zh, choice.text_en, choice.text_further))
                    for choice in question.choices.all()
                ),
            )
            for question in questionnaire.questions.prefetch_related("choices").order_by("position")
        ),
    )


def _written(chinese: str, english: str, further: Mapping[str, str]) -> dict[str, str]:
    found = {CHINESE: chinese, ENGLISH: english, **further}
    return {code: text for code, text in found.items() if text}


def problems_of(blueprint: Blueprint, *, owner: Organisation | None) -> tuple[Problem, ...]:
    """Everything that forbids to publish it, the names known to its owner included."""
    return problems(blueprint, names=names_told(blueprint, owner=owner))


def names_told(blueprint: Blueprint, *, owner: Organisation | None) -> list[str]:
    """Names of bodies, firms and lawyers at and below the owner that stand in what goes to a telephone."""
    if owner is None:
        return []
    asked = [question for question in blueprint.questions if question.by_text]
    written = [
        *(question.texts for question in asked),
        *(question.hints for question in asked),
        *(choice.texts for question in asked for choice in question.choices),
        *blueprint.texts.values(),
    ]
    sent = " ".join(lint.squeezed(text) for texts in written for text in texts.values())
    if not sent:
        return []
    bodies = Organisation.objects.filter(path__startswith=owner.path[: Organisation.steplen])
    firms = Firm.objects.filter(centre__path__startswith=owner.path)
    lawyers = Lawyer.objects.filter(memberships__firm__centre__path__startswith=owner.path)
    said = Value(sent, output_field=CharField())
    return [
        name
        for rows in (bodies, firms, lawyers)
        for name in rows.alias(said=said).filter(said__contains=F("name")).values_list("name", flat=True).distinct()
    ]


@dataclass(frozen=True, slots=True)
class TextShown:
    """One text as it would be sent; `price` None where the price of a part is not set."""

    name: str
    language: str
    body: str
    size: Size
    price: Decimal | None
    own: bool


def texts_shown(blueprint: Blueprint, *, language: str, office_phone: str = "") -> list[TextShown]:
    """Every text this questionnaire may send, with a link and a code of the length of real ones.

    What cannot be filled in (a broken brace) is left out: it is told among the problems.
    """
    sample = {**SAMPLE, "link": f"{settings.PUBLIC_BASE_URL}/s/AbCdEfGhIjKl"}
    if office_phone:
        sample["phone"] = office_phone
    shown = []
    for name, (kind, channel) in own_texts.NAMES.items():
        template = own_texts.template_of((kind, channel), language=language, own=blueprint.texts)
        if any(fault.kind in {lint.FaultKind.VARIABLE, lint.FaultKind.BRACES} for fault in lint.faults(template)):
            continue
        body = own_texts.compose(kind=kind, channel=channel, language=language, own=blueprint.texts, **sample)
        size = measure(body)
        shown.append(
            TextShown(
                name=name,
                language=language,
                body=body,
                size=size,
                price=price_of(size.segments),
                own=template != own_texts.template_of((kind, channel), language=language),
            )
        )
    return shown


def price_of(segments: int) -> Decimal | None:
    """What so many parts cost, None where the operator has not said what one does."""
    return settings.SMS_SEGMENT_PRICE * segments if settings.SMS_SEGMENT_PRICE is not None else None
