"""One machine, one command: SQLite, files on disk, keys made at the first start and kept in the data folder."""

from django.core.exceptions import ImproperlyConfigured

from qa_service import broker
from qa_service.settings.base import *  # noqa: F403
from qa_service.settings.base import (
    CELERY_BROKER_URL,
    CONSOLE_LANGUAGE,
    DATA_DIR,
    ENCRYPTION_KEYS,
    INDEX_KEY,
    SECRET_KEY,
)
from qa_service.settings.keys import kept_keys

BROKER_FOLDER = DATA_DIR / "broker"
try:
    if not (SECRET_KEY and ENCRYPTION_KEYS and INDEX_KEY):
        _kept = kept_keys(DATA_DIR / "keys.json")
        SECRET_KEY = SECRET_KEY or _kept["SECRET_KEY"]
        ENCRYPTION_KEYS = ENCRYPTION_KEYS or [_kept["ENCRYPTION_KEY"]]
        INDEX_KEY = INDEX_KEY or _kept["INDEX_KEY"]
    if not CELERY_BROKER_URL:
        CELERY_BROKER_URL = f"{broker.SCHEME}://localhost//"
        CELERY_BROKER_TRANSPORT_OPTIONS = dict(broker.transport_options(folder=BROKER_FOLDER))
except OSError as error:
    # No catalogue can be read yet.
    message = (
        f"数据文件夹{DATA_DIR}不可写（{error.strerror}）：请将DATA_DIR设为可写的文件夹。"
        if CONSOLE_LANGUAGE == "zh-hans"
        else f"The data folder {DATA_DIR} cannot be written ({error.strerror}): set DATA_DIR to one that can."
    )
    raise ImproperlyConfigured(message) from error
