"""Killing what works, and crashing what it writes to, at moments nobody chose."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from prove.workers import Workers, kill

WHOLE_GROUP = 0.1
# The last texts are left alone: what waits for a second look at the end would only make the run longer.
SPARED = 0.1
LOOK_SECONDS = 0.02
LONGEST_DELAY = 0.3


@dataclass(slots=True)
class Progress:
    """How far the run is, and whether it is over."""

    # Of how many texts, and how many of them the provider has taken.
    texts: int
    taken: Callable[[], int]
    over: threading.Event = field(default_factory=threading.Event)

    def moments(self, count: int, chance: random.Random) -> list[float]:
        """So many points of the run, in order, anywhere but at its end."""
        return sorted(chance.uniform(0, self.texts * (1 - SPARED)) for _each in range(count))

    def reaches(self, moment: float) -> bool:
        """Wait for it. False where the run ended before."""
        while self.taken() < moment and not self.over.wait(LOOK_SECONDS):
            pass
        return not self.over.is_set()


@dataclass(slots=True)
class Killer:
    """Kills one process of several, now and then the whole worker, which is started again. Counts each kill."""

    workers: Workers
    progress: Progress
    chance: random.Random
    of_children: int = 0
    of_groups: int = 0

    def kill(self, times: int) -> None:
        before = 0
        for moment in self.progress.moments(times, self.chance):
            # It must have sent something since the last kill, or nothing would be tested.
            if not self.progress.reaches(max(moment, before + 1)):
                return
            self.progress.over.wait(self.chance.uniform(0, LONGEST_DELAY))
            before = self.progress.taken()
            self._kill_one()

    def _kill_one(self) -> None:
        working = self.workers.working()
        if working and self.chance.random() > WHOLE_GROUP:
            kill(self.chance.choice(working))
            self.of_children += 1
        else:
            self.workers.kill_all()
            self.of_groups += 1
            self.workers.start_worker()


def crash_at_random(crash: Callable[[], None], times: int, *, progress: Progress, chance: random.Random) -> None:
    for moment in progress.moments(times, chance):
        if not progress.reaches(moment):
            return
        crash()
