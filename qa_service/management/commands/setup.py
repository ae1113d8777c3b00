"""`manage.py setup`: a real centre's first day. Asks at the terminal what the flags did not say."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.management.base import CommandError
from django.core.validators import slug_re
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service import founding
from qa_service.checks import refuse_to_text_wrongly
from qa_service.common.commands import OperatorCommand
from qa_service.common.errors import DomainError
from qa_service.common.retelling import SLUG

GATEWAYS: Final = ("none", "twilio", "aliyun")


def words(answer: str) -> str:
    if not answer:
        raise ValueError(_("an answer is needed"))
    return answer


def short_code(answer: str) -> str:
    if not slug_re.match(answer):
        raise ValueError(_(SLUG))
    return answer


def zone(answer: str) -> str:
    try:
        return ZoneInfo(answer).key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(_("not a time zone, e.g. Asia/Shanghai")) from error


def day(answer: str) -> date:
    try:
        return date.fromisoformat(answer)
    except ValueError as error:
        raise ValueError(_("not a date, e.g. 2026-12-01")) from error


def gateway(answer: str) -> str:
    if answer not in GATEWAYS:
        raise ValueError(_("one of %(names)s") % {"names": ", ".join(GATEWAYS)})
    return answer


@dataclass(frozen=True)
class Question:
    flag: str
    prompt: Any
    read: Callable[[str], Any] = words
    default: Callable[[], str] | None = None

    @property
    def key(self) -> str:
        return self.flag.replace("-", "_")


QUESTIONS: Final = (
    Question("bureau-name", gettext_lazy("Name of the bureau above the centre")),
    Question("bureau-code", gettext_lazy("A short code for the bureau (letters and digits)"), short_code),
    Question("centre-name", gettext_lazy("Name of the legal aid centre")),
    Question("centre-code", gettext_lazy("A short code for the centre"), short_code),
    Question("document-prefix", gettext_lazy("Prefix of the centre's document numbers (such as 临援)")),
    Question("office-phone", gettext_lazy("Telephone of the centre, named in texts to clients")),
    Question("time-zone", gettext_lazy("Time zone"), zone, lambda: settings.TIME_ZONE),
    Question(
        "go-live-on",
        gettext_lazy("Clients are asked about cases closed on or after (year-month-day)"),
        day,
        lambda: timezone.localdate().isoformat(),
    ),
    Question("gateway", gettext_lazy("Gateway for texts (none, twilio, aliyun)"), gateway, lambda: "none"),
    Question("username", gettext_lazy("User name of the first administrator")),
    Question("display-name", gettext_lazy("Their name as others see it")),
)


class Command(OperatorCommand):
    help = gettext_lazy(
        "Found a real centre: bureau, centre, first administrator, default questionnaires and checklists."
    )
    requires_system_checks: tuple[str, ...] = ()  # what concerns a first day is refused below, in one sentence

    def add_arguments(self, parser: ArgumentParser) -> None:
        for question in QUESTIONS:
            parser.add_argument(f"--{question.flag}", help=str(question.prompt))
        parser.add_argument("--password-stdin", action="store_true", help=_("read the password from standard input"))
        silent = _("never ask: what is not said takes its default")
        parser.add_argument("--no-input", action="store_true", help=silent)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            founding.refuse_if_founded()
            refuse_to_text_wrongly()
            self.refuse_silence(options)
            answers = {question.key: self.answer(question, options) for question in QUESTIONS}
            user = founding.found_installation(
                bureau_code=answers["bureau_code"],
                bureau_name=answers["bureau_name"],
                centre=founding.Centre(
                    code=answers["centre_code"],
                    name=answers["centre_name"],
                    time_zone=answers["time_zone"],
                    go_live_on=answers["go_live_on"],
                    sms_enabled=answers["gateway"] != "none",
                    office_phone=answers["office_phone"],
                    document_prefix=answers["document_prefix"],
                ),
                administrator=founding.Administrator(
                    username=answers["username"],
                    display_name=answers["display_name"],
                    password=self.password(options),
                ),
                now=timezone.now(),
            )
        except DomainError as refusal:
            asked = [question for question in QUESTIONS if refusal.field and question.key.endswith(refusal.field)]
            named = f"--{asked[0].flag}: " if len(asked) == 1 else ""
            raise CommandError(f"{named}{refusal.message}") from refusal
        told = _("%(centre)s is set up; %(user)s may sign in.")
        self.stdout.write(told % {"centre": answers["centre_name"], "user": user.username})
        if answers["gateway"] != "none" and answers["gateway"] != settings.SMS_GATEWAY:
            told = _(
                "Texts go out once SMS_GATEWAY=%(gateway)s and its account stand in the environment "
                "(docs/operation.md)."
            )
            self.stdout.write(told % {"gateway": answers["gateway"]})
        self.stdout.write(_("Start the service with: manage.py serve"))

    def refuse_silence(self, options: dict[str, Any]) -> None:
        """Where nobody can be asked, all that is missing is named at once."""
        if sys.stdin.isatty() and not options["no_input"]:
            return
        missing = [each.flag for each in QUESTIONS if not (options[each.key] or "").strip() and each.default is None]
        if missing:
            flags = _(", ").join(f"--{flag}" for flag in missing)
            raise CommandError(_("%(flags)s: an answer is needed") % {"flags": flags})

    def answer(self, question: Question, options: dict[str, Any]) -> Any:
        """The flag's value, or the person's, or the default. A wrong flag ends it; a wrong answer is asked again."""
        given: str | None = options[question.key]
        may_ask = not options["no_input"] and sys.stdin.isatty() and given is None
        default = question.default() if question.default else ""
        while True:
            if may_ask:
                given = input(f"{question.prompt}{f' [{default}]' if default else ''}: ")
            try:
                return question.read((given or "").strip() or default)
            except ValueError as error:
                if not may_ask:
                    raise CommandError(f"--{question.flag}: {error}") from error
                self.stderr.write(f"  {error}")

    def password(self, options: dict[str, Any]) -> str:
        if options["password_stdin"]:
            return sys.stdin.readline().rstrip("\n")
        if options["no_input"] or not sys.stdin.isatty():
            text = _("--password-stdin: the password comes from standard input when nobody can be asked")
            raise CommandError(text)
        first = getpass.getpass(_("Password (10 characters or more): "))
        if first != getpass.getpass(_("The same again: ")):
            raise CommandError(_("The two passwords differ; nothing was changed."))
        return first
