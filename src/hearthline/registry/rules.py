# SPDX-License-Identifier: Apache-2.0
"""Decides who may see, open, change and import what in the register."""

from __future__ import annotations

from hearthline.accounts.rules import EVERYONE, Role, declare_permission

VIEW_HOUSEHOLD = declare_permission(
    "registry.view_household",
    EVERYONE - {Role.VIEWER, Role.POLICY_DESIGNER},
    "Find households and see their people and facts; each look leaves a trace.",
)
VIEW_SENSITIVE = declare_permission(
    "registry.view_sensitive",
    {Role.VILLAGE_OFFICER},
    "See sensitive facts, such as health and disability, because the duty needs them.",
)
OPEN_SENSITIVE = declare_permission(
    "registry.open_sensitive",
    {Role.VILLAGE_OFFICER, Role.ANALYST, Role.ADMINISTRATOR, Role.AUDITOR},
    "Open one sealed or sensitive value; outside duty with a reason. Each opening leaves a trace.",
)
OBSERVE = declare_permission(
    "registry.observe", {Role.VILLAGE_OFFICER}, "Write down what was observed of a household or person."
)
REBUILD_CURRENT = declare_permission(
    "registry.rebuild_current",
    {Role.ADMINISTRATOR},
    "Work out the current values of a place anew from its observations.",
)
OPEN_HOUSEHOLD = declare_permission(
    "registry.open_household",
    {Role.VILLAGE_OFFICER},
    "Open a household in the register, add members and end their membership.",
)
CORRECT_IDENTITY = declare_permission(
    "registry.correct_identity",
    {Role.VILLAGE_OFFICER, Role.ADMINISTRATOR},
    "See which people share a national ID, and correct the one that is wrong, with a reason.",
)
ERASE_IDENTITY = declare_permission(
    "registry.erase_identity",
    {Role.ADMINISTRATOR},
    "Destroy what identifies a person, where the law asks for it.",
)
VIEW_IMPORTS = declare_permission(
    "registry.view_imports",
    {Role.ADMINISTRATOR, Role.AUDITOR, Role.ANALYST, Role.VILLAGE_OFFICER},
    "See which files were imported, and the reports.",
)
IMPORT_REGISTER = declare_permission(
    "registry.import", {Role.ADMINISTRATOR}, "Import an existing register from files, and undo an import."
)

SEALED_FIELDS = ("national_id", "phone", "account")
"""What is sealed of a person, beside the name that stands in the register."""

LEAST_REASON = 8
"""Letters of a reason for opening a sensitive value outside duty."""


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in tuple("=+-@\t\r\n＝＋－＠") else text
