# SPDX-License-Identifier: Apache-2.0
"""Decides how a process becomes one of the service: settings named, Django set up, before any model loads."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hearthline.site.settings")
django.setup()
