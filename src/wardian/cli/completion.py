"""`wardian completion`."""

from typing import Literal

from wardian.cli.output import say
from wardian.cli.parser import whole


def completion(shell: Literal["bash", "zsh", "fish"], /) -> None:
    """Print the completion script of a shell: `source <(wardian completion bash)`."""
    say(whole().generate_completion(shell=shell))
