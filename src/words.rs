//! Counts, names and numbers in words that a person reads.

use std::{borrow::Cow, fmt::Display};

/// A count with its noun: `1 step`, `2 steps`.
pub fn counted<N: Display + Copy + TryInto<u64>>(count: N, noun: &str) -> String {
    let plural = if count.try_into().is_ok_and(|count| count == 1) {
        ""
    } else {
        "s"
    };
    format!("{count} {noun}{plural}")
}

/// A text as it may be shown on a terminal: control characters, which could move the cursor, change
/// colors or rename the window, and marks that turn the direction of writing are shown as escapes.
///
/// Line ends count as control characters: a name must not look like a message of its own.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_hidden(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Whether a character is a command to a terminal or changes the order of what is around it.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}' | '\u{61c}'
        )
}

/// Longest number that is shown as it was given.
const LONGEST_NUMBER: usize = 24;

/// A value as an error shows it: numbers with very many digits in powers of ten.
pub(crate) fn short_number(value: String) -> String {
    if value.len() <= LONGEST_NUMBER {
        return value;
    }
    match value.parse::<f64>() {
        Ok(number) if number.is_finite() => format!("{number:e}"),
        Ok(_) => short_digits(&value),
        Err(_) => value,
    }
}

/// The same for a text around numbers: long runs of digits are cut.
pub(crate) fn short_digits(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        shown.push_str(&rest[..start]);
        rest = &rest[start..];
        let length = rest
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(rest.len());
        if length > 2 * LONGEST_NUMBER {
            shown.extend(format!("{}… ({length} digits)", &rest[..8]).chars());
        } else {
            shown.push_str(&rest[..length]);
        }
        rest = &rest[length..];
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_everything_else_plural() {
        assert_eq!(counted(1_u32, "step"), "1 step");
        assert_eq!(counted(0_usize, "picture"), "0 pictures");
        assert_eq!(counted(2_u64, "style image"), "2 style images");
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_as_it_is_written() {
        assert_eq!(visible("Grüße, 北斎.png"), "Grüße, 北斎.png");
        assert_eq!(
            visible("a\u{1b}[31m\u{7}b\nc\u{9b}d"),
            "a\\u{1b}[31m\\u{7}b\\nc\\u{9b}d"
        );
        assert_eq!(visible("gnp.\u{202e}exe"), "gnp.\\u{202e}exe");
    }

    #[test]
    fn numbers_of_hundreds_of_digits_are_short() {
        assert_eq!(short_number("16.5".to_owned()), "16.5");
        assert_eq!(short_number(1e300.to_string()), "1e300");
        assert_eq!(short_number(1e-300.to_string()), "1e-300");
        let name = "a-picture-with-a-long-name-of-its-own.png".to_owned();
        assert_eq!(short_number(name.clone()), name);
        let huge = "9".repeat(400);
        assert_eq!(short_number(huge.clone()), "99999999… (400 digits)");
        let message = format!("invalid value '{huge}' for '--steps <N>' in 2026");
        let expected = "invalid value '99999999… (400 digits)' for '--steps <N>' in 2026";
        assert_eq!(short_digits(&message), expected);
    }
}
