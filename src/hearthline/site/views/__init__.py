# SPDX-License-Identifier: Apache-2.0
"""Decides how the pages that show several apps answer a request."""
