"""Fields, faces, icons and numbers in templates."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils.html import format_html

from portal.foundation.avatars import initials
from portal.foundation.icons import UnknownIconError, icon_svg
from portal.foundation.styleguide import SampleForm


def render(source: str, **context) -> str:
    return Template(source).render(Context(context))


class OwnWidget(forms.Widget):
    """A widget with its own drawing, as the audience picker is."""

    def render(self, name, value, attrs=None, renderer=None):
        return format_html('<input name="{}" id="{}">', name, attrs["id"])


class OwnForm(forms.Form):
    audience = forms.CharField(label="Audience", widget=OwnWidget, required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, initial="kept")


def test_every_kind_of_field_is_drawn_with_its_label():
    text = render("{% render_form form %}", form=SampleForm(auto_id="id_%s"))
    for name in ("name", "phone", "email", "count", "starts_on", "shift", "note", "file", "is_urgent"):
        assert f'for="id_{name}"' in text
        assert f'id="id_{name}"' in text
    assert text.count("<legend") == 2
    assert 'type="date"' in text
    assert 'role="alert"' not in text


def test_errors_stand_at_their_field_and_are_counted_at_the_top():
    form = SampleForm({"name": "", "email": "no", "count": "0", "shift": "day", "level": "1", "note": "kept <b>"}, auto_id="id_%s")
    text = render("{% render_form form %}", form=form)
    assert 'role="alert"' in text
    assert "3" in text[: text.index("<ul>")]
    for name in ("name", "email", "count"):
        assert f'<a href="#id_{name}">' in text
        assert f'id="id_{name}_error"' in text
        assert f"id_{name}_error" in text[text.index(f'id="id_{name}"') - 400 : text.index(f'id="id_{name}"') + 100], "the control names its error"
    assert "kept &lt;b&gt;" in text, "what was typed stays"


def test_errors_of_the_whole_form_are_said_too():
    form = SampleForm({"name": "x", "count": "1", "shift": "day", "level": "1"})
    form.is_valid()
    form.add_error(None, "Both together <cannot> be.")
    assert "Both together &lt;cannot&gt; be." in render("{% form_summary form %}", form=form)


def test_any_widget_and_hidden_fields_are_drawn():
    text = render("{% render_form form %}", form=OwnForm())
    assert '<input name="audience" id="id_audience">' in text
    assert 'type="hidden" name="hidden" value="kept"' in text
    assert text.count("<label") == 1


def test_summary_of_a_group_of_choices_leads_to_it():
    form = SampleForm({"level": "9"}, auto_id="id_%s")
    text = render("{% render_form form %}", form=form)
    assert '<a href="#id_level">' in text
    assert 'id="id_level"' in text


@pytest.mark.parametrize(("name", "expected"), [("李敏", "李"), ("欧阳晓燕", "欧"), ("Zhang Wei", "ZW"), ("li", "L"), ("", "?"), ("  ", "?"), ("<b>", "<")])
def test_faces_without_a_photo_show_initials(name, expected):
    assert initials(name) == expected


def test_faces_are_escaped_and_keep_their_colour():
    text = render("{% avatar name %}{% avatar name url %}", name='<b>"', url='/x"onerror="')
    assert "<b>" not in text
    assert '"onerror' not in text
    assert render("{% avatar '王伟' %}") == render("{% avatar '王伟' %}")


def test_icons_are_drawn_in_place_and_unknown_ones_refused():
    assert icon_svg("bell").startswith('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path')
    with pytest.raises(UnknownIconError):
        icon_svg("no-such-icon")


@pytest.mark.parametrize(("value", "expected"), [(0, "0"), (1284, "1,284"), (Decimal("18420300.50"), "18,420,300.50"), (-1000, "-1,000"), (None, "")])
def test_thousands_are_separated(value, expected):
    assert render("{{ value|number }}", value=value) == expected


def test_nothing_has_no_time():
    assert render("{{ none|when }}{{ none|day }}", none=None) == ""


def test_the_day_of_an_instant_is_the_day_at_the_plant() -> None:
    instant = datetime(2026, 11, 23, 20, 13, tzinfo=UTC)
    assert 'datetime="2026-11-24"' in render("{{ at|day }}", at=instant)
