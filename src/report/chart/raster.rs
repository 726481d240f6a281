//! A picture of dots from a picture of lines: SVG in, PNG out.

use std::sync::{Arc, Mutex};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, FaceInfo, ID, Source, Style as Slant};
use resvg::usvg::{FontResolver, Options, Tree};
use skrifa::{FontRef, MetadataProvider};

use crate::error::{Error, Result};

/// Pixels a unit.
const SCALE: f32 = 2.0;
/// The largest side of a picture, in pixels.
const LARGEST: f32 = 20_000.0;

/// Renders `svg`, a picture by this module's neighbours; `name` is for the error message.
pub(super) fn png(svg: &str, name: &str) -> Result<Vec<u8>> {
    let failed = |why: &dyn std::fmt::Display| {
        let name = crate::report::table::printable(name);
        Error::Data(format!("the chart {name} cannot be turned into PNG: {why}"))
    };
    let tree = Tree::from_str(svg, &options()).map_err(|error| failed(&error))?;
    let size = tree.size();
    let (width, height) = (
        (size.width() * SCALE).ceil(),
        (size.height() * SCALE).ceil(),
    );
    if width.max(height) > LARGEST {
        return Err(failed(&format!(
            "it would be {width} x {height} pixels large"
        )));
    }
    let mut pixels = Pixmap::new(width as u32, height as u32)
        .ok_or_else(|| failed(&"it would have no pixels"))?;
    resvg::render(
        &tree,
        Transform::from_scale(SCALE, SCALE),
        &mut pixels.as_mut(),
    );
    pixels.encode_png().map_err(|error| failed(&error))
}

/// The built-in font for all text; the system's fonts are looked at only for characters it lacks.
fn options() -> Options<'static> {
    let mut fonts = Database::new();
    let mut built_in =
        |data: &'static [u8]| fonts.load_font_source(Source::Binary(Arc::new(data)))[0];
    let regular = built_in(dejavu::sans_condensed::regular());
    let bold = built_in(dejavu::sans_condensed::bold());
    let found = Mutex::new(Vec::new());
    Options {
        fontdb: Arc::new(fonts),
        font_resolver: FontResolver {
            select_font: Box::new(move |font, _| {
                Some(if font.weight() >= 600 { bold } else { regular })
            }),
            select_fallback: Box::new(move |character, used, fonts| {
                let mut found = found.lock().ok()?;
                if fonts.len() == 2 {
                    Arc::make_mut(fonts).load_system_fonts();
                }
                fallback(character, used, fonts, &mut found)
            }),
        },
        ..Options::default()
    }
}

/// A font of the system with `character`: one that helped before, else the first by name, upright and regular ones before
/// others.
fn fallback(character: char, used: &[ID], fonts: &Database, found: &mut Vec<ID>) -> Option<ID> {
    let has = |id: ID| {
        !used.contains(&id)
            && fonts
                .with_face_data(id, |data, index| {
                    FontRef::from_index(data, index)
                        .is_ok_and(|font| font.charmap().map(character).is_some())
                })
                .unwrap_or(false)
    };
    if let Some(id) = found.iter().copied().find(|id| has(*id)) {
        return Some(id);
    }
    let mut faces: Vec<&FaceInfo> = fonts.faces().collect();
    faces.sort_by_key(|face| {
        let plain = face.style == Slant::Normal && face.weight.0 == 400 && !face.monospaced;
        let sans = face.post_script_name.contains("Sans");
        (!plain, !sans, face.post_script_name.as_str(), face.index)
    });
    let id = faces.into_iter().map(|face| face.id).find(|id| has(*id))?;
    found.push(id);
    Some(id)
}
