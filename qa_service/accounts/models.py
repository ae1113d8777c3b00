"""People with accounts and what each may do where."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from qa_service.accounts.enums import Role
from qa_service.audit.actors import Actor
from qa_service.common.models import PublicId


class User(AbstractUser, PublicId):
    """One person, one account, any number of roles."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(max_length=50)
    language = models.CharField(max_length=10, default="zh-hans")
    shortcuts_enabled = models.BooleanField(default=True)
    # Somebody else chose it: its owner is asked for one of their own.
    password_is_temporary = models.BooleanField(default=False)
    # Where the account was opened: whoever manages that place still finds it when every role has been taken away.
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    lawyer = models.OneToOneField(
        "organisations.Lawyer", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    @property
    def actor(self) -> Actor:
        return Actor(id=f"user:{self.pk}", label=self.display_name or self.username)

    @cached_property
    def held(self) -> tuple["Grant", ...]:
        """Grants in force, read once a request: taking a role away works from the next request on."""
        return tuple(self.grants.select_related("organisation"))

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.held)

    def has_role(self, *roles: Role | str) -> bool:
        return not self.roles.isdisjoint(roles)


class Grant(models.Model):
    """A role at a node of the tree, or at a firm. It reaches the node's subtree and nothing else."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=12, choices=Role.choices)
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    firm = models.ForeignKey("organisations.Firm", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["user", "role", "organisation"], name="grant_once_a_node"),
            models.UniqueConstraint(fields=["user", "role", "firm"], name="grant_once_a_firm"),
            models.UniqueConstraint(fields=["user"], condition=Q(role=Role.LAWYER), name="grant_lawyer_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="grant_role_known"),
            models.CheckConstraint(
                condition=(Q(role=Role.FIRM) & Q(firm__isnull=False) & Q(organisation__isnull=True))
                | (Q(role=Role.LAWYER) & Q(firm__isnull=True) & Q(organisation__isnull=True))
                | (~Q(role__in=[Role.FIRM, Role.LAWYER]) & Q(organisation__isnull=False) & Q(firm__isnull=True)),
                name="grant_is_held_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role}"
