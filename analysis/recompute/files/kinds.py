"""Which reader a file has: its first bytes decide, not its name."""

from collections.abc import Callable, Mapping
from typing import Final

from analysis.recompute.files import comma_separated, dataset_json, parquet, r_data, sas_dataset, transport, workbook
from analysis.recompute.files.sheet import Asked, Sheet, UnreadError

Reader = Callable[[bytes, Asked], Sheet]
"""From the bytes of a file, and what is read of it, to its texts."""
READERS: Final[Mapping[bytes, Reader]] = {
    b"PAR1": parquet.read,
    transport.START: transport.read,
    sas_dataset.START: sas_dataset.read,
    workbook.START: workbook.read,
    **dict.fromkeys(r_data.STARTS, r_data.read),
    **dict.fromkeys(r_data.PACKED, r_data.read),
    b"{": dataset_json.read,
}
"""The readers of the formats other than separated texts, by how a file begins."""


def read_sheet(content: bytes, asked: Asked) -> Sheet:
    """Return what is asked for of a file, or say why it cannot be read."""
    begins = (content, content[:99].lstrip(b"\xef\xbb\xbf \t\r\n"))
    read = next((r for start, r in READERS.items() if any(b.startswith(start) for b in begins)), comma_separated.read)
    try:
        return read(content, asked)
    except UnreadError:
        raise
    except Exception as error:
        said = str(error).splitlines()
        raise UnreadError(f"{type(error).__name__}: {said[0] if said else ''}") from error
