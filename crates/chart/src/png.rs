//! An SVG as a picture of dots.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree, fontdb};

use crate::ChartError;
use crate::face::{FACE, FACE_FAMILY};
use crate::style::Style;

/// The greatest width and height of a picture in pixels.
const MOST: u32 = 8192;

/// Draws an SVG as PNG of a width in pixels; the height follows.
///
/// Text is in the bundled face alone ([`FACE`]), no font of the machine is asked for and no file that
/// the SVG names is read, so the same SVG gives the same bytes everywhere.
///
/// # Errors
/// [`ChartError::Svg`] for a text that is no SVG, [`ChartError::Size`] for a width of none or too many.
pub fn png(svg: &str, width_px: u32) -> Result<Vec<u8>, ChartError> {
    let tree = Tree::from_str(svg, &options()).map_err(|e| ChartError::Svg(e.to_string()))?;
    let scale = width_px as f32 / tree.size().width();
    let height = (tree.size().height() * scale).ceil() as u32;
    let refused = ChartError::Size { width: width_px, height, most: MOST };
    if !(1..=MOST).contains(&width_px) || !(1..=MOST).contains(&height) {
        return Err(refused);
    }
    let mut pixmap = Pixmap::new(width_px, height).ok_or(refused)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|e| ChartError::Drawing(e.to_string()))
}

fn options() -> Options<'static> {
    static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(FACE.to_vec());
        Arc::new(fonts)
    });
    Options {
        font_family: FACE_FAMILY.to_owned(),
        fontdb: Arc::clone(&FONTS),
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        style_sheet: Some(weights()),
        ..Options::default()
    }
}

/// The bundled face has one, light, weight: text is made regular, and bold where asked for, by a stroke
/// of its own colour.
fn weights() -> String {
    let mut sheet = String::new();
    for ink in Style::inks() {
        let _ = write!(
            sheet,
            "text[fill=\"{ink}\"]{{stroke:{ink};stroke-width:0.22}} \
             text[fill=\"{ink}\"][font-weight=\"bold\"]{{stroke-width:0.75}} "
        );
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'><text y='15'>a</text></svg>";

    fn size(png: &[u8]) -> (u32, u32) {
        let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        (number(16), number(20))
    }

    #[test]
    fn a_picture_has_the_width_that_was_asked_for_and_the_same_bytes_each_time() {
        let picture = png(SVG, 80).unwrap();
        assert_eq!(size(&picture), (80, 40));
        assert_eq!(picture, png(SVG, 80).unwrap());
    }

    #[test]
    fn what_is_no_svg_and_a_width_of_none_are_refused() {
        assert!(matches!(png("<p>", 80), Err(ChartError::Svg(_))));
        assert!(matches!(png(SVG, 0), Err(ChartError::Size { .. })));
        assert!(matches!(png(SVG, 100_000), Err(ChartError::Size { .. })));
    }

    #[test]
    fn text_is_drawn_with_the_bundled_face() {
        let blank = png("<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'/>", 80).unwrap();
        assert_ne!(png(SVG, 80).unwrap(), blank);
    }
}
