//! Figures as people write them.

/// A duration as people say it, rounded the more the longer it is.
pub(crate) fn duration(secs: f64) -> String {
    let secs = secs.max(0.0);
    let rounded = if secs < 20.0 {
        secs.round()
    } else if secs < 120.0 {
        (secs / 5.0).round() * 5.0
    } else {
        (secs / 10.0).round() * 10.0
    } as u64;
    match (rounded / 3600, rounded / 60 % 60, rounded % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m @ 10.., _) => format!("{m} min"),
        (0, m, s) => format!("{m}:{s:02} min"),
        (h, m, _) => format!("{h}:{m:02} h"),
    }
}

/// A number of bytes.
pub(crate) fn bytes(bytes: u64) -> String {
    let mb = bytes as f64 / 1e6;
    if mb < 1000.0 {
        format!("{mb:.0} MB")
    } else {
        format!("{:.1} GB", mb / 1000.0)
    }
}

/// A loss: three figures, however large or small.
pub(crate) fn loss(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(0.001..10_000.0).contains(&size) {
        format!("{value:.2e}")
    } else if size < 10.0 {
        format!("{value:.3}")
    } else {
        format!("{value:.1}")
    }
}

/// Texts of other modules begin in lower case, to stand after "impasto: "; here they stand alone.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    let mut sentence: String = first.into_iter().flatten().chain(chars).collect();
    if !sentence.ends_with(['.', '!', '?', ')']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_rounded_to_what_matters() {
        for (secs, text) in [
            (0.2, "0 s"),
            (7.6, "8 s"),
            (43.0, "45 s"),
            (127.0, "2:10 min"),
            (2047.0, "34 min"),
            (3605.0, "1:00 h"),
        ] {
            assert_eq!(duration(secs), text);
        }
    }

    #[test]
    fn losses_keep_three_figures() {
        assert_eq!(loss(0.123_45), "0.123");
        assert_eq!(loss(12.34), "12.3");
        assert_eq!(loss(1.5e7), "1.50e7");
        assert_eq!(loss(0.0), "0.000");
    }
}
