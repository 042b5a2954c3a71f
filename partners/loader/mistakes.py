"""What is wrong in a file, said so that the writer can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake: the line (from 1; 0: the file as a whole), the place like `awards[1].actions[0].amount`, and what to do."""

    line: int
    place: str
    message: str

    def __str__(self):
        where = f"{self.place}: " if self.place else ""
        return f"line {self.line}: {where}{self.message}"


class FileRefused(Exception):
    """The file has mistakes and nothing was changed. `mistakes` are in the order of their lines."""

    def __init__(self, mistakes):
        self.mistakes = sorted(set(mistakes))
        super().__init__("\n".join(str(each) for each in self.mistakes))


class RowMistake(Exception):
    """A mistake that only shows while a row is put together; `field` is the name in the file."""

    def __init__(self, field: str, message: str):
        self.field = field
        super().__init__(message)


def place_of(path) -> str:
    """`awards[1].actions[0].amount` for ("awards", 1, "actions", 0, "amount")."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text
