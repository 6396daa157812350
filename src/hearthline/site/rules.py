# SPDX-License-Identifier: Apache-2.0
"""Decides who may stop and restart jobs."""

from __future__ import annotations

from hearthline.accounts.rules import Role, declare_permission

STEER_OWN_JOBS = declare_permission(
    "jobs.steer_own", {Role.ANALYST, Role.ADMINISTRATOR}, "Stop and restart the jobs one has asked for."
)
STEER_JOBS = declare_permission("jobs.steer", {Role.ADMINISTRATOR}, "Stop and restart any job of the area.")
