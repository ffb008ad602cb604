"""Hanging files on things, and what becomes of those that fall out (S7)."""

import os
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from portal.accounts.models import User
from portal.attachments.errors import NotYoursError
from portal.attachments.models import Attachment, StoredFile
from portal.attachments.queries import held_on, pictures_on, shown_on
from portal.attachments.services import hang_files, release_files
from portal.attachments.storage import FILES_LOCK, content_storage, storage_name
from portal.attachments.sweeping import forget_strays, sweep_files
from portal.audit.models import AuditRecord
from tests.attachments import samples
from tests.cast import Cast

Receive = Callable[[User, str, bytes], Attachment]


def age() -> None:
    """Everything was two days ago."""
    past = timezone.now() - timedelta(days=2)
    Attachment.objects.update(created_at=past)
    StoredFile.objects.update(created_at=past)


def test_exactly_these_hang_there_in_this_order(cast: Cast, receive: Receive) -> None:
    paper = samples.paper_for(cast.quality)
    a, b, c, d = (receive(cast.head, f"{name}.txt", name.encode()) for name in "abcd")
    hang_files(actor=cast.head, about=paper, shown=[b.pk, a.pk], held=[c.pk], pictures=[d.pk])
    assert [row.name for row in shown_on(paper)] == ["b.txt", "a.txt"]
    assert [row.name for row in held_on(paper)] == ["c.txt"]
    assert [row.name for row in pictures_on(paper)] == ["d.txt"]
    hang_files(actor=cast.head, about=paper, shown=[a.pk, b.pk, c.pk], pictures=[d.pk])
    assert [row.name for row in shown_on(paper)] == ["a.txt", "b.txt", "c.txt"]
    assert AuditRecord.objects.filter(verb="files.hung").count() == 2


def test_what_falls_out_goes_if_it_was_never_shown_and_else_is_held(cast: Cast, receive: Receive) -> None:
    paper = samples.paper_for(cast.quality)
    seen, draft = receive(cast.head, "seen.txt", b"s"), receive(cast.head, "draft.txt", b"d")
    hang_files(actor=cast.head, about=paper, shown=[seen.pk], held=[draft.pk])
    hang_files(actor=cast.head, about=paper, shown=[])
    assert [row.name for row in held_on(paper)] == ["seen.txt"]
    hang_files(actor=cast.head, about=paper, shown=[seen.pk])
    assert [row.name for row in shown_on(paper)] == ["seen.txt"]


def test_another_persons_loose_file_and_another_things_file_are_refused(cast: Cast, receive: Receive) -> None:
    paper, other = samples.paper_for(cast.quality), samples.paper_for(cast.sales)
    foreign, hung = receive(cast.operator, "a.txt", b"a"), receive(cast.head, "b.txt", b"b")
    hang_files(actor=cast.head, about=other, shown=[hung.pk])
    for pk in (foreign.pk, hung.pk, "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(NotYoursError):
            hang_files(actor=cast.head, about=paper, shown=[pk])
    assert not shown_on(paper).exists()
    assert shown_on(other).get() == hung


def test_deleting_one_of_two_things_that_share_a_file_keeps_the_file(cast: Cast, receive: Receive) -> None:
    papers = [samples.paper_for(cast.quality), samples.paper_for(cast.sales)]
    for paper in papers:
        hang_files(actor=cast.head, about=paper, shown=[receive(cast.head, "same.txt", b"same").pk])
    [stored] = {file.storage_name: file for file in StoredFile.objects.all()}.values()
    release_files(actor=cast.head, about=papers[0])
    age()
    sweep_files()
    assert content_storage().exists(stored.storage_name)
    release_files(actor=cast.head, about=papers[1])
    assert sweep_files() == 1
    assert not content_storage().exists(stored.storage_name)
    assert not StoredFile.objects.exists()


def test_loose_files_have_a_day_and_hung_ones_stay(cast: Cast, receive: Receive) -> None:
    paper = samples.paper_for(cast.quality)
    receive(cast.head, "forgotten.txt", b"f")
    hang_files(actor=cast.head, about=paper, shown=[receive(cast.head, "kept.txt", b"k").pk])
    sweep_files()
    assert Attachment.objects.count() == 2
    age()
    assert sweep_files() == 1
    assert Attachment.objects.get().name == "kept.txt"


def test_content_without_a_row_is_cleared_away_when_its_turn_comes(cast: Cast, receive: Receive) -> None:
    digest = "ab" + "0" * 62
    kept = receive(cast.head, "kept.txt", b"kept").file
    content_storage().save(storage_name(digest), ContentFile(b"stray"))
    for name in (storage_name(digest), kept.storage_name):
        os.utime(content_storage().path(name), (0, 0))
    for prefix in (digest[:2], kept.sha256[:2]):
        forget_strays(prefix)
    assert not content_storage().exists(storage_name(digest))
    assert content_storage().exists(kept.storage_name)


@pytest.mark.django_db(transaction=True)
def test_nothing_goes_while_a_backup_holds_the_files(receive: Receive) -> None:
    from tests.cast import make_cast

    cast = make_cast()
    receive(cast.head, "forgotten.txt", b"f")
    age()
    parameters = connection.get_connection_params()
    allowed = {name: parameters[name] for name in ("host", "port", "user", "dbname") if name in parameters}
    with psycopg.connect(**allowed) as backup:
        backup.execute("SELECT pg_advisory_xact_lock_shared(%s)", [FILES_LOCK])
        assert sweep_files() == 0
        assert receive(cast.head, "meanwhile.txt", b"m").pk
    assert sweep_files() == 1
