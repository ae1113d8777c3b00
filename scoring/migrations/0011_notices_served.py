"""When a notice reached the lawyer: on their home, or on paper; an appeal may come on paper. Each is entered once.

Rectifications issued before to lawyers who have no account reached nobody, so their time to appeal has not begun; the
others were delivered on the day of issue, as was reckoned. On the way back the days are forgotten:
the table is remade on SQLite, where its earlier guards go with it and come again.
"""

from importlib import import_module
from zoneinfo import ZoneInfo

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate

from qa_service.common.row_guards import row_guards, unchanged

DELIVERED_ONCE = f"(OLD.delivered_on IS NULL OR ({unchanged('delivered_on', 'served_by_id')}))"
GUARDS = (
    (
        "notice_delivery_frozen",
        "UPDATE",
        "scoring_notice",
        f"NOT {DELIVERED_ONCE} OR NEW.served_by_id IS NOT NULL AND NEW.delivered_on IS NULL",
    ),
    ("appeal_receipt_frozen", "UPDATE", "scoring_appeal", "NEW.received_on IS DISTINCT FROM OLD.received_on"),
)


def guard_again(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        earlier = import_module("scoring.migrations.0004_freeze_decisions")
        guards = [guard for guard in earlier.GUARDS if guard[2] == "scoring_notice"]
        row_guards("scoring", guards, message=earlier.MESSAGE).code(apps, schema_editor)


def deliver_what_was_told(apps, schema_editor):
    alias = schema_editor.connection.alias
    zones = dict(
        apps.get_model("organisations", "CentreSettings").objects.using(alias).values_list("centre_id", "time_zone")
    )
    users = apps.get_model("accounts", "User").objects.using(alias)
    here = users.filter(is_active=True, grants__role="lawyer", lawyer=OuterRef("lawyer"))
    appeals = apps.get_model("scoring", "Appeal").objects.using(alias).filter(notice=OuterRef("pk"))
    notices = apps.get_model("scoring", "Notice").objects.using(alias).exclude(issued_at=None)
    told = notices.filter(Exists(here) | Exists(appeals) | Q(acknowledged_at__isnull=False))
    for pk, issuer_id, issued_at in list(told.values_list("pk", "issuer_id", "issued_at")):
        zone = ZoneInfo(zones[issuer_id]) if issuer_id in zones else None
        notices.filter(pk=pk).update(delivered_on=localdate(issued_at, zone))


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("organisations", "0001_initial"),
        ("scoring", "0010_calendar_gaps"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_again),
        migrations.AddField("notice", "delivered_on", models.DateField(blank=True, null=True)),
        migrations.AddField(
            "notice",
            "served_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("appeal", "received_on", models.DateField(blank=True, null=True)),
        migrations.RunPython(deliver_what_was_told, migrations.RunPython.noop),
        row_guards("scoring", GUARDS, message="what was said and decided is never changed"),
    ]
