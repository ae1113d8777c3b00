"""Reading rules: each with its newest version, what it is set to, and the versions before."""

from dataclasses import dataclass
from typing import Any

from scoring.enums import RuleCode
from scoring.models import Rule
from scoring.rule_terms import default_terms


@dataclass(frozen=True, slots=True)
class RuleShown:
    """One rule as people read it; `versions` from the newest to the first, none where it was never switched on."""

    code: RuleCode
    versions: tuple[Rule, ...]

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
