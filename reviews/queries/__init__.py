"""The door through which other rooms read file review."""

from reviews.evidence import FileEvidence, ReviewEvidence
from reviews.models.reviews import being_read_by
from reviews.queries.accepted_files import AcceptedFile, accepted_files
from reviews.queries.decisions import (
    ReadingCounts,
    cases_marked_by,
    centre_faults,
    people_who_marked,
    reading_counts,
    released_result,
)
from reviews.queries.desk_times import DeskTime, desk_times
from reviews.queries.hearings import HearingEvidence, hearing_evidence, hearing_recorded
from reviews.queries.lateness import accepted_lateness, file_evidence, filing_limit
from reviews.queries.overview.readers import FileLeanings, file_leanings
from reviews.queries.overview.results import ListUsed, lists_of_reports, losses_for_reports
from reviews.queries.overview.sections import SectionKept, sections_kept
from reviews.queries.previews import handled_by_staff, handled_in
from reviews.queries.results import (
    MarkShown,
    confirmed_vetoes,
    file_released,
    lawyer_was_told,
    left_to_object,
    marks_stand,
    may_object,
    results_of_lawyer,
    review_evidence,
    sections_shown,
    vetoes_of_result,
    vetoes_to_answer,
)
from reviews.queries.reviewers import Handled, tied_to, ties, ties_to
from reviews.queries.self_assessments import SelfAssessmentEvidence, self_assessment_evidence
from reviews.queries.work import waiting_for

__all__ = [
    "AcceptedFile",
    "DeskTime",
    "FileEvidence",
    "FileLeanings",
    "Handled",
    "HearingEvidence",
    "ListUsed",
    "MarkShown",
    "ReadingCounts",
    "ReviewEvidence",
    "SectionKept",
    "SelfAssessmentEvidence",
    "accepted_files",
    "accepted_lateness",
    "being_read_by",
    "cases_marked_by",
    "centre_faults",
    "confirmed_vetoes",
    "desk_times",
    "file_evidence",
    "file_leanings",
    "file_released",
    "filing_limit",
    "handled_by_staff",
    "handled_in",
    "hearing_evidence",
    "hearing_recorded",
    "lawyer_was_told",
    "left_to_object",
    "lists_of_reports",
    "losses_for_reports",
    "marks_stand",
    "may_object",
    "people_who_marked",
    "reading_counts",
    "released_result",
    "results_of_lawyer",
    "review_evidence",
    "sections_kept",
    "sections_shown",
    "self_assessment_evidence",
    "tied_to",
    "ties",
    "ties_to",
    "vetoes_of_result",
    "vetoes_to_answer",
    "waiting_for",
]
