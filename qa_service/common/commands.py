"""What the operator's commands share: one language a run, the terminal's, and a sentence where tables are missing."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser, SystemCheckError
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation
from django.utils.translation import gettext as _


class OperatorCommand(BaseCommand):
    """Everything it says, help and refusals included, is said in `CONSOLE_LANGUAGE`."""

    _called_from_command_line: bool  # Django's own mark, which its stubs leave out
    help: Any = ""  # lazy: read when the help is printed

    def run_from_argv(self, argv: list[str]) -> None:
        with translation.override(settings.CONSOLE_LANGUAGE):
            super().run_from_argv(argv)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        with translation.override(settings.CONSOLE_LANGUAGE):
            self.help = str(self.help)
            return super().create_parser(prog_name, subcommand, **kwargs)

    def execute(self, *args: Any, **options: Any) -> str | None:
        with translation.override(settings.CONSOLE_LANGUAGE):
            try:
                return self._carried_out(*args, **options)
            except CommandError as refused:
                if not self._called_from_command_line or options["traceback"] or isinstance(refused, SystemCheckError):
                    raise
                self.stderr.write(str(refused))  # the sentence alone: Django would put the error's class before it
                sys.exit(refused.returncode)

    def _carried_out(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except DatabaseError as error:
            if MigrationRecorder(connection).has_table():
                raise
            raise CommandError(_("The database is still empty: run manage.py migrate first.")) from error
