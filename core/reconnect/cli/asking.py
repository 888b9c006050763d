"""Ask for a yes or no, in one wording everywhere."""

from __future__ import annotations

from typing import overload

import click

from reconnect.cli.output import talk

_YES = ("y", "yes")
_NO = ("n", "no")
_CHOICES = {True: "Y/n", False: "y/N", None: "y/n, Enter leaves it open"}


@overload
def confirm(question: str, default: bool) -> bool: ...
@overload
def confirm(question: str, default: bool | None) -> bool | None: ...
def confirm(question: str, default: bool | None) -> bool | None:
    """Ask until the answer is one; on Enter the default (None: open). Only where somebody is there.

    A click.Abort means that they pressed Ctrl-C, or closed the input.
    """
    while True:
        given: str = click.prompt(
            f"{question} [{_CHOICES[default]}]", default="", show_default=False, err=True
        )
        answer = given.strip().lower()
        if answer in _YES or answer in _NO:
            return answer in _YES
        if not answer:
            return default
        talk("please answer y or n")
