"""What is typed at the desk about a file: a day, words, the catalogue, what is to be put right."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa_service.common.fields import DayField
from reviews.enums import DefectKind, Finding
from reviews.forms import DayInput
from reviews.queries.acceptance import FileShown, PaperShown
from reviews.services.acceptance import DefectEntry, PaperEntry

SIGNED = {"yes": True, "no": False}
FREE_ROWS = 3


class DayTakenForm(forms.Form):
    """Whether the day is needed and fits, the service knows."""

    handed_in_on = DayField(widget=DayInput, required=False)


class SayingForm(forms.Form):
    """Words; whether they are needed and fit, the service knows."""

    words = forms.CharField(required=False)


class PapersForm(forms.Form):
    """The catalogue, paper by paper. Pages without a finding mean that the paper is there.

    Sent with `rest`, every paper of which nothing was said is in the file.
    """

    last_page = forms.IntegerField(label=_("Last page of the file"), required=False, min_value=1)

    def __init__(self, *args: Any, shown: FileShown, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.papers = shown.papers
        self.fields["last_page"].initial = shown.last_page
        self.fields["last_page"].widget.attrs = {"class": "form-control form-control-sm w-auto", "min": 1}
        for paper in shown.papers:
            self._add(paper)

    def _add(self, paper: PaperShown) -> None:
        small = {"class": "form-control form-control-sm"}
        chosen = {"class": "form-select form-select-sm"}
        fields: dict[str, forms.Field] = {
            "finding": forms.ChoiceField(
                label=_("In the file?"),
                choices=[("", "—"), *Finding.choices],
                widget=forms.Select(attrs=chosen),
                initial=paper.finding,
            ),
            "pages": forms.CharField(
                label=_("Page or pages"),
                max_length=20,
                widget=forms.TextInput(attrs={**small, "autocomplete": "off"}),
                initial=paper.pages or paper.offered,
            ),
            "dated": DayField(label=_("Date"), widget=DayInput(attrs=small), initial=paper.dated),
            "signed": forms.ChoiceField(
                label=_("Signed"),
                choices=[("", "—"), ("yes", _("yes")), ("no", _("no"))],
                widget=forms.Select(attrs=chosen),
                initial={True: "yes", False: "no"}.get(paper.signed) if paper.signed is not None else "",
            ),
        }
        for name, field in fields.items():
            field.required = False
            field.widget.attrs["aria-label"] = f"{paper.title} {field.label}"
            self.fields[f"{paper.code}-{name}"] = field

    def rows(self) -> list[dict[str, Any]]:
        """For the page: each paper with its fields."""
        names = ("finding", "pages", "dated", "signed")
        return [
            {"paper": paper, "stored": self._stored(paper), **{name: self[f"{paper.code}-{name}"] for name in names}}
            for paper in self.papers
        ]

    def _stored(self, paper: PaperShown) -> str:
        """In words what is stored of a paper of which something else was typed; empty where it is the same."""
        fields = {name: self[f"{paper.code}-{name}"] for name in ("finding", "pages", "dated", "signed")}
        signed = "" if paper.signed is None else next(key for key, value in SIGNED.items() if value is paper.signed)
        dated = paper.dated.isoformat() if paper.dated else ""
        stored = {"finding": paper.finding, "pages": paper.pages, "dated": dated, "signed": signed}
        if not paper.finding or stored == {name: str(field.value() or "").strip() for name, field in fields.items()}:
            return ""
        said = dict(self.fields[f"{paper.code}-signed"].choices).get(signed, "") if signed else ""  # type: ignore[attr-defined]
        words = [paper.finding_label, paper.pages, dated, f"{fields['signed'].label} {said}" if said else ""]
        return " · ".join(filter(None, words))

    def entries(self) -> list[PaperEntry]:
        """What the service takes."""
        rest = Finding.PRESENT if "rest" in self.data else ""
        found = []
        for paper in self.papers:
            pages, dated = self._value(paper, "pages").strip(), self._value(paper, "dated")
            signed = SIGNED.get(self._value(paper, "signed"))
            said = Finding.PRESENT if pages or dated or signed is not None else rest
            finding = self._value(paper, "finding") or said
            if finding:
                entry = PaperEntry(code=paper.code, finding=finding, pages=pages, dated=dated, signed=signed)
                found.append(entry)
        return found

    def _value(self, paper: PaperShown, name: str) -> Any:
        return self.cleaned_data[f"{paper.code}-{name}"]


class ReturnForm(forms.Form):
    """What is to be put right: what the catalogue showed, ticked, and a few lines of one's own."""

    due_on = DayField(
        label=_("To be back by"),
        widget=DayInput(attrs={"class": "form-control w-auto"}),
        required=False,
        help_text=_("Empty: five working days from today."),
    )
    words = forms.CharField(
        label=_("Remark"), required=False, widget=forms.Textarea(attrs={"class": "form-control", "rows": 2})
    )

    told_how = forms.CharField(
        label=_("How the lawyer is told (by hand on paper, by telephone, by message)"),
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, shown: FileShown, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told_how"].widget.attrs["required"] = not shown.line.told_here
        found = [(defect.paper, DefectKind(defect.kind)) for defect in shown.check.defects]
        self.fields["found"] = forms.MultipleChoiceField(
            label=_("Found by the catalogue"),
            choices=[(f"{code}:{kind}", f"{shown.titles[code]} · {kind.label}") for code, kind in found],
            widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            required=False,
            initial=[f"{code}:{kind}" for code, kind in found],
        )
        self._free(shown)

    def _free(self, shown: FileShown) -> None:
        chosen = {"class": "form-select form-select-sm"}
        for number in range(1, FREE_ROWS + 1):
            self.fields[f"paper-{number}"] = forms.ChoiceField(
                label=_("Document"),
                choices=[("", _("the whole file")), *shown.titles.items()],
                required=False,
                widget=forms.Select(attrs=chosen),
            )
            self.fields[f"kind-{number}"] = forms.ChoiceField(
                label=_("Not in order"),
                choices=[("", "—"), *DefectKind.choices],
                required=False,
                widget=forms.Select(attrs=chosen),
            )
            self.fields[f"note-{number}"] = forms.CharField(
                label=_("In words"),
                required=False,
                widget=forms.TextInput(attrs={"class": "form-control form-control-sm"}),
            )

    def free_rows(self) -> list[dict[str, Any]]:
        """For the page."""
        names = ("paper", "kind", "note")
        return [{name: self[f"{name}-{number}"] for name in names} for number in range(1, FREE_ROWS + 1)]

    def entries(self) -> list[DefectEntry]:
        """What the service takes. Words alone are something else that is wrong."""
        values = self.cleaned_data
        found = [
            DefectEntry(paper=code, kind=kind) for code, _colon, kind in (v.partition(":") for v in values["found"])
        ]
        for number in range(1, FREE_ROWS + 1):
            paper, kind, note = (values[f"{name}-{number}"] for name in ("paper", "kind", "note"))
            if kind or note:
                found.append(DefectEntry(paper=paper, kind=kind or DefectKind.OTHER, note=note))
        return found
