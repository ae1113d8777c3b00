from reviews.models.acceptance import FileAcceptance, FileDefect, FileEvent, FilePaper, LatenessPlea
from reviews.models.arguments import Argument
from reviews.models.calibration import AgreedMark, CalibrationFile, CalibrationRound, Panelist, Trial, TrialMark
from reviews.models.checklists import CatalogueEntry, Checklist, Item, Section, Veto, in_language
from reviews.models.hearings import Hearing, HearingMove, HearingPlan, Observation, ObservedMark, RecordedMark
from reviews.models.lateness import AcceptedLateness
from reviews.models.more_time import MoreTime
from reviews.models.objection_papers import ObjectionLeaf, ObjectionPaper
from reviews.models.results import CaseReview, ObjectedItem, Objection
from reviews.models.reviewers import KnownTie, ReviewerObjection, ReviewerTerms
from reviews.models.reviews import Assignment, FormerHearing, Mark, Relation, Review, VetoMark
from reviews.models.samples import FrameExclusion, Sample, SampledCase
from reviews.models.scans import PaperOnly, Scan, ScanPage
from reviews.models.self_assessments import SelfAssessment, SelfMark
from reviews.models.transfers import VetoTransfer
from reviews.models.waivers import ReaderWaiver

__all__ = [
    "AcceptedLateness",
    "AgreedMark",
    "Argument",
    "Assignment",
    "CalibrationFile",
    "CalibrationRound",
    "CaseReview",
    "CatalogueEntry",
    "Checklist",
    "FileAcceptance",
    "FileDefect",
    "FileEvent",
    "FilePaper",
    "FormerHearing",
    "FrameExclusion",
    "Hearing",
    "HearingMove",
    "HearingPlan",
    "Item",
    "KnownTie",
    "LatenessPlea",
    "Mark",
    "MoreTime",
    "ObjectedItem",
    "Objection",
    "ObjectionLeaf",
    "ObjectionPaper",
    "Observation",
    "ObservedMark",
    "Panelist",
    "PaperOnly",
    "ReaderWaiver",
    "RecordedMark",
    "Relation",
    "Review",
    "ReviewerObjection",
    "ReviewerTerms",
    "Sample",
    "SampledCase",
    "Scan",
    "ScanPage",
    "Section",
    "SelfAssessment",
    "SelfMark",
    "Trial",
    "TrialMark",
    "Veto",
    "VetoMark",
    "VetoTransfer",
    "in_language",
]
