//! Charts of a digest as PNG, for platforms that show pictures. Drawn from the same figures as the text beside them, with
//! the font that the drawing crate carries: no font of the machine is asked for, and none is needed.
//! Deliberately without legends and axes of numbers: every bar says its figure. <https://docs.rs/charts-rs>

use charts_rs::{Align, BarChart, Color, Margin, Series, TitleConfig, svg_to_png};
use unicode_segmentation::UnicodeSegmentation;

use super::digest_text::{self, AGE_WORDS};
use super::words::{count, one_line};
use crate::domain::digest::{Digest, RESPONSE_EDGES};
use crate::domain::mention::PublicText;
use crate::port::chat::Picture;

/// Waiting times of `Figures::first_responses`, as they stand under the bars.
const RESPONSE_WORDS: [&str; RESPONSE_EDGES.len() + 1] =
    ["up to 15 min", "to 1 h", "to 4 h", "to 24 h", "to 72 h", "longer"];
/// One hue from light to dark, so that it is the darkness that says how long somebody waited; nobody needs to tell
/// colours apart.
const SHADES: [&str; 6] = ["#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b"];
const INK: &str = "#1f2933";
const QUIET: &str = "#52606d";
const SIZE: (f32, f32) = (800.0, 400.0);
/// Graphemes of a department's name in a picture.
const NAME: usize = 36;

/// The pictures that go with a digest; none where there is nothing to draw. A picture that cannot be drawn is left out:
/// the text says the same.
pub fn of_digest(digest: &Digest) -> Vec<Picture> {
    let name = one_line(&PublicText::new(digest.department_name.as_str()));
    let responses = &digest.yesterday.first_responses;
    let open = Chart {
        file: "open-leads.png",
        what: "Open leads by how long the author has waited",
        words: &AGE_WORDS,
        bars: &digest.open_by_age,
        told: format!("open: {}", digest_text::open_words(digest)),
    };
    let answered = Chart {
        file: "first-responses.png",
        what: "Yesterday’s first responses by how long the author waited",
        words: &RESPONSE_WORDS,
        bars: responses,
        told: responses_told(responses),
    };
    [open, answered]
        .iter()
        .filter(|chart| chart.bars.iter().any(|bar| *bar > 0))
        .filter_map(|chart| picture(chart, &name))
        .collect()
}

struct Chart<'a> {
    file: &'a str,
    what: &'a str,
    words: &'a [&'a str],
    bars: &'a [u32],
    /// The figures in words.
    told: String,
}

fn picture(chart: &Chart<'_>, name: &str) -> Option<Picture> {
    let png = svg_to_png(&bars(chart, drawable(name)).svg().ok()?).ok()?;
    Some(Picture {
        file: chart.file.to_owned(),
        title: match name {
            "" => chart.what.to_owned(),
            name => format!("{name}: {}", lower_first(chart.what)),
        },
        alt: format!("Bar chart. {} in {name}; {}.", chart.what, chart.told),
        png,
    })
}

/// The drawing crate escapes texts for SVG; `drawable` has left nothing in the name that XML cannot hold.
fn bars(chart: &Chart<'_>, name: Option<String>) -> BarChart {
    let data: Vec<f32> = chart.bars.iter().map(|bar| *bar as f32).collect();
    let mut series: Series = ("", data).into();
    series.label_show = true;
    series.colors = Some(SHADES.iter().map(|shade| Some(Color::from(*shade))).collect());
    let words = chart.words.iter().map(|word| (*word).to_owned()).collect();
    let mut drawing = BarChart::new(vec![series], words);
    (drawing.width, drawing.height) = SIZE;
    drawing.margin = Margin {
        left: 24.0,
        top: 18.0,
        right: 24.0,
        bottom: 14.0,
    };
    drawing.background_color = Color::white();
    drawing.title.text = name.unwrap_or_default();
    drawing.sub_title.text = chart.what.to_owned();
    drawing.title = line(std::mem::take(&mut drawing.title), 23.0, 34.0);
    drawing.sub_title = line(std::mem::take(&mut drawing.sub_title), 18.0, 62.0);
    drawing.legend.show = Some(false);
    drawing.y_axis_hidden = true;
    let highest = chart.bars.iter().max().copied().unwrap_or_default();
    for axis in &mut drawing.y_axis_configs {
        axis.min = Some(0.0);
        axis.max = Some(highest as f32);
    }
    drawing.grid.stroke_width = 0.0;
    drawing.x_axis.height = 40.0;
    drawing.x_axis.font.size = 17.0;
    drawing.x_axis.font.color = QUIET.into();
    drawing.series.label.font.size = 19.0;
    drawing.series.label.font.color = INK.into();
    drawing.series.label.formatter = "{t}".to_owned();
    drawing.radius = Some(3.0);
    drawing
}

fn line(mut title: TitleConfig, size: f32, height: f32) -> TitleConfig {
    title.align = Align::Left;
    title.height = height;
    title.font.size = size;
    title.font.color = INK.into();
    title
}

/// A name as the picture can hold it: cut to its room. None where the font at hand would draw boxes; the message beside the
/// picture names the department anyway.
fn drawable(name: &str) -> Option<String> {
    let known = |letter: char| matches!(letter, ' '..='~' | '\u{a1}'..='\u{17f}' | '\u{391}'..='\u{3c9}' | '\u{400}'..='\u{45f}' | '–' | '—' | '‘' | '’' | '“' | '”' | '…');
    if name.is_empty() || !name.chars().all(known) {
        return None;
    }
    let mut graphemes = name.graphemes(true);
    let kept: String = graphemes.by_ref().take(NAME).collect();
    Some(match graphemes.next() {
        None => kept,
        Some(_) => format!("{}…", kept.trim_end()),
    })
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(letters).collect()
}

/// `12 first responses: 7 up to 15 min, 5 to 1 h`.
fn responses_told(bars: &[u32]) -> String {
    let total: u32 = bars.iter().sum();
    let groups: Vec<String> = bars
        .iter()
        .zip(RESPONSE_WORDS)
        .filter(|(bar, _)| **bar > 0)
        .map(|(bar, words)| format!("{bar} {words}"))
        .collect();
    let total = count(total as usize, "first response", "first responses");
    format!("{total}: {}", groups.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(name: &str) -> Digest {
        Digest {
            department: "support".into(),
            department_name: name.to_owned(),
            day: jiff::civil::date(2026, 11, 24),
            open_by_age: [3, 0, 12, 1, 1240],
            oldest: Vec::new(),
            breached: Vec::new(),
            stale_claims: Vec::new(),
            open_hand_offs: Vec::new(),
            yesterday: crate::domain::digest::Figures {
                first_responses: [7, 5, 0, 2, 0, 1],
                ..Default::default()
            },
            unexamined: 0,
        }
    }

    /// Width and height as a PNG's first chunk says them.
    fn size(png: &[u8]) -> (u32, u32) {
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(&png[12..16], b"IHDR");
        let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        (number(16), number(20))
    }

    #[test]
    fn a_digest_is_two_pictures_whose_descriptions_say_the_figures() {
        let pictures = of_digest(&digest("Customer Support"));
        let told: Vec<_> = pictures
            .iter()
            .map(|picture| (picture.title.as_str(), picture.alt.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (
                    "Customer Support: open leads by how long the author has waited",
                    "Bar chart. Open leads by how long the author has waited in Customer Support; open: 1,256 (3 under 1 h, \
                     12 4–24 h, 1 1–3 d, 1,240 over 3 d)."
                ),
                (
                    "Customer Support: yesterday’s first responses by how long the author waited",
                    "Bar chart. Yesterday’s first responses by how long the author waited in Customer Support; 15 first \
                     responses: 7 up to 15 min, 5 to 1 h, 2 to 24 h, 1 longer."
                ),
            ]
        );
        for picture in &pictures {
            assert_eq!(size(&picture.png), (800, 400));
        }
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        let mut quiet = digest("Support");
        quiet.open_by_age = [0; 5];
        assert_eq!(of_digest(&quiet).len(), 1);
        quiet.yesterday.first_responses = [0; 6];
        assert_eq!(of_digest(&quiet), Vec::new());
    }

    #[test]
    fn names_are_text_in_the_picture_whatever_they_hold() {
        for name in [
            "</text><script>alert(1)</script>",
            "R&D \"quotes\" 'and' &amp; {c} {b} %s",
            "<![CDATA[ ]]> <?xml?> <!ENTITY x SYSTEM \"file:///etc/passwd\"> &x;",
            "nul\0 bell\u{7} turned \u{202e}",
            "広報部",
            "👩\u{200d}👧 family",
            "",
            &"very long ".repeat(500),
        ] {
            let pictures = of_digest(&digest(name));
            assert_eq!(pictures.len(), 2, "{name}");
            for picture in pictures {
                assert_eq!(size(&picture.png), (800, 400), "{name}");
                assert!(picture.alt.contains("1,240 over 3 d") || picture.alt.contains("7 up to 15 min"));
            }
        }
        assert_eq!(drawable("広報部"), None);
    }
}
