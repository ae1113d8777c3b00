"""One thing of centre A behind every door that needs one: the lawyer's own, marked by the reviewer called own."""

import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.audit.actors import Actor
from qa_service.cases.models import Case, CoClient
from qa_service.cases.services.imports import receive_import
from qa_service.common.periods import Period
from qa_service.files.enums import PaperKind
from qa_service.files.services import store
from qa_service.organisations.models import CentreSettings
from qa_service.privacy.enums import RequestKind
from reviews.enums import Anchor, Rule
from reviews.models import CaseReview, Checklist, ObjectionPaper, Review, Trial, VetoMark
from reviews.queries.checklists import document_of
from reviews.services.acceptance import state_lateness
from reviews.services.calibration import close_round
from reviews.services.checklist_drafts import begin_draft
from reviews.services.hearings import name_observer
from reviews.services.objections import lodge_objection
from reviews.services.relations import declare_relation
from reviews.services.reviewers import enter_tie, object_to_reviewer
from reviews.services.sample_changes import leave_out, publish_statement
from reviews.services.samples import draw_sample
from reviews.services.scans import Upload, draw_paper
from reviews.services.submission import submit_review
from reviews.services.vetoes import answer_veto, decide_veto, mark_veto
from scoring.calculation.method import flat
from scoring.documents.content import Measure, RectificationContent, Remedy
from scoring.enums import (
    AppealState,
    MeasureKind,
    NoticeKind,
    NoticeState,
    OrderState,
    Outcome,
    ProposalState,
    ReferralKind,
    ReportKind,
    RuleCode,
    TaskState,
)
from scoring.models import (
    Appeal,
    AssignmentMeasure,
    CaseScore,
    CorrectiveTask,
    Decision,
    Notice,
    PanelMeeting,
    Proposal,
    PublicDisplay,
    Referral,
    ReportOrder,
    Scheme,
    Statement,
    TaskPaper,
    TaskReport,
    YearTarget,
)
from scoring.models import Rule as ProposingRule
from scoring.queries.schemes import scheme_in_force
from scoring.services.closing import close_period
from scoring.services.notice_content import frozen
from scoring.services.rules import publish_default_rules
from scoring.services.schemes import begin_draft as begin_scheme
from scoring.services.schemes import publish_draft as publish_scheme
from surveys import services as surveys
from surveys.enums import AlertKind, Channel, Fault, Ground, Occasion, Received, RecoveryState, Respondent, Sweep
from surveys.mid_case import default_terms
from surveys.models import Alert, Complaint, Conversation, LawyerQuestion, Questionnaire, Recovery, SetAside
from surveys.queries.questionnaires import blueprint_of
from surveys.services.organs.organ_mails import link_token
from tests import factories
from tests.authorisation.people import Country
from tests.factories import NOW
from tests.qa_service.files.papers import pdf
from tests.qa_service.privacy.asking_person import asks
from tests.reviews import accepting, calibrating, hearing_rows, scanning, self_rows
from tests.reviews import factories as review_rows
from tests.scoring import factories as weigh_rows
from tests.surveys import factories as survey_rows
from tests.surveys.faces.rows import asked as linked
from tests.surveys.organs import rows as organ_rows

EXPORT = Path(settings.BASE_DIR) / "data" / "closed_cases.csv"


def build_things(country: Country, *, turn: int = 0) -> dict[str, dict[str, Any]]:
    """Keyword arguments of each door's URL, by the door's name. Another turn puts another of each behind the lists."""
    case = _case(country, phone=f"+861700000000{turn + 1}")
    by_uuid = {"public_id": case.public_id}
    asked = asks(case.client, RequestKind.CORRECTION, by=country.people[Role.MANAGER, "own"])
    further = CoClient.objects.create(case=case, client=factories.client(country.centre_a), added_at=NOW)
    by_further = by_uuid | {"client_id": further.client.public_id}
    colleague = country.people[Role.REVIEWER, "same"]
    with EXPORT.open("rb") as upload:
        job = receive_import(
            upload=upload,
            name="cases.csv",
            centre=country.centre_a,
            actor=Actor("user:1", "某人"),
            dry_run=True,
            now=NOW,
        )
    new_firm = factories.firm(country.centre_a, confirmed_at=None)
    things: dict[str, dict[str, Any]] = {
        "accounts:person": {"public_id": colleague.public_id},
        "accounts:centre-settings": {"public_id": country.centre_a.public_id},
        "accounts:rename-place": {"public_id": country.centre_a.public_id},
        "accounts:rename-firm": {"public_id": country.firm_a.public_id},
        "privacy:person": {"public_id": case.client.public_id},
        "privacy:request": {"public_id": asked.public_id},
        "privacy:request-copy": {"public_id": asked.public_id},
        "privacy:request-correct": {"public_id": asked.public_id},
        "api-person-request": {"public_id": asked.public_id},
        "api-person-answer": {"public_id": asked.public_id},
        "api-person-correction": {"public_id": asked.public_id},
        "api-person-copy": {"public_id": asked.public_id},
        "privacy:term": {"public_id": country.centre_a.public_id, "rule": "surveys.texts"},
        "api-kept": {"code": country.centre_a.code},
        "api-kept-term": {"code": country.centre_a.code, "rule": "surveys.texts"},
        "api-organisation": {"code": country.centre_a.code},
        "api-firm": {"public_id": country.firm_a.public_id},
        "api-centre-settings": {"code": country.centre_a.code},
        "api-person-roles": {"public_id": colleague.public_id},
        "api-person-role": {"public_id": colleague.public_id, "grant_id": Grant.objects.get(user=colleague).pk},
        "api-first-password": {"public_id": colleague.public_id},
        "accounts:first-password": {"public_id": colleague.public_id},
        "accounts:close-account": {"public_id": colleague.public_id},
        "accounts:reopen-account": {"public_id": colleague.public_id},
        "api-close-account": {"public_id": colleague.public_id},
        "api-reopen-account": {"public_id": colleague.public_id},
        "accounts:give-role": {"public_id": colleague.public_id},
        "accounts:take-role": {"public_id": colleague.public_id, "grant_id": Grant.objects.get(user=colleague).pk},
        "cases:detail": by_uuid,
        "cases:reveal-phone": by_uuid,
        "cases:clients": by_uuid,
        "cases:client-off": by_further,
        "api-case-clients": by_uuid,
        "api-case-client-off": by_further,
        "surveys:case": by_uuid,
        "api-case-turns": by_uuid,
        "cases:contact-plan": {"public_id": case.client.public_id},
        "cases:contact-plan-confirm": {"public_id": case.client.public_id},
        "cases:contact-plan-guardian": {"public_id": case.client.public_id},
        "cases:import-job": {"public_id": job.public_id},
        "cases:import-confirm": {"public_id": job.public_id},
        "cases:import-report": {"public_id": job.public_id},
        "cases:confirm": {"kind": "firms", "public_id": new_firm.public_id},
        "api-case": by_uuid,
        "api-centre-import": {"code": country.centre_a.code},
        "api-centre-case": {"code": country.centre_a.code, "number": case.number},
        "api-import": {"public_id": job.public_id},
        "api-import-confirm": {"public_id": job.public_id},
    }
    judged = _judged(country, turn) | _listed(country, turn)
    decided = _decided(country, turn)
    return things | _asked(country, turn) | judged | decided | _scheme(country, turn) | _closed(country, turn)


def _case(country: Country, **client: Any) -> Any:
    return factories.case(
        country.centre_a,
        firm=country.firm_a,
        lawyer=country.lawyer_a,
        client=factories.client(country.centre_a, **client),
        accepted_on=date(2026, 5, 1),
        closed_on=date(2026, 11, 10),
    )


def _asked(country: Country, turn: int) -> dict[str, dict[str, Any]]:
    if not turn:
        survey_rows.questionnaires()
    person = factories.client(country.centre_a, plan={"sms_allowed": False, "reason": "not_consented"})
    case = factories.case(country.centre_a, firm=country.firm_a, lawyer=country.lawyer_a, client=person)
    surveys.invite_due(now=NOW + timedelta(days=1))
    conversation = Conversation.objects.get(case=case)
    aside = SetAside.objects.create(
        sweep=Sweep.LAPSE,
        row=conversation.pk,
        centre=case.centre,
        case=case,
        fault=Fault.BROKEN,
        since=NOW,
        again_at=NOW,
    )
    by_uuid = {"public_id": conversation.public_id}
    names = (
        "interview",
        "interview-take",
        "interview-put-back",
        "interview-number",
        "interview-record",
        "interview-second",
        "interview-afterwards",
        "errand",
        "errand-record",
        "print-form",
        "print-record",
    )
    things: dict[str, dict[str, Any]] = {f"surveys:{name}": by_uuid for name in names}
    _conversation, key = linked(factories.case(country.centre_a, firm=country.firm_a, lawyer=country.lawyer_a))
    to_visit = factories.case(country.centre_a, firm=country.firm_a, lawyer=country.lawyer_a)
    linked(to_visit, channel=Channel.VISIT)
    things |= {f"surveys:{name}": {"key": key} for name in ("form", "form-stop", "form-done")}
    things |= {f"{room}set-aside-again": {"public_id": aside.public_id} for room in ("surveys:", "api-")}
    alert = Alert.objects.create(case=case, conversation=conversation, kind=AlertKind.RECOVERY, raised_at=NOW)
    things |= _recovered(country, alert)
    things |= {
        f"api-conversation{name}": by_uuid
        for name in ("", "-calls", "-interview", "-second-entry", "-afterwards", "-errands", "-hold", "-number")
    }
    things["surveys:form-question"] = {"key": key, "code": "q1"}
    things |= {f"surveys:{name}": {"key": "a" * 16} for name in ("handset-phone", "handset-reply")}
    things |= {f"surveys:{name}": {"token": "t" * 40} for name in ("aliyun-report", "aliyun-reply")}
    return things | _planned(country, turn) | _written(country, turn) | _organs(country, turn)


def _planned(country: Country, turn: int) -> dict[str, dict[str, Any]]:
    """A plan by which clients are asked while their case runs; the centre asks nobody new by it."""
    occasion = Occasion.AFTER_ASSIGNMENT
    if not turn:
        CentreSettings.objects.filter(centre=country.centre_a).update(takes_open_cases=True)
        surveys.publish_mid_case_plan(
            centre=country.centre_a,
            occasion=occasion,
            terms=default_terms(occasion, today=NOW.date()),
            user=country.people[Role.MANAGER, "own"],
            now=NOW,
        )
        CentreSettings.objects.filter(centre=country.centre_a).update(takes_open_cases=False)
    return {"api-mid-case-plan": {"code": country.centre_a.code, "occasion": occasion.value}}


def _organs(country: Country, turn: int) -> dict[str, dict[str, Any]]:
    """A unit that was asked, letters put together and one still to print, and a name that nobody has completed."""
    CentreSettings.objects.filter(centre=country.centre_a).update(organs_from=date(2026, 1, 1), organ_delay_days=0)
    unit = organ_rows.organ(country.centre_a, name=f"临江县第{turn}人民法院")
    fields: dict[str, Any] = {"firm": country.firm_a, "lawyer": country.lawyer_a, "organ": unit.name}
    first = organ_rows.asked(country.centre_a, **fields)
    batch = surveys.make_batch(user=country.people[Role.MANAGER, "own"], organ=unit, now=NOW)
    organ_rows.asked(country.centre_a, **fields)
    factories.case(country.centre_a, **fields | {"organ": f"清源县第{turn}人民法院"})
    by_uuid, of_unit, of_batch = ({"public_id": row.public_id} for row in (first, unit, batch))
    key = link_token(first)
    return {
        **{f"surveys:organ{name}": by_uuid for name in ("", "-answer", "-second", "-print", "-end")},
        **{f"surveys:organ-{name}": of_unit for name in ("entry", "entry-name", "batch-new")},
        **{f"surveys:organ-batch{name}": of_batch for name in ("", "-print", "-sent")},
        **{f"surveys:organ-form{name}": {"key": key} for name in ("", "-done")},
        **{f"api-organ-{name}": by_uuid for name in ("asked", "opinion", "second-opinion", "end", "letter")},
        **dict.fromkeys(("api-organ", "api-organ-batch-new"), of_unit),
        **{f"api-organ-batch-{name}": of_batch for name in ("paper", "sent")},
    }


def _written(country: Country, turn: int) -> dict[str, dict[str, Any]]:
    """A questionnaire that centre A is writing."""
    blueprint = blueprint_of(Questionnaire.objects.get(key="client-closing"))
    draft = surveys.begin_draft(
        blueprint=replace(blueprint, key=f"centre-a-{turn}"),
        owner=country.centre_a,
        actor=Actor("user:1", "某人"),
        now=NOW,
    )
    by_uuid = {"public_id": draft.public_id}
    acts = (
        "", "-file", "-draft", "-publish", "-discard", "-retire", "-use", "-heading", "-texts", "-add", "-preview",
        "-phone-end",
    )  # fmt: skip
    return {
        **{f"surveys:questionnaire{act}": by_uuid for act in acts},
        **{f"surveys:questionnaire-{act}": by_uuid | {"code": "q1"} for act in ("question", "arrange", "phone")},
    }


def _listed(country: Country, turn: int) -> dict[str, dict[str, Any]]:
    """A checklist that centre A is writing."""
    document = document_of(Checklist.objects.get(code="civil")) | {"code": f"centre-a-{turn}"}
    writer = country.people[Role.MANAGER, "own"]
    draft = begin_draft(document=document, owner=country.centre_a, user=writer, now=NOW)
    by_uuid = {"public_id": draft.public_id}
    acts = (
        "", "-preview", "-json", "-workbook", "-draft", "-publish", "-discard", "-retire", "-heading", "-add-section",
    )  # fmt: skip
    return {
        **{f"reviews:checklist{act}": by_uuid for act in acts},
        **{f"reviews:checklist-{act}": by_uuid | {"code": "A"} for act in ("section", "add-item")},
        **{f"reviews:checklist-{act}": by_uuid | {"code": "A1"} for act in ("item", "arrange")},
        **{f"api-checklist-{act}": {"checklist_id": draft.public_id} for act in ("document", "publication")},
        "reviews:checklist-rows": by_uuid | {"name": "reasons"},
    }


def _scheme(country: Country, turn: int) -> dict[str, dict[str, Any]]:
    """The schemes in force and the draft of the next, which nobody writes who does not reach every centre."""
    for last in Scheme.objects.filter(published_at=None):
        day = date(2027 + turn, 1, 1)
        publish_scheme(scheme=last, revision=0, effective_from=day, user=country.everybody, now=NOW)
    begin_scheme(figures=flat(scheme_in_force().rules), user=country.everybody, now=NOW)
    draft = {"version": Scheme.objects.get(published_at=None).version}
    score = CaseScore.objects.filter(centre=country.centre_a).latest("pk")
    return {
        **{f"scoring:scheme{act}": draft for act in ("", "-json", "-edit", "-publish", "-discard", "-what-if")},
        "api-scheme": draft,
        "scoring:scheme-what-if-case": draft | {"case_id": score.case.public_id},
    }


def _observed(country: Country, turn: int) -> dict[str, dict[str, Any]]:
    """A hearing that the observer called own has handed in, and one they have not."""
    boss, seer = country.people[Role.MANAGER, "own"], country.people[Role.OBSERVER, "own"]
    rows = []
    for step in range(2):
        hearing = hearing_rows.planned(
            country.centre_a,
            seed=f"{turn}-{step}",
            by=boss,
            firm=country.firm_a,
            lawyer=country.lawyer_a,
            client=factories.client(country.centre_a),
        )
        hearing.observations.exclude(observer=seer).update(state="withdrawn")
        rows.append(name_observer(hearing=hearing, observer=seer, user=boss, now=NOW))
    hearing_rows.handed_in(rows[0])
    of_hearing = {"hearing_id": rows[0].hearing.public_id}
    of_open = {"hearing_id": rows[1].hearing.public_id}
    of_observation = {"observation_id": rows[1].public_id}
    return {
        **{f"reviews:{name}": of_hearing for name in ("hearing", "record-hearing")},
        "api-hearing-record": of_hearing,
        **{f"api-hearing-{name}": of_open for name in ("observers", "off", "move")},
        **{
            f"reviews:{name}": of_open
            for name in ("name-observer", "take-off-observer", "cancel-hearing", "move-hearing")
        },
        **dict.fromkeys(("reviews:observe", "api-observation-marks", "api-observation-submit"), of_observation),
    }


def _self_assessed(country: Country) -> dict[str, dict[str, Any]]:
    """A file that its lawyer is to mark, and one whose marks lie beside a released result."""
    # Older than what the usual draw looks at, so that its frame is as full as without them.
    fields = {"firm": country.firm_a, "lawyer": country.lawyer_a, "closed_on": date(2025, 8, 10)}
    fields |= {"accepted_on": date(2025, 5, 1)}
    rows = [self_rows.asked_without_a_draw(factories.case(country.centre_a, **fields)) for _step in range(2)]
    self_rows.handed_in(rows[0], user=country.people[Role.LAWYER, "own"])
    review_rows.released(rows[0].case)
    of_released, of_open = {"assessment_id": rows[0].public_id}, {"assessment_id": rows[1].public_id}
    return {
        **dict.fromkeys(("reviews:self-assessment", "api-self-assessment-gap"), of_released),
        **dict.fromkeys(("reviews:self-assess", "api-self-assessment-marks", "api-self-assessment-submit"), of_open),
        **dict.fromkeys(("reviews:key-in-self-assessment", "api-self-assessment-on-paper"), of_open),
    }


def _calibrated(country: Country) -> dict[str, dict[str, Any]]:
    """A round that the reviewer called own is marking, one with the panel, ready to be closed, and a closed one."""
    fields = {"firm": country.firm_a, "lawyer": country.lawyer_a, "closed_on": date(2025, 8, 10)}
    boss, reader = country.people[Role.MANAGER, "own"], country.people[Role.REVIEWER, "own"]
    others = [review_rows.reviewer(country.centre_a) for _step in range(3)]
    rounds = []
    for _step in range(3):
        cases = [factories.case(country.centre_a, accepted_on=date(2025, 5, 1), **fields) for _file in range(2)]
        row = calibrating.opened(
            country.centre_a, by=boss, cases=cases, readers=[reader, *others[:2]], panel=[boss, others[2]]
        )
        rounds.append(row)
    marking, discussed, closed = rounds
    for row in (discussed, closed):
        calibrating.all_trialled(row)
        for file in row.files.order_by("pk"):
            calibrating.agreed(file, by=boss)
    close_round(round_=closed, user=boss, now=NOW)
    trial = Trial.objects.filter(file__round=marking, reviewer=reader).order_by("pk")[0]
    scan = scanning.scanned(trial.file.case, ["one"], user=boss)
    of_marking, of_closed = {"round_id": marking.public_id}, {"round_id": closed.public_id}
    of_discussed, of_trial = {"round_id": discussed.public_id}, {"trial_id": trial.public_id}
    file = discussed.files.order_by("pk")[0]
    of_file, its_scan = {"file_id": file.public_id}, scanning.scanned(file.case, ["one"], user=boss)
    return {
        **{f"reviews:{name}": of_marking for name in ("end-marking", "cancel-calibration")},
        **{f"api-calibration-{name}": of_marking for name in ("end", "off")},
        **dict.fromkeys(("reviews:close-calibration", "api-calibration-close"), of_discussed),
        **dict.fromkeys(("reviews:calibration-file", "api-calibration-agreement"), of_file),
        "reviews:read-calibration-file": of_file,
        "reviews:read-calibration-page": of_file | {"scan_id": its_scan.public_id, "number": 1},
        **dict.fromkeys(("reviews:calibration", "reviews:calibration-paper", "reviews:my-calibration"), of_closed),
        **dict.fromkeys(("api-calibration", "api-calibration-outcome"), of_closed),
        **dict.fromkeys(("reviews:trial", "reviews:read-trial", "api-trial-marks", "api-trial-submit"), of_trial),
        "reviews:read-trial-page": of_trial | {"scan_id": scan.public_id, "number": 1},
    }


def _recovered(country: Country, alert: Alert) -> dict[str, dict[str, Any]]:
    """A matter on which the lawyer was asked, and a complaint that the bureau gave the centre to look into."""
    recovery = Recovery.objects.create(alert=alert, state=RecoveryState.CONTACTED, reached_at=NOW)
    manager = country.people[Role.MANAGER, "own"]
    question = LawyerQuestion.objects.create(
        recovery=recovery, consented_on=NOW.date(), consent_by="telephone", text="请说明。", put_by=manager, put_at=NOW
    )
    complaint = surveys.register_complaint(user=manager, grievance=_grievance(country, alert.case), now=NOW)
    Complaint.objects.filter(pk=complaint.pk).update(with_centre=True)
    of_alert, of_complaint = {"public_id": alert.public_id}, {"public_id": complaint.public_id}
    doors = ("", "-number", "-move", "-pass-on", "-step", "-ask-lawyer", "-withdraw-question", "-convert")
    return {
        **{f"surveys:alert{name}": of_alert for name in doors},
        **{
            f"api-alert{name}": of_alert
            for name in (
                "",
                "-acknowledge",
                "-close",
                "-number",
                "-pass-on",
                "-recovery",
                "-recovery-steps",
                "-lawyer-question",
                "-complaint",
            )
        },
        **{f"surveys:complaint{name}": of_complaint for name in ("", "-step", "-number")},
        **{f"api-complaint{name}": of_complaint for name in ("", "-steps", "-number")},
        "surveys:lawyer-question": {"public_id": question.public_id},
    }


def _grievance(country: Country, case: Case) -> surveys.Grievance:
    return surveys.Grievance(
        centre=country.centre_a,
        case=case,
        ground=Ground.STANDARD,
        respondent=Respondent.LAWYER,
        facts="没有告知进展。",
        received_on=NOW.date(),
        received_by=Received.VISIT,
        complainant_name="某人",
    )


def _judged(country: Country, turn: int) -> dict[str, dict[str, Any]]:
    if not turn:
        review_rows.checklists()
    reader = country.people[Role.REVIEWER, "own"]
    reading = review_rows.assignment(_case(country), reader)
    review = Review.objects.get(assignment=reading)
    done = review_rows.assignment(_case(country), reader)
    review_rows.submitted(done, **review_rows.GOOD)
    result = CaseReview.objects.current().get(case=done.case)
    contested = review_rows.assignment(_case(country), reader)
    review_rows.submitted(contested, **review_rows.GOOD)
    proof = pdf(["one"])
    objection = lodge_objection(
        result=CaseReview.objects.current().get(case=contested.case),
        items=["A2"],
        statement="已经会见。",
        papers=[Upload(stream=io.BytesIO(proof), size=len(proof), name="笔录.pdf")],
        user=country.people[Role.LAWYER, "own"],
        now=NOW,
    )
    veto, answered_veto = (_vetoed(country, reader) for _ in range(2))
    answer_veto(veto_mark=answered_veto, answer="会见过。", user=country.people[Role.LAWYER, "own"], now=NOW)
    confirmed = _confirmed_veto(country, reader)
    _case(country)  # something left to draw
    sample = draw_sample(
        centre=country.centre_a,
        period=Period.quarter(2026, 4),
        seed=f"seed {turn}",
        rate=Decimal(1),
        rules=(Rule.RANDOM,),
        user=country.people[Role.MANAGER, "own"],
        now=NOW,
    )
    of_file, of_late_file = _files(country)
    objection_to_reviewer = object_to_reviewer(
        reviewer=review_rows.reviewer(country.centre_a),
        lawyer=result.case.lawyer,
        reason="有纠纷",
        centre=country.centre_a,
        user=country.people[Role.LAWYER, "own"],
        now=NOW,
    )
    tie = enter_tie(
        case=_case(country),
        opposing_firm=factories.firm(country.centre_a),
        user=country.people[Role.MANAGER, "own"],
        now=NOW,
    )
    known = factories.lawyer(factories.firm(country.centre_a))
    declare_relation(lawyer=known, user=reader, now=NOW)
    of_relation = {"whom": known.public_id}
    publish_statement(sample=sample, user=country.people[Role.MANAGER, "own"], now=NOW)
    left_out = leave_out(
        case=_case(country), kind="lost", reason="找不到", user=country.people[Role.MANAGER, "own"], now=NOW
    )
    first_drawn = sample.cases.select_related("case").order_by("pk")[0].case
    of_drawn = {"sample_id": sample.public_id, "case_id": first_drawn.public_id}
    of_reviewer = {"person_id": country.people[Role.REVIEWER, "same"].public_id}
    of_objection_to_reviewer = {"objection_id": objection_to_reviewer.public_id}
    of_tie, of_tied_case = {"tie_id": tie.public_id}, {"case_id": tie.case.public_id}
    page = {"scan_id": scanning.scanned(reading.case, user=country.people[Role.MANAGER, "own"]).public_id, "number": 1}
    desk_scan = scanning.scanned(
        Case.objects.get(public_id=of_file["case_id"]), ["one"], user=country.people[Role.MANAGER, "own"]
    )
    of_scan = of_file | {"scan_id": desk_scan.public_id}
    of_review = {"review_id": review.public_id}
    of_result, of_case = {"result_id": result.public_id}, {"case_id": result.case.public_id}
    of_sample = {"sample_id": sample.public_id}
    of_objection = {"objection_id": objection.public_id}
    paper = ObjectionPaper.objects.get(objection=objection)
    draw_paper(paper_id=paper.pk, now=NOW)
    of_paper = of_objection | {"paper_id": paper.public_id}
    of_confirmed_veto = {"veto_id": confirmed.public_id}
    of_veto, of_answered_veto = {"veto_id": veto.public_id}, {"veto_id": answered_veto.public_id}
    of_assignment = {"assignment_id": reading.public_id}
    return {
        **_observed(country, turn),
        **_self_assessed(country),
        **_calibrated(country),
        **{
            f"reviews:{name}": of_review
            for name in ("workspace", "submit", "decline", "catalogue", "veto", "read-scans")
        },
        "reviews:read-page": of_review | page,
        "reviews:remove-scan": of_scan,
        "api-file-scan": of_scan,
        "reviews:scan-page": of_scan | {"number": 1},
        **{
            f"reviews:{name}": of_result
            for name in ("result", "object", "add-reader", "release", "paper", "serve", "key-in-objection")
        },
        **{f"reviews:{name}": of_sample for name in ("sample", "assign", "assign-together")},
        "reviews:decide-veto": of_answered_veto,
        "reviews:answer-veto": of_veto,
        "reviews:veto-paper": of_veto,
        "reviews:record-transfer": of_confirmed_veto,
        "api-record-transfer": of_confirmed_veto,
        "reviews:serve-veto": of_veto,
        "reviews:key-in-veto-answer": of_veto,
        **dict.fromkeys(("reviews:reassign", "reviews:more-time", "api-assignment-more-time"), of_assignment),
        **{f"reviews:{name}": of_sample for name in ("publish-statement", "statement", "statement-paper")},
        "reviews:take-in": {"exclusion_id": left_out.public_id},
        "reviews:replace": of_drawn,
        "api-sample-publication": of_sample,
        "api-sampling-statement": of_sample,
        "api-file-replacement": of_drawn,
        "api-frame-exclusion": {"exclusion_id": left_out.public_id},
        **dict.fromkeys(
            ("reviews:reviewer-terms", "api-reviewer-terms", "reviews:pass-on", "api-reviewer-hand-over"), of_reviewer
        ),
        **dict.fromkeys(
            ("reviews:decide-reviewer-objection", "api-reviewer-objection-decision"), of_objection_to_reviewer
        ),
        **dict.fromkeys(("reviews:file-readers", "api-file-readers"), of_tied_case),
        **dict.fromkeys(("reviews:take-out-tie", "api-file-tie"), of_tie),
        **dict.fromkeys(("reviews:take-back-relation", "api-relation-taken-back"), of_relation),
        "reviews:objection": of_objection,
        **dict.fromkeys(("reviews:objection-paper", "api-objection-paper"), of_paper),
        **dict.fromkeys(("reviews:objection-leaf", "api-objection-leaf"), of_paper | {"number": 1}),
        **{f"api-review{name}": of_review for name in ("", "-marks", "-submit", "-decline", "-vetoes", "-catalogue")},
        "api-review-veto": {"review_id": _veto_marked(country, reader).public_id, "code": "V6"},
        "api-checklist": {"checklist_id": Checklist.objects.filter(state="published").latest("pk").public_id},
        **dict.fromkeys(("api-sample-assign", "api-samples-assign"), of_sample),
        "api-assignment-hand-over": of_assignment,
        **dict.fromkeys(("api-review-result", "api-result-readers", "api-result-object"), of_result),
        "api-result-release": of_result,
        **{
            f"reviews:{name}": of_file
            for name in (
                "file",
                "file-form",
                "receive-file",
                "undo-receipt",
                "check-file",
                "return-file",
                "accept-file",
                "reopen-file",
                "my-file",
                "scans",
                "keep-on-paper",
                "allow-scans",
            )
        },
        **{
            f"api-file{name}": of_file
            for name in (
                "",
                "-scans",
                "-on-paper",
                "-receipt",
                "-receipt-undoing",
                "-papers",
                "-return",
                "-acceptance",
                "-reopening",
                "-reminder",
            )
        },
        **dict.fromkeys(
            (
                "reviews:remind-lawyer",
                "reviews:decide-lateness",
                "reviews:say-why-late",
                "api-file-lateness",
                "api-file-plea",
            ),
            of_late_file,
        ),
        "reviews:accept-lateness": of_case,
        "reviews:take-back-lateness": of_case,
        "api-accepted-lateness": of_case,
        "api-lateness-taken-back": of_case,
        "api-result-service": of_result,
        "api-result-object-on-paper": of_result,
        "api-objection-decision": of_objection,
        "api-veto-answer": of_veto,
        "api-veto-service": of_veto,
        "api-veto-answer-paper": of_veto,
        "api-veto-decision": of_answered_veto,
    }


def _files(country: Country) -> tuple[dict[str, Any], dict[str, Any]]:
    """One to be checked that was sent back before, and one overdue whose lawyer said why; of each list one more."""
    boss = country.people[Role.MANAGER, "own"]
    CentreSettings.objects.filter(centre=country.centre_a).update(acceptance_from=date(2026, 1, 1))
    # The fifth is handed in and no more: with it the usual draw has the twenty files of which it may draw by risk.
    to_check, late, out, done, _handed_in = (_case(country) for _each in range(5))
    Case.objects.filter(pk=late.pk).update(closed_on=date(2026, 9, 1), filed_on=None)
    accepting.returned(to_check, user=boss)
    accepting.checked(to_check, user=boss)
    accepting.returned(out, user=boss)
    accepting.accepted(done, user=boss)
    late.refresh_from_db()
    state_lateness(case=late, words="法院送达迟延。", user=country.people[Role.LAWYER, "own"], now=NOW)
    return {"case_id": to_check.public_id}, {"case_id": late.public_id}


def _veto_marked(country: Country, reader: User) -> Review:
    review = review_rows.marked(review_rows.assignment(_case(country), reader), A2=Anchor.NONE)
    mark_veto(review_id=review.public_id, code="V6", statement="未会见", page="3", user=reader, now=NOW)
    return review


def _confirmed_veto(country: Country, reader: User) -> VetoMark:
    """One that also goes to another organ."""
    review = review_rows.marked(review_rows.assignment(_case(country), reader), A2=Anchor.NONE)
    mark_veto(review_id=review.public_id, code="V1", statement="收费", page="3", user=reader, now=NOW)
    submit_review(review_id=review.public_id, version=review.version, user=reader, now=NOW)
    veto = VetoMark.objects.get(review=review)
    answer_veto(veto_mark=veto, answer="没有。", user=country.people[Role.LAWYER, "own"], now=NOW)
    person = country.people[Role.MANAGER, "own"]
    return decide_veto(veto_mark=veto, confirmed=True, reason="属实。", user=person, now=NOW)


def _vetoed(country: Country, reader: User) -> VetoMark:
    review = _veto_marked(country, reader)
    submit_review(review_id=review.public_id, version=review.version, user=reader, now=NOW)
    return VetoMark.objects.get(review=review)


def _ordered(country: Country) -> ReportOrder:
    """A report made for the manager called own, whose file is still kept."""
    return ReportOrder.objects.create(
        ordered_by=country.people[Role.MANAGER, "own"],
        kind=ReportKind.PERIOD,
        place=country.centre_a,
        period="2026-4",
        form="csv",
        language="zh-hans",
        state=OrderState.DONE,
        ordered_at=NOW,
        progressed_at=NOW,
        finished_at=NOW,
        expires_at=NOW + timedelta(days=3650),
        file=store(data=b"figures", name="report.csv", content_type="text/csv", limit=99, now=NOW),
    )


def _decided(country: Country, turn: int) -> dict[str, dict[str, Any]]:
    if not turn:
        publish_default_rules(now=NOW)
    writer = factories.user(Role.SUPERVISOR, at=country.city)
    ProposingRule.objects.create(
        code=RuleCode.R4, version=turn + 1, enabled=False, published_at=NOW, published_by=writer
    )
    case = _case(country)
    score = weigh_rows.scored(case)
    proposal = _proposal(case, RuleCode.S2, ProposalState.HEARING)
    Statement.objects.create(
        proposal=proposal,
        notified_at=NOW,
        notified_by=country.people[Role.MANAGER, "own"],
        due_on=NOW.date() + timedelta(days=7),
    )
    notice, appealed, unserved, answered = (
        _notice(country, _proposal(_case(country), RuleCode.S2, ProposalState.CARRIED_OUT), number=4 * turn + each)
        for each in (1, 2, 3, 4)
    )
    Notice.objects.filter(pk__in=[notice.pk, appealed.pk, answered.pk]).update(delivered_on=NOW.date())
    lawyer = country.people[Role.LAWYER, "own"]
    Appeal.objects.create(notice=appealed, lodged_by=lawyer, lodged_at=NOW, text="不服。", due_on=NOW.date())
    Appeal.objects.create(
        notice=answered,
        lodged_by=lawyer,
        lodged_at=NOW,
        text="不服。",
        state=AppealState.DISMISSED,
        answer="事实清楚。",
        decided_by=country.people[Role.SUPERVISOR, "parent"],
        decided_at=NOW,
    )
    of_order = {"public_id": _ordered(country).public_id}
    displayed = _proposal(_case(country), RuleCode.R1, ProposalState.ON_DISPLAY)
    # Over since: on its days the public page names the case to everybody.
    day = NOW.date() - timedelta(days=7)
    PublicDisplay.objects.create(proposal=displayed, starts_on=day, ends_on=day, workdays=1)
    coached = _proposal(_case(country), RuleCode.S1, ProposalState.ACCEPTED)
    CorrectiveTask.objects.create(proposal=coached, lawyer=coached.lawyer, due_on=NOW.date())
    reported = _proposal(_case(country), RuleCode.S1, ProposalState.ACCEPTED)
    task = CorrectiveTask.objects.create(
        proposal=reported, lawyer=reported.lawyer, due_on=NOW.date(), state=TaskState.REPORTED
    )
    report = TaskReport.objects.create(task=task, text="已补正。", given_at=NOW, given_by=lawyer)
    paper = TaskPaper.objects.create(
        report=report,
        file=store(data=b"%PDF-1.7", name="补正.pdf", content_type="application/octet-stream", limit=99, now=NOW),
        kind=PaperKind.PDF,
        name="补正.pdf",
    )
    referred = _proposal(_case(country), RuleCode.S2, ProposalState.ACCEPTED)
    Decision.objects.create(
        proposal=referred,
        outcome=Outcome.ACCEPT,
        reason="事实清楚。",
        decided_by=country.people[Role.MANAGER, "same"],
        decided_at=NOW,
    )
    Referral.objects.create(proposal=referred, kind=ReferralKind.SUSPENSION, made_at=NOW)
    meeting = PanelMeeting.objects.create(
        proposal=referred,
        held_on=NOW.date(),
        minutes="建议移送。",
        entered_by=country.people[Role.MANAGER, "same"],
        entered_at=NOW,
    )
    measure = {"public_id": _measure(referred).public_id}
    target, _new = YearTarget.objects.get_or_create(
        centre=referred.centre,
        year=2026,
        measure="cases",
        defaults={"growth": 10, "set_by": meeting.entered_by, "set_at": NOW},
    )
    of_referral = {"public_id": referred.public_id}
    of_proposal, of_notice = {"public_id": proposal.public_id}, {"public_id": notice.public_id}
    steps = ("proposal", "ask", "key-in", "decide", "stop-display", "draft", "issue", "finish-task", "statement")
    acts = ("notice", "withdraw", "acknowledge", "appeal", "key-in-appeal")
    papers = ("notice-file", "notice-text", "notice-docx", "certificate")
    return {
        **{f"scoring:{name}": of_proposal for name in steps if name != "finish-task"},
        **{f"api-{name}": of_proposal for name in steps},
        "api-meetings": of_proposal,
        "scoring:panel": of_proposal,
        "scoring:draft-docx": of_proposal,
        **{f"scoring:{name}": of_proposal for name in ("decision-draft", "decision-docx", "issue-decision")},
        "api-decision-paper": of_proposal,
        **{
            name: {"public_id": answered.public_id}
            for name in (
                "scoring:appeal-decision-draft",
                "scoring:appeal-decision-docx",
                "scoring:issue-appeal-decision",
                "api-appeal-decision",
            )
        },
        **{f"{door}{name}": of_referral for door in ("scoring:", "api-") for name in ("refer", "authority-answer")},
        "scoring:receipt": of_referral,
        **{f"scoring:referral-{form}": of_referral for form in ("letter", "docx")},
        **{f"scoring:panel-minutes{form}": {"public_id": meeting.public_id} for form in ("", "-docx")},
        "scoring:measure": measure,
        "api-end-measure": measure,
        **{name: {"public_id": target.public_id} for name in ("scoring:drop-target", "api-target")},
        "scoring:rule": {"code": "S3"},
        "api-publish-rule": {"code": "S3"},
        "scoring:display-sheet": {"public_id": displayed.public_id},
        "scoring:appeal-answer": {"public_id": answered.public_id},
        **{f"scoring:{name}": of_notice for name in (*acts, *papers)},
        "scoring:serve-notice": {"public_id": unserved.public_id},
        "api-serve-notice": {"public_id": unserved.public_id},
        "api-statement": of_proposal,
        **{
            f"{door}{name}": {"public_id": each.public_id}
            for door in ("scoring:", "api-")
            for name, each in (("finish-task", coached), ("return-task", reported), ("key-in-report", coached))
        },
        **dict.fromkeys(("scoring:report-order", "scoring:report-order-file"), of_order),
        **dict.fromkeys(("api-report-order", "api-report-order-file"), of_order),
        **{
            name: {"public_id": country.lawyer_a.public_id}
            for name in ("api-lawyer-file", *(f"scoring:lawyer-file{form}" for form in ("", "-pdf", "-xlsx", "-csv")))
        },
        "scoring:my-task": {"public_id": coached.task.public_id},
        "api-report-task": {"public_id": coached.task.public_id},
        "scoring:task-paper": {"public_id": paper.public_id},
        "api-answer-appeal": {"public_id": appealed.public_id},
        "scoring:answer-appeal": {"public_id": appealed.public_id},
        **{f"api-{name}": of_notice for name in acts},
        **{f"scoring:{name}": {"case_id": score.case.public_id} for name in ("case-result", "reasons-sheet")},
        "api-case-score": {"case_id": score.case.public_id},
        "scoring:verify": {"code": notice.verify_code},
        "api-verification": {"code": notice.verify_code},
    }


def _measure(proposal: Proposal) -> AssignmentMeasure:
    return AssignmentMeasure.objects.create(
        kind=MeasureKind.SUSPENDED,
        proposal=proposal,
        lawyer=proposal.lawyer,
        centre=proposal.centre,
        starts_on=NOW.date(),
        ends_on=NOW.date() + timedelta(days=90),
        legal_basis="《条例》第三十条",
        authority="某县司法局",
        entered_at=NOW,
    )


def _proposal(case: Case, code: RuleCode, state: ProposalState) -> Proposal:
    return Proposal.objects.create(
        rule=ProposingRule.objects.get(code=code),
        code=code,
        case=case,
        centre=case.centre,
        lawyer=case.lawyer,
        firm=case.firm,
        trigger="review:1",
        state=state,
        score=Decimal(55),
        proposed_at=NOW,
    )


def _notice(country: Country, proposal: Proposal, *, number: int) -> Notice:
    person = country.people[Role.MANAGER, "same"]
    Decision.objects.create(
        proposal=proposal, outcome=Outcome.ACCEPT, reason="事实清楚。", decided_by=person, decided_at=NOW
    )
    file = store(data=b"%PDF-", name="notice.pdf", content_type="application/pdf", limit=100, now=NOW)
    return Notice.objects.create(
        kind=NoticeKind.RECTIFICATION,
        state=NoticeState.ISSUED,
        issuer=country.centre_a,
        year=2026,
        number=number,
        label=f"临援改〔2026〕{number}号",
        proposal=proposal,
        case=proposal.case,
        lawyer=proposal.lawyer,
        firm=proposal.firm,
        title="整改通知书",
        content=frozen(
            RectificationContent(
                organisation="临江县法律援助中心",
                number=f"临援改〔2026〕{number}号",
                issued_on=NOW.date(),
                firm=proposal.firm.name,
                lawyer=proposal.lawyer.name,
                case_number=proposal.case.number,
                case_class="民事",
                review="本中心案件质量评查",
                score=Decimal(55),
                grade="不合格",
                findings=(),
                measures=(Measure("约谈", NOW.date()),),
                remedy=Remedy(workdays=10, authority="临江县法律援助中心"),
                report_by=NOW.date(),
            )
        ),
        content_sha256="0" * 64,
        verify_code=f"ABCDE23{number:0>3}".replace("0", "A").replace("1", "B"),
        numbered_at=NOW,
        numbered_by=person,
        file=file,
        file_sha256=file.sha256,
        issued_at=NOW,
    )


def _closed(country: Country, turn: int) -> dict[str, dict[str, Any]]:
    """A closed quarter of centre A; another turn closes the one before."""
    period = Period.quarter(2026, 3 - turn)
    closed = close_period(centre=country.centre_a, period=period, user=country.people[Role.MANAGER, "own"], now=NOW)
    by_uuid = {"public_id": closed.public_id}
    pages = ("closed-period", "closed-period-csv", "results-circular", "results-docx")
    return {"api-closed-period": by_uuid} | {f"scoring:{name}": by_uuid for name in pages}
