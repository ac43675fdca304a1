"""What the quality page may ask for: how far the numbers can be trusted."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.design.coverage_curves import MOST, read_curves
from analysis.pipeline.evidence import RECORD_NAME, read_record
from analysis.recompute import read_checks
from analysis.results.data_findings import read_data_findings
from reports.pages.page import DOCUMENTS, PLAN, RESULTS
from reports.pages.quality import EMPTY, cutoff_table, double_programming, evidence_table, noted_table, rules_table
from reports.run.shells import wanted
from reports.run.shown import figure_folder
from reports.words.markdown import figure_markdown
from sap.plan.plan import Plan
from sap.reading.read import read_plan
from sap.seal.pages import EVIDENCE

RECORD: Final = "SAP_RECORD"
"""Environment variable for the record of the tests."""


@dataclass(frozen=True)
class QualityPage:
    """The quality page's view of a run.

    Attributes
    ----------
    plan : Plan
        The plan.
    results : Path
        Folder of the results.
    record : Path
        What the tests compared with references.
    """

    plan: Plan
    results: Path
    record: Path

    def double_programming(self) -> None:
        """Print every statistic by both routes; of synthetic data in the layouts of shells, nothing."""
        if wanted():
            print(EMPTY)
            return
        titles = {a.id: a.title for a in self.plan.analyses}
        titles |= {s.id: s.title for a in self.plan.analyses for s in a.sensitivity}
        titles["SETS"] = "Sizes of the analysis sets and analyses"
        print(double_programming(read_checks(self.results / "checks.csv"), titles))

    def evidence(self) -> None:
        """Print what the tests compared with independent references."""
        print(evidence_table(read_record(self.record)))

    def coverage(self) -> None:
        """Print the coverage of each binomial interval as a figure."""
        from reports.figures.coverage import draw_coverage
        from reports.outputs.downloads import of_picture

        name = figure_folder() / "coverage.svg"
        curves = read_curves(self.results / "coverage.csv")
        if not curves:
            print(f"Coverage is enumerated for at most {MOST:,} planned subjects, and here are more.\n")
            return
        alt = draw_coverage(curves, DOCUMENTS / name)
        caption = (
            f"Exact coverage of each interval for a proportion of {curves[0].n} subjects, at every true rate. "
            "Dashed line, the nominal level. The vertical axis begins at 70%."
        )
        print(figure_markdown("fig-coverage", name, caption, alt))
        print(of_picture(name, "the coverage of each interval"))

    def rules(self) -> None:
        """Print what the data cut-off leaves out, what was found in the data, and the rules across datasets."""
        if self.plan.data_cutoff is not None and not wanted():
            print(cutoff_table(read_checks(self.results / "checks.csv"), str(self.plan.data_cutoff)))
        print(noted_table(read_data_findings(self.results)))
        print(rules_table(self.plan.data_rules))


def open_quality() -> QualityPage:
    """Return the quality page's view of the run that ``sap render`` named, or of the default one."""
    plan = read_plan(Path(os.environ.get(PLAN, "sap/plan.yml")))
    record = Path(os.environ.get(RECORD, f"{EVIDENCE}/{RECORD_NAME}"))
    return QualityPage(plan, Path(os.environ.get(RESULTS, "results")), record)
