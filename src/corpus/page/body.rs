//! A page's elements, before and after the article among them is found.
//!
//! Before: what can never be an article is cut out, and elements that are furniture by their tag or class
//! get an attribute that says so, because Readability renames elements and drops their classes. After: what is left is
//! written as lines, and the attribute becomes [`Mark`]s.
//!
//! All walks keep their own stack, so that a page cannot exhaust the program's.

use dom_query::{Document, NodeRef};

use crate::corpus::article::Mark;
use crate::span::{FurnitureKind, Span};

/// The attribute that carries a [`FurnitureKind`]'s name through Readability.
const KIND: &str = "data-standpoint";

/// Elements that hold no text of the page, or text that no reader of the article sees.
const NOT_TEXT: &str = "script, style, noscript, template, nav, svg, math, iframe, object, embed, video, audio, canvas, map, \
     select, textarea, input, button, dialog, [hidden]";

/// Elements that start and end a line.
const BLOCKS: &str = "|address|article|aside|blockquote|body|caption|center|dd|details|div|dl|dt|fieldset|\
     figcaption|figure|footer|form|h1|h2|h3|h4|h5|h6|header|hgroup|hr|legend|li|main|nav|ol|p|pre|section|summary|\
     table|tbody|td|tfoot|th|thead|tr|ul|";

/// Classes of posts that other sites hand out to be embedded.
const EMBEDS: &str = "|twitter-tweet|twitter-video|instagram-media|fb-post|fb-video|tiktok-embed|bluesky-embed|mastodon-embed|\
     text-post-media|reddit-embed-bq|reddit-card|telegram-post|";

fn is_in(list: &str, word: &str) -> bool {
    list.match_indices(word)
        .any(|(at, _)| list[..at].ends_with('|') && list[at + word.len()..].starts_with('|'))
}

/// Whether the page nests no deeper than browsers allow: beyond 512 it is no page, and Readability's recursion may not end.
pub(super) fn is_flat_enough(document: &Document) -> bool {
    const DEEPEST: usize = 512;
    let mut open = vec![(document.root(), 0)];
    while let Some((node, depth)) = open.pop() {
        if depth > DEEPEST {
            return false;
        }
        open.extend(node.children_it(false).map(|child| (child, depth + 1)));
    }
    true
}

/// Cuts out what is no text and labels furniture.
pub(super) fn prepare(document: &Document) {
    document.select(NOT_TEXT).remove();
    for node in document.select("body *").nodes() {
        if let Some(kind) = furniture(node) {
            node.set_attr(KIND, kind.name());
        }
    }
}

/// What an element is by its tag and class, if not prose.
fn furniture(node: &NodeRef) -> Option<FurnitureKind> {
    use FurnitureKind::*;
    let tag = node.node_name()?;
    match &*tag {
        "figcaption" => return Some(Caption),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => return Some(Heading),
        // Their classes say what the page is about ("category-credit").
        "html" | "body" | "main" | "article" | "section" => return None,
        _ => {}
    }
    let class = node.class()?;
    if class.split_whitespace().any(|class| is_in(EMBEDS, class)) {
        return Some(Embed);
    }
    let (kind, longest) = words(&class).find_map(|word| match word.as_str() {
        "credit" | "credits" | "photographer" | "copyright" => Some((Credit, 200)),
        "caption" | "cutline" => Some((Caption, 1500)),
        "byline" => Some((Byline, 200)),
        _ => None,
    })?;
    let fits = node.text().trim().len() <= longest;
    (fits && !stands_in_prose(node, &tag)).then_some(kind)
}

/// The words of a `class`: `photoCredit` and `photo__credit` are both `photo` and `credit`.
fn words(class: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for c in class.chars() {
        if !c.is_alphanumeric() || (after_small && c.is_uppercase()) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        after_small = c.is_lowercase();
    }
    words.into_iter()
}

/// Whether an inline element is part of a paragraph, so that a line of its own would tear a sentence apart.
fn stands_in_prose(node: &NodeRef, tag: &str) -> bool {
    if is_in(BLOCKS, tag) {
        return false;
    }
    let block = node.ancestors_it(None).find_map(|above| {
        let tag = above.node_name()?;
        is_in(BLOCKS, &tag).then(|| (tag, above.has_attr(KIND)))
    });
    block.is_some_and(|(tag, labelled)| {
        !labelled && matches!(&*tag, "p" | "li" | "blockquote" | "dd" | "td")
    })
}

/// The text below `root`, a blank line between its paragraphs, and the marks of its furniture.
pub(super) fn write(root: NodeRef) -> (String, Vec<Mark>) {
    let mut lines = Lines::default();
    let mut steps = vec![Step::Enter(root)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(node) if node.is_text() => lines.add(&node.text()),
            Step::Enter(node) => {
                let name = node.node_name();
                let name = name.as_deref().unwrap_or_default();
                if name == "head" {
                    continue;
                }
                let kind = node.attr(KIND).and_then(|name| kind_named(&name));
                // What stands in an embedded post is all of it the post.
                let kind = kind.filter(|_| lines.kind != Some(FurnitureKind::Embed));
                let is_block = kind.is_some() || is_in(BLOCKS, name);
                if is_block {
                    lines.end();
                }
                steps.push(Step::Leave {
                    is_block,
                    is_quote: name == "q",
                    kind: lines.kind,
                });
                lines.kind = kind.or(lines.kind);
                match name {
                    "br" => lines.line_break(),
                    "q" => lines.add("“"),
                    _ => {}
                }
                steps.extend(node.children_it(true).map(Step::Enter));
            }
            Step::Leave {
                is_block,
                is_quote,
                kind,
            } => {
                if is_quote {
                    lines.add("”");
                }
                if is_block {
                    lines.end();
                }
                lines.kind = kind;
            }
        }
    }
    lines.end();
    (lines.text, lines.marks)
}

enum Step<'d> {
    Enter(NodeRef<'d>),
    /// After an element's children, with the kind that held before it.
    Leave {
        is_block: bool,
        is_quote: bool,
        kind: Option<FurnitureKind>,
    },
}

fn kind_named(name: &str) -> Option<FurnitureKind> {
    use FurnitureKind::*;
    [Caption, Credit, Byline, Heading, Embed]
        .into_iter()
        .find(|kind| kind.name() == name)
}

/// Lines as they grow. White space is collapsed as browsers do it; a no-break space is none.
#[derive(Default)]
struct Lines {
    text: String,
    marks: Vec<Mark>,
    /// Of the line that is being written.
    kind: Option<FurnitureKind>,
    line: String,
    space: bool,
}

impl Lines {
    fn add(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_ascii_whitespace() {
                self.space = true;
                continue;
            }
            if self.space && !self.line.is_empty() && !self.line.ends_with('\n') {
                self.line.push(' ');
            }
            self.space = false;
            self.line.push(c);
        }
    }

    fn line_break(&mut self) {
        self.space = false;
        if !self.line.is_empty() {
            self.line.push('\n');
        }
    }

    fn end(&mut self) {
        let line = self.line.trim();
        if !line.is_empty() {
            if !self.text.is_empty() {
                self.text.push_str("\n\n");
            }
            let start = self.text.len();
            self.text.push_str(line);
            if let Some(kind) = self.kind {
                let span = Span::new(start, self.text.len());
                self.marks.push(Mark { span, kind });
            }
        }
        self.line.clear();
        self.space = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of `page`, each with its kind.
    fn lines(page: &str) -> Vec<String> {
        let document = Document::from(page);
        prepare(&document);
        let (text, marks) = write(document.root());
        let mut at = 0;
        let lines = text.split("\n\n").map(|line| {
            let span = Span::new(at, at + line.len());
            at = span.end + 2;
            let mark = marks.iter().find(|mark| mark.span == span);
            match mark {
                Some(mark) => format!("{}: {line}", mark.kind),
                None => line.to_string(),
            }
        });
        let lines = lines.collect();
        assert!(marks.is_sorted_by(|a, b| a.span.end < b.span.start));
        lines
    }

    #[test]
    fn elements_become_lines_and_furniture_is_marked() {
        let rows: [(&str, &str, &[&str]); 13] = [
            (
                "paragraphs, white space, entities",
                "<p>Voss \n  <b>won</b>,<i> twice</i>.<p>Rep.&nbsp;Lee &amp; others\tlost.",
                &["Voss won, twice.", "Rep.\u{a0}Lee & others lost."],
            ),
            (
                "bare text between blocks, empty blocks",
                "<div>One.<p>&nbsp;</p><p></p>Two.<div>Three.</div></div>",
                &["One.", "Two.", "Three."],
            ),
            ("a break in a line", "<p>One<br> two<br></p>", &["One\ntwo"]),
            (
                "marks that are drawn",
                "<p><q>No</q>, she said.</p>",
                &["“No”, she said."],
            ),
            (
                "a list and a table",
                "<ul><li>One<li>Two</ul><table><tr><td>Three<td>Four</table>",
                &["One", "Two", "Three", "Four"],
            ),
            (
                "no text",
                "<script>x</script><style>x</style><nav>Home</nav><svg><title>x</title></svg><button>Share</button><p hidden>x</p><p>One.",
                &["One."],
            ),
            (
                "a caption with its credit",
                "<figure><img><figcaption>Voss at the harbor. <span class='photo-credit'>Ann Lee</span></figcaption></figure><p>One.",
                &["caption: Voss at the harbor.", "credit: Ann Lee", "One."],
            ),
            (
                "captions by class",
                "<div class='wp-caption'><p class='wp-caption-text'>Voss.</p></div><div class=Image_Cutline__x1>Lee.</div><div><span class=photoCredit>Ann</span></div>",
                &["caption: Voss.", "caption: Lee.", "credit: Ann"],
            ),
            (
                "a class inside a sentence",
                "<p>Voss has <span class='credit'>no credit</span> left.</p>",
                &["Voss has no credit left."],
            ),
            (
                "a class of the whole page",
                "<article class='category-credit'><div class='credit-cards'>One is <p>prose that goes on, and on, and on, until nobody could mistake it for the name of whoever took a picture of a harbor, a council, or a toll booth at dusk, which is what short lines of that class are.</p></div></article>",
                &[
                    "One is",
                    "prose that goes on, and on, and on, until nobody could mistake it for the name of whoever took a picture of a harbor, a council, or a toll booth at dusk, which is what short lines of that class are.",
                ],
            ),
            (
                "headings and a byline",
                "<h1>Voss wins</h1><div class='article-byline'>By Ann Lee</div><h3>A close <em>vote</em></h3><p>One.",
                &[
                    "heading: Voss wins",
                    "byline: By Ann Lee",
                    "heading: A close vote",
                    "One.",
                ],
            ),
            (
                "an embedded post",
                "<blockquote class='twitter-tweet'><p>I won.</p>— Mara Voss (@voss) <a>May 2</a></blockquote><p>One.",
                &["embed: I won.", "embed: — Mara Voss (@voss) May 2", "One."],
            ),
            (
                "a heading in an embedded post",
                "<div class='fb-post'><h2>Voss</h2><div class=caption>x</div></div>",
                &["embed: Voss", "embed: x"],
            ),
        ];
        for (name, page, expected) in rows {
            assert_eq!(lines(page), expected, "{name}");
        }
    }

    #[test]
    fn a_page_may_not_nest_for_ever() {
        let page = |depth: usize| Document::from("<div>".repeat(depth) + "x");
        assert!(is_flat_enough(&page(400)));
        assert!(!is_flat_enough(&page(600)));
    }
}
