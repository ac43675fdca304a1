"""What every method of a plan has in common: one step of an analysis."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from sap.model.clause import WhereClause
from sap.model.figures import FigureName
from sap.model.names import Defined, Names
from sap.model.part import DatasetName, Identifier, Part, Reference, Text, Value
from sap.text.problems import Fault, Place, UserError

FIRST_TREATMENT: Final = Reference(dataset="ADSL", variable="TRTSDT")
"""The day from which days since first treatment are counted."""
_SHARED_WORDS: Final[Mapping[str, str]] = {
    "at_risk": "subjects at risk counted on days",
    "by": "by groups of",
    "conf_level": "confidence level",
    "conf_type": "intervals made on the scale",
    "data": "derived data",
    "digits": "decimals of the data",
    "landmarks": "estimates given on days",
}


class OneStep(Part):
    """One method applied to one variable; several make an analysis.

    What differs from method to method is said here with what holds for most, and by the method's own class where
    something else holds for it.
    """

    sentence: ClassVar[str]
    """What the method is, for the statistical methods section."""
    if_missing: ClassVar[str] = ""
    """What becomes of a subject without a value, or of a record without one, as a sentence."""
    applied_to: ClassVar[frozenset[str]] = frozenset()
    """Options that say what the method is applied to, not how it computes; what it is grouped by is always one."""
    adds_lines: ClassVar[frozenset[str]] = frozenset()
    """Those of them that only add lines to its results, and are not in the heading of these."""
    said_by_lines: ClassVar[frozenset[str]] = frozenset({"conf_level"})
    """Options that each line of its results says."""
    reads: ClassVar[tuple[Reference, ...]] = ()
    """Variables the method reads beside those it is about."""
    compares: ClassVar[bool] = False
    """Whether the method compares the groups; any other one looks at them one after another."""
    counted_apart: ClassVar[frozenset[str]] = frozenset()
    """Parts of its results whose numbers others entered than the rest of it, each level its own."""
    of_time: ClassVar[bool] = False
    """Whether its option ``data`` names a time to event."""
    of_quantities: ClassVar[bool] = False
    """Whether its variables are quantities, without which a subject has no place in it."""
    reads_records: ClassVar[bool] = False
    """Whether the method looks at all records of a subject; any other one at one value of each variable."""
    figures: ClassVar[frozenset[FigureName]] = frozenset()
    """The kinds of figure that draw its results."""
    option_words: ClassVar[Mapping[str, str]] = {}
    """What its options are called, beside those that several methods have; others by their own name, with blanks."""
    value_words: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    """What values of an option are called that are names of the plan's own; others as they are, with blanks."""
    shares: ClassVar[frozenset[str]] = frozenset({"conf_level"})
    """Options that are a share of one."""
    also_called: ClassVar[str] = ""
    """What else the field and other programs say for it: words with blanks between, by which it is suggested."""

    if TYPE_CHECKING:
        method: str
    by: Identifier | None = None
    label: Text | None = None

    @classmethod
    def option_name(cls, option: str) -> str:
        """Return what an option is called, as "confidence level" for ``conf_level``."""
        return cls.option_words.get(option) or _SHARED_WORDS.get(option) or option.replace("_", " ")

    @property
    def own_words(self) -> str:
        """The sentence, without what the step's own options leave out."""
        return self.sentence

    @property
    def in_words(self) -> str:
        """What the method is, and what becomes of missing values."""
        return f"{self.own_words} {self.if_missing}".rstrip()

    @property
    def parts_in_words(self) -> tuple[str, ...]:
        """What options that are lists of parts state, for the list below the step in the plan's document."""
        return ()

    def asked_of_plan(self, plan: Defined, share: Callable[[float], str]) -> str:
        """Return what other parts of the plan set for it, as sentences; `share` writes a share of one."""
        del plan, share
        return ""

    @property
    def references(self) -> tuple[Reference, ...]:
        """The variables the method is about: those its options name, in their order; its results are of the first."""
        stated = (getattr(self, name) for name in type(self).model_fields)
        listed = (v for value in stated for v in (value if isinstance(value, tuple) else (value,)))
        return tuple(v for v in listed if isinstance(v, Reference))

    @property
    def needed(self) -> tuple[Reference, ...]:
        """The variables without which a subject does not enter; none where the method counts or lists everybody."""
        return self.references[:1] if self.of_time else self.references if self.of_quantities else ()

    @property
    def listed(self) -> tuple[Reference, ...]:
        """The variables whose values are listed subject by subject, where the method does no more than that."""
        return ()

    @property
    def drawn(self) -> tuple[Reference, ...]:
        """The variables of which a figure of it draws the value of each subject, as they are listed."""
        return self.references if self.of_quantities else ()

    @property
    def drawn_by(self) -> frozenset[FigureName]:
        """The kinds of figure that draw its results as its options are."""
        return self.figures

    @property
    def quantified(self) -> tuple[DatasetName, Identifier, str] | None:
        """The parameter whose values below quantification the method reads, its dataset, and how they count."""
        return None

    @property
    def coded_events(self) -> Literal["all", "treatment-emergent"] | None:
        """Which adverse events the method counts by term within class: each term must have one."""
        return None

    @property
    def clauses(self) -> tuple[tuple[Place, WhereClause], ...]:
        """The where-clauses the step states, each with its place in the step."""
        return ()

    @property
    def named_values(self) -> tuple[tuple[Place, Reference, tuple[Value, ...]], ...]:
        """The values the step names, each list with its place in the step and the variable that has them."""
        return ()

    @property
    def named_sets(self) -> tuple[tuple[Place, Identifier], ...]:
        """The analysis sets the step names, each with its place in the step."""
        return ()

    @property
    def groupings(self) -> tuple[Identifier, ...]:
        """The groupings whose groups its results are about, in their order."""
        return () if self.by is None else (self.by,)

    @property
    def named_analyses(self) -> tuple[Identifier, ...]:
        """Other analyses of the plan whose subjects it counts among."""
        return ()

    @property
    def named_days(self) -> tuple[int, ...]:
        """The days since the start of a time at which the step looks: follow-up should reach them."""
        return ()

    @property
    def named_parts(self) -> tuple[tuple[str, ...], ...]:
        """Other parts of the plan on which its results depend, each as the keys that lead to it."""
        return ()

    @property
    def heading(self) -> Hashable:
        """What the lines of its results stand under, with the options that they say: how a reader tells steps apart."""
        about = self.label or tuple(str(getattr(self, name)) for name in sorted(self.applied_to - self.adds_lines))
        return type(self), self.by, about, *(getattr(self, name, None) for name in sorted(self.said_by_lines))

    def problems(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield everything that is wrong with the step in its plan.

        A method with options of its own says more by `unknown_names` and `wrong_uses`.

        Parameters
        ----------
        names : Names
            What the plan defines, with the checks of a variable, a clause, or values.
        path : Place
            Where the step stands in the plan.

        Yields
        ------
        Fault
            A place, what is wrong there, and the mend.
        """
        if self.by is not None:
            yield from names.grouping(self.by, (*path, "by"))
            if not isinstance(self, OnRecords):
                yield from names.grouping_with_levels(self.by, self.method, (*path, "by"))
        for place, clause in self.clauses:
            yield from names.clause(clause, (*path, *place))
        for place, named in self.named_sets:
            yield from names.analysis_set(named, (*path, *place))
        unknown = list(self.unknown_names(names, path))
        yield from unknown or self.wrong_uses(names, path)

    def unknown_names(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield names the step is about that the plan does not define: here its variables."""
        for ref in self.references:
            yield from names.variable(ref, path)

    def wrong_uses(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield what cannot be done with names that the plan defines: here values that a variable can never have."""
        for place, ref, values in self.named_values:
            yield from names.values(ref, values, (*path, *place))

    @classmethod
    def table_problems(cls, steps: Sequence["OneStep"], others: Sequence[str], path: Place) -> Iterator[Fault]:
        """Yield what a table of its results cannot show together.

        Parameters
        ----------
        steps : sequence of OneStep
            All steps of the table.
        others : sequence of str
            Ids of the further analyses of the table, sensitivity analyses first of all.
        path : Place
            Where the table names its analyses in the plan.

        Yields
        ------
        Fault
            A place, what is wrong there, and the mend.
        """
        del steps, others, path
        return iter(())


class OnRecords(OneStep):
    """What methods have in common that look at the records of a dataset, by groups within groups."""

    if_missing: ClassVar[str] = "A record without a value that a clause or a grouping asks for is not counted there."
    applied_to: ClassVar[frozenset[str]] = frozenset({"dataset", "where", "within"})
    option_words: ClassVar[Mapping[str, str]] = {"where": "records where"}
    reads_records: ClassVar[bool] = True

    dataset: DatasetName
    """The dataset whose records are looked at."""
    where: WhereClause | None = None
    """Which records, where not all; what it says of another dataset holds for the subject."""
    within: tuple[Identifier, ...] = ()
    """Further groupings, each within the one before; of one without levels, the values that the data have."""

    @property
    def groupings(self) -> tuple[Identifier, ...]:
        """The groups of subjects, then those within."""
        return (*super().groupings, *self.within)

    @property
    def references(self) -> tuple[Reference, ...]:
        """Whose the records are."""
        return variables_of(self.dataset, ("USUBJID",))

    @property
    def clauses(self) -> tuple[tuple[Place, WhereClause], ...]:
        """Which records, where not all."""
        return () if self.where is None else ((("where",), self.where),)

    def problems(self, names: Names, path: Place) -> Iterator[Fault]:
        """Yield what holds for every method, and a grouping that the plan has not, or that stands twice."""
        yield from super().problems(names, path)
        for i, named in enumerate(self.within):
            yield from names.grouping(named, (*path, "within", i))
            if named in (self.by, *self.within[:i]):
                yield Fault((*path, "within", i), f"the grouping '{named}' stands twice.", "Leave it in one place.")


AND_WITHIN: Final = " | "
"""What stands between the groups of a level that lies within others."""


def variables_of(dataset: str, names: Iterable[str]) -> tuple[Reference, ...]:
    """Return variables of one dataset or derivation."""
    return tuple(Reference(dataset=dataset, variable=name) for name in names)


class MethodFileError(UserError):
    """A method that is listed lacks a file, or something in it."""


def said_by(folder: str, method: str, name: str) -> Any:
    """Return what the file of a method in a folder of the program says, as ``METHOD`` in ``analysis.steps``."""
    module = f"{folder}.{method}"
    file = f"{module.replace('.', '/')}.py"
    try:
        found = import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise MethodFileError(f"The method {method} has no file {file}.") from None
    if not hasattr(found, name):
        raise MethodFileError(f"The method {method} has no {name} in {file}.")
    return getattr(found, name)
