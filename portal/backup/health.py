"""How old the last good backup is."""

from datetime import UTC, datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.backup.keeping import backup_root, kept_backups
from portal.backup.manifest import read_manifest
from portal.backup.watching import TOO_OLD
from portal.runtime.health import Finding, joined, register_check


def _last_backup() -> Finding:
    root = backup_root()
    if root is None:
        return Finding("not configured", _("PORTAL_BACKUP_DIR is not set"))
    kept = kept_backups(root)
    if not kept:
        return Finding("failing", _("no backup yet"))
    manifest, _path = read_manifest(kept[-1][1])
    age = datetime.now(UTC) - manifest.finished
    words = format_lazy(_("last good backup {hours} hours ago, {count} kept"), hours=f"{age.total_seconds() / 3600:.0f}", count=len(kept))
    if manifest.missing:
        missing = format_lazy(_("{count} files were missing, e.g. {name}"), count=len(manifest.missing), name=manifest.missing[0][:80])
        return Finding("failing", joined([words, missing], "; "))
    return Finding("ok" if age < TOO_OLD else "failing", words)


register_check("backup", _last_backup)
