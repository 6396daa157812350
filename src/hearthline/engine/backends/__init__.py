# SPDX-License-Identifier: Apache-2.0
"""Decides how compiled steps run: on DuckDB here, on other engines later."""
