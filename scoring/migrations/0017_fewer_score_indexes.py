"""Scores are looked up in force alone: the indexes of all rows by lawyer, firm, station and scheme served nobody.

The columns stay as they are, so the table is not made anew, which in SQLite would lose the guards of its rows.
"""

from collections.abc import Iterator
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

COLUMNS = {
    "scheme": ("scoring.scheme", False),
    "lawyer": ("organisations.lawyer", False),
    "firm": ("organisations.firm", False),
    "station": ("organisations.organisation", True),
}
MODELS = ("casescore", "casevoice")


def _fields(apps: Any) -> Iterator[tuple[Any, Any]]:
    for name in MODELS:
        model = apps.get_model("scoring", name)
        for column in COLUMNS:
            yield model, model._meta.get_field(column)


def drop(apps: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    for model, field in _fields(apps):
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, model._meta.db_table)
        for name, told in found.items():
            plain = told["index"] and not told["unique"] and not told["primary_key"] and not told["foreign_key"]
            if plain and told["columns"] == [field.column] and name.startswith(model._meta.db_table):
                schema_editor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")


def restore(apps: Any, schema_editor: Any) -> None:
    for model, field in _fields(apps):
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[field]))


class Migration(migrations.Migration):
    dependencies = [("scoring", "0016_year_targets")]

    operations = [
        migrations.AddIndex(
            model_name="casescore",
            index=models.Index(
                condition=models.Q(("is_current", True)), fields=["station", "closed_on"], name="case_score_station"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop, restore)],
            state_operations=[
                migrations.AlterField(
                    model_name=model,
                    name=column,
                    field=models.ForeignKey(
                        db_index=False,
                        null=null,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=to,
                    ),
                )
                for model in MODELS
                for column, (to, null) in COLUMNS.items()
            ],
        ),
    ]
