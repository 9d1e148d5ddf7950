"""The command line with small stages in place of the real ones: ``python -m tests.journeys.fast_cli analyze …``.

``SLOWER`` in the environment is how many times longer they take.
"""

from __future__ import annotations

import os
from dataclasses import replace

from bodyworn.cli import main
from bodyworn.findings import plan
from tests.engine.fake_stages import FAST

if __name__ == "__main__":
    slower = float(os.environ.get("SLOWER", "1"))
    plan.STAGES = tuple(replace(stage, seconds=stage.seconds * slower) for stage in FAST)
    main()
