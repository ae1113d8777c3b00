"""What a reader is told who holds fewer files than before by their own word."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews.models import Assignment


def say_what_went_back(request: HttpRequest, rows: Sequence[Assignment]) -> None:
    """How many files of that lawyer or firm they held, and which; nothing where there were none."""
    if not rows:
        return
    text = ngettext(
        "%(count)s file of theirs that you held went back to the managers: %(cases)s.",
        "%(count)s files of theirs that you held went back to the managers: %(cases)s.",
        len(rows),
    )
    messages.info(request, text % {"count": len(rows), "cases": _(", ").join(row.case.number for row in rows)})
