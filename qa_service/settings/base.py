"""Everything the service is configured by. Each environment variable is described in docs/operation.md."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

env = environ.FileAwareEnv()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

SECRET_KEY = env.str("SECRET_KEY", default="")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
ALLOWED_HOSTS_GIVEN = bool(ALLOWED_HOSTS)  # else `serve` adds where it listens
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default="").rstrip("/")
PUBLIC_BASE_URL_GIVEN = bool(PUBLIC_BASE_URL)  # else `serve` says where it listens
PUBLIC_BASE_URL = PUBLIC_BASE_URL or "http://127.0.0.1:8000"
# For whoever has a wrong link or code, of which nobody can say from which of several offices it came.
PUBLIC_HELP_PHONE = env.str("PUBLIC_HELP_PHONE", default="").strip()
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# Demo: a county with invented people, the handset gateway, accounts whose password is printed.
DEMO = env.bool("DEMO", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_include_bootstrap",
    "treebeard",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "axes",
    "qa_service.apps.ShellConfig",
    "qa_service.common",
    "qa_service.audit",
    "qa_service.files",
    "qa_service.documents",
    "qa_service.organisations",
    "qa_service.accounts",
    "qa_service.notifications",
    "qa_service.cases",
    "surveys",
    "reviews",
    "scoring",
    "qa_service.privacy",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "qa_service.common.middleware.NulMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "qa_service.common.middleware.DomainErrorMiddleware",
    "qa_service.common.middleware.UnreadableMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "qa_service.homes.OnlySentTo",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "qa_service.accounts.middleware.IdleSessionMiddleware",
    "qa_service.accounts.middleware.OwnPasswordMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "qa_service.urls"
WSGI_APPLICATION = "qa_service.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qa_service.homes.navigation",
            ],
        },
    },
]

# Without recursive triggers REPLACE would write over a row past the guard that forbids to delete it.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
    ),
}


def database(url: str) -> dict[str, object]:
    """Turn a database URL into Django's dictionary, with the options that were measured to hold under load."""
    config: dict[str, object] = dict(env.db_url_config(url))
    if str(config["ENGINE"]).endswith("sqlite3"):
        config["OPTIONS"] = SQLITE_OPTIONS
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return config


DATABASES = {"default": database(env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'service.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "qa_service.accounts.backends.AccountBackend",
    # Asked for no password, since the one above has the last word: it knows the sessions that began before an upgrade.
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60  # the longest; unused sessions end sooner (qa_service.accounts.middleware)
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "qa_service.accounts.views.own.csrf_failure"

# Sign-in throttling: five wrong passwords for one name from one address, one quarter of an hour's wait; beyond the
# limits of a name and of an address, whatever the other, one try a minute.
AXES_FAILURE_LIMIT = env.int("SIGN_IN_FAILURE_LIMIT", default=5)
AXES_COOLOFF_TIME = env.int("SIGN_IN_COOL_OFF_MINUTES", default=15) / 60
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # what was not looked at counts for nothing
AXES_LOCKOUT_CALLABLE = "qa_service.accounts.views.own.locked_out"
AXES_CLIENT_IP_CALLABLE = "qa_service.common.throttle.source_of"
AXES_HANDLER = "qa_service.accounts.brake.SignInBrake"
SIGN_IN_NAME_LIMIT = env.int("SIGN_IN_NAME_LIMIT", default=20)
SIGN_IN_ADDRESS_LIMIT = env.int("SIGN_IN_ADDRESS_LIMIT", default=50)
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_HTTP_RESPONSE_CODE = 429

# --- secrets for personal data: separate keys for reading and for look-up ------------------------------------------
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", default=[])
INDEX_KEY = env.str("INDEX_KEY", default="")

# --- languages and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_ROOMS = ("ground", "surveys", "reviews", "scoring")
LOCALE_PATHS = [BASE_DIR / "qa_service" / "locale" / room for room in LOCALE_ROOMS]
# What the operator's commands speak: the terminal's language where it is ours, else English.
_console = env.str("LC_ALL", default="") or env.str("LC_MESSAGES", default="") or env.str("LANG", default="")
CONSOLE_LANGUAGE = "zh-hans" if _console.lower().startswith("zh") else "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")

# --- static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "qa_service" / "static"]
WHITENOISE_USE_FINDERS = True

# --- files and documents --------------------------------------------------------------------------------------------
MEDIA_ROOT = DATA_DIR / "files"
FONTS_DIR = env.str("FONTS_DIR", default="")
SIGNING_DIR = env.str("SIGNING_DIR", default="")
SIGNING_PASSPHRASE = env.str("SIGNING_PASSPHRASE", default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- headers --------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
# No address of ours is told to another site. Only the client's form goes further: its address is the key, and under
# "no-referrer" browsers name no origin for a form of the site either, so it has a check of its own (client_page).
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- API ------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "qa_service.accounts.api.authentication.ProgramToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "qa_service.common.paging.KeysetPagination",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["qa_service.common.parsing.StorableJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "qa_service.common.api.problem_response",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {"TOKEN_TTL": timedelta(days=env.int("API_TOKEN_DAYS", default=90)), "AUTO_REFRESH": False}
SPECTACULAR_SETTINGS = {
    "TITLE": "Legal aid quality",
    "DESCRIPTION": "Follow-up, file review, scores and notices of a legal-aid centre.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "UnitKindEnum": "scoring.enums.UnitKind",
        "FirmKindEnum": "qa_service.organisations.enums.FirmKind",
        "OrganisationKindEnum": "qa_service.organisations.enums.OrganisationKind",
        "OrganKindEnum": "surveys.enums.OrganKind",
        "RecoveryStateEnum": "surveys.enums.RecoveryState",
        "FindingEnum": "surveys.enums.Finding",
        "ComplaintGroundEnum": "surveys.enums.Ground",
        "ComplaintStateEnum": "surveys.enums.ComplaintState",
        "ComplaintOutcomeEnum": "surveys.enums.ComplaintOutcome",
        "ComplainantEnum": "surveys.enums.Complainant",
        "ReceivedEnum": "surveys.enums.Received",
        "CallOutcomeEnum": "surveys.api.serializers.CALL_OUTCOMES",
        "ErrandOutcomeEnum": "surveys.enums.ErrandOutcome",
        "PersonRequestKindEnum": "qa_service.privacy.enums.RequestKind",
        "ConversationStateEnum": "surveys.enums.ConversationState",
        "DecisionOutcomeEnum": "scoring.enums.Outcome",
        "FileDefectKindEnum": "reviews.enums.DefectKind",
        "CaseTypeEnum": "qa_service.cases.enums.CaseType",
        "NumberOwnerEnum": "qa_service.cases.enums.NumberOwner",
        "TaskKindEnum": ["coaching", "rectification", "training"],
        "TaskStateEnum": ["open", "reported", "done", "ended"],
        "ReviewResultStateEnum": "reviews.enums.ResultState",
        "ScanStateEnum": "reviews.enums.ScanState",
        "NotReadableKindEnum": "reviews.enums.NotReadable",
    },
}

# --- celery: rows are the queue; a lost message costs one sweep's wait ------------------------------------------------
CELERY_BROKER_URL = env.str("BROKER_URL", default="")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.2}
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {"visibility_timeout": 3600}
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Ordered reports that are made at the same moment: fewer than the worker has hands, or sweeps wait behind them.
REPORTS_AT_ONCE = env.int("REPORTS_AT_ONCE", default=1)
# One line a sweep, sorted by name. Each is idempotent and safe to run twice at once; `expires` keeps a stopped
# worker from waking to a heap of stale wake-ups.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "cases.lift_ended_bans": {"task": "cases.lift_ended_bans", "schedule": 600, "options": {"expires": 600}},
    "cases.resume_imports": {"task": "cases.resume_imports", "schedule": 30, "options": {"expires": 30}},
    "notifications.deliver": {"task": "notifications.deliver", "schedule": 60, "options": {"expires": 60}},
    "notifications.deliver_mails": {
        "task": "notifications.deliver_mails",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "privacy.apply_retention": {"task": "privacy.apply_retention", "schedule": 600, "options": {"expires": 600}},
    "privacy.tend_requests": {"task": "privacy.tend_requests", "schedule": 600, "options": {"expires": 600}},
    "reviews.bar_scans": {"task": "reviews.bar_scans", "schedule": 600, "options": {"expires": 600}},
    "reviews.close_gaps": {"task": "reviews.close_gaps", "schedule": 600, "options": {"expires": 600}},
    "reviews.draw_scans": {"task": "reviews.draw_scans", "schedule": 30, "options": {"expires": 30}},
    "reviews.nudge_late": {"task": "reviews.nudge_late", "schedule": 3600, "options": {"expires": 3600}},
    "reviews.put_in_force": {"task": "reviews.put_in_force", "schedule": 600, "options": {"expires": 600}},
    "reviews.take_back": {"task": "reviews.take_back", "schedule": 60, "options": {"expires": 60}},
    "reviews.tell_lawyers": {"task": "reviews.tell_lawyers", "schedule": 600, "options": {"expires": 600}},
    "scoring.close_gaps": {"task": "scoring.close_gaps", "schedule": 600, "options": {"expires": 600}},
    "scoring.deliver_notices": {"task": "scoring.deliver_notices", "schedule": 600, "options": {"expires": 600}},
    "scoring.expire_reports": {"task": "scoring.expire_reports", "schedule": 3600, "options": {"expires": 3600}},
    "scoring.finish_displays": {"task": "scoring.finish_displays", "schedule": 600, "options": {"expires": 600}},
    "scoring.flag_next_files": {
        "task": "scoring.flag_next_files",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "scoring.hand_out_reports": {"task": "scoring.hand_out_reports", "schedule": 15, "options": {"expires": 15}},
    "scoring.mark_due": {"task": "scoring.mark_due", "schedule": 3600, "options": {"expires": 3600}},
    "scoring.pass_steps_on": {"task": "scoring.pass_steps_on", "schedule": 60, "options": {"expires": 60}},
    "scoring.prepare_fonts": {"task": "scoring.prepare_fonts", "schedule": 60, "options": {"expires": 60}},
    "scoring.propose": {"task": "scoring.propose", "schedule": 60, "options": {"expires": 60}},
    "scoring.propose_of_periods": {
        "task": "scoring.propose_of_periods",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "scoring.release_satisfaction": {
        "task": "scoring.release_satisfaction",
        "schedule": 10 if DEMO else 3600,
        "options": {"expires": 3600},
    },
    "scoring.release_voice": {"task": "scoring.release_voice", "schedule": 3600, "options": {"expires": 3600}},
    "scoring.render_notices": {"task": "scoring.render_notices", "schedule": 5, "options": {"expires": 5}},
    "scoring.rescore": {"task": "scoring.rescore", "schedule": 2, "options": {"expires": 2}},
    "scoring.tell_of_reports": {
        "task": "scoring.tell_of_reports",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "shell.heartbeat": {"task": "shell.heartbeat", "schedule": 15, "options": {"expires": 15}},
    "surveys.act_on_forms": {"task": "surveys.act_on_forms", "schedule": 5, "options": {"expires": 5}},
    "surveys.ask_organs": {
        "task": "surveys.ask_organs",
        "schedule": 10 if DEMO else 600,
        "options": {"expires": 600},
    },
    "surveys.blank_at_provider": {
        "task": "surveys.blank_at_provider",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "surveys.catch_up": {"task": "surveys.catch_up", "schedule": 600, "options": {"expires": 600}},
    "surveys.catch_up_deeply": {
        "task": "surveys.catch_up",
        "kwargs": {"deep": True},
        "schedule": 21_600,
        "options": {"expires": 3600},
    },
    "surveys.deliver": {"task": "surveys.deliver", "schedule": 2, "options": {"expires": 2}},
    "surveys.expire": {"task": "surveys.expire", "schedule": 600, "options": {"expires": 600}},
    "surveys.follow_mails": {"task": "surveys.follow_mails", "schedule": 60, "options": {"expires": 60}},
    "surveys.invite": {"task": "surveys.invite", "schedule": 10 if DEMO else 60, "options": {"expires": 60}},
    "surveys.invite_mid_case": {
        "task": "surveys.invite_mid_case",
        "schedule": 10 if DEMO else 300,
        "options": {"expires": 300},
    },
    "surveys.lapse": {"task": "surveys.lapse", "schedule": 600, "options": {"expires": 600}},
    "surveys.reconcile": {"task": "surveys.reconcile", "schedule": 60, "options": {"expires": 60}},
    "surveys.register_findings": {
        "task": "surveys.register_findings",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "surveys.remind": {"task": "surveys.remind", "schedule": 300, "options": {"expires": 300}},
    "surveys.remind_organs": {"task": "surveys.remind_organs", "schedule": 600, "options": {"expires": 600}},
    "surveys.resume_held": {"task": "surveys.resume_held", "schedule": 300, "options": {"expires": 300}},
    "surveys.watch_clocks": {"task": "surveys.watch_clocks", "schedule": 900, "options": {"expires": 900}},
    "surveys.watch_sending": {"task": "surveys.watch_sending", "schedule": 900, "options": {"expires": 900}},
}
if DEMO:
    CELERY_BEAT_SCHEDULE["shell.show_demo_scans"] = {
        "task": "shell.show_demo_scans",
        "schedule": 15,
        "options": {"expires": 15},
    }

# --- text messages --------------------------------------------------------------------------------------------------
SMS_GATEWAY = env.str("SMS_GATEWAY", default="")
# The number of the security assessment under which mainland numbers may be handed to a provider abroad.
EXPORT_ASSESSMENT_REFERENCE = env.str("EXPORT_ASSESSMENT_REFERENCE", default="")
# How long a claimed text may be on its way before its outcome counts as unknown, and the wait between two looks for it.
SMS_LEASE_SECONDS = env.int("SMS_LEASE_SECONDS", default=600)
SMS_LOOK_INTERVAL_SECONDS = env.int("SMS_LOOK_INTERVAL_SECONDS", default=600)
# How long each step of one request to the provider may take; the whole of it at most twice that.
SMS_TIMEOUT_SECONDS = env.float("SMS_TIMEOUT_SECONDS", default=10)
# Through a gateway that cannot be told until when to deliver, how many minutes before the hours of texts end the last
# one is handed over.
SMS_LAST_HAND_OVER_MINUTES = env.int("SMS_LAST_HAND_OVER_MINUTES", default=60)
# How many parts of texts may leave in a second (0: as fast as the provider takes them), and at once after a pause.
SMS_SEGMENTS_PER_SECOND = Decimal(env.str("SMS_SEGMENTS_PER_SECOND", default="0"))
SMS_SEGMENT_BURST = env.int("SMS_SEGMENT_BURST", default=10)
# How many texts one worker has on their way to the provider at once.
SMS_IN_FLIGHT = env.int("SMS_IN_FLIGHT", default=8)
# What one part of a text costs, and in what; unset, prices are said to be unknown.
SMS_SEGMENT_PRICE = Decimal(price) if (price := env.str("SMS_SEGMENT_PRICE", default="")) else None
# What one reply costs us, where the provider charges for it.
SMS_REPLY_PRICE = Decimal(price) if (price := env.str("SMS_REPLY_PRICE", default="")) else None
SMS_PRICE_CURRENCY = env.str("SMS_PRICE_CURRENCY", default="CNY")
TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", default="")
TWILIO_PREVIOUS_AUTH_TOKEN = env.str("TWILIO_PREVIOUS_AUTH_TOKEN", default="")
# Key id to secret, for accounts whose webhooks are signed with SHA-256: `SK1=secret,SK2=secret`.
TWILIO_SIGNING_SECRETS = env.dict("TWILIO_SIGNING_SECRETS", default={})
TWILIO_API_KEY = env.str("TWILIO_API_KEY", default="")
TWILIO_API_SECRET = env.str("TWILIO_API_SECRET", default="")
TWILIO_MESSAGING_SERVICE_SID = env.str("TWILIO_MESSAGING_SERVICE_SID", default="")
# Another address that speaks the same API; empty means Twilio's own.
# After so many days, and as soon as they were erased here, the words of a text go at the provider too; 0: they stay.
BLANK_AT_PROVIDER_AFTER_DAYS = env.int("BLANK_AT_PROVIDER_AFTER_DAYS", default=0)
TWILIO_API_BASE_URL = env.str("TWILIO_API_BASE_URL", default="")
ALIYUN_ACCESS_KEY_ID = env.str("ALIYUN_ACCESS_KEY_ID", default="")
ALIYUN_ACCESS_KEY_SECRET = env.str("ALIYUN_ACCESS_KEY_SECRET", default="")
# What stands in 【】 before every text: approved by the provider, and neutral.
ALIYUN_SMS_SIGN_NAME = env.str("ALIYUN_SMS_SIGN_NAME", default="服务回访")
# Our name of a text to the code of its approved template: `invitation.sms_code=SMS_1,reminder.sms_code=SMS_2`.
ALIYUN_SMS_TEMPLATES = env.dict("ALIYUN_SMS_TEMPLATES", default={})
# The provider signs nothing that it pushes: these stand in the address it is told. The second while they change.
ALIYUN_CALLBACK_TOKEN = env.str("ALIYUN_CALLBACK_TOKEN", default="")
ALIYUN_PREVIOUS_CALLBACK_TOKEN = env.str("ALIYUN_PREVIOUS_CALLBACK_TOKEN", default="")
# Networks from which pushes are taken; empty takes them from anywhere.
ALIYUN_CALLBACK_NETWORKS = env.list("ALIYUN_CALLBACK_NETWORKS", default=[])
ALIYUN_API_BASE_URL = env.str("ALIYUN_API_BASE_URL", default="")

# --- mail to people with accounts -----------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="noreply@localhost")

# --- logs: codes and ids, never a number, a name or a word of a client ---------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"personal": {"()": "qa_service.common.logs.PersonalDataFilter"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["personal"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # At DEBUG urllib3 writes whole addresses: providers' hold telephone numbers and codes.
    "loggers": {"axes": {"level": "WARNING"}, "urllib3": {"level": "INFO"}},
}

# Counters of throttles: one process keeps its own; several need a shared one (production asks for CACHE_URL).
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}
# What stands in a list of choices where none is chosen.
FILTERS_EMPTY_CHOICE_LABEL = pgettext_lazy("filter", "All")
TEST_RUNNER = "django.test.runner.DiscoverRunner"
