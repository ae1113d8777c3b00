"""The invented country: rows that the service itself would have written, so that pages and sweeps go on from them."""

import io
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.periods import Period
from qa_service.demo import PASSWORD
from qa_service.founding import FOUNDER
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import holds_demo_data
from qa_service.organisations.services import found_organisation
from scoring.enums import UnitKind
from scoring.models import CaseScore, CaseVoice
from scoring.queries.proofs import evidence_proofs, kept_proofs
from scoring.queries.standings import standings
from scoring.services.scores import rescore_changed
from surveys.services import invite_due
from surveys.services.inviting.invitations import Invited

NOW = datetime(2026, 12, 5, 2, 0, tzinfo=UTC)
SIZES = {"cases": 60, "lawyers": 24, "centres": 12, "answered": 50, "read": 90}


def generated(**sizes: int) -> str:
    said = io.StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("generate_country", stdout=said, **sizes)
    return said.getvalue()


@pytest.mark.django_db
def test_a_country_proves_shows_itself_and_is_made_once(client):
    said = generated(**SIZES)

    assert "60 cases of 24 lawyers at 12 centres." in said
    assert PASSWORD in said
    assert (Case.objects.count(), Organisation.objects.filter(kind="centre").count()) == (60, 12)
    assert Organisation.objects.find_problems() == ([], [], [], [], [])
    assert holds_demo_data()
    scores, voices = CaseScore.objects.current().count(), CaseVoice.objects.current().count()
    assert 40 < scores < 60
    assert 10 < voices < 50
    # What is kept is what the evidence comes to, to the byte.
    assert [each for each in kept_proofs(None, None) if each.differences] == []
    assert [each for each in evidence_proofs(None, None, now=NOW) if each.differences] == []
    # No sweep finds anything that it would have done long ago.
    assert invite_due(now=NOW) == Invited()
    assert rescore_changed(now=NOW) == 0
    year = Period(date(2025, 12, 1), date(2026, 12, 5))
    supervisor = User.objects.get(username="supervisor")
    table = standings(kind=UnitKind.LAWYER, period=year, user=supervisor).table
    assert sum(row.n for row in table.rows) == CaseScore.objects.graded().count()
    client.force_login(User.objects.get(username="manager"))
    assert client.get("/scoring/standings?kind=lawyer").status_code == 200
    # The next row has a number of its own.
    assert found_organisation(
        kind=OrganisationKind.BUREAU, code="b", name="司法局", parent=None, actor=FOUNDER, now=NOW
    ).pk

    with pytest.raises(CommandError, match="already set up"):
        generated(**SIZES)


@pytest.mark.django_db
@pytest.mark.parametrize("sizes", [{"lawyers": 2, "centres": 3}, {"centres": 0}, {"answered": 101}, {"cases": -1}])
def test_a_country_of_impossible_size_is_refused(sizes):
    with pytest.raises(CommandError):
        generated(**(SIZES | sizes))

    assert not Organisation.objects.exists()
