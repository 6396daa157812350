# SPDX-License-Identifier: Apache-2.0
"""Decides how the audit trail names what was done; an action without words is shown by its own name."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, str | Promise] = {
    "registry.look_at_household": _("Looked at a household"),
    "registry.look_at_observation": _("Looked at where a value came from"),
    "registry.search": _("Searched the register"),
    "registry.open_sensitive": _("Opened a sealed or sensitive value"),
    "registry.observe": _("Wrote down an observation"),
    "registry.correct": _("Corrected an observation"),
    "registry.open_household": _("Opened a household"),
    "registry.add_member": _("Added a person to a household"),
    "registry.end_membership": _("Ended a membership"),
    "registry.import": _("Imported a register"),
    "registry.undo_import": _("Undid an import"),
    "registry.erase_identity": _("Erased the identity of a person"),
    "registry.rebuild_current": _("Worked out the current values anew"),
    "runs.screen": _("Screened an area"),
    "runs.take_snapshot": _("Took a snapshot of the register"),
    "runs.activate": _("Made a run the active one"),
    "policy.publish": _("Published a policy package"),
    "policy.activate": _("Put a policy package in force"),
    "policy.withdraw_activation": _("Withdrew a policy package"),
    "site.take_file": _("Took a list as a file"),
    "accounts.take_list": _("Took a list of officers as a file"),
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
}

JOBS: dict[str, str | Promise] = {
    "registry.import": _("Import of a register"),
    "registry.load": _("Loading of a register"),
    "registry.undo_import": _("Undoing of an import"),
    "runs.screen": _("Screening"),
    "areas.import": _("Import of places"),
    "audit.seal": _("Sealing of the trail"),
}


def action_words(action: str) -> str:
    """What was done, in words."""
    return str(ACTIONS.get(action, action))


def job_words(name: str) -> str:
    """What a job does, in words."""
    return str(JOBS.get(name, name))
