"""A column by its distinct cells: what is asked of a text is asked of each text once, however many records hold it."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def distinct(cells: "pd.Series[str]") -> tuple[NDArray[np.integer], list[str]]:
    """Return for each record which of the distinct cells it holds, and these: those of a file as they come first."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return cells.cat.codes.to_numpy(), list(cells.cat.categories)
    codes, found = pd.factorize(cells.to_numpy(dtype=object))
    return codes, list(found)


def holding(cells: "pd.Series[str]", texts: Iterable[str]) -> "pd.Index[int]":
    """Return the rows that hold one of some texts."""
    wanted = set(texts)
    return cells.index[where(cells, wanted.__contains__)] if wanted else cells.index[:0]


def where(cells: "pd.Series[str]", test: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Return which records hold a text that passes a test; one that holds nothing at all does not."""
    codes, found = distinct(cells)
    passes = np.array([*map(test, found), False], dtype=np.bool_)
    return np.asarray(passes[codes], dtype=np.bool_)


def as_objects(cells: "pd.Series[str]") -> "pd.Series[str]":
    """Return a column in which each record refers to its text: records that hold the same share it."""
    if not isinstance(cells.dtype, pd.CategoricalDtype):
        return cells
    codes, found = distinct(cells)
    return pd.Series(np.array(found, dtype=object)[codes], index=cells.index, dtype=object)


def replaced(cells: "pd.Series[str]", emptied: Iterable[str]) -> "pd.Series[str]":
    """Return a column in which some texts are empty cells."""
    return rewritten(cells, dict.fromkeys(emptied, ""))


def rewritten(cells: "pd.Series[str]", instead: Mapping[str, str]) -> "pd.Series[str]":
    """Return a column in which other texts stand in the place of some."""
    if not instead:
        return cells
    codes, found = distinct(cells)
    again, texts = pd.factorize(np.array([instead.get(text, text) for text in found], dtype=object))
    if not isinstance(cells.dtype, pd.CategoricalDtype):
        return pd.Series(texts[again[codes]], index=cells.index, dtype=object)
    narrow = again.astype(codes.dtype)
    return pd.Series(pd.Categorical.from_codes(narrow[codes], categories=pd.Index(texts)), index=cells.index)
