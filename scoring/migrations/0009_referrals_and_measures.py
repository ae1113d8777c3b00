"""What is handed on to another authority, and what whoever assigns has to know; written once, ended with a reason."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from qa_service.common.row_guards import row_guards, unchanged, written_over

MARK = "〔已删除 erased〕"
ALWAYS = "OLD.id IS NOT NULL"
MADE = ("id", "public_id", "proposal_id", "kind", "made_at")
SENT = ("addressee", "reference", "sent_on", "sent_by_id")
ANSWERED = ("answer", "answered_on", "answer_reference", "recorded_by_id")
IMPOSED = (
    "id", "public_id", "kind", "proposal_id", "notice_id", "lawyer_id", "centre_id", "starts_on", "ends_on",
    "legal_basis", "authority", "reference", "entered_at",
)  # fmt: skip
ENDED = ("ended_on", "ended_by_id", "end_reason")
# Each part is filled while it is empty, and never again.
REFERRED = (
    f"({unchanged(*MADE)}) AND (OLD.sent_on IS NULL OR ({unchanged(*SENT)}))"
    f" AND (OLD.answered_on IS NULL OR ({unchanged(*ANSWERED)}))"
)
MEASURED = f"({unchanged(*IMPOSED)}) AND (OLD.ended_on IS NULL OR ({unchanged(*ENDED)}))"
ERASED = written_over("end_reason", others=(*IMPOSED, "ended_on", "ended_by_id"), mark=MARK)
# (name, event, table, condition under which the write is refused)
GUARDS = (
    ("referral_frozen", "UPDATE", "scoring_referral", f"NOT ({REFERRED})"),
    ("referral_no_delete", "DELETE", "scoring_referral", ALWAYS),
    ("measure_frozen", "UPDATE", "scoring_assignmentmeasure", f"NOT ({MEASURED}) AND NOT ({ERASED})"),
    ("measure_no_delete", "DELETE", "scoring_assignmentmeasure", ALWAYS),
)
DECIDED = import_module("scoring.migrations.0003_frozen_decisions").DECIDED
# Going back takes the new column away again, for which SQLite remakes the table.
OF_RULES = row_guards(
    "scoring",
    [guard for guard in DECIDED if guard[2] == "scoring_rule"],
    message="decided and published records are frozen",
)
NOTHING = migrations.RunPython.noop


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0003_self_assessment_counts'),
        ('scoring', '0008_scores_newest_first'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='proposal',
            name='code',
            field=models.CharField(choices=[('R1', 'Commendation of an excellent case'), ('R4', 'Subsidy by grade, as a recommendation'), ('S1', 'Coaching on a core item'), ('S2', 'Rectification after a failed case'), ('S3', 'Rectification after repeated failure, with fewer assignments'), ('S4', 'Referral to suspend assignments')], max_length=4),
        ),
        migrations.AlterField(
            model_name='rule',
            name='code',
            field=models.CharField(choices=[('R1', 'Commendation of an excellent case'), ('R4', 'Subsidy by grade, as a recommendation'), ('S1', 'Coaching on a core item'), ('S2', 'Rectification after a failed case'), ('S3', 'Rectification after repeated failure, with fewer assignments'), ('S4', 'Referral to suspend assignments')], max_length=4),
        ),
        migrations.RunPython(NOTHING, OF_RULES.code),
        migrations.AddField(
            model_name='rule',
            name='published_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunPython(NOTHING, OF_RULES.reverse_code),
        migrations.CreateModel(
            name='AssignmentMeasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('reduced', 'Fewer assignments'), ('suspended', 'No assignments')], max_length=10)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('legal_basis', models.CharField(max_length=300)),
                ('authority', models.CharField(max_length=100)),
                ('reference', models.CharField(blank=True, max_length=60)),
                ('entered_at', models.DateTimeField()),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('end_reason', models.TextField(blank=True)),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lawyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.lawyer')),
                ('notice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='scoring.notice')),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='measure', to='scoring.proposal')),
            ],
            options={
                'indexes': [models.Index(fields=['centre', '-ends_on'], name='measure_centre')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='measure_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('legal_basis', ''), _negated=True), models.Q(('authority', ''), _negated=True)), name='measure_has_a_basis'), models.CheckConstraint(condition=models.Q(('ended_on', None), models.Q(models.Q(('end_reason', ''), _negated=True), ('ended_by__isnull', False)), _connector='OR'), name='measure_ended_whole')],
            },
        ),
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('suspension', 'Suspension of assignments'), ('criticism', 'Public criticism')], max_length=12)),
                ('made_at', models.DateTimeField()),
                ('addressee', models.CharField(blank=True, max_length=100)),
                ('reference', models.CharField(blank=True, max_length=60)),
                ('sent_on', models.DateField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, choices=[('imposed', 'The authority acts on it'), ('not_imposed', 'The authority does not act on it')], max_length=12)),
                ('answered_on', models.DateField(blank=True, null=True)),
                ('answer_reference', models.CharField(blank=True, max_length=60)),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='referral', to='scoring.proposal')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('sent_on', None), models.Q(models.Q(('addressee', ''), _negated=True), ('sent_by__isnull', False)), _connector='OR'), name='referral_sent_whole'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_on', None)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_on__isnull', False), ('recorded_by__isnull', False), ('sent_on__isnull', False)), _connector='OR'), name='referral_answered_whole')],
            },
        ),
        row_guards("scoring", GUARDS, message="what was referred or imposed is never changed"),
    ]
