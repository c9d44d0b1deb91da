from __future__ import annotations

import pytest

from tests.calls import call, result
from tokenpak.forms import FORMS

PATH = "/home/me/app/cart.ts"


def written(text: str, path: str = PATH) -> str:
    return FORMS["written"].apply(text, result(call("Edit", file_path=path), text))


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (
            f"The file {PATH} has been updated successfully.",
            "The file cart.ts has been updated successfully.",
        ),
        (f"File created successfully at: {PATH}", "File created successfully at: cart.ts"),
        (
            f"The file {PATH} has been updated. See:\n     1→{PATH}",
            f"The file cart.ts has been updated. See:\n     1→{PATH}",
        ),
    ],
)
def test_the_folders_go_as_the_call_names_them(shown, expected):
    assert written(shown) == expected


def test_folders_of_windows_go_as_well():
    path = r"C:\app\cart.ts"
    assert written(f"The file {path} has been updated.", path).startswith("The file cart.ts has")


@pytest.mark.parametrize(
    "text",
    [
        "The file /home/me/other.ts has been updated successfully.",
        f"The file {PATH}.bak has been updated successfully.",
        f"Error: the file {PATH} does not exist",
        f"see\nThe file {PATH} has been updated.",
    ],
)
def test_a_path_that_the_call_does_not_name_stays(text):
    assert written(text) == text


def test_a_call_that_names_no_file_has_nothing_to_compare_with():
    text = f"The file {PATH} has been updated successfully."
    assert FORMS["written"].apply(text, result(call("Edit"), text)) == text
