"""The abstract page that every module's pages are made from."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, PagePermissionTester, Revision

from portal.access.models import Audience
from portal.pages.registry import rules_of
from portal.search.services import touch


class _Publication(PublishPageRevisionAction):
    """Publishing a revision, with what follows from it told in the same transaction."""

    def _after_publish(self) -> None:
        super()._after_publish()
        rules = rules_of(type(self.object))
        (rules.published if self.object.live else rules.scheduled)(self.object, self.revision, self.user)
        touch(type(self.object), [self.object.pk])

    def log_scheduling_action(self) -> None:
        super().log_scheduling_action()
        if self.object.live_revision_id:
            rules_of(type(self.object)).scheduled(self.object, self.revision, self.user)


class _PermissionTester(PagePermissionTester):
    """What the editor offers: writing. All else is done on the portal's own pages, by services that put it on record."""

    def _refuse(self, *args: Any, **kwargs: Any) -> bool:
        return False

    can_delete = can_move = can_move_to = can_copy = can_copy_to = can_unpublish = can_set_view_restrictions = can_reorder_children = _refuse
    can_unschedule = can_submit_for_moderation = _refuse


class EditedPage(Page):
    """A page as the editor may show it."""

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return _PermissionTester(user, self)


class AudiencedPage(EditedPage):
    """A page with an audience. `audience` may be missing in a draft only.

    `kept_fields` are facts about the page as a whole, which no revision brings back: numbers that were issued, what was retracted.
    """

    audience = models.ForeignKey(Audience, verbose_name=_("who may see it"), null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    kept_fields: ClassVar[tuple[str, ...]] = ()
    # Wagtail's index of what refers to what serves choosers that we do not have, and costs every save.
    wagtail_reference_index_ignore = True
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

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        with transaction.atomic():
            revision = super().save_revision(*args, **kwargs)
            rules_of(type(self)).saved(self, revision, kwargs.get("user") or (args[0] if args else None))
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
            rules_of(type(page)).check(page, revision, user)
            _Publication(revision, user=user, changed=changed, log_action=log_action, previous_revision=previous_revision).execute(
                skip_permission_checks=skip_permission_checks
            )

    def unpublish(self, set_expired: bool = False, commit: bool = True, user: Any = None, log_action: Any = True) -> None:
        """Whether this person may is for the service that calls it; the editor does not offer it."""
        with transaction.atomic():
            UnpublishPageAction(self, set_expired=set_expired, commit=commit, user=user, log_action=log_action).execute(skip_permission_checks=True)
            rules_of(type(self)).unpublished(self, user)
            touch(type(self), [self.pk])


def lock_page(page: Page) -> None:
    """Hold a page until the end of the transaction, so that two acts on it happen one after the other."""
    Page.objects.select_for_update().only("pk").get(pk=page.pk)


def changed_names(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The fields in which two contents of revisions differ."""
    return sorted(name for name in after if before.get(name) != after[name])
