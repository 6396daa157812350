# SPDX-License-Identifier: Apache-2.0
"""Decides what a web server calls: ``gunicorn hearthline.site.wsgi``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hearthline.site.settings")
application = get_wsgi_application()
