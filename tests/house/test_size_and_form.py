# SPDX-License-Identifier: Apache-2.0
"""Decides the form of every source file: its size, its first lines, its imports, its names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from scripts.measure import (
    FILE_LIMIT,
    FUNCTION_LIMIT,
    TEST_FILE_LIMIT,
    file_lengths,
    function_lengths,
    functions,
    project_files,
    relative,
    silenced_lines,
)

PYTHON = project_files("*.py")
SOURCE = [file for file in PYTHON if relative(file).startswith("src/")]
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "core", "manager", "managers", "misc"}
EMPTY_VERBS = ("process_", "handle_", "do_", "manage_")
NAMED_BY_DJANGO = {"process_view", "process_exception"}
"""What a middleware must be called by."""
REASONED = re.compile(r"#\s*(noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*|type:\s*ignore\[[a-z0-9, -]+\])\W+\w+\W+\w+")


def tree_of(file: Path) -> ast.Module:
    """The syntax tree of a source file."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=relative(file))


def imports_inside_functions(tree: ast.Module) -> list[int]:
    """The lines on which a function imports."""
    return [
        node.lineno
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def late_imports(tree: ast.Module) -> list[int]:
    """The lines on which a module is imported by its name as text."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in {"import_module", "__import__"}
    ]


def test_there_is_code_to_judge() -> None:
    assert len(SOURCE) > 10
    assert Path(__file__) in PYTHON


def test_a_file_has_one_subject_and_stays_within_its_lines() -> None:
    tests = {relative(file) for file in PYTHON if relative(file).startswith("tests/")}
    long = [
        f"{length.place} has {length.lines} lines"
        for length in file_lengths(PYTHON)
        if length.lines > (TEST_FILE_LIMIT if length.place in tests else FILE_LIMIT)
    ]
    assert not long, "Divide by subject: " + "; ".join(long)


def test_a_function_stays_within_its_lines() -> None:
    long = [
        f"{length.place} has {length.lines}"
        for length in function_lengths(PYTHON)
        if length.lines > FUNCTION_LIMIT
    ]
    assert not long, f"More than {FUNCTION_LIMIT} lines: " + "; ".join(long)


def test_a_file_begins_with_its_licence_and_says_what_it_decides() -> None:
    wrong = []
    for file in PYTHON:
        text = file.read_text(encoding="utf-8")
        words = ast.get_docstring(ast.parse(text)) or ""
        if "# SPDX-License-Identifier: Apache-2.0" not in text.splitlines()[:2]:
            wrong.append(f"{relative(file)} has no SPDX line on top")
        if not words:
            wrong.append(f"{relative(file)} does not say what it decides")
        elif file in SOURCE and not words.startswith("Decides "):
            wrong.append(f"{relative(file)} does not begin with 'Decides'")
    assert not wrong, "; ".join(wrong)


def test_no_function_imports_and_nothing_hides_behind_type_checking() -> None:
    hidden = [
        f"{relative(file)}:{line}" for file in PYTHON for line in imports_inside_functions(tree_of(file))
    ]
    detours = [
        relative(file) for file in SOURCE if re.search(r"\bTYPE_CHECKING\b", file.read_text(encoding="utf-8"))
    ]
    assert not hidden, f"Imports inside functions (is the layer wrong?): {', '.join(hidden)}"
    assert not detours, f"TYPE_CHECKING in {', '.join(detours)}"


def test_extras_load_through_one_registry_the_only_late_import() -> None:
    late = [relative(file) for file in SOURCE if late_imports(tree_of(file))]
    assert len(late) <= 1, f"More than one module imports late: {', '.join(late)}"


def test_a_check_is_switched_off_only_for_a_stated_reason() -> None:
    bare = [line for line in silenced_lines(PYTHON) if not REASONED.search(line)]
    assert not bare, "Write '# noqa: CODE - why it must be' or '# type: ignore[code]  # why': " + "; ".join(
        bare
    )


def test_modules_and_functions_carry_the_nouns_and_verbs_of_the_field() -> None:
    wrong = [
        relative(file)
        for file in PYTHON
        if EMPTY_WORDS & {*file.relative_to(file.anchor).parts[-3:-1], file.stem}
    ]
    for file in SOURCE:
        names = [
            node.name for node in ast.walk(tree_of(file)) if isinstance(node, ast.ClassDef | ast.FunctionDef)
        ]
        wrong += [
            f"{relative(file)} {name}"
            for name in names
            if (name.lstrip("_").startswith(EMPTY_VERBS) and name not in NAMED_BY_DJANGO)
            or name.endswith(("Manager", "Helper", "Utils"))
        ]
    assert not wrong, f"Names that say nothing: {', '.join(wrong)}"


def test_what_may_be_unknown_is_found_and_what_is_got_is_there() -> None:
    wrong = []
    for file in SOURCE:
        for node in functions(tree_of(file)):
            returned = ast.unparse(node.returns) if node.returns else ""
            optional = "None" in re.split(r"[ |\[\],]+", returned) and returned != "None"
            if node.name.startswith("get_") and optional:
                wrong.append(f"{relative(file)}:{node.lineno} {node.name} may return None: call it find_…")
    assert not wrong, "; ".join(wrong)


@pytest.mark.parametrize(
    ("line", "reasoned"),
    [
        ("x = 1  # noqa: BLE001 - the process edge logs it", True),
        ("x = 1  # type: ignore[no-any-return]  # the driver has no types", True),
        ("x = 1  # noqa", False),
        ("x = 1  # noqa: BLE001", False),
        ("x = 1  # type: ignore", False),
        ("x = 1  # type: ignore[attr-defined]", False),
    ],
)
def test_the_rule_on_switched_off_checks_bites(line: str, *, reasoned: bool) -> None:
    assert bool(REASONED.search(line)) is reasoned


def test_the_rules_on_imports_bite() -> None:
    tree = ast.parse("def load():\n    import json\n    return importlib.import_module('json')\n")
    assert imports_inside_functions(tree) == [2]
    assert late_imports(tree) == [3]
