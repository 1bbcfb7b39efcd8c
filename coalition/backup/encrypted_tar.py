"""A tar, encrypted while written and decrypted while read: never complete in memory or on disk.

A separate thread encrypts what comes through a pipe. age authenticates each 64 KiB and marks the
last chunk, so that a changed byte and a truncated file are both detected.
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

WRONG_KEY_MESSAGE = "No matching keys found"  # age's error message


@contextmanager
def sealed_tar_writer(target: BinaryIO, recipients: list[Any]) -> Iterator[tarfile.TarFile]:
    """Yield a tar that is encrypted into `target`. Raises `BackupFailed` if `target` cannot be
    written."""
    out_of, into = os.pipe()
    with ThreadPoolExecutor(max_workers=1) as threads:
        work = threads.submit(_encrypt_stream, out_of, target, recipients)
        try:
            with os.fdopen(into, "wb") as pipe, tarfile.open(fileobj=pipe, mode="w|") as tar:
                yield tar
        except BrokenPipeError as error:  # the other end stopped: its own error gives the reason
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
    """Yield the tar inside an encrypted file, to be read once from beginning to end.

    Raises `BackupFailed` if no identity fits, a byte was changed, or the file is truncated. That
    may be after members were read, so callers must not trust anything before the block has ended.
    """
    out_of, into = os.pipe()
    with ThreadPoolExecutor(max_workers=1) as threads:
        work = threads.submit(_decrypt_stream, path, into, identities)
        with os.fdopen(out_of, "rb") as pipe:
            try:
                with tarfile.open(fileobj=pipe, mode="r|") as tar:
                    yield tar
                while pipe.read(1 << 16):  # tar's padding: only the end authenticates the whole
                    pass
            except tarfile.TarError as error:
                # The tar ended early. The reason is the decryption error, if there was one.
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
