"""The parts of the comparison. Each asks one question, prints tables, and returns (question, measured) pairs for the last table."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import made
from measure import in_turn, run
from tables import Row, peak, ratio, span_of, table, whole

PEER = Path(__file__).resolve().parent / "peer.py"
STARTS = 20
SHORT_ARTICLE = """The commissioner of the harbour, Dana Verrick, defended the new tariff on Tuesday.

"It is fair, and it pays for the lights," Verrick said. Shipowners called the decision reckless. The council has praised her work before.
"""


@dataclass(frozen=True)
class Bench:
    """Programs, data, the folder for everything written, how often commands run."""

    standpoint: Path
    example: Path
    python: Path
    work: Path
    train: Path
    news: Path
    subject: str
    rounds: int
    quick: bool

    def peer(self, *job):
        return [self.python, PEER, *job]

    def score(self, news, *options):
        """`score` to a file of JSON lines."""
        return [self.standpoint, "score", news, *options, "--format", "jsonl", "--quiet", "-o", self.work / "scores.jsonl"]

    def model(self, name):
        return self.work / f"model.{name}"

    def train_words(self):
        """Trains on what the peers see: words and pairs of words."""
        features = ["--features", "words,pairs", "--vectors", "none"]
        return [self.standpoint, "train", self.train, "-o", self.model("words"), "--folds", "0", *features, "--quiet"]

    def train_peer(self, name):
        return self.peer(f"train_{name}", self.train, self.model(name))


def n_bytes(path):
    return path.stat().st_size


def subject(bench):
    """How fast is a corpus scored for one subject, with the built-in model?"""
    commands = {
        "Standpoint": bench.score(bench.news, "--subject", bench.subject),
        "Python reads the articles as JSON, no more": bench.peer("read", bench.news),
    }
    found = in_turn(commands, bench.rounds)
    rows = [whole(name, runs, n_bytes(bench.news)) for name, runs in found.items()]
    note = (
        f'`score --subject "{bench.subject}"` with the built-in model, from start to end of the process. The second row does nothing but '
        "read the same file: for scale."
    )
    table("1. Score a subject", note, rows)
    return [("score a subject, built-in model", f"{rows[0].more['MB/s']} MB/s")]


def sentences(bench):
    """How fast is every sentence scored, target-blind?"""
    for command in [bench.train_words(), *map(bench.train_peer, ("sklearn", "fasttext", "vw"))]:
        run(command)
    words = ["--all-sentences", "--model", bench.model("words")]

    def peer(name):
        return bench.peer(f"score_{name}", bench.model(name), bench.news, bench.work / f"scores.{name}")

    commands = {
        "Standpoint, words and pairs": bench.score(bench.news, *words),
        "Standpoint, words and pairs, 1 thread": bench.score(bench.news, *words, "--threads", "1"),
        "Standpoint, words and pairs, plain": bench.score(bench.news, *words, "--plain"),
        "Standpoint, words and pairs, plain, 1 thread": bench.score(bench.news, *words, "--plain", "--threads", "1"),
        "scikit-learn, TF-IDF 1-2-grams": peer("sklearn"),
        "Standpoint, built-in model": bench.score(bench.news, "--all-sentences"),
        "Standpoint, built-in model, 1 thread": bench.score(bench.news, "--all-sentences", "--threads", "1"),
        "fastText, word bigrams": peer("fasttext"),
        "Vowpal Wabbit, bigrams": peer("vw"),
    }
    found = in_turn(commands, bench.rounds)
    rows = [whole(name, runs, n_bytes(bench.news)) for name, runs in found.items()]
    like, default = rows[:5], rows[5:]
    note = (
        "Articles in, a line of JSON for each sentence out, the whole process. Both models see words and pairs of words. Standpoint also finds "
        "furniture, voices and speakers and writes them, but with `--plain`, which takes texts as the peer does; the peer splits with one regular "
        "expression and calls `transform` and `predict_proba` "
        'once, on all sentences. Peers use one thread: "CPU s" and the rows of one thread show what a second one is worth.'
    )
    table("2a. Score every sentence, same features", note, like)
    note = "The same with the built-in model (all families of features, word vectors) against linear models of words and pairs."
    table("2b. Score every sentence, built-in model", note, default)
    return [
        ("every sentence, words and pairs; scikit-learn", versus(like[0], like[1], like[4])),
        ("the same with `--plain`: what the peer does, no more", versus(like[2], like[3], like[4])),
        ("every sentence, built-in model; fastText", versus(default[0], default[1], default[2])),
        ("every sentence, built-in model; Vowpal Wabbit", versus(default[0], default[1], default[3])),
    ]


def versus(own, single, peer):
    """Speeds of Standpoint, of Standpoint on one thread and of a peer, and what the peer's time is of the first's and second's."""
    speeds = [row.more["MB/s"] for row in (own, single, peer)]
    times = f"{ratio(peer, own):.1f} times as long, {ratio(peer, single):.1f} times as long as one thread"
    return f"{speeds[0]} MB/s ({speeds[1]} on one thread); the peer {speeds[2]}: takes {times}"


def start(bench):
    """How long does one short article take?"""
    run(bench.train_peer("sklearn"))
    article = bench.work / "short.txt"
    article.write_text(SHORT_ARTICLE, encoding="utf-8")
    commands = {
        "Standpoint, `score` of one article": bench.score(article, "--outlet", "Paper", "--subject", "Dana Verrick"),
        "Python, `import sklearn`": [bench.python, "-c", "import sklearn"],
        "Python, scikit-learn's model loaded": bench.peer("load_sklearn", bench.model("sklearn")),
    }
    found = in_turn(commands, max(STARTS, bench.rounds))
    rows = [whole(name, runs) for name, runs in found.items()]
    note = "One article of four sentences, the whole process. The other rows only start: they score nothing."
    table(f"3. Start ({max(STARTS, bench.rounds)} runs each)", note, rows, unit="ms")
    own, _, peer = (median(row.seconds) * 1000 for row in rows)
    return [("start: one short article", f"{own:.1f} ms; scikit-learn's model loaded: {peer:.0f} ms")]


def matrix(bench, n, d):
    """A folder with a made matrix of `n` rows and `d` columns, 23 entries a row."""
    folder = bench.work / f"matrix-{n}-{d}"
    if not (folder / "shape.npy").exists():
        folder.mkdir(exist_ok=True)
        run(bench.peer("matrix_made", n, d, folder))
    return folder


def said(done):
    return json.loads(done.out)


def loosest(fit, tolerances, most):
    """The loosest of the tolerances whose fit brings the objective to `most`, else the strictest."""
    return next((tol for tol in tolerances if said(run(fit(tol)))["objective"] <= most), tolerances[-1])


def fit_rows(bench, folder, l2, within, liblinear):
    """Rows of fits to within a share `within` of the least objective, each with the loosest tolerance that does it."""

    def own(tol):
        return [bench.example, folder, "--l2", l2, "--tol", tol]

    def lbfgs(tol):
        return bench.peer("fit", "lbfgs", folder, l2, tol)

    least = said(run(own("1e-10")))["objective"]
    own_tol = loosest(own, ["1e-3", "1e-4", "1e-5", "1e-6", "1e-7", "1e-8"], least * (1 + within))
    tol = loosest(lbfgs, ["1e-3", "1e-4", "1e-5", "1e-6", "1e-7"], least * (1 + within))
    commands = {f"Standpoint, l2 {l2}, tol {own_tol}": own(own_tol), f"scikit-learn lbfgs, l2 {l2}, tol {tol}": lbfgs(tol)}
    if liblinear:
        commands[f"liblinear one-vs-rest, l2 {l2}"] = bench.peer("fit", "liblinear", folder, l2, "1e-4")
    rows = []
    for name, runs in in_turn(commands, bench.rounds).items():
        objective = said(runs[0])["objective"]
        above = "another" if objective is None else f"{objective / least - 1:+.0e}"
        more = {"objective above least": above, "peak MB": f"{peak(runs):.0f}"}
        rows.append(Row(name, [said(done)["seconds"][0] for done in runs], more))
    return rows


def fits(bench, folder, penalties, title, note, within, liblinear):
    """A table for each penalty; the ratios of each peer over all of them, as text."""
    tables = [fit_rows(bench, folder, l2, within, liblinear) for l2 in penalties]
    for l2, rows in zip(penalties, tables, strict=True):
        table(f"{title}, l2 = {l2}", note, rows)
    own, *peers = zip(*tables, strict=True)
    return [span_of(rows, own) for rows in peers]


def fit(bench):
    """How fast is the fit alone, on the same matrix to the same objective?"""
    text = bench.work / "matrix-text"
    text.mkdir(exist_ok=True)
    run(bench.peer("matrix_text", bench.train, text))
    note = "Seconds of the fit alone. Both reach an objective within 1e-6 of the least, relatively, with the loosest tolerance that does."
    (words,) = fits(bench, text, [0.1, 1, 10], "4. Fit: word 1-2-grams of labelled sentences", note, 1e-6, False)
    size = 20_000 if bench.quick else 100_000
    note = "The same within 1e-4; liblinear fits three two-class problems, an objective of its own, at its usual tolerance: for scale."
    lbfgs, liblinear = fits(bench, matrix(bench, size, size), [1, 10], f"4. Fit: {size:,} x {size:,}, 23 entries a row", note, 1e-4, True)
    return [
        ("fit on 1-2-grams, within 1e-6 of the least objective; lbfgs", f"takes {words} times as long"),
        (f"fit on {size:,} x {size:,}, within 1e-4; lbfgs", f"takes {lbfgs} times as long"),
        (f"fit on {size:,} x {size:,}; liblinear, one-vs-rest", f"takes {liblinear} times as long"),
    ]


def huge(bench):
    """Does the fit converge on a large matrix, in what time and memory?"""
    n, d = (100_000, 50_000) if bench.quick else (1_000_000, 500_000)
    folder = matrix(bench, n, d)
    on_disk = sum(n_bytes(path) for path in folder.glob("*.npy")) / 1e6
    runs = in_turn({"Standpoint, l2 1, tol 1e-6": [bench.example, folder, "--l2", 1, "--tol", "1e-6"]}, bench.rounds)
    rows = []
    for name, done in runs.items():
        last = said(done[-1])
        more = {
            "converged": "yes" if last["reached"] else "no",
            "steps": str(last["iterations"]),
            "gradient": f"{last['gradient_norm']:.0e}",
            "peak MB": f"{peak(done):.0f}",
        }
        rows.append(Row(name, [said(each)["seconds"][0] for each in done], more))
    note = (
        f"Converged: no entry of the gradient, divided by the number of rows, above 1e-6. The memory is that of the whole process, which "
        f"reads {on_disk:.0f} MB of matrix first."
    )
    table(f"5. Fit: {n:,} x {d:,}, 23 entries a row", note, rows)
    first = rows[0]
    verdict = "converges" if first.more["converged"] == "yes" else "does not converge"
    return [(f"fit on {n:,} x {d:,}", f"{verdict} in {median(first.seconds):.1f} s, {first.more['peak MB']} MB")]


def scale(bench):
    """Does time grow with the corpus, and memory not? What is a second thread worth?"""
    folder = bench.work / "scale"
    folder.mkdir(exist_ok=True)
    try:
        corpora = {n: folder / f"{n}.jsonl" for n in (1, 4, 16, 20)}
        for n, path in corpora.items():
            made.copies(bench.news, n, path)
        return [*growth(bench, corpora), *comparison(bench, corpora), *threads(bench, corpora[4])]
    finally:
        shutil.rmtree(folder)


def growth(bench, corpora):
    commands = {f"`score`, corpus x {n}": bench.score(path, "--subject", bench.subject) for n, path in corpora.items()}
    found = in_turn(commands, bench.rounds)
    rows = [whole(name, found[name], n_bytes(path)) for name, path in zip(commands, corpora.values(), strict=True)]
    note = "The corpus so many times in one file, each article with an id of its own. Linear time: MB/s stay. Bounded memory: the peak stays."
    table("6a. Time and memory of `score` by the size of the corpus", note, rows)
    once, *_, most = (peak(runs) for runs in found.values())
    times = ", ".join(f"x {n}: {ratio(row, rows[0]):.1f}" for n, row in zip(corpora, rows, strict=True))
    return [
        ("time of `score` by size of the corpus", times),
        ("peak memory of `score`, corpus x 1 and x 20", f"{once:.0f} and {most:.0f} MB: {most / once - 1:+.0%}"),
    ]


def comparison(bench, corpora):
    def command(path):
        return [bench.standpoint, "compare", path, "--subject", bench.subject, "--format", "json", "--quiet", "-o", bench.work / "comparison.json"]

    commands = {f"`compare`, corpus x {n}": command(corpora[n]) for n in (1, 20)}
    found = in_turn(commands, bench.rounds)
    rows = [whole(name, found[name], n_bytes(corpora[n])) for name, n in zip(commands, (1, 20), strict=True)]
    note = "`compare` keeps a summary of each scored article until the end; its memory grows with how many name the subject. Copies count as agency copy."
    table("6b. Time and memory of `compare`", note, rows)
    once, most = (peak(runs) for runs in found.values())
    return [("peak memory of `compare`, corpus x 1 and x 20", f"{once:.0f} and {most:.0f} MB: {most / once - 1:+.0%}")]


def threads(bench, news):
    commands = {
        f"{n} thread{'s' * (n > 1)}, {what}": bench.score(news, *options, "--threads", n)
        for what, options in (("a subject", ["--subject", bench.subject]), ("every sentence", ["--all-sentences"]))
        for n in (2, 1)
    }
    found = in_turn(commands, bench.rounds)
    rows = [whole(name, runs, n_bytes(news)) for name, runs in found.items()]
    note = "The corpus four times, built-in model. The last column of each second row is what the second thread is worth, 2 at best."
    table("6c. Threads: a subject", note, rows[:2])
    table("6c. Threads: every sentence", note, rows[2:])
    gains = f"{ratio(rows[1], rows[0]):.2f} times as fast (a subject), {ratio(rows[3], rows[2]):.2f} (every sentence)"
    return [("two threads instead of one", gains)]


def train(bench):
    """How long does training take, labelled sentences in, model out?"""
    families = [bench.standpoint, "train", bench.train, "-o", bench.model("families"), "--quiet"]
    commands = {
        "Standpoint, words and pairs": bench.train_words(),
        "scikit-learn, TF-IDF 1-2-grams": bench.train_peer("sklearn"),
        "fastText, word bigrams, 10 epochs": bench.train_peer("fasttext"),
        "Vowpal Wabbit, bigrams, 3 passes": bench.train_peer("vw"),
        "Standpoint, all families": [*families, "--folds", "0"],
        "Standpoint, all families, 5 folds": families,
    }
    rows = [whole(name, runs) for name, runs in in_turn(commands, bench.rounds).items()]
    note = (
        'The whole process. "All families" is the default: relations to the subject, lexicons, word vectors. "5 folds" cross-validates and '
        "calibrates as well; no peer does."
    )
    table("7. Train", note, rows)
    return [("train on words and pairs; scikit-learn", f"takes {ratio(rows[1], rows[0]):.1f} times as long")]


ALL = {"subject": subject, "sentences": sentences, "start": start, "fit": fit, "huge": huge, "scale": scale, "train": train}
