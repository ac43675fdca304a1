"""A table and a figure of a plan, which show themselves in a notebook."""

from base64 import b64encode
from dataclasses import dataclass
from html import escape

import pandas as pd

from analysis.results.ard import Row
from reports.trace.links import RecordLinks
from reports.words.numbers import shown


@dataclass(frozen=True, repr=False, eq=False)
class Table:
    """A table of a plan.

    Attributes
    ----------
    id, title : str
        The plan's id of it, and how it is called: number, title, and the stamp of the run.
    ard : DataFrame
        The rows of the results it shows, in its order.
    html : str
        The table as HTML; a number says under the pointer which record it is.
    """

    id: str
    title: str
    ard: pd.DataFrame
    html: str

    def _repr_html_(self) -> str:
        return f"<p><strong>{escape(self.title)}</strong></p>\n{self.html}"

    def __repr__(self) -> str:
        return f"{self.title} ({len(self.ard)} numbers)"


@dataclass(frozen=True, repr=False, eq=False)
class Figure:
    """A figure of a plan.

    Attributes
    ----------
    id, title : str
        The plan's id of it, and how it is called: number, title, and the stamp of the run.
    ard : DataFrame
        The rows of the results it shows.
    svg : str
        The picture.
    alt : str
        What it shows, in words.
    """

    id: str
    title: str
    ard: pd.DataFrame
    svg: str
    alt: str

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        # An image shares no ids with other figures of the notebook, and has words for those who do not see it.
        picture = b64encode(self.svg.encode()).decode()
        image = f'<img style="max-width:100%" alt="{escape(self.alt)}" src="data:image/svg+xml;base64,{picture}">'
        return f"<figure>{image}<figcaption>{escape(self.title)}</figcaption></figure>"

    def __repr__(self) -> str:
        return f"{self.title} ({len(self.ard)} numbers)\n{self.alt}"


@dataclass(frozen=True)
class Hints:
    """Numbers that say under the pointer which record they are: a notebook has no page of records to lead to."""

    links: RecordLinks

    def html(self, row: Row, text: str | None = None) -> str:
        """Return a number, or the text in its place, with its record."""
        said = shown(row, self.links.p_digits) if text is None else text
        return f'<span title="{escape(self.links.short(row))}">{escape(said)}</span>'
