# SPDX-License-Identifier: Apache-2.0
"""Decides how the audit trail names what was done; an action without words is shown by its own name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from hearthline.accounts.words import ROLES
from hearthline.ui.tables import column_words, filter_words
from hearthline.ui.wording import yes_no

_LONGEST = 60

ACTIONS: dict[str, str | Promise] = {
    "registry.look_at_household": _("Looked at a household"),
    "registry.look_at_observation": _("Looked at where a value came from"),
    "registry.search": _("Searched the register"),
    "registry.open_sensitive": _("Opened a sealed or sensitive value"),
    "registry.observe": _("Wrote down an observation"),
    "registry.correct": _("Corrected an observation"),
    "registry.open_household": _("Opened a household"),
    "registry.add_member": _("Added a person to a household"),
    "registry.correct_identity": _("Corrected a national ID"),
    "registry.end_membership": _("Ended a membership"),
    "registry.import": _("Imported a register"),
    "registry.undo_import": _("Undid an import"),
    "registry.request_import": _("Asked for an import"),
    "registry.import_areas": _("Imported what is said of places"),
    "registry.import_batch": _("Imported a part of a register"),
    "registry.request_undo": _("Asked to undo an import"),
    "registry.take_refused_rows": _("Took the refused rows of an import"),
    "registry.erase_identity": _("Erased the identity of a person"),
    "registry.rebuild_current": _("Worked out the current values anew"),
    "runs.screen": _("Screened an area"),
    "runs.simulate": _("Simulated a changed package"),
    "runs.take_snapshot": _("Took a snapshot of the register"),
    "runs.forget": _("Gave up the rows of a run"),
    "registry.take_file": _("Took a list as a file"),
    "runs.take_file": _("Took a list as a file"),
    "runs.activate": _("Made a run the active one"),
    "releases.publish": _("Published a table"),
    "releases.withdraw": _("Withdrew a published table"),
    "releases.take_file": _("Took a list as a file"),
    "policy.publish": _("Published a policy package"),
    "policy.activate": _("Put a policy package in force"),
    "policy.take_file": _("Took a list as a file"),
    "policy.withdraw_activation": _("Withdrew a policy package"),
    "site.take_file": _("Took a list as a file"),
    "accounts.take_file": _("Took a list as a file"),
    "accounts.sign_in": _("Signed in"),
    "accounts.end_sign_in": _("Ended a sign-in"),
    "accounts.wait": _("Was made to wait after failed sign-ins"),
    "accounts.open_account": _("Opened an account"),
    "accounts.close_account": _("Closed an account"),
    "accounts.reopen_account": _("Opened an account again"),
    "accounts.grant_role": _("Granted a role"),
    "accounts.withdraw_grant": _("Withdrew a role"),
    "accounts.change_password": _("Changed the own password"),
    "accounts.reset_password": _("Set a password for another"),
    "accounts.choose_language": _("Chose a language"),
    "accounts.begin_totp": _("Began to set up one-time codes"),
    "accounts.confirm_totp": _("Set up one-time codes"),
    "accounts.remove_totp": _("Removed one-time codes"),
    "areas.open": _("Opened a place"),
    "areas.rename": _("Renamed a place"),
    "areas.move": _("Moved a place"),
    "areas.close": _("Closed a place"),
    "areas.import": _("Imported places"),
    "jobs.request": _("Asked for a job"),
    "jobs.cancel": _("Cancelled a job"),
    "jobs.retry": _("Started a job again"),
    "jobs.done": _("A job was done"),
    "jobs.failed": _("A job failed"),
    "jobs.cancelled": _("A job was stopped"),
}

JOBS: dict[str, str | Promise] = {
    "registry.import": _("Import of a register"),
    "registry.load": _("Loading of a register"),
    "registry.undo_import": _("Undoing of an import"),
    "runs.screen": _("Screening"),
    "runs.simulate": _("Simulation"),
    "releases.publish": _("Publishing of a table"),
    "areas.import": _("Import of places"),
    "audit.seal": _("Sealing of the trail"),
}


SUBJECTS: dict[str, str | Promise] = {
    "household": _("Household"),
    "person": _("Person"),
    "area": _("Place"),
    "officer": _("Officer"),
    "import": _("Import"),
    "run": _("Screening"),
    "job": _("Job"),
    "register": _("Register"),
    "sign_in": _("Sign-in"),
    "snapshot": _("Snapshot"),
    "policy_version": _("Package"),
    "policy_activation": _("Activation"),
    "simulation": _("What if"),
    "officers": _("Officers"),
    "grant": _("Role granted"),
    "file": _("List"),
    "list": _("List"),
    "release": _("Release"),
}

FACTS: dict[str, str | Promise] = {
    "account": _("account"),
    "area": _("place"),
    "areas": _("places"),
    "batch": _("part"),
    "closed": _("closed"),
    "columns": _("columns"),
    "device": _("device"),
    "ends_on": _("until"),
    "facts": _("facts"),
    "failures_before": _("failures before"),
    "field": _("what"),
    "file": _("file"),
    "file_sha256": _("hash of the file"),
    "filters": _("narrowed to"),
    "first": _("from row"),
    "format": _("format"),
    "found": _("found"),
    "grant": _("role granted"),
    "hash": _("hash"),
    "head": _("head of the household"),
    "household": _("household"),
    "households": _("households"),
    "kinds": _("found by"),
    "known": _("known"),
    "language": _("language"),
    "last": _("to row"),
    "list": _("list"),
    "name": _("job"),
    "note": _("note"),
    "number": _("number"),
    "observation": _("observation"),
    "observations": _("observations"),
    "as_of": _("as of"),
    "observed_on": _("of the day"),
    "on": _("for the day"),
    "officer": _("officer"),
    "on_duty": _("on duty"),
    "package": _("package"),
    "people": _("people"),
    "person": _("person"),
    "reason": _("reason"),
    "records": _("records"),
    "role": _("role"),
    "rows": _("rows"),
    "run": _("screening"),
    "sensitive": _("sensitive facts shown"),
    "sha256": _("hash"),
    "sign_ins_ended": _("sign-ins ended"),
    "snapshot": _("snapshot"),
    "source": _("source"),
    "starts_on": _("from"),
    "table": _("list"),
    "title": _("title"),
    "username": _("account"),
    "version": _("version"),
    "what": _("done"),
}
"""How the trail calls what explains a row; another word is shown as it is."""

DONE: dict[str, str | Promise] = {
    "opened": _("opened"),
    "renamed": _("renamed"),
    "moved": _("moved"),
    "level changed": _("level changed"),
}
"""What the import of places did to some of them."""

FILES: dict[str, str | Promise] = {"rows": _("none")}
"""What stands for a file where places came from a program."""

KINDS: dict[str, str | Promise] = {
    "name": _("name"),
    "pinyin": _("pinyin"),
    "initials": _("initials"),
    "national_id": _("national ID"),
    "household_number": _("household number"),
    "village": _("village"),
    "phone": _("telephone"),
}


LISTS: dict[str, str | Promise] = {
    "activations": _("activations"),
    "changed": _("households that changed"),
    "changes-by-place": _("changes by place"),
    "differences": _("differences of two versions"),
    "figures": _("published figures"),
    "households": _("households"),
    "imports": _("imports"),
    "jobs": _("jobs"),
    "officers": _("officers"),
    "parameters": _("parameters by year"),
    "places": _("places"),
    "release": _("table of a release"),
    "releases": _("releases"),
    "runs": _("screenings"),
    "scenarios": _("scenarios"),
    "simulated": _("households of a simulation"),
    "simulations": _("simulations"),
    "trail": _("audit trail"),
    "versions": _("published versions"),
}
"""The lists that are taken as files, by their names; one of many is followed by its number."""


def list_words(name: str) -> str:
    """How a list is called that was taken as a file."""
    kind, _space, number = name.partition(" ")
    return f"{LISTS.get(kind, kind)} {number}".strip()


def subject_words(subject: str) -> str:
    """What a row of the trail speaks of."""
    return str(SUBJECTS.get(subject, subject))


_FIGURE = re.compile(r"figure_(\d+)")


def _head_words(table: str, key: str) -> str:
    """How a column is called in the list it was taken from; the figures of a release are numbered."""
    figure = _FIGURE.fullmatch(key)
    if figure:
        return gettext("figure %(number)s") % {"number": int(figure[1]) + 1}
    return column_words(table, key)


def _parts(name: str, values: list[object], table: str) -> list[str]:
    if name == "columns":
        return [_head_words(table, str(key)) for key in values]
    if name == "filters":
        return [filter_words(table, str(key)) for key in values]
    return [str(KINDS.get(str(part), part)) for part in values]


def facts_in_words(facts: Mapping[str, object], sources: Callable[[str], str] = str) -> str:
    """What explains a row, in the reader's language; yes and no as such, codes of searches by their names.

    ``sources`` says what the packages call a kind of source.
    """
    table = str(facts.get("list", "")).partition(" ")[0]
    told = [
        gettext("%(name)s: %(value)s")
        % {
            "name": FACTS.get(name, name),
            "value": sources(str(value)) if name == "source" else _brief(name, value, table),
        }
        for name, value in facts.items()
        if value not in (None, "", [], {})
    ]
    return gettext(", ").join(told)


def _brief(name: str, value: object, table: str) -> str:
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, list):
        text = pgettext("list", ", ").join(_parts(name, value, table))
    elif name == "list":
        text = list_words(str(value))
    else:
        known = {"field": KINDS, "file": FILES, "name": JOBS, "role": ROLES, "what": DONE}.get(name, {})
        text = str(known.get(str(value), value))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}…"


def action_words(action: str) -> str:
    """What was done, in words."""
    return str(ACTIONS.get(action, action))


def job_words(name: str) -> str:
    """What a job does, in words."""
    return str(JOBS.get(name, name))
