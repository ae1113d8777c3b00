"""Checks that hold where a column is empty as well, and words that are among those known.

A check whose condition comes to NULL has passed: each says now that what it compares is there.
"""

from django.db import migrations, models

from qa_service.common.row_guards import guards_lifted

TABLES = ("fileevent", "filepaper", "assignment", "casereview", "objection", "objecteditem")
LIFTED, LAID = guards_lifted(*(f"reviews_{table}" for table in TABLES))


class Migration(migrations.Migration):
    dependencies = [("reviews", "0030_scans_beyond_what_a_case_holds")]

    operations = [
        LIFTED,
        migrations.RemoveConstraint(
            model_name="fileevent",
            name="file_event_returned_with_a_day",
        ),
        migrations.RemoveConstraint(
            model_name="filepaper",
            name="file_paper_pages_in_order",
        ),
        migrations.RemoveConstraint(
            model_name="objection",
            name="objection_decided_with_an_answer",
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("open", "submitted")),
                    models.Q(("closed_at__isnull", False), ("state__in", ["declined", "returned", "withdrawn"])),
                    _connector="OR",
                ),
                name="assignment_closed_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="casereview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("grade__in", ["excellent", "good", "pass", "fail"]),
                    ("grade_cap__in", ["", "excellent", "good", "pass", "fail"]),
                    ("method__in", ["single", "mean_of_two", "median", "unsettled"]),
                    (
                        "state__in",
                        [
                            "awaiting_second",
                            "awaiting_third",
                            "veto_pending",
                            "no_calendar",
                            "awaiting_firm",
                            "released",
                        ],
                    ),
                    ("veto_state__in", ["clear", "pending", "confirmed"]),
                ),
                name="case_review_words_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act", "returned"), ("due_on__gt", models.F("happened_on")), ("due_on__isnull", False)),
                    models.Q(models.Q(("act", "returned"), _negated=True), ("due_on__isnull", True)),
                    _connector="OR",
                ),
                name="file_event_returned_with_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="filepaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_page__isnull", True), ("last_page__isnull", True)),
                    models.Q(
                        ("finding", "present"),
                        ("first_page__gte", 1),
                        ("first_page__isnull", False),
                        ("last_page__gte", models.F("first_page")),
                        ("last_page__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="file_paper_pages_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="objecteditem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("anchor__in", ["", "full", "mostly", "partly", "none", "na"]),
                    ("decision__in", ["open", "upheld", "rejected"]),
                ),
                name="objected_item_words_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "lodged")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state", "decided"),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="objection_decided_with_an_answer",
            ),
        ),
        LAID,
    ]
