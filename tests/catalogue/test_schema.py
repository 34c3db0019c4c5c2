"""The schemas that editors use are those the program checks with, and every file names its own."""

from bot.catalogue.schema import schemas
from tests.catalogue.conftest import DATA

FOLDER = DATA.parent / "docs" / "schema"


def test_the_schemas_are_fresh():
    """If not: python -m bot.catalogue.schema docs/schema"""
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.schema.json")}
    assert written == schemas()


def test_every_file_names_its_schema():
    files = [*(DATA / "procedures").glob("*.yml")]
    files += [DATA / f"{name}.yml" for name in ("answers", "offices", "other_agencies", "words")]
    for path in files:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema=")
        assert (path.parent / first.partition("=")[2]).resolve().is_file(), path.name
