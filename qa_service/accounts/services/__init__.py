"""Accounts and roles: what pages, endpoints and commands call."""

from qa_service.accounts.services.accounts import (
    change_password,
    change_preferences,
    grant_role,
    open_account,
    withdraw_role,
)
from qa_service.accounts.services.leaving import close_account, reopen_account
from qa_service.accounts.services.people import Giving, give, open_person, set_first_password, take
from qa_service.accounts.services.places import add_organisation

__all__ = [
    "Giving",
    "add_organisation",
    "change_password",
    "change_preferences",
    "close_account",
    "give",
    "grant_role",
    "open_account",
    "open_person",
    "reopen_account",
    "set_first_password",
    "take",
    "withdraw_role",
]
