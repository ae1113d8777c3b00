"""Files left out of the frame or replaced, design weights, and statements that are published."""

from decimal import Decimal
from typing import Any

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from qa_service.common.row_guards import row_guards, unchanged, written_over

STANDING = unchanged("id", "case_id", "kind", "reason", "left_out_by_id", "left_out_at")
WORDS = ("id", "public_id", "case_id", "kind", "left_out_by_id", "left_out_at", "taken_back_by_id", "taken_back_at")
ERASED = written_over("reason", others=WORDS, mark="〔已删除 erased〕")
# (name, event, table, condition under which the write is refused)
GUARDS = (
    ("left_out_frozen", "UPDATE", "reviews_frameexclusion", f"(OLD.taken_back_at IS NOT NULL OR NOT ({STANDING})) AND NOT ({ERASED})"),
    ("left_out_no_delete", "DELETE", "reviews_frameexclusion", "OLD.id IS NOT NULL"),
)


def weigh(apps: Any, _schema_editor: Any) -> None:
    """What the random share drew before weights were kept."""
    rows = apps.get_model("reviews", "SampledCase").objects.filter(probability__gt=0).only("reasons", "probability")
    for row in rows.iterator():
        if "random" in row.reasons:
            row.weight = round(Decimal(1) / row.probability, 6)
            row.save(update_fields=["weight"])


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0021_bans_found_before'),
        ('organisations', '0015_acceptance_from'),
        ('reviews', '0015_scans'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FrameExclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('elsewhere', 'The file is with another organ'), ('lost', 'The file cannot be found'), ('secret', 'The file is under seal or a secret of the state'), ('joined', 'Joined with another case'), ('other_reason', 'Another reason, which is on record')], max_length=12)),
                ('reason', models.CharField(max_length=200)),
                ('left_out_at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name='sample',
            name='published_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='sample',
            name='published_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sampledcase',
            name='replaced_kind',
            field=models.CharField(blank=True, choices=[('elsewhere', 'The file is with another organ'), ('lost', 'The file cannot be found'), ('secret', 'The file is under seal or a secret of the state'), ('joined', 'Joined with another case'), ('other_reason', 'Another reason, which is on record')], max_length=12),
        ),
        migrations.AddField(
            model_name='sampledcase',
            name='taken_out_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sampledcase',
            name='weight',
            field=models.DecimalField(decimal_places=6, default=0, max_digits=14),
        ),
        migrations.AddConstraint(
            model_name='sample',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('published_by', None)), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='sample_published_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='sampledcase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('replaced_at', None), ('replaced_kind', ''), ('taken_out_by', None)), models.Q(('replaced_at__isnull', False), ('taken_out_by__isnull', False), models.Q(('replaced_kind', ''), _negated=True), models.Q(('replaced_reason', ''), _negated=True)), _connector='OR'), name='sampled_replaced_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='sampledcase',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gte', 0)), name='sampled_weight_not_negative'),
        ),
        migrations.AddField(
            model_name='frameexclusion',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case'),
        ),
        migrations.AddField(
            model_name='frameexclusion',
            name='left_out_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='frameexclusion',
            name='taken_back_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='frameexclusion',
            constraint=models.UniqueConstraint(condition=models.Q(('taken_back_at', None)), fields=('case',), name='left_out_once'),
        ),
        migrations.AddConstraint(
            model_name='frameexclusion',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='left_out_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='frameexclusion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('taken_back_at', None), ('taken_back_by', None)), models.Q(('taken_back_at__isnull', False), ('taken_back_by__isnull', False)), _connector='OR'), name='left_out_taken_back_by_somebody'),
        ),
        migrations.RunPython(weigh, migrations.RunPython.noop),
        row_guards("reviews", GUARDS, message="published and submitted records are frozen"),
    ]
