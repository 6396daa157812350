# SPDX-License-Identifier: Apache-2.0
"""Measures a screening beside a hand-written query, OpenFisca and the speed of reading and writing."""
