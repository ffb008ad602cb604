"""The pages that most changes share: one form, or one press of a button."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST

from portal.foundation.errors import PortalError
from portal.foundation.once import FIELD, do_once, key_in, new_key

Words = str | Promise
Crumb = tuple[str, str]


class ChangePage(ABC, View):
    """Loads what it is about by policy, calls a service, says what was done, and goes back.

    A subclass says `load` (which raises 404 or 403; nothing where something is begun), `back_url` and what it does.
    """

    subject: Any = None

    def load(self, request: HttpRequest, **kwargs: Any) -> Any:
        return None

    @abstractmethod
    def back_url(self) -> str:
        """Where one goes afterwards, and by cancelling."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.subject = self.load(request, **kwargs)
        return super().dispatch(request, *args, **kwargs)


class ActPage(ChangePage):
    """One press of a button: a POST that calls a service and says how it went, also where the service refuses."""

    @classmethod
    def as_view(cls, **initial: Any) -> Any:
        """Whoever only looks is told that there is nothing to see, before anything is asked of who they are."""
        return require_POST(super().as_view(**initial))

    @abstractmethod
    def act(self, request: HttpRequest) -> str:
        """The service; returns the sentence that says what was done."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            messages.success(request, self.act(request))
        except PortalError as error:
            messages.error(request, str(error))
        return redirect(self.back_url())


class FormPage(ChangePage):
    """One form. A service's refusal stands at the top of it, and what was typed stays.

    `is_new_thing` pages carry a key: sent again (a double press, the browser's Back) they lead to what was made, and
    with other words they ask before they make a second one.
    """

    form_class: ClassVar[type[forms.BaseForm]]
    template_name: ClassVar[str] = "components/form_page.html"
    heading: ClassVar[Words] = ""
    submit: ClassVar[Words] = ""
    note: ClassVar[Words] = ""
    is_dangerous: ClassVar[bool] = False
    is_new_thing: ClassVar[bool] = False

    @abstractmethod
    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        """The service; returns the sentence that says what was done."""

    def crumbs(self) -> list[Crumb]:
        return []

    def initial(self) -> dict[str, Any]:
        return {}

    def form_arguments(self) -> dict[str, Any]:
        return {}

    def get_heading(self) -> Words:
        return self.heading

    def more_context(self) -> dict[str, Any]:
        """What a template of one's own needs besides."""
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(request, self.form_class(initial=self.initial(), **self.form_arguments()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, request.FILES, initial=self.initial(), **self.form_arguments())
        if form.is_valid():
            try:
                sent = do_once(request, lambda: self._saved(request, form.cleaned_data)) if self.is_new_thing else None
                if sent is None:
                    self._saved(request, form.cleaned_data)
            except PortalError as error:
                form = self.refused(request, form, error)
            else:
                if sent is None or sent.is_new:
                    return redirect(self.back_url())
                if sent.is_same:
                    messages.info(request, _("This was already sent; here is what it made."))
                    return redirect(sent.answer)
                form.add_error(None, _again(sent.answer))
                return self.page(request, form, status=409, key=new_key())
        return self.page(request, form, status=422)

    def page(self, request: HttpRequest, form: forms.BaseForm, status: int = 200, key: str | None = None) -> HttpResponse:
        context = {
            "form": form,
            "heading": self.get_heading(),
            "crumbs": self.crumbs(),
            "submit": self.submit,
            "note": self.note,
            "back_url": self.back_url(),
            "is_dangerous": self.is_dangerous,
            "key_field": FIELD,
            "key": (key or key_in(request) or new_key()) if self.is_new_thing else "",
        }
        return render(request, self.template_name, context | self.more_context(), status=status)

    def refused(self, request: HttpRequest, form: forms.BaseForm, error: PortalError) -> forms.BaseForm:
        """The form with what the service said; a page that knows more says it at the fields."""
        form.add_error(None, str(error))
        return form

    def _saved(self, request: HttpRequest, values: dict[str, Any]) -> str:
        sentence = self.save(request, values)
        messages.success(request, sentence)
        return self.back_url()


def _again(answer: str) -> str:
    return format_html(
        '{} <a href="{}">{}</a>',
        _("This form was already sent with other words. Send it again to make a second one."),
        answer,
        _("Open what was made"),
    )
