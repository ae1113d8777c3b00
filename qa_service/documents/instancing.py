"""Cut one weight out of a variable TrueType font: `python -m qa_service.documents.instancing SOURCE WEIGHT TARGET`."""

import os
import sys
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

_POSTSCRIPT_NAME = 6
# Of no use to a PDF, and slow to vary.
_NOT_PRINTED = ("GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "gasp")


def cut(*, source: Path, weight: int, target: Path) -> None:
    font = TTFont(source, lazy=True)
    for table in _NOT_PRINTED:
        if table in font:
            del font[table]
    fixed = instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True, optimize=False)
    for record in [record for record in fixed["name"].names if record.nameID == _POSTSCRIPT_NAME]:
        record.string = f"NotoSansSC-{weight}"
    with target.open("wb") as out:
        fixed.save(out)
        out.flush()
        os.fsync(out.fileno())


if __name__ == "__main__":
    cut(source=Path(sys.argv[1]), weight=int(sys.argv[2]), target=Path(sys.argv[3]))
