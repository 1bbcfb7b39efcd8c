"""Live documents as the truth of draft texts: their shape, suggestions in them, who may open them, the
projection into `DraftText`, and edits made by the server. The engine itself is `coalition.realtime`."""
