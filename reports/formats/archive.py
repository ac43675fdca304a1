"""Archives that are the same bytes each time: no clock, no machine, names in order."""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

_NO_CLOCK: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o100644
_UNIX: Final = 3
_CONTENTS: Final = "[Content_Types].xml"
"""The part an office document begins with."""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as one archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files, key=lambda name: (name != _CONTENTS, name)):
            entry = zipfile.ZipInfo(name, _NO_CLOCK)
            entry.create_system = _UNIX
            entry.external_attr = _MODE << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=9)
    return out.getvalue()


def unpacked(archive: bytes) -> dict[str, bytes]:
    """Return the files of an archive, by name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {entry.filename: opened.read(entry) for entry in opened.infolist() if not entry.is_dir()}
