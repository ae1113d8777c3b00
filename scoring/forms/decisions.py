"""What people type when they decide."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.common.fields import DayField
from scoring.enums import AppealState, Outcome, ReferralAnswer


class Words(forms.CharField):
    """What people write at length. A browser cuts pasted text at `maxlength` without a word: here it comes whole, and
    what is too long is refused with the text still in its box."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs

    def to_python(self, value: object) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


AREA = forms.Textarea(attrs={"rows": 4})


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Decision"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = Words(label=_("Reasons"), widget=AREA, max_length=2000)


class ReasonForm(forms.Form):
    reason = Words(label=_("Reason"), widget=AREA, max_length=2000)


class WithdrawalForm(ReasonForm):
    """`anew` is offered where another notice can be issued in the place of this one."""

    anew = forms.BooleanField(
        label=_("Only what the paper says is wrong: the decision stands, and another notice is issued in its place"),
        required=False,
    )

    def __init__(self, *args: Any, offered: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not offered:
            del self.fields["anew"]


class DecisionPaperForm(forms.Form):
    """May stay as it is."""

    own_number = forms.CharField(
        label=_("Number given by the bureau's office"),
        required=False,
        max_length=40,
        help_text=_(
            "Leave it empty for the next number of the centre's own series. A number entered here is printed instead "
            "and uses none of the series."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "zh-CN"}),
    )


class IssueForm(DecisionPaperForm):
    """Both may stay as they are. Only a circular has a title that breaks."""

    title = Words(
        label=_("Title, one line each"),
        required=False,
        max_length=300,
        help_text=_("Break the lines by sense: wide in the middle, or growing downwards. The words stay."),
        widget=forms.Textarea(attrs={"rows": 4, "lang": "zh-CN", "class": "title-breaks"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        title_lines: tuple[str, ...] = (),
        numbered_by_office: bool = False,
    ) -> None:
        """`title_lines`: the standard ones; none for a paper without a title to break. `numbered_by_office`: it is the
        bureau's own, and no series counts for it."""
        super().__init__(data, initial={"title": "\n".join(title_lines)})
        if not title_lines:
            del self.fields["title"]
        if numbered_by_office:
            number = self.fields["own_number"]
            number.required, number.widget.is_required = True, True
            number.help_text = _(
                "The letter is the bureau's: its office gives the number, written as 临司函〔2026〕17号."
            )


class StatementForm(forms.Form):
    text = Words(label=_("Your statement"), widget=forms.Textarea(attrs={"rows": 8}), max_length=5000)


class ServiceForm(forms.Form):
    """For a lawyer who has no account and is handed the paper; whether the day is needed, the service knows."""

    served_on = DayField(
        label=_("Day on which the lawyer received the paper"),
        widget=forms.DateInput(attrs={"type": "date", "required": True}),
        required=False,
    )


class KeyedStatementForm(forms.Form):
    received_on = DayField(
        label=_("Day on which the answer was received"),
        widget=forms.DateInput(attrs={"type": "date", "required": True}),
        required=False,
    )
    text = Words(label=_("What the lawyer answered, in their words"), widget=AREA, max_length=5000)


class AppealForm(forms.Form):
    text = Words(label=_("Why you appeal"), widget=forms.Textarea(attrs={"rows": 8}), max_length=5000)


class KeyedAppealForm(forms.Form):
    received_on = DayField(
        label=_("Day on which the appeal was received"),
        widget=forms.DateInput(attrs={"type": "date", "required": True}),
        required=False,
    )
    text = Words(label=_("Why the lawyer appeals, in their words"), widget=AREA, max_length=5000)


class AppealAnswerForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            (AppealState.UPHELD.value, _("Uphold: the notice is withdrawn")),
            (AppealState.DISMISSED.value, _("Dismiss")),
        ],
        widget=forms.RadioSelect,  # nothing is chosen before somebody chooses
    )
    answer = Words(label=_("Reasons"), widget=AREA, max_length=2000)
    reread = forms.BooleanField(
        label=_("Have the file read once more"),
        required=False,
        help_text=_(
            "Where an upheld appeal puts the marks themselves in question: file review names a further reader."
        ),
    )


class TaskForm(forms.Form):
    note = Words(label=_("What you saw done"), widget=AREA, max_length=2000)


class ReturnForm(forms.Form):
    note = Words(label=_("What is still missing"), widget=AREA, max_length=2000)


class ReportForm(forms.Form):
    """What the lawyer did: words, a paper, or both."""

    text = Words(
        label=_("What was done, and when"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        required=False,
        help_text=_("Do not name the client."),
    )
    paper = forms.FileField(
        label=_("A paper that shows it"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text=_("One PDF, JPEG or PNG file of at most 10 MB. Words, a paper, or both."),
    )


class KeyedReportForm(ReportForm):
    received_on = DayField(
        label=_("Day on which the report was received"),
        widget=forms.DateInput(attrs={"type": "date", "required": True}),
        required=False,
    )
    field_order = ("received_on", "text", "paper")


class ReferralForm(forms.Form):
    addressee = forms.CharField(label=_("Authority to which it is referred"), max_length=100)
    reference = forms.CharField(label=_("Number of the letter"), max_length=60, required=False)
    sent_on = DayField(
        label=_("Day on which the letter left"), widget=forms.DateInput(attrs={"type": "date", "required": True})
    )


class AnswerForm(forms.Form):
    """What the authority answered a referral; the second half is for a suspension that it imposed."""

    answer = forms.ChoiceField(label=_("Answer"), choices=ReferralAnswer.choices, widget=forms.RadioSelect)
    answered_on = DayField(
        label=_("Day of the answer"), widget=forms.DateInput(attrs={"type": "date", "required": True})
    )
    reference = forms.CharField(label=_("Number of the authority's document"), max_length=60, required=False)


class SuspensionForm(AnswerForm):
    legal_basis = forms.CharField(
        label=_("Legal basis that the authority names"),
        max_length=300,
        required=False,
        help_text=_("Only where the authority suspends assignments, as are the days."),
    )
    starts_on = DayField(label=_("Suspended from"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    ends_on = DayField(
        label=_("Suspended until, this day included"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )


class PanelForm(forms.Form):
    """Who of those who decide may be chosen is given by the page; others are named."""

    held_on = DayField(
        label=_("Day on which the panel met"), widget=forms.DateInput(attrs={"type": "date", "required": True})
    )
    members = forms.ModelMultipleChoiceField(
        label=_("Who attended"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    others = Words(
        label=_("Others who attended, one name a line"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
        help_text=_("Three people or more make a panel."),
    )
    minutes = Words(
        label=_("Minutes of the panel"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        help_text=_("What was advised, and why. Do not name the client."),
    )

    def __init__(self, data: QueryDict | None = None, *, people: QuerySet[User]) -> None:
        super().__init__(data)
        cast("forms.ModelMultipleChoiceField[User]", self.fields["members"]).queryset = people

    def clean_others(self) -> list[str]:
        return str(self.cleaned_data["others"]).splitlines()


class VerifyForm(forms.Form):
    code = forms.CharField(label=_("Verification code"), max_length=20)
