"""Which elements of HTML mean what to the reader of texts; every other tag is as if it were not there."""

HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
TEXT_BLOCKS = {"p": "p", "pre": "pre", "listing": "pre", "caption": "caption", "figcaption": "figcaption", **HEADINGS}
BOUNDARIES = frozenset(
    [
        "div",
        "center",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "nav",
        "aside",
        "form",
        "fieldset",
        "legend",
        "dl",
        "dt",
        "dd",
        "address",
        "body",
        "html",
        "details",
        "summary",
        "hgroup",
        "dialog",
    ]
)
MARKS = {
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), "em"),
    **dict.fromkeys(("u", "ins"), "u"),
    **dict.fromkeys(("s", "strike", "del"), "s"),
    **dict.fromkeys(("code", "tt", "kbd", "samp"), "code"),
    "sub": "sub",
    "sup": "sup",
}
INLINE = frozenset({*MARKS, "a", "span", "font"})
CELLS = frozenset({"td", "th"})
TABLE_PARTS = frozenset({"thead", "tbody", "tfoot", "tr"})
MEANT = (
    INLINE
    | frozenset(TEXT_BLOCKS)
    | BOUNDARIES
    | CELLS
    | TABLE_PARTS
    | frozenset(["br", "hr", "img", "blockquote", "table", "figure", "ul", "ol", "li", "menu", "dir"])
)
# Nothing inside these is text.
SILENT = frozenset(
    [
        "script",
        "style",
        "title",
        "xml",
        "template",
        "iframe",
        "object",
        "applet",
        "svg",
        "math",
        "noscript",
        "noframes",
        "noembed",
        "textarea",
        "select",
        "datalist",
        "audio",
        "video",
        "canvas",
        "head",
    ]
)
