"""Texts as files: export to Word, OpenDocument, PDF, Markdown and plain text; import from Word and
OpenDocument.

Export: the marked text (the editor's JSON with suggestions and comments) becomes pandoc's tree, and that
becomes a file. Import: a file becomes a *reading* (`reader/document.py`), which is compared with the text as
it was when the file was made; the differences become suggestions. HTML is never parsed.

The subpackages are pure (no request, no model) except `actions`, which checks permissions and stores records.
"""
