"""Bringing files into the knowledge base: begin, add, start, look, try again."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from knowledge.forms.imports import ImportForm
from knowledge.importing.losses import losses_in_words
from knowledge.models import ImportItem, ImportRun
from knowledge.services.articles import rule_of_article
from knowledge.services.file_imports import add_file, begin_import, remove_import, retry_items, start_import
from portal.access.decorators import employee_required
from portal.access.models import Audience
from portal.access.policies import get_permitted
from portal.access.rules import AudienceRule
from portal.attachments.views.uploads import in_json
from portal.foundation.asking import read_number
from portal.foundation.errors import PortalError
from portal.foundation.form_pages import ActPage, FormPage
from portal.runtime.progress import read_progress

State = ImportItem.State
FIRST = 10
RELATED = ("owner", "category", "audience")
LONGEST_PATH = 2_000


@method_decorator(employee_required, name="dispatch")
class ImportCreate(FormPage):
    """First where the articles stand and for whom; files are added on the next page."""

    form_class = ImportForm
    heading = gettext_lazy("Import files")
    submit = gettext_lazy("Next: add files")
    note = gettext_lazy("Each file becomes the draft of an article: Word documents, PDFs, texts, web pages, pictures, also a whole folder or a ZIP.")
    is_new_thing = True

    def initial(self) -> dict[str, Any]:
        return {"category": read_number(self.request.GET, "category"), "audience": rule_of_article()}

    def back_url(self) -> str:
        return self.subject.get_absolute_url() if self.subject is not None else reverse("knowledge:import_list")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Knowledge base"), reverse("knowledge:map")), (_("My imports"), reverse("knowledge:import_list"))]

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        audience = values["audience"]
        if isinstance(audience, AudienceRule):
            audience = Audience.objects.for_rule(audience)
        self.subject = begin_import(actor=request.user, category=values["category"], audience=audience)
        return _("Add the files now.")


def permitted(request: HttpRequest, pk: int, action: str = "change") -> ImportRun:
    return get_permitted(ImportRun, user=request.user, action=action, rows=ImportRun.objects.select_related(*RELATED), pk=pk)


@require_GET
@employee_required
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A run: files are added, it is under way, or it is done with what became of each file."""
    run = permitted(request, pk, "view")
    counts = dict(run.items.order_by().values_list("state").annotate(number=Count("pk")))
    total = sum(counts.values())
    context = {
        "run": run,
        "total": total,
        "counts": [(state, state.label, counts.get(state, 0)) for state in State],
        "waiting": counts.get(State.WAITING, 0),
        "may_retry": run.state != ImportRun.State.OPEN and run.has_files and run.items.filter(state=State.REFUSED, source__isnull=False).exists(),
        "refused": run.items.filter(state=State.REFUSED)[:FIRST],
        "lossy": [(item, losses_in_words(item.lost)) for item in run.items.exclude(lost={}).select_related("article")[:FIRST]],
        "added": run.items.order_by("-pk")[:FIRST],
        "done": total - counts.get(State.WAITING, 0),
        "reading": run.audience.rule,
    }
    return render(request, "knowledge/import_detail.html", context)


@never_cache
@require_GET
@employee_required
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar that the page asks for; when it is over, the page is loaded anew."""
    run = permitted(request, pk, "view")
    if run.state != ImportRun.State.RUNNING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    done, total = read_progress(f"files:{run.pk}") or (0, run.items.count())
    return render(request, "imports/_progress.html", {"done": done, "total": total})


@require_POST
@employee_required
@in_json
def import_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Files for a run: one by one with their paths from the page's script, or many from a plain form."""
    run = permitted(request, pk)
    paths = request.POST.getlist("path")
    said: list[str] = []
    refused: list[str] = []
    for place, file in enumerate(request.FILES.getlist("files")):
        path = paths[place][:LONGEST_PATH] if place < len(paths) else ""
        try:
            said.append(add_file(run, actor=request.user, name=file.name or "", path=path, content=file))
        except PortalError as error:
            refused.append(str(error))
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"said": [one for one in said if one], "refused": refused, "total": run.items.count()}, status=422 if refused and not said else 200)
    for sentence in refused[:FIRST]:
        messages.error(request, sentence)
    if not said and not refused:
        messages.info(request, _("Choose files first."))
    if said:
        messages.success(request, ngettext("%(number)s file was added.", "%(number)s files were added.", len(said)) % {"number": len(said)})
    return redirect(run)


class _RunAct(ActPage):
    subject: ImportRun

    def load(self, request: HttpRequest, **kwargs: Any) -> ImportRun:
        return permitted(request, kwargs["pk"])

    def back_url(self) -> str:
        return self.subject.get_absolute_url()


@method_decorator(employee_required, name="dispatch")
class ImportStart(_RunAct):
    def act(self, request: HttpRequest) -> str:
        start_import(self.subject, actor=request.user)
        return _("The import is under way. You can leave this page; the bell tells you when it is done.")


@method_decorator(employee_required, name="dispatch")
class ImportRetry(_RunAct):
    def act(self, request: HttpRequest) -> str:
        count = retry_items(self.subject, actor=request.user)
        return ngettext("%(number)s file is tried again.", "%(number)s files are tried again.", count) % {"number": count}


@method_decorator(employee_required, name="dispatch")
class ImportRemoval(_RunAct):
    def back_url(self) -> str:
        return reverse("knowledge:import_list")

    def act(self, request: HttpRequest) -> str:
        remove_import(self.subject, actor=request.user)
        return _("The import is removed.")
