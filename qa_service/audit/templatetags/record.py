"""`{{ entry.action|act }}` and `{{ entry|who }}`: the record in words, for pages."""

from typing import Protocol

from django import template

from qa_service.audit.wording import act_in_words, who_in_words

register = template.Library()


class Recorded(Protocol):
    """An entry of the record, or a row that keeps who made it in the same way."""

    actor_id: str
    actor_label: str


@register.filter
def act(action: str) -> str:
    return act_in_words(action)


@register.filter
def who(row: Recorded) -> str:
    return who_in_words(row.actor_id, row.actor_label)
