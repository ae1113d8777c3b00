"""Going back to a version that knows one matter of a kind says by name why it does not, and loses none."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from qa_service.audit.actors import Actor
from surveys.enums import AlertKind, AlertState
from surveys.models import Alert
from surveys.services.answering.answers import raise_alert
from tests import factories
from tests.surveys.faces.rows import asked

pytestmark = pytest.mark.django_db


def test_matters_said_anew_hold_the_way_back_with_a_sentence() -> None:
    migration = import_module("surveys.migrations.0003_matters_said_anew")
    conversation = asked()[0]

    def said(hour: int) -> None:
        now = factories.NOW.replace(hour=hour)
        raise_alert(conversation=conversation, kind=AlertKind.DANGER, anew=True, actor=Actor.system("test"), now=now)
        Alert.objects.update(state=AlertState.CLOSED)
        # The last step on the way there is the first one back.
        migration.Migration.operations[-1].reverse_code(apps, SimpleNamespace(connection=connection))

    said(1)
    with pytest.raises(migration.SaidTwice, match="raised anew"):
        said(2)

    assert Alert.objects.count() == 2
