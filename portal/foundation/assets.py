"""Static files: the style sheets and the scripts that every page needs are served as one file each.

`static/css/<layer>/*.css` become `css/portal.css`; htmx, `static/js/main.js` and the common behaviours become
`js/portal.js`, which loads the other behaviours when a page asks for them. No build step: the finder joins them.
A sheet of `OWN_SHEETS` is loaded by the pages of its module alone, as `css/<module>.css`, so that it weighs on no other.
The customers' site has a sheet of its own, `css/outside.css`, of what it shares with the portal and what is its own.
The editor of texts is a package's script, `js/tiptap.js`, and has, for pages without our frame, a sheet `css/rich-text.css`.
"""

import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import django_htmx
import django_prose_editor
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

LAYERS = ("reset", "tokens", "base", "layout", "components", "modules", "utilities")
COMMON_BEHAVIORS = (
    "menu",
    "toasts",
    "keys",
    "walk",
    "theme",
    "offline",
    "unsaved",
    "focus",
    "drop",
    "opens",
    "autosubmit",
    "reveal",
    "live",
    "bell",
    "seek",
    "draft",
)
HTMX = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
EDITOR = Path(django_prose_editor.__file__).parent / "static/django_prose_editor/editor.js"
STYLES = "css/portal.css"
SCRIPTS = "js/portal.js"
EDITOR_STYLES = "css/rich-text.css"
EDITOR_SCRIPT = "js/tiptap.js"
OUTSIDE_STYLES = "css/outside.css"
OUTSIDE_SHEETS = (
    "reset/reset.css",
    "tokens/tokens.css",
    "base/base.css",
    "components/button.css",
    "components/form.css",
    "components/tag.css",
    "components/prose.css",
    "modules/outside.css",
)
OWN_SHEETS = ("approvals", "crm", "drawing", "forum", "knowledge", "mail")
EDITOR_SHEETS = (
    "tokens/tokens.css",
    "components/prose.css",
    "components/rich-text.css",
    "components/choices.css",
    "modules/attachments.css",
    "modules/audience.css",
)
EXPORT = re.compile(r"^export default (?=function attach\b)", re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


class JoiningFinder(BaseFinder):
    """Finds the joined files; they are made anew when a source is younger."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.sources = Path(settings.BASE_DIR) / "static"
        self.storage = FileSystemStorage(location=settings.DATA_DIR / "assets")
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in MADE:
            return []
        found = str(self._made(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for path in MADE:
            self._made(path)
            yield path, self.storage

    def _made(self, path: str) -> Path:
        target = Path(self.storage.path(path))
        files_joined, join = MADE[path]
        files = files_joined(self.sources)
        sources = {Path(__file__), *files, *(file.parent for file in files)}
        if not target.exists() or target.stat().st_mtime < max(source.stat().st_mtime for source in sources):
            text = join(self.sources)
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_suffix(f".{os.getpid()}.draft")
            draft.write_text(text, encoding="utf-8")
            draft.replace(target)
        return target


class AssetStorage(CompressedManifestStaticFilesStorage):
    """Names with a hash, also inside scripts. Before anything was collected (tests, the first start) the plain names."""

    support_js_module_import_aggregation = True

    def url(self, name: str | None, force: bool = False) -> str:
        if not self.hashed_files and not force:
            return str(StaticFilesStorage.url(self, name))
        return str(super().url(name, force))

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """Wagtail's sheets name pictures of those of its parts that are not installed; such a name stays as it is."""
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            if name.startswith("wagtail"):
                return name
            raise


def style_files(sources: Path) -> list[Path]:
    """The style sheets, in the order of the layers."""
    return [file for layer in LAYERS for file in _sheets_of(sources, layer)]


def script_files(sources: Path) -> list[Path]:
    """The scripts that the joined file depends on."""
    return [HTMX, sources / "js" / "main.js", *sorted((sources / "js" / "behaviors").glob("*.js"))]


def join_styles(sources: Path) -> str:
    parts = [f"@layer {', '.join(LAYERS)};"]
    for layer in LAYERS:
        rules = "\n".join(COMMENT.sub("", file.read_text(encoding="utf-8")).strip() for file in _sheets_of(sources, layer))
        parts.append(f"@layer {layer} {{\n{rules}\n}}")
    return "\n".join(parts) + "\n"


def _sheets_of(sources: Path, layer: str) -> list[Path]:
    return [file for file in sorted((sources / "css" / layer).glob("*.css")) if layer != "modules" or file.stem not in (*OWN_SHEETS, "outside")]


def own_sheet(sources: Path, name: str) -> str:
    """A module's sheet for its own pages, in the layer of the modules."""
    return f"@layer modules {{\n{COMMENT.sub('', _own_files(sources, name)[0].read_text(encoding='utf-8')).strip()}\n}}\n"


def _own_files(sources: Path, name: str) -> list[Path]:
    return [sources / "css" / "modules" / f"{name}.css"]


def join_scripts(sources: Path) -> str:
    """htmx, the common behaviours as functions in one table, ways to load the others, and main.js."""
    parts = [HTMX.read_text(encoding="utf-8"), "window.htmx = htmx;", "const behaviors = {};", "const loaders = {};"]
    for file in sorted((sources / "js" / "behaviors").glob("*.js")):
        if file.stem in COMMON_BEHAVIORS:
            body, count = EXPORT.subn("", file.read_text(encoding="utf-8"))
            if count != 1 or re.search(r"^import\b", body, re.MULTILINE):
                raise ValueError(f"{file.name}: a common behaviour imports nothing and has one `export default function attach(element)`")
            parts.append(f'behaviors["{file.stem}"] = (() => {{\n{COMMENT.sub("", body, count=1)}\nreturn attach;\n}})();')
        else:
            parts.append(f'loaders["{file.stem}"] = () => import("./behaviors/{file.name}");')
    parts.append(sources.joinpath("js/main.js").read_text(encoding="utf-8"))
    return "\n".join(parts)


def join_editor_styles(sources: Path) -> str:
    """What the editor needs where our own sheet is not: the tokens and the controls, without layers; which of light and dark is Wagtail's question."""
    text = "\n".join(COMMENT.sub("", (sources / "css" / name).read_text(encoding="utf-8")) for name in EDITOR_SHEETS)
    return text.replace("  color-scheme: light dark;\n", "")


def join_outside_styles(sources: Path) -> str:
    """In layers as the portal's, so that the same rules win."""
    parts = [f"@layer {', '.join(LAYERS)};"]
    for name in OUTSIDE_SHEETS:
        parts.append(f"@layer {name.partition('/')[0]} {{\n{COMMENT.sub('', (sources / 'css' / name).read_text(encoding='utf-8')).strip()}\n}}")
    return "\n".join(parts) + "\n"


def join_editor_script(sources: Path) -> str:
    """The package's script, without the name of a map that is not served."""
    return EDITOR.read_text(encoding="utf-8").partition("\n//# sourceMappingURL")[0] + "\n"


MADE: dict[str, tuple[Callable[[Path], list[Path]], Callable[[Path], str]]] = {
    STYLES: (style_files, join_styles),
    SCRIPTS: (script_files, join_scripts),
    EDITOR_STYLES: (lambda sources: [sources / "css" / name for name in EDITOR_SHEETS], join_editor_styles),
    OUTSIDE_STYLES: (lambda sources: [sources / "css" / name for name in OUTSIDE_SHEETS], join_outside_styles),
    EDITOR_SCRIPT: (lambda sources: [EDITOR], join_editor_script),
    **{f"css/{name}.css": (partial(_own_files, name=name), partial(own_sheet, name=name)) for name in OWN_SHEETS},
}
