"""Scores of a centre are looked up in force alone, or by their cases: the index of all rows by centre served nobody.

The columns stay as they are, so the table is not made anew, which in SQLite would lose the guards of its rows.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

MODELS = ("casescore", "casevoice")


def drop(apps: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    for name in MODELS:
        model = apps.get_model("scoring", name)
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, model._meta.db_table)
        for index, told in found.items():
            plain = told["index"] and not told["unique"] and not told["primary_key"] and not told["foreign_key"]
            if plain and told["columns"] == ["centre_id"] and index.startswith(model._meta.db_table):
                schema_editor.execute(f"DROP INDEX {connection.ops.quote_name(index)}")


def restore(apps: Any, schema_editor: Any) -> None:
    for name in MODELS:
        model = apps.get_model("scoring", name)
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[model._meta.get_field("centre")]))


class Migration(migrations.Migration):
    dependencies = [("scoring", "0018_proposals_of_periods")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop, restore)],
            state_operations=[
                migrations.AlterField(
                    model_name=model,
                    name="centre",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                )
                for model in MODELS
            ],
        ),
    ]
