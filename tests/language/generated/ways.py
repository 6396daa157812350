# SPDX-License-Identifier: Apache-2.0
"""Decides the ways in which a random piece of each kind can be written, one function for each."""

from __future__ import annotations

from tests.language.generated.author import COMPARISONS, MOST_SCALE, Author, NumberWay, Way, Ways
from tests.language.generated.ground import UNITS
from tests.language.generated.pieces import (
    BARE,
    BOOLEAN,
    CODE,
    DATE,
    DOUBLE,
    NUMBER,
    TEXT,
    Piece,
    made,
    same_kind,
)

# ---- booleans --------------------------------------------------------------------------------------------


def _joined(author: Author, kind: str, depth: int) -> Piece:
    parts = author.alternatives(BOOLEAN, depth)
    word = author.random.choice((" and ", " or "))
    return Piece("(" + word.join(part.text for part in parts) + ")", BOOLEAN, parts=tuple(parts))


def _not(author: Author, kind: str, depth: int) -> Piece:
    return made("(not {0})", BOOLEAN, author.write(BOOLEAN, depth))


def _is_null(author: Author, kind: str, depth: int) -> Piece:
    words = author.random.choice(("is null", "is not null"))
    return made("({0} " + words + ")", BOOLEAN, author.some(author.any_kind(), depth))


def _compared(author: Author, kind: str, depth: int) -> Piece:
    asked = author.random.choice((NUMBER, NUMBER, NUMBER, DOUBLE, DATE, BOOLEAN, CODE, TEXT))
    unit = author.a_unit()
    left, right = author.write(asked, depth, unit), author.write(asked, depth, unit)
    operators = COMPARISONS if asked in (NUMBER, DOUBLE, DATE) else COMPARISONS[:2]
    return made("({0} " + author.random.choice(operators) + " {1})", BOOLEAN, left, right)


def _between(author: Author, kind: str, depth: int) -> Piece:
    asked = author.random.choice((NUMBER, DOUBLE, DATE))
    unit = author.a_unit()
    parts = (author.write(asked, depth, unit), author.leaf(asked, unit), author.leaf(asked, unit))
    words = author.random.choice(("between", "not between"))
    return made("({0} " + words + " {1} and {2})", BOOLEAN, *parts)


def _in_list(author: Author, kind: str, depth: int) -> Piece:
    asked = author.random.choice((NUMBER, DOUBLE, DATE, CODE, TEXT, BOOLEAN))
    value = author.write(asked, depth, "1")
    items = [author.constant(asked, BARE if asked in (NUMBER, DOUBLE) else "1") for _ in range(3)]
    words = author.random.choice(("in", "not in"))
    listed = ", ".join(item.text for item in items)
    null = ", null" if author.random.random() < 0.2 else ""
    return made("({0} " + words + " (" + listed + null + "))", BOOLEAN, value)


def _window(author: Author, kind: str, depth: int) -> Piece:
    name = author.random.choice(("within_months", "within_whole_months"))
    return made(name + "({0}, {1})", BOOLEAN, author.write(DATE, depth), _months(author, depth))


def _aged(author: Author, kind: str, depth: int) -> Piece:
    born = author.write(DATE, min(depth, 1))
    bound = author.random.choice(("0", "1", "2", "3", "15", "16", "60"))
    operator = author.random.choice(COMPARISONS)
    if author.random.random() < 0.5:
        return made("(age({0}) " + operator + " " + bound + ")", BOOLEAN, born)
    until = author.write(DATE, min(depth, 1))
    return made("(age({0}, {1}) " + operator + " " + bound + ")", BOOLEAN, born, until)


def _some_of(author: Author, kind: str, depth: int) -> Piece:
    found = author.aggregate(("bool_or", "bool_and"), BOOLEAN, depth)
    return found if found is not None else _compared(author, kind, depth)


def _count_compared(author: Author, kind: str, depth: int) -> Piece:
    count = author.count(depth)
    if count is None:
        return _compared(author, kind, depth)
    random = author.random
    bound = random.choice(("0", "1", "2", "3", "1.5", "-1"))
    operator = random.choice(COMPARISONS)
    text = random.choice(
        (
            f"({count.text} {operator} {bound})",
            f"({bound} {operator} {count.text})",
            f"({count.text} between 1 and {bound})",
            f"({count.text} in (0, {bound}))",
            f"(case {count.text} when 0 then true when {bound} then false end)",
        )
    )
    return Piece(text, BOOLEAN, parts=(count,))


def _flag_of_text(author: Author, kind: str, depth: int) -> Piece:
    return made("lookup('flag', {0})", BOOLEAN, author.write(TEXT, depth))


# ---- dates, codes, texts ---------------------------------------------------------------------------------


def _months(author: Author, depth: int) -> Piece:
    """A whole number without a unit, mostly small."""
    if author.random.random() < 0.6:
        return Piece(author.random.choice(("1", "3", "12", "0", "24", "-1", "120000")), NUMBER, BARE)
    number = author.write(NUMBER, min(depth, 1), "1")
    return number if number.scale == 0 else made("floor({0})", NUMBER, number, unit=number.unit)


def _moved(author: Author, kind: str, depth: int) -> Piece:
    day = author.write(DATE, depth)
    step = author.random.choice(("add_months({0}, {1})", "add_days({0}, {1})"))
    return made(step, DATE, day, _months(author, depth))


def _moved_by_interval(author: Author, kind: str, depth: int) -> Piece:
    sign, number = author.random.choice("+-"), author.random.choice((1, 2, 12, 30))
    unit = author.random.choice(("day", "month", "year"))
    return made("({0} " + f"{sign} interval '{number}' {unit})", DATE, author.write(DATE, depth))


def _extreme_row(author: Author, kind: str, depth: int) -> Piece:
    found = author.aggregate(("min", "max"), DATE, depth)
    return found if found is not None else author.leaf(DATE)


def _extreme_date(author: Author, kind: str, depth: int) -> Piece:
    return author.extreme(DATE, depth)


def _day_of_code(author: Author, kind: str, depth: int) -> Piece:
    return made("lookup('day', {0})", DATE, author.write(CODE, depth))


def _code_of_number(author: Author, kind: str, depth: int) -> Piece:
    return made("lookup('name', {0})", CODE, _months(author, depth))


def _case(author: Author, kind: str, depth: int) -> Piece:
    return author.searched_case(kind, depth)


def _simple(author: Author, kind: str, depth: int) -> Piece:
    return author.simple_case(kind, depth)


def _first(author: Author, kind: str, depth: int) -> Piece:
    return author.coalesce(kind, depth)


# ---- numbers ---------------------------------------------------------------------------------------------


def _sum(author: Author, depth: int, unit: str) -> Piece:
    left, right = author.write(NUMBER, depth, unit), author.write(NUMBER, depth, unit)
    return same_kind("({0} " + author.random.choice("+-") + " {1})", left, right)


def _product(author: Author, depth: int, unit: str) -> Piece:
    left, right = author.write(NUMBER, depth, unit), author.write(NUMBER, depth, "1")
    scale = left.scale + right.scale
    if scale > MOST_SCALE or (left.bare and unit != "1"):
        return left
    made_of = BARE if left.bare and right.bare else unit
    return made("({0} * {1})", NUMBER, left, right, unit=made_of, scale=scale)


def _quotient(author: Author, depth: int, unit: str) -> Piece:
    above, below = (unit, "1") if unit != "yuan/person/year" else ("yuan/year", "person")
    left, right = author.write(NUMBER, depth, above), author.write(NUMBER, depth, below)
    if (left.bare and unit != "1") or (right.bare and below != "1"):
        return left if unit == above else author.leaf(NUMBER, unit)
    made_of = BARE if left.bare and right.bare else unit
    return made("({0} / {1})", NUMBER, left, right, unit=made_of, scale=author.division_scale)


def _share(author: Author, depth: int, unit: str) -> Piece:
    """A quotient of two of one unit, then by something of the unit that is wanted."""
    other = author.random.choice(UNITS)
    left, right = author.write(NUMBER, depth, other), author.write(NUMBER, depth, other)
    if left.bare or right.bare or unit != "1":
        return author.write(NUMBER, depth, unit)
    return made("({0} / {1})", NUMBER, left, right, unit="1", scale=author.division_scale)


def _negated(author: Author, depth: int, unit: str) -> Piece:
    return same_kind(author.random.choice(("(- {0})", "abs({0})")), author.write(NUMBER, depth, unit))


def _rounded(author: Author, depth: int, unit: str) -> Piece:
    number = author.write(NUMBER, depth, unit)
    if number.scale == 0:  # something to round: halves
        number = made("({0} * 0.5)", NUMBER, number, unit=number.unit, scale=1)
    places = author.random.randint(0, number.scale - 1)
    name = author.random.choice(("round", "round", "floor", "ceil")) if places == 0 else "round"
    asked = f", {places}" if places else ""
    return made(name + "({0}" + asked + ")", NUMBER, number, unit=number.unit, scale=places)


def _case_number(author: Author, depth: int, unit: str) -> Piece:
    way = author.random.choice((author.searched_case, author.simple_case, author.coalesce, author.extreme))
    return way(NUMBER, depth, unit)


def _combined(author: Author, depth: int, unit: str) -> Piece:
    found = author.aggregate(("sum", "sum", "avg", "min", "max"), NUMBER, depth, unit)
    return found if found is not None else author.leaf(NUMBER, unit)


def _counted(author: Author, depth: int, unit: str) -> Piece:
    count = author.count(depth)
    if count is None or unit not in ("1", count.unit):
        return author.leaf(NUMBER, unit)
    if unit == count.unit:
        return count
    return made("({0} / count(" + count.unit + "))", NUMBER, count, scale=author.division_scale)


def _of_dates(author: Author, depth: int, unit: str) -> Piece:
    if unit == "year":
        if author.random.random() < 0.3:
            stated = [piece for piece in author.names(NUMBER) if piece.unit == "year" and piece.scale == 0]
            if stated:
                day = author.write(DATE, depth)
                return made(
                    "age_from_stated({0}, {1})", NUMBER, author.random.choice(stated), day, unit="year"
                )
        if author.random.random() < 0.5:
            return made("age({0})", NUMBER, author.write(DATE, depth), unit="year")
        return made(
            "age({0}, {1})", NUMBER, author.write(DATE, depth), author.write(DATE, depth), unit="year"
        )
    if unit != "1":
        return author.leaf(NUMBER, unit)
    if author.random.random() < 0.5:
        part = author.random.choice(("year", "month", "day"))
        return made("extract(" + part + " from {0})", NUMBER, author.write(DATE, depth))
    days = made("({0} - {1})", NUMBER, author.write(DATE, depth), author.write(DATE, depth), unit="day")
    week = made("({0} - {1})", NUMBER, author.write(DATE, depth), author.write(DATE, depth), unit="day")
    return made("({0} / {1})", NUMBER, days, week, scale=author.division_scale)


def _looked_up(author: Author, depth: int, unit: str) -> Piece:
    if unit == "yuan/year":
        flag = author.write(BOOLEAN, depth)
        return made("lookup('grid', {0}, {1})", NUMBER, _months(author, depth), flag, unit=unit, scale=2)
    if unit == "1":
        return made("lookup('zone', {0})", NUMBER, author.write(CODE, depth))
    return author.leaf(NUMBER, unit)


# ---- doubles ---------------------------------------------------------------------------------------------


def _double_sum(author: Author, depth: int, unit: str) -> Piece:
    left, right = author.write(DOUBLE, depth, unit), author.write(DOUBLE, depth, unit)
    return same_kind("({0} " + author.random.choice("+-") + " {1})", left, right)


def _double_product(author: Author, depth: int, unit: str) -> Piece:
    left, right = author.write(DOUBLE, depth, unit), author.write(DOUBLE, depth, "1")
    if left.bare and unit != "1":
        return left
    made_of = BARE if left.bare and right.bare else unit
    return made("({0} " + author.random.choice("*/") + " {1})", DOUBLE, left, right, unit=made_of)


def _double_of_number(author: Author, depth: int, unit: str) -> Piece:
    number = author.leaf(NUMBER, unit)
    return made("cast({0} as double)", DOUBLE, number, unit=number.unit)


def _double_part(author: Author, depth: int, unit: str) -> Piece:
    template = author.random.choice(("(- {0})", "abs({0})", "floor({0})", "ceil({0})"))
    return same_kind(template, author.write(DOUBLE, depth, unit))


def _case_double(author: Author, depth: int, unit: str) -> Piece:
    way = author.random.choice((author.searched_case, author.simple_case, author.coalesce, author.extreme))
    return way(DOUBLE, depth, unit)


def _double_row(author: Author, depth: int, unit: str) -> Piece:
    found = author.aggregate(("min", "max"), DOUBLE, depth, unit)
    return found if found is not None else author.leaf(DOUBLE, unit)


_BOOLEANS: list[Way] = [
    *(_joined, _joined, _joined, _not, _is_null, _compared, _compared, _compared, _compared),
    *(
        _between,
        _in_list,
        _window,
        _aged,
        _some_of,
        _some_of,
        _some_of,
        _count_compared,
        _count_compared,
        _flag_of_text,
    ),
    *(_case, _simple, _first, _first),
]
_DATES: list[Way] = [
    _moved,
    _moved_by_interval,
    _extreme_row,
    _extreme_date,
    _day_of_code,
    _case,
    _simple,
    _first,
]
_CODES: list[Way] = [_code_of_number, _case, _simple, _first]
_TEXTS: list[Way] = [_case, _simple, _first]
_NUMBERS: list[NumberWay] = [
    *(_sum, _sum, _product, _product, _quotient, _share, _negated, _rounded, _case_number, _case_number),
    *(_combined, _combined, _combined, _combined, _counted, _of_dates, _of_dates, _looked_up),
]
_DOUBLES: list[NumberWay] = [
    *(_double_sum, _double_product, _double_product, _double_of_number, _double_part, _case_double),
    _double_row,
]
ALL_WAYS = Ways({BOOLEAN: _BOOLEANS, DATE: _DATES, CODE: _CODES, TEXT: _TEXTS}, _NUMBERS, _DOUBLES)
