"""What people type about keeping and erasing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa_service.privacy.queries.terms import Kept


class TermForm(forms.Form):
    days = forms.IntegerField(label=_("Days"), required=False)

    def __init__(self, *args: Any, kept: Kept, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        term = kept.rule.term
        if term is None:
            return
        field = self.fields["days"]
        field.help_text = _(
            "%(shortest)d to %(longest)d. Empty: as the place above says, else the default of %(days)d."
        ) % {"shortest": term.shortest, "longest": term.longest, "days": term.days}
        field.widget.attrs |= {"min": term.shortest, "max": term.longest, "inputmode": "numeric"}
