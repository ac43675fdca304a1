"""What a page's title block shows, read from its front matter."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from reports.engines.embedded.yamltext import Yaml, names

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_AUTHOR_KEYS = names("name affiliation affiliations email orcid corresponding degrees role roles")


def title_metadata(front: Yaml) -> dict[str, Any]:
    """Title, subtitle, authors, date, abstract and keywords, as the template wants them."""
    values = front.values
    meta: dict[str, Any] = {
        key: str(values[key]) for key in ("title", "subtitle", "abstract") if values.get(key) is not None
    }
    if values.get("keywords") is not None:
        words = values["keywords"]
        meta["keywords"] = [str(word) for word in (words if isinstance(words, list) else [words])]
    if values.get("author") is not None:
        people = values["author"]
        meta["authors"] = [_author(one, front) for one in (people if isinstance(people, list) else [people])]
    if values.get("date") is not None:
        meta.update(_date(values["date"], front))
    return meta


def _author(value: Any, front: Yaml) -> dict[str, Any]:
    if isinstance(value, str):
        return {"name": value, "details": []}
    if not isinstance(value, dict) or not value.get("name"):
        front.refuse(("author",), "each author is a name, or has a “name”")
    unknown = sorted(set(value) - _AUTHOR_KEYS)
    if unknown:
        known = ", ".join(sorted(_AUTHOR_KEYS))
        message = f"the embedded engine does not know the author field “{unknown[0]}”; it knows: {known}"
        front.refuse(("author",), message)
    name = value["name"]
    if isinstance(name, dict):
        name = name.get("literal") or " ".join(str(name[k]) for k in ("given", "family") if name.get(k))
    places = value.get("affiliations", value.get("affiliation")) or []
    details = [_place(place) for place in (places if isinstance(places, list) else [places])]
    if value.get("orcid"):
        details.append(f"ORCID {value['orcid']}")
    if value.get("email"):
        details.append(f"[{value['email']}](mailto:{value['email']})")
    return {"name": str(name), "details": details}


def _place(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    keys = ("department", "name", "city", "region", "country")
    return ", ".join(str(value[key]) for key in keys if value.get(key))


def _date(value: Any, front: Yaml) -> dict[str, str]:
    if isinstance(value, str):
        if value in {"today", "now", "last-modified"}:
            front.refuse(("date",), f"“{value}” gives another page every day: write the date, as 2025-01-31")
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            if _DAY.fullmatch(value.strip()):
                front.refuse(("date",), f"“{value}” is no day of the calendar")
            return {"date": value}
    if not isinstance(value, dt.date):
        front.refuse(("date",), f"a date is one day, as 2025-01-31, or words, not {value!r}")
    return {"date": f"{value:%B} {value.day}, {value.year}", "date-iso": value.isoformat()[:10]}
