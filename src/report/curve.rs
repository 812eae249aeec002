//! The learning curve as PNG: how right the router was after how many hand-offs. Steps stand side by side, because each is some
//! three times the one before. <https://docs.rs/charts-rs>

use charts_rs::{Align, Color, LineChart, Series, svg_to_png};

use super::words::thousands;

const INK: &str = "#1f2933";
const QUIET: &str = "#52606d";
/// Dark and light of one hue; the names stand above.
const LINES: [&str; 2] = ["#08519c", "#6baed6"];

/// Hand-offs, accuracy and macro-F1, each 0 to 1. None where it cannot be drawn.
pub fn learning(points: &[(usize, f64, f64)]) -> Option<Vec<u8>> {
    let line = |name: &str, share: fn(&(usize, f64, f64)) -> f64| {
        let percent = |point| (share(point) * 1000.0).round() as f32 / 10.0;
        let mut series: Series = (name, points.iter().map(percent).collect::<Vec<f32>>()).into();
        series.label_show = true;
        series
    };
    let after = points.iter().map(|(count, ..)| match count {
        0 => "rules alone".to_owned(),
        count => thousands(*count),
    });
    let lines = vec![
        line("accuracy", |point| point.1),
        line("macro-F1", |point| point.2),
    ];
    let mut drawing = LineChart::new(lines, after.collect());
    (drawing.width, drawing.height) = (800.0, 420.0);
    drawing.background_color = Color::white();
    drawing.series.colors = LINES.iter().map(|line| Color::from(*line)).collect();
    drawing.series.label.formatter = "{c} %".to_owned();
    drawing.series.label.font.size = 15.0;
    drawing.series.label.font.color = INK.into();
    drawing.title.text = "Right department, in per cent, after so many hand-offs".to_owned();
    drawing.title.align = Align::Left;
    drawing.title.font.size = 20.0;
    drawing.title.font.color = INK.into();
    drawing.title.height = 34.0;
    drawing.legend.align = Align::Right;
    drawing.x_axis.font.size = 15.0;
    drawing.x_axis.font.color = QUIET.into();
    for axis in &mut drawing.y_axis_configs {
        (axis.min, axis.max, axis.split_number) = (Some(0.0), Some(100.0), 5);
        axis.font.color = QUIET.into();
    }
    svg_to_png(&drawing.svg().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_a_picture_however_many_points_it_has() {
        for points in [
            vec![(0, 0.55, 0.528), (100, 0.63, 0.46), (5517, 0.7, 0.63)],
            vec![(0, 0.0, 0.0)],
            vec![(0, 1.0, 1.0), (1, 0.0, 0.0)],
        ] {
            let png = learning(&points).expect("a picture");
            assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
            assert_eq!(png[16..24], [0, 0, 3, 32, 0, 0, 1, 164], "800 by 420");
        }
    }
}
