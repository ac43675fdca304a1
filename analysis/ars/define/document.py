"""A study as Define-XML 2.1 with Analysis Results Metadata 1.0 [1]_ [2]_.

References
----------
.. [1] CDISC, Define-XML v2.1, 2019.
.. [2] CDISC, Analysis Results Metadata v1.0 for Define-XML v2, 2015.
"""

from dataclasses import dataclass
from typing import Final

from analysis.ars.define import tables as of
from analysis.ars.define.displays import PLAN_LEAF, displays, pages
from analysis.ars.define.elements import element, leaf, text, written
from analysis.data.load import Study

FILE: Final = "define.xml"


@dataclass(frozen=True)
class Places:
    """Where files stand, as they are seen from the document."""

    plan: str
    data: str
    results: str
    site: str


def define_xml(study: Study, places: Places, program: str) -> str:
    """Return the datasets and analyses of a study as Define-XML; `program` is the name of what computes them.

    The same study gives the same text: its date is that of the plan.
    """
    document, trial = study.plan.plan, study.plan.study
    found = of.tables(study)
    shown, clauses = displays(study.plan, {t.name: t for t in found}, program)
    content = [
        element(
            "def:Standards",
            {},
            element(
                "def:Standard",
                {"OID": of.STANDARD, "Name": "ADaMIG", "Type": "IG", "Version": "1.3", "Status": "Final"},
            ),
        ),
        element("def:SupplementalDoc", {}, element("def:DocumentRef", {"leafID": PLAN_LEAF})),
        *(v for t in found for v in of.value_lists(t)),
        *(w for t in found for w in of.where_clauses(t)),
        *clauses,
        *(of.group(t, places.results if t.method else places.data) for t in found),
        *(i for t in found for i in of.items(t)),
        *(c for t in found for c in of.codelists(t)),
        *(m for t in found for m in of.methods(t)),
        leaf(PLAN_LEAF, places.plan, f"{document.title}, version {document.version}"),
        *(leaf(*page) for page in pages(study.plan, places.site)),
        shown,
    ]
    version = {
        "OID": f"MDV.{trial.id}.{document.version}",
        "Name": f"{trial.short_title}: datasets and analyses",
        "Description": f"{document.title}, version {document.version}",
        "def:DefineVersion": "2.1.0",
    }
    about = element(
        "GlobalVariables",
        {},
        text("StudyName", trial.id),
        text("StudyDescription", trial.title),
        text("ProtocolName", trial.short_title),
    )
    file = {
        "FileType": "Snapshot",
        "FileOID": f"define.{trial.id}.{document.id}.{document.version}",
        "ODMVersion": "1.3.2",
        "CreationDateTime": f"{document.date}T00:00:00",
        "def:Context": "Other",
    }
    whole = element("Study", {"OID": f"STUDY.{trial.id}"}, about, element("MetaDataVersion", version, *content))
    return written(element("ODM", file, whole))
