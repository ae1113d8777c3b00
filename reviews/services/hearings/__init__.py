"""Observing hearings: planning them, naming observers, their own marks, and the record of all together."""

from reviews.services.hearings.leaving import take_off_who_left
from reviews.services.hearings.moving import ObservedThatDay, move_hearing, remind_of_hearings
from reviews.services.hearings.observers import (
    HearingTookPlace,
    NotObserved,
    ObserverTied,
    cancel_hearing,
    lays_aside,
    name_observer,
    take_off_observer,
)
from reviews.services.hearings.observing import (
    HearingToCome,
    ObservationChanged,
    ObservationLocked,
    save_observation,
    submit_observation,
)
from reviews.services.hearings.planning import HearingsChanged, NothingPlanned, plan_hearings, planned_hearings
from reviews.services.hearings.recording import NotAllHandedIn, record_hearing

__all__ = [
    "HearingToCome",
    "HearingTookPlace",
    "HearingsChanged",
    "NotAllHandedIn",
    "NotObserved",
    "NothingPlanned",
    "ObservationChanged",
    "ObservationLocked",
    "ObservedThatDay",
    "ObserverTied",
    "cancel_hearing",
    "lays_aside",
    "move_hearing",
    "name_observer",
    "plan_hearings",
    "planned_hearings",
    "record_hearing",
    "remind_of_hearings",
    "save_observation",
    "submit_observation",
    "take_off_observer",
    "take_off_who_left",
]
