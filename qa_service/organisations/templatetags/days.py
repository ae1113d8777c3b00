"""`{{ centre|today_at:now }}`: on a list of several centres what is late depends on what day it is at each."""

from datetime import date, datetime

from django import template

from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at as day_at

register = template.Library()


@register.filter
def today_at(centre: Organisation, moment: datetime) -> date:
    """The day of the moment where the centre is; fetch `settings` with the centres of a list."""
    return day_at(centre, moment)
