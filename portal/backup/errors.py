"""What a backup refuses."""


class BackupError(Exception):
    """A backup that cannot be made or restored; the text is one sentence for the operator."""


class AnotherBackupError(BackupError):
    """One is under way."""


def failure_of_database(error: Exception) -> str:
    """The last line of what the database complained of, as a sentence."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return f"The database failed: {lines[-1]}."
