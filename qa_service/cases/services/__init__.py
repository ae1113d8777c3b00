"""Writing about cases: what other rooms call."""

from qa_service.cases.services.co_clients import ClientAlready, NotForOwnCase, add_client, take_client_off
from qa_service.cases.services.complaints import ask_for_complaint
from qa_service.cases.services.evidence import clear_risk_flag, evidence_changed, raise_risk_flag
from qa_service.cases.services.holding import hold_person
from qa_service.cases.services.imports import (
    close_preview,
    confirm_import,
    expire_previews,
    receive_import,
    run_import,
    runs_at_once,
    waiting_imports,
)
from qa_service.cases.services.names import correct_name
from qa_service.cases.services.numbers import correct_phone
from qa_service.cases.services.plans import change_plan, confirm_plan
from qa_service.cases.services.privacy import look_at_refused_rows, reveal_guardian_phone, reveal_phone
from qa_service.cases.services.readers import ReadersWanted, ask_for_marks, ask_for_readers
from qa_service.cases.services.release import release_surveys
from qa_service.cases.services.settling import organ_asked, settle_surveys, unsettle_surveys
from qa_service.cases.services.sharing import lift_ended_bans
from qa_service.cases.services.single import put_case

__all__ = [
    "ClientAlready",
    "NotForOwnCase",
    "ReadersWanted",
    "add_client",
    "ask_for_complaint",
    "ask_for_marks",
    "ask_for_readers",
    "change_plan",
    "clear_risk_flag",
    "close_preview",
    "confirm_import",
    "confirm_plan",
    "correct_name",
    "correct_phone",
    "evidence_changed",
    "expire_previews",
    "hold_person",
    "lift_ended_bans",
    "look_at_refused_rows",
    "organ_asked",
    "put_case",
    "raise_risk_flag",
    "receive_import",
    "release_surveys",
    "reveal_guardian_phone",
    "reveal_phone",
    "run_import",
    "runs_at_once",
    "settle_surveys",
    "take_client_off",
    "unsettle_surveys",
    "waiting_imports",
]
