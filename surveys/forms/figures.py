"""Of whom the figures of asking speak: filters that live in the address."""

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from qa_service.cases.forms.closed_cases import ClosedCasesForm
from surveys.enums import Occasion
from surveys.models.conversations import CLOSING_WAVE, STAFF_ROLES
from surveys.queries.figures.scope import Choice


class FiguresForm(ClosedCasesForm):
    readers = STAFF_ROLES

    @property
    def choice(self) -> Choice:
        """Of a form found valid."""
        return self._choice(CLOSING_WAVE)

    def _choice(self, wave: str) -> Choice:
        cases = self.cases
        return Choice(centre_id=cases.centre_id, period=cases.period, case_type=cases.case_type, wave=wave)


class FunnelForm(FiguresForm):
    """Also: which follow-up. Empty: that after closing."""

    wave = forms.ChoiceField(
        label=gettext_lazy("Follow-up"),
        required=False,
        choices=[("", pgettext_lazy("wave", "After the case closed")), *Occasion.choices],
    )

    @property
    def choice(self) -> Choice:
        return self._choice(self.cleaned_data["wave"] or CLOSING_WAVE)


class AnswersForm(FiguresForm):
    """Also: which questionnaire. Empty: the one that was answered most."""

    questionnaire = forms.SlugField(label=gettext_lazy("Questionnaire"), required=False, widget=forms.Select)

    def offer(self, chosen: tuple[str, str], others: tuple[tuple[str, str], ...]) -> None:
        """The questionnaires that were answered in this choice, as (short name, title)."""
        self.fields["questionnaire"].widget.choices = [each for each in (chosen, *others) if each[0]]
