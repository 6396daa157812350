# SPDX-License-Identifier: Apache-2.0
"""Decides how a folder of TOML and YAML becomes a checked policy; these names are what others use."""

from __future__ import annotations

from hearthline.engine.packages.describing import describe_policy
from hearthline.engine.packages.differences import Difference, differences_text, policy_differences
from hearthline.engine.packages.freezing import freeze, policy_files
from hearthline.engine.packages.loading import PolicyListing, available_policies, load_policy
from hearthline.engine.packages.scenario_runs import (
    PolicyCheck,
    ScenarioResult,
    check_policy,
    run_scenarios,
)

__all__ = [
    "Difference",
    "PolicyCheck",
    "PolicyListing",
    "ScenarioResult",
    "available_policies",
    "check_policy",
    "describe_policy",
    "differences_text",
    "freeze",
    "load_policy",
    "policy_differences",
    "policy_files",
    "run_scenarios",
]
