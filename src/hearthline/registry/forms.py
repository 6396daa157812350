# SPDX-License-Identifier: Apache-2.0
"""Decides what the pages of the import ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from hearthline.accounts.queries import Scope
from hearthline.areas.queries import find_area_by_code

LONGEST_MAP = 200_000


class ManyFiles(forms.ClearableFileInput):
    """A control that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each of them checked."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """The files; each must be there and hold something."""
        given = list(data) if isinstance(data, list | tuple) else [data]
        checked = super().clean
        return [checked(one, initial) for one in given or [None]]


class UploadForm(forms.Form):
    """The files of a register, where it belongs, and the map if there is one."""

    area = forms.ChoiceField(label=_("Place"), help_text=_("All households of the files live within it."))
    code = forms.CharField(
        label=_("Code of the place"),
        max_length=40,
        required=False,
        help_text=_("Only for a place that is not in the list above, such as a village."),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        help_text=_("How the list of imports calls it, such as: Register of 2017."),
    )
    uploads = FilesField(
        label=_("Files"),
        widget=ManyFiles,
        help_text=_("CSV, XLSX, Parquet, Stata or SPSS: households, people, income lines."),
    )
    map = forms.FileField(
        label=_("Import map"),
        required=False,
        help_text=_("A TOML file. Without one a draft is suggested, which you correct on the next page."),
    )

    def __init__(self, scope: Scope, areas: Sequence[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._scope = scope
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(areas)

    def clean(self) -> dict[str, Any]:
        """The place of the code takes that of the list."""
        cleaned = super().clean() or self.cleaned_data
        code = str(cleaned.get("code", "")).strip()
        if code:
            area = find_area_by_code(code, self._scope.filter("path"))
            if area is None:
                self.add_error("code", _("There is no place with this code among yours."))
            else:
                cleaned["area"] = str(area.pk)
        return cleaned


class MapForm(forms.Form):
    """The map, as drafted or as corrected."""

    map_text = forms.CharField(
        label=_("Import map"),
        max_length=LONGEST_MAP,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "code"}),
        help_text=_("Look at every line with a remark. The section [identity] names who is meant by a row."),
    )
