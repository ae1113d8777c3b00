"""Who may give which role where: whoever holds a giving role at that very node or above it. No framework."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from qa_service.accounts.enums import Role

# A manager gives the roles of a centre; a supervisor's and an operator's come from someone who holds them.
GIVEN_BY: Mapping[str, frozenset[str]] = {
    Role.OPERATOR: frozenset(Role),
    Role.SUPERVISOR: frozenset({Role.MANAGER}),
    Role.MANAGER: frozenset({Role.REVIEWER, Role.OBSERVER, Role.FOLLOW_UP, Role.LAWYER, Role.FIRM}),
}
GIVING_ROLES = (Role.OPERATOR, Role.SUPERVISOR, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Held:
    """A role at the tree path of its node."""

    role: str
    path: str


def may_give(held: Collection[Held], *, role: str, paths: Collection[str]) -> bool:
    """Whether one who holds these may give the role at all these places; at none of them nobody may.

    Role and place are looked at together: a manager of one centre who operates another gives each its own.
    """
    return bool(paths) and all(
        any(path.startswith(one.path) and role in GIVEN_BY.get(one.role, ()) for one in held) for path in paths
    )


def roles_given(held: Collection[Held]) -> frozenset[str]:
    """Roles that may be given somewhere."""
    return frozenset(role for one in held for role in GIVEN_BY.get(one.role, ()))
