"""Report -> report.pdf: the page as it prints, by weasyprint; the extra `pdf`."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

from planner.errors import MissingExtraError

if TYPE_CHECKING:
    from pathlib import Path

    from planner.report.model import Report


def check_pdf() -> None:
    """Raise `MissingExtraError` with the remedy where the library that makes PDFs is missing."""
    if find_spec("weasyprint") is None:
        raise MissingExtraError(
            "a PDF needs weasyprint: pip install 'fibre-resilience-planner[pdf]', or print report.html"
        )


def write_pdf(report: Report, path: Path) -> None:
    """Write the report as one PDF with bookmarks, tagged for screen readers.

    Parameters
    ----------
    path
        File to write; replaced where it exists.

    Raises
    ------
    MissingExtraError
        Where weasyprint is not installed.
    """
    check_pdf()
    from weasyprint import HTML  # type: ignore[import-untyped,unused-ignore]

    from planner.report.html import to_html

    page = HTML(string=_to_still(to_html(report)), url_fetcher=_refuse)
    page.write_pdf(path, pdf_variant="pdf/ua-1", pdf_identifier=b"planner")


def _to_still(html: str) -> str:
    """The page without scripts, each small map with its own ground: weasyprint draws every SVG alone.

    It knows no paint-order either, so names go without their white outline, which would cover them.
    """
    html = re.sub(r"<script\b.*?</script>", "", html, flags=re.DOTALL)
    grounds = dict(re.findall(r'<g id="([a-z]+-ground)">(.*?)</g>\s*<!-- ground -->', html, flags=re.DOTALL))
    html = html.replace(' stroke="#ffffff" stroke-width="3" paint-order="stroke"', "")
    return re.sub(r'<use href="#([a-z]+-ground)"/>', lambda use: grounds[use[1]], html)


def _refuse(url: str, *_rest: object, **_more: object) -> dict[str, object]:
    """Nothing in the page may be fetched from anywhere."""
    raise ValueError(f"the report asks for nothing, yet names {url}")
