"""The abstract page that every module's pages are made from."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, PagePermissionTester, Revision, Workflow

from portal.access.models import Audience
from portal.access.words import describe_rule
from portal.foundation.rich_text import clean_html, picture_ids
from portal.foundation.signs import one_line
from portal.pages.drafts import lock_page
from portal.pages.lifecycle import note_end, note_publication, note_save, note_schedule, refuse_publication
from portal.pages.registry import workflow_of


class _Publication(PublishPageRevisionAction):
    """Publishing a revision, with what follows from it told in the same transaction."""

    def _after_publish(self) -> None:
        super()._after_publish()
        (note_publication if self.object.live else note_schedule)(self.object, self.revision, self.user)

    def log_scheduling_action(self) -> None:
        super().log_scheduling_action()
        if self.object.live_revision_id:
            note_schedule(self.object, self.revision, self.user)


class _PermissionTester(PagePermissionTester):
    """What the editor offers: writing. All else is done on the portal's own pages, by services that put it on record."""

    def _refuse(self, *args: Any, **kwargs: Any) -> bool:
        return False

    can_delete = can_move = can_move_to = can_copy = can_copy_to = can_unpublish = can_set_view_restrictions = can_reorder_children = _refuse
    can_unschedule = can_submit_for_moderation = _refuse

    def can_view_revisions(self) -> bool:
        return bool(self.can_edit())


class EditedPage(Page):
    """A page as the editor may show it."""

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return _PermissionTester(user, self)


class AudiencedPage(EditedPage):
    """A page with an audience. The row is the published state; what is being written is in revisions. `audience` may be missing in a draft only.

    A kind of page says its `noun` on record ("notice.published"), the `written_fields` of its authors, and the `kept_fields`: facts about
    the page as a whole, which no revision brings back.
    """

    audience = models.ForeignKey(Audience, verbose_name=_("who may see it"), null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    body = models.TextField(_("text"), blank=True)
    change_note = models.CharField(_("what was changed"), max_length=200, blank=True)

    is_shown = models.BooleanField(default=False, editable=False)
    shown_until = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    corrected_at = models.DateTimeField(_("corrected"), null=True, editable=False)
    retracted_at = models.DateTimeField(_("retracted"), null=True, editable=False)
    retracted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    retraction_reason = models.CharField(max_length=500, blank=True, editable=False)

    title: str
    noun: ClassVar[str]
    written_fields: ClassVar[tuple[str, ...]] = ("title", "body", "audience", "go_live_at", "expire_at", "change_note")
    kept_fields: ClassVar[tuple[str, ...]] = (
        "is_shown", "shown_until", "published_at", "published_by_id", "corrected_at", "retracted_at", "retracted_by_id", "retraction_reason",
    )  # fmt: skip
    # Wagtail's index of what refers to what serves choosers that we do not have, and costs every save.
    wagtail_reference_index_ignore = True
    # Frames are forbidden; the portal's own preview serves.
    preview_modes: ClassVar[list[tuple[str, str]]] = []
    is_creatable = False

    class Meta:
        abstract = True

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Addresses of pages are their numbers; the slug that Wagtail needs says nothing."""
        if not getattr(self, "slug", ""):
            self.slug = uuid4().hex[:12]
        super().full_clean(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> Any:
        page = super().with_content_json(content)
        for name in self.kept_fields:
            setattr(page, name, getattr(self, name))
        return page

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A save of the whole row leaves the kept fields as they are in the database; services write them by `update`."""
        if self.pk and not self._state.adding and kwargs.get("update_fields") is None and self.kept_fields:
            stored = type(self)._default_manager.filter(pk=self.pk).values(*self.kept_fields).get()
            for name, value in stored.items():
                setattr(self, name, value)
        super().save(*args, **kwargs)

    def write(self, values: Mapping[str, Any]) -> bool:
        """Take over what an author wrote; whether that changed anything. TypeError for a field that is not theirs."""
        unknown = set(values) - set(self.written_fields)
        if unknown:
            raise TypeError(f"not written by authors: {sorted(unknown)}")
        before = self.serializable_data()
        for name, value in values.items():
            setattr(self, name, value)
        self._clean_title()
        return bool(self.serializable_data() != before)

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """What is kept of a text is what was cleaned, whichever way it came."""
        self.body = clean_html(self.body)
        self._clean_title()
        with transaction.atomic():
            revision = super().save_revision(*args, **kwargs)
            note_save(self, kwargs.get("user") or (args[0] if args else None))
        return revision

    def publish(
        self,
        revision: Revision,
        user: Any = None,
        changed: bool = True,
        log_action: Any = True,
        previous_revision: Revision | None = None,
        skip_permission_checks: bool = False,
    ) -> None:
        """The one way in which a revision becomes public, from the portal's form, the editor, the workflow and the schedule alike."""
        with transaction.atomic():
            lock_page(self)
            page = revision.as_object()
            refuse_publication(page, revision, user)
            # The policy was asked, which says more than Wagtail knows.
            _Publication(revision, user=user, changed=changed, log_action=log_action, previous_revision=previous_revision).execute(skip_permission_checks=True)

    def unpublish(self, set_expired: bool = False, commit: bool = True, user: Any = None, log_action: Any = True) -> None:
        """Whether this person may is for the service that calls it; the editor does not offer it."""
        with transaction.atomic():
            UnpublishPageAction(self, set_expired=set_expired, commit=commit, user=user, log_action=log_action).execute(skip_permission_checks=True)
            note_end(self, user)

    def _clean_title(self) -> None:
        self.title = one_line(self.title)[:255] or gettext("Untitled")

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        return (0, "", self.get_absolute_url()) if self.pk else None

    @property
    def has_workflow(self) -> bool:
        """Whether a second person approves; no workflow of Wagtail's that hangs above in the tree counts."""
        return False

    def get_workflow(self) -> Workflow | None:
        return workflow_of(type(self)) if self.has_workflow else None

    def described(self) -> dict[str, Any]:
        """What is said of it on record when it is published or retracted."""
        return {}

    def earlier_files(self) -> list[UUID]:
        """The files of versions that were published before, which stay with it."""
        return []

    @property
    def named_files(self) -> list[UUID]:
        """The files that the text comes with."""
        return []

    @property
    def named_pictures(self) -> list[UUID]:
        """The pictures that stand in the text or beside it."""
        return picture_ids(self.body)

    @property
    def is_current(self) -> bool:
        """Published and neither expired nor retracted at this moment, whether or not a worker has noted the expiry."""
        return self.is_shown and (self.shown_until is None or self.shown_until > timezone.now())

    @property
    def audience_words(self) -> str:
        return describe_rule(self.audience.rule) if self.audience is not None else ""

    @property
    def preview_url(self) -> str:
        """Where the portal shows what was saved last, as readers will see it."""
        return self.get_absolute_url()

    @property
    def writing_url(self) -> str:
        """Where it is written."""
        return self.get_absolute_url()

    @property
    def decision_url(self) -> str:
        """Where what waits for an approval is decided."""
        return self.get_absolute_url()

    @property
    def approval_url(self) -> str:
        """Where its approval is asked for or given; empty where none is needed."""
        if not self.has_workflow:
            return ""
        return self.decision_url if self.workflow_in_progress else self.writing_url

    def writer_tokens(self) -> Iterable[str]:
        """Whoever holds one of these writes it today."""
        return ()

    @property
    def begins_at(self) -> datetime:
        """When readers would see it if it were published now."""
        return max(self.go_live_at or timezone.now(), timezone.now())
