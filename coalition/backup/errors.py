"""The error for the operator when a backup or restoration cannot continue."""


class BackupFailed(Exception):
    """No backup was written, or nothing was changed; the message gives the reason."""
