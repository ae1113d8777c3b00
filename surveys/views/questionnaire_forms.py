"""What editors of questionnaires type: headings and files as forms, a question as the piece of a file that it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.common.fields import ShortNameField
from qa_service.organisations.models import Organisation
from surveys.blueprint import MOST_CHOICES, SCALES, Blueprint, QuestionPlan, Scale, Texts, scale_of
from surveys.blueprint.document import question_document
from surveys.enums import Mode, Publication
from surveys.languages import CHINESE, FURTHER, IN_A_FILE, LANGUAGES, NEEDED, Language
from surveys.models import Questionnaire
from surveys.queries.questionnaires import possible_owners
from surveys.texts import NAMES

SPARE_ROWS = 3
SCALE_LABELS = {
    Scale.SATISFACTION: _("Satisfaction, five steps"),
    Scale.QUALITY: _("Quality, five steps"),
    Scale.YES_NO: _("Yes or no"),
    Scale.YES_PARTLY_NO: _("Yes, partly or no"),
    Scale.FREQUENCY: _("Always, sometimes or never"),
    Scale.CHOICE: _("Answers of your own"),
    Scale.CALL_BACK: _("Call back and when"),
    Scale.TEXT: _("In one's own words"),
}


class OwnerForm(forms.Form):
    """Whose questionnaire it becomes."""

    owner: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("For"), queryset=Organisation.objects.none(), to_field_name="public_id", empty_label=None
    )
    key = ShortNameField(
        label=_("Short name"),
        max_length=40,
        help_text=_("Letters, digits and hyphens; the versions of one questionnaire share it."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = cast("forms.ModelChoiceField[Organisation]", self.fields["owner"])
        owner.queryset = possible_owners(user)


class NewForm(OwnerForm):
    source: "forms.ModelChoiceField[Questionnaire]" = forms.ModelChoiceField(
        label=_("Begin with"), queryset=Questionnaire.objects.none(), to_field_name="public_id", empty_label=None
    )
    field_order = ("source", "owner", "key")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        source = cast("forms.ModelChoiceField[Questionnaire]", self.fields["source"])
        source.queryset = Questionnaire.objects.visible_to(user).filter(state=Publication.PUBLISHED).order_by("key")
        source.label_from_instance = _named  # type: ignore[method-assign, assignment]


def _named(questionnaire: Questionnaire) -> str:
    return f"{questionnaire.title} ({questionnaire.key} v{questionnaire.version})"


class ImportForm(OwnerForm):
    file = forms.FileField(label=_("File (JSON)"), required=False, widget=forms.FileInput(attrs={"accept": ".json"}))
    text = forms.CharField(
        label=_("Or its content"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    field_order = ("file", "text", "owner", "key")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["key"].required = False
        self.fields["key"].help_text = _("Leave empty to keep the one in the file.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("file") and not given.get("text") and "file" not in self.errors:
            self.add_error("file", _("Choose a file, or paste its content."))
        return given

    @property
    def content(self) -> bytes:
        upload = self.cleaned_data["file"]
        return cast("bytes", upload.read()) if upload else self.cleaned_data["text"].encode("utf-8", "replace")


class HeadingForm(forms.Form):
    """The title in each language, and which languages there are beside Chinese and English."""

    languages = forms.MultipleChoiceField(
        label=_("Further languages"),
        choices=[(code, LANGUAGES[code].name) for code in FURTHER],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A language is offered to clients once nothing is missing in it."),
    )

    def __init__(self, *args: Any, blueprint: Blueprint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"languages": list(blueprint.languages)}
        for language in spoken(blueprint):
            self.fields[f"title_{language.code}"] = forms.CharField(
                label=_("Title, %(language)s") % {"language": language.name},
                max_length=120,
                required=False,
                initial=blueprint.titles.get(language.code, ""),
                widget=forms.TextInput(attrs=_direction(language)),
            )
        self.order_fields([*(name for name in self.fields if name != "languages"), "languages"])

    @property
    def titles(self) -> dict[str, str]:
        return {
            name.removeprefix("title_"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("title_") and text
        }


def spoken(blueprint: Blueprint) -> list[Language]:
    return [LANGUAGES[code] for code in (*NEEDED, *blueprint.languages)]


def _direction(language: Language) -> dict[str, str]:
    return {"lang": language.tag, "dir": "rtl" if language.right_to_left else "ltr"}


@dataclass(frozen=True, slots=True)
class Written:
    """One box for one language; `name` is the box's, `at` the place in the file, for the errors to point to."""

    language: Language
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: its value and its text in each language."""

    number: int
    value: str
    texts: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    value: str
    label: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """An earlier question and its answers, any of which may open this one."""

    code: str
    text: str
    answers: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class QuestionBoxes:
    """Everything on the page of one question, filled from its piece of a file."""

    code: str
    scale: Scale
    scales: tuple[Tick, ...]
    by_text: bool
    texts: tuple[Written, ...]
    hints: tuple[Written, ...]
    modes: tuple[Tick, ...]
    branches: tuple[Branch, ...]
    rows: tuple[Row, ...]


def question_boxes(
    document: Mapping[str, Any], *, scale: Scale, blueprint: Blueprint, place: int, spare: int = SPARE_ROWS
) -> QuestionBoxes:
    """`place`: where the question stands; only what comes before can open it."""
    languages = spoken(blueprint)
    choices = document["choices"]
    count = min(len(choices) + spare, MOST_CHOICES)
    rows = [choices[number] if number < len(choices) else {} for number in range(count)]
    opened = {f"{rule['question']}={value}" for rule in document.get("shown_when", []) for value in rule["any_of"]}
    return QuestionBoxes(
        code=document["code"],
        scale=scale,
        scales=tuple(Tick(item.value, str(SCALE_LABELS[item]), item is scale) for item in SCALES),
        by_text=document.get("by_text", False),
        texts=_boxes("text", document["text"], languages),
        hints=_boxes("hint", document.get("hint", {}), languages),
        modes=tuple(Tick(mode.value, str(mode.label), mode.value in document.get("modes", [])) for mode in Mode),
        branches=_branches(blueprint, place, opened),
        rows=tuple(
            Row(number, row.get("value", ""), _boxes(f"choices-{number}", row, languages))
            for number, row in enumerate(rows)
        ),
    )


def _boxes(name: str, texts: Mapping[str, str], languages: Iterable[Language]) -> tuple[Written, ...]:
    return tuple(
        Written(language, f"{name}-{IN_A_FILE[language.code]}", texts.get(IN_A_FILE[language.code], ""))
        for language in languages
    )


def _branches(blueprint: Blueprint, place: int, opened: set[str]) -> tuple[Branch, ...]:
    earlier = [question for question in blueprint.questions[:place] if question.choices]
    known = {f"{question.code}={value}" for question in earlier for value in question.values}
    found = [
        Branch(
            code=question.code,
            text=shown_text(question.texts),
            answers=tuple(
                Tick(name, shown_text(choice.texts) or choice.value, name in opened)
                for choice in question.choices
                if (name := f"{question.code}={choice.value}")
            ),
        )
        for question in earlier
    ]
    # What an imported file branches by and is not there: shown, so that it can be taken away.
    strange = tuple(Tick(name, name, ticked=True) for name in sorted(opened - known))
    return (*found, Branch("", "", strange)) if strange else tuple(found)


def shown_text(texts: Texts) -> str:
    return texts.get(CHINESE, "") or next(iter(texts.values()), "")


def question_typed(given: QueryDict, blueprint: Blueprint) -> tuple[dict[str, Any], Scale]:
    """The piece of a file that was typed, and the type chosen. Empty rows are no answers."""
    names = [IN_A_FILE[language.code] for language in spoken(blueprint)]
    wanted = given.get("scale", "")
    scale = Scale(wanted) if wanted in set(Scale) else Scale.CHOICE
    document: dict[str, Any] = {
        "code": given.get("code", "").strip(),
        "kind": SCALES[scale].kind.value,
        "text": {name: given.get(f"text-{name}", "") for name in names},
        "hint": {name: given.get(f"hint-{name}", "") for name in names},
        "by_text": "by_text" in given,
        "modes": given.getlist("modes"),
        "shown_when": _conditions(given.getlist("when")),
        "choices": _rows(given, names),
    }
    if scale is Scale.TEXT:
        document["choices"] = []
    elif not document["choices"]:
        document["choices"] = ready_rows(scale)
    return document, scale


def ready_rows(scale: Scale) -> list[dict[str, str]]:
    empty = QuestionPlan(code="x", kind=SCALES[scale].kind, texts={}, choices=SCALES[scale].choices)
    return cast("list[dict[str, str]]", question_document(empty)["choices"])


def _rows(given: QueryDict, names: list[str]) -> list[dict[str, str]]:
    rows = [
        {"value": given.get(f"choices-{number}-value", "").strip()}
        | {name: text for name in names if (text := given.get(f"choices-{number}-{name}", "").strip())}
        for number in range(MOST_CHOICES)
    ]
    kept = [row for row in rows if any(row.values())]
    # An answer without a value of its own gets one: only its text matters to whoever writes it.
    taken = {row["value"] for row in kept}
    free = (value for number in range(1, 2 * MOST_CHOICES) if (value := f"a{number}") not in taken)
    return [row if row["value"] else {**row, "value": next(free)} for row in kept]


def _conditions(ticked: list[str]) -> list[dict[str, Any]]:
    """`["q1=1", "q1=2"]` as one condition on q1."""
    found: dict[str, list[str]] = {}
    for name in ticked[: MOST_CHOICES * 60]:
        code, _sign, value = name.partition("=")
        found.setdefault(code, []).append(value)
    return [{"question": code, "any_of": values} for code, values in found.items()]


def new_question(code: str) -> dict[str, Any]:
    """An empty piece of a file, asked in every way but by text message."""
    others = [mode.value for mode in Mode if mode is not Mode.SMS]
    return {"code": code, "kind": "choice", "text": {}, "modes": others, "choices": [], "shown_when": []}


def stored_question(question: QuestionPlan) -> tuple[dict[str, Any], Scale]:
    return question_document(question), scale_of(question)


def texts_typed(given: QueryDict, blueprint: Blueprint) -> dict[str, dict[str, str]]:
    """A questionnaire's own texts as typed; one left empty in every language is the service's own again."""
    names = [IN_A_FILE[language.code] for language in spoken(blueprint)]
    typed = {
        name: {code: text for code in names if (text := given.get(f"texts-{name}-{code}", "").strip())}
        for name in NAMES
    }
    return {name: written for name, written in typed.items() if written}


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question with its texts in every language that the questionnaire speaks, what is missing left out."""

    question: QuestionPlan
    type: str
    texts: tuple[tuple[Language, str], ...]
    hints: tuple[tuple[Language, str], ...]
    choices: tuple[tuple[str, tuple[tuple[Language, str], ...]], ...]


def shown_question(question: QuestionPlan, blueprint: Blueprint) -> ShownQuestion:
    languages = spoken(blueprint)
    return ShownQuestion(
        question=question,
        type=str(SCALE_LABELS[scale_of(question)]),
        texts=_by_language(question.texts, languages),
        hints=_by_language(question.hints, languages),
        choices=tuple((choice.value, _by_language(choice.texts, languages)) for choice in question.choices),
    )


def _by_language(texts: Texts, languages: Iterable[Language]) -> tuple[tuple[Language, str], ...]:
    return tuple((language, text) for language in languages if (text := texts.get(language.code)))
