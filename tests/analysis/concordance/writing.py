"""Facts written in a test, as a person writes them in a file."""

from sap.facts.facts import Facts


def fact(kind, value, *, name="a", **others):
    """Return a fact as it is read from YAML."""
    return {"id": name, "kind": kind, "statement": name, "where": "Text", "value": value} | others


def facts(*written, **others):
    """Return the facts of a paper."""
    return Facts.model_validate({"paper": {"title": "A paper"}, "facts": list(written)} | others)
