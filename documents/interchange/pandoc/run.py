"""pandoc, in a process of its own, always in its sandbox."""

import json
from typing import Any, Final

import pypandoc

from coalition.sandbox.run import run_sandboxed
from documents.interchange.pandoc.tree import Tree

SECONDS: Final = 60  # of computing; 300 pages take less than two


def write(tree: Tree, form: str) -> bytes:
    """The tree as a file of the form. Raises `coalition.sandbox.run.SandboxFailed`."""
    return run_pandoc(["-f", "json", "-t", form, "-o", "-"], json.dumps(tree).encode())


def read(content: bytes, form: str) -> Any:
    """The tree of a file. Raises `coalition.sandbox.run.SandboxFailed`."""
    return json.loads(run_pandoc(["-f", form, "-t", "json"], content))


def run_pandoc(arguments: list[str], given: bytes) -> bytes:
    """`--sandbox`: a file that names another file of this machine gets nothing of it."""
    return run_sandboxed([pypandoc.get_pandoc_path(), "--sandbox", *arguments], given, seconds=SECONDS)
