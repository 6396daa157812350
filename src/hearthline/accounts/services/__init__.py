# SPDX-License-Identifier: Apache-2.0
"""Decides what may be done to accounts: the verbs that pages and commands call."""

from __future__ import annotations

from hearthline.accounts.services.codes import (
    accept_code,
    begin_totp,
    confirm_totp,
    offer_again,
    remove_totp,
)
from hearthline.accounts.services.files import note_file
from hearthline.accounts.services.grants import grant_role, withdraw_grant
from hearthline.accounts.services.officers import (
    choose_language,
    close_account,
    first_administrator,
    open_account,
    reopen_account,
)
from hearthline.accounts.services.passwords import NewPassword, change_password, reset_password
from hearthline.accounts.services.sign_ins import (
    end_own_sign_ins,
    end_sign_in,
    end_sign_ins_of,
    move_sign_in,
    open_sign_in,
    renew_sign_in,
    try_code,
    try_password,
)

__all__ = [
    "NewPassword",
    "accept_code",
    "begin_totp",
    "change_password",
    "choose_language",
    "close_account",
    "confirm_totp",
    "end_own_sign_ins",
    "end_sign_in",
    "end_sign_ins_of",
    "first_administrator",
    "grant_role",
    "move_sign_in",
    "note_file",
    "offer_again",
    "open_account",
    "open_sign_in",
    "remove_totp",
    "renew_sign_in",
    "reopen_account",
    "reset_password",
    "try_code",
    "try_password",
    "withdraw_grant",
]
