"""What a client says otherwise on their own form is kept beside the first answer, once, and nobody keyed it in."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('surveys', '0007_rows_set_aside'),
    ]

    operations = [
        migrations.AlterField(
            model_name='secondentry',
            name='entered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='secondentry',
            constraint=models.UniqueConstraint(condition=models.Q(('entered_by', None)), fields=('conversation',), name='second_entry_of_client_once'),
        ),
    ]
