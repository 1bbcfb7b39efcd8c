"""Live documents, the source of truth of draft texts: shape, suggestions, access, the projection
into `DraftText`, and edits made by the server. The engine itself is `coalition.realtime`."""
