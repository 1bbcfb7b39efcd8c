"""Texts as files: out as Word, OpenDocument, PDF, Markdown and plain text; in from Word and OpenDocument.

One direction out: the marked text (the editor's JSON with suggestions and comments) becomes pandoc's tree,
and that becomes a file. One direction in: a file becomes a *reading* (`reading.py`), which is compared with
what the text said when the file was made; the differences become suggestions. Nothing is read from HTML.

The modules here are pure: no request and no model. Who may, and what is kept of it, is in `domain`.
"""
