"""Accepting the bound file of a case: events that only grow, the papers found, and reasons for lateness.

Words may be written over by the mark of erasure, and by nothing else; papers are frozen while the file is accepted.
Whoever rebuilds reviews_fileacceptance on SQLite lifts the guards of reviews_filepaper first: they name it.
"""

from django.db import migrations

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


# (name, event, table, condition under which the write is refused)
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
    replaces = [("reviews", "0013_file_acceptance")]

    dependencies = [("reviews", "0003_hearings_of_vetoes")]

    operations = [row_guards("reviews", GUARDS, message="published and submitted records are frozen")]
