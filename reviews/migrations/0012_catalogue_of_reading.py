"""Where the papers of a file stand belongs to the reading: a second reader neither sees nor clears what the first typed.

What was typed before goes to the first reading of the case that was not given back. On the way back the pages of the earliest reading stay, those
of the others go: a case had one set.
"""

import django.db.models.deletion
from django.db import migrations, models


TO_THE_FIRST_READING = (
    "UPDATE reviews_catalogueentry SET review_id = (SELECT r.id FROM reviews_review r "
    "JOIN reviews_assignment a ON a.id = r.assignment_id WHERE a.case_id = reviews_catalogueentry.case_id "
    "ORDER BY CASE WHEN a.state IN ('open', 'submitted') THEN 0 ELSE 1 END, "
    'a."order", a.id LIMIT 1)'
)
BACK_TO_THE_CASE = (
    "UPDATE reviews_catalogueentry SET case_id = (SELECT a.case_id FROM reviews_review r "
    "JOIN reviews_assignment a ON a.id = r.assignment_id WHERE r.id = reviews_catalogueentry.review_id)"
)
LATER_READINGS_GO = (
    "DELETE FROM reviews_catalogueentry WHERE EXISTS (SELECT 1 FROM reviews_catalogueentry e "
    "WHERE e.case_id = reviews_catalogueentry.case_id AND e.code = reviews_catalogueentry.code "
    "AND e.review_id < reviews_catalogueentry.review_id)"
)


def give_to_the_first_reading(apps, schema_editor):
    schema_editor.execute(TO_THE_FIRST_READING)
    look_at_keys_now(schema_editor)


def give_back_to_the_case(apps, schema_editor):
    schema_editor.execute(BACK_TO_THE_CASE)
    schema_editor.execute(LATER_READINGS_GO)
    look_at_keys_now(schema_editor)


def look_at_keys_now(schema_editor):
    """PostgreSQL alters no table whose keys it has still to look at."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def of(model, **more):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model, **more)


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_reader_requests"), ("reviews", "0011_veto_told_lawyer")]

    operations = [
        migrations.AddField("catalogueentry", "review", of("reviews.review", null=True)),
        migrations.RemoveConstraint("catalogueentry", "catalogue_paper_once"),
        migrations.AlterField("catalogueentry", "case", of("cases.case", null=True)),
        migrations.RunPython(give_to_the_first_reading, give_back_to_the_case),
        migrations.AlterField("catalogueentry", "review", of("reviews.review")),
        migrations.RemoveField("catalogueentry", "case"),
        migrations.AddConstraint(
            "catalogueentry",
            models.UniqueConstraint(fields=["review", "code"], name="catalogue_paper_once"),
        ),
    ]
