"""A Word document as the text of a policy: on the way to the page where it is written."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from knowledge.forms.policies import DocumentForm
from knowledge.importing.losses import losses_in_words
from knowledge.models import Policy, PolicyShelf
from knowledge.services.policies import shelf_of
from knowledge.services.policy_documents import BroughtIn, bring_in_document
from knowledge.services.shelves import writing_departments
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.foundation.asking import read_number
from portal.foundation.form_pages import FormPage
from portal.organization.models import Department


@method_decorator(employee_required, name="dispatch")
class PolicyDocument(FormPage):
    """Fill the draft of a version with a document."""

    form_class = DocumentForm
    heading = gettext_lazy("Import a Word document")
    submit = gettext_lazy("Import")
    note = gettext_lazy("It becomes the text of the draft; what the draft says now stays in its history. Nothing is published.")
    subject: Policy

    def load(self, request: HttpRequest, **kwargs: Any) -> Policy:
        return get_permitted(Policy, user=request.user, action="change", pk=kwargs["pk"])

    def back_url(self) -> str:
        return self.subject.preview_url

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Policies"), reverse("knowledge:policy_list")), (self.subject.draft_title, self.subject.writing_url)]

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        file = values["file"]
        brought = bring_in_document(self.subject, name=file.name, content=file, actor=request.user)
        self.subject = brought.policy
        return said(brought)


@method_decorator(employee_required, name="dispatch")
class NewPolicyDocument(PolicyDocument):
    """Begin a policy with a document."""

    is_new_thing = True
    note = gettext_lazy("It becomes the text of a new draft. Nothing is published.")
    subject: Any

    def load(self, request: HttpRequest, **kwargs: Any) -> Any:
        own = writing_departments(request.user)
        if not own:
            raise PermissionDenied(_("Policies are written by the head of the department in charge, and by those who hold the duty."))
        department = Department.objects.filter(pk=read_number(request.GET, "department") or own[0], pk__in=own).first()
        if department is None:
            raise Http404
        return shelf_of(department) if request.method == "POST" else PolicyShelf(department=department)

    def back_url(self) -> str:
        return self.subject.preview_url if isinstance(self.subject, Policy) else reverse("knowledge:policy_list")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Policies"), reverse("knowledge:policy_list"))]


def said(brought: BroughtIn) -> str:
    """What was recognised, and what was lost."""
    number = len(brought.labels)
    if number:
        sentence = ngettext("%(number)s article was recognised", "%(number)s articles were recognised", number) % {"number": number}
        sentence = _("%(articles)s (%(first)s to %(last)s), in %(chapters)s chapters.") % {
            "articles": sentence, "first": brought.labels[0], "last": brought.labels[-1], "chapters": brought.chapters,
        }  # fmt: skip
    else:
        sentence = _("No article was recognised: articles begin with 第一条, 第二条 and so on.")
    losses = losses_in_words(brought.lost)
    mind = _("Mind: %(losses)s.") % {"losses": _("; ").join(losses)}
    return f"{sentence} {mind}" if losses else sentence
