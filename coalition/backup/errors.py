"""What the operator is told when a backup or its restoration cannot go on."""


class BackupFailed(Exception):
    """Nothing was kept, or nothing was changed; the message says why in words."""
