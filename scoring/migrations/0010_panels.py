"""Which step passed to the bureau and why, and which panel met: written once."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from qa_service.common.row_guards import row_guards, written_over

MARK = "〔已删除 erased〕"
ALWAYS = "OLD.id IS NOT NULL"
ERASED = written_over(
    "minutes",
    others=("id", "public_id", "proposal_id", "appeal_id", "held_on", "entered_by_id", "entered_at"),
    mark=MARK,
)
# (name, event, table, condition under which the write is refused)
GUARDS = (
    ("look_frozen", "UPDATE", "scoring_steplook", ALWAYS),
    ("look_no_delete", "DELETE", "scoring_steplook", ALWAYS),
    ("meeting_frozen", "UPDATE", "scoring_panelmeeting", f"{ALWAYS} AND NOT ({ERASED})"),
    ("meeting_no_delete", "DELETE", "scoring_panelmeeting", ALWAYS),
    ("member_frozen", "UPDATE", "scoring_panelmember", ALWAYS),
    ("member_no_delete", "DELETE", "scoring_panelmember", ALWAYS),
)

class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0009_referrals_and_measures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PanelMeeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('held_on', models.DateField()),
                ('minutes', models.TextField()),
                ('entered_at', models.DateTimeField()),
                ('appeal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='scoring.appeal')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='scoring.proposal')),
            ],
        ),
        migrations.CreateModel(
            name='PanelMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=50)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='scoring.panelmeeting')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='StepLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('decide', 'Decision'), ('carry_out', 'Carrying out')], max_length=10)),
                ('passed', models.BooleanField()),
                ('bars', models.JSONField(default=dict)),
                ('looked_at', models.DateTimeField()),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='scoring.proposal')),
            ],
        ),
        migrations.AddConstraint(
            model_name='panelmeeting',
            constraint=models.CheckConstraint(condition=models.Q(('minutes', ''), _negated=True), name='meeting_has_minutes'),
        ),
        migrations.AddConstraint(
            model_name='panelmember',
            constraint=models.UniqueConstraint(fields=('meeting', 'name', 'person'), name='member_once'),
        ),
        migrations.AddIndex(
            model_name='steplook',
            index=models.Index(condition=models.Q(('passed', True)), fields=['proposal'], name='step_passed_on'),
        ),
        migrations.AddConstraint(
            model_name='steplook',
            constraint=models.UniqueConstraint(fields=('proposal', 'step'), name='step_looked_at_once'),
        ),
        row_guards("scoring", GUARDS, message="what a panel said is never changed"),
    ]
