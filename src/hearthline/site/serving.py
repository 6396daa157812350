# SPDX-License-Identifier: Apache-2.0
"""Decides how the pages are served: gunicorn, with workers that share nothing but the database."""

from __future__ import annotations

import gc
import socket
from collections.abc import Mapping

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from hearthline.base.problems import Kind, declare
from hearthline.jobs.worker import start_in_process

PORT_TAKEN = declare(
    "serve.port-taken",
    Kind.REFUSED,
    "nothing can be served at {host}:{port}: {reason}.",
    "Name another port by --port, or stop what uses this one.",
)


COLLECTED = (10_000, 20, 50)
"""How many new objects bring a collection: a page makes tens of thousands that end with it by themselves."""


class Server(BaseApplication):
    """Gunicorn under our settings instead of its own file."""

    def __init__(self, options: Mapping[str, object]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take over the options, by the names gunicorn has for them."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:  # type: ignore[override]  # Django and gunicorn type WSGI differently
        """The application of one worker."""
        application = get_wsgi_application()
        get_resolver().url_patterns  # noqa: B018 - every view and form is loaded now, not by the first reader
        gc.collect()
        gc.freeze()  # what is loaded stays: the collector need not walk through it again and again
        gc.set_threshold(*COLLECTED)
        if settings.JOBS_IN_PROCESS:
            start_in_process()
        return application


def _let_go(_server: Arbiter, _worker: Worker) -> None:
    """What was kept from the collector is collected at the end, or DuckDB complains of a page of leaks."""
    gc.unfreeze()


def serve_pages(*, host: str, port: int, workers: int, threads: int) -> None:
    """Serve until the process is told to stop. Raises ``serve.port-taken``."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise PORT_TAKEN.error(host=host, port=port, reason=reason) from error
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread" if threads > 1 else "sync",
        "timeout": 60,
        "graceful_timeout": 20,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "limit_request_line": 4094,
        "loglevel": "warning",
        "proc_name": "hearthline",
        "worker_exit": _let_go,
    }
    Server(options).run()
