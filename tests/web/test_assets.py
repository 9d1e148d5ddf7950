"""Static files: one digest in every path, served for good; nothing without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from posixpath import dirname, join, normpath

import pytest
from starlette.testclient import TestClient

from bodyworn.domain.finding import Family
from bodyworn.web.assets import ENCOUNTER, SITE, assets, digest, static_url
from bodyworn.web.families import FAMILIES, LANES
from tests.web.conftest import STATIC_ADDRESS, addresses

PAGES = ("/recordings/", "stop.mp4", "stop.mp4/custody", "stop.mp4/facts", "running.mp4", "/nowhere", "/styleguide")


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_a_static_file_without_the_digest(
    client: TestClient, id_of: Callable[[str], str], page: str
) -> None:
    found = re.findall(r'(?:href|src)="(/static/[^"#]*)', client.get(addresses(page, id_of)).text)
    assert found
    for address in set(found):
        assert re.fullmatch(STATIC_ADDRESS, address)
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_module_finds_its_neighbors_under_the_same_digest(client: TestClient) -> None:
    modules = [name for name in assets() if name.endswith(".js")]
    imports = 0
    for name in modules:
        for relative in re.findall(r'^import .*from "([^"]+)";$', client.get(static_url(name)).text, re.MULTILINE):
            assert relative.startswith("."), f"{name} imports {relative} by an address of its own"
            neighbor = normpath(join(dirname(static_url(name)), relative))
            assert neighbor.startswith(f"/static/{digest()}/")
            assert client.get(neighbor).status_code == 200
            imports += 1
    assert imports > 10


@pytest.mark.parametrize("address", ["/static/{0}/css/base.css", "/static/css/base.css", "/static/{1}/nothing.css"])
def test_another_digest_and_an_unknown_file_are_not_found(client: TestClient, address: str) -> None:
    answer = client.get(address.format("0" * 16, digest()))
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["..%2fpages.py", "%2e%2e/pages.py", "/etc/passwd"])
def test_only_static_files_are_served(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{digest()}/{name}").status_code in (404, 401)


def test_a_family_has_a_color_a_class_a_shape_and_a_lane(client: TestClient) -> None:
    tokens, classes = (client.get(static_url(f"css/{name}.css")).text for name in ("tokens", "families"))
    icons = client.get(static_url("icons.svg")).text
    for family in Family:
        assert f"--fam-{family.value}: light-dark(" in tokens
        assert f".fam-{family.value} {{" in classes
        assert f'<symbol id="fam-{family.value}"' in icons
    assert f"--lane-count: {LANES};" in classes
    assert set(FAMILIES) == set(Family)


def test_styles_written_in_many_files_are_served_as_two() -> None:
    served = {name: assets()[name].body.decode() for name in (SITE, ENCOUNTER)}
    assert served[SITE].index("--bg:") < served[SITE].index("*, *::before") < served[SITE].index(".badge {")
    written = [name for name in assets() if name.startswith(("css/components/", "pages/encounter/"))]
    for name in (name for name in written if name.endswith(".css")):
        assert assets()[name].body.decode() in served[SITE if name.startswith("css/") else ENCOUNTER], name
    assert served[ENCOUNTER].rindex("@media (max-width: 479px)") > served[ENCOUNTER].index(".transport {")


def test_colors_stand_in_the_tokens_only() -> None:
    allowed = {"css/tokens.css", "css/families.css", SITE}
    for name, asset in assets().items():
        if name.endswith(".css") and name not in allowed:
            found = re.findall(r"#[0-9a-f]{3,8}\b|light-dark\(|rgb\(", asset.body.decode())
            assert not found, f"{name} has colors of its own: {found}"


def test_lines_of_templates_styles_and_scripts_are_short_and_behaviors_small() -> None:
    from bodyworn.web.assets import FOLDER

    web = FOLDER.parent
    for path in [*web.rglob("*.html"), *web.rglob("*.css"), *web.rglob("*.js")]:
        lines = path.read_text().splitlines()
        assert max(map(len, lines)) <= 120, path
        if path.parent.name == "behaviors":
            assert len(lines) <= 60, path
    assert len((FOLDER / "bind.js").read_text().splitlines()) <= 35
