from django.db import models
from django.utils.translation import gettext_lazy as _


class Cause(models.TextChoices):
    """Why something was erased."""

    TERM = "term", _("Its time was over")
    NAMED = "named", _("It named somebody whose data was erased")
    REQUEST = "request", _("The person asked for it")
