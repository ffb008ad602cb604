"""Every main page, wide and narrow, light and dark, in both languages: accessible, fitting, without an error on the console (UX).

A module says in `tests/<module>/pages.py` who looks at which of its pages.
"""

from importlib import import_module

import pytest

from portal.config.modules import WITH_PAGES
from tests.browser.pages import furnish
from tests.browser.walking import LOOKS, wrong_pages


@pytest.mark.parametrize("language", LOOKS)
def test_main_pages_are_accessible_and_fit(cast, open_page, assert_accessible, language):
    paths = furnish(cast)
    wrong = wrong_pages(open_page, assert_accessible, None, ["/accounts/sign-in/", "/accounts/password/forgotten/"], language)
    wrong += wrong_pages(open_page, assert_accessible, cast.admin, paths, language)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("module", WITH_PAGES)
@pytest.mark.parametrize("language", LOOKS)
def test_pages_of_a_module_are_accessible_and_fit(cast, open_page, assert_accessible, module, language):
    person, paths = import_module(f"tests.{module}.pages").furnish(cast)
    assert not (wrong := wrong_pages(open_page, assert_accessible, person, paths, language)), "\n".join(wrong)
