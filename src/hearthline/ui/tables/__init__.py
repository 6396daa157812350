# SPDX-License-Identifier: Apache-2.0
"""Decides how lists are shown, sorted, filtered, paged and exported."""

from hearthline.ui.tables.columns import Column, column
from hearthline.ui.tables.filters import Choices, Days, Filter, Text
from hearthline.ui.tables.listing import FileAsked, Page, Table
from hearthline.ui.tables.naming import call, column_words, filter_words

__all__ = [
    "Choices",
    "Column",
    "Days",
    "FileAsked",
    "Filter",
    "Page",
    "Table",
    "Text",
    "call",
    "column",
    "column_words",
    "filter_words",
]
