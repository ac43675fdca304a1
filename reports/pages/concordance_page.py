"""What the page of the concordance may ask for: the paper held against itself, the results and the data."""

from dataclasses import dataclass

from analysis.concordance.statements import FILE, Concordance, read_concordance
from reports.pages import concordance_sections as shown
from reports.pages.concordance import headline
from reports.run.shown import ShownRun, open_run
from reports.trace.traced import traced
from reports.words.markdown import callout, paragraph_text
from sap.facts.facts import FILE as FACTS

NOTHING = (
    f"No facts file ({FACTS}) stood beside the data of this run, so that nothing is held against a publication. "
    "`sap concordance FACTS.yml` holds any paper against itself."
)


@dataclass(frozen=True)
class ConcordancePage:
    """The concordance of a run.

    Attributes
    ----------
    run : ShownRun
        The run.
    found : Concordance or None
        The concordance; None where no facts file stood beside the data.
    """

    run: ShownRun
    found: Concordance | None

    @property
    def _hide(self) -> bool:
        return not self.run.plan.conventions.show_subject_ids

    def paper(self) -> None:
        """Print which paper it is, and the counts; or why there is nothing to show."""
        if self.found is None:
            print(callout("note", "No publication", NOTHING))
            return
        paper = self.found.paper
        named = [paper.authors and f"{paper.authors}.", f"{paper.title}.", paper.journal and f"{paper.journal},"]
        told = " ".join(filter(None, (*named, paper.doi and f"doi {paper.doi}"))).rstrip(",.")
        print(f"\n{paragraph_text(told)}.\n\n{paragraph_text(headline(self.found))}\n")

    def counts(self) -> None:
        """Print how many statements have each verdict."""
        if self.found is not None:
            print(shown.counts(self.found))

    def points(self) -> None:
        """Print what a referee would raise."""
        if self.found is not None:
            print(shown.points(self.found))

    def statements(self) -> None:
        """Print every statement, in the order of the paper."""
        if self.found is not None:
            rows = {r.identity: r for r in self.run.results}
            links = traced(self.run.plan, self.run.results)
            print(shown.statements(self.found, rows, links, hide=self._hide))

    def by_verdict(self) -> None:
        """Print the statements of each verdict."""
        if self.found is not None:
            print(shown.by_verdict(self.found))

    def data_checks(self) -> None:
        """Print each check on the data."""
        if self.found is not None:
            print(shown.data_checks(self.found, hide=self._hide))

    def own_checks(self) -> None:
        """Print the checks of the paper's own numbers."""
        if self.found is not None:
            print(shown.own_checks(self.found))


def open_concordance() -> ConcordancePage:
    """Return the concordance of the run that ``sap render`` named, or of the default one."""
    run = open_run()
    file = run.folder / FILE
    return ConcordancePage(run, read_concordance(file) if file.is_file() else None)
