# SPDX-License-Identifier: Apache-2.0
"""Decides that a circle among places is found exactly where there is one, whatever the order of the lines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearthline.areas.checking import Known, demand_tree
from hearthline.areas.reading import AreaFile
from hearthline.base.problems import HearthlineError, ManyProblems

LEVELS = ("province", "prefecture", "county", "township", "village")
CODES = [str(number) for number in range(8)]


def walks_in_a_circle(parents: dict[str, str], code: str) -> bool:
    """Whether whoever goes up from a place never arrives at the top."""
    for _ in range(len(parents) + 2):
        if not code:
            return False
        code = parents.get(code, "")
    return True


@settings(max_examples=400, deadline=None)
@given(
    st.dictionaries(st.sampled_from(CODES), st.sampled_from(["", *CODES]), min_size=1),
    st.dictionaries(st.sampled_from(CODES), st.sampled_from(["", *CODES]), max_size=3),
    st.randoms(use_true_random=False),
)
def test_a_circle_is_found_where_and_only_where_there_is_one(
    in_file: dict[str, str], registered: dict[str, str], chance: object
) -> None:
    codes = sorted(in_file, key=lambda code: hash((code, repr(chance))))
    known = {
        code: Known(1, "", 1, "province", "x", parent)
        for code, parent in registered.items()
        if not walks_in_a_circle(registered, code)
    }
    found = AreaFile(
        "a.csv", "", codes, ["x"] * len(codes), ["county"] * len(codes), [in_file[code] for code in codes]
    )
    together = {code: place.parent for code, place in known.items()} | in_file
    expected = {code for code in in_file if walks_in_a_circle(together, code)}
    told: set[str] = set()
    try:
        depths = demand_tree(found, known, LEVELS, 12)
    except ManyProblems as error:
        told = {part.code for part in error.errors}
    else:
        assert all(depths[code] == depths[in_file[code]] + 1 for code in codes)
    assert ("areas.cycle-in-file" in told) == bool(expected)


def test_a_tree_deeper_than_a_path_is_refused() -> None:
    codes = [str(number) for number in range(13)]
    found = AreaFile("a.csv", "", codes, ["x"] * 13, ["county"] * 13, ["", *codes[:-1]])
    with pytest.raises(HearthlineError, match="would stand 13 levels deep; the tree has room for 12"):
        demand_tree(found, {}, LEVELS, 12)
