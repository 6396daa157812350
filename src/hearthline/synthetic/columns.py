# SPDX-License-Identifier: Apache-2.0
"""Decides how arrays of the generator become columns of a snapshot, unknown values included."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from hearthline.synthetic.draws import Flags, Ints

UNKNOWN = -1
"""The position of an unknown code; elsewhere an unknown is said by a mask."""

NEVER = np.iinfo(np.int32).min
"""A date that is not there, in days since 1970."""


def coded(codes: Sequence[str], index: Ints, known: Flags | None = None) -> pa.Array:
    """A code or text column from positions in ``codes``."""
    missing = index < 0 if known is None else (index < 0) | ~known
    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int16), mask=missing), pa.array(codes))


def numbers(values: Ints, known: Flags | None = None) -> pa.Array:
    """A column of whole or scaled numbers."""
    return pa.array(values.astype(np.int64, copy=False), mask=None if known is None else ~known)


def flags(values: Flags, known: Flags | None = None) -> pa.Array:
    """A boolean column."""
    return pa.array(values, mask=None if known is None else ~known)


def dates(days: Ints, known: Flags | None = None) -> pa.Array:
    """A date column from days since 1970; ``NEVER`` is unknown."""
    missing = days == NEVER if known is None else (days == NEVER) | ~known
    return pa.array(days.astype(np.int32), mask=missing).view(pa.date32())
