"""Translations are compiled without gettext, and only when they have changed."""

import gettext
import os
from pathlib import Path

from portal.runtime.messages import compile_messages

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"

msgid "Save"
msgstr "保存"

#, fuzzy
msgid "Perhaps"
msgstr "也许"

msgid "%(count)s person"
msgid_plural "%(count)s people"
msgstr[0] "%(count)s 人"
"""


def test_catalogue_is_compiled_and_read_back(tmp_path: Path) -> None:
    source = _write(tmp_path)
    assert compile_messages(tmp_path) == [source.with_suffix(".mo")]
    with source.with_suffix(".mo").open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert read.gettext("Save") == "保存"
    assert read.ngettext("%(count)s person", "%(count)s people", 5) == "%(count)s 人"
    assert read.gettext("Perhaps") == "Perhaps"


def test_only_what_has_changed_is_compiled_again(tmp_path: Path) -> None:
    source = _write(tmp_path)
    compile_messages(tmp_path)
    assert compile_messages(tmp_path) == []
    later = source.with_suffix(".mo").stat().st_mtime + 5
    os.utime(source, (later, later))
    assert compile_messages(tmp_path) == [source.with_suffix(".mo")]


def _write(locale: Path) -> Path:
    source = locale / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE, encoding="utf-8")
    return source
