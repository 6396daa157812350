# SPDX-License-Identifier: Apache-2.0
"""Decides where a file that is being sent lies until its view has read it: without a name, in our own folder.

A file above the limit of memory goes to the disk. Django would write it, under a name, into the folder of
temporary files that all programs share. Ours never has a name: nobody else can open it, no backup takes
it, and when its process ends, even by a killing, nothing of it is left that would have to be swept.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

FOLDER = ".arriving"
"""Its name begins with a full stop, as that of all that no backup takes."""


def arriving() -> Path:
    """The private folder in which files that are being sent lie; made where it is missing."""
    folder: Path = settings.HOME / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


class NamelessUploads(FileUploadHandler):
    """Takes what the handler that keeps small files in memory has not taken."""

    def new_file(self, *args: Any, **options: Any) -> None:  # Any: what Django hands on
        """Begin a file that has no name."""
        super().new_file(*args, **options)
        self._file = tempfile.TemporaryFile(dir=arriving())  # noqa: SIM115 - closed at the end of the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the next bytes."""
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        """The whole file, read from its beginning."""
        self._file.seek(0)
        return UploadedFile(
            self._file, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra
        )

    def upload_interrupted(self) -> None:
        """Let go of a file whose sender has gone."""
        if hasattr(self, "_file"):
            self._file.close()
