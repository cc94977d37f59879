//! A page's drawing instructions, followed as far as they place letters.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

use hayro_syntax::content::UntypedIter;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::{Page, Resources};

use super::Unreadable;
use super::fonts::Font;

/// How deep forms may hold forms.
const MAX_FORM_DEPTH: usize = 8;

/// How many instructions a document may have, far more than a report's.
const MAX_INSTRUCTIONS: usize = 5_000_000;

/// How many letters a document may have.
const MAX_LETTERS: usize = 3_000_000;

/// A letter, or ligature, where it stands on the page; y grows downward.
pub(super) struct Glyph {
    pub(super) x: f64,
    pub(super) end: f64,
    pub(super) y: f64,
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) text: String,
}

/// What reading a document may still cost.
pub(super) struct Budget {
    instructions: usize,
    letters: usize,
    /// Codes that no font could turn into letters.
    pub(super) unknown: usize,
    deadline: Instant,
}

impl Budget {
    pub(super) fn until(deadline: Instant) -> Self {
        Self { instructions: MAX_INSTRUCTIONS, letters: MAX_LETTERS, unknown: 0, deadline }
    }

    fn spend(&mut self) -> Result<(), Unreadable> {
        self.instructions = self.instructions.checked_sub(1).ok_or(Unreadable::TooLarge)?;
        if self.instructions.is_multiple_of(1024) && Instant::now() > self.deadline {
            return Err(Unreadable::TooSlow);
        }
        Ok(())
    }
}

/// Fonts by object, since pages share them.
#[derive(Default)]
pub(super) struct Fonts {
    by_object: HashMap<ObjectIdentifier, Rc<Font>>,
}

impl Fonts {
    fn get(&mut self, dict: &Dict<'_>) -> Rc<Font> {
        let Some(id) = dict.obj_id() else { return Rc::new(Font::new(dict)) };
        Rc::clone(self.by_object.entry(id).or_insert_with(|| Rc::new(Font::new(dict))))
    }
}

type Matrix = [f64; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// `first`, then `then`.
fn product(first: Matrix, then: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = first;
    let [g, h, i, j, k, l] = then;
    [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l]
}

#[derive(Clone)]
struct State {
    ctm: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    char_spacing: f64,
    word_spacing: f64,
    scaling: f64,
    leading: f64,
    rise: f64,
}

/// The letters of a page in the order they are drawn.
pub(super) fn glyphs(page: &Page<'_>, fonts: &mut Fonts, budget: &mut Budget) -> Result<Vec<Glyph>, Unreadable> {
    let state = State {
        ctm: page.initial_transform(true).as_coeffs(),
        font: None,
        size: 0.0,
        char_spacing: 0.0,
        word_spacing: 0.0,
        scaling: 1.0,
        leading: 0.0,
        rise: 0.0,
    };
    let mut reader = Reader { fonts, budget, glyphs: Vec::new() };
    if let Some(content) = content(page) {
        reader.run(&content, page.resources(), state, 0)?;
    }
    Ok(reader.glyphs)
}

/// The page's content, each of its streams once: a page that lists one stream a thousand times is no report's.
fn content(page: &Page<'_>) -> Option<Vec<u8>> {
    if let Some(stream) = page.raw().get::<Stream<'_>>(b"Contents") {
        return stream.decoded_data().ok().map(std::borrow::Cow::into_owned);
    }
    let mut seen: Vec<ObjectIdentifier> = Vec::new();
    let mut all = Vec::new();
    for stream in page.raw().get::<Array<'_>>(b"Contents")?.iter::<Stream<'_>>() {
        if seen.len() < 1024 && !seen.contains(&stream.obj_id()) {
            seen.push(stream.obj_id());
            all.extend_from_slice(&stream.decoded_data().unwrap_or_default());
            all.push(b'\n');
        }
    }
    Some(all)
}

struct Reader<'r> {
    fonts: &'r mut Fonts,
    budget: &'r mut Budget,
    glyphs: Vec<Glyph>,
}

impl Reader<'_> {
    fn run(
        &mut self,
        content: &[u8],
        resources: &Resources<'_>,
        mut state: State,
        depth: usize,
    ) -> Result<(), Unreadable> {
        let mut saved: Vec<State> = Vec::new();
        let (mut matrix, mut line) = (IDENTITY, IDENTITY);
        let mut instructions = UntypedIter::new(content);
        while let Some(instruction) = instructions.next() {
            self.budget.spend()?;
            let operands: Vec<&Object<'_>> = instruction.operands().collect();
            let n = |at: usize| operands.get(at).map_or(0.0, |operand| number(operand));
            match &instruction.operator[..] {
                b"q" if saved.len() < 512 => saved.push(state.clone()),
                b"Q" => state = saved.pop().unwrap_or(state),
                b"cm" => state.ctm = product([n(0), n(1), n(2), n(3), n(4), n(5)], state.ctm),
                b"BT" => (matrix, line) = (IDENTITY, IDENTITY),
                b"Tf" => {
                    state.font = name(&operands).and_then(|name| resources.get_font(name)).map(|f| self.fonts.get(&f));
                    state.size = n(1);
                }
                b"Tc" => state.char_spacing = n(0),
                b"Tw" => state.word_spacing = n(0),
                b"Tz" => state.scaling = n(0) / 100.0,
                b"TL" => state.leading = n(0),
                b"Ts" => state.rise = n(0),
                b"Tm" => {
                    line = [n(0), n(1), n(2), n(3), n(4), n(5)];
                    matrix = line;
                }
                operator @ (b"Td" | b"TD" | b"T*" | b"'" | b"\"") => {
                    let (x, y) = match operator {
                        b"Td" | b"TD" => (n(0), n(1)),
                        _ => (0.0, -state.leading),
                    };
                    match operator {
                        b"TD" => state.leading = -y,
                        b"\"" => (state.word_spacing, state.char_spacing) = (n(0), n(1)),
                        _ => {}
                    }
                    line = product([1.0, 0.0, 0.0, 1.0, x, y], line);
                    matrix = line;
                    if let Some(Object::String(text)) = operands.last() {
                        self.show(text.as_bytes(), &state, &mut matrix)?;
                    }
                }
                b"Tj" => {
                    if let Some(Object::String(text)) = operands.last() {
                        self.show(text.as_bytes(), &state, &mut matrix)?;
                    }
                }
                b"TJ" => {
                    if let Some(Object::Array(array)) = operands.last() {
                        self.show_all(array, &state, &mut matrix)?;
                    }
                }
                b"Do" if depth < MAX_FORM_DEPTH => {
                    if let Some(form) = name(&operands).and_then(|name| resources.get_x_object(name)) {
                        self.form(&form, resources, state.clone(), depth)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn form(
        &mut self,
        form: &Stream<'_>,
        outer: &Resources<'_>,
        mut state: State,
        depth: usize,
    ) -> Result<(), Unreadable> {
        if form.dict().get::<Name<'_>>(b"Subtype").is_none_or(|name| name.as_ref() != b"Form") {
            return Ok(());
        }
        let Ok(content) = form.decoded_data() else { return Ok(()) };
        // Unfolding costs too, and a form can be drawn again and again.
        self.budget.instructions =
            self.budget.instructions.checked_sub(content.len() / 16).ok_or(Unreadable::TooLarge)?;
        if let Some(array) = form.dict().get::<Array<'_>>(b"Matrix") {
            let entries: Vec<f64> = array.iter::<f32>().take(6).map(f64::from).collect();
            if let Ok(matrix) = Matrix::try_from(entries) {
                state.ctm = product(matrix, state.ctm);
            }
        }
        match form.dict().get::<Dict<'_>>(b"Resources") {
            Some(own) => self.run(&content, &Resources::new(own), state, depth + 1),
            None => self.run(&content, outer, state, depth + 1),
        }
    }

    fn show_all(&mut self, array: &Array<'_>, state: &State, matrix: &mut Matrix) -> Result<(), Unreadable> {
        for item in array.iter::<Object<'_>>() {
            match item {
                Object::String(text) => self.show(text.as_bytes(), state, matrix)?,
                Object::Number(shift) => {
                    let x = -shift.as_f64() / 1000.0 * state.size * state.scaling;
                    *matrix = product([1.0, 0.0, 0.0, 1.0, x, 0.0], *matrix);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn show(&mut self, bytes: &[u8], state: &State, matrix: &mut Matrix) -> Result<(), Unreadable> {
        let Some(font) = &state.font else { return Ok(()) };
        for shown in font.show(bytes) {
            self.budget.letters = self.budget.letters.checked_sub(1).ok_or(Unreadable::TooLarge)?;
            let place = product([state.scaling, 0.0, 0.0, 1.0, 0.0, state.rise], product(*matrix, state.ctm));
            let size = state.size.abs() * (place[2].hypot(place[3]));
            let spacing = state.char_spacing + if shown.is_space { state.word_spacing } else { 0.0 };
            let advance = (shown.width / 1000.0 * state.size + spacing) * state.scaling;
            let along = product(*matrix, state.ctm)[0].abs();
            let glyph_width = shown.width / 1000.0 * state.size.abs() * state.scaling * along;
            match shown.text {
                Some(text) if place.iter().all(|part| part.is_finite()) && size.is_finite() => self
                    .glyphs
                    .push(Glyph { x: place[4], end: place[4] + glyph_width, y: place[5], size, bold: font.bold, text }),
                Some(_) => {}
                None => self.budget.unknown += 1,
            }
            *matrix = product([1.0, 0.0, 0.0, 1.0, advance, 0.0], *matrix);
        }
        Ok(())
    }
}

fn number(operand: &Object<'_>) -> f64 {
    match operand {
        Object::Number(number) => Number::as_f64(number),
        _ => 0.0,
    }
}

fn name<'o, 'a>(operands: &[&'o Object<'a>]) -> Option<&'o Name<'a>> {
    match operands.first() {
        Some(Object::Name(name)) => Some(name),
        _ => None,
    }
}
