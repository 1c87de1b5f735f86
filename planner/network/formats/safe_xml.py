"""Reads XML only where it defines no entities and refers to nothing outside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, LexicalHandler, property_lexical_handler

import defusedxml.expatreader
from defusedxml import DefusedXmlException, ElementTree

from planner.network.formats.source import FormatError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_DEPTH = 200
MAX_TOKEN = 1_000_000
# expat begins a tag anew with every piece that it is fed: small pieces of a huge tag would take hours
CHUNK_BYTES = 16_000_000


class _Bounds(ContentHandler, LexicalHandler):
    """Refuses elements too deep in each other, and tags and comments too long: other parsers take them badly."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 (as SAX calls it)
        """Go down."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FormatError("cannot be read: its elements lie too deep in each other", "export it anew")
        _check_length(len(name) + sum(len(value) for value in attrs.values()))

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802
        """Go up."""
        self._depth -= 1

    def comment(self, content: str) -> None:
        """Look at a comment."""
        _check_length(len(content))

    def processingInstruction(self, target: str, data: str) -> None:  # noqa: N802
        """Look at an instruction."""
        _check_length(len(target) + len(data))


def _check_length(length: int) -> None:
    if length > MAX_TOKEN:
        raise FormatError("cannot be read: a tag or comment in it is too long", "export it anew")


def check_xml(path: Path) -> None:
    """Read a file once, keeping nothing, and refuse what other parsers must not see.

    Raises
    ------
    FormatError
        Where it is no well-formed XML, defines entities, or refers to other files.
    """
    bounds = _Bounds()
    parser = defusedxml.expatreader.create_parser()
    parser.forbid_entities = parser.forbid_external = True
    parser.setContentHandler(bounds)
    parser.setProperty(property_lexical_handler, bounds)
    try:
        with path.open("rb") as file:
            while data := file.read(CHUNK_BYTES):
                parser.feed(data)
        parser.close()
    except DefusedXmlException as error:
        raise _refusal(error) from error
    except (SAXException, ValueError, LookupError) as error:
        raise FormatError(f"cannot be read: {_to_words(error)}", "export it anew") from error


def read_xml(path: Path) -> Element:
    """Read a whole file, after `check_xml`."""
    check_xml(path)
    try:
        root: Element = ElementTree.fromstring(path.read_bytes())
    except (SyntaxError, ValueError, LookupError) as error:
        raise FormatError(f"cannot be read: {_to_words(error)}", "export it anew") from error
    return root


def _refusal(error: Exception) -> FormatError:
    what = "refers to other files" if "External" in type(error).__name__ else "defines entities"
    return FormatError(f"cannot be read: its XML {what}", "export it anew without a document type")


def _to_words(error: Exception) -> str:
    return "it is broken XML: " + str(error).rpartition("/")[2].rpartition(">:")[2].strip()
