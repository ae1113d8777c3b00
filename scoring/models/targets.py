"""What a centre is to reach in a year, as its bureau or itself set it."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from qa_service.accounts.models import User
from qa_service.accounts.queries import within
from qa_service.cases.enums import CaseType, ClientGroup
from qa_service.common.models import PublicId
from scoring.enums import TargetMeasure
from scoring.models.scores import STAFF_READERS


class YearTargetQuerySet(models.QuerySet["YearTarget"]):
    def visible_to(self, user: User | AnonymousUser) -> "YearTargetQuerySet":
        return self.filter(within(user, "centre__path", *STAFF_READERS))


class YearTarget(PublicId):
    """Of all closed cases of a centre and year, or of one type of case or group of clients.

    Either `growth` in percent over the year before, or `amount`: cases, people, or yuan.
    """

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=10, choices=TargetMeasure.choices)
    case_type = models.CharField(max_length=16, choices=CaseType.choices, blank=True)
    group = models.CharField(max_length=20, choices=ClientGroup.choices, blank=True)
    growth = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    objects = YearTargetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "year", "measure", "case_type", "group"], name="year_target_once"
            ),
            models.CheckConstraint(condition=Q(case_type="") | Q(group=""), name="year_target_of_one_part"),
            models.CheckConstraint(
                condition=Q(growth__isnull=False, amount=None) | Q(growth=None, amount__isnull=False, amount__gt=0),
                name="year_target_growth_or_amount",
            ),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2099), name="year_target_in_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.year} of centre {self.centre_id}"
