"""What is set aside says where it belongs: of a matter that may be sealed no case is named.

The rows that stand are left to the sweeps, which find again within a day what they still fail at.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models

SWEEPS = [
    ('invite', 'Asking a client after closing'),
    ('invite_drawn', 'Asking one of several clients'),
    ('draw', 'Drawing who of several clients is asked'),
    ('mid_case', 'Asking a client while the case runs'),
    ('remind', 'Reminding a client'),
    ('forms', 'Acting on a form that a client filled in'),
    ('lapse', 'Going on by another way of asking'),
    ('deliver', 'Sending a text'),
    ('expire', 'Closing a follow-up whose time is over'),
    ('ask_organs', 'Asking a court or other organ'),
    ('remind_organs', 'Reminding a court or other organ'),
    ('follow_mails', 'Finding out what became of an e-mail to an organ'),
    ('late_matter', 'Telling those above that a day was missed'),
    ('late_complaint', 'Telling those above that a day was missed'),
    ('findings', 'Entering what file review found in the register of complaints'),
]


def begin_anew(apps, _schema_editor):
    apps.get_model('surveys', 'SetAside').objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0001_tables'),
        ('cases', '0002_deceased_people'),
        ('surveys', '0008_later_marks'),
    ]

    operations = [
        migrations.RunPython(begin_anew, migrations.RunPython.noop, elidable=True),
        migrations.AddField(
            model_name='setaside',
            name='public_id',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name='setaside',
            name='centre',
            field=models.ForeignKey(default=0, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='setaside',
            name='case',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case'),
        ),
        migrations.AlterField(
            model_name='setaside',
            name='sweep',
            field=models.CharField(choices=SWEEPS, max_length=14),
        ),
        migrations.AlterField(
            model_name='setaside',
            name='fault',
            field=models.CharField(choices=[('unreadable', 'What is kept of it cannot be read'), ('broken', 'The service failed at it')], max_length=10),
        ),
        # On the way back no row may lack its case.
        migrations.RunPython(migrations.RunPython.noop, begin_anew, elidable=True),
    ]
