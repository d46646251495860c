"""How far a long command is: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Steps:
    """A bar for every step on a terminal; elsewhere a line for each tenth, so that a file or a pipe tells how far it is."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn())
        self.console = console
        self.bar = Progress(*columns, console=console, disable=not console.is_terminal)
        self._told: dict[TaskID, int] = {}

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self.bar.stop()

    def begin(self, title: str, total: float) -> TaskID:
        step = self.bar.add_task(title, total=total)
        self._tell(step)
        return step

    def reach(self, step: TaskID, completed: float, title: str | None = None) -> None:
        self.bar.update(step, completed=completed, description=title)
        self._tell(step)

    def _tell(self, step: TaskID) -> None:
        task = self.bar.tasks[step]
        tenth = int(task.percentage // 10)
        if not self.console.is_terminal and self._told.get(step) != tenth:
            self._told[step] = tenth
            self.console.print(f"{task.description}: {task.percentage:.0f} %")
