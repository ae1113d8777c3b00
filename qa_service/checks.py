"""What `manage.py check --deploy` says beyond Django: settings that would hurt a client or fail too late."""

from collections.abc import Callable, Sequence
from functools import wraps
from importlib.util import find_spec
from ipaddress import ip_network
from typing import Any, Final

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Info, Tags, register
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from qa_service.documents.fonts import fonts_ready
from qa_service.health import stopped_midway
from qa_service.notifications.services import mail_is_sent
from qa_service.organisations.models import CalendarYear, CentreSettings, Organisation
from qa_service.organisations.queries import calendar_year_wanted, holds_demo_data
from surveys.lint import faults
from surveys.pacing import Rate
from surveys.sms import KNOWN

Apps = Sequence[AppConfig] | None
GATEWAY_SETTINGS: Final = {
    "twilio": ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_MESSAGING_SERVICE_SID"),
    "aliyun": (
        "ALIYUN_ACCESS_KEY_ID",
        "ALIYUN_ACCESS_KEY_SECRET",
        "ALIYUN_SMS_SIGN_NAME",
        "ALIYUN_SMS_TEMPLATES",
        "ALIYUN_CALLBACK_TOKEN",
    ),
}
REAL_GATEWAYS: Final = frozenset(GATEWAY_SETTINGS)
ALIYUN_SDK: Final = "alibabacloud_dysmsapi20170525"
SHORTEST_KEY: Final = 32
# A request may leave in the first half of a claim, and takes up to twice the time allowed for each of its steps.
LEASE_IN_TIMEOUTS: Final = 4


def spoken(check: Callable[..., list[CheckMessage]]) -> Callable[..., list[CheckMessage]]:
    """What `serve` and `setup` refuse with too is said in the terminal's language, as all of their sentences are."""

    @wraps(check)
    def in_the_terminal_s_language(*given: Any, **named: Any) -> list[CheckMessage]:
        with translation.override(settings.CONSOLE_LANGUAGE):
            return check(*given, **named)

    return in_the_terminal_s_language


@register(Tags.security, deploy=True)
def keys_are_strong_and_apart(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001 - Django's call
    found: list[CheckMessage] = []
    if len(settings.INDEX_KEY) < SHORTEST_KEY:
        found.append(Error(f"INDEX_KEY has fewer than {SHORTEST_KEY} characters.", id="shell.E001"))
    if not settings.ENCRYPTION_KEYS or not all(map(_is_fernet_key, settings.ENCRYPTION_KEYS)):
        hint = (
            "Make one with: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
        )
        found.append(Error("ENCRYPTION_KEYS must hold Fernet keys, the newest first.", hint=hint, id="shell.E002"))
    if len({settings.SECRET_KEY, settings.INDEX_KEY, *settings.ENCRYPTION_KEYS}) < 2 + len(settings.ENCRYPTION_KEYS):
        found.append(Error("SECRET_KEY, INDEX_KEY and ENCRYPTION_KEYS must differ from each other.", id="shell.E003"))
    return found


@register(Tags.security)
@spoken
def gateway_is_known(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """A name that is none would be found out by the first text, long after the start."""
    if settings.SMS_GATEWAY in {"", *KNOWN}:
        return []
    told = _(
        "SMS_GATEWAY=%(gateway)s is no gateway: leave it empty, or name one that docs/gateways.md lists: %(names)s."
    )
    names = _(", ").join(sorted(REAL_GATEWAYS))
    return [Error(told % {"gateway": settings.SMS_GATEWAY, "names": names}, id="shell.E015")]


@register(Tags.security)
@spoken
def gateway_is_complete(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """A gateway that is half configured would take texts in and sign nothing."""
    if settings.SMS_GATEWAY not in REAL_GATEWAYS:
        return []
    found: list[CheckMessage] = []
    if missing := [name for name in GATEWAY_SETTINGS[settings.SMS_GATEWAY] if not getattr(settings, name)]:
        told = _("SMS_GATEWAY=%(gateway)s needs %(names)s (docs/gateways.md).")
        said = told % {"gateway": settings.SMS_GATEWAY, "names": _(", ").join(missing)}
        found.append(Error(said, id="shell.E004"))
    if not settings.PUBLIC_BASE_URL.startswith("https://"):
        message = _("PUBLIC_BASE_URL must be the https address that the provider calls.")
        found.append(Error(message, id="shell.E005"))
    if settings.DEMO:
        message = _("The demo's people are invented: DEMO refuses a gateway that reaches real telephones.")
        found.append(Error(message, id="shell.E006"))
    return found


@register(Tags.security)
@spoken
def texts_leave_at_a_possible_rate(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    found: list[CheckMessage] = []
    try:
        Rate.of(segments_per_second=settings.SMS_SEGMENTS_PER_SECOND, burst=settings.SMS_SEGMENT_BURST)
    except ValueError:
        message = _("SMS_SEGMENTS_PER_SECOND needs at most three decimals, and SMS_SEGMENT_BURST at least 1.")
        found.append(Error(message, id="shell.E012"))
    if settings.SMS_IN_FLIGHT < 1:
        found.append(Error(_("SMS_IN_FLIGHT must be at least 1."), id="shell.E013"))
    if settings.SMS_LAST_HAND_OVER_MINUTES < 0:
        message = _("SMS_LAST_HAND_OVER_MINUTES must be at least 0.")
        hint = _("Else texts leave after the hours in which they may arrive.")
        found.append(Error(message, hint=hint, id="shell.E017"))
    if settings.SMS_LEASE_SECONDS < LEASE_IN_TIMEOUTS * settings.SMS_TIMEOUT_SECONDS:
        message = _("SMS_LEASE_SECONDS must be at least %(times)d times SMS_TIMEOUT_SECONDS.")
        hint = _("Else a text is looked for, and perhaps sent again, while the first request is still on its way.")
        found.append(Error(message % {"times": LEASE_IN_TIMEOUTS}, hint=hint, id="shell.E014"))
    return found


@register(Tags.security)
@spoken
def aliyun_is_safe(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """It pushes without a signature, and puts a name of the operator's choice before every text."""
    if settings.SMS_GATEWAY != "aliyun":
        return []
    found: list[CheckMessage] = []
    if 0 < len(settings.ALIYUN_CALLBACK_TOKEN) < SHORTEST_KEY:
        message = _("ALIYUN_CALLBACK_TOKEN has fewer than %(least)d characters: it is all that guards the pushes.")
        hint = _("Make one with: %(command)s") % {
            "command": "python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        }
        found.append(Error(message % {"least": SHORTEST_KEY}, hint=hint, id="shell.E008"))
    if faults(settings.ALIYUN_SMS_SIGN_NAME):
        message = _("ALIYUN_SMS_SIGN_NAME tells a stranger with the telephone in hand what the matter was about.")
        found.append(Error(message, hint=_("Choose a neutral name, e.g. 服务回访."), id="shell.E009"))
    if not all(map(_is_network, settings.ALIYUN_CALLBACK_NETWORKS)):
        found.append(Error(_("ALIYUN_CALLBACK_NETWORKS must hold addresses or networks."), id="shell.E010"))
    if find_spec(ALIYUN_SDK) is None:
        hint = "pip install --require-hashes -r requirements/production.lock"
        found.append(Error(_("SMS_GATEWAY=aliyun needs its SDK."), hint=hint, id="shell.E011"))
    return found


def refuse_to_text_wrongly() -> None:
    """What sends no text, or sends it wrongly, is said before the start: later only a log of the worker would.

    :raises CommandError: the gateway that a real centre names cannot be used; says all that is wrong at once.
    """
    if settings.SMS_GATEWAY == "handset":
        text = _(
            "SMS_GATEWAY=handset shows every text on a page and runs in the demo alone: "
            "leave it empty, or name a gateway that docs/gateways.md lists."
        )
        raise CommandError(text)
    looks = (gateway_is_known, gateway_is_complete, texts_leave_at_a_possible_rate, aliyun_is_safe)
    if said := [str(fault.msg) for look in looks for fault in look(None)]:
        raise CommandError(" ".join(said))


@register(Tags.database)
@spoken
def migrations_can_go_on(
    app_configs: Apps,  # noqa: ARG001
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    if not databases or not stopped_midway(MigrationLoader(connection)):
        return []
    message = _(
        "This database stopped in the middle of earlier migrations, which this version no longer has: let the version "
        "from before finish them (docs/operation.md, Upgrade), or take an empty data folder or database."
    )
    return [Error(message, id="shell.E016")]


def refuse_to_migrate_halfway() -> None:
    """:raises CommandError: what is missing between this database and the present migrations exists no longer."""
    for fault in migrations_can_go_on(None, databases=[connection.alias]):
        raise CommandError(str(fault.msg))


@register(Tags.database)
def demo_people_are_never_texted(
    app_configs: Apps,  # noqa: ARG001
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Reads the database, so it runs with `check --database default` and before every migration."""
    if databases and settings.SMS_GATEWAY in REAL_GATEWAYS and _table_exists() and holds_demo_data():
        message = f"This database holds the demo county; it refuses SMS_GATEWAY={settings.SMS_GATEWAY}."
        return [Error(message, hint="Start a real centre on an empty database.", id="shell.E007")]
    return []


@register(Tags.database)
def calendar_reaches_far_enough(
    app_configs: Apps,  # noqa: ARG001
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Terms in working days end with an error in a year whose notice is missing; from October the next one is due."""
    year = calendar_year_wanted(today=timezone.localdate()) if databases and _table_exists() else None
    if year is None or not Organisation.objects.exists():
        return []
    hint = "Import the official notice: manage.py import_calendar FILE (columns day,is_workday,name)."
    return [checks.Warning(f"The working-day calendar has no {year}.", hint=hint, id="shell.W002")]


@register(Tags.database)
def a_wrong_code_tells_a_number(
    app_configs: Apps,  # noqa: ARG001
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Of several offices none can be named where a code tells nothing, and the client would find no number there."""
    if settings.PUBLIC_HELP_PHONE or not databases or not _table_exists():
        return []
    numbers = CentreSettings.objects.exclude(office_phone="").values("office_phone").distinct().count()
    if numbers < 2:  # noqa: PLR2004 - several offices
        return []
    message = f"{numbers} offices have each their own number: the page of a wrong or old code shows a client none."
    hint = "Set PUBLIC_HELP_PHONE to a number that is answered for all of them (docs/operation.md)."
    return [checks.Warning(message, hint=hint, id="shell.W003")]


@register(deploy=True)
def mail_has_a_server(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    if mail_is_sent():
        return []
    return [
        Info("EMAIL_HOST is empty: notices to people with accounts are shown in the service alone.", id="shell.I002")
    ]


@register("documents", deploy=True)
def fonts_are_ready(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    if fonts_ready():
        return []
    message = "The fonts of documents are not prepared yet; the first notice will wait for them (manage.py fonts)."
    return [Info(message, id="shell.I001")]


@register(Tags.security, deploy=True)
def addresses_are_named(app_configs: Apps, **_kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    if "*" in settings.ALLOWED_HOSTS:
        return [checks.Warning("ALLOWED_HOSTS=* accepts links that name any host.", id="shell.W001")]
    return []


def _is_network(network: str) -> bool:
    try:
        ip_network(network, strict=False)
    except ValueError:
        return False
    return True


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _table_exists() -> bool:
    """Before the first migration there is nothing to look into."""
    return {CentreSettings._meta.db_table, CalendarYear._meta.db_table} <= set(connection.introspection.table_names())
