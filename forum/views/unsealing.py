"""What everyone is told of anonymous posts; and for the officers of the two sides: their keys, and how a seal is opened."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_safe

from forum.errors import DecidedError
from forum.forms import PassphraseForm, ShareForm, UnsealingForm
from forum.masks import seal_keys
from forum.models import Board, Ceremony, KeyShare, Post, RoleKey
from forum.policies import officer_role
from forum.sealing.envelopes import Opened
from forum.sealing.models import Role
from forum.services.unsealing import (
    answer_unsealing,
    ask_to_unseal,
    is_expired,
    make_role_key,
    open_seal,
    pass_half,
    require_role,
    see_result,
    take_share,
    unsealed_in,
)
from forum.views.writing import POSTS
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted, visible_to
from portal.accounts.models import User
from portal.foundation.errors import PortalError
from portal.foundation.form_pages import FormPage

ROWS = Ceremony.objects.select_related("post__thread__board", "asked_by", "answered_by")
State = Ceremony.State


@require_safe
@employee_required
def anonymity(request: Any) -> HttpResponse:
    """How anonymous posts work, who could find out, and how many were unsealed this year and last."""
    year = timezone.localdate().year
    context = {
        "boards": visible_to(Board, request.user, Board.objects.filter(allows_anonymous=True, archived_at__isnull=True)).order_by("order", "id"),
        "counts": [(one, unsealed_in(one)) for one in (year, year - 1)],
        "is_ready": seal_keys() is not None,
        "role": officer_role(request.user),
    }
    return render(request, "forum/anonymity.html", context)


@method_decorator(employee_required, name="dispatch")
class SealKey(FormPage):
    """The key of the officer's side: made by the first, shared by others with the printed code."""

    form_class = ShareForm
    template_name = "forum/seal_key.html"
    heading = gettext_lazy("Key of my side")
    submit = gettext_lazy("Keep under this passphrase")

    def load(self, request: HttpRequest, **kwargs: Any) -> str:
        return require_role(request.user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Forum"), reverse("forum:front")), (_("Sealed authors"), self.back_url())]

    def back_url(self) -> str:
        return reverse("forum:ceremony_list")

    def more_context(self) -> dict[str, Any]:
        key = RoleKey.objects.filter(role=self.subject, retired_at__isnull=True).first()
        shares = KeyShare.objects.filter(key=key).select_related("officer").order_by("id") if key is not None else []
        return {"role_key": key, "shares": shares, "role_label": Role(self.subject).label}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = ShareForm(request.POST)
        if form.is_valid():
            code, passphrase = form.cleaned_data["code"], form.cleaned_data["passphrase"]
            try:
                if code:
                    take_share(actor=request.user, code=code, passphrase=passphrase)
                    return redirect(self.back_url())
                printed = make_role_key(actor=request.user, passphrase=passphrase)
            except PortalError as error:
                form.add_error("code" if code else "passphrase", str(error))
            else:
                return self._once(request, printed)
        return self.page(request, form, status=422)

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        raise NotImplementedError

    def _once(self, request: HttpRequest, printed: str) -> HttpResponse:
        answer = render(request, "forum/seal_code.html", {"code": printed, "crumbs": self.crumbs(), "back_url": self.back_url()})
        answer["Cache-Control"] = "no-store"
        return answer


@method_decorator(employee_required, name="dispatch")
class UnsealingCreate(FormPage):
    form_class = UnsealingForm
    template_name = "forum/reason_form.html"
    heading = gettext_lazy("Ask for the author")
    submit = gettext_lazy("Ask the other side")
    note = gettext_lazy("An officer of the other side has three days to agree. Both words go on record; how many were unsealed is told to everyone.")
    is_dangerous = True
    made: Ceremony | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> Post:
        found = get_permitted(Post, user=request.user, rows=POSTS, pk=kwargs["pk"])
        require_role(request.user)
        return found

    def more_context(self) -> dict[str, Any]:
        return {"post": self.subject}

    def back_url(self) -> str:
        return reverse("forum:ceremony", args=[self.made.pk]) if self.made is not None else self.subject.get_absolute_url()

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = ask_to_unseal(actor=request.user, post=self.subject, **values)
        return _("The other side has been asked.")


@method_decorator(employee_required, name="dispatch")
class CeremonyPage(View):
    """One unsealing, with what this officer can do next. A decision that came second is answered with 409."""

    def get(self, request: Any, pk: int) -> HttpResponse:
        return self._page(request, self._ceremony(request, pk), PassphraseForm())

    def post(self, request: Any, pk: int) -> HttpResponse:
        ceremony, form = self._ceremony(request, pk), PassphraseForm(request.POST)
        act = request.POST.get("act", "")
        try:
            if act in {"agree", "refuse"}:
                answer_unsealing(actor=request.user, ceremony=ceremony, is_agreed=act == "agree")
                return redirect("forum:ceremony", pk)
            if not form.is_valid():
                return self._page(request, ceremony, form, status=422)
            opened = self._open(request.user, ceremony, act, form.cleaned_data["passphrase"])
        except PortalError as error:
            form = PassphraseForm(request.POST)
            form.is_valid()
            form.add_error(None, str(error))
            return self._page(request, self._ceremony(request, pk), form, status=409 if isinstance(error, DecidedError) else 422)
        if opened is None:
            return redirect("forum:ceremony", pk)
        return self._once(request, ceremony, opened)

    def _open(self, actor: Any, ceremony: Ceremony, act: str, passphrase: str) -> Opened | None:
        if act == "pass":
            pass_half(actor=actor, ceremony=ceremony, passphrase=passphrase)
            return None
        if act == "open":
            return open_seal(actor=actor, ceremony=ceremony, passphrase=passphrase)
        return see_result(actor=actor, ceremony=ceremony, passphrase=passphrase)

    def _ceremony(self, request: Any, pk: int) -> Ceremony:
        return get_permitted(Ceremony, user=request.user, rows=ROWS, pk=pk)

    def _page(self, request: Any, ceremony: Ceremony, form: PassphraseForm, status: int = 200) -> HttpResponse:
        context = {"ceremony": ceremony, "post": ceremony.post, "form": form, "step": step_of(request.user, ceremony), "is_late": is_expired(ceremony)}
        return render(request, "forum/ceremony.html", context, status=status)

    def _once(self, request: Any, ceremony: Ceremony, opened: Opened) -> HttpResponse:
        """The author, shown once and kept by no cache."""
        person = User.objects.filter(pk=opened.person_id).first()
        answer = render(request, "forum/unsealed.html", {"ceremony": ceremony, "post": ceremony.post, "person": person, "day": opened.day})
        answer["Cache-Control"] = "no-store"
        return answer


def step_of(user: Any, ceremony: Ceremony) -> str:
    """What this officer does next: answer, pass, open, see; empty where it is the other side's turn, or the end."""
    is_asking = officer_role(user) == ceremony.asker_role
    steps = {State.ASKED: ("", "answer"), State.AGREED: ("pass", ""), State.PASSED: ("", "open"), State.OPENED: ("see" if ceremony.for_asker else "", "")}
    asking, other = steps.get(State(ceremony.state), ("", ""))
    return asking if is_asking else other
