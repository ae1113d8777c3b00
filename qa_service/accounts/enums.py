from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person may do, at a node of the tree (or, for lawyers and firms, by who they are)."""

    OPERATOR = "operator", _("Operator")
    SUPERVISOR = "supervisor", _("Bureau supervisor")
    MANAGER = "manager", _("Centre manager")
    REVIEWER = "reviewer", _("File reviewer")
    OBSERVER = "observer", _("Hearing observer")
    FOLLOW_UP = "follow_up", _("Follow-up staff")
    LAWYER = "lawyer", _("Lawyer")
    FIRM = "firm", _("Head of a firm")


# Roles that are held at a node and reach its whole subtree.
STAFF_ROLES = (Role.SUPERVISOR, Role.MANAGER, Role.FOLLOW_UP)
# Who may add nodes to the tree, each within their subtree: a manager stations, an operator anything.
FOUNDING_ROLES = (Role.OPERATOR, Role.MANAGER)
