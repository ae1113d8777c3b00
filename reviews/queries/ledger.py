"""The adoption ledger of a reading, as it is typed, as it is weighed and as it is shown."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from qa_service.common.rounding import plain
from qa_service.documents.quotable import why_not_quotable
from reviews.adoption import MOST_ARGUMENTS, Argued, Proposal, ledger_defects, ledger_item, proposal_for
from reviews.enums import AssignmentState, ReviewState, Treatment
from reviews.marking import Defect, Sheet
from reviews.models import Argument, CaseReview
from reviews.queries.checklists import Standard, anchor_name
from reviews.queries.loaded import loaded_words
from reviews.queries.scorecard import Marks, Unfit, blank, values_of, why_no_place

ARGUMENT_FIELDS = ("words", "page", "judgment_page", "treatment", "reasonable")
PLACES = ("page", "judgment_page")
# Lines that stand open beside those that are filled; the others are folded away.
LEAST_OPEN = 3
PERCENT = Decimal(100)

# By number, from 1.
Ledger = dict[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class ArgumentRow:
    """One line of the form. `was` is the line as stored when the form is made; `theirs` what another window stored."""

    number: int
    line: dict[str, str]
    was: str
    theirs: dict[str, str] | None = None

    @property
    def code(self) -> str:
        """How the form calls the line, beside the codes of items."""
        return f"L{self.number}"

    @property
    def treatment_label(self) -> str:
        return treatment_label(self.line)

    @property
    def theirs_label(self) -> str:
        return treatment_label(self.theirs or {})


@dataclass(frozen=True, slots=True)
class LedgerForm:
    """`rows` stand open, `folded` are the empty ones below. `proposal` says what the lines speak for, in words."""

    rows: tuple[ArgumentRow, ...]
    folded: tuple[ArgumentRow, ...]
    proposal: Proposal | None
    words: str


@dataclass(frozen=True, slots=True)
class ArgumentShown:
    """One argument in words; `whose`: of which reader, by turn, empty where there was one."""

    words: str
    page: str
    treatment: str
    judgment_page: str
    reasonable: str
    whose: str = ""


def blank_argument() -> dict[str, str]:
    return dict.fromkeys(ARGUMENT_FIELDS, "")


def stored_ledger(review_id: int) -> Ledger:
    """What is saved, without the lines left blank: one query."""
    rows = Argument.objects.filter(review_id=review_id).order_by("number").values_list("number", *ARGUMENT_FIELDS)
    found = {number: dict(zip(ARGUMENT_FIELDS, values, strict=True)) for number, *values in rows}
    return {number: line for number, line in found.items() if any(line.values())}


def argued(ledger: Mapping[int, Mapping[str, str]]) -> dict[int, Argued]:
    """Lines as the pure core takes them; those left blank are none. Of a treatment that there is not, none is given."""
    return {
        number: Argued(
            words=line["words"],
            page=line["page"],
            judgment_page=line["judgment_page"],
            treatment=_treatment_of(line),
            reasonable=line["reasonable"],
        )
        for number, line in ledger.items()
        if any(line.values())
    }


def ledger_lacks(standard: Standard, marks: Marks, ledger: Ledger) -> list[Defect]:
    """What the ledger lacks before submission; the remark on a departing mark is the one beside it."""
    item = ledger_item(standard.sheet)
    comment = marks.get(item.code, blank())["comment"] if item else ""
    return ledger_defects(standard.sheet, argued(ledger), values_of(marks), comment=comment)


def ledger_form(
    *, sheet: Sheet, ledger: Ledger, loaded: Ledger | None = None, theirs: Ledger | None = None
) -> LedgerForm:
    def row(number: int) -> ArgumentRow:
        line = ledger.get(number, blank_argument())
        before = line if loaded is None else loaded.get(number, blank_argument())
        other = (theirs or {}).get(number)
        was = json.dumps([before[name] for name in ARGUMENT_FIELDS], ensure_ascii=False)
        return ArgumentRow(number, line, was, other if other is not None and other != line else None)

    filled = max((number for number, line in ledger.items() if any(line.values())), default=0)
    open_to = min(MOST_ARGUMENTS, max(LEAST_OPEN, filled + 1))
    proposal = proposal_for(sheet, argued(ledger))
    return LedgerForm(
        tuple(map(row, range(1, open_to + 1))),
        tuple(map(row, range(open_to + 1, MOST_ARGUMENTS + 1))),
        proposal,
        proposal_words(proposal),
    )


def loaded_argument(was: str) -> dict[str, str]:
    """A line as the form carries it beside the one that may be changed; blank where it is not one."""
    return loaded_words(was, ARGUMENT_FIELDS) or blank_argument()


def proposal_words(proposal: Proposal | None) -> str:
    """What the ledger speaks for, as a sentence; empty where it speaks for nothing."""
    if proposal is None:
        return ""
    return _("Share over %(count)s counted: %(share)s %%. This speaks for “%(anchor)s”.") % {
        "count": proposal.counted,
        "share": plain(PERCENT * proposal.share),
        "anchor": anchor_name(proposal.anchor, proposal.measure),
    }


def treatment_label(line: Mapping[str, str]) -> str:
    treatment = _treatment_of(line)
    return str(treatment.label) if treatment else ""


def _treatment_of(line: Mapping[str, str]) -> Treatment | None:
    """A form that is shown again holds what was typed, whatever it was."""
    typed = line.get("treatment", "")
    return Treatment(typed) if typed in Treatment else None


def unfit_arguments(ledger: Mapping[int, Mapping[str, str]], *, clients: Collection[str]) -> list[Unfit]:
    """Every text that a notice could not quote, by the number of its line."""
    texts = (
        (number, field, line[field]) for number, line in ledger.items() for field in ("words", "reasonable", *PLACES)
    )
    found = (
        (number, field, why_not_quotable(text, clients=clients) or (field in PLACES and why_no_place(text)))
        for number, field, text in texts
    )
    return [Unfit(f"L{number}", field, str(why)) for number, field, why in found if why]


def arguments_of_result(result: CaseReview) -> list[tuple[int, Argument]]:
    """The lines of the readings behind a result, each with its reader's turn. They are locked, as the result is."""
    rows = Argument.objects.filter(
        review__assignment__case=result.case_id,
        review__assignment__state=AssignmentState.SUBMITTED,
        review__state=ReviewState.SUBMITTED,
        review__submitted_at__lte=result.created_at,
    ).exclude(words="", treatment="")
    found = rows.select_related("review__assignment").order_by("review__assignment__order", "number")
    return [(row.review.assignment.order, row) for row in found]
