"""Problems of a checklist, and faults of its file, in words: where it is, and what to do."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reviews.blueprint import Problem, ProblemCode
from reviews.blueprint.reading import Fault, FaultCode

TOLD = {
    ProblemCode.NO_SECTIONS: gettext_lazy("There is no section yet."),
    ProblemCode.EMPTY_SECTION: gettext_lazy("There is no item in this section yet."),
    ProblemCode.CODE_TWICE: gettext_lazy("The code “%(detail)s” is used twice. Give one of them another."),
    ProblemCode.CODE_OF_THE_FORM: gettext_lazy(
        "On the scorecard “%(detail)s” names something else: a line of the ledger, or the comment on the whole file. "
        "Give the item another code."
    ),
    ProblemCode.MISSING_TEXT: gettext_lazy("This text is missing."),
    ProblemCode.TOTAL: gettext_lazy("The points come to %(detail)s. They must come to 100."),
    ProblemCode.NO_REASONS: gettext_lazy("Whoever takes points off must give a reason: choose those that fit."),
    ProblemCode.UNKNOWN_REASON: gettext_lazy("The reason “%(detail)s” is not among those of this list."),
    ProblemCode.FLOOR_WITHOUT_REASON: gettext_lazy(
        "The reason “%(detail)s” keeps a share of the points, but this item does not offer it."
    ),
    ProblemCode.TOO_FEW_MARKS: gettext_lazy("Offer the full mark, and at least one that takes points off."),
    ProblemCode.VETOES_FOR_READERS: gettext_lazy("Veto items are marked by readers of the file alone: take them out."),
    ProblemCode.TYPE_NEEDED: gettext_lazy("A list by which files are reviewed is for one type of case: choose it."),
    ProblemCode.NO_CATALOGUE: gettext_lazy("Name the papers that a complete file holds."),
}  # fmt: skip

FAULTS = {
    FaultCode.NOT_AN_OBJECT: gettext_lazy("is not an object ({…})"),
    FaultCode.NOT_A_LIST: gettext_lazy("is not a list ([…])"),
    FaultCode.NOT_A_TEXT: gettext_lazy("is not a text"),
    FaultCode.NOT_TRUE_OR_FALSE: gettext_lazy("is neither true nor false"),
    FaultCode.NOT_A_CODE: gettext_lazy("may hold only letters and digits, at most %(detail)s of them"),
    FaultCode.NOT_ONE_OF: gettext_lazy("is none of: %(detail)s"),
    FaultCode.NOT_POINTS: gettext_lazy("must be a number above 0, at most 100, with no more than two decimals"),
    FaultCode.NOT_A_SHARE: gettext_lazy("must be a share above 0 and at most 1, such as 0.75"),
    FaultCode.MISSING: pgettext_lazy("fault of a file", "is missing"),
    FaultCode.UNKNOWN_FIELD: gettext_lazy("is not known here; is it misspelt?"),
    FaultCode.TOO_LONG: gettext_lazy("is longer than %(detail)s characters"),
    FaultCode.TOO_MANY: gettext_lazy("holds more than %(detail)s entries"),
    FaultCode.UNPRINTABLE: gettext_lazy("holds a line break or a sign that cannot be printed"),
    FaultCode.UNKNOWN_KIND: gettext_lazy("is none of: %(detail)s"),
    FaultCode.NO_SECTION_YET: gettext_lazy("stands above the first section; put it below the section it belongs to"),
}  # fmt: skip

FIELDS = {
    "code": gettext_lazy("code"),
    "title": gettext_lazy("title"),
    "points": gettext_lazy("points"),
    "evidence": gettext_lazy("evidence to look for"),
    "note": gettext_lazy("note"),
    "basis": gettext_lazy("legal basis"),
    "reasons": gettext_lazy("reasons"),
    "pageless": gettext_lazy("no page"),
    "floors": gettext_lazy("least shares"),
    "anchors": gettext_lazy("marks offered"),
    "effect": gettext_lazy("effect"),
    "transfer": gettext_lazy("handing on"),
    "purpose": gettext_lazy("purpose"),
    "case_type": gettext_lazy("type of case"),
    "stage": gettext_lazy("stage"),
    "measure": gettext_lazy("way of scoring"),
    "sections": gettext_lazy("sections"),
    "items": gettext_lazy("items"),
    "vetoes": gettext_lazy("veto items"),
    "catalogue": gettext_lazy("catalogue"),
    "rows": gettext_lazy("rows"),
    "kind": gettext_lazy("first column"),
}
LANGUAGES = {"zh": "中文", "en": "English"}


def place_of(found: Problem | Fault) -> str:
    """Section, item and field: `A · A2 · title (English)`."""
    name, _dot, language = found.field.partition(".")
    field = str(FIELDS.get(name, name))
    if language:
        field = f"{field} ({LANGUAGES.get(language, language)})"
    return " · ".join([*found.parts, field] if field else found.parts)


def told(problem: Problem) -> str:
    return str(TOLD[problem.code]) % {"detail": problem.detail}


def fault_told(fault: Fault) -> str:
    """`A · A2 · points: must be a number …`"""
    place = place_of(fault)
    text = str(FAULTS[fault.code]) % {"detail": fault.detail}
    return _("%(place)s: %(text)s") % {"place": place, "text": text} if place else text
