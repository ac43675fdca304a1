"""What the page of the reconciliation may ask for: the plan against the run, post hoc analyses, seal and amendments."""

from dataclasses import dataclass

from analysis.reconcile.lines import FILE, Reconciled, read_reconciled
from reports.layout.lookup import Lookup
from reports.pages import reconciliation as shown
from reports.pages.seal import OpenedSeal, open_seal
from reports.run.shown import ShownRun, open_run, promised_plan
from reports.words import seal_sections
from sap.plan.plan import Plan


@dataclass(frozen=True)
class ReconciliationPage:
    """The reconciliation of a run.

    Attributes
    ----------
    promised : Plan
        The plan as it stands, without what is post hoc.
    run : ShownRun
        What was run.
    lines : tuple of Reconciled
        The plan against the results.
    sealed : OpenedSeal
        The seal.
    """

    promised: Plan
    run: ShownRun
    lines: tuple[Reconciled, ...]
    sealed: OpenedSeal

    def summary(self) -> None:
        """Print the outcome in sentences."""
        print(shown.summary(self.lines))

    def in_short(self) -> None:
        """Print the outcome for the report: a paragraph and a table of the analyses."""
        print(shown.paragraph(self.lines))
        print(shown.short_table(self.lines, self.promised))

    def planned(self) -> None:
        """Print each planned analysis and what became of it."""
        print(shown.planned_table(self.lines, self.promised, self.sealed.lock, self.sealed.history))

    def reasons(self) -> None:
        """Print what is missing or could not be estimated, and why."""
        print(shown.reasons(self.lines))

    def outputs(self) -> None:
        """Print each planned table, figure and listing and what became of it."""
        print(shown.outputs_table(self.lines))

    def results(self) -> None:
        """Print each analysis in the results and who promised it; a warning first where rows belong to nothing."""
        print(shown.strangers(self.lines))
        print(shown.results_table(self.lines))

    def post_hoc(self) -> None:
        """Print the post hoc analyses, why they were made, and their tables, figures and listings."""
        from reports.pages.post_hoc import post_hoc_section

        print(post_hoc_section(self.promised, self.run, Lookup(self.run.results, self.run.drawn)))

    def seal(self) -> None:
        """Print the events of the seal in their order, or why it cannot be read."""
        print(self.sealed.warning)
        if not self.sealed.unread:
            print(seal_sections.chain(self.sealed.lock))
            print(seal_sections.code_compared(self.sealed.lock, self.run.provenance))

    def amendments(self) -> None:
        """Print each amendment with its exact change, and the analyses it touched."""
        if not self.sealed.unread:
            print(seal_sections.amendments(self.sealed.lock, self.sealed.history))

    def signatures(self) -> None:
        """Print who signed which entries."""
        if not self.sealed.unread:
            print(seal_sections.signatures(self.sealed.lock))


def open_reconciliation() -> ReconciliationPage:
    """Return the reconciliation of the run that ``sap render`` named, or of the default one."""
    run = open_run()
    return ReconciliationPage(promised_plan(), run, read_reconciled(run.folder / FILE), open_seal())
