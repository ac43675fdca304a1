"""Elements of Define-XML: their namespaces, and a few that stand in many places."""

from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as ET

ODM: Final = "http://www.cdisc.org/ns/odm/v1.3"
DEF: Final = "http://www.cdisc.org/ns/def/v2.1"
ARM: Final = "http://www.cdisc.org/ns/arm/v1.0"
XLINK: Final = "http://www.w3.org/1999/xlink"
XML: Final = "http://www.w3.org/XML/1998/namespace"
PREFIXES: Final[Mapping[str, str]] = {"": ODM, "def": DEF, "arm": ARM, "xlink": XLINK, "xml": XML}

Element = ET.Element


def element(name: str, attributes: Mapping[str, str | int | None], *below: Element) -> Element:
    """Return an element; names may have the prefixes of the standard, and attributes without a value are left out."""
    made = ET.Element(_qualified(name))
    for key, value in attributes.items():
        if value is not None:
            made.set(_qualified(key) if ":" in key else key, str(value))
    made.extend(below)
    return made


def text(name: str, content: str, attributes: Mapping[str, str | None] | None = None) -> Element:
    """Return an element that holds a text."""
    made = element(name, attributes or {})
    made.text = content
    return made


def described(content: str) -> Element:
    """Return a description in English."""
    return element("Description", {}, text("TranslatedText", content, {"xml:lang": "en"}))


def leaf(identifier: str, file: str, title: str) -> Element:
    """Return a file that other elements name."""
    return element("def:leaf", {"ID": identifier, "xlink:href": file}, text("def:title", title))


def written(root: Element) -> str:
    """Return a document as text, an element a line."""
    for prefix, namespace in PREFIXES.items():
        if prefix != "xml":
            ET.register_namespace(prefix, namespace)
    ET.indent(root, space=" ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _qualified(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{PREFIXES[prefix]}}}{local}"
