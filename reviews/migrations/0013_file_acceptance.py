"""Accepting the bound file of a case: events that only grow, the papers found, and reasons for lateness.

Words may be written over by the mark of erasure, and by nothing else; papers are frozen while the file is accepted.
Whoever rebuilds reviews_fileacceptance on SQLite lifts the guards of reviews_filepaper first: they name it.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from qa_service.common.row_guards import row_guards, unchanged, written_over

MARK = "〔已删除 erased〕"
EVENT = ("id", "acceptance_id", "number", "act", "happened_on", "due_on", "days_late", "recorded_by_id", "recorded_at")
DEFECT = ("id", "event_id", "paper", "kind")
PLEA = ("id", "public_id", "case_id", "state", "stated_by_id", "stated_at", "decided_by_id", "decided_at")
PLEA_SAID = ("id", "public_id", "case_id", "words", "stated_by_id", "stated_at")


def accepted(row):
    return f"(SELECT state FROM reviews_fileacceptance WHERE id = {row}.acceptance_id) = 'accepted'"


def only_erased(*words, others):
    return f"NOT ({written_over(*words, others=others, mark=MARK)})"


GUARDS = (
    ("file_event_frozen", "UPDATE", "reviews_fileevent", only_erased("words", others=EVENT)),
    ("file_event_no_delete", "DELETE", "reviews_fileevent", "TRUE"),
    ("file_defect_frozen", "UPDATE", "reviews_filedefect", only_erased("note", others=DEFECT)),
    ("file_defect_no_delete", "DELETE", "reviews_filedefect", "TRUE"),
    ("file_accepted", "UPDATE", "reviews_fileacceptance", "OLD.state = 'accepted' AND NEW.state <> 'to_check'"),
    ("file_no_delete", "DELETE", "reviews_fileacceptance", "TRUE"),
    ("file_paper_no_insert", "INSERT", "reviews_filepaper", accepted("NEW")),
    ("file_paper_frozen", "UPDATE", "reviews_filepaper", f"{accepted('OLD')} OR {accepted('NEW')}"),
    ("file_paper_no_delete", "DELETE", "reviews_filepaper", accepted("OLD")),
    (
        "plea_frozen",
        "UPDATE",
        "reviews_latenessplea",
        f"(OLD.state <> 'open' OR NOT ({unchanged(*PLEA_SAID)})) AND {only_erased('words', 'decision', others=PLEA)}",
    ),
    ("plea_no_delete", "DELETE", "reviews_latenessplea", "TRUE"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0018_settled_surveys"),
        ("reviews", "0012_catalogue_of_reading"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FileAcceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("awaited", "Not handed in yet"),
                            ("to_check", "To be checked"),
                            ("returned", "Sent back to be put right"),
                            ("accepted", "File accepted"),
                        ],
                        default="awaited",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("handed_in_on", models.DateField(blank=True, null=True)),
                ("counts_on", models.DateField(blank=True, null=True)),
                ("correct_by", models.DateField(blank=True, null=True)),
                ("check_by", models.DateField(blank=True, null=True)),
                ("returns", models.PositiveSmallIntegerField(default=0)),
                ("reminders", models.PositiveSmallIntegerField(default=0)),
                ("last_page", models.PositiveIntegerField(blank=True, null=True)),
                ("accepted_on", models.DateField(blank=True, null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="file_acceptance", to="cases.case"
                    ),
                ),
                (
                    "checklist",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reviews.checklist"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FileEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("handed_in", "Handed in"),
                            ("receipt_undone", "Receipt entered by mistake, taken out"),
                            ("reminded", "Lawyer reminded"),
                            ("returned", "Sent back to be put right"),
                            ("accepted", "File accepted"),
                            ("reopened", "Acceptance taken back"),
                        ],
                        max_length=16,
                    ),
                ),
                ("happened_on", models.DateField()),
                ("due_on", models.DateField(blank=True, null=True)),
                ("days_late", models.PositiveIntegerField(blank=True, null=True)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("recorded_at", models.DateTimeField()),
                (
                    "acceptance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="reviews.fileacceptance"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="FileDefect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paper", models.CharField(blank=True, max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing", "Paper missing"),
                            ("incomplete", "Paper incomplete"),
                            ("unsigned", "Signature missing"),
                            ("misdated", "Date does not fit the case"),
                            ("disorder", "Out of the order of the catalogue"),
                            ("overlap", "Pages given to two papers"),
                            ("beyond", "Page beyond the last of the file"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="defects", to="reviews.fileevent"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="FilePaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20)),
                (
                    "finding",
                    models.CharField(
                        choices=[
                            ("present", "In the file"),
                            ("missing", "Not in the file"),
                            ("not_needed", "Not needed in this case"),
                        ],
                        max_length=12,
                    ),
                ),
                ("first_page", models.PositiveIntegerField(blank=True, null=True)),
                ("last_page", models.PositiveIntegerField(blank=True, null=True)),
                ("dated", models.DateField(blank=True, null=True)),
                ("signed", models.BooleanField(blank=True, null=True)),
                (
                    "acceptance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="reviews.fileacceptance"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LatenessPlea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be decided"),
                            ("accepted", "Accepted: counts as in time"),
                            ("refused", "Not accepted"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("words", models.CharField(max_length=500)),
                ("stated_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision", models.CharField(blank=True, max_length=500)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="fileacceptance",
            index=models.Index(
                condition=models.Q(("state__in", ["to_check", "returned"])), fields=["state"], name="file_in_work"
            ),
        ),
        migrations.AddIndex(
            model_name="fileacceptance",
            index=models.Index(condition=models.Q(("state", "accepted")), fields=["accepted_on"], name="file_accepted"),
        ),
        migrations.AddConstraint(
            model_name="fileacceptance",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["awaited", "to_check", "returned", "accepted"])),
                name="file_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileacceptance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("counts_on__isnull", True), ("handed_in_on__isnull", True), ("state", "awaited")),
                    models.Q(
                        models.Q(("state", "awaited"), _negated=True),
                        ("counts_on__isnull", False),
                        ("handed_in_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="file_handed_in_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileacceptance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("counts_on__isnull", True), ("counts_on__lte", models.F("handed_in_on")), _connector="OR"
                ),
                name="file_counts_from_a_receipt",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileacceptance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("correct_by__isnull", False), ("state", "returned")),
                    models.Q(models.Q(("state", "returned"), _negated=True), ("correct_by__isnull", True)),
                    _connector="OR",
                ),
                name="file_returned_with_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileacceptance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("accepted_by__isnull", False),
                        ("accepted_on__isnull", False),
                        ("checklist__isnull", False),
                        ("state", "accepted"),
                    ),
                    models.Q(
                        models.Q(("state", "accepted"), _negated=True),
                        ("accepted_by__isnull", True),
                        ("accepted_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="file_accepted_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileevent",
            constraint=models.UniqueConstraint(fields=("acceptance", "number"), name="file_event_in_turn"),
        ),
        migrations.AddConstraint(
            model_name="fileevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("act__in", ["handed_in", "receipt_undone", "reminded", "returned", "accepted", "reopened"])
                ),
                name="file_act_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act", "returned"), ("due_on__gt", models.F("happened_on"))),
                    models.Q(models.Q(("act", "returned"), _negated=True), ("due_on__isnull", True)),
                    _connector="OR",
                ),
                name="file_event_returned_with_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act__in", ["receipt_undone", "reopened"]), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="file_event_undone_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="filedefect",
            constraint=models.UniqueConstraint(fields=("event", "paper", "kind"), name="file_defect_once"),
        ),
        migrations.AddConstraint(
            model_name="filedefect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["missing", "incomplete", "unsigned", "misdated", "disorder", "overlap", "beyond", "other"],
                    )
                ),
                name="file_defect_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="filedefect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "other"), _negated=True), models.Q(("note", ""), _negated=True), _connector="OR"
                ),
                name="file_defect_other_in_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="filepaper",
            constraint=models.UniqueConstraint(fields=("acceptance", "code"), name="file_paper_once"),
        ),
        migrations.AddConstraint(
            model_name="filepaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("finding__in", ["present", "missing", "not_needed"])), name="file_finding_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="filepaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_page__isnull", True), ("last_page__isnull", True)),
                    models.Q(
                        ("finding", "present"), ("first_page__gte", 1), ("last_page__gte", models.F("first_page"))
                    ),
                    _connector="OR",
                ),
                name="file_paper_pages_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="latenessplea",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("case",), name="lateness_plea_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="latenessplea",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True), name="lateness_plea_in_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="latenessplea",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "open")),
                    models.Q(
                        ("decided_by__isnull", False),
                        ("state__in", ["accepted", "refused"]),
                        ("decided_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="lateness_plea_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="latenessplea",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("decision", ""), _negated=True),
                    _connector="OR",
                ),
                name="lateness_plea_refused_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="latenessplea",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("stated_by")), _negated=True),
                    _connector="OR",
                ),
                name="lateness_plea_decided_by_another",
            ),
        ),
        row_guards("reviews", GUARDS, message="published and submitted records are frozen"),
    ]
