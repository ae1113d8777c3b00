"""The shell and the ground of the service."""

from qa_service.celery import app as celery_app

__all__ = ["celery_app"]
