"""What finds things to hide: one file per detector, all behind :class:`~.interface.Detector`.

:func:`detectors_for` names them all; a new one is one more line there.
"""

from __future__ import annotations

from collections.abc import Sequence

from bodyworn.domain.errors import InputError
from bodyworn.domain.redaction import HiddenClass
from bodyworn.redactions.detectors.interface import Detector
from bodyworn.redactions.detectors.shared_search import SharedSearch


def detectors_for(classes: Sequence[HiddenClass]) -> list[Detector]:
    """Fresh detectors that together find ``classes``; :class:`InputError` for one that nothing finds."""
    wanted, search = set(classes), SharedSearch()
    chosen: list[Detector] = []
    if HiddenClass.FACE in wanted:
        from bodyworn.redactions.detectors.faces_centerface import FaceDetector

        chosen.append(FaceDetector())
    if HiddenClass.PLATE in wanted:
        from bodyworn.redactions.detectors.plates_heatmap import PlateDetector

        chosen.append(PlateDetector(search=search))
    if wanted & {HiddenClass.SCREEN, HiddenClass.TEXT}:
        from bodyworn.redactions.detectors.text_ppocr import TextDetector

        chosen.append(TextDetector(wanted))
    if HiddenClass.VEHICLE in wanted:
        from bodyworn.redactions.detectors.vehicles_ssd import VehicleDetector

        chosen.append(VehicleDetector(search=search))
    left = wanted - {cls for detector in chosen for cls in detector.classes}
    if left:
        names = ", ".join(sorted(left))
        raise InputError(f"no detector finds {names} yet", "Leave that class out, or draw regions by hand")
    return chosen
