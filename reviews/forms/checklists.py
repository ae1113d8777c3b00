"""What editors of checklists type: headings and files as forms, a part as the piece of a document that it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service.accounts.models import User
from qa_service.cases.enums import CaseType, Stage
from qa_service.common.fields import DayField, ShortNameField
from qa_service.organisations.models import Organisation
from reviews.blueprint import Document
from reviews.blueprint.reading import LANGUAGES, Fault
from reviews.enums import EVERY_STAGE, EVERY_TYPE, Anchor, Measure, Purpose, VetoEffect
from reviews.models import Checklist
from reviews.queries.checklist_versions import lists_to_begin_with, possible_owners
from reviews.queries.checklists import anchor_name

SPARE_ROWS = 3
MOST_ROWS = 80
NAMES = {"zh": "中文", "en": "English"}
TAGS = {"zh": "zh-Hans", "en": "en"}


class OwnerForm(forms.Form):
    """Whose list it becomes."""

    owner: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=gettext_lazy("For"), queryset=Organisation.objects.none(), to_field_name="public_id", empty_label=None
    )
    code = ShortNameField(
        label=gettext_lazy("Short name"),
        max_length=40,
        help_text=gettext_lazy("Letters, digits and hyphens; the versions of one checklist share it."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = cast("forms.ModelChoiceField[Organisation]", self.fields["owner"])
        owner.queryset = possible_owners(user)


class NewChecklistForm(OwnerForm):
    source: "forms.ModelChoiceField[Checklist]" = forms.ModelChoiceField(
        label=gettext_lazy("Begin with"),
        queryset=Checklist.objects.none(),
        to_field_name="public_id",
        empty_label=None,
    )
    purpose = forms.ChoiceField(label=gettext_lazy("For what"), choices=Purpose.choices)
    field_order = ("source", "purpose", "owner", "code")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        source = cast("forms.ModelChoiceField[Checklist]", self.fields["source"])
        source.queryset = lists_to_begin_with(user)
        source.label_from_instance = _named  # type: ignore[method-assign, assignment]


def _named(checklist: Checklist) -> str:
    return f"{checklist} ({checklist.code} v{checklist.version})"


class ChecklistFileForm(OwnerForm):
    file = forms.FileField(
        label=gettext_lazy("File (XLSX or JSON)"), widget=forms.FileInput(attrs={"accept": ".xlsx,.json"})
    )
    field_order = ("file", "owner", "code")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["code"].required = False
        self.fields["code"].help_text = gettext_lazy("Leave empty to keep the one in the file.")


class HeadingForm(forms.Form):
    """What the list is for. The versions of one list are for the same: after the first only its title changes."""

    title_zh = forms.CharField(label=gettext_lazy("Title, Chinese"), max_length=200, required=False)
    title_en = forms.CharField(label=gettext_lazy("Title, English"), max_length=200, required=False)
    purpose = forms.ChoiceField(label=gettext_lazy("For what"), choices=Purpose.choices)
    case_type = forms.ChoiceField(
        label=gettext_lazy("Type of case"),
        choices=[(EVERY_TYPE, gettext_lazy("Every type")), *CaseType.choices],
        required=False,
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        choices=[(EVERY_STAGE, gettext_lazy("Every stage")), *Stage.choices],
        required=False,
        help_text=gettext_lazy("A list of one stage goes before that of every stage."),
    )
    measure = forms.ChoiceField(
        label=gettext_lazy("Way of scoring"),
        choices=Measure.choices,
        help_text=gettext_lazy(
            "Graded indicators count 100, 85, 70 and 0 for excellent, good, pass and fail; their points are weights."
        ),
    )

    def __init__(self, *args: Any, document: Document, first: bool, **kwargs: Any) -> None:
        initial = {name: document[name] for name in ("purpose", "case_type", "stage", "measure")}
        initial |= {f"title_{language}": document["title"].get(language, "") for language in LANGUAGES}
        super().__init__(*args, **kwargs)
        self.initial = initial
        if not first:
            for name in ("purpose", "case_type", "stage", "measure"):
                self.fields[name].disabled = True

    def heading(self, code: str) -> Document:
        given = self.cleaned_data
        return {
            "code": code,
            "title": {language: given[f"title_{language}"] for language in LANGUAGES},
            **{name: given[name] for name in ("purpose", "case_type", "stage", "measure")},
        }


class PublishForm(forms.Form):
    effective_from = DayField(
        label=gettext_lazy("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Files given out before stay with the list they began with."),
    )


class Kind(StrEnum):
    TEXT = "text"
    AREA = "area"
    TICK = "tick"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Box:
    """One field of a page; a tick's `value` is what it posts. `about`: which of like boxes it is, for who hears it."""

    name: str
    label: str
    value: str = ""
    kind: Kind = Kind.TEXT
    ticked: bool = False
    options: tuple[tuple[str, str], ...] = ()
    lang: str = ""
    longest: int = 0
    id: str = ""
    about: str = ""

    @property
    def width(self) -> str:
        """How much of a row it takes, side by side with others."""
        if self.kind is Kind.TICK:
            return "col-12 col-md-4" if self.about else "col-auto"
        if self.kind is Kind.CHOICE:
            return "col-12 col-md-4"
        return "col-12 col-md-5" if self.lang else "col-6 col-md-2"

    @property
    def box_id(self) -> str:
        return self.id or self.name


@dataclass(frozen=True, slots=True)
class Group:
    """Boxes under one legend; `compact`: side by side, as the cells of a row."""

    legend: str
    boxes: tuple[Box, ...]
    hint: str = ""
    compact: bool = False
    id: str = ""


def section_groups(section: Document) -> list[Group]:
    return [
        Group(_("Section"), (Box("code", _("Code"), section["code"], longest=8),)),
        _texts("title", _("Title"), section["title"]),
        _texts("note", _("Note to the reader (may be empty)"), section["note"], kind=Kind.AREA),
    ]


def section_typed(given: QueryDict) -> Document:
    return {"code": _of(given, "code"), "title": _typed(given, "title"), "note": _typed(given, "note"), "items": []}


def item_groups(item: Document, document: Document, *, section_code: str) -> list[Group]:
    sections = tuple((part["code"], _shown(part["code"], part["title"])) for part in document["sections"])
    measure = Measure(document["measure"])
    points = _("Points") if measure == Measure.POINTS else _("Weight")
    return [
        Group(
            _("Item"),
            (
                Box("code", _("Code"), item["code"], longest=8),
                Box("section", _("Section"), section_code, kind=Kind.CHOICE, options=sections),
                Box("points", points, item["points"], longest=6),
            ),
            compact=True,
        ),
        _texts("title", _("Title"), item["title"]),
        _texts("evidence", _("Evidence to look for"), item["evidence"], kind=Kind.AREA),
        Group(
            _("Marks offered"),
            tuple(
                Box(
                    "anchors",
                    anchor_name(anchor, measure),
                    anchor.value,
                    kind=Kind.TICK,
                    ticked=anchor in (item["anchors"] or Anchor.values),
                    id=f"anchors-{anchor.value}",
                )
                for anchor in Anchor
            ),
            hint=_("None ticked: all of them."),
            compact=True,
            id="anchors",
        ),
        *_reason_groups(item, document),
    ]


def _reason_groups(item: Document, document: Document) -> Iterable[Group]:
    """Each reason with the least share it leaves; a code that the list does not know is shown, to be taken away."""
    strange: dict[str, dict[str, str]] = {code: {} for code in item["reasons"] if code not in document["reasons"]}
    for number, (code, texts) in enumerate((document["reasons"] | strange).items()):
        yield Group(
            _("Reasons for taking points off") if number == 0 else "",
            (
                Box(
                    "reasons",
                    _shown(code, texts),
                    code,
                    kind=Kind.TICK,
                    ticked=code in item["reasons"],
                    id=f"reasons-{code}",
                    about=code,
                ),
                Box(
                    f"floor-{code}",
                    _("Keeps at least (share)"),
                    item["floors"].get(code, ""),
                    longest=6,
                    about=code,
                ),
            ),
            hint=_("A share such as 0.75: what the reason leaves of the points whatever is marked.")
            if not number
            else "",
            compact=True,
            id="reasons" if number == 0 else "",
        )


def item_typed(given: QueryDict) -> tuple[Document, str]:
    """The piece of a document that was typed, and the section it is to stand in."""
    floors = {name.removeprefix("floor-"): _of(given, name) for name in given if name.startswith("floor-")}
    item = {
        "code": _of(given, "code"),
        "points": _of(given, "points"),
        "title": _typed(given, "title"),
        "evidence": _typed(given, "evidence"),
        "reasons": given.getlist("reasons")[:MOST_ROWS],
        "floors": {code: share for code, share in floors.items() if share},
        "anchors": given.getlist("anchors")[: len(Anchor)],
    }
    return item, _of(given, "section")


def new_item(code: str, document: Document) -> Document:
    """Empty, with the reason that every list has at hand where this one has it."""
    reasons = ["other"] if "other" in document["reasons"] else []
    return {
        "code": code, "points": "", "title": {}, "evidence": {}, "reasons": reasons, "floors": {}, "anchors": [],
    }  # fmt: skip


def new_section(code: str) -> Document:
    return {"code": code, "title": {}, "note": {}, "items": []}


# What is written as rows of like boxes: reasons, veto items, papers.
ROWS = ("reasons", "vetoes", "catalogue")


def row_groups(name: str, rows: Sequence[Document], *, spare: int = SPARE_ROWS) -> list[Group]:
    count = min(len(rows) + spare, MOST_ROWS)
    empty: Document = {"code": "", "title": {}}
    return [_row_group(name, number, rows[number] if number < len(rows) else empty) for number in range(count)]


def _row_group(name: str, number: int, row: Document) -> Group:
    at = f"row-{number}"
    boxes = [Box(f"{at}-code", _("Code"), row["code"], longest=40)]
    boxes += _text_boxes(f"{at}-title", row["title"])
    if name == "vetoes":
        effect = row.get("effect", VetoEffect.FAIL.value)
        effects = tuple((value, str(label)) for value, label in VetoEffect.choices)
        boxes.append(Box(f"{at}-effect", _("Effect"), effect, kind=Kind.CHOICE, options=effects))
        boxes += _text_boxes(f"{at}-basis", row.get("basis", {}), label=_("Legal basis"))
        boxes.append(
            Box(
                f"{at}-transfer",
                _("Also handed on to another authority"),
                "1",
                kind=Kind.TICK,
                ticked=row.get("transfer", False),
            )
        )
    if name == "reasons":
        pageless = row.get("pageless", row["code"] == "missing")
        boxes.append(Box(f"{at}-pageless", _("No page can be named"), "1", kind=Kind.TICK, ticked=pageless))
    return Group(_("Row %(number)s") % {"number": number + 1}, tuple(boxes), compact=True, id=at)


def rows_of(name: str, document: Document) -> list[Document]:
    if name == "reasons":
        return [{"code": code, "title": texts, **_pageless(texts)} for code, texts in document["reasons"].items()]
    return list(document[name])


def _pageless(texts: Mapping[str, Any]) -> dict[str, bool]:
    return {"pageless": texts["pageless"]} if "pageless" in texts else {}


def rows_typed(name: str, given: QueryDict) -> list[Document]:
    """Rows with something written in them, in their order."""
    rows = []
    for number in range(MOST_ROWS):
        at = f"row-{number}"
        row: Document = {"code": _of(given, f"{at}-code"), "title": _typed(given, f"{at}-title")}
        if name == "vetoes":
            row["basis"] = _typed(given, f"{at}-basis")
        if not (row["code"] or any(row["title"].values()) or any(row.get("basis", {}).values())):
            continue
        if name == "vetoes":
            row |= {"effect": _of(given, f"{at}-effect"), "transfer": f"{at}-transfer" in given}
        if name == "reasons":
            row["pageless"] = f"{at}-pageless" in given
        rows.append(row)
    return rows


def part_of(name: str, rows: Sequence[Document]) -> Any:
    """What `read_part` reads. Of reasons with one code the last would win, so a second is given a name of its own."""
    if name != "reasons":
        return list(rows)
    found: dict[str, Document] = {}
    for row in rows:
        code = row["code"] if row["code"] not in found else f"{row['code']} "
        found[code] = {**row["title"], "pageless": row["pageless"]}
    return found


def box_of(fault: Fault, rows: Sequence[Document] = ()) -> str:
    """The id of the box that holds what is wrong, or of the row."""
    field = fault.field.replace(".", "-")
    if not rows:
        return field
    codes = [row["code"] for row in rows]
    name = fault.parts[0].strip() if fault.parts else ""
    number = codes.index(name) if name in codes else int(name[1:]) - 1 if name[1:].isdecimal() else 0
    return f"row-{number}-{field.replace('reasons', 'title')}" if field else f"row-{number}"


def _texts(name: str, legend: str, texts: Mapping[str, str], *, kind: Kind = Kind.TEXT) -> Group:
    return Group(legend, tuple(_text_boxes(name, texts, kind=kind)), id=name)


def _text_boxes(name: str, texts: Mapping[str, Any], *, label: str = "", kind: Kind = Kind.TEXT) -> list[Box]:
    return [
        Box(
            f"{name}-{language}",
            f"{label} ({NAMES[language]})" if label else NAMES[language],
            texts.get(language, ""),
            kind=kind,
            lang=TAGS[language],
        )
        for language in LANGUAGES
    ]


def _typed(given: QueryDict, name: str) -> dict[str, str]:
    return {language: given.get(f"{name}-{language}", "") for language in LANGUAGES}


def _of(given: QueryDict, name: str) -> str:
    return given.get(name, "").strip()


def _shown(code: str, texts: Mapping[str, Any]) -> str:
    return f"{code} {texts.get('zh') or texts.get('en') or ''}".strip()
