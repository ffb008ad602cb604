"""What the workers do with the files of a run: a few at a time, each file for itself, then the end of the queue again."""

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from knowledge.errors import KnowledgeError
from knowledge.importing.conversion import Read, Source, read_together, title_of, written
from knowledge.importing.named_pictures import PICTURES, digest_with, names_pictures, paths_named
from knowledge.models import Article, ImportItem, ImportRun
from knowledge.notifications import IMPORTED
from knowledge.services.articles import create_article, own_department
from knowledge.services.file_imports import IMPORT_FILES, State
from portal.access.policies import can
from portal.attachments.archives import REASONS, contents_of
from portal.attachments.storage import content_storage, incoming_folder
from portal.audit.services import record
from portal.foundation.errors import PortalError
from portal.notifications.services import notify
from portal.outbox.models import Effect
from portal.outbox.services import enqueue
from portal.outbox.troubles import FEW_TRIES, is_everybodys, reason_of
from portal.pages.drafts import refuse_held
from portal.pages.services import save_draft
from portal.runtime.progress import tell_progress

SLICE = 12
SLICE_BYTES = 64 * 2**20
PICTURE_PATH = rf"\.({'|'.join(sorted(PICTURES))})$"

logger = logging.getLogger(__name__)


def work_on(run_id: int, lane: int) -> None:
    """One slice, and the next one enqueued behind what others wait for. The last lane to end says so."""
    run = ImportRun.objects.select_related("owner", "category", "audience").filter(pk=run_id, state=ImportRun.State.RUNNING).first()
    if run is None:
        return
    tries = _tries(run_id, lane)
    items = _next_items(run, most=1 if tries > 1 else SLICE)
    if items and tries > FEW_TRIES:
        with translation.override(run.language or None):
            _end(items[0], State.REFUSED, reason=_("Nothing could be made of it in several tries; it may be damaged."))
    elif items:
        with translation.override(run.language or None):
            _import(run, items)
        _tell(run)
    _go_on_or_end(run, lane, has_more=bool(items))


def _tries(run_id: int, lane: int) -> int:
    """How often a worker has ended over this slice, or failed as a whole: then files are taken singly, and one that goes on doing so is put aside."""
    return Effect.objects.filter(kind=IMPORT_FILES, payload={"run": run_id, "lane": lane}).aggregate(most=Max("attempts"))["most"] or 0


def _next_items(run: ImportRun, *, most: int) -> list[ImportItem]:
    """Pictures come last, when no text that may name them waits any more."""
    unread = run.items.filter(state=State.WAITING)
    texts = unread.exclude(path__iregex=PICTURE_PATH)
    rows = texts if texts.exists() else unread
    waiting = rows.order_by("pk").select_for_update(skip_locked=True, of=("self",)).select_related("source__file")
    items: list[ImportItem] = []
    size = 0
    for item in waiting[:most]:
        size += item.size
        if items and size > SLICE_BYTES:
            break
        items.append(item)
    return items


def _import(run: ImportRun, items: Sequence[ImportItem]) -> None:
    """Everything is read before anything is written: places in the tree are given one at a time, and the lanes wait for each other there."""
    with TemporaryDirectory(dir=incoming_folder()) as folder:
        sources = list(_unpacked(items, Path(folder)))
        named = _give_pictures(run, sources)
        known = {item.pk: _known(run, item) for item, _source in sources}
        fresh = [(item, source) for item, source in sources if (found := known[item.pk]) is None or found[1] != item.sha256]
        for item, _source in sources:
            if (found := known[item.pk]) is not None and found[1] == item.sha256:
                _end(item, State.UNCHANGED, article=found[0])
                _end_pictures(run, item, named)
        answers = read_together([source for _item, source in fresh])
        for (item, source), answer in zip(fresh, answers, strict=True):
            found = known[item.pk]
            _keep(run, item, source, answer, found[0] if found is not None else None)
            _end_pictures(run, item, named)


def _give_pictures(run: ImportRun, sources: Sequence[tuple[ImportItem, Source]]) -> dict[int, list[int]]:
    """Each text gets the pictures that it names and that came with it; return their items, by that of the text. Its digest is of both."""
    wanted = {item.pk: paths_named(source.place.read_bytes(), source.path) for item, source in sources if names_pictures(source.path)}
    paths = {path for named in wanted.values() for path in named}
    rows = run.items.filter(path__in=paths).exclude(state=State.REFUSED).select_related("source__file") if paths else []
    pictures = {row.path: row for row in rows}
    contents = _contents(list(pictures.values()))
    for item, source in sources:
        source.pictures = {path: contents[path] for path in wanted.get(item.pk, ()) if path in contents}
        if source.pictures:
            item.sha256 = digest_with(source.place.read_bytes(), source.pictures.items())
    return {pk: [pictures[path].pk for path in named if path in contents] for pk, named in wanted.items()}


def _contents(items: Sequence[ImportItem]) -> dict[str, bytes]:
    """Of pictures, by their paths; without what cannot be had, and no more than a slice may hold."""
    with TemporaryDirectory(dir=incoming_folder()) as folder:
        found: dict[str, bytes] = {}
        size = 0
        taken = []
        for item in items:
            size += item.size
            if size <= SLICE_BYTES and item.source is not None and item.source.file.is_open:
                taken.append(item)
        for item, source in _unpacked(taken, Path(folder)):
            found[item.path] = source.place.read_bytes()
    return found


def _end_pictures(run: ImportRun, item: ImportItem, named: Mapping[int, Sequence[int]]) -> None:
    """Pictures within an article are no articles of their own."""
    if item.article is not None and named.get(item.pk):
        rows = run.items.filter(pk__in=named[item.pk], state=State.WAITING)
        rows.update(state=State.WITHIN, article=item.article, done_at=timezone.now())


def _unpacked(items: Sequence[ImportItem], folder: Path) -> Iterator[tuple[ImportItem, Source]]:
    """Each file that can be had, on the disk, with its digest noted."""
    packed: dict[UUID | None, list[ImportItem]] = {}
    for item in items:
        if item.source is None:
            _end(item, State.REFUSED, reason=_("The file is not there any more. Send it anew."))
        elif not item.source.file.is_open:
            _end(item, State.REFUSED, reason=_("It was not checked for viruses yet, or is infected. Try again later."))
        elif item.entry is not None:
            packed.setdefault(item.source_id, []).append(item)
        else:
            with content_storage().open(item.source.file.storage_name) as content:
                yield _laid_out(item, content.read(), folder)
    for inside in packed.values():
        assert inside[0].source is not None
        with content_storage().open(inside[0].source.file.storage_name) as content:
            contents = contents_of(content, [item.entry for item in inside if item.entry is not None])
        for item, found in zip(inside, contents, strict=True):
            if isinstance(found, str):
                _end(item, State.REFUSED, reason=str(REASONS[found]))
            elif not found:
                _end(item, State.REFUSED, reason=_("It is empty."))
            else:
                yield _laid_out(item, found, folder)


def _laid_out(item: ImportItem, content: bytes, folder: Path) -> tuple[ImportItem, Source]:
    item.sha256 = hashlib.sha256(content).hexdigest()
    place = folder / str(item.pk)
    place.write_bytes(content)
    return item, Source(item.path, place)


def _known(run: ImportRun, item: ImportItem) -> tuple[Article, str] | None:
    """The article that a file of this path became in this category, as far as whoever imports may write it, and the digest of what was read then."""
    earlier = (
        ImportItem.objects.filter(path=item.path, article__isnull=False, article__category=run.category_id).exclude(pk=item.pk).exclude(state=State.WITHIN)
    )
    for row in earlier.order_by("-pk").select_related("article")[:5]:
        if row.article is not None and can(run.owner, "change", row.article):
            return row.article, row.sha256
    return None


def _keep(run: ImportRun, item: ImportItem, source: Source, answer: Read | Exception, article: Article | None) -> None:
    """Write what was read, in a transaction of its own; whatever fails is this file's."""
    try:
        if isinstance(answer, Exception):
            raise answer
        with transaction.atomic():
            _write(run, item, source, answer, article)
    except PortalError as refusal:
        _end(item, State.REFUSED, reason=str(refusal))
    except Exception as error:
        if is_everybodys(error):
            raise
        logger.exception("the file %s of import %s cannot be imported", item.pk, run.pk)
        _end(item, State.REFUSED, reason=_("It could not be imported (%(reason)s).") % {"reason": reason_of(error, longest=100)})


def _write(run: ImportRun, item: ImportItem, source: Source, read: Read, article: Article | None) -> None:
    body, files = written(source, read, actor=run.owner)
    if not body and not files:
        raise KnowledgeError(_("“%(name)s” has no text.") % {"name": source.name})
    values: dict[str, Any] = {"body": body, "file_ids": files}
    if article is None:
        if run.category is None:
            raise KnowledgeError(_("The category was deleted meanwhile. Begin another import."))
        values |= {"title": title_of(source, read), "audience": run.audience, "department": own_department(run.owner)}
        made = create_article(run.category, actor=run.owner, values=values)
        _end(item, State.DRAFTED, article=made, lost=read.lost)
        return
    if article.workflow_in_progress:
        raise KnowledgeError(_("The article of this file waits for admission. Take it back, or wait; then try again."))
    refuse_held(article, actor=run.owner)
    latest = article.latest_revision
    if latest is not None and latest.created_at > _imported_at(article, item):
        read.lost["edited"] = 1
    if article.version_number:
        values["change_note"] = (_("From the file “%(name)s”, imported anew") % {"name": source.name})[:200]
    save_draft(article, actor=run.owner, values=values, seen=None)
    _end(item, State.RENEWED, article=article, lost=read.lost)


def _imported_at(article: Article, item: ImportItem) -> Any:
    earlier = ImportItem.objects.filter(article=article, done_at__isnull=False).exclude(pk=item.pk).order_by("-done_at").first()
    return earlier.done_at if earlier is not None else timezone.now()


def _end(item: ImportItem, state: str, *, article: Article | None = None, reason: str = "", lost: dict[str, int] | None = None) -> None:
    item.state, item.article, item.reason, item.lost, item.done_at = state, article, reason, lost or {}, timezone.now()
    item.save(update_fields=["state", "article", "reason", "lost", "sha256", "done_at"])


def _tell(run: ImportRun) -> None:
    total = run.items.count()
    tell_progress(f"files:{run.pk}", total - run.items.filter(state=State.WAITING).count(), total)


def _go_on_or_end(run: ImportRun, lane: int, *, has_more: bool) -> None:
    if has_more:
        enqueue(IMPORT_FILES, {"run": run.pk, "lane": lane})
        return
    held = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if held.state != ImportRun.State.RUNNING or held.items.filter(state=State.WAITING).exists():
        return
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.DONE, finished_at=timezone.now())
    counts = {state: run.items.filter(state=state).count() for state in (State.DRAFTED, State.RENEWED, State.UNCHANGED, State.REFUSED)}
    record(run.owner, "file_import.done", run, after={str(state): count for state, count in counts.items()})
    words = {"made": counts[State.DRAFTED] + counts[State.RENEWED], "refused": counts[State.REFUSED]}
    notify(IMPORTED, words=words, recipients=[run.owner_id], url=run.get_absolute_url(), needs=[f"user:{run.owner_id}"])
