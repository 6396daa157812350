# SPDX-License-Identifier: Apache-2.0
"""Decides who may see figures and households of a run, and who may ask for a screening."""

from __future__ import annotations

from hearthline.accounts.rules import EVERYONE, Role, declare_permission

VIEW_FIGURES = declare_permission(
    "runs.view_figures", EVERYONE, "See how many households and people are poor, and why, in an area."
)
VIEW_HOUSEHOLDS = declare_permission(
    "runs.view_households",
    EVERYONE - {Role.VIEWER, Role.POLICY_DESIGNER},
    "See the status and the reasons of each household of an area.",
)
SIMULATE = declare_permission(
    "runs.simulate",
    {Role.ANALYST, Role.POLICY_DESIGNER},
    "Ask what a changed package would say of an area, and see the answers; no status is changed.",
)
SCREEN = declare_permission(
    "runs.screen",
    {Role.ANALYST, Role.ADMINISTRATOR},
    "Ask for a screening of an area, and forget the results of an old run.",
)
