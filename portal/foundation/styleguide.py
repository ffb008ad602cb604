"""What the style guide shows: one of everything, in every state."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.foundation.charts import Series, bar_chart, gauge_chart, line_chart, spark_line
from portal.foundation.moments import DayField
from portal.foundation.rich_text import clean_html, difference
from portal.foundation.rich_text.forms import RichTextField

ICONS = ("house", "bell", "users", "search", "plus", "check", "x", "pencil", "trash-2", "download", "upload", "calendar", "network", "history")
AGES = (timedelta(minutes=5), timedelta(days=1), timedelta(days=3), timedelta(days=30), timedelta(days=500), timedelta(days=-1))


@dataclass(frozen=True, slots=True)
class Look:
    """The look that the address asks for, else the reader's own."""

    language: str
    theme: str
    density: str

    @classmethod
    def asked(cls, request: HttpRequest) -> Self:
        own = getattr(request, "preferences", None)

        def choose(name: str, choices: tuple[str, ...]) -> str:
            value = request.GET.get(name, "")
            return value if value in choices else str(getattr(own, name, "") or choices[0])

        language = request.GET.get("language", "")
        return cls(
            language=language if language in ("zh-hans", "en") else get_language() or "zh-hans",
            theme=choose("theme", ("system", "light", "dark")),
            density=choose("density", ("comfortable", "compact")),
        )


def sample_text() -> str:
    """A text with one of everything, in the reader's language."""
    cells = [(_("Store"), _("Temperature °C"), _("Checked")), (_("Leaf"), "20–25", _("twice a shift")), (_("Flavours"), "15–20", _("once a shift"))]
    head, *rows = [
        f"<tr><{name}>{a}</{name}><{name} class=right>{b}</{name}><{name}>{c}</{name}></tr>" for name, (a, b, c) in zip(("th", "td", "td"), cells, strict=True)
    ]
    parts = [
        ("<p>{}</p>", _("To all workshops and sections:")),
        ("<h2>{}</h2>", _("1. What is checked")),
        ("<table>{}</table>", head + "".join(rows)),
        ("<h3>{}</h3>", _("Who answers")),
        ("<ol><li>{}</li>", _("The store keeper writes it down each shift.")),
        ("<li>{}</li></ol>", _("Quality control samples every week.")),
        ("<blockquote>{}</blockquote>", _("Confirm that you have read this by Friday.")),
        ("<p class=right>{}<br>2026-11-23</p>", _("Plant office")),
    ]
    return clean_html("".join(markup.format(words) for markup, words in parts))


class SampleForm(forms.Form):
    """Every kind of field."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=40, help_text=gettext_lazy("As in the roster."))
    phone = forms.CharField(label=gettext_lazy("Phone"), required=False)
    email = forms.EmailField(label=gettext_lazy("Email"), required=False)
    count = forms.IntegerField(label=gettext_lazy("How many"), min_value=1)
    starts_on = DayField(label=gettext_lazy("From"), required=False)
    shift = forms.ChoiceField(label=gettext_lazy("Shift"), choices=[("", "—"), ("day", gettext_lazy("day shift")), ("night", gettext_lazy("night shift"))])
    level = forms.ChoiceField(
        label=gettext_lazy("Level"),
        widget=forms.RadioSelect,
        choices=[("0", gettext_lazy("open")), ("1", gettext_lazy("internal")), ("2", gettext_lazy("secret"))],
    )
    days = forms.MultipleChoiceField(
        label=gettext_lazy("Days"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("1", gettext_lazy("Mon")), ("2", gettext_lazy("Tue")), ("3", gettext_lazy("Wed"))],
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(label=gettext_lazy("File"), required=False, help_text=gettext_lazy("XLSX or CSV, up to 8 MB."))
    is_urgent = forms.BooleanField(label=gettext_lazy("It is urgent"), required=False, help_text=gettext_lazy("People are told at once."))


class TextForm(forms.Form):
    """The editor of a text."""

    text = RichTextField(label=gettext_lazy("Text"), required=False, initial=sample_text)


def styleguide_context(request: HttpRequest) -> dict[str, Any]:
    """The context of `foundation/styleguide.html`."""
    now = timezone.now()
    wrong = SampleForm({"name": "", "email": "li.min", "count": "0", "level": "9", "note": _("What was typed stays here.")}, auto_id="wrong_%s")
    headings = [
        {"label": _("Name"), "direction": "ascending", "query": "sort=-name"},
        {"label": _("Department"), "query": "sort=department"},
        {"label": _("Amount"), "is_number": True, "query": "sort=amount"},
        {"label": _("State")},
    ]
    months = [f"{month}" for month in range(1, 13)]
    sold = [412, 398, 455, 431, 470, 488, 462, None, 501, 523, 516, 540]
    planned = [400, 410, 420, 430, 440, 450, 460, 470, 480, 490, 500, 510]
    return {
        "form": SampleForm(auto_id="sample_%s"),
        "wrong_form": wrong,
        "text_form": TextForm(auto_id="text_%s"),
        "written": sample_text(),
        "corrected": difference(sample_text(), sample_text().replace("20–25", "20–24").replace("2026-11-23", "2026-11-24")),
        "page": Paginator(range(10_000), 50).get_page(3),
        "headings": headings,
        "instants": [now - age for age in AGES],
        "amounts": [0, 1284, 18_420_300],
        "names": ["李敏", "王建国", "欧阳晓燕", "Zhang Wei", "赵磊", "孙丽", "陈晓", "Li Min"],
        "icons": ICONS,
        "line": line_chart(_("Sales by month"), months, [Series(_("sold"), sold), Series(_("planned"), planned)]),
        "bars": bar_chart(
            _("Output by workshop"), ["1", "2", "3", "4"], [Series(_("day shift"), [120, 98, 143, 77]), Series(_("night shift"), [101, 87, 139, 60])]
        ),
        "gauge": gauge_chart(_("Confirmed"), [_("Quality"), _("Workshop 1"), _("Raw materials")], [34, 268, 28], [34, 280, 46]),
        "spark": spark_line(_("Sales this month"), months, sold, planned),
    }
