"""A checklist is written as a draft, has an owner, a stage and a day from which it is used; published it is frozen as before.

The tables are remade on SQLite, so the guards of lists are lifted first and laid again afterwards.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from qa_service.common.row_guards import row_guards, unchanged

BEFORE = import_module("reviews.migrations.0002_frozen_judgements")
LISTS = ("reviews_checklist", "reviews_section", "reviews_item", "reviews_veto")
WHOLE = import_module("reviews.migrations.0008_published_lists_whole")
OF_LISTS = (*(guard for guard in BEFORE.GUARDS if guard[2] in LISTS), *WHOLE.GUARDS)
LAID_BEFORE = row_guards("reviews", OF_LISTS, message=BEFORE.MESSAGE)
ALSO_FROZEN = unchanged("owner_id", "stage", "measure", "effective_from", "draft")
LAID = row_guards(
    "reviews",
    tuple(
        (name, event, table, f"OLD.state <> 'draft' AND NOT ({BEFORE.CHECKLIST} AND {ALSO_FROZEN})")
        if name == "checklist_frozen"
        else (name, event, table, condition)
        for name, event, table, condition in OF_LISTS
    ),
    message=BEFORE.MESSAGE,
)


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0001_tables'),
        ('reviews', '0008_published_lists_whole'),
    ]

    operations = [
        migrations.RunPython(LAID_BEFORE.reverse_code, LAID_BEFORE.code),
        migrations.RemoveConstraint(
            model_name='checklist',
            name='checklist_in_force_once',
        ),
        migrations.AddField(
            model_name='checklist',
            name='draft',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='checklist',
            name='effective_from',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='checklist',
            name='measure',
            field=models.CharField(choices=[('points', 'A hundred points'), ('grades', 'Graded indicators')], default='points', max_length=10),
        ),
        migrations.AddField(
            model_name='checklist',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='checklist',
            name='revision',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='checklist',
            name='stage',
            field=models.CharField(blank=True, default='', max_length=20),
        ),
        migrations.AddField(
            model_name='item',
            name='anchors',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AlterField(
            model_name='checklist',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('scheduled', 'In force later'), ('published', 'Published'), ('superseded', 'Superseded')], default='draft', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='checklist',
            constraint=models.UniqueConstraint(condition=models.Q(('owner__isnull', True), ('state', 'published')), fields=('purpose', 'case_type', 'stage'), name='checklist_in_force_once'),
        ),
        migrations.AddConstraint(
            model_name='checklist',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('owner', 'purpose', 'case_type', 'stage'), name='checklist_of_owner_in_force_once'),
        ),
        migrations.AddConstraint(
            model_name='checklist',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('code',), name='checklist_one_draft_a_code'),
        ),
        LAID,
    ]
