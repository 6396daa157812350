# SPDX-License-Identifier: Apache-2.0
"""Decides how every page looks and behaves: templates, components, tables, exports."""
