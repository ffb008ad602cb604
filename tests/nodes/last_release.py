"""`python -m tests.nodes.last_release`: keep the database of a small plant that has been used, as `pg_dump` wrote it.

Run with the code of a release, once a migration after it has come: the drill of upgrades begins from it, and is killed where that migration begins.
"""

import lzma
import os
import sys
import tempfile
from pathlib import Path

DUMP = Path(__file__).with_name("last_release.sql.xz")
CHANGED_SINCE = "sales_lead"  # a table that a migration since then changes, and not the first of them
NOTICES = 6


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="gongfang-release-") as directory:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "portal.config.settings", "PORTAL_DATA_DIR": directory}
        import django

        django.setup()
        from portal.runtime import preparation
        from portal.runtime.addresses import owner_settings
        from portal.runtime.baseline import dumped
        from portal.runtime.embedded.postgresql import EmbeddedPostgreSQL
        from portal.runtime.embedded.valkey import EmbeddedValkey

        servers = [EmbeddedPostgreSQL(Path(directory), is_durable=False), EmbeddedValkey(Path(directory))]
        try:
            for server in servers:
                server.start()
            preparation.migrate_database()
            _use()
            access = owner_settings("", "", Path(directory))
            assert access is not None
            target.write_bytes(lzma.compress(dumped(access).encode(), preset=9))
        finally:
            for server in servers:
                server.stop()


def _use() -> None:
    """People, and notices that everybody has been told of."""
    from bulletin.services.boards import board_of
    from bulletin.services.notices import create_notice
    from portal.access.models import Audience
    from portal.access.rules import EVERYONE, AudienceRule
    from portal.outbox.services import drain
    from portal.pages.services import publish_draft, save_draft
    from tests.cast import make_cast

    cast = make_cast()
    board, audience = board_of(cast.quality), Audience.objects.for_rule(AudienceRule.of([EVERYONE]))
    for number in range(NOTICES):
        notice = create_notice(board, actor=cast.head)
        values = {"title": f"上个版本的通知 {number}", "body": "<p>请各部门传达。</p>", "audience": audience}
        save_draft(notice, actor=cast.head, values=values, seen=None)
        publish_draft(notice, actor=cast.head)
    while drain():
        pass


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DUMP)
