"""The list of reviewers with their terms, objections in advance, known ties; files read by two; reminders."""

import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from qa_service.common.row_guards import row_guards, unchanged

LODGED = unchanged("id", "reviewer_id", "lawyer_id", "reason", "lodged_at", "received_on", "entered_by_id")
ENTERED = unchanged("id", "case_id", "opposing_firm_id", "earlier_lawyer_id", "entered_by_id", "entered_at")
# (name, event, table, condition under which the write is refused)
GUARDS = (
    (
        "reviewer_objection_frozen", "UPDATE", "reviews_reviewerobjection",
        f"OLD.state <> 'lodged' OR NOT ({LODGED})",
    ),
    ("reviewer_objection_no_delete", "DELETE", "reviews_reviewerobjection", "OLD.id IS NOT NULL"),
    ("known_tie_frozen", "UPDATE", "reviews_knowntie", f"OLD.taken_out_at IS NOT NULL OR NOT ({ENTERED})"),
    ("known_tie_no_delete", "DELETE", "reviews_knowntie", "OLD.id IS NOT NULL"),
)  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0020_found_shared'),
        ('organisations', '0015_acceptance_from'),
        ('reviews', '0013_file_acceptance'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='KnownTie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('entered_at', models.DateTimeField()),
                ('taken_out_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ReviewerObjection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('reason', models.CharField(max_length=500)),
                ('lodged_at', models.DateTimeField()),
                ('received_on', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('lodged', 'Waiting for a decision'), ('upheld', "Upheld: does not read this lawyer's files"), ('rejected', 'Not upheld')], default='lodged', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name='ReviewerTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('capacity', models.PositiveSmallIntegerField(default=20, help_text='0 to 200. With 0 no file is given to this person until it is raised again.', validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(200)], verbose_name='Open files at most')),
                ('case_types', models.JSONField(blank=True, default=list)),
                ('practising_since', models.DateField(blank=True, null=True)),
                ('set_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='assignment',
            name='reminded_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='sample',
            name='city_wide',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='sampledcase',
            name='readers',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name='assignment',
            name='state',
            field=models.CharField(choices=[('open', 'To be marked'), ('submitted', 'Submitted'), ('declined', 'Given back'), ('withdrawn', 'Handed over'), ('returned', 'Taken back')], default='open', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='sampledcase',
            constraint=models.CheckConstraint(condition=models.Q(('readers__in', (1, 2))), name='sampled_for_one_reader_or_two'),
        ),
        migrations.AddField(
            model_name='knowntie',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case'),
        ),
        migrations.AddField(
            model_name='knowntie',
            name='earlier_lawyer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.lawyer'),
        ),
        migrations.AddField(
            model_name='knowntie',
            name='entered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='knowntie',
            name='opposing_firm',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.firm'),
        ),
        migrations.AddField(
            model_name='knowntie',
            name='taken_out_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewerobjection',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewerobjection',
            name='entered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewerobjection',
            name='lawyer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.lawyer'),
        ),
        migrations.AddField(
            model_name='reviewerobjection',
            name='reviewer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewerterms',
            name='reviewer',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reviewer_terms', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewerterms',
            name='set_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='knowntie',
            constraint=models.CheckConstraint(condition=models.Q(('opposing_firm__isnull', False), ('earlier_lawyer__isnull', False), _connector='XOR'), name='known_tie_to_one'),
        ),
        migrations.AddConstraint(
            model_name='knowntie',
            constraint=models.UniqueConstraint(condition=models.Q(('taken_out_at', None)), fields=('case', 'opposing_firm'), name='known_tie_firm_once'),
        ),
        migrations.AddConstraint(
            model_name='knowntie',
            constraint=models.UniqueConstraint(condition=models.Q(('taken_out_at', None)), fields=('case', 'earlier_lawyer'), name='known_tie_lawyer_once'),
        ),
        migrations.AddConstraint(
            model_name='knowntie',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('taken_out_at', None), ('taken_out_by', None)), models.Q(('taken_out_at__isnull', False), ('taken_out_by__isnull', False)), _connector='OR'), name='known_tie_taken_out_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='reviewerobjection',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('lodged', 'upheld'))), fields=('reviewer', 'lawyer'), name='reviewer_objection_one_in_force'),
        ),
        migrations.AddConstraint(
            model_name='reviewerobjection',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='reviewer_objection_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='reviewerobjection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('entered_by', None), ('received_on', None)), models.Q(('entered_by__isnull', False), ('received_on__isnull', False)), _connector='OR'), name='reviewer_objection_entered_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='reviewerobjection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'lodged')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ('upheld', 'rejected')), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='reviewer_objection_decided_with_reasons'),
        ),
        migrations.AddConstraint(
            model_name='reviewerterms',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__lte', 200)), name='reviewer_capacity_bounded'),
        ),
        row_guards("reviews", GUARDS, message="published and submitted records are frozen"),
    ]
