# SPDX-License-Identifier: Apache-2.0
"""Decides what the tests of the pages begin with: a standing county."""

from tests.service.county import county, standing_county

__all__ = ["county", "standing_county"]
