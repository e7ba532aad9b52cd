"""Every error the product raises on purpose, in one tree.

A user sees ``message`` as one line; ``exit_code`` is the contract's process exit status.
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of all deliberate errors; ``str(error)`` is one line fit for a user.

    Args:
        message: what is wrong, in Chinese, naming the file or option concerned.
        hint: what to do about it, in Chinese; empty when there is nothing to add.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = " ".join(message.split())
        self.hint = " ".join(hint.split())
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message}（{self.hint}）" if self.hint else self.message


class InputError(AssistantError):
    """A file or record that cannot be used as given (exit 2)."""

    exit_code = 2


class UsageError(AssistantError):
    """Options or arguments that do not make sense (exit 2)."""

    exit_code = 2


class PolicyError(AssistantError):
    """The policy corpus itself is damaged or inconsistent (exit 2)."""

    exit_code = 2


class UndecidedError(AssistantError):
    """There is too little evidence to decide (exit 3, evals only)."""

    exit_code = 3


class UnavailableError(AssistantError):
    """A component that was asked for is not installed or cannot be reached (exit 4)."""

    exit_code = 4


class ModelError(AssistantError):
    """A model call failed, timed out, or answered something unusable (becomes a problem)."""

    exit_code = 4
