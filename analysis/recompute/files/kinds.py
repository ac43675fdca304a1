"""Which reader a file has: its first bytes decide, not its name."""

from collections.abc import Callable, Mapping
from typing import Final

from analysis.recompute.files import comma_separated, parquet
from analysis.recompute.files.sheet import Sheet, UnreadError, Wanted

Reader = Callable[[bytes, Wanted], Sheet]
READERS: Final[Mapping[bytes, Reader]] = {b"PAR1": parquet.read}
"""The readers of the formats that are no texts, by how a file begins."""


def read_sheet(content: bytes, wanted: Wanted) -> Sheet:
    """Return the wanted columns of a file, or say why it cannot be read."""
    read = next((r for start, r in READERS.items() if content.startswith(start)), comma_separated.read)
    try:
        return read(content, wanted)
    except UnreadError:
        raise
    except Exception as error:
        said = str(error).splitlines()
        raise UnreadError(f"{type(error).__name__}: {said[0] if said else ''}") from error
