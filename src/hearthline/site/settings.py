# SPDX-License-Identifier: Apache-2.0
"""Decides the settings of the service: each from one variable of the environment, with a safe default.

Nothing is written here. ``hearthline serve`` and the other commands prepare the home folder (secret, keys)
before they load these settings; docs/reference/settings.md lists the variables.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

HOME = Path(os.environ.get("HEARTHLINE_HOME", "hearthline-home")).absolute()
"""Where the service keeps what is not in the database: keys, snapshots, runs, uploads, the SQLite file."""
KEY_FILE = Path(os.environ.get("HEARTHLINE_KEY_FILE", HOME / "keys.json"))
PACKAGE = Path(__file__).resolve().parent.parent


PREPARED_AFTER = 2
"""How often a connection of PostgreSQL answers one and the same query before it keeps its plan."""


def _switch(name: str, *, default: bool = False) -> bool:
    return os.environ.get(name, "yes" if default else "no").strip().lower() in {"1", "yes", "true", "on"}


def _secret() -> str:
    file = HOME / "secret"
    if "HEARTHLINE_SECRET" in os.environ:
        return os.environ["HEARTHLINE_SECRET"]
    return file.read_text(encoding="ascii").strip() if file.is_file() else secrets.token_urlsafe(50)


def _database(url: str) -> dict[str, Any]:
    """``sqlite:///path`` or ``postgresql://user:password@host:port/name`` (a socket folder as %2F)."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path.removeprefix("/") if not parts.path.startswith("//") else parts.path[1:],
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"HEARTHLINE_DATABASE begins with {parts.scheme}: give sqlite:/// or postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.removeprefix("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"prepare_threshold": PREPARED_AFTER},
    }


HTTPS = _switch("HEARTHLINE_HTTPS")
DEBUG = False
SECRET_KEY = _secret()
ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("HEARTHLINE_HOSTS", "127.0.0.1,localhost").split(",")
    if host.strip()
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

DATABASES = {
    "default": _database(os.environ.get("HEARTHLINE_DATABASE", f"sqlite:///{HOME / 'hearthline.sqlite3'}"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "hearthline.site",
    "hearthline.releases",
    "hearthline.runs",
    "hearthline.registry",
    "hearthline.policy",
    "hearthline.ui",
    "hearthline.jobs",
    "hearthline.accounts",
    "hearthline.areas",
    "hearthline.audit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hearthline.ui.middleware.ContentSecurity",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hearthline.accounts.middleware.SignedIn",
    "hearthline.ui.middleware.Language",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hearthline.ui.middleware.ProblemPages",
]
ROOT_URLCONF = "hearthline.site.urls"
WSGI_APPLICATION = "hearthline.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "hearthline.ui.context.page",
            ],
            "builtins": ["hearthline.ui.templatetags.components"],
        },
    }
]

AUTH_USER_MODEL = "accounts.Officer"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "site:home"
REQUIRE_TOTP = _switch("HEARTHLINE_REQUIRE_TOTP", default=True)
"""Whether administrators, auditors and policy designers need one-time codes; the demonstration does not."""
IDLE_MINUTES = int(os.environ.get("HEARTHLINE_IDLE_MINUTES", "30"))
SIGN_IN_RATE = int(os.environ.get("HEARTHLINE_SIGN_IN_RATE", "300"))
"""Attempts a minute of all devices together that no account knows yet."""
SESSION_ENGINE = "hearthline.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "hearthline.ui.views.forged"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "hearthline.site.uploads.NamelessUploads",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
UPLOAD_LIMIT = int(os.environ.get("HEARTHLINE_UPLOAD_LIMIT", str(512 * 2**20)))
"""Bytes of one upload at most."""

LANGUAGE_CODE = os.environ.get("HEARTHLINE_LANGUAGE", "zh-hans")
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("HEARTHLINE_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "static/"
STATIC_ROOT = None  # whitenoise serves the files of the package itself
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "hearthline.site.static_files.FilesByContent"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/"
"""Addresses name the content, so that browsers keep what they have and ask nothing."""

JOBS_IN_PROCESS = _switch("HEARTHLINE_JOBS_IN_PROCESS")
"""Whether the web process works the jobs itself, as in the demonstration; else ``hearthline worker`` does."""
AREA_LEVELS = [
    level.strip()
    for level in os.environ.get(
        "HEARTHLINE_AREA_LEVELS", "province,prefecture,county,township,village"
    ).split(",")
    if level.strip()
]
"""The levels of places, from the top down."""
COUNTY_LEVEL = os.environ.get("HEARTHLINE_COUNTY_LEVEL", "county")
"""The level of area that has an audit chain of its own."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"one_line": {"()": "hearthline.site.log_lines.OneLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["one_line"]}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("HEARTHLINE_LOG_LEVEL", "WARNING")},
}
