"""pandoc in a separate process, always sandboxed."""

import json
from typing import Any, Final

import pypandoc

from coalition.sandbox.run import run_sandboxed
from documents.interchange.pandoc.tree import Tree

PANDOC_TIMEOUT_SECONDS: Final = 60  # of CPU time; 300 pages take less than two


def write_with_pandoc(tree: Tree, form: str) -> bytes:
    """The tree as a file of the form. Raises `coalition.sandbox.run.SandboxFailed`."""
    return run_pandoc(["-f", "json", "-t", form, "-o", "-"], json.dumps(tree).encode())


def read_with_pandoc(content: bytes, form: str) -> Any:
    """The tree of a file. Raises `coalition.sandbox.run.SandboxFailed`."""
    return json.loads(run_pandoc(["-f", form, "-t", "json"], content))


def run_pandoc(arguments: list[str], given: bytes) -> bytes:
    """Run pandoc with `--sandbox`: a file cannot include other files of this machine."""
    return run_sandboxed(
        [pypandoc.get_pandoc_path(), "--sandbox", *arguments], given, seconds=PANDOC_TIMEOUT_SECONDS
    )
