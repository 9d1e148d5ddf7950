"""The scripts of a page are served as one module that does the same."""

from __future__ import annotations

import re

import pytest

from bodyworn.web.assets import ENCOUNTER_SCRIPT, assets
from bodyworn.web.modules import joined

WRITTEN = {
    "a/main.js": b'import { twice } from "./twice.js";\nimport { one } from "../one.js";\nconsole.log(twice(one));\n',
    "a/twice.js": b'import { one } from "../one.js";\nexport function twice(n) {\n  return n * 2 * one;\n}\n',
    "one.js": b"export const one = 1;\n",
}


def test_each_module_comes_once_and_after_what_it_imports() -> None:
    text = joined("a/main.js", WRITTEN).decode()
    assert re.findall(r"^// (.*)$", text, re.MULTILINE) == ["one.js", "a/twice.js", "a/main.js"]
    assert "const $one = (() => {\nconst one = 1;\nreturn { one };\n})();" in text
    assert "const { one } = $one;\nfunction twice(n) {" in text
    assert text.endswith("const { twice } = $a_twice;\nconst { one } = $one;\nconsole.log(twice(one));\n")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"export default function () {}\n", "cannot be joined"),
        (b"export let n = 1;\n", "cannot be joined"),
        (b'import * as all from "./twice.js";\n', "cannot be joined"),
        (b'import { one as two } from "../one.js" ;\n', "cannot be joined"),
        (b'import { n } from "./main.js";\nexport const one = n;\n', "imports itself"),
    ],
)
def test_a_form_that_would_do_something_else_when_joined_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        joined("a/main.js", {**WRITTEN, "a/twice.js": body})


def test_the_script_of_the_encounter_has_all_its_modules_and_asks_for_none() -> None:
    text = assets()[ENCOUNTER_SCRIPT].body.decode()
    written = {name for name in assets() if name.startswith("pages/encounter/") and name.endswith(".js")}
    assert set(re.findall(r"^// (pages/\S+)$", text, re.MULTILINE)) == written
    assert not re.search(r"^\s*(import|export)\b|\bimport\(", text, re.MULTILINE)
