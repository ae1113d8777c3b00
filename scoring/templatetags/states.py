"""`{{ proposal|state_told }}`: what became of it, its notice taken back included."""

from django import template

from scoring.queries.proposals import state_in_words

register = template.Library()
register.filter("state_told", state_in_words)
