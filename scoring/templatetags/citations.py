"""`{{ rule.legal_basis|cited }}`: what a default rule rests on, in the reader's language; other words stay."""

from django import template

from scoring.wording import CITED

register = template.Library()


@register.filter
def cited(words: str) -> str:
    return str(CITED.get(words, words))
