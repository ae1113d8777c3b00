"""What people type who write a scheme: every figure in a box of its own, under the heading where it belongs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service.common.fields import DayField
from scoring.calculation.method import BANDS, BOXES, MAY_BE_REQUIRED, REQUIRED, Box, Problem, ProblemCode
from scoring.enums import SourceKind
from scoring.forms.decisions import Words

TITLES: Mapping[str, Any] = {
    "sources": gettext_lazy("Sources and their weights"),
    "bands": gettext_lazy("Bands"),
    "conditions": gettext_lazy("Conditions of a grade"),
    "filing": gettext_lazy("Handing in the file"),
    "self_assessment": gettext_lazy("Self-assessment of the firm"),
    "scale": gettext_lazy("Marks from 1 to 5"),
    "words": gettext_lazy("Words of the questions on service"),
    "voice": gettext_lazy("The client's voice"),
    "standing": gettext_lazy("Standing of a period"),
}
HELP: Mapping[str, Any] = {
    "sources": gettext_lazy(
        "They need not come to 100: what does not apply is left out, what is missing is weighted over by the others."
    ),
    "bands": gettext_lazy("The least points of each grade, before rounding. Below the last of them is a fail."),
    "filing": gettext_lazy("Days from closing, or from the receipt of the judgment where that came later."),
    "scale": gettext_lazy("Points for the marks of organs, and for the overall rating of clients."),
    "voice": gettext_lazy("Both come to 100."),
    "standing": gettext_lazy("Both come to 100. The client's voice counts where at least five answered."),
}
WORD_LABELS: Mapping[str, Any] = {
    "always": gettext_lazy("Always"),
    "sometimes": gettext_lazy("Sometimes"),
    "never": gettext_lazy("Never"),
    "yes": gettext_lazy("Yes"),
    "partly": gettext_lazy("Partly"),
    "no": gettext_lazy("No"),
}
LABELS: Mapping[str, Any] = {
    **{f"case_weights.{source.value}": source.label for source in SourceKind},
    **{f"bands.{grade.value}": grade.label for grade in BANDS},
    **{f"words.{word}": label for word, label in WORD_LABELS.items()},
    "provisional_below": gettext_lazy("Provisional below a coverage of (%)"),
    "excellent.readers": gettext_lazy("Readers for an excellent grade"),
    "excellent.spread": gettext_lazy("Points that two readers may lie apart for it"),
    "excellent.coverage": gettext_lazy("Least coverage for it (%)"),
    "fail_readers": gettext_lazy("Readers for a fail"),
    "self_assessment_slope": gettext_lazy("Points off for each point that it lies from the review"),
    "voice_weights.overall": gettext_lazy("Overall rating"),
    "voice_weights.service": gettext_lazy("Questions on the service"),
    "standing_weights.cases": gettext_lazy("Mean of the case grades"),
    "standing_weights.voice": gettext_lazy("The client's voice"),
}
LONGEST_NOTE = 500
TOLD: Mapping[ProblemCode, Any] = {
    ProblemCode.REVIEW_WEIGHS_NOTHING: gettext_lazy(
        "The file review must weigh something: there is no grade without it."
    ),
    ProblemCode.TOTAL: gettext_lazy("The weights come to %(detail)s. They must come to 100."),
    ProblemCode.BANDS_OUT_OF_ORDER: gettext_lazy(
        "A better grade must begin above the one below it, the lowest above 0."
    ),
    ProblemCode.LIMITS_OUT_OF_ORDER: gettext_lazy("The second limit must be later than the first."),
    ProblemCode.POINTS_OUT_OF_ORDER: gettext_lazy("What is better must not earn less than what is worse."),
}


def problem_told(problem: Problem) -> str:
    return str(TOLD[problem.code]) % {"detail": problem.detail}


def label_of(name: str) -> str:
    """Of a figure, by its path."""
    if name in LABELS:
        return str(LABELS[name])
    part, _dot, rest = name.partition(".")
    if part == "scale":
        return _("Points for a mark of %(step)s") % {"step": rest}
    place, _dot, field = rest.partition(".")
    limit = {"number": place}
    return _("Limit %(number)s, days") % limit if field == "days" else _("Points within limit %(number)s") % limit


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    title: str
    help: str
    fields: tuple[forms.BoundField, ...]


class SchemeForm(forms.Form):
    """All figures of a scheme. Data and cleaned data are by the paths of `calculation.method`."""

    required = forms.MultipleChoiceField(
        label=gettext_lazy("No grade without"),
        choices=[(source.value, source.label) for source in MAY_BE_REQUIRED],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy(
            "Where one of these applies and is missing, a case gets no grade. The file review always has to be there."
        ),
    )
    note = Words(
        label=gettext_lazy("What is different from the version before, and why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_NOTE,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for boxes in BOXES.values():
            for box in boxes:
                self.fields[box.name] = _field(box)

    @property
    def figures(self) -> dict[str, Any]:
        """What was typed, without the note."""
        return {name: value for name, value in self.cleaned_data.items() if name != "note"}

    @property
    def groups(self) -> Iterator[Group]:
        for name, boxes in BOXES.items():
            fields = [self[box.name] for box in boxes]
            if name == "sources":
                fields.append(self[REQUIRED])
            yield Group(name, str(TITLES[name]), str(HELP.get(name, "")), tuple(fields))


def _field(box: Box) -> forms.Field:
    bounds: dict[str, Any] = {"label": label_of(box.name), "min_value": box.low, "max_value": box.high}
    return forms.IntegerField(**bounds) if box.whole else forms.DecimalField(**bounds, decimal_places=2)


class SchemeFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File (JSON)"), widget=forms.FileInput(attrs={"accept": ".json,application/json"})
    )


class PublishForm(forms.Form):
    effective_from = DayField(
        label=gettext_lazy("For cases closed from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("A day from which no closed case has been weighed yet; best the first of a quarter."),
    )


def faults_told(form: SchemeForm) -> list[str]:
    """What is wrong with the figures of a file, each with its place."""
    return [
        _("%(place)s: %(text)s") % {"place": label_of(name) if name in LABELS or "." in name else name, "text": text}
        for name, texts in form.errors.items()
        for text in texts
    ]
