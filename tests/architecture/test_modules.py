"""Everything that lists the modules follows from one list, or is held against it here."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from portal.config.modules import MODULES, WITH_PAGES, module_apps
from portal.foundation.registries import REGISTRATIONS

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = ["portal", *MODULES]
CHANNELS = {"mail"}  # below the modules: `crm` may use it


def test_every_module_is_checked_by_every_tool() -> None:
    assert PROJECT["tool"]["importlinter"]["root_packages"] == PACKAGES
    assert PROJECT["tool"]["mypy"]["packages"] == PACKAGES
    [cycles] = _contracts("acyclic_siblings")
    assert cycles["ancestors"] == PACKAGES


def test_no_module_may_import_another() -> None:
    """`a | b` is one floor whose parts know nothing of each other; a module on a line of its own may be imported from above."""
    [contract] = [contract for contract in _contracts("layers") if "containers" not in contract]
    floors = [set(floor.split(" | ")) & set(MODULES) for floor in contract["layers"]]
    assert [floor for floor in floors if floor] == [floor for floor in (set(MODULES) - CHANNELS, CHANNELS & set(MODULES)) if floor]


def test_every_app_of_a_module_is_installed_and_has_its_addresses() -> None:
    assert {app.name for app in apps.get_app_configs() if app.name.split(".")[0] in MODULES} == set(module_apps())
    prefixes = {str(pattern.pattern) for pattern in get_resolver().url_patterns if isinstance(pattern, URLResolver)}
    assert {f"{module}/" for module in MODULES if (ROOT / module / "urls.py").exists()} <= prefixes


def test_every_file_that_registers_something_is_loaded() -> None:
    """Registrations are found by their name; a file of another name would be silently left out."""
    forgotten = [
        str(path.relative_to(ROOT))
        for path in _sources()
        if path.stem not in REGISTRATIONS and any(_registers(node) for node in ast.parse(path.read_text()).body) and path.name not in {"wagtail_hooks.py"}
    ]
    assert set(forgotten) <= LOADED_OTHERWISE, forgotten


# These register at home: the module that owns the registry, and a lookup that comes with its model.
LOADED_OTHERWISE = {"portal/runtime/health.py", "portal/search/sources.py", "portal/access/querysets.py"}


def test_every_registration_says_what_it_registers() -> None:
    """A name in the list that no app uses is dead."""
    names = {path.stem for path in _sources()}
    assert set(REGISTRATIONS) <= names


def test_each_module_keeps_its_tests_and_its_catalogue() -> None:
    for module in MODULES:
        assert (ROOT / "tests" / module).is_dir(), f"no tests/{module}"
        assert ROOT / "locale" / module in settings.LOCALE_PATHS


def test_a_style_sheet_of_a_module_touches_nothing_of_others() -> None:
    """Each selector names a class of the module's own, so that a rule for one module's search field never reaches another's."""
    sheets = {path: _selectors(path.read_text()) for path in sorted((ROOT / "static" / "css").rglob("*.css"))}
    owners: dict[str, set[str]] = defaultdict(set)
    for path, selectors in sheets.items():
        for selector in selectors:
            for name in re.findall(r"\.([a-z][\w-]*)", selector):
                owners[name].add(_owner(path))
    foreign = [
        f"{path.name}: {selector}"
        for path, selectors in sheets.items()
        if (owner := _owner(path)) in WITH_PAGES
        for selector in selectors
        if not any(owners[name] == {owner} for name in re.findall(r"\.([a-z][\w-]*)", selector))
    ]
    assert foreign == []


def _contracts(kind: str) -> list[dict[str, list[str]]]:
    return [contract for contract in PROJECT["tool"]["importlinter"]["contracts"] if contract["type"] == kind]


def _sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts)


def _registers(node: ast.stmt) -> bool:
    """Is this a call of, or something decorated with, a `register...`, at the top of a file?"""
    if isinstance(node, ast.For):
        return any(_registers(inner) for inner in node.body)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return _name(node.value.func).startswith("register")
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
    return any(_name(decorator.func if isinstance(decorator, ast.Call) else decorator) in {"register_lookup", "handler"} for decorator in decorators)


def test_no_two_addresses_of_a_module_have_one_name() -> None:
    """The later one would be led to from the other's pages."""
    resolvers = [one for one in get_resolver().url_patterns if isinstance(one, URLResolver) and one.namespace in WITH_PAGES]
    assert {one.namespace for one in resolvers} == set(WITH_PAGES)
    for resolver in resolvers:
        names = [name for name in _names_below(resolver) if name]
        assert sorted(names) == sorted(set(names)), resolver.namespace


def test_no_two_addresses_of_the_customers_site_have_one_name() -> None:
    names = [name for resolver in get_resolver("portal.config.extranet_urls").url_patterns for name in _names_of(resolver)]
    assert len(names) > 20
    assert sorted(names) == sorted(set(names))


def test_an_extranet_process_knows_no_table_of_the_intranet() -> None:
    """Nor anything of it that would be asked for once a page is drawn: every page of its own is loaded with its table."""
    program = (
        "import django, sys; django.setup(); from django.conf import settings; from django.urls import get_resolver; get_resolver().reverse_dict;"
        "from portal.config import asgi; print(settings.ROOT_URLCONF, len(asgi.topics), 'portal.config.urls' in sys.modules)"
    )
    surroundings = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.config.settings", "PORTAL_FACE": "extranet"}
    asked = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=surroundings, capture_output=True, text=True, check=True)
    assert asked.stdout.split() == ["portal.config.extranet_urls", "0", "False"]


def test_every_list_is_known_where_no_address_is_read() -> None:
    """A worker makes its exports, and loads the registrations of each app alone (`load_registrations`)."""
    homes = {path for part in PACKAGES for path in (ROOT / part).rglob("*.py") if "\n@register_list\n" in path.read_text(encoding="utf-8")}
    assert [path for path in homes if path.name != "lists.py" and not path.name.endswith("_lists.py")] == []
    assert [path for path in homes if not ((path.parent / "apps.py").exists() or (path.parent.parent / "apps.py").exists())] == []


def _names_of(one: URLResolver | URLPattern) -> Iterator[str | None]:
    if isinstance(one, URLResolver):
        yield from _names_below(one)
    else:
        yield one.name


def _names_below(resolver: URLResolver) -> Iterator[str | None]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _names_below(one)
        else:
            yield one.name


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _selectors(sheet: str) -> list[str]:
    """Every selector of a sheet by itself; those of a list that are no longer than a comma apart are told apart."""
    text = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    heads = (match[1].strip() for match in re.finditer(r"([^{};]+)\{", text))
    return [part.strip() for head in heads if head and head[0] != "@" and head not in {"from", "to"} for part in re.split(r",(?![^(]*\))", head)]


def _owner(path: Path) -> str:
    """The module whose sheet this is, or `portal`."""
    name = path.stem.split("-")[0]
    return name if path.parent.name == "modules" and name in WITH_PAGES else "portal"
