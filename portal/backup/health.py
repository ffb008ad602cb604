"""How old the last good backup is."""

from datetime import UTC, datetime

from portal.backup.keeping import backup_root, kept_backups
from portal.backup.manifest import read_manifest
from portal.backup.watching import TOO_OLD
from portal.runtime.health import Finding, register_check


def _last_backup() -> Finding:
    root = backup_root()
    if root is None:
        return Finding("not configured", "PORTAL_BACKUP_DIR is not set")
    kept = kept_backups(root)
    if not kept:
        return Finding("failing", "no backup yet")
    manifest, _ = read_manifest(kept[-1][1])
    age = datetime.now(UTC) - manifest.finished
    words = f"last good backup {age.total_seconds() / 3600:.0f} hours ago, {len(kept)} kept"
    if manifest.missing:
        return Finding("failing", f"{words}; {len(manifest.missing)} files were missing, e.g. {manifest.missing[0][:80]}")
    return Finding("ok" if age < TOO_OLD else "failing", words)


register_check("backup", _last_backup)
