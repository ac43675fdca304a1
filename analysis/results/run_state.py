"""The state of a run, said in each of its files."""

import csv
import io
import json


def stamped_csv(text: str, stamp: str) -> str:
    """Return a CSV file with a last column ``stamp``: empty for a sealed run, else "DRAFT" or the dry run's words."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*header, "stamp"])
    writer.writerows([*row, stamp] for row in rows)
    return out.getvalue()


def stamped_json(text: str, stamp: str) -> str:
    """Return a JSON file with a key ``stamp`` in its object, or in each object of its list."""
    content = json.loads(text)
    if isinstance(content, dict):
        return json.dumps({"stamp": stamp, **content}, ensure_ascii=False, indent=1) + "\n"
    lines = ",\n".join(json.dumps({**record, "stamp": stamp}, ensure_ascii=False) for record in content)
    return f"[\n{lines}\n]\n" if lines else "[]\n"
