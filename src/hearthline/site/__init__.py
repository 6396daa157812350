# SPDX-License-Identifier: Apache-2.0
"""Decides how the service is put together: settings, addresses, the pages that show several apps."""
