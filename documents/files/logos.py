"""Logos of organisations: an abstract model, and the form that uploads one."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django import forms
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from coalition.core.errors import undo_on_failure
from documents.files.models import private_storage
from documents.files.public_copy import make_logo


def logo_path(logo: "Logo", filename: str) -> str:
    """By UUID only: the storage's listing discloses no names."""
    return f"logos/{logo.uuid.hex[:2]}/{logo.uuid}"


class Logo(models.Model):
    """A logo, re-rendered, small, a PNG."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    file = models.FileField(storage=private_storage, upload_to=logo_path)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveSmallIntegerField()  # pixels
    height = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"logo {self.uuid}"

    @contextmanager
    def upload(self, content: IO[bytes], *, size: int, name: str) -> Iterator[None]:
        """Check and store a file as this new logo, then run the block, which saves it, in a transaction.

        If the block fails, the bytes are deleted. Raises Refused with the reason for an invalid file.
        """
        clean = make_logo(content, size=size, name=name)
        self.sha256 = hashlib.sha256(clean.content).hexdigest()
        self.width, self.height = clean.width, clean.height
        # files do not roll back: write the bytes first
        self.file.save("logo.png", ContentFile(clean.content), save=False)
        storage, path = self.file.storage, str(self.file.name)
        with undo_on_failure(lambda: storage.delete(path)), transaction.atomic():
            yield

    def delete_with_file(self) -> None:
        """Delete the row; its bytes once the caller's transaction is committed."""
        storage, path = self.file.storage, str(self.file.name)
        self.delete()
        transaction.on_commit(lambda: storage.delete(path))


class LogoForm(forms.Form):
    """The logo of an organisation that joined, with the permission to display it."""

    file = forms.FileField(
        label=gettext_lazy("Logo"),
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 2 MB. Best on a transparent or white ground."),
        widget=forms.ClearableFileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp"}),
    )
    permitted = forms.BooleanField(
        label=gettext_lazy("We permit that it is shown beside our name on the page")
    )
