//! Colours and the classes that use them.
//!
//! Against is orange and in favor blue, after ColorBrewer's PuOr and RdBu; series are Okabe and Ito's colours ("Color
//! Universal Design", 2008), darkened or lightened where they would be too faint. Text has a contrast of at least 4.5 to
//! what it stands on, marks of at least 3 (WCAG 2.2, 1.4.3 and 1.4.11).

use std::fmt::Write;

use super::Theme;
use super::font::{FAMILIES, Style};

type Rgb = [u8; 3];

/// A colour by its name in classes and custom properties, on light and on dark paper.
struct Ink {
    name: &'static str,
    light: Rgb,
    dark: Rgb,
}

const fn ink(name: &'static str, light: u32, dark: u32) -> Ink {
    Ink {
        name,
        light: rgb(light),
        dark: rgb(dark),
    }
}

const fn rgb(hex: u32) -> Rgb {
    [(hex >> 16) as u8, (hex >> 8) as u8, hex as u8]
}

const PAPER: Ink = ink("paper", 0xffffff, 0x16181c);

/// What is not a tone.
const GROUND: [Ink; 5] = [
    PAPER,
    ink("text", 0x1c1c1c, 0xececec),
    ink("muted", 0x5c5f63, 0xa9adb3),
    ink("grid", 0xe4e4e4, 0x33373d),
    ink("zero", 0x4a4a4a, 0xb4b8be),
];

const TONES: [Ink; 12] = [
    ink("against", 0xb35806, 0xf2a154),
    ink("neutral", 0x8f9194, 0x85898f),
    ink("favor", 0x2166ac, 0x74b3ec),
    ink("plain", 0x333333, 0xdedede),
    ink("soft", 0x8f9194, 0x7d8187),
    ink("series-0", 0x0072b2, 0x3f92d2),
    ink("series-1", 0xd55e00, 0xd9691e),
    ink("series-2", 0x007a5a, 0x17a67c),
    ink("series-3", 0xb1568a, 0xcf7fae),
    ink("series-4", 0x6b4a00, 0xf0d060),
    ink("series-5", 0x4298cb, 0xa6dbfa),
    ink("series-6", 0x333333, 0xececec),
];

/// How many steps the shades of a heat map have.
pub(super) const STEPS: usize = 12;

/// The shade of a share between the paper and the fullest colour.
fn shade(step: usize, theme: Theme) -> Rgb {
    let (from, to) = match theme {
        Theme::Light => (rgb(0xf2f6f6), rgb(0x0b4f57)),
        Theme::Dark => (rgb(0x1d2326), rgb(0x9fe0e0)),
    };
    let t = step as f64 / (STEPS - 1) as f64;
    std::array::from_fn(|i| {
        let (a, b) = (f64::from(from[i]), f64::from(to[i]));
        (a + t * (b - a)).round() as u8
    })
}

/// Every colour by name in a theme, with "on-NAME" for text on tones and shades.
fn colours(theme: Theme) -> Vec<(String, Rgb)> {
    let of = |ink: &Ink| match theme {
        Theme::Light => ink.light,
        Theme::Dark => ink.dark,
    };
    let mut colours: Vec<(String, Rgb)> = GROUND
        .iter()
        .map(|ink| (ink.name.to_string(), of(ink)))
        .collect();
    let tones = TONES.iter().map(|ink| (ink.name.to_string(), of(ink)));
    let shades = (0..STEPS).map(|step| (format!("heat-{step}"), shade(step, theme)));
    for (name, colour) in tones.chain(shades) {
        colours.push((format!("on-{name}"), text_on(colour)));
        colours.push((name, colour));
    }
    colours
}

/// White or black, whichever stands out more.
fn text_on(colour: Rgb) -> Rgb {
    let (white, black) = (rgb(0xffffff), rgb(0x000000));
    if contrast(colour, white) >= contrast(colour, black) {
        white
    } else {
        black
    }
}

/// The ratio of two colours' luminances, 1 to 21 (WCAG 2.2).
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let luminance = |colour: Rgb| {
        let [r, g, b] = linear(colour);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// sRGB to linear light.
fn linear(colour: Rgb) -> [f64; 3] {
    colour.map(|channel| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    })
}

fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

impl Theme {
    pub(super) fn word(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The class of a chart that stands alone. It differs from inline ones: pictures of both themes can be pasted into one
    /// page without taking each other's colours.
    pub(super) fn class(self) -> &'static str {
        match self {
            Theme::Light => "chart-file-light",
            Theme::Dark => "chart-file-dark",
        }
    }
}

/// The rules of all classes under `scope`; `colour` says how a colour is written.
fn rules(scope: &str, families: &str, colour: impl Fn(&str) -> String) -> String {
    let mut css = String::new();
    let mut rule = |selector: &str, body: &str| {
        writeln!(css, "{scope} {selector}{{{body}}}").expect("memory can be written to");
    };
    let (paper, text, muted) = (colour("paper"), colour("text"), colour("muted"));
    rule(
        "text",
        &format!("font-family:{families};font-variant-numeric:tabular-nums;fill:{text}"),
    );
    rule(".c-paper", &format!("fill:{paper}"));
    for style in Style::ALL {
        let weight = if style.bold() {
            ";font-weight:bold"
        } else {
            ";font-weight:normal"
        };
        let fill = if style.muted() {
            format!(";fill:{muted}")
        } else {
            String::new()
        };
        rule(
            &format!(".{}", style.class()),
            &format!("font-size:{}px{weight}{fill}", style.size()),
        );
    }
    rule(
        ".c-halo",
        &format!("stroke:{paper};stroke-width:4px;stroke-linejoin:round;paint-order:stroke"),
    );
    rule(
        ".c-grid",
        &format!("stroke:{};stroke-width:1px", colour("grid")),
    );
    rule(
        ".c-zero",
        &format!("stroke:{};stroke-width:1.2px", colour("zero")),
    );
    rule(
        ".c-rule",
        &format!("stroke:{muted};stroke-width:1.2px;stroke-dasharray:4 3"),
    );
    for ink in &TONES {
        let tone = colour(ink.name);
        rule(
            &format!(".tone-{}", ink.name),
            &format!("fill:{tone};stroke:{tone}"),
        );
    }
    let filled = TONES.iter().map(|ink| ink.name.to_string());
    for name in filled.chain((0..STEPS).map(|step| format!("heat-{step}"))) {
        if name.starts_with("heat") {
            rule(&format!(".{name}"), &format!("fill:{}", colour(&name)));
        }
        rule(
            &format!(".on-{name}"),
            &format!("fill:{}", colour(&format!("on-{name}"))),
        );
    }
    rule(".c-fill", "stroke:none");
    rule(".c-hollow", &format!("fill:{paper};stroke-width:1.8px"));
    rule(
        ".c-cross",
        "fill:none;stroke-width:2.4px;stroke-linecap:round",
    );
    rule(".c-whisker", "fill:none;stroke-width:1.6px");
    rule(".c-strong-whisker", "fill:none;stroke-width:3px");
    rule(
        ".c-line",
        "fill:none;stroke-width:2px;stroke-linejoin:round;stroke-linecap:round",
    );
    rule(
        ".c-context",
        "fill:none;stroke-width:1.5px;stroke-linejoin:round;stroke-linecap:round",
    );
    rule(".c-band", "stroke:none;fill-opacity:.2");
    css
}

/// The style sheet of a picture that stands alone.
pub(super) fn file_css(theme: Theme) -> String {
    let colours = colours(theme);
    let colour = |name: &str| {
        colours
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, colour)| hex(*colour))
            .expect("every class has a colour")
    };
    rules(&format!(".{}", theme.class()), FAMILIES, colour)
}

/// The style sheet of inline charts. Colours are custom properties (`--chart-against`, `--chart-text`, ...) that follow
/// `data-theme="light"` or `"dark"` on the root element and, where neither is set, the reader's preference; paper is dark
/// only on screens. `--chart-font` replaces the font; it should not be wider than Arial. Charts drawn in both sizes show
/// the one that fits: narrow below 640 pixels.
pub fn page_css() -> String {
    let properties = |theme: Theme| {
        colours(theme)
            .iter()
            .map(|(name, colour)| format!("--chart-{name}:{};", hex(*colour)))
            .collect::<String>()
    };
    let (light, dark) = (properties(Theme::Light), properties(Theme::Dark));
    let mut css = format!(
        ":root{{{light}}}\n[data-theme=dark]{{{dark}}}\n\
         @media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n\
         @media print{{:root,[data-theme=dark]{{{light}}}}}\n\
         .chart{{display:block;width:100%;height:auto;direction:ltr;unicode-bidi:isolate}}\n\
         .chart-narrow{{display:none;max-width:420px}}\n.chart-wide{{max-width:860px}}\n\
         @media (max-width:640px){{.chart-narrow{{display:block}}.chart-wide{{display:none}}}}\n"
    );
    css.push_str(&rules(
        ".chart",
        &format!("var(--chart-font,{FAMILIES})"),
        |name| format!("var(--chart-{name})"),
    ));
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEMES: [Theme; 2] = [Theme::Light, Theme::Dark];

    fn colour(name: &str, theme: Theme) -> Rgb {
        colours(theme)
            .into_iter()
            .find(|(other, _)| other == name)
            .unwrap()
            .1
    }

    /// CIE L*a*b* under D65.
    fn lab(linear: [f64; 3]) -> [f64; 3] {
        let [r, g, b] = linear;
        let x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047;
        let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        let z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883;
        let [x, y, z] = [x, y, z].map(|t| {
            if t > 0.008856 {
                t.cbrt()
            } else {
                7.787 * t + 16.0 / 116.0
            }
        });
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// Full protanopia and deuteranopia, on linear light: Machado, Oliveira & Fernandes (2009), table 1.
    const PROTANOPIA: [[f64; 3]; 3] = [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ];
    const DEUTERANOPIA: [[f64; 3]; 3] = [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ];
    const FULL_SIGHT: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

    fn seen(colour: Rgb, eyes: [[f64; 3]; 3]) -> [f64; 3] {
        let light = linear(colour);
        lab(eyes.map(|row| {
            row.iter()
                .zip(light)
                .map(|(m, c)| m * c)
                .sum::<f64>()
                .clamp(0.0, 1.0)
        }))
    }

    fn apart(a: Rgb, b: Rgb, eyes: [[f64; 3]; 3]) -> f64 {
        let (a, b) = (seen(a, eyes), seen(b, eyes));
        a.iter()
            .zip(b)
            .map(|(a, b)| (a - b).powi(2))
            .sum::<f64>()
            .sqrt()
    }

    #[test]
    fn contrast_is_what_the_standard_says() {
        assert!((contrast(rgb(0xffffff), rgb(0x000000)) - 21.0).abs() < 1e-9);
        // Grey of 118 on white is the textbook case of 4.54.
        assert!((contrast(rgb(0x767676), rgb(0xffffff)) - 4.54).abs() < 0.01);
    }

    #[test]
    fn text_and_marks_stand_out() {
        for theme in THEMES {
            let paper = colour("paper", theme);
            for name in ["text", "muted"] {
                assert!(
                    contrast(colour(name, theme), paper) >= 4.5,
                    "{name} {theme:?}"
                );
            }
            for name in TONES.iter().map(|ink| ink.name).chain(["zero"]) {
                let ratio = contrast(colour(name, theme), paper);
                assert!(ratio >= 3.0, "{name} {theme:?} {ratio:.2}");
            }
            for (name, on) in colours(theme) {
                if let Some(ground) = name.strip_prefix("on-") {
                    let ratio = contrast(on, colour(ground, theme));
                    assert!(ratio >= 4.5, "{name} {theme:?} {ratio:.2}");
                }
            }
        }
    }

    #[test]
    fn against_and_in_favor_stay_apart_for_all_eyes() {
        for theme in THEMES {
            let [against, neutral, favor] =
                ["against", "neutral", "favor"].map(|name| colour(name, theme));
            for eyes in [FULL_SIGHT, PROTANOPIA, DEUTERANOPIA] {
                assert!(apart(against, favor, eyes) > 50.0, "{theme:?}");
                assert!(apart(against, neutral, eyes) > 25.0, "{theme:?}");
                assert!(apart(favor, neutral, eyes) > 20.0, "{theme:?}");
            }
        }
    }

    #[test]
    fn series_stay_apart_for_all_eyes() {
        for theme in THEMES {
            for a in 0..7 {
                for b in 0..a {
                    let [one, other] = [a, b].map(|i| colour(&format!("series-{i}"), theme));
                    for eyes in [FULL_SIGHT, PROTANOPIA, DEUTERANOPIA] {
                        let distance = apart(one, other, eyes);
                        assert!(distance > 14.0, "{a} {b} {theme:?} {distance:.1}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_property_used_is_given_in_both_themes() {
        let css = page_css();
        for used in css.split("var(--chart-").skip(1) {
            let name = used.split([')', ',']).next().unwrap();
            if name == "font" {
                continue;
            }
            // Light, dark, the reader's preference, print.
            assert_eq!(
                css.matches(&format!("--chart-{name}:")).count(),
                4,
                "{name}"
            );
        }
        for theme in THEMES {
            assert!(!file_css(theme).contains("var("));
        }
    }
}
