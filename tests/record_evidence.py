"""Sum up what the tests compared with references: one row a requirement, method and source.

Run after pytest with SAP_REFERENCE_RECORD set: ``python tests/record_evidence.py .record tests/reference/record.json``.
"""

import json
import sys
from pathlib import Path

from analysis.evidence import methods_digest


def summary(folder: Path) -> dict[str, object]:
    """Return the record of the JSON lines in a folder; the same comparisons give the same record in any order."""
    groups: dict[tuple[str, str, str], list[dict]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            groups.setdefault((row["requirement"], row["method"], row["source"]), []).append(row)
    rows = [
        {
            "requirement": requirement,
            "method": method,
            "source": source,
            "cases": len(found),
            "largest": _largest(found),
            "tolerance": max(float(r["tolerance"]) for r in found),
        }
        for (requirement, method, source), found in sorted(groups.items())
    ]
    return {"methods_sha256": methods_digest(), "rows": rows}


def _largest(found: list[dict]) -> float:
    """Return the largest difference, with two digits: the last ones differ between machines."""
    return float(f"{max(float(r['relative_difference']) for r in found):.1e}")


def main() -> None:
    folder, target = map(Path, sys.argv[1:3])
    record = summary(folder)
    if not record["rows"]:
        sys.exit(f"{folder} holds no comparison: run the tests with SAP_REFERENCE_RECORD set")
    target.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
