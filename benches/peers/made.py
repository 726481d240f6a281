"""Data for those who have none: text like that of newspapers in what matters for speed; and corpora that are larger than one has."""

import json
import random
import sys
from pathlib import Path

SUBJECT = "Dana Verrick"
OTHERS = ["Ida Holt", "Amos Prell", "Ruth Calder", "the ministry", "a spokesman"]
COMMON = (
    "the of to and a in that is for on it with as was he at by be his from are this have an but said not has they which who "
    "will we were their been or had would about more when there if people after up new year over last could first government "
    "state public police money court law good bad crisis support attack failed praised wrong great war peace success"
).split()
N_WORDS = 40_000


class Writer:
    """Sentences of 8 to 35 words: common English ones, then invented ones by Zipf's law; some named, some quoted, each with a polarity."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        syllables = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
        invented = ("".join(self.chance.choices(syllables, k=1 + i % 4)) for i in range(N_WORDS - len(COMMON)))
        self.words = [*COMMON, *invented]
        self.tone = [self.chance.choice((-1, 0, 0, 0, 1)) for _ in self.words]
        self.weights = [1 / (rank + 3) for rank in range(N_WORDS)]
        self.drawn = iter(())

    def draw(self):
        """The number of a word. Many are drawn at once, because each drawing adds up all weights."""
        if (number := next(self.drawn, None)) is None:
            self.drawn = iter(self.chance.choices(range(N_WORDS), self.weights, k=200_000))
            number = next(self.drawn)
        return number

    def sentence(self, name=None):
        numbers = [self.draw() for _ in range(self.chance.randint(8, 35))]
        words = [self.words[number] for number in numbers]
        words[0] = words[0].capitalize()
        if name:
            words.insert(len(words) // 2, name)
        text = " ".join(words)
        text = f'"{text}," said {self.chance.choice(OTHERS)}.' if self.chance.random() < 0.2 else f"{text}."
        tone = sum(self.tone[number] for number in numbers) + self.chance.gauss(0, 1)
        return text, (tone > 1) - (tone < -1)

    def article(self):
        """Seven paragraphs of three sentences; one in twenty sentences names the subject."""
        named = (SUBJECT if self.chance.random() < 0.05 else None for _ in range(21))
        sentences = [self.sentence(name)[0] for name in named]
        return "\n\n".join(" ".join(sentences[at : at + 3]) for at in range(0, 21, 3))


def text(folder, n_labelled, n_articles):
    """Writes newsmtsc/train.jsonl and news/news.jsonl into a new folder."""
    writer = Writer(5)
    (folder / "newsmtsc").mkdir(parents=True)
    (folder / "news").mkdir()
    with open(folder / "newsmtsc" / "train.jsonl", "w", encoding="utf-8") as out:
        for number in range(n_labelled):
            sentence, polarity = writer.sentence(SUBJECT)
            start = sentence.index(SUBJECT)
            place = {"mention": SUBJECT, "from": start, "to": start + len(SUBJECT)}
            out.write(json.dumps({"id": f"a{number // 2}_{number}", "sentence": sentence, "polarity": polarity, **place}) + "\n")
    with open(folder / "news" / "news.jsonl", "w", encoding="utf-8") as out:
        for number in range(n_articles):
            about = {"id": f"n{number}", "outlet": f"Paper {number % 9}", "title": "A title", "date": "2024-01-01"}
            out.write(json.dumps({**about, "text": writer.article()}) + "\n")


def copies(news, n, path):
    """Writes a corpus `n` times, one behind the other, each article with an id of its own."""
    with open(path, "w", encoding="utf-8") as out:
        for copy in range(n):
            with open(news, encoding="utf-8") as lines:
                for line in lines:
                    article = json.loads(line)
                    article["id"] = f"{article['id']}-{copy}"
                    out.write(json.dumps(article, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    text(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
