import inspect

import pytest
from celery import Task
from django.apps import apps
from django.conf import settings

from qa_service.celery import app


def own_tasks() -> dict[str, Task[..., object]]:
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


def test_beat_names_only_tasks_that_exist():
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled - set(own_tasks()) == set()


def test_every_beat_entry_expires_before_it_would_pile_up():
    assert [
        name for name, entry in settings.CELERY_BEAT_SCHEDULE.items() if not entry.get("options", {}).get("expires")
    ] == []


def test_beat_entries_are_kept_sorted():
    assert list(settings.CELERY_BEAT_SCHEDULE) == sorted(settings.CELERY_BEAT_SCHEDULE)


@pytest.mark.parametrize("name", sorted(own_tasks()))
def test_tasks_take_named_arguments_only(name):
    """A queue outlives a deployment: arguments by position would change their meaning in between."""
    parameters = inspect.signature(own_tasks()[name].run).parameters.values()
    by_name = {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}

    assert [parameter.name for parameter in parameters if parameter.kind not in by_name] == []


@pytest.mark.parametrize("name", sorted(own_tasks()))
def test_tasks_are_named_by_the_room_they_live_in_and_a_verb(name):
    room, _, verb = name.partition(".")
    module = own_tasks()[name].run.__module__

    home = "qa_service" if room == "shell" else apps.get_app_config(room).name
    assert module == f"{home}.tasks"
    assert verb.isidentifier()
