"""Reading rules: each with its newest version, what it is set to, and the versions before."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from scoring.enums import RuleCode
from scoring.models import Rule
from scoring.rule_terms import default_terms

MEANT = {
    RuleCode.R1: _(
        "A case that is excellent, to which nobody can object any more and about which nothing is open: praise."
    ),
    RuleCode.R2: _(
        "Over a closed quarter or year: enough graded cases, a standing that is surely high, files in time, no veto "
        "item and no upheld complaint. A commendation notice, and first place in complex assignments."
    ),
    RuleCode.R3: _(
        "The same of a firm, a station or a group of volunteers, all its cases together; of veto items those named "
        "here count. A commendation notice."
    ),
    RuleCode.R4: _("A coefficient for the subsidy of each accepted file, as a recommendation. Nothing is paid by it."),
    RuleCode.S1: _("A core item was worth nothing: coaching on it. It is no sanction and is not published."),
    RuleCode.S2: _("A case finally failed: a talk, correction and a report, and the next files are all read."),
    RuleCode.S3: _(
        "So many cases of a lawyer finally failed, or so many complaints were upheld: training and fewer assignments "
        "beside the rectification. Of complaints those that the bureau gave the centre to look into are counted."
    ),
    RuleCode.S4: _("So many cases failed, or a veto item named here was confirmed: the authority is asked to suspend."),
    RuleCode.S6: _(
        "Over a closed quarter or year: bad ratings not answered in time, or cases assigned late. The bureau above "
        "alone decides, and writes to the centre."
    ),
}


@dataclass(frozen=True, slots=True)
class RuleShown:
    """One rule as people read it; `versions` from the newest to the first, none where it was never switched on."""

    code: RuleCode
    versions: tuple[Rule, ...]

    @property
    def meaning(self) -> str:
        """What it proposes, and when, in a sentence."""
        return str(MEANT[self.code])

    @property
    def newest(self) -> Rule | None:
        return self.versions[0] if self.versions else None

    @property
    def enabled(self) -> bool:
        return self.newest is not None and self.newest.enabled

    @property
    def version(self) -> int:
        return self.newest.version if self.newest else 0

    @property
    def terms(self) -> dict[str, Any]:
        """The figures in force, or those that the first version would begin with. A version keeps what it was
        published with: a figure that rules got since is none of it."""
        return dict(self.newest.thresholds) if self.newest else default_terms(self.code)


def rules_shown() -> list[RuleShown]:
    """Every rule there is, in the order of their codes; one query."""
    rows = list(Rule.objects.select_related("published_by").order_by("code", "-version"))
    return [RuleShown(code, tuple(row for row in rows if row.code == code)) for code in RuleCode]


def rule_shown(code: RuleCode) -> RuleShown:
    rows = Rule.objects.select_related("published_by").filter(code=code)
    return RuleShown(code, tuple(rows.order_by("-version")))
