"""A tar, encrypted while it is written and decrypted while it is read: never whole in memory or on disk.

A thread of its own encrypts what comes through a pipe; age adds to each 64 KiB a proof, and to the last that
it is the last, so that a changed byte and a cut file are both noticed.
"""

import os
import tarfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pyrage

from coalition.backup.errors import BackupFailed

WRONG_KEY_MESSAGE = "No matching keys found"  # how age says it


@contextmanager
def sealed_tar_writer(target: BinaryIO, recipients: list[Any]) -> Iterator[tarfile.TarFile]:
    """A tar to add to, encrypted into `target`. Raises `BackupFailed` if `target` cannot be written."""
    out_of, into = os.pipe()
    with ThreadPoolExecutor(max_workers=1) as threads:
        work = threads.submit(_encrypt_stream, out_of, target, recipients)
        try:
            with os.fdopen(into, "wb") as pipe, tarfile.open(fileobj=pipe, mode="w|") as tar:
                yield tar
        except BrokenPipeError as error:  # the other end has stopped: its own error says why
            raise BackupFailed(_write_error(work)) from error
        if work.exception() is not None:
            raise BackupFailed(_write_error(work))


def _encrypt_stream(out_of: int, target: BinaryIO, recipients: list[Any]) -> None:
    with os.fdopen(out_of, "rb") as plain:
        pyrage.encrypt_io(plain, target, recipients)


def _write_error(work: "Future[None]") -> str:
    return f"The backup cannot be written: {work.exception() or 'the encryption ended too early'}."


@contextmanager
def sealed_tar_reader(path: Path, identities: list[Any]) -> Iterator[tarfile.TarFile]:
    """The tar inside an encrypted file, to be read once from its beginning to its end.

    Raises `BackupFailed` if no identity fits, if a byte was changed, or if the file is cut; that may be after
    members were read, so whoever reads takes nothing for true before the block has ended.
    """
    out_of, into = os.pipe()
    with ThreadPoolExecutor(max_workers=1) as threads:
        work = threads.submit(_decrypt_stream, path, into, identities)
        with os.fdopen(out_of, "rb") as pipe:
            try:
                with tarfile.open(fileobj=pipe, mode="r|") as tar:
                    yield tar
                while pipe.read(1 << 16):  # what tar leaves, padding: only the end proves the whole
                    pass
            except tarfile.TarError as error:
                # Who reads came to an end that is none. The reason is the decryption's, if that failed.
                raise BackupFailed(_read_error(path, work)) from error
        if work.exception() is not None:
            raise BackupFailed(_read_error(path, work))


def _decrypt_stream(path: Path, into: int, identities: list[Any]) -> None:
    with os.fdopen(into, "wb") as plain, path.open("rb") as sealed:
        pyrage.decrypt_io(sealed, plain, identities)


def _read_error(path: Path, work: "Future[None]") -> str:
    error = work.exception()
    if error is None:
        return f"{path} is encrypted as it should be, and holds no backup."
    if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
        return f"{path} cannot be read: {error.strerror}."
    if WRONG_KEY_MESSAGE in str(error):
        return f"{path} is encrypted to somebody else: this identity does not open it."
    return f"{path} is damaged, cut or no backup ({error}). Nothing of it was used."
