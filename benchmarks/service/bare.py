# SPDX-License-Identifier: Apache-2.0
"""Decides what a bare Django page is: sign-in, some queries by key on the same tables, a small template.

    HEARTHLINE_BARE_QUERIES=12 gunicorn benchmarks.service.bare:application

The same settings, middleware and database as the service; the page does nothing but its queries.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType

import hearthline.site.starting  # noqa: F401 - sets Django up before any model loads

# isort: split
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from hearthline.registry.models import Household

QUERIES = int(os.environ.get("HEARTHLINE_BARE_QUERIES", "10"))
PAGE = engines["django"].from_string(
    "<!doctype html><title>{{ household.number }}</title><ul>{% for one in found %}<li>{{ one.number }}"
    " {{ one.head_name }} {{ one.members }}</li>{% endfor %}</ul>"
)


@login_not_required
def bare(request: HttpRequest, household: int) -> HttpResponse:
    """One page of ``QUERIES`` queries, each for one row by its key."""
    found = [Household.objects.get(pk=household) for _ in range(QUERIES)]
    return HttpResponse(PAGE.render({"household": found[0], "found": found}))


addresses = ModuleType("bare_addresses")
addresses.urlpatterns = [path("bare/<int:household>/", bare)]  # type: ignore[attr-defined]  # a module made here
sys.modules["bare_addresses"] = addresses
settings.ROOT_URLCONF = "bare_addresses"
application = get_wsgi_application()
