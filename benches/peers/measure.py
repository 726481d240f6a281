"""Runs commands and measures each as a whole process."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Run:
    """One process: wall seconds, processor seconds of all its threads, the most memory it held in bytes, what it printed."""

    wall: float
    cpu: float
    peak: int
    out: str


def run(command):
    """Runs a command to its end; ends this program if it fails.

    The system starts a child's peak of memory at its parent's, so this program stays small: it reads line by line.
    """
    command = [str(word) for word in command]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out, tempfile.TemporaryFile("w+", encoding="utf-8") as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            sys.exit(f"{' '.join(command)}\nended with {process.returncode}\n{err.read()[-2000:]}")
        return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT, out.read())


def in_turn(commands, rounds):
    """Runs of each command: all of them one after the other, `rounds` times, so that what disturbs the machine disturbs all."""
    runs = {name: [] for name in commands}
    for number in range(rounds):
        for name, command in commands.items():
            print(f"round {number + 1} of {rounds}: {name}", file=sys.stderr)
            runs[name].append(run(command))
    return runs
