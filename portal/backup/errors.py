"""What a backup refuses."""


class BackupError(Exception):
    """A backup that cannot be made or restored; the text is one sentence for the operator."""
