"""The bytes of public pictures against the hashes that organisations approved, and the shared image."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from django.core.files.storage import Storage, storages

from coalition.storage.errors import StorageAway
from documents.publication.verification.findings import Finding, FindingKind
from home.models import PublicImage
from home.verification.pages import PublicationPages

# `home.share.card` names a shared image by its page and the beginning of the hash of its bytes.
_SHARE_CARD: Final = re.compile(r"share/(\d+)-([0-9a-f]{12})")


def picture_findings(found: Sequence[PublicationPages]) -> Iterator[Finding]:
    """Every public copy of an approved picture has the approved bytes. Each file is read once."""
    wanted = {one.publication.pk: _hashes(one) for one in found if one.is_public_by_record}
    hashes = {sha256 for some in wanted.values() for sha256 in some}
    files: dict[str, list[str]] = defaultdict(list)
    for image in PublicImage.objects.filter(sha256__in=hashes).only("sha256", "file"):
        files[image.sha256].append(str(image.file.name))
    storage = storages["public"]
    holds = {one: all(_sha256_of(storage, name) == one for name in files[one]) for one in sorted(hashes)}
    for pk, needed in wanted.items():
        if not all(files[one] for one in needed):
            yield Finding(FindingKind.PICTURE, pk, "picture_missing")
        if not all(holds[one] for one in needed):
            yield Finding(FindingKind.PICTURE, pk, "picture_bytes")


def _hashes(one: PublicationPages) -> set[str]:
    documents = [text.document for text in one.publication.texts.all()]
    return {picture["sha256"] for document in documents for picture in document["pictures"].values()}


def _sha256_of(storage: Storage, name: str) -> str:
    """Hash of a stored file; empty if it is missing. Raises StorageAway where the storage does not answer."""
    try:
        with storage.open(name, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except StorageAway:
        raise
    except OSError:
        return ""


def share_image_findings(found: Sequence[PublicationPages]) -> Iterator[Finding]:
    """A shared image is that of its page, with the bytes by which it is named. None may be there yet."""
    storage = storages["public"]
    for one in found:
        for page in one.pages:
            name = str(page.share_card.name or "")
            if not name:
                continue
            parts = _SHARE_CARD.match(name)
            if (
                not page.live
                or parts is None
                or int(parts[1]) != page.pk
                or _sha256_of(storage, name)[:12] != parts[2]
            ):
                yield Finding(
                    FindingKind.SHARE_IMAGE, one.publication.pk, "share_image", page.locale.language_code
                )
