"""The table of licences is that of the lock, and each licence permits a copy of this project."""

from tests.docs.licences import PAGE, find_licence, runtime_packages, write_table

PERMISSIVE = {
    *("0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0"),
    *("MPL-2.0", "PSF-2.0"),
}
"""MPL-2.0 asks only for changes of its own files."""


def test_the_table_is_up_to_date() -> None:
    text = PAGE.read_text()
    assert text == write_table(text), "run make format"


def test_each_licence_is_permissive() -> None:
    licences = {name: find_licence(name) for name in runtime_packages()}
    assert len(licences) > 40
    others = {
        name: each for name, each in licences.items() if not {*each.split(" OR ")} & PERMISSIVE
    }
    assert others == {}
