#!/usr/bin/env python3
"""Standpoint and its peers on the same work, in turn. See README.md beside this file."""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

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
        subprocess.run([sys.executable, "-m", "venv", WORK / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--only-binary", ":all:", *PINNED], check=True)
        stamp.write_text("\n".join(PINNED))
    return str(python)


def made_text(folder, n_labelled, n_articles):
    """Text like that of newspapers in the statistics that matter for speed: invented words by Zipf's law, sentences of 8 to 35 of them."""
    chance = random.Random(5)
    syllables = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
    words = ["".join(chance.choices(syllables, k=1 + i % 4)) + str(i % 7 or "") * (i > 20000) for i in range(40000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    tone = [chance.choice((-1, 0, 0, 0, 1)) for _ in words]
    pool = iter(())

    def sentence(named):
        nonlocal pool
        chosen = []
        for _ in range(chance.randint(8, 35)):
            index = next(pool, None)
            if index is None:
                pool = iter(chance.choices(range(len(words)), weights, k=200000))
                index = next(pool)
            chosen.append(index)
        text = [words[i] for i in chosen]
        text[0] = text[0].capitalize()
        if named:
            text.insert(len(text) // 2, "Dana Verrick")
        total = sum(tone[i] for i in chosen) + chance.gauss(0, 1)
        return " ".join(text) + ".", (total > 1) - (total < -1)

    (folder / "newsmtsc").mkdir(parents=True, exist_ok=True)
    (folder / "news").mkdir(exist_ok=True)
    with open(folder / "newsmtsc" / "train.jsonl", "w", encoding="utf-8") as out:
        for i in range(n_labelled):
            text, polarity = sentence(True)
            start = text.index("Dana Verrick")
            row = {"mention": "Dana Verrick", "polarity": polarity, "from": start, "to": start + 12, "sentence": text, "id": f"a{i // 2}_{i}"}
            out.write(json.dumps(row) + "\n")
    with open(folder / "news" / "news.jsonl", "w", encoding="utf-8") as out:
        for i in range(n_articles):
            text = "\n\n".join(" ".join(sentence(chance.random() < 0.05)[0] for _ in range(3)) for _ in range(7))
            out.write(json.dumps({"id": f"n{i}", "outlet": f"Paper {i % 9}", "title": "A title", "date": "2024-01-01", "text": text}) + "\n")


class Run:
    """Wall and user seconds of one process, and what it printed."""

    def __init__(self, command, env=None):
        before, start = os.times(), time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
        self.wall = time.perf_counter() - start
        self.user = os.times().children_user - before.children_user
        if done.returncode:
            sys.exit(f"{' '.join(map(str, command))}\n{done.stderr[-2000:]}")
        self.out = done.stdout


def in_turn(commands, rounds):
    """Runs all commands `rounds` times, one after the other in each round: what disturbs the machine disturbs all."""
    runs = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(Run(command))
    return runs


def table(title, rows, note=""):
    """rows: name, seconds, user seconds or None, a remark. Ratios are to the first row."""
    print(f"\n### {title}\n")
    if note:
        print(note + "\n")
    print("| | median s | min - max | user s | times Standpoint's | |\n|---|---|---|---|---|---|")
    first = statistics.median(rows[0][1])
    for name, seconds, user, remark in rows:
        median = statistics.median(seconds)
        users = "" if user is None else f"{statistics.median(user):.2f}"
        print(f"| {name} | {median:.3f} | {min(seconds):.3f} - {max(seconds):.3f} | {users} | {median / first:.1f} | {remark} |", flush=True)


def loosest(fit, tolerances, best, within):
    """The loosest tolerance whose fit is within `within`, relatively, of the objective `best`."""
    for tol in tolerances:
        if fit(tol)["objective"] <= best * (1 + within):
            return tol
    return tolerances[-1]


def fits(python, example, folder, title, penalties, within, rounds, liblinear):
    peer = [python, str(HERE / "peer.py"), "fit"]
    for l2 in penalties:
        ours = lambda tol: [str(example), str(folder), "--l2", str(l2), "--tol", str(tol)]
        theirs = lambda tol: [*peer, "lbfgs", str(folder), str(l2), str(tol)]
        best = json.loads(Run(ours("1e-10")).out)["objective"]
        read = lambda command: lambda tol: json.loads(Run(command(tol)).out)
        our_tol = loosest(read(ours), ["1e-3", "1e-4", "1e-5", "1e-6", "1e-7", "1e-8"], best, within)
        their_tol = loosest(read(theirs), ["1e-2", "1e-3", "1e-4", "1e-5", "1e-6", "1e-7"], best, within)
        commands = {f"Standpoint, tol {our_tol}": ours(our_tol), f"scikit-learn lbfgs, tol {their_tol}": theirs(their_tol)}
        if liblinear:
            commands["liblinear, one-vs-rest (another objective)"] = [*peer, "liblinear", str(folder), str(l2), "1e-4"]
        rows = []
        for name, runs in in_turn(commands, rounds).items():
            said = [json.loads(run.out) for run in runs]
            objective = said[0]["objective"]
            remark = "" if objective is None else f"objective {objective / best - 1:+.0e} above the least"
            rows.append((name, [s["seconds"][0] for s in said], None, remark))
        table(f"{title}, l2 = {l2}", rows)


def lines_of(path):
    with open(path, "rb") as file:
        return sum(1 for _ in file)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with newsmtsc/train.jsonl and news/*.jsonl[.zst]; else generated text")
    parser.add_argument("--subject", help="the subject of the last part (default: Donald Trump with --data, else Dana Verrick)")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each command (default 5)")
    parser.add_argument("--quick", action="store_true", help="two rounds, small made matrices")
    parser.add_argument("--parts", default="fit,train,score,subject", help="which parts (default all)")
    parser.add_argument("--bin", type=Path, default=ROOT / "target" / "release", help="folder of the built binary and examples/")
    args = parser.parse_args()
    rounds = 2 if args.quick else args.rounds
    parts = args.parts.split(",")
    WORK.mkdir(parents=True, exist_ok=True)
    python = environment()
    standpoint, example = args.bin / "standpoint", args.bin / "examples" / "fit"
    if not standpoint.exists() or not example.exists():
        sys.exit("build first: cargo build --release --bin standpoint --example fit")
    data = args.data
    if data is None:
        data = WORK / ("made-quick" if args.quick else "made")
        if not data.exists():
            made_text(data, *((2000, 300) if args.quick else (9000, 4000)))
    train = data / "newsmtsc" / "train.jsonl"
    news = min((data / "news").glob("news*.jsonl*"), key=lambda path: (path.stat().st_size < 1_000_000, path.stat().st_size))
    subject = args.subject or ("Donald Trump" if args.data else "Dana Verrick")
    versions = Run([str(standpoint), "--version"]).out.strip()
    print(f"{versions}; {'; '.join(PINNED)}; {os.cpu_count()} processors; {rounds} rounds; {'made text' if args.data is None else 'own data'}")
    peer = [python, str(HERE / "peer.py")]

    if "fit" in parts:
        text = WORK / "matrix-text"
        text.mkdir(exist_ok=True)
        Run([*peer, "matrix_text", str(train), str(text)])
        fits(python, example, text, "1. Fit alone: word 1-2-grams, to 1e-6 of the least objective", ["0.1", "1", "10"], 1e-6, rounds, False)
        size = 20_000 if args.quick else 100_000
        made = WORK / f"matrix-{size}"
        if not made.exists():
            made.mkdir()
            Run([*peer, "matrix_made", str(size), str(size), str(made)])
        title = f"1. Fit alone: {size} x {size}, 23 entries a row, to 1e-4"
        fits(python, example, made, title, ["0.1", "1", "10"], 1e-4, rounds, True)

    models = {name: str(WORK / f"model.{name}") for name in ("sklearn", "fasttext", "vw")}
    own = str(WORK / "model.safetensors")
    words = [str(standpoint), "train", str(train), "-o", own, "--quiet", "--folds", "0"]
    train_peers = {
        "scikit-learn, TF-IDF 1-2-grams": [*peer, "train_sklearn", str(train), models["sklearn"]],
        "fastText, word bigrams, 10 epochs": [*peer, "train_fasttext", str(train), models["fasttext"]],
        "Vowpal Wabbit, bigrams, 3 passes": [*peer, "train_vw", str(train), models["vw"]],
    }
    if "train" in parts:
        commands = {
            "Standpoint, words and pairs": [*words, "--features", "words,pairs", "--vectors", "none"],
            **train_peers,
            "Standpoint, all families": words,
            "Standpoint, all families, 5 folds": [*words[:-2]],
        }
        found = in_turn(commands, rounds)
        rows = [(name, [r.wall for r in runs], [r.user for r in runs], "") for name, runs in found.items()]
        table("2. Train, whole process", rows, f"{lines_of(train)} labelled sentences read, a model written.")
    elif "score" in parts or "subject" in parts:
        for command in [words, *train_peers.values()]:
            Run(command)

    def score(title, ours, name, note):
        out = {key: str(WORK / f"scores.{key}") for key in ("own", *models)}
        commands = {"Standpoint": [*ours, "-o", out["own"]]}
        for key, label in (("sklearn", "scikit-learn"), ("fasttext", "fastText"), ("vw", "Vowpal Wabbit")):
            commands[label] = [*peer, f"score_{key}", models[key], str(news), out[key], *name]
        found = in_turn(commands, rounds)
        rows = [
            (label, [r.wall for r in runs], [r.user for r in runs], f"{lines_of(path)} lines")
            for (label, runs), path in zip(found.items(), out.values())
        ]
        table(title, rows, note)

    if "score" in parts:
        if "--all-sentences" in Run([str(standpoint), "score", "--help"]).out:
            command = [str(standpoint), "score", str(news), "--model", own, "--all-sentences", "--format", "jsonl", "--quiet"]
            score("3. Score every sentence, whole process", command, [], "Articles read, a line written for each sentence (Standpoint: as it writes them).")
        else:
            print("\n### 3. Score every sentence\n\nLeft out: this Standpoint has no `score --all-sentences`.")
    if "subject" in parts:
        command = [str(standpoint), "score", str(news), "--model", own, "--subject", subject, "--format", "jsonl", "--quiet"]
        note = f"All articles read; sentences that name {subject} scored. Peers take those with the family name, without looking at furniture, voices or places."
        score("4. Score a subject, whole process", command, [subject.split()[-1]], note)


if __name__ == "__main__":
    main()
