"""The celery application: rows are the queue, celery is the muscle."""

import os

from celery import Celery

from qa_service import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qa_service.settings.embedded")

broker.register()
app = Celery("qa_service")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
