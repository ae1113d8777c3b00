"""What a client tells staff once their follow-up has ended is kept beside the calls. No column changes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('surveys', '0003_matters_said_anew'),
    ]

    operations = [
        migrations.AlterField(
            model_name='contact',
            name='outcome',
            field=models.CharField(choices=[('nobody_home', 'Nobody met'), ('come_again', 'Asked to come another time'), ('sent', 'Form sent or handed over'), ('returned', 'Came back undelivered'), ('moved', 'Moved away, or no such address'), ('refused', 'Declined'), ('deceased', 'Deceased'), ('reached', 'Reached'), ('call_back', 'Asked to be called again'), ('no_answer', 'No answer'), ('invalid', 'Number does not exist'), ('switched_off', 'Out of service'), ('not_the_person', 'Not the person'), ('not_verified', 'Identity not confirmed'), ('told_us', 'Told us something after the end')], max_length=20),
        ),
    ]
