"""Papers as tagged PDF (PDF/UA). WeasyPrint needs Pango, which no wheel brings; it is loaded only here."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from forms.i18n import activate, current_language, translate
from forms.languages import text_direction
from fundapp.documents.paper import Paper

_TEMPLATES = Path(__file__).parent.parent / "templates"
_STYLESHEET = Path(__file__).with_name("paper.css")


class NoTextEngine(Exception):
    """This machine cannot lay out text: Pango is not installed."""


def paper_as_pdf(paper: Paper, *, is_large: bool = False) -> bytes:
    """The same bytes for the same paper. Raises NoTextEngine where Pango is missing."""
    return html_as_pdf(paper_as_html(paper, is_large=is_large))


def html_as_pdf(content: str) -> bytes:
    """Raises NoTextEngine."""
    weasyprint = _engine()
    fetcher = weasyprint.URLFetcher(allowed_protocols=())  # a paper never needs anything outside itself
    html = weasyprint.HTML(string=content, url_fetcher=fetcher)
    style = weasyprint.CSS(string=stylesheet(), url_fetcher=fetcher)
    pdf: bytes = html.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1", pdf_identifier=b"paper")
    return pdf


def paper_as_file(paper: Paper) -> str:
    """HTML that stands alone, for any browser and also without a line."""
    return paper_as_html(paper, style=stylesheet())


def paper_as_html(paper: Paper, *, is_large: bool = False, style: str = "") -> str:
    with activate(paper.language):
        return render("documents/pdf.html", paper.language, paper=paper, is_large=is_large, style=style)


def stylesheet() -> str:
    return _STYLESHEET.read_text(encoding="utf-8")


def render(template: str, language: str, *, style: str, **values: object) -> str:
    """In the active language. `style`: our own file, inside the page; empty where the PDF gets it beside."""
    return (
        _templates()
        .get_template(template)
        .render(
            style=Markup(style),  # noqa: S704 - our own file
            language=language,
            page_direction=current_language().direction,
            **values,
        )
    )


def _engine() -> Any:
    try:
        import weasyprint
    except OSError as error:
        raise NoTextEngine from error
    return weasyprint


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    templates.globals["_"] = translate
    templates.filters["direction"] = text_direction
    return templates
