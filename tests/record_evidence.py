"""Sum up what the tests compared with references, requirement by requirement.

Run after pytest with SAP_REFERENCE_RECORD set: ``python tests/record_evidence.py .record tests/reference/record.json``.
"""

import json
import sys
from pathlib import Path

import yaml

from analysis.pipeline.evidence import evidence_digest

REQUIREMENTS = Path(__file__).with_name("reference") / "requirements.yml"


def summary(folder: Path) -> dict[str, object]:
    """Return the record of the JSON lines in a folder; the same comparisons give the same record in any order."""
    found = [json.loads(line) for p in sorted(folder.glob("*.jsonl")) for line in p.read_text("utf-8").splitlines()]
    answers = [
        (requirement, method, names)
        for requirement, methods in yaml.safe_load(REQUIREMENTS.read_text("utf-8")).items()
        for method, names in methods.items()
    ]
    rows = [_row(requirement, method, _of(found, names, answers)) for requirement, method, names in answers]
    homeless = sorted({r["method"] for r in found if _home(r["method"], answers) is None})
    if homeless:
        sys.exit(f"{REQUIREMENTS} names no requirement for: {', '.join(homeless)}")
    return {"about_sha256": evidence_digest(REQUIREMENTS.parent), "rows": rows}


def _home(method: str, answers: list[tuple[str, str, list[str]]]) -> str | None:
    """Return the longest listed name with which a recorded method begins."""
    names = [n for _, _, listed in answers for n in listed if method == n or method.startswith((f"{n} ", f"{n},"))]
    return max(names, key=len, default=None)


def _of(found: list[dict], names: list[str], answers: list[tuple[str, str, list[str]]]) -> list[dict]:
    return [r for r in found if _home(r["method"], answers) in names]


def _row(requirement: str, method: str, found: list[dict]) -> dict[str, object]:
    # Two digits: the last ones of a difference near rounding differ between machines.
    largest = float(f"{max((float(r['relative_difference']) for r in found), default=0.0):.1e}")
    return {
        "requirement": requirement,
        "method": method,
        "sources": sorted({r["source"] for r in found}),
        "cases": len(found),
        "largest": largest,
        "tolerance": max((float(r["tolerance"]) for r in found), default=0.0),
    }


def main() -> None:
    folder, target = map(Path, sys.argv[1:3])
    record = summary(folder)
    if not any(row["cases"] for row in record["rows"]):
        sys.exit(f"{folder} holds no comparison: run the tests with SAP_REFERENCE_RECORD set")
    target.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
