"""`manage.py fonts`: make ready the faces that documents are drawn with, and say which role has which."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service.common.commands import OperatorCommand
from qa_service.documents import fonts
from qa_service.documents.official_faces import fetch_official


class Command(OperatorCommand):
    help = gettext_lazy(
        "Prepare the fonts of documents (once, some seconds). With --official, also fetch the free faces "
        "nearest to the official look, where npm and apt are at hand. A site's licensed faces go into FONTS_DIR."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--official", action="store_true", help=_("fetch the faces of the official look too"))

    def handle(self, *_args: Any, official: bool, **_options: Any) -> None:
        folders = fonts.configured_folders()
        if not fonts.fonts_ready(folders):
            self.stdout.write(_("Preparing Noto Sans SC…"))
            fonts.prepare_fonts(folders)
        if official and (missing := fetch_official(folders, self.stdout.write)):
            told = _("Still without a face of their own: %(roles)s. Noto Sans SC stands in.")
            self.stderr.write(told % {"roles": ", ".join(missing)})
        for role, files in fonts.candidates(folders).items():
            self.stdout.write(f"{role:8} {files[0]}")
