"""What the desk types to upload a scanned file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa_service.common.errors import InvalidInput
from reviews.enums import PaperGround
from reviews.services.scans import MOST_PAGES, Upload


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """A list, each file looked at by itself."""
        given = data if isinstance(data, (list, tuple)) else [data]
        return [super(SeveralFilesField, self).clean(one, initial) for one in given or [None]]


class ScanForm(forms.Form):
    """Files in the order of the binder. An empty one is refused by the service, which says so."""

    papers = SeveralFilesField(
        label=_("PDF, JPEG or PNG files"),
        allow_empty_file=True,
        max_length=200,
        help_text=_("In the order of the binder, up to 50 MB each. Readers are shown pictures of the pages."),
        widget=SeveralFiles(attrs={"class": "form-control", "accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    paper = forms.ChoiceField(label=_("Which paper is it?"), required=False)
    first_page = forms.IntegerField(
        label=_("Number on the first numbered page"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Empty: it follows the upload before."),
    )
    unnumbered = forms.IntegerField(
        label=_("Pages in front without a number"),
        required=False,
        min_value=0,
        max_value=MOST_PAGES,
        help_text=_("Cover and index, for example."),
    )
    declared = forms.BooleanField(
        label=_("I have looked: no minor is named, no hearing was closed, nothing is secret."), required=False
    )

    def __init__(self, *args: Any, titles: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paper = self.fields["paper"]
        assert isinstance(paper, forms.ChoiceField)  # noqa: S101 - tells the type checker what is declared above
        paper.choices = [("", _("several papers, or the whole file")), *titles.items()]
        paper.widget.attrs["class"] = "form-select"
        for name in ("first_page", "unnumbered"):
            self.fields[name].widget.attrs["class"] = "form-control page-input"
        self.fields["declared"].widget.attrs["class"] = "form-check-input"

    def uploads(self) -> list[Upload]:
        """What the service takes: numbers typed hold for the first file, the others follow it."""
        values = self.cleaned_data
        return [
            Upload(
                stream=file.file,
                size=file.size,
                name=file.name,
                paper=values["paper"],
                first_page=values["first_page"] if at == 0 else None,
                unnumbered=(values["unnumbered"] or 0) if at == 0 else 0,
            )
            for at, file in enumerate(values["papers"])
        ]


def ground_typed(given: str) -> PaperGround:
    """:raises InvalidInput: nothing that could be the reason was chosen."""
    if given not in PaperGround.values:
        raise InvalidInput(_("Say why the file must not be copied."), field="ground")
    return PaperGround(given)
