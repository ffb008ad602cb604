"""Bringing files into the knowledge base: a run is begun, gets files, is started, tried again, cleared."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from knowledge.errors import KnowledgeError
from knowledge.models import Article, ArticleCategory, ImportItem, ImportRun
from knowledge.notifications import ASKED_TOGETHER
from portal.access.models import Audience
from portal.access.policies import decide
from portal.attachments.archives import REASONS, clean_path, entries_of, is_litter, is_outside
from portal.attachments.errors import AttachmentError
from portal.attachments.kinds import Kind
from portal.attachments.models import Attachment
from portal.attachments.names import extension_of
from portal.attachments.services import hang_files, receive_file, release_files
from portal.attachments.storage import content_storage
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.outbox.services import enqueue
from portal.pages.approval import ask_for_approval, people_to_ask, submit_page
from portal.pages.services import delete_draft

IMPORT_FILES = "knowledge.import_files"
LANES = 2  # so many workers take part; others stay free for what others wait for
MOST_ITEMS = 20_000
KEPT = timedelta(days=30)
State = ImportItem.State


@transaction.atomic
def begin_import(*, actor: Any, category: ArticleCategory, audience: Audience) -> ImportRun:
    """A run without files. Whoever works here may begin one: what comes of it are drafts."""
    run = ImportRun.objects.create(owner=actor, category=category, audience=audience, language=get_language() or "")
    record(actor, "file_import.begun", run, after=run.describe())
    return run


def add_file(run: ImportRun, *, actor: Any, name: str, path: str, content: Any) -> str:
    """Take a file or an archive of files into a run that was not started; what came of it, in a sentence. A refusal stands in the report, too."""
    try:
        return _add(run, actor, name, path, content)
    except AttachmentError as refusal:
        values = {"state": State.REFUSED, "reason": str(refusal), "done_at": timezone.now()}
        ImportItem.objects.create(run=run, path=clean_path((path or name).replace("\\", "/"))[-500:], **values)
        raise


@transaction.atomic
def _add(run: ImportRun, actor: Any, name: str, path: str, content: Any) -> str:
    stored = _held(run, actor)
    if stored.state != ImportRun.State.OPEN:
        raise KnowledgeError(_("This import was started. Begin another one for more files."))
    path = path.replace("\\", "/") or name
    if is_outside(path):
        raise KnowledgeError(str(REASONS["outside"]))
    if is_litter(path):
        return ""
    clean = clean_path(path)[-500:]
    sent = receive_file(actor=actor, name=name, content=content)
    if stored.items.count() >= MOST_ITEMS:
        raise KnowledgeError(_("An import has 20,000 files at most. Begin another one."))
    if sent.file.kind == Kind.ARCHIVE and extension_of(sent.name) == "zip":
        return _add_archive(stored, actor, sent)
    ImportItem.objects.filter(run=stored, path=clean).exclude(state=State.REFUSED).delete()
    item = ImportItem.objects.create(run=stored, source=sent, path=clean, size=sent.file.size)
    hang_files(actor=actor, about=item, shown=[sent.pk])
    return _("“%(name)s” was added.") % {"name": clean}


def _add_archive(run: ImportRun, actor: Any, sent: Attachment) -> str:
    with content_storage().open(sent.file.storage_name) as content:
        entries = entries_of(sent.name, content)
    taken = [entry for entry in entries if not entry.wrong]
    if not entries:
        raise KnowledgeError(_("“%(name)s” has no files in it.") % {"name": sent.name})
    tops = {entry.path.split("/")[0] for entry in taken if "/" in entry.path}
    is_folder = len(tops) == 1 and all("/" in entry.path for entry in taken)
    stem = "" if is_folder else f"{PurePosixPath(sent.name).stem}/"
    paths = [f"{stem}{entry.path}"[:500] for entry in taken]
    ImportItem.objects.filter(run=run, path__in=paths).exclude(state=State.REFUSED).delete()
    before = run.items.filter(entry__isnull=False, source__isnull=False).order_by("source").values_list("source", flat=True).distinct()
    hang_files(actor=actor, about=run, shown=[*(pk for pk in before if pk is not None), sent.pk])
    items = [ImportItem(run=run, source=sent, entry=entry.place, path=path, size=entry.size) for entry, path in zip(taken, paths, strict=True)]
    now = timezone.now()
    items += [
        ImportItem(run=run, path=entry.path or sent.name, size=entry.size, state=State.REFUSED, reason=str(REASONS[entry.wrong]), done_at=now)
        for entry in entries
        if entry.wrong
    ]
    ImportItem.objects.bulk_create(items, batch_size=1_000)
    sentence = ngettext("“%(name)s”: %(number)s file was added.", "“%(name)s”: %(number)s files were added.", len(taken))
    return sentence % {"name": sent.name, "number": len(taken)}


@transaction.atomic
def start_import(run: ImportRun, *, actor: Any) -> None:
    """Hand the files to the workers."""
    stored = _held(run, actor)
    if stored.state != ImportRun.State.OPEN:
        raise KnowledgeError(_("This import was started already."))
    if not stored.items.filter(state=State.WAITING).exists():
        raise KnowledgeError(_("There is no file to import yet. Add some first."))
    if stored.category_id is None:
        raise KnowledgeError(_("The category was deleted meanwhile. Begin another import."))
    _set_off(stored)
    record(actor, "file_import.started", stored, after={"files": stored.items.count()})


@transaction.atomic
def retry_items(run: ImportRun, *, actor: Any, items: Sequence[ImportItem] | None = None) -> int:
    """Try again what was not taken; how many files that are. What an archive itself kept back stays so."""
    stored = _held(run, actor)
    if stored.state == ImportRun.State.OPEN:
        raise KnowledgeError(_("This import has not been started yet."))
    if not stored.has_files:
        raise KnowledgeError(_("The files of this import were cleared away. Send them anew."))
    refused = stored.items.filter(state=State.REFUSED, source__isnull=False)
    if items is not None:
        refused = refused.filter(pk__in=[item.pk for item in items])
    count = refused.update(state=State.WAITING, reason="", done_at=None)
    if not count:
        raise KnowledgeError(_("There is nothing that could be tried again."))
    record(actor, "file_import.tried_again", stored, after={"files": count})
    _set_off(stored)
    return count


def retry_item(item: ImportItem, *, actor: Any) -> None:
    retry_items(item.run, actor=actor, items=[item])


def submit_item(item: ImportItem, *, actor: Any) -> None:
    """Ask for admission of the article that a file became. Who is asked is told of all of them together, by `tell_of_submitted`."""
    submit_page(_article_of(item), actor=actor, is_told=False)


@transaction.atomic
def tell_of_submitted(items: Sequence[ImportItem], *, actor: Any) -> None:
    """One bell for each keeper, however many articles wait for them now; of a single one the bell that leads to it."""
    asked: dict[int, list[Article]] = defaultdict(list)
    for article in Article.objects.filter(pk__in=[item.article_id for item in items]).select_related("latest_revision"):
        for person in people_to_ask(article, actor=actor):
            asked[person].append(article)
    together: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for person, articles in asked.items():
        together[tuple(article.pk for article in articles)].append(person)
    for people in together.values():
        articles = asked[people[0]]
        if len(articles) == 1:
            ask_for_approval(articles[0], people, actor=actor)
            continue
        tokens = {token for article in articles for token in article.keeper_tokens()}
        words = {"person": actor.name, "number": len(articles)}
        notify(ASKED_TOGETHER, words=words, recipients=people, url=reverse("knowledge:desk"), actor=actor, needs=sorted(tokens))


@transaction.atomic
def discard_item(item: ImportItem, *, actor: Any) -> None:
    """Delete the draft that a file became; brought in again, the file is new."""
    article = _article_of(item)
    decision = decide(actor, "delete", article)
    if not decision:
        raise KnowledgeError(str(decision.rule))
    delete_draft(article, actor=actor)


@transaction.atomic
def remove_import(run: ImportRun, *, actor: Any) -> None:
    """Forget a run that was never started, with its files."""
    stored = _held(run, actor)
    if stored.state != ImportRun.State.OPEN:
        raise KnowledgeError(_("What was started stays in the list: it says where articles come from."))
    record(actor, "file_import.removed", stored, before=stored.describe())
    _release(stored)
    stored.delete()


def clear_old_imports() -> int:
    """Let go of the files of imports that ended long ago, and of those never started; articles and reports stay. How many runs that were."""
    old = ImportRun.objects.filter(has_files=True, created_at__lt=timezone.now() - KEPT).exclude(state=ImportRun.State.RUNNING)
    count = 0
    for pk in list(old.values_list("pk", flat=True)[:100]):
        with transaction.atomic():
            run = lock_row(ImportRun.objects.select_related("owner"), pk)
            _release(run)
            ImportRun.objects.filter(pk=pk).update(has_files=False)
            count += 1
    return count


def _release(run: ImportRun) -> None:
    for item in run.items.filter(entry__isnull=True, source__isnull=False).iterator():
        release_files(actor=run.owner, about=item)
    release_files(actor=run.owner, about=run)


def _set_off(run: ImportRun) -> None:
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.RUNNING, finished_at=None)
    for lane in range(LANES):
        enqueue(IMPORT_FILES, {"run": run.pk, "lane": lane})


def _held(run: ImportRun, actor: Any) -> ImportRun:
    """The run, locked; only whoever began it acts on it."""
    stored = lock_row(ImportRun.objects.select_related("owner", "category"), run.pk)
    decision = decide(actor, "change", stored)
    if not decision:
        raise KnowledgeError(str(decision.rule))
    return stored


def _article_of(item: ImportItem) -> Article:
    article = Article.objects.filter(pk=item.article_id).first()
    if article is None or item.state == State.WITHIN:
        raise KnowledgeError(_("There is no draft of this file."))
    return article
