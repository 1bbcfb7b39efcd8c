"""The chain of publications: records that anyone can check, with commitments instead of names. Pure.

A record is the RFC 8785 form of::

    {"record": 1, "publication": uuid, "number": n, "replaces": uuid or null,
     "documents": [{"language", "canon", "hash"}, …],      sorted by language
     "moments": {"put_to_approval": …, "published": …},    UTC, ISO 8601
     "commitments": [hex, …],                              one an organisation, sorted
     "slips": [{"language", "before", "after"}, …],        hashes; only if a slip of the pen was mended
     "fillings": [{"language", "before", "after", "gaps"}, …],   only if gaps were filled in what was approved
     "blocks": [{"language", "source", "words", "publication"}, …],   only if approvals were carried over
     "correction_note": hash of what was corrected, in words; only if a correction has a note
     "previous": hash of the record before, or null}

and its SHA-256 is the publication's hash.
"""

import datetime
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import rfc8785

RECORD: Final = 1
SALT_BYTES: Final = 32


def new_salt() -> str:
    """A salt as hex. Who knows it and the organisation's UUID can show that it stands in a record."""
    return secrets.token_hex(SALT_BYTES)


def commitment(*, salt: str, organisation: UUID, publication: UUID, hashes: Iterable[str]) -> str:
    """SHA-256 over salt, organisation, publication and the documents' hashes, all as bytes, as hex.

    `hashes`: in the record's order (by language), so that a commitment fits one record only.
    """
    digest = hashlib.sha256(bytes.fromhex(salt) + organisation.bytes + publication.bytes)
    for one in hashes:
        digest.update(bytes.fromhex(one))
    return digest.hexdigest()


def moment_words(moment: datetime.datetime) -> str:
    """A moment as the record has it: UTC, to the microsecond."""
    return moment.astimezone(datetime.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def build_record(
    *,
    publication: UUID,
    number: int,
    replaces: UUID | None,
    documents: Iterable[Mapping[str, Any]],
    moments: Mapping[str, datetime.datetime],
    commitments: Iterable[str],
    previous: str,
    slips: Iterable[Mapping[str, str]] = (),
    blocks: Iterable[Mapping[str, str | None]] = (),
    fillings: Iterable[Mapping[str, Any]] = (),
    correction_note: str = "",
) -> str:
    """The text of a record. `documents`: mappings with language, canon and hash, in any order. `slips`:
    mappings with language, before and after, of words that were mended while decisions on them stayed.
    `blocks`: the approved blocks, in their order, of which a text is made whose approvals were carried over:
    the hash of the version, the hash of its words (`approved_blocks.words_hash`), where it is public.
    `fillings`: the hash with gaps, the one without, and which gaps of the text were filled, from 0; what they
    say stands in the text alone, so that it goes with it. `correction_note`: of a correction, what was
    corrected, in words; its hash goes into the record."""
    lists = {"slips": slips, "blocks": blocks, "fillings": fillings}
    more = {name: [dict(one) for one in found] for name, found in lists.items()}
    return record_text(
        {
            **{name: found for name, found in more.items() if found},
            **({"correction_note": note_hash(correction_note)} if correction_note else {}),
            "record": RECORD,
            "publication": str(publication),
            "number": number,
            "replaces": str(replaces) if replaces else None,
            "documents": [
                {"language": one["language"], "canon": one["canon"], "hash": one["hash"]}
                for one in sorted(documents, key=lambda one: str(one["language"]))
            ],
            "moments": {name: moment_words(moment) for name, moment in moments.items()},
            "commitments": sorted(commitments),
            "previous": previous or None,
        }
    )


def record_text(record: Mapping[str, Any]) -> str:
    """The one text of a record. Raises ValueError for what RFC 8785 cannot say."""
    return bytes(rfc8785.dumps(dict(record))).decode()


def note_hash(note: str) -> str:
    """SHA-256 of a correction note (UTF-8), as hex."""
    return hashlib.sha256(note.encode()).hexdigest()


def record_hash(text: str) -> str:
    """The hash by which the next record refers to this one."""
    return hashlib.sha256(text.encode()).hexdigest()
