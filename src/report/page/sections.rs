//! Charts with their tables, whose figures open the sentences behind them, and blocks of a report as HTML.

use maud::{Markup, PreEscaped, html};

use super::super::chart::{Chart, Size};
use super::super::document::{Block, Table};
use super::super::figures::speaker_name;
use super::super::table::{bracketed, percent, signed};
use super::evidence::{By, Index, voice_name};
use super::{clean, figure, name};
use crate::compare::{Comparison, OutletComparison, VoiceComparison, percent_of};
use crate::span::Voice;
use crate::statistics::{Estimate, MIN_FOR_T};

/// A chart under a heading that names it, with the same figures as a table that opens.
pub(super) fn chart(chart: &Chart, figures: Markup) -> Markup {
    captioned(chart, false, figures)
}

/// The same with its own title, where a section has several.
pub(super) fn titled_chart(chart: &Chart, figures: Markup) -> Markup {
    captioned(chart, true, figures)
}

fn captioned(chart: &Chart, titled: bool, figures: Markup) -> Markup {
    html! {
        figure.chart {
            figcaption {
                @if titled { strong { (clean(&chart.title)) } }
                span.caption { (clean(&figure(&chart.caption))) }
            }
            (PreEscaped(chart.inline(Size::Wide)))
            (PreEscaped(chart.inline(Size::Narrow)))
            details { summary { "The figures as a table" } (figures) }
        }
    }
}

/// A table that scrolls inside its own box where it is too wide.
pub(super) fn scrolling(label: &str, table: Markup) -> Markup {
    html! { div.scroll role="region" tabindex="0" aria-label=(clean(label)) { (table) } }
}

/// A table with `headers`, the first column words.
fn linked_table(caption: &str, headers: &[String], rows: &[(Markup, Vec<Markup>)]) -> Markup {
    scrolling(
        caption,
        html! {
            table {
                caption { (clean(caption)) }
                thead { tr {
                    @for (at, header) in headers.iter().enumerate() {
                        th.l[at == 0] scope="col" { (clean(header)) }
                    }
                } }
                tbody {
                    @for (label, cells) in rows {
                        tr {
                            th.l scope="row" { (label) }
                            @for cell in cells { td { (cell) } }
                        }
                    }
                }
            }
        },
    )
}

fn text(value: impl Into<String>) -> Markup {
    let value = value.into();
    html! { (figure(&value)) }
}

/// A figure, and whether its articles are too few for an interval.
fn of_articles(estimate: &Estimate, n_articles: usize) -> String {
    match (estimate.value, n_articles) {
        (None, _) | (_, 0) => "–".to_string(),
        (Some(_), n) if n < MIN_FOR_T => format!("{}, too few", signed(estimate.value)),
        _ => bracketed(estimate),
    }
}

/// A voice's figure with the number of its sentences; none where its articles are too few for an interval.
fn of_voice(of: &VoiceComparison) -> String {
    match of.n_articles {
        n if n < MIN_FOR_T => format!("too few ({})", of.n_sentences),
        _ => format!("{} ({})", bracketed(&of.net_stance), of.n_sentences),
    }
}

/// Net stance of each outlet, by voice too.
pub(super) fn outlets_table(comparison: &Comparison, subject: usize, index: &Index) -> Markup {
    let level = percent_of(comparison.level);
    let has_polarity = comparison
        .outlets
        .iter()
        .any(|outlet| outlet.net_stance.value.is_some());
    let mut headers = vec![
        "outlet".to_string(),
        "articles".to_string(),
        "sentences".to_string(),
    ];
    if has_polarity {
        headers.push(format!("net stance [{level} %]"));
    }
    headers.extend(
        Voice::ALL
            .iter()
            .map(|voice| voice_name(*voice).to_string()),
    );
    let voice = |outlet: &OutletComparison, voice: Voice| {
        let of: Option<&VoiceComparison> = outlet.by_voice.get(&voice);
        let shown = of.map_or("–".to_string(), |of| match has_polarity {
            true => of_voice(of),
            false => of.n_sentences.to_string(),
        });
        index.open(
            subject,
            &[By::Outlet(&outlet.outlet), By::Voice(voice)],
            text(shown),
        )
    };
    let rows: Vec<(Markup, Vec<Markup>)> = comparison
        .outlets
        .iter()
        .map(|outlet| {
            let by = [By::Outlet(&outlet.outlet)];
            let mut cells = vec![
                text(format!("{} of {}", outlet.n_articles, outlet.n_read)),
                index.open(subject, &by, text(outlet.n_sentences.to_string())),
            ];
            if has_polarity {
                let figure = of_articles(&outlet.net_stance, outlet.n_articles);
                cells.push(index.open(subject, &by, text(figure)));
            }
            cells.extend(Voice::ALL.iter().map(|one| voice(outlet, *one)));
            (index.open(subject, &by, name(&outlet.outlet)), cells)
        })
        .collect();
    linked_table(
        &format!(
            "{} {} by outlet and voice (sentences); a figure opens the sentences behind it",
            match has_polarity {
                true => "Net stance toward",
                false => "Sentences about",
            },
            comparison.subject
        ),
        &headers,
        &rows,
    )
}

/// Class shares of each outlet.
pub(super) fn shares_table(comparison: &Comparison, subject: usize, index: &Index) -> Markup {
    let with_shares = comparison.outlets.iter().find(|o| !o.shares.is_empty());
    let classes: Vec<&String> = with_shares.map_or(Vec::new(), |o| o.shares.keys().collect());
    let mut headers = vec!["outlet".to_string(), "articles".to_string()];
    headers.extend(classes.iter().map(|class| class.to_string()));
    let rows: Vec<(Markup, Vec<Markup>)> = comparison
        .outlets
        .iter()
        .filter(|outlet| outlet.n_articles > 0)
        .map(|outlet| {
            let mut cells = vec![text(outlet.n_articles.to_string())];
            cells.extend(classes.iter().map(|class| {
                let (soft, hard) = (outlet.shares.get(*class), outlet.shares_hard.get(*class));
                let shown = format!("{} ({})", percent(soft), percent(hard));
                let by = [By::Outlet(&outlet.outlet), By::Class(class)];
                index.open(subject, &by, text(shown))
            }));
            let by = [By::Outlet(&outlet.outlet)];
            (index.open(subject, &by, name(&outlet.outlet)), cells)
        })
        .collect();
    linked_table(
        &format!(
            "Sentences about {}: mean probability of each class (and share of sentences of which it is the likeliest)",
            comparison.subject
        ),
        &headers,
        &rows,
    )
}

/// Who is heard, over all outlets, then outlet by outlet.
pub(super) fn speakers_table(comparison: &Comparison, subject: usize, index: &Index) -> Markup {
    let headers = [
        "speaker",
        "outlet",
        "sentences",
        "against",
        "in favor",
        "mean net stance",
    ]
    .map(str::to_string);
    let behind = comparison.behind.iter().flat_map(|behind| &behind.speakers);
    let by_outlet = comparison
        .outlets
        .iter()
        .flat_map(|outlet| outlet.speakers.iter().map(move |one| (Some(outlet), one)));
    let rows: Vec<(Markup, Vec<Markup>)> = behind
        .map(|speaker| (None, speaker))
        .chain(by_outlet)
        .map(|(outlet, speaker)| {
            let called = name(&speaker_name(speaker.speaker.as_deref()));
            let mut by: Vec<By<'_>> = outlet.iter().map(|o| By::Outlet(&o.outlet)).collect();
            by.extend(speaker.speaker.as_deref().map(By::Speaker));
            let called = match speaker.speaker {
                Some(_) => index.open(subject, &by, called),
                None => called,
            };
            let cells = vec![
                outlet.map_or(html! { "all" }, |outlet| name(&outlet.outlet)),
                text(speaker.n_sentences.to_string()),
                text(speaker.n_against.to_string()),
                text(speaker.n_in_favor.to_string()),
                text(signed(speaker.net_stance)),
            ];
            (called, cells)
        })
        .collect();
    linked_table(
        &format!(
            "Speakers heard most on {}: sentences by likeliest class; means over sentences, too few for intervals",
            comparison.subject
        ),
        &headers,
        &rows,
    )
}

/// The share of sentences with each frame, outlet by outlet.
pub(super) fn frames_table(comparison: &Comparison, subject: usize, index: &Index) -> Markup {
    let Some(all) = &comparison.frames else {
        return html! {};
    };
    let mut headers = vec!["outlet".to_string(), "articles".to_string()];
    headers.extend(all.all.iter().map(|frame| frame.frame.clone()));
    let share = |estimate: &Estimate| match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => format!(
            "{} [{:.0}, {:.0}]",
            percent(estimate.value.as_ref()),
            low * 100.0,
            high * 100.0
        ),
        _ => percent(estimate.value.as_ref()),
    };
    let mut rows: Vec<(Markup, Vec<Markup>)> = Vec::new();
    let mut cells = vec![text(all.n_articles.to_string())];
    cells.extend(all.all.iter().map(|frame| {
        let by = [By::Frame(&frame.frame)];
        index.open(subject, &by, text(share(&frame.share_of_sentences)))
    }));
    rows.push((html! { "all outlets" }, cells));
    for outlet in comparison.outlets.iter().filter(|o| o.n_articles > 0) {
        let mut cells = vec![text(outlet.n_articles.to_string())];
        cells.extend(all.all.iter().map(|frame| {
            let of = outlet.frames.iter().find(|of| of.frame == frame.frame);
            let shown = of.map_or("–".to_string(), |of| share(&of.share_of_sentences));
            let by = [By::Outlet(&outlet.outlet), By::Frame(&frame.frame)];
            index.open(subject, &by, text(shown))
        }));
        rows.push((name(&outlet.outlet), cells));
    }
    linked_table(
        &format!(
            "Share of an article's sentences about {} with the frame, mean over articles [{} %]",
            comparison.subject,
            percent_of(comparison.level)
        ),
        &headers,
        &rows,
    )
}

/// Blocks of a report, headings as `h3`.
pub(super) fn blocks(blocks: &[Block]) -> Markup {
    html! {
        @for block in blocks {
            @match block {
                Block::Title(text) | Block::Heading(text) => h3 { (clean(text)) },
                Block::Paragraph(text) => p { (clean(text)) },
                Block::Lines(lines) => @for line in lines { p { (clean(line)) } },
                Block::List(list) => {
                    @if let Some(title) = &list.title { h3 { (clean(title)) } }
                    ul { @for item in &list.items { li { (clean(item)) } } }
                    @if let Some(more) = &list.more { p.note { (clean(more)) } }
                },
                Block::Figures(figures) => {
                    @if let Some(title) = &figures.title { h3 { (clean(title)) } }
                    dl { @for (name, value) in &figures.rows { dt { (clean(name)) } dd { (clean(value)) } } }
                },
                Block::Table(table) => (block_table(table)),
                Block::Quotes(quotes) => {
                    h4 { (name(&quotes.outlet)) }
                    @for quote in &quotes.quotes { p { (figure(&quote.score)) " " (clean(&quote.text)) " (" (clean(&quote.place)) ")" } }
                },
            }
        }
    }
}

fn block_table(table: &Table) -> Markup {
    let is_left = |at: usize| at == 0 || table.left.contains(&at);
    html! {
        (scrolling(&table.caption, html! {
            table {
                caption { (clean(&table.caption)) }
                thead { tr { @for (at, header) in table.headers.iter().enumerate() {
                    th.l[is_left(at)] scope="col" { (clean(header)) }
                } } }
                tbody { @for row in &table.rows { tr {
                    @for (at, value) in row.cells.iter().enumerate() {
                        @if at == 0 && !value.is_empty() {
                            th.l.nested[row.nested] scope="row" { bdi { (figure(&clean(value))) } }
                        } @else {
                            td.l[is_left(at)] { bdi { (figure(&clean(value))) } }
                        }
                    }
                } } }
            }
        }))
        @if let Some(more) = &table.more { p.note { (clean(more)) } }
        @for note in &table.notes { p.note { (clean(note)) } }
    }
}
