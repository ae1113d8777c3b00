"""Many models created at once, for the first migration of an app."""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory


class CreateModels(Operation):
    """What each `CreateModel` does by itself, in a quarter of the time.

    Django makes every model that is connected with a new one anew, so that a hundred models cost five thousand. Here
    all are made once, when all are known. Give the models in the order of their foreign keys.
    """

    category = OperationCategory.ADDITION

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [], {"models": self.models}

    def state_forwards(self, app_label: str, state: Any) -> None:
        vars(state).pop("apps", None)  # made anew when somebody next asks for it
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)
        # What Django puts off to the end can be done now, as no row is there. Else it would note the migration as
        # applied only after committing it, name by name, and where the process is killed meanwhile none could go on.
        put_off, schema_editor.deferred_sql = schema_editor.deferred_sql, []
        for statement in put_off:
            schema_editor.execute(statement, None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def references_model(self, name: str, app_label: str) -> bool:
        return any(model.references_model(name, app_label) for model in self.models)

    def describe(self) -> str:
        return "Create models " + ", ".join(model.name for model in self.models)
