from django import forms


class ReadForm(forms.Form):
    """Up to which moment the page showed notices, and the notice whose sentence is meant; nothing means all."""

    until = forms.DateTimeField(required=False)
    like = forms.UUIDField(required=False)
