"""``python -m bodyworn.cli.reference FOLDER`` writes the reference pages into it."""

import sys
from pathlib import Path

from bodyworn.cli.reference import write

write(Path(sys.argv[1]))
