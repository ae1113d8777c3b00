"""Rows of weighing, made through the services that make them in life."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from qa_service.cases.models import Case
from reviews.enums import Anchor
from scoring.enums import Grade
from scoring.models import CaseScore, CaseVoice, Scheme
from scoring.queries.schemes import scheme_in_force
from scoring.services.schemes import publish_default_scheme
from scoring.services.scores import rescore_changed
from tests import factories
from tests.factories import NOW
from tests.reviews import factories as reviews
from tests.scenes import scene
from tests.surveys import factories as surveys


@scene
def scheme(*, now: datetime = NOW) -> Scheme:
    """The one published for a new centre, in force."""
    return publish_default_scheme(now=now)


@scene
def scored(case: Case | None = None, *, now: datetime = NOW, **anchors: Anchor) -> CaseScore:
    """A case that was read by one person, released and weighed."""
    scheme(now=now)
    case = case or factories.case(factories.centre())
    reviews.released(case, reads=False, **anchors)
    rescore_changed(now=now)
    return CaseScore.objects.current().get(case=case)


@scene
def answered(mark: int, *, now: datetime = NOW, **fields: Any) -> Case:
    """A case whose client was texted and answered with a mark from 1 to 5; not yet weighed."""
    scheme(now=now)
    conversation = surveys.asked(now, **fields)
    surveys.reply(conversation, str(mark), now=now)
    return Case.objects.get(pk=conversation.case_id)


@scene
def voice(case: Case, score: int = 85, *, at: datetime = NOW) -> CaseVoice:
    """A weighed answer, where how it was asked does not matter."""
    scheme(now=at)
    return CaseVoice.objects.create(
        case=case,
        scheme=scheme_in_force(),
        lawyer=case.lawyer,
        firm=case.firm,
        station=case.station,
        centre=case.centre,
        case_type=case.case_type,
        closed_on=case.closed_on,
        score=Decimal(score),
        response_id=case.pk,
        answered_at=at,
        derivation='{"lines":[{"applies":true,"contribution":"85","facts":{},"source":"overall","value":"85","weight":"50"}]}',
        sha256="0" * 64,
        computed_at=at,
    )


@scene
def graded(case: Case, score: int | str, *, at: datetime = NOW, **fields: Any) -> CaseScore:
    """A case in force with such a score, released, where how it was read does not matter; the one before goes out."""
    scheme(now=at)
    CaseScore.objects.current().filter(case=case).update(is_current=False)
    figure = Decimal(score)
    bands = ((90, Grade.EXCELLENT), (80, Grade.GOOD), (60, Grade.PASS), (0, Grade.FAIL))
    defaults = {
        "scheme": scheme_in_force(),
        "lawyer": case.lawyer,
        "firm": case.firm,
        "station": case.station,
        "centre": case.centre,
        "case_type": case.case_type,
        "closed_on": case.closed_on,
        "score": figure,
        "grade": next(grade for low, grade in bands if figure >= low),
        "provisional": False,
        "coverage": Decimal(100),
        "review_version": 1,
        "evidence_version": 1,
        "released_on": at.date(),
        "derivation": '{"lines":[]}',
        "sha256": "0" * 64,
        "computed_at": at,
    }
    return CaseScore.objects.create(case=case, **(defaults | fields))


LATER = NOW + timedelta(days=1)
