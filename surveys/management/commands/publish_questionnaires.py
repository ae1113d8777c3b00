"""`manage.py publish_questionnaires`: after an update, what is new in the questionnaires that come with the service."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service.common.commands import OperatorCommand
from surveys.services.questionnaires.publishing import defaults_held_back, publish_defaults


class Command(OperatorCommand):
    help = gettext_lazy(
        "Publish the new versions of questionnaires that came with an update. Whoever is being asked goes on with the "
        "version they began with, and a version of your own stays. Run again it does nothing."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        published = publish_defaults(now=timezone.now())
        for row in published:
            told = _("%(key)s: version %(version)d is in force for whoever is asked from now on.")
            self.stdout.write(told % {"key": row.key, "version": row.version})
        kept = defaults_held_back()
        for key in kept:
            told = _("%(key)s: a version of your own stands and stays. Add to it what CHANGELOG.md says is new.")
            self.stdout.write(told % {"key": key})
        if not (published or kept):
            self.stdout.write(
                _("Nothing is new: every questionnaire of the service is in force in its latest version.")
            )
