"""Sorting by a listed key only (S38), and the query string."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from portal.foundation.tables import Column, Sort

COLUMNS = [Column("name", "Name", ("name_pinyin", "pk")), Column("since", "Since", ("-created_at", "pk")), Column("note", "Note")]


def sort_for(query: str) -> Sort:
    return Sort(RequestFactory().get(f"/?{query}"), COLUMNS, default="name")


@pytest.mark.parametrize(
    ("query", "fields"),
    [("", ["name_pinyin", "pk"]), ("sort=name", ["name_pinyin", "pk"]), ("sort=-name", ["-name_pinyin", "-pk"]), ("sort=-since", ["created_at", "-pk"])],
)
def test_listed_keys_sort_both_ways(query, fields):
    assert sort_for(query).fields == fields


@pytest.mark.parametrize("query", ["sort=password", "sort=-password", "sort=note", "sort=name__password", "sort=?", "sort=--name", "sort=%00"])
def test_what_is_not_listed_is_the_default(query):
    assert sort_for(query).fields == ["name_pinyin", "pk"]


def test_headings_say_their_direction_and_offer_the_other():
    name, since, note = sort_for("sort=name").headings
    assert (name.direction, name.next_sort) == ("ascending", "-name")
    assert (since.direction, since.next_sort) == ("", "since")
    assert note.next_sort == ""


def test_query_keeps_the_rest_and_escapes_it():
    request = RequestFactory().get("/", {"q": '"><b>', "page": "3", "sort": "name"})
    text = Template("{% query sort='-name' page=None %}").render(Context({"request": request}))
    assert text == "?q=%22%3E%3Cb%3E&amp;sort=-name"


def test_query_without_anything_left_is_still_an_address():
    request = RequestFactory().get("/", {"page": "3"})
    assert Template("{% query page=None %}").render(Context({"request": request})) == "?"
