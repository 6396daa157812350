# SPDX-License-Identifier: Apache-2.0
"""Decides what the pages of all apps hand to a list that may be taken as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.services import note_file
from hearthline.areas.models import Area
from hearthline.ui.tables import FileAsked


def noted(
    request: OfficerRequest, app: str, *, table: str = "", area: Area | None = None
) -> Callable[[FileAsked], None]:
    """What leaves the trace of a file in the name of an app; ``table`` says more than the list."""

    def note(asked: FileAsked) -> None:
        named = replace(asked, table=table or asked.table)
        note_file(by=request.user, on=request.on, app=app, asked=named, area=area)

    return note
