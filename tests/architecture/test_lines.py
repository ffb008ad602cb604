"""Templates and style sheets can be reviewed line by line. djlint sees to most lines of templates in `make check`, but not to comments and scripts."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST = 160


def test_no_line_of_a_template_or_a_style_sheet_is_too_long() -> None:
    sheets = [*(ROOT / "static" / "css").rglob("*.css"), *(ROOT / "static" / "editor").rglob("*.css")]
    templates = [
        *(ROOT / "templates").rglob("*.*"),
        *(ROOT / "crm" / "extranet" / "pages").rglob("*.html"),
        *(ROOT / "tests" / "papers").rglob("*.html"),
        *(ROOT / "benchmarks").rglob("*.html"),
    ]
    assert len(sheets) > 20
    assert len(templates) > 150
    long = [
        f"{path.relative_to(ROOT)}:{number} has {len(line)} characters"
        for path in [*sheets, *templates]
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LONGEST
    ]
    assert long == []
