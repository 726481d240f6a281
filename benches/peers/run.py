#!/usr/bin/env python3
"""Standpoint and its peers on the same work, in turn. See README.md beside this file."""

import argparse
import os
import platform
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import made
import parts
from measure import run

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / "target" / "peers"
PINNED = [
    "numpy==2.4.6",
    "scipy==1.17.1",
    "scikit-learn==1.9.1",
    "zstandard==0.25.0",
    "fasttext-numpy2-wheel==0.9.2",
    "vowpalwabbit==9.11.9",
]


def environment():
    """The Python of the peers, made on first use; wheels only, so that no compiler is needed."""
    python = WORK / "venv" / "bin" / "python"
    stamp = WORK / "venv" / "pinned.txt"
    if not stamp.exists() or stamp.read_text() != "\n".join(PINNED):
        print("making", WORK / "venv", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", WORK / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--only-binary", ":all:", *PINNED], check=True)
        stamp.write_text("\n".join(PINNED))
    return python


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with newsmtsc/train.jsonl and news/news*.jsonl[.zst]; else generated text")
    parser.add_argument("--subject", help=f"whose portrayal (default: Hillary Clinton with --data, else {made.SUBJECT})")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each command (default 5)")
    parser.add_argument("--quick", action="store_true", help="two rounds, small generated data")
    parser.add_argument("--parts", default=",".join(parts.ALL), help="which parts, with commas (default: %(default)s)")
    parser.add_argument("--bin", type=Path, default=ROOT / "target" / "release", help="folder of the built binary and examples/")
    args = parser.parse_args()
    args.parts = args.parts.split(",")
    if unknown := set(args.parts) - set(parts.ALL):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(parts.ALL)}")
    return args


def generated(quick):
    """The folder of generated text, written on first use, by a process of its own for the sake of this one's memory (see measure.run)."""
    folder = WORK / ("made-quick" if quick else "made")
    if not folder.exists():
        unfinished = WORK / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        run([sys.executable, HERE / "made.py", unfinished, *((2000, 300) if quick else (9000, 4000))])
        unfinished.rename(folder)
    return folder


def articles(folder, python):
    """The smallest corpus of a megabyte or more in `folder`, unpacked, so that no unpacking is timed."""
    files = sorted(folder.glob("news*.jsonl*"), key=lambda path: (path.stat().st_size < 1_000_000, path.stat().st_size))
    if not files:
        sys.exit(f"{folder} has no news*.jsonl or news*.jsonl.zst")
    if files[0].suffix != ".zst":
        return files[0]
    plain = WORK / files[0].stem
    run([python, parts.PEER, "unpack", files[0], plain])
    return plain


def prepared(args):
    """What all parts need: programs, data, how often."""
    standpoint, example = args.bin / "standpoint", args.bin / "examples" / "fit"
    if not standpoint.exists() or not example.exists():
        sys.exit("build first: cargo build --release --bin standpoint --example fit")
    WORK.mkdir(parents=True, exist_ok=True)
    python = environment()
    data = args.data or generated(args.quick)
    return parts.Bench(
        standpoint=standpoint,
        example=example,
        python=python,
        work=WORK,
        train=data / "newsmtsc" / "train.jsonl",
        news=articles(data / "news", python),
        subject=args.subject or ("Hillary Clinton" if args.data else made.SUBJECT),
        rounds=2 if args.quick else args.rounds,
        quick=args.quick,
    )


def main():
    args = arguments()
    bench = prepared(args)
    version = run([bench.standpoint, "--version"]).out.strip()
    print(f"{date.today()}; {version}; {'; '.join(PINNED)}; Python {platform.python_version()}; {os.cpu_count()} processors; {bench.rounds} rounds;")
    print(f"{bench.news.name}, {bench.news.stat().st_size / 1e6:.1f} MB of {'generated text' if args.data is None else 'news'}; MB are 10^6 bytes.")
    results = [result for name in args.parts for result in parts.ALL[name](bench)]
    print("\n### In short\n\n| question | measured |\n|---|---|")
    for question, measured in results:
        print(f"| {question} | {measured} |")


if __name__ == "__main__":
    main()
