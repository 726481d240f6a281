"""What the peers do, one job a process: `python peer.py JOB ...`. Called by run.py, with the Python of its environment."""

import json
import pickle
import re
import sys
import time

SENTENCE_END = re.compile(r'(?<=[.!?]["”’\')\]])\s+(?=["“‘\'(\[]?[A-Z0-9])|(?<=[.!?])\s+(?=["“‘\'(\[]?[A-Z0-9])')


def labelled(path):
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [row["sentence"] for row in rows], [int(row["polarity"]) for row in rows]


def sentences(path):
    """(id, sentence) of each sentence of a file of articles. One regular expression splits them, for all peers the same."""
    found = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            for paragraph in article["text"].split("\n"):
                pieces = (piece.strip() for piece in SENTENCE_END.split(paragraph))
                found.extend((article["id"], piece) for piece in pieces if piece)
    return found


def write(path, rows, probabilities):
    """A line of JSON for each sentence: id, text, probabilities in the order of the classes -1, 0, 1."""
    with open(path, "w", encoding="utf-8") as out:
        for (article, sentence), p in zip(rows, probabilities, strict=True):
            out.write(json.dumps({"id": article, "text": sentence, "p": [round(x, 4) for x in p]}) + "\n")


def matrix_of(texts, min_df):
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=min_df)
    return vectorizer, vectorizer.fit_transform(texts)


def save(folder, x, y):
    import numpy as np

    x = x.tocsr()
    x.sort_indices()
    arrays = {
        "indptr": x.indptr.astype(np.int64),
        "indices": x.indices.astype(np.int32),
        "data": x.data.astype(np.float32),
        "y": np.asarray(y, dtype=np.int64),
        "shape": np.array(x.shape, dtype=np.int64),
    }
    for name, array in arrays.items():
        np.save(f"{folder}/{name}.npy", array)


def load(folder):
    import numpy as np
    import scipy.sparse as sp

    part = {name: np.load(f"{folder}/{name}.npy") for name in ("indptr", "indices", "data", "y", "shape")}
    # The same numbers as the other side reads, in double precision. 32-bit indices, which liblinear asks for.
    data, indptr = part["data"].astype(np.float64), part["indptr"].astype(np.int32)
    return sp.csr_matrix((data, part["indices"], indptr), shape=tuple(part["shape"])), part["y"]


def job_matrix_text(path, folder):
    texts, y = labelled(path)
    save(folder, matrix_of(texts, 1)[1], [label + 1 for label in y])


def job_matrix_made(n, d, folder):
    """Rows of 23 entries in columns whose frequencies follow Zipf's law, L2-normalised; three classes by planted weights."""
    import numpy as np
    import scipy.sparse as sp

    n, d, each = int(n), int(d), 23
    chance = np.random.default_rng(1)
    share = 1 / (np.arange(d) + 10.0)
    share /= share.sum()
    columns = chance.choice(d, size=(n, each), p=share)
    idf = np.clip(np.log(1 / (share * each)), 0.1, None)
    values = idf[columns] * chance.uniform(0.5, 1.5, size=columns.shape)
    columns = chance.permutation(d)[columns]
    x = sp.csr_matrix((values.ravel(), columns.ravel(), np.arange(0, n * each + 1, each)), shape=(n, d))
    x.sum_duplicates()
    x = sp.diags(1 / np.sqrt(np.asarray(x.multiply(x).sum(1)).ravel())) @ x
    logits = x @ (chance.normal(size=(d, 3)) * 6) + chance.gumbel(size=(n, 3)) + np.array([0.3, 0, -0.3])
    save(folder, x, logits.argmax(1))


def job_fit(solver, folder, l2, tol):
    """Seconds of one fit and the objective it reached: Σ log loss + (l2/2)·||coef||²."""
    import warnings

    import numpy as np
    from scipy.special import logsumexp
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    warnings.filterwarnings("ignore")
    x, y = load(folder)
    model = LogisticRegression(C=1 / float(l2), solver=solver, tol=float(tol), max_iter=5000)
    if solver == "liblinear":
        model = OneVsRestClassifier(model)
    start = time.perf_counter()
    model.fit(x, y)
    seconds = time.perf_counter() - start
    objective = None
    if solver != "liblinear":
        z = x @ model.coef_.T + model.intercept_
        loss = (logsumexp(z, axis=1) - z[np.arange(len(y)), y]).sum()
        objective = loss + float(l2) / 2 * (model.coef_**2).sum()
    print(json.dumps({"seconds": [seconds], "objective": objective}))


def job_train_sklearn(path, out):
    from sklearn.linear_model import LogisticRegression

    texts, y = labelled(path)
    # A feature must occur in two sentences, as Standpoint has it.
    vectorizer, x = matrix_of(texts, 2)
    model = LogisticRegression(max_iter=1000).fit(x, y)
    with open(out, "wb") as file:
        pickle.dump((vectorizer, model), file)


def plain(text):
    """Words as fastText and Vowpal Wabbit take them: lower case, on one line, without the latter's own signs."""
    return re.sub(r"[|:\s]+", " ", text.lower())


def job_train_fasttext(path, out):
    import fasttext

    texts, y = labelled(path)
    with open(out + ".txt", "w", encoding="utf-8") as file:
        for text, label in zip(texts, y, strict=True):
            file.write(f"__label__{label} {plain(text)}\n")
    # Room for as many pairs as such data have. The usual two million make a model of 800 MB, which takes longer to load than to use.
    model = fasttext.train_supervised(out + ".txt", wordNgrams=2, bucket=200_000, epoch=10, lr=0.5, thread=2, verbose=0)
    model.save_model(out)


def job_train_vw(path, out):
    import vowpalwabbit

    texts, y = labelled(path)
    vw = vowpalwabbit.Workspace("--oaa 3 --loss_function logistic --probabilities --ngram 2 -b 22 --quiet", enable_logging=False)
    for _ in range(3):
        for text, label in zip(texts, y, strict=True):
            vw.learn(f"{label + 2} | {plain(text)}")
    vw.save(out)
    vw.finish()


def load_sklearn(model):
    with open(model, "rb") as file:
        return pickle.load(file)


def job_load_sklearn(model):
    load_sklearn(model)


def job_score_sklearn(model, path, out):
    """All sentences in one `transform` and one `predict_proba`."""
    vectorizer, fitted = load_sklearn(model)
    rows = sentences(path)
    write(out, rows, fitted.predict_proba(vectorizer.transform([text for _, text in rows])).tolist())


def job_score_fasttext(model, path, out):
    """All sentences in one `predict`, which gives the likeliest class first."""
    import fasttext

    fitted = fasttext.load_model(model)
    rows = sentences(path)
    labels, probabilities = fitted.predict([plain(text) for _, text in rows], k=3)
    order = {"__label__-1": 0, "__label__0": 1, "__label__1": 2}
    aligned = (
        [p for _, p in sorted(zip(map(order.get, names), found.tolist(), strict=True))] for names, found in zip(labels, probabilities, strict=True)
    )
    write(out, rows, aligned)


def job_score_vw(model, path, out):
    """All sentences through Vowpal Wabbit's own reader and writer: twice as fast as a call from Python for each."""
    import vowpalwabbit

    rows = sentences(path)
    with open(out + ".in", "w", encoding="utf-8") as file:
        file.writelines(f"| {plain(text)}\n" for _, text in rows)
    files = f"-d {out}.in -p {out}.out"
    vowpalwabbit.Workspace(f"-i {model} -t --probabilities --quiet {files}", enable_logging=False).finish()
    with open(out + ".out", encoding="utf-8") as lines:
        write(out, rows, ([float(share.split(":")[1]) for share in line.split()] for line in lines))


def job_read(path):
    """Reads articles and does nothing with them."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            json.loads(line)


def job_unpack(packed, path):
    import zstandard

    with open(packed, "rb") as source, open(path, "wb") as out:
        zstandard.ZstdDecompressor().copy_stream(source, out)


if __name__ == "__main__":
    globals()["job_" + sys.argv[1]](*sys.argv[2:])
