"""The page with one form that most changes share."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.views import View

from portal.foundation.errors import PortalError

Words = str | Promise
Crumb = tuple[str, str]


class FormPage(ABC, View):
    """Loads what it is about by policy, asks a form, calls a service, says what was done, and goes back.

    A subclass says `load` (which raises 404 or 403; nothing where something is begun), `save`, `back_url` and the words.
    A service's refusal stands at the top of the form, and what was typed stays.
    """

    form_class: ClassVar[type[forms.Form]]
    heading: ClassVar[Words] = ""
    submit: ClassVar[Words] = ""
    note: ClassVar[Words] = ""
    is_dangerous: ClassVar[bool] = False
    subject: Any = None

    def load(self, request: HttpRequest, **kwargs: Any) -> Any:
        return None

    @abstractmethod
    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        """The service; returns the sentence that says what was done."""

    @abstractmethod
    def back_url(self) -> str:
        """Where one goes afterwards, and by cancelling."""

    def crumbs(self) -> list[Crumb]:
        return []

    def initial(self) -> dict[str, Any]:
        return {}

    def form_arguments(self) -> dict[str, Any]:
        return {}

    def get_heading(self) -> Words:
        return self.heading

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.subject = self.load(request, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(request, self.form_class(initial=self.initial(), **self.form_arguments()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, request.FILES, initial=self.initial(), **self.form_arguments())
        if form.is_valid():
            try:
                sentence = self.save(request, form.cleaned_data)
            except PortalError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, sentence)
                return redirect(self.back_url())
        return self.page(request, form, status=422)

    def page(self, request: HttpRequest, form: forms.Form, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "heading": self.get_heading(),
            "crumbs": self.crumbs(),
            "submit": self.submit,
            "note": self.note,
            "back_url": self.back_url(),
            "is_dangerous": self.is_dangerous,
        }
        return render(request, "directory/form.html", context, status=status)
