"""The papers of a decision and of an appeal are numbered beside the notice: one of each kind about a proposal.

The way back is open while no such paper was issued.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations import RunPython

LAID = import_module("scoring.migrations.0006_numbers_of_the_office").LAID
KINDS = [
    ("commendation", "Commendation notice"),
    ("rectification", "Rectification notice"),
    ("decision", "Decision on a sanction"),
    ("appeal_decision", "Decision on an appeal"),
]


class Migration(migrations.Migration):
    dependencies = [("scoring", "0012_reports_told")]

    operations = [
        *(RunPython(laid.reverse_code, laid.code) for laid in LAID),
        migrations.AlterField("notice", "kind", models.CharField(choices=KINDS, max_length=16)),
        migrations.AlterField("numbercounter", "kind", models.CharField(choices=KINDS, max_length=16)),
        migrations.AlterField(
            model_name="notice",
            name="proposal",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="papers",
                related_query_name="paper",
                to="scoring.proposal",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=["proposal", "kind"], name="notice_kind_once"),
        ),
        *LAID,
    ]
