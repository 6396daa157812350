# SPDX-License-Identifier: Apache-2.0
"""Decides who may read, publish and activate policy packages."""

from __future__ import annotations

from hearthline.accounts.rules import EVERYONE, Role, declare_permission

VIEW_POLICY = declare_permission(
    "policy.view", EVERYONE, "Read the policy packages, their parameters and scenarios."
)
PUBLISH_POLICY = declare_permission(
    "policy.publish", {Role.POLICY_DESIGNER, Role.ADMINISTRATOR}, "Publish a version of a policy package."
)
ACTIVATE_POLICY = declare_permission(
    "policy.activate",
    {Role.POLICY_DESIGNER, Role.ADMINISTRATOR},
    "Say from when to when a published version is in force in an area, and withdraw that.",
)
