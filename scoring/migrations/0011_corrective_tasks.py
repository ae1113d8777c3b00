"""Tasks of every kind, what was reported of them and who looked: written once, answered once."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from qa_service.common.row_guards import row_guards, unchanged, written_over

MARK = "〔已删除 erased〕"
ALWAYS = "OLD.id IS NOT NULL"
GIVEN = ("id", "public_id", "proposal_id", "lawyer_id", "items")
CLOSED = ("due_on", "state", "done_at", "closed_by_id")
SAID = ("id", "public_id", "task_id", "given_at", "given_by_id", "received_on")
ANSWERED = ("answer", "answered_by_id", "answered_at")
TASK = f"({unchanged(*GIVEN)}) AND (OLD.state NOT IN ('done', 'ended') OR ({unchanged(*CLOSED, 'note')}))"
REPORT = f"({unchanged(*SAID, 'text')}) AND (OLD.answer = '' OR ({unchanged(*ANSWERED, 'note')}))"
TASK_ERASED = written_over("note", others=(*GIVEN, *CLOSED), mark=MARK)
REPORT_ERASED = written_over("text", "note", others=(*SAID, *ANSWERED), mark=MARK)
# (name, event, table, condition under which the write is refused). A paper goes when its term is over.
GUARDS = (
    ("task_frozen", "UPDATE", "scoring_coachingtask", f"NOT ({TASK}) AND NOT ({TASK_ERASED})"),
    ("task_no_delete", "DELETE", "scoring_coachingtask", ALWAYS),
    ("report_frozen", "UPDATE", "scoring_taskreport", f"NOT ({REPORT}) AND NOT ({REPORT_ERASED})"),
    ("report_no_delete", "DELETE", "scoring_taskreport", ALWAYS),
    ("paper_frozen", "UPDATE", "scoring_taskpaper", ALWAYS),
)


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0001_initial'),
        ('scoring', '0010_panels'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Another name for the same table, which stays as it is: and with it its guards.
        migrations.AlterModelTable(name='coachingtask', table='scoring_coachingtask'),
        migrations.RenameModel('CoachingTask', 'CorrectiveTask'),
        migrations.AlterField(
            model_name='correctivetask',
            name='state',
            field=models.CharField(choices=[('open', 'To be done'), ('reported', 'Reported, to be checked'), ('done', 'Done'), ('ended', 'Ended: the notice was withdrawn')], default='open', max_length=8),
        ),
        migrations.CreateModel(
            name='TaskReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.TextField(blank=True)),
                ('given_at', models.DateTimeField()),
                ('received_on', models.DateField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, choices=[('accepted', 'Checked and accepted'), ('returned', 'Returned')], max_length=8)),
                ('note', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='scoring.correctivetask')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='TaskPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('pdf', 'PDF'), ('jpeg', 'JPEG'), ('png', 'PNG')], max_length=4)),
                ('name', models.CharField(max_length=200)),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='paper', to='scoring.taskreport')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='taskreport',
            constraint=models.UniqueConstraint(condition=models.Q(('answer', '')), fields=('task',), name='task_report_open_once'),
        ),
        migrations.AddConstraint(
            model_name='taskreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None)), models.Q(models.Q(('answer', ''), _negated=True), models.Q(('note', ''), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='task_report_answered_whole'),
        ),
        row_guards("scoring", GUARDS, message="decided and published records are frozen"),
    ]
