# SPDX-License-Identifier: Apache-2.0
"""Decides how the failures of the register are named."""

from __future__ import annotations

from hearthline.base.problems import Kind, declare

STALE = declare(
    "registry.stale",
    Kind.REFUSED,
    "the household {number} was changed by someone else since you opened it.",
    "Open it again, look at what changed, and repeat your change.",
)
CLOSED = declare(
    "registry.closed",
    Kind.REFUSED,
    "the household {number} was closed on {on}.",
    "Nothing can be written down of a closed household; open it anew if it came back.",
)
NUMBER_TAKEN = declare(
    "registry.number-taken",
    Kind.REFUSED,
    "the number {number} is already in use.",
    "Look it up by search, or give another number.",
)
NO_MEMBER = declare(
    "registry.no-member",
    Kind.NOT_FOUND,
    "that person does not belong to the household.",
    "Open the household again to see who does.",
)
ENDS_BEFORE_START = declare(
    "registry.ends-before-start",
    Kind.BAD_INPUT,
    "the membership cannot end on {ends_on}, before it began on {starts_on}.",
    "Give a day on or after {starts_on}.",
)
FUTURE = declare(
    "registry.future-observation",
    Kind.BAD_INPUT,
    "{observed_on} is still to come; nothing can have been observed on it.",
    "Give the day on which it was seen or declared.",
)
UNKNOWN_SOURCE = declare(
    "registry.unknown-source",
    Kind.BAD_INPUT,
    "the package knows no source {source}.",
    "Its sources are {sources}.",
)
NOTHING_OBSERVED = declare(
    "registry.nothing-observed",
    Kind.BAD_INPUT,
    "no fact was given.",
    "Give the value of at least one fact.",
)
NO_RECORD = declare(
    "registry.no-record",
    Kind.REFUSED,
    "there is no record {key} of {level} any more that could be left out.",
    "Open the page again to see which records hold now.",
)
CORRECTED_ALREADY = declare(
    "registry.corrected-already",
    Kind.REFUSED,
    "that value of {fact} was corrected already.",
    "Open the history again and correct the value that took its place.",
)
CORRECTION_NEEDS_REASON = declare(
    "registry.correction-needs-reason",
    Kind.BAD_INPUT,
    "a value is corrected only for a reason of at least {least} letters.",
    "Say what was wrong; the old value, the new one and the reason stay.",
)
SAME_VALUE = declare(
    "registry.same-value",
    Kind.BAD_INPUT,
    "the value of {fact} would stay as it is.",
    "Give the right value; where it was right already nothing needs to be done.",
)
NOT_CORRECTABLE = declare(
    "registry.not-correctable",
    Kind.BAD_INPUT,
    "the observation to be corrected is of something else, or says nothing of {fact}.",
    "Correct the observation from which the value came.",
)
REASON_NEEDED = declare(
    "registry.reason-needed",
    Kind.BAD_INPUT,
    "outside your duty this is opened only for a reason of at least {least} letters.",
    "Say why you need it; your name, the reason and the time are kept.",
)
NO_SUCH_FIELD = declare(
    "registry.no-such-field",
    Kind.NOT_FOUND,
    "nothing called {field} is kept of a person.",
    "Open {fields}, or a sensitive fact of the dictionary.",
)
ERASED = declare(
    "registry.identity-erased",
    Kind.NOT_FOUND,
    "what identified this person was erased on {on}, as the law asks.",
    "It cannot be brought back.",
)
NAME_MISSING = declare(
    "registry.name-missing", Kind.BAD_INPUT, "a person needs a name.", "Write the name as in the document."
)
